/** How a movement is shown in a list. */
import { Link } from "wouter";
import type { Movement } from "../api/types";
import { amount, dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import type { Column } from "../part/List";
import { path, withQuery } from "../path";
import { ProductLink } from "../stock/Stock";

/** Where a movement comes from: its voucher, its run, or the movement that it undoes. */
export function Source({ movement }: { movement: Pick<Movement, "reverses" | "voucher" | "run"> }) {
  if (movement.reverses !== null) return <Link href={path.movement(movement.reverses)}>{t("undoes {id}", { id: movement.reverses })}</Link>;
  if (movement.voucher) return <Link href={withQuery(path.ledger(), { voucher: movement.voucher.number })}>{t("voucher {number}", { number: movement.voucher.number })}</Link>;
  if (movement.run) return <Link href={path.run(movement.run)}>{t("run {run}", { run: movement.run.slice(0, 10) })}</Link>;
  return <span className="soft">{t("direct")}</span>;
}

export function movementColumns(): Column<Movement>[] {
  return [
    { name: t("When"), isNarrow: true, show: (one) => <Link href={path.movement(one.id)}>{dayOrTime(one.effectiveAt)}</Link> },
    { name: t("Product"), show: (one) => <ProductLink product={one.product} /> },
    { name: t("Lot"), show: (one) => one.lot && <Link className="nowrap" href={path.lot(one.lot.uid)}>{one.lot.name}</Link> },
    { name: t("From"), show: (one) => <span className={one.from.id < 0 ? "soft" : ""}>{one.from.path}</span> },
    { name: t("To"), show: (one) => <span className={one.to.id < 0 ? "soft" : ""}>{one.to.path}</span> },
    { name: t("Quantity"), isNumber: true, show: (one) => (one.counted === null ? quantity(one.quantity) : t("{quantity} (counted {total})", { quantity: quantity(one.quantity), total: quantity(one.counted) })) },
    { name: t("Amount"), isNumber: true, show: (one) => amount(one.amount) },
    { name: t("Source"), isNarrow: true, show: (one) => <Source movement={one} /> },
  ];
}
