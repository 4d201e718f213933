/** How a run is shown in a list. */
import { Link } from "wouter";
import type { Run } from "../api/types";
import { dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import { LotLink, PlaceName } from "../ledger/columns";
import { Status } from "../lots/status";
import type { Column } from "../part/List";
import { path } from "../path";
import { typeName } from "./fields";
import { statusKind, statusName } from "./state";

/** Of the runs of one lot, only the other lot is named. */
export function runColumns(own?: string): Column<Run>[] {
  const side = (lot: Run["lot"], product: Run["product"]) => (lot ? <LotLink lot={lot} /> : <span className="soft">{product?.identifier ?? ""}</span>);
  return [
    { name: t("When"), isNarrow: true, show: (run) => <Link href={path.run(run.uid)}>{dayOrTime(run.startedAt)}</Link> },
    { name: t("What"), isNarrow: true, show: (run) => (run.kind === "STATUS_CHANGE" ? <span>{t("status:")} <Status status={run.lotStatus} /></span> : typeName(run.kind)) },
    ...(own === undefined
      ? [
          { name: t("Lot"), show: (run: Run) => side(run.lot, run.product) },
          { name: t("Lot on the other side"), show: (run: Run) => side(run.secondaryLot, run.secondaryProduct) },
        ]
      : [{ name: t("Lot on the other side"), show: (run: Run) => (run.lot?.uid === own ? side(run.secondaryLot, run.secondaryProduct) : side(run.lot, run.product)) }]),
    { name: t("From"), has: (run) => run.from, show: (run) => run.from && <PlaceName place={run.from} /> },
    { name: t("To"), has: (run) => run.to, show: (run) => run.to && <PlaceName place={run.to} /> },
    { name: t("Quantity"), isNumber: true, show: (run) => (run.kind === "STATUS_CHANGE" ? "" : `${quantity(run.quantity)} ${run.unit ?? ""}`) },
    { name: t("State"), isNarrow: true, show: (run) => <span className={`tag ${statusKind(run.status)}`}>{statusName(run.status)}</span> },
    { name: t("Notes"), has: (run) => run.notes, show: (run) => <span className="soft">{run.notes ?? ""}</span> },
  ];
}
