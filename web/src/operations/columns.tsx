/** How a run is shown in a list. */
import { Link } from "wouter";
import type { Run } from "../api/types";
import { dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import type { Column } from "../part/List";
import { path } from "../path";
import { typeName } from "./fields";
import { statusKind, statusName } from "./state";

/** Of the runs of one lot, only the other lot is named. */
export function runColumns(own?: string): Column<Run>[] {
  const side = (lot: Run["lot"], product: Run["product"]) => (lot ? <Link className="nowrap" href={path.lot(lot.uid)}>{lot.name}</Link> : <span className="soft">{product?.identifier ?? ""}</span>);
  return [
    { name: t("When"), isNarrow: true, show: (run) => <Link href={path.run(run.uid)}>{dayOrTime(run.startedAt)}</Link> },
    { name: t("What"), isNarrow: true, show: (run) => typeName(run.kind) },
    ...(own === undefined
      ? [
          { name: t("Lot"), show: (run: Run) => side(run.lot, run.product) },
          { name: t("Lot on the other side"), show: (run: Run) => side(run.secondaryLot, run.secondaryProduct) },
        ]
      : [{ name: t("Lot on the other side"), show: (run: Run) => (run.lot?.uid === own ? side(run.secondaryLot, run.secondaryProduct) : side(run.lot, run.product)) }]),
    { name: t("From"), show: (run) => run.from?.path ?? "" },
    { name: t("To"), show: (run) => run.to?.path ?? "" },
    { name: t("Quantity"), isNumber: true, show: (run) => (run.kind === "STATUS_CHANGE" ? "" : `${quantity(run.quantity)} ${run.unit ?? ""}`) },
    { name: t("State"), isNarrow: true, show: (run) => <span className={`tag ${statusKind(run.status)}`}>{statusName(run.status)}</span> },
    { name: t("Notes"), show: (run) => <span className="soft">{run.notes ?? ""}</span> },
  ];
}
