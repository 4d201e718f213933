/** Words on how a product is valued: what holds, what held before, and what a new one makes of the stock. Pure. */
import type { Valuation } from "../api/types";
import { ONE, plain, toMillionths } from "../decimal";
import { t } from "../i18n";

export interface Costing {
  id: number;
  product: number;
  identifier: string;
  variant: number | null;
  costing: string | null;
  standardCost: number | null;
  /** From when on; null = always. */
  at: string | null;
  createdAt: string;
  reason: string | null;
}

export const methods = (): [string, string][] => [["average", t("moving average")], ["fifo", t("first in, first out")], ["standard", t("standard cost")], ["specific", t("cost of the lot")]];
export const methodName = (method: string | null): string | null => methods().find(([name]) => name === method)?.[1] ?? null;

/** What would hold at a word's time if it had never been said: the latest earlier word for each of the two. */
export function before(words: readonly Costing[], word: Costing): { costing: string | null; standardCost: number | null } {
  const at = (one: Costing): number => (one.at === null ? -Infinity : Date.parse(one.at));
  const earlier = words
    .filter((one) => one.id !== word.id && (one.variant === word.variant || one.variant === null) && at(one) <= at(word) && (at(one) < at(word) || one.id < word.id))
    // Of two words on the same time the later one holds; a word on the variant itself goes before one on the product.
    .sort((a, b) => Number(b.variant !== null) - Number(a.variant !== null) || at(b) - at(a) || b.id - a.id);
  return { costing: earlier.find((one) => one.costing !== null)?.costing ?? null, standardCost: earlier.find((one) => one.standardCost !== null)?.standardCost ?? null };
}

export interface Pool {
  valuation: Valuation;
  /** What it will be worth under standard cost; null where only the replay can tell. */
  then: number | null;
}

/** What the stock of a product is worth, and what a standard cost makes of it. Millionths, half to even as the server rounds. */
export function underStandard(valuations: readonly Valuation[], standard: bigint | null): Pool[] {
  return valuations.map((valuation) => {
    if (standard === null) return { valuation, then: null };
    const quantity = toMillionths(valuation.quantity);
    const product = quantity > 0n ? quantity * standard : 0n;
    const [whole, rest] = [product / ONE, product % ONE];
    const isUp = rest * 2n > ONE || (rest * 2n === ONE && whole % 2n === 1n);
    return { valuation, then: Number(plain(isUp ? whole + 1n : whole)) };
  });
}
