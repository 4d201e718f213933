/** Production: the orders, and the processes that work on them. */
import { useQuery } from "@tanstack/react-query";
import { Factory, Plus } from "lucide-react";
import { Link } from "wouter";
import { all } from "../api/client";
import { dayOrTime, quantity, time } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { type Column, List, Sorted, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { RecordForm } from "../settings/RecordForm";
import { ProductLink } from "../stock/Stock";
import { ORDER_STATES, type Order, orderKind, orders, orderState, priority, priorityKind, type ProcessRecord, processes } from "./orders";
import { Processes } from "./Processes";

export default function Production() {
  const [query, setQuery] = useQueryState(["view", "new"]);
  const whyNot = useWhyNot()("CATALOG.WRITE");
  const views: [string, string][] = [["", t("Orders")], ["processes", t("Processes")], ["records", t("What ran")]];
  const kind = query.view === "processes" ? processes() : orders();
  return (
    <Page
      title={t("Production")}
      about={t("What is to be made, what makes it, and what came of it.")}
      actions={query.view !== "records" && <Button {...(query.view === "" && { kind: "primary" as const })} icon={<Plus size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot}>{t("New {thing}", { thing: kind.one })}</Button>}
    >
      <nav className="tabs" aria-label={t("Views")}>
        {views.map(([view, title]) => <Link key={view} href={withQuery(path.production(), { view })} aria-current={query.view === view ? "page" : undefined}>{title}</Link>)}
      </nav>
      {query.view === "processes" ? <Processes /> : query.view === "records" ? <Records /> : <Orders />}
      {query.new !== "" && <RecordForm kind={kind} record={null} onClose={() => setQuery({ new: "" })} />}
    </Page>
  );
}

/** What is not over, the earliest due first. */
const OPEN = ["RUNNING", "PAUSED", "STOPPED", "SCHEDULED", "IDLE"] as const;

function Orders() {
  const [query, setQuery] = useQueryState(["search", "product", "status"]);
  const isFiltered = query.search !== "" || query.product !== "" || query.status !== "";
  return (
    <>
      <div className="filters">
        <Field label={t("Find")} type="search" value={query.search} onChange={(event) => setQuery({ search: event.target.value })} placeholder={t("Name of the order")} />
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Choice label={t("State")} value={query.status} onChange={(event) => setQuery({ status: event.target.value })} options={[["", t("to be done")], ...ORDER_STATES.map((one) => [one, orderState(one)] as const), ["all", t("all")]]} />
        {isFiltered && <Button onClick={() => setQuery({ search: "", product: "", status: "" })}>{t("Clear filters")}</Button>}
      </div>
      <div className="card">{query.status === "" ? <OpenOrders search={query.search} product={query.product} /> : <AllOrders search={query.search} product={query.product} status={query.status === "all" ? "" : query.status} />}</div>
    </>
  );
}

interface Asked {
  search: string;
  product: string;
}

const noOrder = ({ search, product }: Asked, isAny: boolean) => <Empty title={search || product || !isAny ? t("No order matches") : t("Nothing is to be made")} icon={<Factory size={32} />}><p>{t("An order says how much of a product is to be made; what processes make for it is counted.")}</p></Empty>;

function OpenOrders(asked: Asked) {
  const found = useQuery({
    queryKey: ["/v1/production-orders", "open", asked.search, asked.product],
    queryFn: async ({ signal }) => {
      const parts = await Promise.all(OPEN.map((status) => all<Order>("/v1/production-orders", { ...asked, status }, 1_000, signal)));
      const due = (order: Order) => order.dueDate ?? order.endDate ?? "9999";
      return parts.flat().sort((a, b) => OPEN.indexOf(a.status as "IDLE") - OPEN.indexOf(b.status as "IDLE") || due(a).localeCompare(due(b)));
    },
  });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} again={() => void found.refetch()} />;
  return <Sorted caption={t("Production orders")} items={found.data} keyOf={(one) => one.id} columns={orderColumns()} empty={noOrder(asked, true)} />;
}

function AllOrders(asked: Asked & { status: string }) {
  const pages = usePages<Order>("/v1/production-orders", { ...asked });
  return <List pages={pages} caption={t("Production orders")} keyOf={(one) => one.id} columns={orderColumns()} empty={noOrder(asked, false)} />;
}

function orderColumns(): Column<Order>[] {
  return [
    { name: t("Order"), sort: ["name", (one) => one.name], show: (one) => <Link href={path.order(one.name)}><strong>{one.name}</strong></Link> },
    { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product as { id: number; identifier: string }} /> },
    { name: t("State"), sort: ["state", (one) => orderState(one.status)], isNarrow: true, show: (one) => <span className={`tag ${orderKind(one.status)}`}>{orderState(one.status)}</span> },
    { name: t("Priority"), isNarrow: true, show: (one) => <span className={`tag ${priorityKind(one.schedulePriority)}`}>{priority(one.schedulePriority)}</span> },
    { name: t("Begins"), sort: ["begins", (one) => one.startDate], isNarrow: true, show: (one) => (one.startDate ? time(one.startDate) : "") },
    { name: t("Due"), sort: ["due", (one) => one.dueDate], isNarrow: true, show: (one) => (one.dueDate ? time(one.dueDate) : "") },
    { name: t("Made"), isNarrow: true, show: (one) => <Progress done={Number(one.quantityProduced ?? 0)} total={Number(one.quantity ?? 0)} unit={one.unitOfMeasure ?? ""} label={quantity(Number(one.quantityProduced ?? 0))} /> },
  ];
}

function Records() {
  const [query, setQuery] = useQueryState(["process", "order", "status"]);
  const pages = usePages<ProcessRecord>("/v1/process-records", { process: query.process, order: query.order, status: query.status });
  return (
    <>
      <div className="filters">
        <Lookup label={t("Process")} of="processes" value={query.process} onChange={(process) => setQuery({ process })} />
        <Lookup label={t("Order")} of="production-orders" value={query.order} onChange={(order) => setQuery({ order })} />
        <Choice label={t("State")} value={query.status} onChange={(event) => setQuery({ status: event.target.value })} options={[["", t("any")], ["RUNNING", t("running")], ["COMPLETED", t("completed")]]} />
      </div>
      <div className="card">
        <List pages={pages} caption={t("What ran")} keyOf={(one) => one.id} columns={recordColumns()} empty={<Empty title={t("Nothing ran")} />} />
      </div>
    </>
  );
}

export function recordColumns() {
  return [
    { name: t("Process"), show: (one: ProcessRecord) => <strong>{one.process.name}</strong> },
    { name: t("Order"), show: (one: ProcessRecord) => one.order && <Link href={path.order(one.order.name ?? one.order.id)}>{one.order.name}</Link> },
    { name: t("Location"), show: (one: ProcessRecord) => one.location.path },
    { name: t("State"), isNarrow: true, show: (one: ProcessRecord) => <span className={`tag ${one.status === "RUNNING" ? "good" : ""}`}>{one.status === "RUNNING" ? t("running") : t("completed")}</span> },
    { name: t("Began"), isNarrow: true, show: (one: ProcessRecord) => dayOrTime(one.startedAt) },
    { name: t("Ended"), isNarrow: true, show: (one: ProcessRecord) => one.endedAt && dayOrTime(one.endedAt) },
  ];
}
