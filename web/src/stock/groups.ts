/** Balances in a tree: by product, by lot, or by location, with what stands in each branch. Pure. */
import type { Balance } from "../api/types";
import { plain, toMillionths } from "../decimal";

export type By = "products" | "lots" | "places";

export interface Sum {
  unit: string;
  quantity: number;
}

export interface Branch {
  /** Unlike that of any other branch. */
  key: string;
  name: string;
  depth: number;
  /** The ids of the products in it and below. */
  products: ReadonlySet<number>;
  /** What stands in it and below, by unit; the unit with the most lines first. */
  sums: Sum[];
  /** What stands at the branch itself. */
  rows: Balance[];
  children: Branch[];
}

/** The names of the branches that lead to a balance. */
function way(one: Balance, by: By): string[] {
  const product = [one.product.identifier, one.product.name !== one.product.identifier && one.product.name].filter(Boolean).join(" ");
  if (by === "places") return one.location.path.split("/");
  return by === "lots" ? [product, one.lot?.name ?? ""] : [product];
}

interface Growing {
  branch: Branch;
  sums: Map<string, { quantity: bigint; lines: number }>;
  ids: Set<number>;
  children: Map<string, Growing>;
}

export function grow(balances: readonly Balance[], by: By): Branch[] {
  const make = (key: string, name: string, depth: number): Growing => {
    const ids = new Set<number>();
    return { branch: { key, name, depth, products: ids, sums: [], rows: [], children: [] }, sums: new Map(), ids, children: new Map() };
  };
  const root = make("", "", -1);
  for (const one of balances) {
    // Only what has a lot stands by lot.
    if (by === "lots" && one.lot === null) continue;
    let at = root;
    way(one, by).forEach((name, depth) => {
      const key = depth === 0 && by !== "places" ? String(one.product.id) : depth === 1 && by === "lots" ? `${one.product.id}/${one.lot?.id}` : `${at.branch.key}/${name}`;
      let next = at.children.get(key);
      if (next === undefined) {
        next = make(key, name, depth);
        at.children.set(key, next);
      }
      next.ids.add(one.product.id);
      const unit = one.unit ?? "";
      const sum = next.sums.get(unit) ?? { quantity: 0n, lines: 0 };
      next.sums.set(unit, { quantity: sum.quantity + toMillionths(one.quantity), lines: sum.lines + 1 });
      at = next;
    });
    at.branch.rows.push(one);
  }
  const finish = ({ branch, sums, children }: Growing): Branch => ({
    ...branch,
    sums: [...sums].sort(([, a], [, b]) => b.lines - a.lines).map(([unit, { quantity }]) => ({ unit, quantity: Number(plain(quantity)) })),
    children: [...children.values()].map(finish),
  });
  return finish(root).children;
}
