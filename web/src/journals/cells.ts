/** The cells of an entry line as text: as people type them, as spreadsheets hold them, as the API takes them. */
import type { Entry, Party } from "../api/types";
import { parseMoment, shownMoment } from "../day";
import { parseDecimal, plain, separatorsOf, toMillionths } from "../decimal";
import { locale, t } from "../i18n";

export const FIELDS = ["product", "name", "variant", "lot", "serials", "location", "count", "costPrice", "stockDate", "party", "description"] as const;
export type Field = (typeof FIELDS)[number];
export type Cells = Record<Field, string>;

export interface ColumnSpec {
  field: Field;
  title: string;
  width: number;
  isNumber?: boolean;
  isReadOnly?: boolean;
  /** The list that is searched while one types. */
  of?: "products" | "variants" | "locations" | "lots" | "parties";
}

/** What of this the catalog has; columns for what it does not have would only be in the way. */
export interface Has {
  variants: boolean;
  serials: boolean;
}

export function columns(isCount: boolean, has: Has): ColumnSpec[] {
  const all: (ColumnSpec | false)[] = [
    { field: "product", title: t("Product"), width: 108, of: "products" },
    { field: "name", title: t("Name"), width: 190, isReadOnly: true },
    has.variants && { field: "variant", title: t("Variant"), width: 78, of: "variants" },
    { field: "lot", title: t("Lot"), width: 104, of: "lots" },
    has.serials && { field: "serials", title: t("Serial numbers"), width: 118 },
    { field: "location", title: t("Location"), width: 158, of: "locations" },
    { field: "count", title: isCount ? t("Counted") : t("Count"), width: 84, isNumber: true },
    { field: "costPrice", title: t("Cost price"), width: 96, isNumber: true },
    { field: "stockDate", title: t("Date"), width: 128 },
    { field: "party", title: t("Customer or supplier"), width: 148, of: "parties" },
    { field: "description", title: t("Description"), width: 200 },
  ];
  return all.filter((column): column is ColumnSpec => column !== false);
}

/** What was typed or pasted into a cell as it is kept: a day as ISO, whatever the reader's order is. */
export function kept(field: Field, text: string): string {
  return field === "stockDate" ? (parseMoment(text) ?? text.trim()) : text.trim();
}

/** What a cell shows of what is kept in it. */
export function shownCell(field: Field, text: string): string {
  return field === "stockDate" ? shownMoment(text) : text;
}

/** Serial numbers as people type, scan or paste them: apart by spaces, commas or lines, each once. */
export const serialsOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

export const BLANK: Cells = { product: "", name: "", variant: "", lot: "", serials: "", location: "", count: "", costPrice: "", stockDate: "", party: "", description: "" };

/** A number of the API in the reader's way of writing, without grouping, so that it can be typed over. */
export function editable(value: number | null): string {
  if (value === null) return "";
  return plain(toMillionths(value)).replace(".", separatorsOf(locale).decimal);
}

/** A time as one types it: the day alone where it is midnight. */
export function editableTime(text: string): string {
  const local = text.replace(/\.000Z$/, "Z");
  return local.endsWith("T00:00:00Z") ? local.slice(0, 10) : local.replace(/:00Z$/, "Z");
}

export interface EntryWithNames extends Entry {
  serials?: string[] | null;
  variantIdentifier?: string | null;
}

export function cellsOf(entry: EntryWithNames, parties: ReadonlyMap<number, Party>): Cells {
  const party = entry.supplier ?? entry.customer;
  return {
    product: entry.product.identifier ?? String(entry.product.id),
    name: entry.product.name ?? "",
    variant: entry.variantIdentifier ?? (entry.variant === null ? "" : String(entry.variant)),
    lot: entry.lotName ?? (entry.lot === null ? "" : String(entry.lot)),
    serials: (entry.serials ?? entry.instances ?? []).join(" "),
    location: entry.location.path,
    count: editable(entry.count),
    costPrice: editable(entry.costPrice),
    stockDate: editableTime(entry.stockDate),
    party: party === null ? "" : (parties.get(party)?.code ?? String(party)),
    description: entry.description ?? "",
  };
}

const number = (text: string): string | null => {
  if (text.trim() === "") return null;
  const value = parseDecimal(text);
  // What cannot be read goes as it is: the server names the fault at its cell.
  return value === null ? text : plain(value);
};

export type Body = Record<string, unknown>;

/** An entry as it was read, as the body that would say the same again: also what no cell shows. */
export function bodyOfEntry(entry: EntryWithNames): Body {
  const told = entry as EntryWithNames & Body;
  const same = ["variant", "instances", "count", "unit", "stockDate", "costPrice", "salesPrice", "customer", "supplier", "reason", "description", "source", "externalReference", "creditNoteReference", "reservation"];
  return {
    ...Object.fromEntries(same.filter((name) => told[name] !== null && told[name] !== undefined).map((name) => [name, told[name]])),
    product: entry.product.id,
    ...((entry.lot ?? entry.lotName) !== null && { lot: entry.lot ?? entry.lotName }),
    location: entry.location.id,
    orgUnit: entry.orgUnit.id,
  };
}

/** What an entry no longer has when one of its cells says something else. */
const FALLS_WITH: Partial<Record<Field, readonly string[]>> = { product: ["variant", "lot", "instances", "unit", "reservation"], location: ["orgUnit"], party: ["customer", "supplier"] };

/**
 * The body of an entry: what it says already (`before`), with the cells that differ from those of then.
 * A party stands on the side that its role says; as a supplier where it may be both and goods come in.
 */
export function bodyOf(cells: Cells, parties: readonly Party[], now: string, before: { body: Body; cells: Cells } | null = null): Body {
  const text = (value: string): string | null => value.trim() || null;
  const known = parties.find((party) => party.code.toLowerCase() === cells.party.trim().toLowerCase());
  const takesOut = (count: string): boolean => /^[-−]/.test(count.trim());
  const isIssue = takesOut(cells.count);
  const roles = known?.roles ?? [];
  const isCustomer = roles.includes("customer") && (isIssue || !roles.includes("supplier"));
  const serials = serialsOf(cells.serials);
  const said: Record<Exclude<Field, "name">, Body> = {
    product: { product: text(cells.product) },
    variant: { variant: text(cells.variant) },
    lot: { lot: text(cells.lot) },
    serials: serials.length > 0 ? { instances: serials } : {},
    location: { location: text(cells.location) },
    count: { count: number(cells.count) },
    costPrice: { costPrice: number(cells.costPrice) },
    stockDate: { stockDate: text(cells.stockDate) ?? now },
    party: cells.party.trim() === "" ? {} : { [isCustomer ? "customer" : "supplier"]: cells.party.trim() },
    description: { description: text(cells.description) },
  };
  const body: Body = { ...before?.body };
  const isNewProduct = before !== null && before.cells.product !== cells.product;
  const ofProduct: readonly Field[] = ["variant", "lot", "serials"];
  for (const field of FIELDS) {
    if (field === "name") continue;
    const isSame = before !== null && before.cells[field] === cells[field];
    if (isSame && !(isNewProduct && ofProduct.includes(field)) && !(field === "party" && takesOut(before.cells.count) !== isIssue)) continue;
    for (const name of FALLS_WITH[field] ?? []) delete body[name];
    if (field === "serials") delete body.instances;
    Object.assign(body, said[field]);
  }
  return body;
}

const AT: Record<string, Field> = {
  product: "product", variant: "variant", lot: "lot", lotName: "lot", instances: "serials", location: "location", orgUnit: "location",
  count: "count", unit: "count", costPrice: "costPrice", salesPrice: "costPrice", stockDate: "stockDate", effectiveAt: "stockDate",
  customer: "party", supplier: "party", description: "description",
};

export type Faults = Partial<Record<Field, string>>;

/** The server's violations by line and cell. A path is such as `entries[2].count`; without a number it is line 0. */
export function faultsOf(violations: Readonly<Record<string, string[]>>): Map<number, Faults> {
  const found = new Map<number, Faults>();
  for (const [path, messages] of Object.entries(violations)) {
    const index = Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0);
    const field = AT[/([A-Za-z]+)$/.exec(path)?.[1] ?? ""] ?? "product";
    const faults = found.get(index) ?? {};
    faults[field] = [faults[field], ...messages].filter(Boolean).join("; ");
    found.set(index, faults);
  }
  return found;
}

const BY_CODE: readonly (readonly [RegExp, Field])[] = [
  [/product/i, "product"], [/variant/i, "variant"], [/lot|expired/i, "lot"], [/instance|serial/i, "serials"], [/location|orgUnit|capacity/i, "location"],
  [/period|date/i, "stockDate"], [/cost|price|rate/i, "costPrice"], [/customer|supplier|party/i, "party"], [/./, "count"],
];

/** Why booking refused entries, by the entry's id, each at the cell that its code is about. */
export function faultsOfBooking(faults: readonly { entry: number; code: string; message: string }[]): Map<number, Faults> {
  const found = new Map<number, Faults>();
  for (const { entry, code, message } of faults) {
    const field = BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? "count";
    const at = found.get(entry) ?? {};
    at[field] = [at[field], message].filter(Boolean).join("; ");
    found.set(entry, at);
  }
  return found;
}
