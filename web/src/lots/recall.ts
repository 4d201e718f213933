/** Whom a lot has reached. Pure. */
import type { LotRef } from "../api/types";
import { total } from "../decimal";
import { t } from "../i18n";

export interface Shipped {
  /** The lot itself, or one that some of it is in. */
  lot: LotRef;
  party: { code: string; name: string } | null;
  voucher: { id: number; number: number } | null;
  quantity: number;
  unit: string;
  at: string;
}

export interface Customer {
  name: string;
  rows: Shipped[];
  /** In all; what is counted in another unit stands by itself. */
  sums: { unit: string; quantity: number }[];
}

/** Deliveries by customer, who was delivered to most often first; pieces and pounds are never added up. */
export function byCustomer(rows: readonly Shipped[]): Customer[] {
  const found = new Map<string, Customer>();
  for (const row of rows) {
    const key = row.party?.code ?? "";
    const customer = found.get(key) ?? { name: row.party?.name || row.party?.code || t("unnamed"), rows: [], sums: [] };
    customer.rows.push(row);
    found.set(key, customer);
  }
  for (const customer of found.values()) {
    const units = [...new Set(customer.rows.map((row) => row.unit))];
    customer.sums = units.map((unit) => ({ unit, quantity: total(customer.rows.filter((row) => row.unit === unit).map((row) => row.quantity)) }));
  }
  return [...found.values()].sort((a, b) => b.rows.length - a.rows.length);
}
