import { describe, expect, it } from "vitest";
import { before, type Costing, underStandard } from "./costing";

const word = (id: number, at: string | null, costing: string | null, standardCost: number | null, variant: number | null = null): Costing => ({ id, product: 1, identifier: "P", variant, costing, standardCost, at, createdAt: "", reason: null });
const words = [word(1, null, "average", 5), word(2, "2026-03-01T00:00:00Z", "standard", 6), word(3, "2026-02-01T00:00:00Z", null, 5.5), word(4, "2026-03-01T00:00:00Z", null, 7)];

describe("a word on how a product is valued", () => {
  it("is taken back by what held before it, each of the two by itself", () => {
    expect(before(words, words[1] as Costing)).toEqual({ costing: "average", standardCost: 5.5 });
    expect(before(words, words[3] as Costing)).toEqual({ costing: "standard", standardCost: 6 });
    expect(before(words, words[0] as Costing)).toEqual({ costing: null, standardCost: null });
  });

  it("of a variant goes back to that of the variant, else to that of the product", () => {
    const own = [...words, word(5, "2026-04-01T00:00:00Z", null, 9, 8), word(6, "2026-05-01T00:00:00Z", null, 10, 8)];
    expect(before(own, own[4] as Costing)).toEqual({ costing: "standard", standardCost: 7 });
    expect(before(own, own[5] as Costing).standardCost).toBe(9);
  });
});

describe("a standard cost", () => {
  it("makes exact amounts of what stands there, half to even, and nothing of what is below zero", () => {
    const pool = (quantity: number) => ({ product: { id: 1 }, variant: null, lot: null, orgUnit: { id: 1, path: "A" }, quantity, value: 1, unitCost: null, method: "average" });
    const then = (quantity: number, standard: bigint) => underStandard([pool(quantity)], standard)[0]?.then;
    expect(then(3, 5_800_000n)).toBe(17.4);
    expect(then(0.5, 1n)).toBe(0);
    expect(then(1.5, 1n)).toBe(0.000002);
    expect(then(-2, 5_000_000n)).toBe(0);
    expect(underStandard([pool(1)], null)[0]?.then).toBe(null);
  });
});
