/** A warning on every page where verifying the ledger found that it is not what its facts say. */
import { useQuery } from "@tanstack/react-query";
import { ShieldAlert } from "lucide-react";
import { get } from "../api/client";
import { ago, whole } from "../format";
import { t } from "../i18n";
import { may, useMe } from "../session";

export interface Integrity {
  isScrubbing: boolean;
  position: number;
  running: { startedAt: string; rows: { done: number; total: number } } | null;
  lastRun: { isSound: boolean; position: number; differences: number; finishedAt: string; checks: Check[] } | null;
}

/** One thing that must always hold, and what was found. */
export interface Check {
  invariant: string;
  statement: string;
  checked: number;
  unit: string;
  differences: number;
  named: { thing: string; what: string }[];
}

const LOOK_EVERY_MS = 300_000;

/** What verifying beside the work found last; only for those who may read the audit log. */
export function useIntegrity() {
  return useQuery({ queryKey: ["/v1/integrity"], enabled: may(useMe(), "AUDIT.READ"), queryFn: () => get<Integrity>("/v1/integrity"), retry: false, refetchInterval: LOOK_EVERY_MS });
}

export function IntegrityBanner() {
  const last = useIntegrity().data?.lastRun;
  if (!last || last.isSound) return null;
  return (
    <div className="banner bad integrity" role="alert">
      <ShieldAlert size={18} aria-hidden />
      <span className="grow">
        <strong>{t("The ledger is not what its facts say.")}</strong>{" "}
        {t("{count, plural, one {One difference was} other {# differences were}} found when everything up to position {position} was computed anew {when}. Run lotbook verify on the server: it names each of them.", { count: last.differences, position: whole(last.position), when: ago(last.finishedAt) })}
      </span>
    </div>
  );
}
