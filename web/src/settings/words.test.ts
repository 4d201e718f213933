import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { shownValue, words, wordsOf } from "./words";

/** The server's table of settings: the key, and whether org units may have a word of their own. */
const table = [...readFileSync(new URL("../../../crates/engine/src/thing/setting.rs", import.meta.url), "utf8").matchAll(/^\s+key: "([^"]+)",\n.*\n\s+by_org_unit: (true|false),$/gm)].map(([, key, by]) => ({ key: key ?? "", isByOrgUnit: by === "true" }));
const keys = table.map(({ key }) => key);

describe("settings", () => {
  it("have a name, an explanation and an input each, and none is told of that the server does not have", () => {
    expect(keys.length).toBeGreaterThan(10);
    expect(Object.keys(words()).sort()).toEqual([...keys].sort());
    for (const { key, isByOrgUnit } of table) {
      const { title, about, input, isByOrgUnit: says } = wordsOf(key);
      expect(says ?? false).toBe(isByOrgUnit);
      expect(title).not.toBe(key);
      expect(about.length).toBeGreaterThan(20);
      expect(input.kind).not.toBe("json");
    }
  });

  it("show their values in words", () => {
    expect(shownValue(wordsOf("mqtt.enabled").input, true)).toBe("yes");
    expect(shownValue(wordsOf("negativeStock").input, "forbid")).toBe("are refused");
    expect(shownValue(wordsOf("globalSeries").input, [10, 20])).toBe("10 – 20");
    expect(shownValue(wordsOf("mqtt.subscriptions").input, [{ topic: "a/#", tag: "[default]A/#" }])).toBe("1 topic");
    expect(shownValue(wordsOf("closedUntil").input, null)).toBe("–");
    expect(shownValue(wordsOf("mes.somethingElse").input, { a: 1 })).toBe('{"a":1}');
  });
});
