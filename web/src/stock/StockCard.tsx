/** One product: what it is, where it stands, and how that came about, as a plot and as movements. */
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { Link } from "wouter";
import { address, all, get } from "../api/client";
import type { Availability, Balance, LotRef, Place, Product, Valuation } from "../api/types";
import { total } from "../decimal";
import { amount, cost, date, dayOrTime, quantity, time } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Field } from "../part/Field";
import { type Column, Rows } from "../part/List";
import { Failed, Loading, Page } from "../part/Page";
import { Lookup } from "../part/Lookup";
import { Tile } from "../part/Tile";
import { path, useQueryState, withQuery } from "../path";
import { LotLink, PlaceName, Source } from "../ledger/columns";
import { stateKind, stateName } from "../reservations/state";
import { balanceColumns, movementsOf } from "./Stock";

const Chart = lazy(() => import("../part/Chart").then(({ Chart }) => ({ default: Chart })));

/** What moved the product, or changed what it is worth, with what stood there afterwards. */
interface Line {
  /** The movement; null = a value that became known later. */
  id: number | null;
  position: number;
  kind: string;
  effectiveAt: string;
  lot: LotRef | null;
  from: Place;
  to: Place;
  change: number;
  amount: number;
  runningQuantity: number;
  runningValue: number;
  voucher: { id: number; number: number } | null;
  run: string | null;
  counted: number | null;
  description: string | null;
  reverses: number | null;
}

interface Reservation {
  id: number;
  location: Place;
  quantity: number;
  open: number;
  state: string;
  holdUntil: string | null;
  description: string | null;
  createdAt: string;
}

const LINES_SHOWN = 300;

export interface Point {
  at: number;
  quantity: number;
  value: number;
}

/** The last figures of each time, in the order of times. */
export function history(lines: readonly Pick<Line, "effectiveAt" | "runningQuantity" | "runningValue">[]): Point[] {
  const points: Point[] = [];
  for (const line of lines) {
    const at = Date.parse(line.effectiveAt) / 1000;
    if (points.at(-1)?.at === at) points.pop();
    points.push({ at, quantity: line.runningQuantity, value: line.runningValue });
  }
  return points;
}

function lineColumns(unit: string): Column<Line>[] {
  return [
    { name: t("When"), isNarrow: true, show: (one) => (one.id === null ? dayOrTime(one.effectiveAt) : <Link href={path.movement(one.id)}>{dayOrTime(one.effectiveAt)}</Link>) },
    { name: t("Lot"), has: (one) => one.lot, show: (one) => one.lot && <LotLink lot={one.lot} /> },
    { name: t("From"), show: (one) => <PlaceName place={one.from} /> },
    { name: t("To"), show: (one) => <PlaceName place={one.to} /> },
    { name: t("Change"), isNumber: true, show: (one) => (one.id === null ? <span className="soft">{t("value only")}</span> : `${one.change > 0 ? "+" : ""}${quantity(one.change)}`) },
    { name: t("Stock then"), isNumber: true, show: (one) => <strong className={one.runningQuantity < 0 ? "bad" : ""}>{quantity(one.runningQuantity)} {unit}</strong> },
    { name: t("Amount"), isNumber: true, show: (one) => amount(one.amount) },
    { name: t("Value then"), isNumber: true, show: (one) => amount(one.runningValue) },
    { name: t("Source"), isNarrow: true, show: (one) => (one.id === null ? <span className="soft">{valueKind(one.kind)}</span> : <Source movement={one} />) },
  ];
}

/** Why a value changed without a movement. */
const valueKind = (kind: string): string => ({ settlement: t("late cost"), revaluation: t("revaluation"), landedCost: t("landed cost"), variance: t("variance") })[kind] ?? kind;
const trackedHow = (how: string): string => ({ none: t("tracked by quantity"), lot: t("tracked by lot"), serial: t("tracked by serial number") })[how] ?? how;
const costedHow = (how: string): string => ({ average: t("costed by moving average"), fifo: t("costed first in, first out"), standard: t("costed by standard cost"), specific: t("costed by lot") })[how] ?? how;

export default function StockCard({ product: reference }: { product: string }) {
  const [query, setQuery] = useQueryState(["location", "asOf"]);
  const product = useQuery({ queryKey: ["/v1/products", reference], queryFn: () => get<Product>(`/v1/products/${encodeURIComponent(reference)}`) });
  const id = product.data?.id;
  const asOf = query.asOf && `${query.asOf}T23:59:59.999`;
  const asked = { product: id, location: query.location };
  const found = useQuery({
    queryKey: ["stock-card", id, query.location, asOf],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const [balances, availability, values, lines, reservations] = await Promise.all([
        all<Balance>("/v1/balances", { ...asked, asOf }, 2_000, signal),
        all<Availability>("/v1/availability", { ...asked, asOf }, 2_000, signal),
        all<Valuation>("/v1/valuation", { product: id, asOf }, 2_000, signal),
        all<Line>("/v1/stock-card", { ...asked, to: asOf }, 20_000, signal),
        // Who holds what is known of now; of a past day only how much was held.
        asOf === "" ? all<Reservation>("/v1/reservations", asked, 2_000, signal) : [],
      ]);
      return { balances, availability, values, lines, reservations: reservations.filter((one) => one.open > 0) };
    },
  });
  const points = useMemo(() => history(found.data?.lines ?? []), [found.data]);
  const times = useMemo(() => points.map((point) => point.at), [points]);
  const series = useMemo(
    () => [
      { name: t("Quantity"), values: points.map((point) => point.quantity), color: "--accent", isStep: true },
      { name: t("Value"), values: points.map((point) => point.value), color: "--info", isStep: true, isRight: true, isAmount: true },
    ],
    [points],
  );
  if (product.isPending) return <div className="page"><Loading /></div>;
  if (product.isError) return <Page title={t("Product")}><Failed error={product.error} again={() => void product.refetch()} /></Page>;
  const one = product.data;
  const unit = String(one.unit ?? "");
  const sum = (values: readonly number[]) => `${quantity(total(values))} ${unit}`;
  const key = String(one.identifier);
  const isPlace = query.location !== "";
  return (
    <Page
      title={one.name === one.identifier ? one.name : `${one.identifier} ${one.name}`}
      about={[asOf && t("as it stood at the end of {day}", { day: date(`${query.asOf}T12:00:00`) }), one.category?.path, trackedHow(one.tracking), costedHow(one.costing)].filter(Boolean).join(" · ")}
    >
      <div className="filters">
        <Lookup label={t("Location and below")} of="locations" wide value={query.location} onChange={(location) => setQuery({ location })} />
        <Field label={t("As of the end of")} type="date" value={query.asOf} onChange={(event) => setQuery({ asOf: event.target.value })} />
        {(isPlace || asOf) && <Button onClick={() => setQuery({ location: "", asOf: "" })}>{t("Clear filters")}</Button>}
      </div>
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} again={() => void found.refetch()} />
      ) : (
        <>
          <div className="figures">
            <Tile name={t("Stock")} value={sum(found.data.availability.map((one) => one.stock))} to={movementsOf({ product: one, location: isPlace ? { path: query.location } : undefined }, query.asOf)} about={t("Its movements")} />
            <Tile name={t("Reserved")} value={sum(found.data.availability.map((one) => one.reserved))} {...(asOf === "" && { to: withQuery(path.reservations(), { product: key, location: query.location }), about: t("For whom") })} />
            <Tile name={t("Available")} value={sum(found.data.availability.map((one) => one.available))} {...(asOf === "" && { to: withQuery(path.reservations(), { view: "promise", product: key, location: query.location }), about: t("What can be promised by when") })} />
            {asOf === "" && <Tile name={t("Ordered")} value={sum(found.data.availability.map((one) => one.ordered ?? 0))} to={withQuery(path.reservations(), { view: "promise", product: key, location: query.location })} about={t("When it comes")} />}
            {!isPlace && <Tile name={t("Value")} value={amount(total(found.data.values.map((one) => one.value)))} to={withQuery(path.stock(), { view: "value", product: key, asOf: query.asOf })} about={t("By org unit")} />}
            {!isPlace && found.data.values.length === 1 && <Tile name={t("Unit cost")} value={cost(found.data.values[0]?.unitCost ?? null)} to={withQuery(path.values(), { view: "costing", product: key })} about={t("How it is valued")} />}
          </div>
          {points.length > 0 && (
            <section className="card">
              <header><h2>{t("Quantity and value over time")}</h2></header>
              <div className="body">
                <Suspense fallback={<Loading lines={4} />}><Chart title={t("Quantity and value over time")} times={times} series={series} unit={unit} /></Suspense>
                <p className="small soft">{t("The value as it is known today, late costs included.")}</p>
              </div>
            </section>
          )}
          <section className="card">
            <header><h2>{t("Where it stands")}</h2></header>
            <Rows caption={t("Where it stands")} items={found.data.balances} keyOf={(row) => `${row.location.id}/${row.lot?.id ?? 0}/${row.variant?.id ?? 0}`} columns={balanceColumns(query.asOf).slice(1)} empty={<p className="body soft">{t("Nothing of it stands there")}</p>} />
          </section>
          {found.data.reservations.length > 0 && (
            <section className="card">
              <header><h2>{t("Reserved")}</h2></header>
              <Rows
                caption={t("Reserved")}
                items={found.data.reservations}
                keyOf={(one) => one.id}
                columns={[
                  { name: t("Made"), isNarrow: true, show: (one) => time(one.createdAt) },
                  { name: t("Location"), show: (one) => one.location.path },
                  { name: t("For"), show: (one) => one.description ?? "" },
                  { name: t("State"), isNarrow: true, show: (one) => <span className={`tag ${stateKind(one.state)}`}>{stateName(one.state)}</span> },
                  { name: t("Holds until"), isNarrow: true, show: (one) => (one.holdUntil ? time(one.holdUntil) : t("released or consumed")) },
                  { name: t("Still open"), isNumber: true, show: (one) => `${quantity(one.open)} ${unit}` },
                ]}
              />
            </section>
          )}
          <section className="card">
            <header>
              <h2 className="grow">{t("Its movements, newest first")}</h2>
              {["csv", "xlsx"].map((format) => <a key={format} className="button" href={address("/v1/stock-card", { ...asked, to: asOf, format })} download><Download size={16} aria-hidden /> {format.toUpperCase()}</a>)}
            </header>
            <Rows
              caption={t("Movements")}
              items={found.data.lines.slice(-LINES_SHOWN).reverse()}
              keyOf={(line) => `${line.position}/${line.id ?? line.kind}/${line.effectiveAt}/${line.runningValue}`}
              columns={lineColumns(unit)}
              empty={<p className="body soft">{t("It has never moved")}</p>}
            />
            {found.data.lines.length > LINES_SHOWN && <p className="body soft">{t("The newest {count} are shown; the files hold all.", { count: LINES_SHOWN })}</p>}
          </section>
          <p className="small soft">{t("Changed {when}", { when: time(one.modifiedAt) })}</p>
        </>
      )}
    </Page>
  );
}
