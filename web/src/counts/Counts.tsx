/** Blind counting: the sheets, and the plan that says what is due. */
import { ClipboardCheck, Plus } from "lucide-react";
import { Link, useLocation } from "wouter";
import { ago, dayOrTime } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { NewSheet } from "./NewSheet";
import { about, type CountSheet, type Planned, sheetKind, sheetState } from "./sheet";

export default function Counts() {
  const [query, setQuery] = useQueryState(["view", "new"]);
  const [, go] = useLocation();
  const whyNot = useWhyNot()("STOCK.COUNT");
  const views: [string, string][] = [["", t("Sheets")], ["plan", t("Plan")]];
  return (
    <Page
      title={t("Counts")}
      about={t("Counted blind: nobody sees what is expected until it is posted.")}
      actions={<Button kind="primary" icon={<Plus size={16} />} onClick={() => setQuery({ new: query.view === "plan" ? "due" : "sheet" })} why={whyNot}>{query.view === "plan" ? t("Sheet of what is due") : t("New sheet")}</Button>}
    >
      <nav className="tabs" aria-label={t("Views")}>
        {views.map(([view, title]) => <Link key={view} href={withQuery(path.counts(), { view })} aria-current={query.view === view ? "page" : undefined}>{title}</Link>)}
      </nav>
      {query.view === "plan" ? <Plan /> : <Sheets />}
      {query.new !== "" && <NewSheet isDue={query.new === "due"} onClose={() => setQuery({ new: "" })} onMade={(id) => go(path.count(id))} />}
    </Page>
  );
}

function Sheets() {
  const [query, setQuery] = useQueryState(["state"]);
  const pages = usePages<CountSheet>("/v1/count-sheets", { state: query.state });
  return (
    <>
      <div className="filters">
        <Choice label={t("State")} value={query.state} onChange={(event) => setQuery({ state: event.target.value })} options={[["", t("any")], ...(["open", "posted", "cancelled"] as const).map((one) => [one, sheetState(one)] as const)]} />
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Count sheets")}
          keyOf={(sheet) => sheet.id}
          empty={<Empty title={query.state ? t("No sheet is in that state") : t("Nothing is being counted")} icon={<ClipboardCheck size={32} />}><p>{t("A sheet lists what stands somewhere, in the order of the way, without saying how much.")}</p></Empty>}
          columns={[
            { name: t("Sheet"), sort: ["name", (sheet) => sheet.name], show: (sheet) => <Link href={path.count(sheet.id)}><strong>{sheet.name}</strong></Link> },
            { name: t("Where"), show: about },
            { name: t("State"), sort: ["state", (sheet) => sheetState(sheet.state)], isNarrow: true, show: (sheet) => <span className={`tag ${sheetKind(sheet.state)}`}>{sheetState(sheet.state)}</span> },
            { name: t("Counted"), isNarrow: true, show: (sheet) => <Progress done={sheet.counted} total={sheet.lines} label={t("Counted")} /> },
            { name: t("Count again"), isNumber: true, show: (sheet) => (sheet.toRecount > 0 ? <span className="tag warn">{sheet.toRecount}</span> : <span className="soft">0</span>) },
            { name: t("Last change"), sort: ["changed", (sheet) => sheet.modifiedAt], isNarrow: true, show: (sheet) => <span title={dayOrTime(sheet.modifiedAt)}>{ago(sheet.modifiedAt)}</span> },
          ]}
        />
      </div>
    </>
  );
}

function Plan() {
  const [query, setQuery] = useQueryState(["location", "a", "b", "c", "days", "due"]);
  const isDue = query.due !== "all";
  const pages = usePages<Planned>("/v1/count-plan", { location: query.location, a: query.a, b: query.b, c: query.c, days: query.days, due: isDue }, 200);
  const days = (name: "a" | "b" | "c" | "days", label: string, usual: string) => (
    <Field label={label} inputMode="numeric" value={query[name]} placeholder={usual} onChange={(event) => setQuery({ [name]: event.target.value.replace(/\D/g, "") })} />
  );
  return (
    <>
      <p className="soft">{t("A makes up 80% of what was used, B the next 15%, C the rest. The longest overdue come first.")}</p>
      <div className="filters">
        <Lookup label={t("Location and below")} of="locations" wide value={query.location} onChange={(location) => setQuery({ location })} />
        <Choice label={t("Show")} value={query.due} onChange={(event) => setQuery({ due: event.target.value })} options={[["", t("what is due")], ["all", t("everything")]]} />
        {days("a", t("Days between counts of A"), "30")}
        {days("b", t("of B"), "90")}
        {days("c", t("of C"), "365")}
        {days("days", t("By use of the last days"), "365")}
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("What is to be counted when")}
          keyOf={(row) => `${row.product.id}/${row.location.id}`}
          empty={<Empty title={isDue ? t("Nothing is due") : t("Nothing stands there")} icon={<ClipboardCheck size={32} />}>{isDue && <Button onClick={() => setQuery({ due: "all" })}>{t("Show everything")}</Button>}</Empty>}
          columns={[
            { name: t("Product"), sort: ["product", (row) => row.product.identifier], show: (row) => <ProductLink product={row.product} /> },
            { name: t("Location"), sort: ["location", (row) => row.location.path], show: (row) => row.location.path },
            { name: t("Class"), sort: ["class", (row) => row.class], isNarrow: true, show: (row) => <span className={row.class === "A" ? "tag accent" : "tag"}>{row.class}</span> },
            { name: t("Last counted"), sort: ["counted", (row) => row.countedAt], isNarrow: true, show: (row) => (row.countedAt ? dayOrTime(row.countedAt) : <span className="soft">{t("never")}</span>) },
            { name: t("Due"), isNarrow: true, show: (row) => (row.countedAt === null ? <span className="soft">{t("at once")}</span> : dayOrTime(row.dueAt)) },
            { name: "", isNarrow: true, show: (row) => (row.isDue ? <span className="tag warn">{t("due")}</span> : <span className="tag good">{t("in time")}</span>) },
          ]}
        />
      </div>
    </>
  );
}
