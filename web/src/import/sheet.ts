/** A file of rows to be imported: read, its columns matched with fields, its rows made into records. Pure. */
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

/** The records of the rows; cells that are empty are left out. */
export function records(table: Table, mapping: readonly string[]): Record<string, unknown>[] {
  return table.rows.map((row) => {
    const record: Record<string, unknown> = {};
    mapping.forEach((field, column) => {
      const text = row[column] ?? "";
      if (field === "" || text === "") return;
      if (LISTS.has(field)) record[field] = text.startsWith("[") ? (JSON.parse(text) as unknown) : text.split(/[;,|\s]+/).filter(Boolean);
      else if (SWITCHES.has(field)) record[field] = /^(1|true|yes|y|x|ja|oui)$/i.test(text);
      else record[field] = text;
    });
    return record;
  });
}
