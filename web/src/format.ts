/** Numbers and times in the reader's way of writing. */
import { locale, t } from "./i18n";

const quantities = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
const amounts = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const costs = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
const wholes = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const percents = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compacts = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const times = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const instants = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

export const quantity = (value: number): string => quantities.format(value);
export const amount = (value: number | null): string => (value === null ? "–" : amounts.format(value));
export const cost = (value: number | null): string => (value === null ? "–" : costs.format(value));
export const whole = (value: number): string => wholes.format(value);
export const percent = (value: number): string => percents.format(value);
export const compact = (value: number): string => compacts.format(value);
export const date = (text: string): string => dates.format(new Date(text));
export const time = (text: string): string => times.format(new Date(text));
export const instant = (text: string): string => instants.format(new Date(text));

/** A day without its midnight; another time with it. */
export function dayOrTime(text: string): string {
  return /T00:00:00(\.0+)?Z$/.test(text) ? new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(text)) : time(text);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function ago(text: string, now = Date.now()): string {
  const seconds = (Date.parse(text) - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return t("just now");
}

/** `2026-11-23` of a time, in the reader's zone: what a date field holds. */
export function isoDay(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
