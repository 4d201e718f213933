/** What a scanned code says: a GS1 code with its parts, or a plain one. */
import { parseBarcode } from "gs1-barcode-parser-mod";
import { isoDay } from "../format";

export interface Scan {
  /** GTIN, EAN or whatever else names a product or a location. */
  code: string;
  lot: string | null;
  serial: string | null;
  /** The day it expires, ISO. */
  expires: string | null;
  count: number | null;
  isGs1: boolean;
}

const IS_GS1 = /^(\](C1|e0|d2|Q3|J1)|\(\d{2,4}\)|01\d{14}|\u001d)/;

export function readScan(text: string): Scan {
  const code = text.trim();
  const plain: Scan = { code, lot: null, serial: null, expires: null, count: null, isGs1: false };
  if (!IS_GS1.test(code)) return plain;
  try {
    const parts = new Map(parseBarcode(code).parsedCodeItems.map((item) => [item.ai, item.data]));
    const gtin = parts.get("01") ?? parts.get("02");
    if (gtin === undefined) return plain;
    const expires = parts.get("17") ?? parts.get("15");
    const text = (ai: string): string | null => (parts.has(ai) ? String(parts.get(ai)) : null);
    const count = parts.get("30") ?? parts.get("37");
    return {
      code: String(gtin),
      lot: text("10"),
      serial: text("21"),
      expires: expires instanceof Date ? isoDay(expires) : null,
      count: count === undefined ? null : Number(count),
      isGs1: true,
    };
  } catch {
    return plain;
  }
}

/** Whether a barcode of a product is the scanned one: a GTIN is the same with zeros in front. */
export function sameCode(a: string, b: string): boolean {
  const plain = (code: string) => (/^\d{8,14}$/.test(code) ? code.replace(/^0+/, "") : code.toLowerCase());
  return plain(a) === plain(b);
}

/**
 * Tells a scanner that types from a person: characters in quick succession, then Enter. What counts is
 * the pace of the whole, since the page may be busy for a moment while the first characters come.
 */
export class Wedge {
  private text = "";
  private first = 0;
  private last = 0;

  constructor(
    private readonly paceMax = 45,
    private readonly gapMax = 250,
    private readonly lengthMin = 5,
  ) {}

  /** Takes a key; answers with the scanned text where this Enter ends one. */
  key(key: string, at: number): string | null {
    if (at - this.last > this.gapMax) this.text = "";
    this.last = at;
    if (key === "Enter") {
      const text = this.text;
      this.text = "";
      return text.length >= this.lengthMin && at - this.first <= this.paceMax * text.length ? text : null;
    }
    if (key.length !== 1) return null;
    if (this.text === "") this.first = at;
    this.text += key;
    return null;
  }
}
