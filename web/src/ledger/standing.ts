/** What can truly be said of the ledger. Pure. */
import { ago, whole } from "../format";
import { t } from "../i18n";
import type { Integrity } from "../part/Integrity";

/** The chain's end, and which of its links were looked at. */
export interface Head {
  position: number;
  hash: string;
  checkedFrom: number;
  checkedTo: number;
  isIntact: boolean;
  brokenAt: number | null;
}

/** The strongest that can truly be said: a proof of the content says more than links that hold. */
export function standing(head: Head, integrity: Integrity | undefined): { kind: "good" | "bad" | ""; text: string } {
  const last = integrity?.lastRun;
  if (!head.isIntact) return { kind: "bad", text: t("the chain is broken at {position}", { position: whole(head.brokenAt ?? 0) }) };
  if (last && !last.isSound) return { kind: "bad", text: t("{count, plural, one {# difference} other {# differences}} found up to {position}, {when}", { count: last.differences, position: whole(last.position), when: ago(last.finishedAt) }) };
  if (last) return { kind: "good", text: t("verified up to {position} by the server, {when}", { position: whole(last.position), when: ago(last.finishedAt) }) };
  return { kind: "", text: t("links hold; what is in the batches was not verified yet") };
}
