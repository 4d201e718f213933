/** One production order: how far it is, what went in and came out, and the runs that did so. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { all, get, patch } from "../api/client";
import type { Run } from "../api/types";
import { total } from "../decimal";
import { dayOrTime, quantity, time } from "../format";
import { t } from "../i18n";
import { typeName } from "../operations/fields";
import { statusKind, statusName } from "../operations/state";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { Rows } from "../part/List";
import { Failed, Loading, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { complain, say } from "../part/toast";
import { path } from "../path";
import { useWhyNot } from "../session";
import { RecordForm, type Row } from "../settings/RecordForm";
import { ProductLink } from "../stock/Stock";
import { ORDER_STATES, type Order, orderKind, orders, orderState, priority, type ProcessRecord } from "./orders";
import { recordColumns } from "./Production";

const MADE = ["PRODUCE"];
const USED = ["CONSUME", "RECEIVE_AND_CONSUME"];
const RUNS_MAX = 5_000;

interface Sum {
  key: string;
  product: { id: number; identifier: string };
  unit: string;
  isMade: boolean;
  quantity: number;
  lots: number;
}

/** What went in and came out, by product and unit; what was given back counts against what was used. */
function sums(runs: readonly Run[]): Sum[] {
  const found = new Map<string, { run: Run; isMade: boolean; values: number[]; lots: Set<number> }>();
  for (const run of runs) {
    const isMade = MADE.includes(run.kind);
    // What an open run comes to is known when it ends.
    if (run.status === "RUNNING" || run.product === null || (!isMade && !USED.includes(run.kind) && run.kind !== "UNCONSUME")) continue;
    const key = `${isMade ? "made" : "used"}/${run.product.id}/${run.unit ?? ""}`;
    const sum = found.get(key) ?? { run, isMade, values: [], lots: new Set<number>() };
    sum.values.push(run.kind === "UNCONSUME" ? -run.quantity : run.quantity);
    if (run.lot) sum.lots.add(run.lot.id);
    found.set(key, sum);
  }
  return [...found].map(([key, { run, isMade, values, lots }]) => ({ key, product: { id: run.product?.id ?? 0, identifier: run.product?.identifier ?? "" }, unit: run.unit ?? "", isMade, quantity: total(values), lots: lots.size }));
}

export default function OrderPage({ reference }: { reference: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot()("CATALOG.WRITE");
  const [isEdited, setEdited] = useState(false);
  const found = useQuery({ queryKey: ["/v1/production-orders", reference], queryFn: () => get<Order>(`/v1/production-orders/${encodeURIComponent(reference)}`) });
  const id = found.data?.id;
  const done = useQuery({
    queryKey: ["order", id],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const [runs, records] = await Promise.all([all<Run>("/v1/runs", { productionOrder: id }, RUNS_MAX, signal), all<ProcessRecord>("/v1/process-records", { order: id }, 1_000, signal)]);
      return { runs, records };
    },
  });
  const products = useMemo(() => sums(done.data?.runs ?? []), [done.data]);
  const change = useMutation({
    mutationFn: (status: string) => patch<Order>(`/v1/production-orders/${id}`, { status }, found.data?.version),
    onSuccess: (order) => {
      void queries.invalidateQueries();
      say(t("{name} is {state}", { name: order.name, state: orderState(order.status) }));
    },
    onError: complain,
  });
  if (found.isPending) return <div className="page"><Loading /></div>;
  if (found.isError) return <Page title={t("Production order")}><Failed error={found.error} again={() => void found.refetch()} /></Page>;
  const order = found.data;
  const unit = order.unitOfMeasure ?? done.data?.runs.find((run) => MADE.includes(run.kind) && run.product?.id === order.product.id)?.unit ?? "";
  const number = (value: unknown) => `${quantity(Number(value ?? 0))} ${unit}`;
  const used = products.filter((sum) => !sum.isMade);
  const made = products.filter((sum) => sum.isMade);
  const facts: [string, React.ReactNode][] = [
    [t("Product"), <ProductLink key="p" product={order.product as { id: number; identifier: string }} />],
    [t("Customer"), order.customer?.code],
    [t("Where it is made"), order.location?.path],
    [t("Priority"), priority(order.schedulePriority)],
    [t("Begins"), order.startDate && time(order.startDate)],
    [t("Ends"), order.endDate && time(order.endDate)],
    [t("Due"), order.dueDate && time(order.dueDate)],
    [t("Notes"), order.notes],
  ];
  return (
    <Page
      title={t("Order {name}", { name: order.name })}
      about={<span className="row"><span className={`tag ${orderKind(order.status)}`}>{orderState(order.status)}</span> {order.product.identifier}</span>}
      actions={<Button icon={<Pencil size={16} />} onClick={() => setEdited(true)} why={whyNot}>{t("Change")}</Button>}
    >
      <div className="figures">
        <div className="card figure"><span className="soft">{t("Planned")}</span><b>{number(order.quantity)}</b></div>
        <div className="card figure"><span className="soft">{t("Scheduled")}</span><b>{number(order.quantityScheduled)}</b></div>
        <div className="card figure"><span className="soft">{t("Made")}</span><b>{number(order.quantityProduced)}</b></div>
        {Number(order.quantity ?? 0) > 0 && <div className="card figure"><span className="soft">{t("How far it is")}</span><Progress done={Number(order.quantityProduced ?? 0)} total={Number(order.quantity)} unit={order.unitOfMeasure ?? ""} label={t("Made")} /></div>}
      </div>
      <div className="columns">
        <section className="card">
          <header><h2>{t("The order")}</h2></header>
          <dl className="pairs body">
            {facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => <div key={name} style={{ display: "contents" }}><dt>{name}</dt><dd>{value}</dd></div>)}
          </dl>
          <div className="body">
            <Choice label={t("Set its state to")} value={order.status} onChange={(event) => change.mutate(event.target.value)} disabled={whyNot !== null || change.isPending} title={whyNot ?? ""} options={ORDER_STATES.map((one) => [one, orderState(one)] as const)} />
          </div>
        </section>
        <div className="stack">
        {[{ title: t("What was used"), items: used }, { title: t("What was made"), items: made }].map(({ title, items }) => (
          <section className="card" key={title}>
            <header><h2>{title}</h2></header>
            {done.isPending ? <Loading lines={3} /> : (
              <Rows
                caption={title}
                items={items}
                keyOf={(sum) => sum.key}
                empty={<p className="body soft">{t("Nothing yet")}</p>}
                columns={[
                  { name: t("Product"), show: (sum) => <ProductLink product={sum.product} /> },
                  { name: t("Lots"), isNumber: true, show: (sum) => sum.lots },
                  { name: t("Quantity"), isNumber: true, show: (sum) => <strong>{quantity(sum.quantity)} {sum.unit}</strong> },
                ]}
              />
            )}
          </section>
        ))}
        </div>
      </div>
      {done.isError && <Failed error={done.error} again={() => void done.refetch()} />}
      {done.isSuccess && (
        <>
          <section className="card">
            <header><h2>{t("Its runs")}</h2></header>
            <Rows
              caption={t("Its runs")}
              items={done.data.runs}
              keyOf={(run) => run.id}
              empty={<p className="body soft">{t("No operation has run for it yet; those that belong to a process run for the order of the process.")}</p>}
              columns={[
                { name: t("Began"), isNarrow: true, show: (run) => <Link href={path.run(run.uid)}>{dayOrTime(run.startedAt)}</Link> },
                { name: t("Operation"), show: (run) => (run.operation ? <Link href={path.operation(run.operation.id)}>{run.operation.name ?? run.operation.id}</Link> : typeName(run.kind)) },
                { name: t("What"), isNarrow: true, show: (run) => typeName(run.kind) },
                { name: t("Product"), show: (run) => run.product && <ProductLink product={run.product} /> },
                { name: t("Lot"), show: (run) => run.lot && <Link href={path.lot(run.lot.uid)}>{run.lot.name}</Link> },
                { name: t("State"), isNarrow: true, show: (run) => <span className={`tag ${statusKind(run.status)}`}>{statusName(run.status)}</span> },
                { name: t("Quantity"), isNumber: true, show: (run) => (run.status === "RUNNING" ? <span className="soft">{t("not yet known")}</span> : `${quantity(run.quantity)} ${run.unit ?? ""}`) },
              ]}
            />
          </section>
          <section className="card">
            <header><h2>{t("Processes that worked on it")}</h2></header>
            <Rows caption={t("Processes that worked on it")} items={done.data.records} keyOf={(one) => one.id} columns={recordColumns().filter((column) => column.name !== t("Order"))} empty={<p className="body soft">{t("None yet")}</p>} />
          </section>
        </>
      )}
      {isEdited && <RecordForm kind={orders()} record={order as unknown as Row} onClose={() => setEdited(false)} />}
    </Page>
  );
}
