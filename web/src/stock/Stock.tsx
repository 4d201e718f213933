/** What stands where: by product, by lot, by location tree; what of it can be promised; what it is worth. */
import { useQuery } from "@tanstack/react-query";
import { PackageSearch } from "lucide-react";
import { Link } from "wouter";
import { get, type Page as ApiPage } from "../api/client";
import type { Availability, Balance, Ref, Valuation } from "../api/types";
import { total } from "../decimal";
import { amount, cost, date, quantity } from "../format";
import { t } from "../i18n";
import { Check, Field } from "../part/Field";
import { type Column, List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Page } from "../part/Page";
import { path, useQueryState, withQuery } from "../path";
import { Groups } from "./Groups";

export function ProductLink({ product, asOf = "" }: { product: Ref; asOf?: string }) {
  return (
    <span>
      <Link href={withQuery(path.stockCard(product.id), { asOf })}><strong>{product.identifier}</strong></Link>
      {product.name && product.name !== product.identifier && <span className="soft"> {product.name}</span>}
    </span>
  );
}

/** The movements that made a balance; of the past those up to then. */
export const movementsOf = (one: { product: Ref; location?: { path: string } | undefined; lot?: { uid: string } | null }, asOf = ""): string =>
  withQuery(path.ledger(), { product: one.product.identifier ?? one.product.id, location: one.location?.path, lot: one.lot?.uid, to: asOf });

const VIEWS = ["balances", "products", "lots", "places", "availability", "value"] as const;

export default function Stock() {
  const [query, setQuery] = useQueryState(["view", "product", "lot", "location", "asOf", "zero"]);
  const view = (VIEWS as readonly string[]).includes(query.view) ? query.view : "balances";
  const names: Record<string, string> = { balances: t("Balances"), products: t("By product"), lots: t("By lot"), places: t("By location"), availability: t("Availability"), value: t("Value") };
  const hasLot = !["availability", "value"].includes(view);
  const asked = { product: query.product, lot: hasLot ? query.lot : "", location: query.location, asOf: query.asOf && `${query.asOf}T23:59:59.999`, withZero: query.zero };
  const day = query.asOf;
  return (
    <Page title={t("Stock")} about={day ? t("As it stood at the end of {day}", { day: date(`${day}T12:00:00`) }) : t("As it stands now")}>
      <nav className="tabs" aria-label={t("Views")}>
        {VIEWS.map((name) => (
          <Link key={name} href={withQuery(path.stock(), { ...query, view: name === "balances" ? "" : name })} aria-current={name === view ? "page" : undefined}>{names[name]}</Link>
        ))}
      </nav>
      <div className="filters">
        <Lookup label={t("Product")} of="products" wide value={query.product} onChange={(product) => setQuery({ product })} />
        {hasLot && <Lookup label={t("Lot")} of="lots" query={{ product: query.product || null }} value={query.lot} onChange={(lot) => setQuery({ lot })} />}
        <Lookup label={t("Location and below")} of="locations" wide value={query.location} onChange={(location) => setQuery({ location })} />
        <Field label={t("As of the end of")} type="date" value={query.asOf} onChange={(event) => setQuery({ asOf: event.target.value })} />
        <Check label={t("Also where nothing is left")} checked={query.zero === "true"} onChange={(event) => setQuery({ zero: event.target.checked ? "true" : "" })} />
      </div>
      <div className="card">
        {view === "balances" && <Balances query={asked} day={day} />}
        {(view === "products" || view === "lots" || view === "places") && <Groups key={view} by={view} query={asked} day={day} empty={nothing()} />}
        {view === "availability" && <Available query={asked} day={day} />}
        {view === "value" && <Value query={asked} day={day} />}
      </div>
    </Page>
  );
}

export type Asked = Record<string, string>;

interface Props {
  query: Asked;
  /** As of the end of this day; "" = now. */
  day: string;
}

const nothing = () => (
  <Empty title={t("Nothing stands there")} icon={<PackageSearch size={32} />}>
    <p>{t("Another product, location or day may show more; or book something first.")}</p>
  </Empty>
);

/** A figure that leads to the movements which made it. */
export function Figure({ one, day }: { one: Balance; day: string }) {
  return (
    <Link href={movementsOf(one, day)} className={one.quantity < 0 ? "bad" : ""} title={t("Its movements")}>
      {quantity(one.quantity)} {one.unit}
    </Link>
  );
}

export function balanceColumns(day = ""): Column<Balance>[] {
  return [
    { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} asOf={day} /> },
    { name: t("Variant"), has: (one) => one.variant, show: (one) => one.variant?.identifier ?? "" },
    { name: t("Lot"), sort: ["lot", (one) => one.lot?.name], has: (one) => one.lot, show: (one) => one.lot && <Link href={path.lot(one.lot.uid)}>{one.lot.name}</Link> },
    { name: t("Location"), sort: ["location", (one) => one.location.path], show: (one) => <Link href={withQuery(path.stock(), { location: one.location.path, asOf: day })}>{one.location.path}</Link> },
    { name: t("Quantity"), isNumber: true, sort: ["quantity", (one) => one.quantity], show: (one) => <Figure one={one} day={day} /> },
  ];
}

function Balances({ query, day }: Props) {
  const pages = usePages<Balance>("/v1/balances", query, 200);
  return (
    <List pages={pages} caption={t("Balances")} keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.lot?.id ?? 0}/${one.location.id}`} columns={balanceColumns(day)} empty={nothing()} />
  );
}

function Available({ query, day }: Props) {
  const pages = usePages<Availability>("/v1/availability", query, 200);
  const product = (one: Availability) => one.product.identifier ?? String(one.product.id);
  return (
    <List
      pages={pages}
      caption={t("Availability")}
      keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.location.id}`}
      empty={nothing()}
      columns={[
        { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} asOf={day} /> },
        { name: t("Variant"), has: (one) => one.variant, show: (one) => one.variant?.identifier ?? "" },
        { name: t("Location"), sort: ["location", (one) => one.location.path], show: (one) => one.location.path },
        { name: t("Stock"), isNumber: true, sort: ["stock", (one) => one.stock], show: (one) => <Link href={movementsOf(one, day)} title={t("Its movements")}>{quantity(one.stock)}</Link> },
        { name: t("Reserved"), isNumber: true, sort: ["reserved", (one) => one.reserved], show: (one) => (one.reserved === 0 ? "0" : <Link href={withQuery(path.reservations(), { product: product(one) })} title={t("For whom")}>{quantity(one.reserved)}</Link>) },
        { name: t("Available"), isNumber: true, sort: ["available", (one) => one.available], show: (one) => <strong className={one.available < 0 ? "bad" : ""}>{quantity(one.available)} {one.unit}</strong> },
        // What is ordered is known of now alone.
        { name: t("Ordered"), isNumber: true, sort: ["ordered", (one) => one.ordered], has: (one) => one.ordered !== undefined, show: (one) => (one.ordered ? <Link href={withQuery(path.reservations(), { view: "promise", product: product(one) })} title={t("When it comes")}>{quantity(one.ordered)}</Link> : "0") },
      ]}
    />
  );
}

const methodName = (method: string): string => ({ average: t("moving average"), fifo: t("first in, first out"), standard: t("standard cost"), specific: t("cost of the lot") })[method] ?? method;

function Value({ query, day }: Props) {
  const pages = usePages<Valuation>("/v1/valuation", query, 200);
  const state = useQuery({ queryKey: ["/v1/valuation", "settled"], queryFn: () => get<ApiPage<Valuation> & { settledTo: number }>("/v1/valuation", { limit: 1 }) });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const behind = (state.data?.position ?? 0) - (state.data?.settledTo ?? 0);
  // The stock card of an org unit tells how each amount came about.
  const card = (one: Valuation) => withQuery(path.stockCard(one.product.id), { location: one.orgUnit.path, asOf: day });
  return (
    <>
      {behind > 0 && <div className="banner warn">{t("Values lag {count} positions behind the ledger; they settle by themselves.", { count: behind })}</div>}
      <List
        pages={pages}
        caption={t("Value")}
        keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.lot?.id ?? 0}/${one.orgUnit.id}`}
        empty={nothing()}
        columns={[
          { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} asOf={day} /> },
          { name: t("Variant"), has: (one) => one.variant, show: (one) => one.variant?.identifier ?? "" },
          { name: t("Lot"), sort: ["lot", (one) => one.lot?.name], has: (one) => one.lot, show: (one) => one.lot && <Link href={path.lot(one.lot.uid)}>{one.lot.name}</Link> },
          { name: t("Org unit"), sort: ["orgUnit", (one) => one.orgUnit.path], show: (one) => one.orgUnit.path },
          { name: t("Method"), isNarrow: true, sort: ["method", (one) => methodName(one.method)], show: (one) => methodName(one.method) },
          { name: t("Quantity"), isNumber: true, sort: ["quantity", (one) => one.quantity], show: (one) => <Link href={movementsOf({ product: one.product, location: one.orgUnit, lot: one.lot }, day)} title={t("Its movements")}>{quantity(one.quantity)} {one.unit}</Link> },
          { name: t("Unit cost"), isNumber: true, sort: ["unitCost", (one) => one.unitCost], show: (one) => cost(one.unitCost) },
          { name: t("Value"), isNumber: true, sort: ["value", (one) => one.value], show: (one) => <Link href={card(one)} title={t("How it came about")}><strong>{amount(one.value)}</strong></Link> },
        ]}
      />
      {items.length > 0 && <p className="right" style={{ padding: "10px 14px" }}>{pages.hasNextPage ? t("Value of the lines shown") : t("Value of all lines")}: <strong>{amount(total(items.map((one) => one.value)))}</strong></p>}
    </>
  );
}
