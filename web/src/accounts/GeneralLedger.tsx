/** Postings for the general ledger, down to the movements they add up; and the rules that name the accounts. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, Landmark } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import { address, get } from "../api/client";
import type { Place, Ref } from "../api/types";
import { plain, toMillionths } from "../decimal";
import { amount, dayOrTime, time, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { List, Sorted, usePages } from "../part/List";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { placeName } from "../ledger/columns";
import { path, useQueryState, withQuery } from "../path";
import { Catalog } from "../settings/Catalog";
import { ProductLink } from "../stock/Stock";
import { postingKind, rules } from "./rules";

interface Line {
  account: string;
  orgUnit: Place;
  debit: number;
  credit: number;
}
interface Document {
  number: number;
  period: string;
  fromPosition: number;
  toPosition: number;
  createdAt: string;
  lines: Line[];
}
interface Batch {
  items: Document[];
  next: number;
  postedTo: number;
  position: number;
}
interface Detail {
  position: number;
  movement: number | null;
  kind: string;
  product: Ref & { identifier: string };
  effectiveAt: string;
  debit: { account: string; orgUnit: Place };
  credit: { account: string; orgUnit: Place };
  amount: number;
}

const exact = (millionths: bigint): string => amount(Number(plain(millionths)));
const money = (value: number) => (value === 0 ? "" : amount(value));
const AT_ONCE = 200;

export default function GeneralLedger() {
  const [query] = useQueryState(["view"]);
  const views: [string, string][] = [["", t("Postings")], ["rules", t("Account rules")]];
  return (
    <Page title={t("General ledger")} about={t("Balanced documents, each batch in them once; what they add up is a click below.")}>
      <nav className="tabs" aria-label={t("Views")}>
        {views.map(([view, title]) => <Link key={view} href={withQuery(path.accounts(), { view })} aria-current={query.view === view ? "page" : undefined}>{title}</Link>)}
      </nav>
      {query.view === "rules" ? <Catalog kind={rules()} /> : <Postings />}
    </Page>
  );
}

/** A row of the list: what a period did to an account of an org unit, in one document or in several. */
interface Posting extends Line {
  key: string;
  documents: number[];
}

function Postings() {
  const [query, setQuery] = useQueryState(["period", "account", "orgUnit", "document", "by"]);
  const pages = useInfiniteQuery({
    queryKey: ["/v1/gl-postings"],
    queryFn: ({ pageParam, signal }) => get<Batch>("/v1/gl-postings", { after: pageParam, limit: AT_ONCE }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.items.length < AT_ONCE ? undefined : last.next),
  });
  const documents = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const periodOf = (document: Document): string => (query.by === "day" ? document.period : document.period.slice(0, 7));
  const periods = [...new Set(documents.map(periodOf))].sort().reverse();
  const period = query.period === "all" ? "" : query.period || (periods[0] ?? "");
  const rows = useMemo(() => {
    const found = new Map<string, { line: Line; debit: bigint; credit: bigint; documents: number[] }>();
    for (const document of documents) {
      if (period !== "" && !document.period.startsWith(period)) continue;
      for (const line of document.lines) {
        const key = `${line.account}/${line.orgUnit.id}`;
        const sum = found.get(key) ?? { line, debit: 0n, credit: 0n, documents: [] };
        sum.debit += toMillionths(line.debit);
        sum.credit += toMillionths(line.credit);
        sum.documents.push(document.number);
        found.set(key, sum);
      }
    }
    return [...found].sort(([a], [b]) => a.localeCompare(b)).map(([key, sum]): Posting => ({ ...sum.line, key, debit: Number(plain(sum.debit)), credit: Number(plain(sum.credit)), documents: sum.documents }));
  }, [documents, period]);
  const sums = rows.reduce(([debit, credit], row) => [debit + toMillionths(row.debit), credit + toMillionths(row.credit)] as [bigint, bigint], [0n, 0n] as [bigint, bigint]);
  const chosen = rows.find((row) => row.account === query.account && String(row.orgUnit.id) === query.orgUnit);
  if (pages.isPending) return <Loading />;
  if (pages.isError) return <Failed error={pages.error} again={() => void pages.refetch()} />;
  const last = pages.data.pages.at(-1);
  return (
    <>
      <div className="filters">
        <Choice label={t("Period")} value={query.period || period} onChange={(event) => setQuery({ period: event.target.value, account: "", orgUnit: "", document: "" })} options={[["all", t("all")], ...periods.map((one) => [one, one] as const)]} />
        <Choice label={t("Periods are")} value={query.by} onChange={(event) => setQuery({ by: event.target.value, period: "", account: "", orgUnit: "", document: "" })} options={[["", t("months")], ["day", t("as posted")]]} />
        <a className="button" href={address("/v1/gl-postings", { format: "csv" })} download><Download size={16} aria-hidden /> CSV</a>
        <a className="button" href={address("/v1/gl-postings", { format: "xlsx" })} download><Download size={16} aria-hidden /> XLSX</a>
        {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()} why={pages.isFetchingNextPage && t("Loading")}>{t("Read later documents")}</Button>}
      </div>
      {last && <p className="small soft">{t("{count} documents, posted up to position {position}.", { count: whole(documents.length), position: whole(last.postedTo) })} {pages.hasNextPage && t("There are later ones.")}</p>}
      <div className="card">
        <Sorted
          caption={t("Postings")}
          items={rows}
          keyOf={(row) => row.key}
          empty={<Empty title={t("Nothing was posted")} icon={<Landmark size={32} />}><p>{t("What is booked is posted when this page is read.")}</p></Empty>}
          columns={[
            { name: t("Account"), sort: ["account", (row) => row.account], show: (row) => <button type="button" className="link" onClick={() => setQuery({ account: row.account, orgUnit: String(row.orgUnit.id), document: String(row.documents.at(-1) ?? "") })}>{row.account}</button> },
            { name: t("Org unit"), sort: ["orgUnitName", (row) => placeName(row.orgUnit)], show: (row) => placeName(row.orgUnit) },
            { name: t("Documents"), sort: ["documents", (row) => row.documents.length], isNumber: true, show: (row) => whole(row.documents.length) },
            { name: t("Debit"), sort: ["debit", (row) => row.debit], isNumber: true, show: (row) => money(row.debit) },
            { name: t("Credit"), sort: ["credit", (row) => row.credit], isNumber: true, show: (row) => money(row.credit) },
            { name: t("Balance"), sort: ["balance", (row) => row.debit - row.credit], isNumber: true, show: (row) => <strong>{exact(toMillionths(row.debit) - toMillionths(row.credit))}</strong> },
          ]}
        />
        {rows.length > 0 && <div className="body totals"><span>{t("Debit in all: {amount}", { amount: exact(sums[0]) })}</span><span>{t("Credit in all: {amount}", { amount: exact(sums[1]) })}</span><span className={sums[0] === sums[1] ? "tag good" : "tag bad"}>{sums[0] === sums[1] ? t("balanced") : t("not balanced")}</span></div>}
      </div>
      {chosen && <Details key={chosen.key} posting={chosen} documents={documents.filter((document) => chosen.documents.includes(document.number))} />}
    </>
  );
}

/** What one document added up for one account. */
function Details({ posting, documents }: { posting: Posting; documents: readonly Document[] }) {
  const [query, setQuery] = useQueryState(["document", "account", "orgUnit"]);
  const document = documents.find((one) => String(one.number) === query.document) ?? documents.at(-1);
  const pages = usePages<Detail>(`/v1/gl-postings/${document?.number ?? 0}/lines`, { account: posting.account, orgUnit: posting.orgUnit.id }, 200);
  const line = document?.lines.find((one) => one.account === posting.account && one.orgUnit.id === posting.orgUnit.id);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    section.current?.scrollIntoView({ block: "start" });
    section.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section ref={section} tabIndex={-1} className="card" aria-label={t("What {account} is made of", { account: posting.account })}>
      <header><h2 className="grow">{t("What {account} is made of", { account: posting.account })}</h2><Button kind="quiet" onClick={() => setQuery({ account: "", orgUnit: "", document: "" })}>{t("Close")}</Button></header>
      <div className="body filters">
        <Choice label={t("Document")} value={String(document?.number ?? "")} onChange={(event) => setQuery({ document: event.target.value })} options={documents.toReversed().map((one) => [String(one.number), t("{number} of {period}", { number: one.number, period: one.period })] as const)} />
        {line && document && <p className="soft">{t("debit {debit}, credit {credit}; positions {from} to {to}, made {when}", { debit: amount(line.debit), credit: amount(line.credit), from: whole(document.fromPosition), to: whole(document.toPosition), when: time(document.createdAt) })}</p>}
      </div>
      <List
        pages={pages}
        caption={t("Movements and value entries")}
        keyOf={(one) => `${one.position}/${one.movement ?? `${one.product.id}/${one.kind}/${one.effectiveAt}/${one.amount}`}`}
        empty={<p className="body soft">{t("No movement carries it: a rule changed, and the value moved from one account to another.")}</p>}
        columns={[
          { name: t("When"), isNarrow: true, show: (one) => (one.movement === null ? dayOrTime(one.effectiveAt) : <Link href={path.movement(one.movement)}>{dayOrTime(one.effectiveAt)}</Link>) },
          { name: t("Product"), show: (one) => <ProductLink product={one.product} /> },
          { name: t("What"), show: (one) => <>{postingKind(one.kind)} {one.movement === null && <span className="tag info">{t("value entry")}</span>}</> },
          { name: t("Other side"), show: (one) => (one.debit.account === posting.account ? one.credit.account : one.debit.account) },
          { name: t("Debit"), isNumber: true, show: (one) => (one.debit.account === posting.account && one.debit.orgUnit.id === posting.orgUnit.id ? amount(one.amount) : "") },
          { name: t("Credit"), isNumber: true, show: (one) => (one.credit.account === posting.account && one.credit.orgUnit.id === posting.orgUnit.id ? amount(one.amount) : "") },
        ]}
      />
    </section>
  );
}
