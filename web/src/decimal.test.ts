import { describe, expect, it } from "vitest";
import { parseDecimal, plain, separatorsOf, toMillionths } from "./decimal";

const english = { decimal: ".", group: "," };
const german = { decimal: ",", group: "." };

describe("a decimal as people write it", () => {
  it.each([
    ["1.5", english, "1.5"], ["1,5", german, "1.5"], ["1.5", german, "1.5"], ["1,234.5", english, "1234.5"], ["1.234,5", german, "1234.5"],
    ["1.500", german, "1500"], ["1.500", english, "1.5"], ["−3", english, "-3"], [" 12 000 ", english, "12000"], [".5", english, "0.5"],
    ["999999999999.999999", english, "999999999999.999999"],
  ] as const)("%s is %s", (text, separators, want) => {
    const value = parseDecimal(text, separators);
    expect(value).not.toBeNull();
    expect(plain(value ?? 0n)).toBe(want);
  });

  it.each(["", "abc", "1.2345678", "1e5", "--1", "1.2.3", "1234567890123"])("%s is none", (text) => {
    expect(parseDecimal(text, english)).toBeNull();
  });

  it("is exact where binary numbers are not", () => {
    expect(plain(toMillionths(0.1) + toMillionths(0.2))).toBe("0.3");
  });

  it("knows the reader's separators", () => {
    expect(separatorsOf("de")).toEqual(german);
    expect(separatorsOf("en-GB")).toEqual(english);
  });
});
