import { describe, expect, it } from "vitest";
import { columns } from "./cells";
import { headings, parseTable, printTable } from "./clipboard";

describe("a table on the clipboard", () => {
  it("comes in rows and cells, quoted or not", () => {
    expect(parseTable("a\tb\r\nc\t\n")).toEqual([["a", "b"], ["c", ""]]);
    expect(parseTable('"a\tb"\t"say ""hi"""\n"two\nlines"\tx')).toEqual([["a\tb", 'say "hi"'], ["two\nlines", "x"]]);
    expect(parseTable("")).toEqual([]);
    expect(parseTable("\tx")).toEqual([["", "x"]]);
  });

  it("comes back as it went", () => {
    const rows = [["a", "b\tc", 'd"e'], ["", "f\ng", "h"]];
    expect(parseTable(printTable(rows))).toEqual(rows);
  });

  it("is read by its headings, where it has some", () => {
    expect(headings(["Qty", "SKU", "whatever"], columns(false, { variants: true, serials: true }))).toEqual(["count", "product", null]);
    expect(headings(["C-100", "12"], columns(false, { variants: true, serials: true }))).toBeNull();
  });

  it("of 10,000 rows is read at once", () => {
    const text = Array.from({ length: 10_000 }, (_, row) => `P-${row}\tShelf A\t${row}`).join("\n");
    const started = performance.now();
    expect(parseTable(text)).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
