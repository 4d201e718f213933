/** Days and times as people type and read them in cells; what is kept and sent is ISO. */
import { locale, t } from "./i18n";

type Part = "day" | "month" | "year";

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
const two = (value: number): string => String(value).padStart(2, "0");

/** In which order the reader writes day, month and year. */
export function orderOf(locale: string): Part[] {
  const parts = new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "numeric" }).formatToParts(new Date(2026, 10, 23));
  return parts.map((part) => part.type).filter((type): type is Part => type === "day" || type === "month" || type === "year");
}

function dayOf(year: number, month: number, day: number): string | null {
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? `${year}-${two(month)}-${two(day)}` : null;
}

/**
 * Reads a day or a time as the reader writes it, or ISO: `23.11.2026`, `23.11.` of this year, `11/23/26 14:30`.
 * Answers with an ISO day, or with the instant that a time in the reader's zone is; null where it is neither.
 */
export function parseMoment(text: string, reader = locale, now = new Date()): string | null {
  const plain = text.trim();
  if (isDay(plain)) return dayOf(Number(plain.slice(0, 4)), Number(plain.slice(5, 7)), Number(plain.slice(8)));
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(plain)) return plain.replace(" ", "T");
  const match = /^(\d{1,4})\D{1,3}(\d{1,4})(?:\D{1,3}(\d{1,4}))?\.?(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(plain);
  if (match === null || /[A-Za-z]{2,}/.test(plain)) return null;
  const numbers = [match[1], match[2], match[3]].filter((part) => part !== undefined).map(Number);
  const order = match[1]?.length === 4 ? (["year", "month", "day"] as const) : numbers.length === 3 ? orderOf(reader) : orderOf(reader).filter((part) => part !== "year");
  const at = (part: Part): number | undefined => numbers[order.findIndex((one) => one === part)];
  const year = at("year") ?? now.getFullYear();
  const day = dayOf(year < 100 ? 2000 + year : year, at("month") ?? 0, at("day") ?? 0);
  if (day === null || match[4] === undefined) return day;
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const instant = new Date(`${day}T${two(hour)}:${two(minute)}:${two(second)}`);
  return instant.toISOString().replace(".000Z", "Z");
}

/** An ISO day or time as the reader writes it; what is neither stays as it is. */
export function shownMoment(text: string, reader = locale): string {
  const format = (time: Date, timeZone?: string): string => new Intl.DateTimeFormat(reader, { day: "2-digit", month: "2-digit", year: "numeric", ...(timeZone !== undefined && { timeZone }) }).format(time);
  if (isDay(text)) return format(new Date(`${text}T00:00:00Z`), "UTC");
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return text;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  if (time.getHours() === 0 && time.getMinutes() === 0 && time.getSeconds() === 0) return format(time);
  const seconds = time.getSeconds() === 0 ? "" : `:${two(time.getSeconds())}`;
  return `${format(time)} ${two(time.getHours())}:${two(time.getMinutes())}${seconds}`;
}

/** What a cell for days asks for: `DD/MM/YYYY`, in the reader's order. */
export function dayPattern(reader = locale): string {
  const letters: Record<Part, string> = { day: t("DD"), month: t("MM"), year: t("YYYY") };
  return new Intl.DateTimeFormat(reader, { day: "2-digit", month: "2-digit", year: "numeric" })
    .formatToParts(new Date(2026, 10, 23))
    .map((part) => letters[part.type as Part] ?? part.value)
    .join("");
}
