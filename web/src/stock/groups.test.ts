import { describe, expect, it } from "vitest";
import type { Balance } from "../api/types";
import { grow } from "./groups";

const balance = (product: number, place: string, quantity: number, unit = "pcs", lot: string | null = null): Balance => ({
  product: { id: product, identifier: `P${product}`, name: `Product ${product}` }, variant: null, lot: lot === null ? null : { id: 1, uid: lot, name: lot }, location: { id: place.length, path: place }, quantity, unit,
});
const balances = [balance(1, "Shop/Shelf A", 0.1), balance(1, "Shop/Shelf B", 0.2), balance(2, "Shop/Shelf A", 5, "kg", "L1"), balance(2, "Cellar", -1, "kg", "L1")];

describe("balances in a tree", () => {
  it("add up exactly by unit, in each location and what is below it", () => {
    const [shop, cellar] = grow(balances, "places");
    expect(shop?.sums).toEqual([{ unit: "pcs", quantity: 0.3 }, { unit: "kg", quantity: 5 }]);
    expect(shop?.products.size).toBe(2);
    expect(shop?.children.map((child) => [child.name, child.rows.length])).toEqual([["Shelf A", 2], ["Shelf B", 1]]);
    expect(cellar?.sums).toEqual([{ unit: "kg", quantity: -1 }]);
  });

  it("stand below their product, and below their lot where they have one", () => {
    expect(grow(balances, "products").map((one) => [one.name, one.rows.length, one.sums[0]?.quantity])).toEqual([["P1 Product 1", 2, 0.3], ["P2 Product 2", 2, 4]]);
    const lots = grow(balances, "lots");
    expect(lots.map((one) => one.name)).toEqual(["P2 Product 2"]);
    expect(lots[0]?.children.map((one) => [one.name, one.sums[0]?.quantity])).toEqual([["L1", 4]]);
  });
});
