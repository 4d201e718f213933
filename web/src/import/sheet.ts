/** A file of rows to be imported: read, its columns matched with fields, its rows made into records. Pure. */
import { parseMoment } from "../day";
import { parseDecimal, plain, separatorsOf } from "../decimal";
import { locale } from "../i18n";
import { parseTable } from "../journals/clipboard";

export interface Table {
  columns: string[];
  rows: string[][];
}

/** The separator that the first line uses most. */
export function separatorOf(text: string): string {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const count = (one: string) => first.split(one).length;
  return ["\t", ";", ",", "|"].reduce((best, one) => (count(one) > count(best) ? one : best), "\t");
}

export function readFile(name: string, text: string): Table {
  const plain = text.replace(/^\uFEFF/, "");
  if (/\.json$/i.test(name)) {
    const read = JSON.parse(plain) as unknown;
    const items = (Array.isArray(read) ? read : ((read as { items?: unknown[] }).items ?? [])) as Record<string, unknown>[];
    const columns = [...new Set(items.flatMap((item) => Object.keys(item)))];
    const cell = (value: unknown) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));
    return { columns, rows: items.map((item) => columns.map((column) => cell(item[column]))) };
  }
  const [columns = [], ...rows] = parseTable(plain, separatorOf(plain));
  return { columns, rows: rows.filter((row) => row.some((cell) => cell !== "")) };
}

/** Whether the first rows of two files say the same. */
export function beginsLike(one: Table, other: Table, rows: number): boolean {
  const same = (a: readonly string[], b: readonly string[] | undefined) => a.length === b?.length && a.every((cell, at) => cell === b[at]);
  return one.rows.length >= rows && same(one.columns, other.columns) && one.rows.slice(0, rows).every((row, at) => same(row, other.rows[at]));
}

const fold = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

const ALSO: Record<string, string> = { sku: "identifier", articleno: "identifier", article: "identifier", qty: "count", quantity: "count", ean: "barcodes", gtin: "barcodes", barcode: "barcodes", cost: "costPrice", price: "salesPrice", shelf: "location", batch: "lot", date: "stockDate", group: "category" };

/** Which field each column most likely is; "" = none. No field is taken twice. */
export function match(columns: readonly string[], fields: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const found = fields.find((field) => fold(field) === fold(column)) ?? fields.find((field) => field === ALSO[fold(column)]) ?? "";
    if (found === "" || taken.has(found)) return "";
    taken.add(found);
    return found;
  });
}

const LISTS = new Set(["barcodes", "roles", "instances", "permissions"]);
const SWITCHES = new Set(["isEnabled", "hasVariants", "isOrgUnit", "isDefault", "isAutoBook", "isHidden", "allowNegative", "createLotIfNotFound", "incrementProductionOrderCount"]);

/** How a file writes numbers. */
export type Decimals = "point" | "comma";

/** How numbers of these columns are written, by what stands in them; as the reader writes them where nothing tells. */
export function decimalsOf(table: Table, columns: readonly number[], reader = locale): Decimals {
  for (const row of table.rows) {
    for (const column of columns) {
      const text = (row[column] ?? "").trim();
      if (/^[-+]?\d{1,3}(\.\d{3})*,\d+$/.test(text) && !/^[-+]?\d{1,3},\d{3}$/.test(text)) return "comma";
      if (/^[-+]?(\d{1,3}(,\d{3})+|\d+)\.\d+$/.test(text) && !/^[-+]?\d{1,3}\.\d{3}$/.test(text)) return "point";
    }
  }
  return separatorsOf(reader).decimal === "," ? "comma" : "point";
}

export interface Reading {
  decimals: Decimals;
  /** Fields that hold numbers, and those that hold times. */
  numbers: ReadonlySet<string>;
  times: ReadonlySet<string>;
}

/** The records of the rows; cells that are empty are left out, what cannot be read goes as it is and is refused at its place. */
export function records(table: Table, mapping: readonly string[], reading: Reading): Record<string, unknown>[] {
  const separators = reading.decimals === "comma" ? { decimal: ",", group: "." } : { decimal: ".", group: "," };
  return table.rows.map((row) => {
    const record: Record<string, unknown> = {};
    mapping.forEach((field, column) => {
      const text = row[column] ?? "";
      if (field === "" || text === "") return;
      if (LISTS.has(field)) record[field] = text.startsWith("[") ? (JSON.parse(text) as unknown) : text.split(/[;,|\s]+/).filter(Boolean);
      else if (SWITCHES.has(field)) record[field] = /^(1|true|yes|y|x|ja|oui)$/i.test(text);
      else if (reading.numbers.has(field)) {
        const value = parseDecimal(text, separators);
        record[field] = value === null ? text : plain(value);
      } else if (reading.times.has(field)) record[field] = parseMoment(text) ?? text;
      else record[field] = text;
    });
    return record;
  });
}

export interface CellFault {
  row: number;
  field: string;
  text: string;
}

/** What is wrong with which cell: paths are such as `[2].name` or `[2].roles[0]`. */
export function faultsAt(violations: Readonly<Record<string, string[]>>): CellFault[] {
  return Object.entries(violations).map(([path, messages]) => {
    const match = /^(?:\w+)?\[(\d+)\]\.?(\w*)/.exec(path);
    return { row: Number(match?.[1] ?? 0), field: match ? (match[2] ?? "") : (/^\w+/.exec(path)?.[0] ?? ""), text: messages.join("; ") };
  });
}
