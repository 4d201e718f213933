/** The ledger: every movement, found by whatever one knows of it, and whether its chain holds. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { useState } from "react";
import { get, type Page as ApiPage } from "../api/client";
import type { Movement } from "../api/types";
import { ago, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { useQueryState } from "../path";
import { useIntegrity } from "../part/Integrity";
import { movementColumns } from "./columns";

const FILTERS = ["product", "lot", "location", "orgUnit", "voucher", "customer", "supplier", "description", "from", "to", "asKnownAt", "batch"] as const;

interface Head {
  position: number;
  hash: string;
  checkedFrom: number;
  checkedTo: number;
  isIntact: boolean;
  brokenAt: number | null;
}

/** Every link of the chain, some thousand at a time. */
function Chain({ head, onClose }: { head: Head; onClose: () => void }) {
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
  const integrity = useIntegrity();
  const shown = seen ?? head;
  return (
    <Dialog title={t("The chain of hashes")} onClose={onClose} footer={<><Button onClick={onClose}>{t("Close")}</Button><Button kind="primary" onClick={() => check.mutate()} why={check.isPending && t("Working")}>{t("Check all of it")}</Button></>}>
      <p>{t("Each batch carries a hash of its content and of the batch before it. Whoever changes one changes all that follow.")}</p>
      <dl className="pairs">
        <dt>{t("Newest position")}</dt><dd>{whole(shown.position)}</dd>
        <dt>{t("Hash up to there")}</dt><dd className="mono">{shown.hash}</dd>
        <dt>{t("Looked at")}</dt><dd>{t("positions {from} to {to}", { from: whole(seen ? Math.min(1, seen.position) : shown.checkedFrom + Math.min(1, shown.position)), to: whole(shown.checkedTo) })}</dd>
      </dl>
      {check.isPending && seen && <Progress done={seen.checkedTo} total={seen.position} label={t("Working")} />}
      <div className={shown.isIntact ? "banner good" : "banner bad"} role="status">{shown.isIntact ? t("Every link that was looked at holds.") : t("The link at position {position} does not hold.", { position: whole(shown.brokenAt ?? 0) })}</div>
      {check.error && <p className="fault" role="alert">{check.error.message}</p>}
      {integrity.data?.lastRun && (
        <div className={integrity.data.lastRun.isSound ? "banner good" : "banner bad"} role="status">
          {integrity.data.lastRun.isSound
            ? t("Everything up to position {position} was computed anew {when}, and nothing differs.", { position: whole(integrity.data.lastRun.position), when: ago(integrity.data.lastRun.finishedAt) })
            : t("{count} differences were found when everything up to position {position} was computed anew {when}.", { count: integrity.data.lastRun.differences, position: whole(integrity.data.lastRun.position), when: ago(integrity.data.lastRun.finishedAt) })}
        </div>
      )}
      <p className="small soft">{t("lotbook verify computes what stands in the batches anew as well.")}</p>
    </Dialog>
  );
}

export default function Ledger() {
  const [query, setQuery] = useQueryState(FILTERS);
  const asked = { ...query, to: query.to && `${query.to}T23:59:59.999` };
  const pages = usePages<Movement>("/v1/movements", asked, 100);
  const position = pages.data?.pages[0]?.position;
  const head = useQuery({ queryKey: ["/v1/ledger"], queryFn: () => get<Head>("/v1/ledger") });
  const [isChainOpen, setChainOpen] = useState(false);
  const isFiltered = FILTERS.some((name) => query[name] !== "");
  return (
    <Page
      title={t("Ledger")}
      about={
        <span className="row">
          {position !== undefined && t("{count} batches so far; nothing in it is ever changed, only undone by a counter-movement.", { count: whole(position) })}
          {head.data && (
            <button type="button" className={head.data.isIntact ? "tag good" : "tag bad"} onClick={() => setChainOpen(true)}>
              <Link2 size={13} aria-hidden /> {head.data.isIntact ? t("the chain holds up to {position}", { position: whole(head.data.position) }) : t("the chain is broken at {position}", { position: whole(head.data.brokenAt ?? 0) })}
            </button>
          )}
        </span>
      }
    >
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Field label={t("Lot (id or ULID)")} value={query.lot} onChange={(event) => setQuery({ lot: event.target.value })} />
        <Lookup label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />
        <Field label={t("Voucher")} inputMode="numeric" value={query.voucher} onChange={(event) => setQuery({ voucher: event.target.value })} />
        <Lookup label={t("Customer")} of="parties" value={query.customer} onChange={(customer) => setQuery({ customer })} />
        <Lookup label={t("Supplier")} of="parties" value={query.supplier} onChange={(supplier) => setQuery({ supplier })} />
        <Field label={t("Description")} value={query.description} onChange={(event) => setQuery({ description: event.target.value })} />
        <Field label={t("From")} type="date" value={query.from} onChange={(event) => setQuery({ from: event.target.value })} />
        <Field label={t("Until")} type="date" value={query.to} onChange={(event) => setQuery({ to: event.target.value })} />
        <Field label={t("As known at")} type="date" value={query.asKnownAt} onChange={(event) => setQuery({ asKnownAt: event.target.value })} />
        {isFiltered && <Button onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>{t("Clear filters")}</Button>}
      </div>
      <div className="card">
        <List<Movement>
          pages={pages as ReturnType<typeof usePages<Movement>>}
          caption={t("Movements")}
          keyOf={(movement) => movement.id}
          columns={movementColumns()}
          empty={<Empty title={isFiltered ? t("No movement matches") : t("Nothing has been booked yet")}>{isFiltered && <Button onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>{t("Clear filters")}</Button>}</Empty>}
        />
      </div>
      {isChainOpen && head.data && <Chain head={head.data} onClose={() => setChainOpen(false)} />}
    </Page>
  );
}

export type MovementPage = ApiPage<Movement>;
