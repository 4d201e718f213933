/** The ledger: every movement, found by whatever one knows of it, and whether its chain holds. */
import { useState } from "react";
import type { Movement } from "../api/types";
import { whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Page } from "../part/Page";
import { useQueryState } from "../path";
import { ChainState } from "./Chain";
import { movementColumns } from "./columns";

const OFTEN = ["product", "lot", "location", "voucher", "customer", "supplier", "from", "to"] as const;
const SELDOM = ["description", "orgUnit", "variant", "externalReference", "batch", "asKnownAt"] as const;
const FILTERS = [...OFTEN, ...SELDOM] as const;

const isPhone = (): boolean => matchMedia("(max-width: 820px)").matches;

export default function Ledger() {
  const [query, setQuery] = useQueryState([...FILTERS, "order"]);
  const { order, ...filters } = query;
  const asked = { ...filters, to: query.to && `${query.to}T23:59:59.999`, order: order || "newest" };
  const pages = usePages<Movement>("/v1/movements", asked, 100);
  const position = pages.data?.pages[0]?.position;
  const isFiltered = FILTERS.some((name) => query[name] !== "");
  const seldom = SELDOM.filter((name) => query[name] !== "").length;
  const hidden = OFTEN.slice(3).filter((name) => query[name] !== "").length;
  const [isMore, setMore] = useState(seldom > 0 || (hidden > 0 && isPhone()));
  const clear = () => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  return (
    <Page
      title={t("Ledger")}
      about={
        <span className="row">
          {position !== undefined && t("{count} batches so far; nothing in it is ever changed, only undone by a counter-movement.", { count: whole(position) })}
          <ChainState />
        </span>
      }
    >
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Lot or serial number")} of="lots" query={{ product: query.product || null }} value={query.lot} onChange={(lot) => setQuery({ lot })} />
        <Lookup label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />
        {/* On a phone they come with the others, or the list would begin below the window. */}
        <div className={isMore ? "contents" : "contents desk-only"}>
          <Field label={t("Voucher")} inputMode="numeric" value={query.voucher} onChange={(event) => setQuery({ voucher: event.target.value })} />
          <Lookup label={t("Customer")} of="parties" value={query.customer} onChange={(customer) => setQuery({ customer })} />
          <Lookup label={t("Supplier")} of="parties" value={query.supplier} onChange={(supplier) => setQuery({ supplier })} />
          <Field label={t("From")} type="date" value={query.from} onChange={(event) => setQuery({ from: event.target.value })} />
          <Field label={t("Until")} type="date" value={query.to} onChange={(event) => setQuery({ to: event.target.value })} />
        </div>
        {isMore && (
          <>
            <Field label={t("Description")} value={query.description} onChange={(event) => setQuery({ description: event.target.value })} />
            <Lookup label={t("Org unit and below")} of="locations" query={{ isOrgUnit: true }} value={query.orgUnit} onChange={(orgUnit) => setQuery({ orgUnit })} />
            <Lookup label={t("Variant")} of="variants" query={{ product: query.product || null }} value={query.variant} onChange={(variant) => setQuery({ variant })} />
            <Field label={t("External document")} inputMode="numeric" value={query.externalReference} onChange={(event) => setQuery({ externalReference: event.target.value })} />
            <Field label={t("Batch")} inputMode="numeric" value={query.batch} onChange={(event) => setQuery({ batch: event.target.value })} />
            <Field label={t("As known at position")} inputMode="numeric" value={query.asKnownAt} placeholder={position === undefined ? "" : whole(position)} onChange={(event) => setQuery({ asKnownAt: event.target.value })} />
          </>
        )}
        <Choice label={t("Order")} value={order} onChange={(event) => setQuery({ order: event.target.value })} options={[["", t("newest first")], ["oldest", t("oldest first")]]} />
        <Button aria-expanded={isMore} onClick={() => setMore(!isMore)} why={isMore && seldom > 0 && t("A filter of these is in use; clear it first")}>{isMore ? t("Fewer filters") : t("More filters")}</Button>
        {isFiltered && <Button onClick={clear}>{t("Clear filters")}</Button>}
      </div>
      <div className="card">
        <List<Movement>
          pages={pages as ReturnType<typeof usePages<Movement>>}
          caption={t("Movements")}
          keyOf={(movement) => movement.id}
          columns={movementColumns()}
          empty={<Empty title={isFiltered ? t("No movement matches") : t("Nothing has been booked yet")}>{isFiltered && <Button onClick={clear}>{t("Clear filters")}</Button>}</Empty>}
        />
      </div>
    </Page>
  );
}
