/** What the overview's plots are made of. Pure, so that it can be tested without a server. */
import type { Balance, Movement } from "../api/types";
import { plain, toMillionths } from "../decimal";

export const DAY_MS = 86_400_000;

export interface Flow {
  /** Unix seconds of the start of each span, ascending. */
  times: number[];
  received: number[];
  issued: number[];
}

/** Amounts that came into the house and left it in `days` days, added up by spans of `each` days. */
export function flow(movements: readonly Movement[], from: number, days: number, each: number): Flow {
  const spans = Math.ceil(days / each);
  const received = new Array<bigint>(spans).fill(0n);
  const issued = new Array<bigint>(spans).fill(0n);
  for (const movement of movements) {
    const at = Math.floor((Date.parse(movement.effectiveAt) - from) / (DAY_MS * each));
    if (at < 0 || at >= spans) continue;
    const amount = toMillionths(movement.amount ?? 0);
    if (movement.from.id < 0 && movement.to.id > 0) received[at] = (received[at] ?? 0n) + amount;
    if (movement.to.id < 0 && movement.from.id > 0) issued[at] = (issued[at] ?? 0n) + amount;
  }
  const numbers = (values: bigint[]) => values.map((value) => Number(plain(value)));
  return { times: received.map((_, span) => (from + span * each * DAY_MS) / 1000), received: numbers(received), issued: numbers(issued) };
}

export interface Idle {
  product: Balance["product"];
  quantity: number;
  unit: string;
  /** When it last left the house; null = not in the time that was looked at. */
  lastIssue: string | null;
}

/** What stands there and has not left the house for the longest time, worst first. */
export function idle(balances: readonly Balance[], movements: readonly Movement[]): Idle[] {
  const last = new Map<number, string>();
  for (const movement of movements) {
    if (movement.to.id >= 0 || movement.from.id < 0) continue;
    const known = last.get(movement.product.id);
    if (known === undefined || known < movement.effectiveAt) last.set(movement.product.id, movement.effectiveAt);
  }
  const found = new Map<number, Idle>();
  for (const balance of balances) {
    if (balance.quantity <= 0) continue;
    const one = found.get(balance.product.id) ?? { product: balance.product, quantity: 0, unit: balance.unit, lastIssue: last.get(balance.product.id) ?? null };
    one.quantity = Number(plain(toMillionths(one.quantity) + toMillionths(balance.quantity)));
    found.set(balance.product.id, one);
  }
  return [...found.values()].sort((a, b) => (a.lastIssue ?? "").localeCompare(b.lastIssue ?? ""));
}
