/** The order of a list: as the address says it, and applied to what was read. */
import { locale } from "../i18n";

export interface Sort {
  /** Of the column. */
  name: string;
  isDown: boolean;
}
export type Value = string | number | boolean | null | undefined;

/** `quantity` is ascending, `-quantity` descending. */
export function readSort(text: string): Sort | null {
  if (text === "" || text === "-") return null;
  return text.startsWith("-") ? { name: text.slice(1), isDown: true } : { name: text, isDown: false };
}

export const writeSort = (sort: Sort | null): string => (sort === null ? "" : `${sort.isDown ? "-" : ""}${sort.name}`);

/** `A2` comes before `A10`. */
const texts = new Intl.Collator(locale, { numeric: true });
const isNothing = (value: Value): boolean => value === null || value === undefined || value === "";

function compare(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return texts.compare(String(a), String(b));
}

/** In order, equal ones as they were; what has no value comes last either way. */
export function sorted<T>(items: readonly T[], by: (item: T) => Value, isDown: boolean): T[] {
  const keyed = items.map((item) => [by(item), item] as const);
  keyed.sort(([a], [b]) => (isNothing(a) || isNothing(b) ? Number(isNothing(a)) - Number(isNothing(b)) : isDown ? compare(b, a) : compare(a, b)));
  return keyed.map(([, item]) => item);
}
