/** Every address of this application, made and read in this file only. */
import { useSearchParams } from "wouter";

const part = encodeURIComponent;

export const path = {
  overview: () => "/",
  journals: () => "/journals",
  journal: (id: number | string) => `/journals/${id}`,
  counts: () => "/counts",
  count: (sheet: number | string) => `/counts/${part(sheet)}`,
  stock: () => "/stock",
  stockCard: (product: number | string) => `/stock/${part(product)}`,
  ledger: () => "/ledger",
  movement: (id: number | string) => `/ledger/${id}`,
  lots: () => "/lots",
  lot: (id: number | string) => `/lots/${part(id)}`,
  operations: () => "/operations",
  operation: (ref: number | string) => `/operations/${part(ref)}`,
  run: (ref: number | string) => `/runs/${part(ref)}`,
  reservations: () => "/reservations",
  production: () => "/production",
  order: (ref: number | string) => `/production/${part(ref)}`,
  values: () => "/values",
  accounts: () => "/general-ledger",
  reports: () => "/reports",
  console: () => "/console",
  imports: () => "/import",
  settings: (section = "") => (section === "" ? "/settings" : `/settings/${section}`),
};

/** Whether the page for addresses such as /lots/:id or /settings/:section? is the one at an address. */
export function leads(pattern: string, address: string): boolean {
  const parts = address.split("/").filter(Boolean);
  const wanted = pattern.split("/").filter(Boolean);
  const least = wanted.filter((one) => !one.endsWith("?")).length;
  return parts.length >= least && parts.length <= wanted.length && parts.every((one, at) => wanted[at] === one || wanted[at]?.startsWith(":"));
}

/** A page's address with its filters. */
export function withQuery(base: string, query: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? base : `${base}?${text}`;
}

/** The query of the address as the state of a page: what is not there is "". */
export function useQueryState<const K extends string>(names: readonly K[]): [Record<K, string>, (change: Partial<Record<K, string>>) => void] {
  const [search, setSearch] = useSearchParams();
  const state = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ""])) as Record<K, string>;
  const set = (change: Partial<Record<K, string>>): void =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change) as [string, string][]) {
          if (value === "") after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  return [state, set];
}
