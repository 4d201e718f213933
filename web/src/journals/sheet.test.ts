import { describe, expect, it } from "vitest";
import { BLANK, type EntryWithNames, faultsOf } from "./cells";
import { descending, Sheet } from "./sheet";

const entry = (id: number): EntryWithNames => ({ id, product: { id: 1, identifier: `P-${id}`, name: "" } }) as EntryWithNames;
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
