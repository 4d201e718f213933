/** Sends the records of a file: tried all at once, written in steps that each are complete. */
import { call, post, Problem } from "../api/client";
import type { Voucher } from "../api/types";
import { t } from "../i18n";

export const STEP = 2_000;
/** Records of these refer to one another, so they go together or not at all. */
const TOGETHER = new Set(["categories", "locations", "operations"]);

type Body = Record<string, unknown>;
export type Report = (done: number) => void;

/** Where a step was refused or its answer never came: what was written before stays. */
export class Stopped extends Error {
  constructor(
    /** So many rows of the file are written. */
    readonly written: number,
    override readonly cause: unknown,
    /** After them so many were under way, and nobody knows what became of them. */
    readonly unknown = 0,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** What is written of a file, and under which name its steps are asked for: who asks again under the same name gets the same answer. */
export interface Sending {
  from: number;
  name: string;
}

/** Whether so many records of a kind are written at once. */
export const goesAtOnce = (kind: string, count: number): boolean => count <= STEP || TOGETHER.has(kind);

const isUnanswered = (error: unknown): boolean => error instanceof Problem && (error.status === 0 || error.status >= 502);

async function inSteps(count: number, size: number, { from, name }: Sending, send: (at: number, to: number, key: string) => Promise<unknown>, report: Report): Promise<void> {
  for (let at = from; at < count; at += size) {
    const to = Math.min(at + size, count);
    try {
      await send(at, to, `${name}-${at}`);
    } catch (error) {
      throw new Stopped(at, error, isUnanswered(error) ? to - at : 0);
    }
    report(to);
  }
}

/** Tries what is not written yet. */
async function trial(from: number, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    throw new Stopped(from, error);
  }
}

export function tryRecords(kind: string, records: readonly Body[], from: number): Promise<void> {
  return trial(from, () => post(`/v1/${kind}`, records.slice(from), { dryRun: true }));
}

export function writeRecords(kind: string, records: readonly Body[], sending: Sending, report: Report): Promise<void> {
  const size = goesAtOnce(kind, records.length) ? records.length : STEP;
  return inSteps(records.length, size, sending, (at, to, key) => call(`/v1/${kind}`, { method: "POST", body: records.slice(at, to), key }), report);
}

/** A voucher for the lines of a file; trying and writing use the same one. */
export function voucherFor(journal: number, file: string): Promise<Voucher> {
  return post<Voucher>("/v1/vouchers", { journal, description: t("Import of {file}", { file }) });
}

export function tryEntries(voucher: number, entries: readonly Body[], from: number): Promise<void> {
  return trial(from, () => post("/v1/entries", { voucher, entries: entries.slice(from) }, { dryRun: true }));
}

/** Lines come step by step, unless the journal books what it gets. */
export function writeEntries(voucher: number, entries: readonly Body[], isAutoBook: boolean, sending: Sending, report: Report): Promise<void> {
  const size = isAutoBook ? entries.length : STEP;
  return inSteps(entries.length, size, sending, (at, to, key) => call("/v1/entries", { method: "POST", body: { voucher, entries: entries.slice(at, to) }, key }), report);
}
