/** Sends the records of a file: tried all at once, written in steps that each are complete. */
import { post, remove } from "../api/client";
import type { Voucher } from "../api/types";
import { t } from "../i18n";

export const STEP = 2_000;
/** Records of these refer to one another, so they go together or not at all. */
const TOGETHER = new Set(["categories", "locations", "operations"]);

type Body = Record<string, unknown>;
export type Report = (done: number) => void;

/** Where a step was refused: what was written before stays. */
export class Stopped extends Error {
  constructor(
    readonly written: number,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Whether so many records of a kind are written at once. */
export const goesAtOnce = (kind: string, count: number): boolean => count <= STEP || TOGETHER.has(kind);

export async function tryRecords(kind: string, records: readonly Body[]): Promise<void> {
  await post(`/v1/${kind}`, records, { dryRun: true });
}

export async function writeRecords(kind: string, records: readonly Body[], report: Report): Promise<void> {
  const size = goesAtOnce(kind, records.length) ? records.length : STEP;
  for (let at = 0; at < records.length; at += size) {
    try {
      await post(`/v1/${kind}`, records.slice(at, at + size));
    } catch (error) {
      throw at === 0 ? error : new Stopped(at, error);
    }
    report(Math.min(at + size, records.length));
  }
}

/** A voucher for the lines of a file; trying and writing use the same one. */
export async function voucherFor(journal: number, file: string): Promise<number> {
  return (await post<Voucher>("/v1/vouchers", { journal, description: t("Import of {file}", { file }) })).id;
}

export async function tryEntries(voucher: number, entries: readonly Body[]): Promise<void> {
  await post("/v1/entries", { voucher, entries }, { dryRun: true });
}

/** Lines come step by step, unless the journal books what it gets; where a step is refused, those before are taken back. */
export async function writeEntries(voucher: number, entries: readonly Body[], isAutoBook: boolean, report: Report): Promise<void> {
  const size = isAutoBook ? entries.length : STEP;
  const made: number[] = [];
  for (let at = 0; at < entries.length; at += size) {
    try {
      const answer = await post<{ items: { id: number }[] }>("/v1/entries", { voucher, entries: entries.slice(at, at + size) });
      made.push(...answer.items.map((item) => item.id));
    } catch (error) {
      for (const id of made) await remove(`/v1/entries/${id}`);
      throw error;
    }
    report(Math.min(at + size, entries.length));
  }
}
