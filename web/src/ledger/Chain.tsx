/** Whether the ledger is what it says: the links of its chain, and what verifying its content found last. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link2, ShieldAlert, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { get } from "../api/client";
import { time, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { type Integrity, useIntegrity } from "../part/Integrity";
import { Progress } from "../part/Progress";
import { type Head, standing } from "./standing";

export function ChainState() {
  const head = useQuery({ queryKey: ["/v1/ledger"], queryFn: () => get<Head>("/v1/ledger") });
  const integrity = useIntegrity();
  const [isOpen, setOpen] = useState(false);
  if (!head.data || (integrity.isEnabled && integrity.isPending)) return null;
  const { kind, text } = standing(head.data, integrity.data);
  const Icon = kind === "bad" ? ShieldAlert : kind === "good" ? ShieldCheck : Link2;
  return (
    <>
      <button type="button" className={`tag ${kind}`} onClick={() => setOpen(true)}><Icon size={13} aria-hidden /> {text}</button>
      {isOpen && <Chain head={head.data} integrity={integrity.data} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Every link of the chain, some thousand at a time. */
function Chain({ head, integrity, onClose }: { head: Head; integrity: Integrity | undefined; onClose: () => void }) {
  const [seen, setSeen] = useState<Head | null>(null);
  const check = useMutation({
    mutationFn: async () => {
      let from = 0;
      for (;;) {
        const next = await get<Head>("/v1/ledger", { from });
        setSeen(next);
        if (!next.isIntact || next.checkedTo >= next.position) return next;
        from = next.checkedTo;
      }
    },
  });
  const shown = seen ?? head;
  return (
    <Dialog title={t("The chain of hashes")} onClose={onClose} footer={<><Button onClick={onClose}>{t("Close")}</Button><Button kind="primary" onClick={() => check.mutate()} why={check.isPending && t("Working")}>{t("Check all links")}</Button></>}>
      <p>{t("Each batch carries a hash of its content and of the batch before it. Whoever changes one changes all that follow.")}</p>
      <dl className="pairs">
        <dt>{t("Newest position")}</dt><dd>{whole(shown.position)}</dd>
        <dt>{t("Hash up to there")}</dt><dd className="mono">{shown.hash}</dd>
        <dt>{t("Links looked at")}</dt><dd>{t("positions {from} to {to}", { from: whole(seen ? Math.min(1, seen.position) : shown.checkedFrom + Math.min(1, shown.position)), to: whole(shown.checkedTo) })}</dd>
      </dl>
      {check.isPending && seen && <Progress done={seen.checkedTo} total={seen.position} label={t("Working")} />}
      <div className={shown.isIntact ? "banner" : "banner bad"} role="status">{shown.isIntact ? t("Every link that was looked at holds. Whether the content is what was hashed, verifying tells.") : t("The link at position {position} does not hold.", { position: whole(shown.brokenAt ?? 0) })}</div>
      {check.error && <p className="fault" role="alert">{check.error.message}</p>}
      <Verified integrity={integrity} />
    </Dialog>
  );
}

/** What computing everything anew found last. */
function Verified({ integrity }: { integrity: Integrity | undefined }) {
  const last = integrity?.lastRun;
  const failed = last?.checks.filter((check) => check.differences > 0) ?? [];
  return (
    <section className="stack" aria-label={t("The content")}>
      <h3>{t("The content")}</h3>
      {!last ? (
        <p className="soft">{integrity === undefined ? t("Only who may read the audit log sees what verifying found.") : t("The server has not verified it yet. Start it with --scrub and it does so beside its work, or run lotbook verify.")}</p>
      ) : (
        <div className={last.isSound ? "banner good" : "banner bad"} role="status">
          <div>
            {last.isSound
              ? t("The server computed everything up to position {position} anew until {when}, and nothing differs.", { position: whole(last.position), when: time(last.finishedAt) })
              : t("{count, plural, one {# difference was} other {# differences were}} found when the server computed everything up to position {position} anew until {when}.", { count: last.differences, position: whole(last.position), when: time(last.finishedAt) })}
            {last.isSound && integrity && integrity.position > last.position && <> {t("Later batches: {count}, not verified yet.", { count: whole(integrity.position - last.position) })}</>}
          </div>
        </div>
      )}
      {failed.map((check) => (
        <div key={check.invariant}>
          <strong>{check.invariant}</strong> {check.statement}
          <ul className="faults">{check.named.map((one) => <li key={`${one.thing}/${one.what}`}><strong>{one.thing}</strong> {one.what}</li>)}</ul>
        </div>
      ))}
      {integrity?.running && <Progress done={integrity.running.rows.done} total={integrity.running.rows.total} label={t("Verifying now")} />}
    </section>
  );
}
