/** Exact decimals, as whole millionths: what people type, what spreadsheets hold, what the API takes. */
import { locale } from "./i18n";

export const ONE = 1_000_000n;

/** What separates, in the reader's way of writing numbers. */
export function separatorsOf(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(12_345.6);
  const of = (type: string, otherwise: string) => parts.find((part) => part.type === type)?.value ?? otherwise;
  return { decimal: of("decimal", "."), group: of("group", ",") };
}

/**
 * Reads a decimal in the reader's way of writing, or as programs write it.
 *
 * A single separator that is not the reader's own is a decimal point unless three digits follow and the
 * reader groups with it: `1.500` is 1500 for a German and 1.5 for an American.
 */
export function parseDecimal(text: string, separators = separatorsOf(locale)): bigint | null {
  let plain = text.trim().replace(/[\u00a0\u202f\s'’]/g, "").replace("−", "-");
  const { decimal, group } = separators;
  if (group !== "" && new RegExp(`^[-+]?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d*)?$`).test(plain)) {
    plain = plain.replaceAll(group, "");
  }
  if (decimal !== "." && plain.includes(decimal)) {
    if (plain.includes(".")) return null;
    plain = plain.replace(decimal, ".");
  }
  const match = /^([-+]?)(\d{0,12})(?:\.(\d{0,6}))?$/.exec(plain);
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) return null;
  const whole = BigInt(match[2] || "0") * ONE + BigInt((match[3] ?? "").padEnd(6, "0"));
  return match[1] === "-" ? -whole : whole;
}

/** A number of the API as millionths. */
export function toMillionths(value: number | string): bigint {
  if (typeof value === "string") return parseDecimal(value, { decimal: ".", group: "" }) ?? 0n;
  return BigInt(Math.round(value * 1e6));
}

/** Millionths as programs write them: `-1.5`. */
export function plain(millionths: bigint): string {
  const size = millionths < 0n ? -millionths : millionths;
  const fraction = (size % ONE).toString().padStart(6, "0").replace(/0+$/, "");
  return `${millionths < 0n ? "-" : ""}${size / ONE}${fraction === "" ? "" : `.${fraction}`}`;
}

/** What somebody typed as the API takes it: exact where it is a number, as it stands where the server has to say why not. */
export function sendable(text: string): string | null {
  if (text.trim() === "") return null;
  const value = parseDecimal(text);
  return value === null ? text.trim() : plain(value);
}

/** Numbers of the API added up exactly; for showing. */
export function total(values: readonly (number | string)[]): number {
  return Number(plain(values.reduce<bigint>((sum, value) => sum + toMillionths(value), 0n)));
}
