/** The cells of an entry line as text: as people type them, as spreadsheets hold them, as the API takes them. */
import type { Entry, Party } from "../api/types";
import { parseDecimal, plain, separatorsOf, toMillionths } from "../decimal";
import { locale, t } from "../i18n";

export const FIELDS = ["product", "name", "lot", "serials", "location", "count", "costPrice", "stockDate", "party", "description"] as const;
export type Field = (typeof FIELDS)[number];
export type Cells = Record<Field, string>;

export interface ColumnSpec {
  field: Field;
  title: string;
  width: number;
  isNumber?: boolean;
  isReadOnly?: boolean;
  /** The list that is searched while one types. */
  of?: "products" | "locations" | "lots" | "parties" | "instances";
}

export function columns(isCount: boolean): ColumnSpec[] {
  return [
    { field: "product", title: t("Product"), width: 120, of: "products" },
    { field: "name", title: t("Name"), width: 210, isReadOnly: true },
    { field: "lot", title: t("Lot"), width: 120, of: "lots" },
    { field: "serials", title: t("Serial numbers"), width: 140 },
    { field: "location", title: t("Location"), width: 180, of: "locations" },
    { field: "count", title: isCount ? t("Counted") : t("Count"), width: 90, isNumber: true },
    { field: "costPrice", title: t("Cost price"), width: 100, isNumber: true },
    { field: "stockDate", title: t("Date"), width: 150 },
    { field: "party", title: t("Customer or supplier"), width: 150, of: "parties" },
    { field: "description", title: t("Description"), width: 220 },
  ];
}

export const BLANK: Cells = { product: "", name: "", lot: "", serials: "", location: "", count: "", costPrice: "", stockDate: "", party: "", description: "" };

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
}

export function cellsOf(entry: EntryWithNames, parties: ReadonlyMap<number, Party>): Cells {
  const party = entry.supplier ?? entry.customer;
  return {
    product: entry.product.identifier ?? String(entry.product.id),
    name: entry.product.name ?? "",
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

/** The body of an entry. A party stands on the side that its role says; as a supplier where it may be both and goods come in. */
export function bodyOf(cells: Cells, parties: readonly Party[], now: string): Record<string, unknown> {
  const text = (value: string): string | null => value.trim() || null;
  const known = parties.find((party) => party.code.toLowerCase() === cells.party.trim().toLowerCase());
  const isIssue = cells.count.trim().startsWith("-") || cells.count.trim().startsWith("−");
  const roles = known?.roles ?? [];
  const isCustomer = roles.includes("customer") && (isIssue || !roles.includes("supplier"));
  const serials = cells.serials.split(/[\s,;]+/).filter(Boolean);
  return {
    product: text(cells.product),
    lot: text(cells.lot),
    ...(serials.length > 0 && { instances: serials }),
    location: text(cells.location),
    count: number(cells.count),
    costPrice: number(cells.costPrice),
    stockDate: text(cells.stockDate) ?? now,
    ...(cells.party.trim() !== "" && { [isCustomer ? "customer" : "supplier"]: cells.party.trim() }),
    description: text(cells.description),
  };
}

const AT: Record<string, Field> = {
  product: "product", variant: "product", lot: "lot", lotName: "lot", instances: "serials", location: "location", orgUnit: "location",
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
