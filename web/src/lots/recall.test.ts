import { describe, expect, it } from "vitest";
import { byCustomer, type Shipped } from "./recall";

const lot = { id: 1, uid: "U1", name: "L1" };
const shipped = (code: string | null, quantity: number, unit: string): Shipped => ({ lot, party: code === null ? null : { code, name: `Shop ${code}` }, voucher: null, quantity, unit, at: "2026-01-01T00:00:00Z" });

describe("whom a lot has reached", () => {
  it("is told by customer, with exact sums, and never adds up pieces and pounds", () => {
    const found = byCustomer([shipped("A", 0.1, "lb"), shipped("B", 5, "pcs"), shipped("A", 0.2, "lb"), shipped("A", 7, "pcs"), shipped(null, 1, "lb")]);
    expect(found.map((one) => [one.name, one.rows.length])).toEqual([["Shop A", 3], ["Shop B", 1], ["unnamed", 1]]);
    expect(found[0]?.sums).toEqual([{ unit: "lb", quantity: 0.3 }, { unit: "pcs", quantity: 7 }]);
  });
});
