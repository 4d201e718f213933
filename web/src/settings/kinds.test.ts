import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kinds } from "./kinds";

const schema = readFileSync(new URL("../api/schema.d.ts", import.meta.url), "utf8");

/** The text of a part of the API's schema. */
function part(name: string): string {
  const begin = schema.indexOf(`\n        ${name}: {\n`);
  return begin < 0 ? "" : schema.slice(begin, schema.indexOf("\n        };\n", begin));
}

const RECORDS: Record<string, string> = {
  products: "Product", variants: "Variant", categories: "Category", locations: "Location", units: "Unit", "unit-conversions": "UnitConversion", parties: "Party", journals: "Journal",
  series: "Series", "reason-codes": "ReasonCode", instances: "Instance",
};

describe("what settings know of records", () => {
  it("is there for every kind", () => expect(kinds().map((kind) => kind.name).sort()).toEqual(Object.keys(RECORDS).sort()));

  it.each(kinds().map((kind) => [kind.name, kind] as const))("is what the API has: %s", (name, kind) => {
    const [read, made, changed] = [part(RECORDS[name] ?? ""), part(`${RECORDS[name]}ToCreate`), part(`${RECORDS[name]}ToChange`)];
    for (const column of kind.columns) expect(read, `${name}.${column}`).toMatch(new RegExp(`\\n            ${column}\\??:`));
    for (const field of kind.fields) {
      expect(made, `${name}.${field.name} when it is made`).toMatch(new RegExp(`\\n            ${field.name}\\??:`));
      if (!field.isFixed) expect(changed, `${name}.${field.name} when it is changed`).toMatch(new RegExp(`\\n            ${field.name}\\??:`));
      const said = new RegExp(`\\n            ${field.name}\\??: ([^;{]+);`).exec(made)?.[1] ?? "";
      const words = [...said.matchAll(/"([^"]+)"/g)].map(([, word]) => word);
      if (field.kind === "choice" && words.length > 0) expect((field.options ?? []).map(([value]) => value).filter(Boolean).sort(), `${name}.${field.name}`).toEqual(words.sort());
    }
  });
});
