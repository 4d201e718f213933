import { describe, expect, it } from "vitest";
import { decimalsOf, faultsAt, match, readFile, records, separatorOf } from "./sheet";

describe("a file to be imported", () => {
  it("is read with whatever separates its cells", () => {
    expect(separatorOf("a;b;c\n1,5;2;3")).toBe(";");
    expect(readFile("x.csv", '\uFEFFsku,name\nA,"Pen, red"\n\n').rows).toEqual([["A", "Pen, red"]]);
    expect(readFile("x.json", '[{"identifier":"A","barcodes":["1"]},{"name":"B"}]')).toEqual({ columns: ["identifier", "barcodes", "name"], rows: [["A", '["1"]', ""], ["", "", "B"]] });
  });

  it("has its columns matched with fields", () => {
    expect(match(["SKU", "Name", "EAN", "Colour", "name"], ["identifier", "name", "barcodes"])).toEqual(["identifier", "name", "barcodes", "", ""]);
  });

  it("becomes records, with numbers as the file writes them", () => {
    const table = { columns: [], rows: [["A", "1 2", "yes", "", "1.234,5", "n/a"]] };
    const reading = { decimals: decimalsOf(table, [4, 5], "en"), numbers: new Set(["costPrice", "capacity"]), times: new Set<string>() };
    expect(reading.decimals).toBe("comma");
    expect(records(table, ["identifier", "barcodes", "isEnabled", "name", "costPrice", "capacity"], reading)).toEqual([{ identifier: "A", barcodes: ["1", "2"], isEnabled: true, costPrice: "1234.5", capacity: "n/a" }]);
  });

  it("tells how it writes numbers, or leaves it to the reader", () => {
    const of = (...cells: string[]) => decimalsOf({ columns: [], rows: cells.map((cell) => [cell]) }, [0], "de");
    expect([of("12", "3.5"), of("1.500", "2,25"), of("1.500"), of("1,234.5")]).toEqual(["point", "comma", "comma", "point"]);
  });

  it("has its faults at their cells", () => {
    expect(faultsAt({ "[2].unit": ["there is no unit x"], "[3].roles[0]": ["a", "b"], "entries[4].count": ["is 0"], voucher: ["is missing"] })).toEqual([
      { row: 2, field: "unit", text: "there is no unit x" }, { row: 3, field: "roles", text: "a; b" }, { row: 4, field: "count", text: "is 0" }, { row: 0, field: "voucher", text: "is missing" },
    ]);
  });
});
