/** What a scanned code names: a location, or a product with its variant. */
import { useCallback, useRef } from "react";
import { get, type Page } from "../api/client";
import type { components } from "../api/schema";
import type { Location, Product } from "../api/types";
import { readScan, sameCode, type Scan } from "./scan";

export type Variant = components["schemas"]["Variant"];

export interface Goods {
  product: Product;
  /** The variant whose barcode it is. */
  variant: Variant | null;
}

export type Found = { scan: Scan; location: Location; goods: null } | { scan: Scan; location: null; goods: Goods | null };

/** Finds what codes name; what was found once is not asked for again. */
export function useFinder(locations: readonly Location[]): (text: string) => Promise<Found> {
  const known = useRef(new Map<string, Goods>());
  return useCallback(
    async (text: string): Promise<Found> => {
      const scan = readScan(text);
      const lower = scan.code.toLowerCase();
      const location = scan.isGs1 ? undefined : locations.find((one) => [one.path, one.name, one.uid].some((name) => name.toLowerCase() === lower));
      if (location) return { scan, location, goods: null };
      const goods = known.current.get(scan.code) ?? (await find(scan.code));
      if (goods) known.current.set(scan.code, goods);
      return { scan, location: null, goods };
    },
    [locations],
  );
}

async function find(code: string): Promise<Goods | null> {
  const query = { search: code.replace(/^0+/, "") || code, limit: 20 };
  const [products, variants] = await Promise.all([get<Page<Product>>("/v1/products", query), get<Page<Variant>>("/v1/variants", query)]);
  const product = products.items.find((one) => [one.identifier, ...one.barcodes].some((other) => sameCode(other, code)));
  if (product) return { product, variant: null };
  // A variant is known by its barcode; what it is called, M or L, says nothing without its product.
  const variant = variants.items.find((one) => one.barcodes.some((other) => sameCode(other, code)));
  return variant ? { product: await get<Product>(`/v1/products/${variant.product.id}`), variant } : null;
}

/** The variants that a product may be entered in. */
export async function variantsOf(product: Product): Promise<Variant[]> {
  if (!product.hasVariants) return [];
  return (await get<Page<Variant>>("/v1/variants", { product: product.id, isEnabled: true, limit: 500 })).items;
}
