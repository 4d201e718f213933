/**
 * Strings and forms of the reader's language.
 *
 * The English sentence is the key; ICU MessageFormat says what varies. `npm run strings` collects
 * every key into locales/en.json, which a translator copies and fills.
 */
import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";

const LOCALES: Record<string, () => Promise<{ default: Record<string, string> }>> = {};

i18n.setMessagesCompiler(compileMessage);
i18n.loadAndActivate({ locale: "en", messages: {} });

export type Values = Record<string, string | number>;

export function t(message: string, values?: Values): string {
  return i18n._(message, values);
}

/** The reader's language decides dates and numbers, also where the words stay English. */
export const locale = navigatorLocale();

function navigatorLocale(): string {
  const chosen = typeof localStorage === "undefined" ? null : localStorage.getItem("locale");
  return chosen ?? (typeof navigator === "undefined" ? "en" : (navigator.languages?.[0] ?? navigator.language));
}

/** Loads the strings of the reader's language where there are some. */
export async function loadStrings(): Promise<void> {
  const load = LOCALES[locale] ?? LOCALES[locale.split("-")[0] ?? ""];
  if (load === undefined) return;
  const { default: messages } = await load();
  i18n.loadAndActivate({ locale, messages });
}
