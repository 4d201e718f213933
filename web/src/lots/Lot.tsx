/** One lot: what it is, where it stands, its status, its movements, and what it came from and went into. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { all, get, post } from "../api/client";
import type { Balance, Lot, Movement, Run } from "../api/types";
import { dayOrTime, time } from "../format";
import { t } from "../i18n";
import { movementColumns } from "../ledger/columns";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Area, Choice } from "../part/Field";
import { Rows } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Failed, Loading, Page } from "../part/Page";
import { say } from "../part/toast";
import { runColumns } from "../operations/columns";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { balanceColumns, ProductLink } from "../stock/Stock";
import { Status, statusName, STATUSES } from "./status";
import { Recall } from "./Recall";
import { Trace } from "./Trace";

const VIEWS = ["trace", "history", "recall"] as const;

export default function LotPage({ id }: { id: string }) {
  const [query] = useQueryState(["view"]);
  const [isOpen, setOpen] = useState(false);
  const whyNot = useWhyNot()("INVENTORY.WRITE.CHANGE_STATUS");
  const lot = useQuery({ queryKey: ["/v1/lots", id], queryFn: () => get<Lot>(`/v1/lots/${encodeURIComponent(id)}`) });
  if (lot.isPending) return <div className="page"><Loading /></div>;
  if (lot.isError) return <Page title={t("Lot")}><Failed error={lot.error} /></Page>;
  const one = lot.data;
  const view = (VIEWS as readonly string[]).includes(query.view) ? query.view : "history";
  const names: Record<string, string> = { trace: t("Trace"), history: t("Stock and movements"), recall: t("Recall report") };
  return (
    <Page
      title={t("Lot {name}", { name: one.name })}
      about={<span className="row"><ProductLink product={one.product as { id: number; identifier: string }} /> <Status status={one.status} /> {one.expiresAt && t("expires {day}", { day: dayOrTime(one.expiresAt) })}</span>}
      actions={<Button onClick={() => setOpen(true)} why={whyNot}>{t("Change status …")}</Button>}
    >
      {one.notes && <p className="soft">{one.notes}</p>}
      <nav className="tabs no-print" aria-label={t("Views")}>
        {(["history", "trace", "recall"] as const).map((name) => (
          <Link key={name} href={withQuery(path.lot(id), { view: name === "history" ? "" : name })} aria-current={name === view ? "page" : undefined}>{names[name]}</Link>
        ))}
      </nav>
      {view === "history" && <History lot={one} />}
      {view === "trace" && <Trace lot={one} />}
      {view === "recall" && <Recall lot={one} />}
      {isOpen && <ChangeStatus lot={one} onClose={() => setOpen(false)} />}
    </Page>
  );
}

function History({ lot }: { lot: Lot }) {
  const found = useQuery({
    queryKey: ["lot", lot.id],
    queryFn: async ({ signal }) => {
      const [balances, movements, runs] = await Promise.all([
        all<Balance>("/v1/balances", { lot: lot.uid, product: lot.product.id }, 2_000, signal),
        all<Movement>("/v1/movements", { lot: lot.uid, product: lot.product.id }, 5_000, signal),
        all<Run>("/v1/runs", { lot: lot.uid }, 5_000, signal),
      ]);
      return { balances, movements: movements.reverse(), runs: runs.reverse() };
    },
  });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} again={() => void found.refetch()} />;
  return (
    <>
      <section className="card">
        <header><h2>{t("Where it stands")}</h2></header>
        <Rows caption={t("Where it stands")} items={found.data.balances} keyOf={(row) => row.location.id} columns={balanceColumns().slice(3)} empty={<p className="body soft">{t("Nothing of it is left")}</p>} />
      </section>
      {found.data.runs.length > 0 && (
        <section className="card">
          <header><h2>{t("What happened to it, newest first")}</h2></header>
          <Rows caption={t("What happened to it, newest first")} items={found.data.runs} keyOf={(run) => run.id} columns={runColumns(lot.uid)} />
        </section>
      )}
      <section className="card">
        <header><h2>{t("Its movements, newest first")}</h2></header>
        <Rows caption={t("Movements")} items={found.data.movements} keyOf={(movement) => movement.id} columns={movementColumns().filter((column) => column.name !== t("Product") && column.name !== t("Lot"))} empty={<p className="body soft">{t("It has never moved")}</p>} />
      </section>
      <p className="small soft">{t("Made {when}, changed {then}", { when: time(lot.createdAt), then: time(lot.modifiedAt) })}</p>
    </>
  );
}

function ChangeStatus({ lot, onClose }: { lot: Lot; onClose: () => void }) {
  const queries = useQueryClient();
  const [status, setStatus] = useState<string>(lot.status);
  const [reason, setReason] = useState("");
  const [code, setCode] = useState("");
  const save = useMutation({
    mutationFn: () => post("/v1/runs", { kind: "STATUS_CHANGE", lot: lot.uid, newStatus: status, notes: reason.trim(), ...(code && { reason: code }) }),
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("The lot is {status} now", { status: statusName(status) }));
      onClose();
    },
  });
  const why = status === lot.status ? t("Choose another status") : reason.trim() === "" ? t("Say why") : save.isPending && t("Saving");
  return (
    <Dialog
      title={t("Change the status of lot {name}", { name: lot.name })}
      onClose={onClose}
      onSubmit={() => !why && save.mutate()}
      footer={<><Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" type="submit" why={why}>{t("Change")}</Button></>}
    >
      <Choice label={t("Status")} value={status} onChange={(event) => setStatus(event.target.value)} options={STATUSES.map((one) => [one, statusName(one)])} />
      <Lookup label={t("Reason code, if one fits")} of="reason-codes" value={code} onChange={setCode} />
      <Area label={t("Reason; it stays in the lot's history")} value={reason} onChange={(event) => setReason(event.target.value)} required />
      {save.error && <p className="fault" role="alert">{save.error.message}</p>}
    </Dialog>
  );
}
