import { describe, expect, it } from "vitest";
import { dayPattern, orderOf, parseMoment, shownMoment } from "./day";

const now = new Date("2026-11-23T12:00:00Z");

describe("a day as people write it", () => {
  it.each([
    ["23.11.2026", "de", "2026-11-23"], ["23.11.", "de", "2026-11-23"], ["3.1.26", "de", "2026-01-03"], ["23/11/2026", "en-GB", "2026-11-23"],
    ["11/23/2026", "en-US", "2026-11-23"], ["11/3", "en-US", "2026-11-03"], ["2026-11-23", "en-US", "2026-11-23"], ["2026. 11. 23.", "hu", "2026-11-23"], ["2026-1-5", "sv", "2026-01-05"],
  ])("%s in %s is %s", (text, reader, want) => expect(parseMoment(text, reader, now)).toBe(want));

  it.each(["", "31.2.2026", "2026-02-30", "next week", "23.11.2026 25:00", "12"])("%s is none", (text) => expect(parseMoment(text, "de", now)).toBeNull());

  it("has a time in the reader's zone, and comes back as it was written", () => {
    const instant = parseMoment("23.11.2026 14:30", "de", now);
    expect(instant && new Date(instant).getHours()).toBe(14);
    expect(shownMoment(instant ?? "", "de")).toBe("23.11.2026 14:30");
    expect(parseMoment("2026-11-23T14:30:00Z", "de", now)).toBe("2026-11-23T14:30:00Z");
    expect(parseMoment("2026-11-23T14:30:07.5+01:00", "de", now)).toBe("2026-11-23T14:30:07.5+01:00");
  });

  it("is shown in the reader's order; what is none stays", () => {
    expect(shownMoment("2026-11-23", "de")).toBe("23.11.2026");
    expect(shownMoment("2026-11-23", "en-US")).toBe("11/23/2026");
    expect(shownMoment("next week", "de")).toBe("next week");
    expect(orderOf("en-GB")).toEqual(["day", "month", "year"]);
    expect(dayPattern("en-GB")).toBe("DD/MM/YYYY");
  });
});
