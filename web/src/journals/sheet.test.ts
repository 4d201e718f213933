import { describe, expect, it } from "vitest";
import type { Balance, Party, Product } from "../api/types";
import { BLANK, bodyOf, bodyOfEntry, cellsOf, type EntryWithNames, faultsOf, faultsOfBooking } from "./cells";
import { linesOf } from "./ProductPicker";
import { descending, Sheet } from "./sheet";

const entry = (id: number): EntryWithNames => ({ id, product: { id: 1, identifier: `P-${id}`, name: "" }, location: { id: 5, path: "A" }, orgUnit: { id: 4, path: "" }, lot: null, lotName: null }) as EntryWithNames;
const sheetOf = (...ids: number[]) => {
  const sheet = new Sheet((one) => ({ ...BLANK, product: one.product.identifier ?? "", count: "1" }));
  sheet.reset(ids.map((id) => [id, id]));
  sheet.take(ids.map(entry));
  return sheet;
};
const ids = (sheet: Sheet) => sheet.order.map((slot) => (typeof slot === "number" ? slot : (slot.id ?? "new")));

describe("the lines of a journal", () => {
  it("stand newest first", () => {
    expect(descending([[1, 3], [7, 7]])).toEqual([7, 3, 2, 1]);
  });

  it("are changed, undone and redone", () => {
    const sheet = sheetOf(1, 2);
    const line = sheet.line(0);
    if (!line) throw new Error("it was read");
    sheet.set([{ line, cells: { count: "5" } }]);
    expect(line.isDirty).toBe(true);
    sheet.undo();
    expect(line.isDirty).toBe(false);
    sheet.redo();
    expect(line.cells.count).toBe("5");
  });

  it("come back where their removal is undone", () => {
    const sheet = sheetOf(1, 2, 3);
    sheet.remove([0, 1]);
    expect(ids(sheet)).toEqual([1]);
    expect(sheet.dirty()).toHaveLength(2);
    sheet.undo();
    expect(ids(sheet).sort()).toEqual([1, 2, 3]);
    expect(sheet.dirty()).toHaveLength(0);
  });

  it("follow what others do and keep what is typed", () => {
    const sheet = sheetOf(1, 2, 3);
    const mine = sheet.line(1);
    if (!mine) throw new Error("it was read");
    sheet.set([{ line: mine, cells: { count: "9" } }]);
    // Somebody removed 2 and 3 and entered 4.
    expect(sheet.follow([[1, 1], [4, 4]])).toEqual({ added: 1, removed: 1 });
    expect(ids(sheet)).toEqual([4, 2, 1]);
    expect(mine.isLost).toBe(true);
    expect(mine.cells.count).toBe("9");
  });

  it("are not taken away while somebody types into them", () => {
    const sheet = sheetOf(1, 2, 3);
    const open = sheet.hold(1);
    const before = sheet.order;
    // Somebody removed 2 and 3 and entered 4 and 5.
    sheet.follow([[1, 1], [4, 5]]);
    expect(ids(sheet)).toEqual([5, 4, 2, 1]);
    expect([open?.isLost, sheet.before === before, open && sheet.before.indexOf(open)]).toEqual([true, true, 1]);
    // Whoever changes nothing after all loses nothing; whoever does keeps it.
    sheet.release();
    expect(ids(sheet)).toEqual([5, 4, 1]);
    const other = sheet.hold(2);
    sheet.follow([[4, 5]]);
    if (other) sheet.set([{ line: other, cells: { count: "9" } }]);
    sheet.release();
    expect(ids(sheet)).toEqual([5, 4, 1]);
    expect(sheet.faulty()).toEqual([other]);
  });

  it("say whether there is one", () => {
    const sheet = sheetOf();
    expect(sheet.isEmpty).toBe(true);
    const [line] = sheet.insert(0, [{ location: "A" }]);
    expect(sheet.isEmpty).toBe(true);
    if (line) sheet.set([{ line, cells: { product: "P-1" } }]);
    expect(sheet.isEmpty).toBe(false);
    expect(sheetOf(1).isEmpty).toBe(false);
  });

  it("stay in their places when they are saved under another id", () => {
    const sheet = sheetOf(1, 2, 3);
    const line = sheet.line(1);
    if (!line) throw new Error("it was read");
    sheet.set([{ line, cells: { count: "4" } }]);
    sheet.saved(line, 10, line.cells);
    expect(sheet.follow([[1, 1], [3, 3], [10, 10]])).toEqual({ added: 0, removed: 0 });
    expect(ids(sheet)).toEqual([3, 10, 1]);
  });
});

describe("the server's violations", () => {
  it("stand at their cells", () => {
    const found = faultsOf({ "[2].product": ["there is no product X"], "[2].count": ["is missing", "is 0"], "[5].instances": ["are required"] });
    expect(found.get(2)).toEqual({ product: "there is no product X", count: "is missing; is 0" });
    expect(found.get(5)).toEqual({ serials: "are required" });
  });
});

describe("an entry that is changed", () => {
  const told = {
    id: 7, product: { id: 3, identifier: "C-100", name: "Coffee" }, variant: 8, variantIdentifier: "L", lot: 9, lotName: "N-1", instances: null, serials: null, location: { id: 5, path: "A" }, orgUnit: { id: 4, path: "" },
    count: -2, unit: "box", stockDate: "2026-11-23T00:00:00Z", costPrice: 1.5, salesPrice: 9.9, customer: 11, supplier: null, reason: 2, description: "x", externalReference: { type: "order", id: 77 }, creditNoteReference: null, reservation: 6,
  } as unknown as EntryWithNames;
  const parties = [{ id: 11, code: "ANNA", roles: ["customer"] }, { id: 12, code: "MILL", roles: ["supplier"] }] as unknown as Party[];
  const cells = cellsOf(told, new Map(parties.map((party) => [party.id, party])));
  const before = { body: bodyOfEntry(told), cells };

  it("keeps what no cell shows", () => {
    expect(bodyOf({ ...cells, count: "-3" }, parties, "now", before)).toEqual({
      product: 3, variant: 8, lot: 9, location: 5, orgUnit: 4, count: "-3", unit: "box", stockDate: "2026-11-23T00:00:00Z", costPrice: 1.5, salesPrice: 9.9, customer: 11, reason: 2, description: "x", externalReference: { type: "order", id: 77 }, reservation: 6,
    });
  });

  it("loses what belonged to what is said differently now", () => {
    const other = bodyOf({ ...cells, product: "C-110", variant: "", location: "B", party: "MILL" }, parties, "now", before);
    expect(other).toMatchObject({ product: "C-110", variant: null, lot: "N-1", location: "B", supplier: "MILL", salesPrice: 9.9 });
    for (const name of ["unit", "reservation", "orgUnit", "customer"]) expect(other).not.toHaveProperty(name);
  });
});

describe("what booking refused", () => {
  it("stands at the cells that it is about", () => {
    const found = faultsOfBooking([{ entry: 4, code: "insufficientStock", message: "too little" }, { entry: 4, code: "periodClosed", message: "closed" }, { entry: 5, code: "unknownLot", message: "no lot" }]);
    expect(found.get(4)).toEqual({ count: "too little", stockDate: "closed" });
    expect(found.get(5)).toEqual({ lot: "no lot" });
    const sheet = sheetOf(4, 5);
    sheet.marks = found;
    expect(sheet.nextFault(-1)).toBe(0);
    const line = sheet.line(1);
    if (!line) throw new Error("it was read");
    sheet.saved(line, 9, line.cells);
    expect([sheet.faults(0), sheet.faults(1)]).toEqual([{ lot: "no lot" }, undefined]);
  });
});

describe("many products at once", () => {
  it("are lines for what stands where, with it as their count", () => {
    const product = (id: number, more: Partial<Product>) => ({ id, identifier: `P-${id}`, name: `N${id}`, tracking: "none", hasVariants: false, ...more }) as Product;
    const balance = (id: number, path: string, amount: number, lot: string | null = null, variant: string | null = null) =>
      ({ product: { id }, location: { id: 1, path }, quantity: amount, lot: lot === null ? null : { id: 1, uid: "", name: lot }, variant: variant === null ? null : { id: 1, identifier: variant } }) as unknown as Balance;
    const products = [product(1, {}), product(2, { tracking: "lot" }), product(3, { tracking: "serial" }), product(4, { hasVariants: true }), product(5, {})];
    const balances = [balance(1, "A", 2.5), balance(1, "B", 1), balance(2, "A", 3, "L1"), balance(2, "A", 0, "L2"), balance(3, "A", 1, "S1"), balance(3, "A", 1, "S2"), balance(4, "B", 7, null, "M")];
    expect(linesOf(products, balances, "A").map((line) => [line.product, line.variant ?? "", line.lot ?? "", line.serials ?? "", line.location, line.count])).toEqual([
      ["P-1", "", "", "", "A", "2.5"], ["P-1", "", "", "", "B", "1"], ["P-2", "", "L1", "", "A", "3"], ["P-3", "", "", "S1 S2", "A", "2"], ["P-4", "M", "", "", "B", "7"], ["P-5", "", "", "", "A", "0"],
    ]);
  });
});
