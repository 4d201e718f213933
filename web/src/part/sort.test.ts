import { describe, expect, it } from "vitest";
import { readSort, sorted, writeSort } from "./sort";

describe("the order of a list", () => {
  it("is read from the address and written there", () => {
    for (const text of ["", "quantity", "-quantity"]) expect(writeSort(readSort(text))).toBe(text);
    expect(readSort("-")).toBe(null);
  });

  it("takes numbers by size and texts by their numbers, and what has no value last either way", () => {
    const by = (value: string | number | null) => value;
    expect(sorted([10, null, 9, -1], by, false)).toEqual([-1, 9, 10, null]);
    expect(sorted([10, null, 9, -1], by, true)).toEqual([10, 9, -1, null]);
    expect(sorted(["A10", "", "a2", "B1"], by, false)).toEqual(["a2", "A10", "B1", ""]);
  });

  it("leaves equal ones as they were, up and down", () => {
    const items = [["x", 1], ["y", 1], ["z", 0]] as const;
    expect(sorted(items, ([, value]) => value, false).map(([name]) => name)).toEqual(["z", "x", "y"]);
    expect(sorted(items, ([, value]) => value, true).map(([name]) => name)).toEqual(["x", "y", "z"]);
  });
});
