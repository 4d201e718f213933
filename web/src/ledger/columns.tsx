/** How a movement is shown in a list. */
import { Fragment } from "react";
import { Link } from "wouter";
import type { LotRef, Movement, Place } from "../api/types";
import { amount, dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import type { Column } from "../part/List";
import { typeName } from "../operations/fields";
import { path, withQuery } from "../path";
import { ProductLink } from "../stock/Stock";

/** What a movement is by its kind, in words. */
export function kindName(kind: string): string {
  const names: Record<string, string> = {
    Delivery: t("delivery"), Settlement: t("stocktaking"), InternalTransfer: t("transfer"), InternalUse: t("own use"), Shrinkage: t("loss"), Complaint: t("complaint"),
    Compensation: t("keeps a count true"), Reversal: t("reversal"),
  };
  return names[kind] ?? typeName(kind);
}

/** Where a movement comes from: its voucher, its run, a count, or the movement that it undoes. */
export function Source({ movement }: { movement: Pick<Movement, "reverses" | "voucher" | "run" | "counted"> }) {
  if (movement.reverses !== null) return <Link href={path.movement(movement.reverses)}>{t("undoes {id}", { id: movement.reverses })}</Link>;
  if (movement.voucher) return <Link href={withQuery(path.ledger(), { voucher: movement.voucher.number })}>{t("voucher {number}", { number: movement.voucher.number })}</Link>;
  if (movement.run) return <Link href={path.run(movement.run)} title={movement.run}>{t("run …{end}", { end: movement.run.slice(-6) })}</Link>;
  return <span className="soft">{movement.counted === null ? t("direct") : t("count")}</span>;
}

/** How much moved, in the product's unit. */
export const moved = (one: Pick<Movement, "quantity" | "unit">): string => [quantity(one.quantity), one.unit].filter(Boolean).join(" ");

/** A place by its path; those outside the house have words for names. */
export function placeName(place: Place): string {
  const outside: Record<string, string> = {
    supplier: t("supplier"), customer: t("customer"), production: t("production"), adjustment: t("adjustment"), loss: t("loss"), internalUse: t("own use"), inTransit: t("in transit"),
  };
  return (place.id < 0 || place.path === "inTransit" ? outside[place.path] : undefined) ?? place.path;
}

/** A place by its name, which may be broken after each level. */
export function PlaceName({ place }: { place: Place }) {
  const parts = placeName(place).split("/");
  return <span className={place.id < 0 ? "soft" : ""}>{parts.map((part, at) => <Fragment key={at}>{at > 0 && <>/<wbr /></>}{part}</Fragment>)}</span>;
}

/** A lot by its name; a very long one is cut, and stands in full where the pointer rests. */
export function LotLink({ lot }: { lot: LotRef }) {
  return <Link className="clip" href={path.lot(lot.uid)} title={lot.name}>{lot.name}</Link>;
}

export function movementColumns(): Column<Movement>[] {
  return [
    { name: t("When"), sort: ["when", (one) => one.effectiveAt], isNarrow: true, show: (one) => <Link href={path.movement(one.id)}>{dayOrTime(one.effectiveAt)}</Link> },
    { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} /> },
    { name: t("Lot"), sort: ["lot", (one) => one.lot?.name], has: (one) => one.lot, show: (one) => one.lot && <LotLink lot={one.lot} /> },
    { name: t("From"), sort: ["from", (one) => placeName(one.from)], show: (one) => <PlaceName place={one.from} /> },
    { name: t("To"), sort: ["to", (one) => placeName(one.to)], show: (one) => <PlaceName place={one.to} /> },
    { name: t("Quantity"), sort: ["quantity", (one) => one.quantity], isNumber: true, show: (one) => <div>{moved(one)}{one.counted !== null && <div className="soft small">{t("counted {total}", { total: quantity(one.counted) })}</div>}</div> },
    { name: t("Amount"), sort: ["amount", (one) => one.amount], isNumber: true, show: (one) => amount(one.amount) },
    { name: t("Source"), isNarrow: true, show: (one) => <Source movement={one} /> },
  ];
}
