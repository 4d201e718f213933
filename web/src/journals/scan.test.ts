import { describe, expect, it } from "vitest";
import { readScan, sameCode, Wedge } from "./scan";

describe("a scanned code", () => {
  it("is GS1 with lot, expiry and serial, in brackets or as scanned", () => {
    for (const text of ["(01)04006381333931(17)271231(10)NERO-03(21)S1", "]C1010400638133393117271231" + "10NERO-03\u001d21S1"]) {
      expect(readScan(text)).toEqual({ code: "04006381333931", lot: "NERO-03", serial: "S1", expires: "2027-12-31", count: null, isGs1: true });
    }
    expect(readScan("(01)04006381333931(30)12").count).toBe(12);
  });

  it("is taken as it is where it is not GS1", () => {
    expect(readScan(" 4006381333931 ")).toMatchObject({ code: "4006381333931", isGs1: false, lot: null });
    expect(readScan("Webshop/Shelf A").code).toBe("Webshop/Shelf A");
    expect(readScan("(99").isGs1).toBe(false);
  });

  it("names the same product with zeros in front", () => {
    expect(sameCode("04006381333931", "4006381333931")).toBe(true);
    expect(sameCode("c-100", "C-100")).toBe(true);
    expect(sameCode("0100", "100")).toBe(false);
  });
});

describe("a wedge scanner", () => {
  const type = (wedge: Wedge, text: string, gap: number, from = 1000) => {
    let at = from;
    let found: string | null = null;
    for (const key of [...text, "Enter"]) found = wedge.key(key, (at += gap));
    return found;
  };
  it("is told from a person by its pace", () => {
    expect(type(new Wedge(), "4006381333931", 8)).toBe("4006381333931");
    expect(type(new Wedge(), "4006381333931", 120)).toBeNull();
    expect(type(new Wedge(), "12", 8)).toBeNull();
  });
  it("leaves out what was typed before it", () => {
    const wedge = new Wedge();
    wedge.key("x", 0);
    expect(type(wedge, "4006381333931", 8)).toBe("4006381333931");
  });
});
