/** Reports: stock looked at from several sides, on the page and as sheets to take along. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";
import { address, get, type Page as ApiPage } from "../api/client";
import { amount, cost, dayOrTime, percent, quantity, whole } from "../format";
import { t } from "../i18n";
import { Choice, Field } from "../part/Field";
import { type Column, List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { path, useQueryState, withQuery } from "../path";

interface ReportName {
  name: string;
  filters: string[];
}
type Row = Record<string, unknown>;

function titleOf(name: string): string {
  const titles: Record<string, string> = {
    stock: t("Stock with its value"), valuation: t("Valuation"), ageing: t("Age of stock"), turnover: t("Turnover"), abc: t("ABC"), "dead-stock": t("Dead stock"), expiry: t("Expiry"),
  };
  return titles[name] ?? name;
}

function aboutOf(name: string): string {
  const abouts: Record<string, string> = {
    stock: t("What stands where, and what it is worth."),
    valuation: t("Cost pools, tied to the movements and value entries that made them; the difference is 0."),
    ageing: t("How long stock has been here, if what came first always leaves first."),
    turnover: t("Issues against the average value: how fast stock turns."),
    abc: t("Products by what their issues cost; A makes up the first 80%."),
    "dead-stock": t("Stock of which nothing has left for long."),
    expiry: t("Lots in stock by the day on which they expire."),
  };
  return abouts[name] ?? "";
}

const FILTERS = ["report", "product", "category", "location", "orgUnit", "lot", "asOf", "from", "by", "days"] as const;

/** `unitCost` as people read it. */
export function heading(name: string): string {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function cell(name: string, value: unknown, row: Row): ReactNode {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") {
    if (name === "share" || name === "upTo" || name === "cumulativeShare") return percent(value);
    if (/cost$/i.test(name) && !/^(landed|issued)Cost$/.test(name)) return cost(value);
    if (/value|amount|booked|settlement|revaluation|landedCost|issuedCost|variance|difference|issues/i.test(name)) return amount(value);
    return Number.isInteger(value) && /days|rank|count/i.test(name) ? whole(value) : quantity(value);
  }
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT/.test(value) ? dayOrTime(value) : value;
  if (Array.isArray(value)) return value.map((one, index) => <span key={index} className="nowrap">{index > 0 && " · "}{cell(name, one, row)}</span>);
  const record = value as Record<string, unknown>;
  const text = String(record.path ?? record.identifier ?? record.name ?? record.symbol ?? record.id ?? "");
  if (name === "product") return <><Link href={path.stockCard(Number(record.id))}><strong>{text}</strong></Link>{typeof record.name === "string" && record.name !== text && <span className="soft"> {record.name}</span>}</>;
  if (name === "lot" && record.uid) return <Link href={path.lot(String(record.uid))}>{String(record.name ?? text)}</Link>;
  if (record.path !== undefined && name === "location") return <Link href={withQuery(path.stock(), { location: text })}>{text}</Link>;
  if (text !== "") return text;
  return Object.entries(record).map(([key, one]) => <span key={key} className="nowrap">{key}: {cell(key, one, row)} </span>);
}

/** What a cell is sorted by: what it is called, where it is a record. */
function valueOf(value: unknown): string | number | boolean | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null) return null;
  const record = value as Record<string, unknown>;
  return String(record.path ?? record.identifier ?? record.name ?? record.symbol ?? "");
}

const nameOf = (record: unknown): unknown => (typeof record === "object" && record !== null ? (record as Record<string, unknown>).identifier : record);

function columnsOf(rows: readonly Row[]): Column<Row>[] {
  const names: string[] = [];
  for (const row of rows.slice(0, 100)) {
    for (const name of Object.keys(row)) if (!names.includes(name)) names.push(name);
  }
  const used = names.filter((name) => rows.some((row) => row[name] !== null && row[name] !== undefined && row[name] !== ""));
  // The product has its name with it, and quantities their unit.
  const united = used.includes("unit") ? ["quantity", "issuedQuantity"].filter((name) => used.includes(name)) : [];
  const isNamed = used.includes("product") && used.includes("name");
  return used.filter((name) => !(united.length > 0 && name === "unit") && !(isNamed && name === "name")).flatMap((name): Column<Row>[] => {
    const sort = [name, (row: Row) => valueOf(row[name])] as const;
    if (united.includes(name)) return [{ name: heading(name), sort, isNumber: true, show: (row) => <>{cell(name, row[name], row)} {String(row.unit ?? "")}</> }];
    if (isNamed && name === "product") return [{ name: heading(name), sort, show: (row) => <div className="words">{cell(name, row[name], row)} {row.name !== undefined && row.name !== nameOf(row.product) && <span className="soft">{String(row.name)}</span>}</div> }];
    const first = rows.find((row) => Array.isArray(row[name]))?.[name];
    if (name === "buckets" && Array.isArray(first)) return (first as Bucket[]).map((_, at) => bucketColumn(rows, at));
    const isTime = rows.some((row) => typeof row[name] === "string" && /^\d{4}-\d\d-\d\dT/.test(row[name]));
    return [{ name: heading(name), ...(!Array.isArray(first) && { sort }), isNumber: rows.some((row) => typeof row[name] === "number"), isNarrow: isTime || name === "lot", show: (row) => cell(name, row[name], row) }];
  });
}

/** Stock of so many days: how much it is and what it is worth. */
interface Bucket {
  from: number;
  to: number | null;
  quantity: number;
  value: number;
}

function bucketColumn(rows: readonly Row[], at: number): Column<Row> {
  const of = (row: Row): Bucket | undefined => (row.buckets as Bucket[])[at];
  const shown = rows.map(of).find((one) => one !== undefined);
  const name = shown?.to == null ? t("over {days} days", { days: (shown?.from ?? 1) - 1 }) : t("{from}–{to} days", { from: shown.from, to: shown.to });
  return {
    name,
    sort: [`age${at + 1}`, (row) => of(row)?.quantity],
    isNumber: true,
    has: (row) => (of(row)?.quantity ?? 0) !== 0,
    show: (row) => {
      const one = of(row);
      if (!one || one.quantity === 0) return <span className="soft">–</span>;
      return <span>{quantity(one.quantity)}<br /><span className="soft small">{amount(one.value)}</span></span>;
    },
  };
}

export default function Reports() {
  const [query, setQuery] = useQueryState(FILTERS);
  const reports = useQuery({ queryKey: ["/v1/reports"], queryFn: () => get<ApiPage<ReportName>>("/v1/reports"), staleTime: Infinity, retry: false });
  const chosen = reports.data?.items.find((one) => one.name === (query.report || "stock")) ?? reports.data?.items[0];
  return (
    <Page title={t("Reports")} {...(chosen && { about: aboutOf(chosen.name) })}>
      {reports.isPending ? (
        <Loading />
      ) : reports.isError ? (
        <Failed error={reports.error} again={() => void reports.refetch()} />
      ) : (
        <>
          <nav className="tabs" aria-label={t("Reports")}>
            {reports.data.items.map((one) => (
              <Link key={one.name} href={withQuery(path.reports(), { ...query, report: one.name })} aria-current={one.name === chosen?.name ? "page" : undefined}>{titleOf(one.name)}</Link>
            ))}
          </nav>
          {chosen && <Report key={chosen.name} report={chosen} query={query} setQuery={setQuery} />}
        </>
      )}
    </Page>
  );
}

type State = Record<(typeof FILTERS)[number], string>;

function Report({ report, query, setQuery }: { report: ReportName; query: State; setQuery: (change: Partial<State>) => void }) {
  const has = (name: string) => report.filters.includes(name);
  const asked = Object.fromEntries(
    FILTERS.filter((name) => name !== "report" && has(name) && query[name] !== "").map((name) => [name, name === "asOf" ? `${query[name]}T23:59:59.999` : query[name]]),
  );
  const pages = usePages<Row>(`/v1/reports/${report.name}`, asked, 200);
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const file = (format: string) => address(`/v1/reports/${report.name}`, { ...asked, format });
  return (
    <>
      <div className="filters">
        {has("product") && <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />}
        {has("category") && <Lookup label={t("Category and below")} of="categories" value={query.category} onChange={(category) => setQuery({ category })} />}
        {has("location") && <Lookup label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />}
        {has("from") && <Field label={t("From")} type="date" value={query.from} onChange={(event) => setQuery({ from: event.target.value })} />}
        {has("asOf") && <Field label={t("As of the end of")} type="date" value={query.asOf} onChange={(event) => setQuery({ asOf: event.target.value })} />}
        {has("by") && <Choice label={t("By")} value={query.by} onChange={(event) => setQuery({ by: event.target.value })} options={[["", t("by default")], ["orgUnit", t("org unit")], ["location", t("location")]]} />}
        {has("days") && <Field label={t("Days")} inputMode="numeric" value={query.days} onChange={(event) => setQuery({ days: event.target.value })} placeholder={t("by default")} />}
        <a className="button" href={file("csv")} download><Download size={16} aria-hidden /> CSV</a>
        <a className="button" href={file("xlsx")} download><Download size={16} aria-hidden /> XLSX</a>
      </div>
      <div className="card">
        <List pages={pages} caption={titleOf(report.name)} keyOf={(row) => JSON.stringify(row)} columns={columns} empty={<Empty title={t("Nothing to report")}><p>{t("Other filters may show more.")}</p></Empty>} />
      </div>
    </>
  );
}
