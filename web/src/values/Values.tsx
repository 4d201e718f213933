/** What stock is worth, without moving any of it: revaluations, landed costs, methods, closed days, what waits. */
import { Link } from "wouter";
import { t } from "../i18n";
import { Page } from "../part/Page";
import { path, useQueryState, withQuery } from "../path";
import { Adjustments } from "./Adjustments";
import { Costings } from "./Costings";
import { Landed } from "./Landed";
import { Periods } from "./Periods";
import { Revaluations } from "./Revaluations";

export default function Values() {
  const [query] = useQueryState(["view"]);
  const views: [string, string][] = [
    ["", t("Revaluations")],
    ["landed", t("Landed costs")],
    ["costing", t("Methods and standard costs")],
    ["periods", t("Closed periods")],
    ["adjustments", t("Adjustments")],
  ];
  return (
    <Page title={t("Values")} about={t("What stock is worth, without moving any of it. Values that change by it are settled a moment later.")}>
      <nav className="tabs" aria-label={t("Views")}>
        {views.map(([view, title]) => <Link key={view} href={withQuery(path.values(), { view })} aria-current={query.view === view ? "page" : undefined}>{title}</Link>)}
      </nav>
      {query.view === "landed" ? <Landed /> : query.view === "costing" ? <Costings /> : query.view === "periods" ? <Periods /> : query.view === "adjustments" ? <Adjustments /> : <Revaluations />}
    </Page>
  );
}
