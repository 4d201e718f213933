import { describe, expect, it } from "vitest";
import { match, readFile, records, separatorOf } from "./sheet";

describe("a file to be imported", () => {
  it("is read with whatever separates its cells", () => {
    expect(separatorOf("a;b;c\n1,5;2;3")).toBe(";");
    expect(readFile("x.csv", '\uFEFFsku,name\nA,"Pen, red"\n\n').rows).toEqual([["A", "Pen, red"]]);
    expect(readFile("x.json", '[{"identifier":"A","barcodes":["1"]},{"name":"B"}]')).toEqual({ columns: ["identifier", "barcodes", "name"], rows: [["A", '["1"]', ""], ["", "", "B"]] });
  });

  it("has its columns matched with fields", () => {
    expect(match(["SKU", "Name", "EAN", "Colour", "name"], ["identifier", "name", "barcodes"])).toEqual(["identifier", "name", "barcodes", "", ""]);
  });

  it("becomes records", () => {
    const table = { columns: [], rows: [["A", "1 2", "yes", ""]] };
    expect(records(table, ["identifier", "barcodes", "isEnabled", "name"])).toEqual([{ identifier: "A", barcodes: ["1", "2"], isEnabled: true }]);
  });
});
