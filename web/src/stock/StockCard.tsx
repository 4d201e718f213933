/** One product: what it is, where it stands, and how that came about, as a plot and as movements. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { all, get } from "../api/client";
import type { Availability, Balance, Movement, Place, Product, Valuation } from "../api/types";
import { plain, toMillionths } from "../decimal";
import { amount, cost, quantity, time } from "../format";
import { t } from "../i18n";
import { Rows } from "../part/List";
import { Failed, Loading, Page } from "../part/Page";
import { Lookup } from "../part/Lookup";
import { useQueryState } from "../path";
import { movementColumns } from "../ledger/columns";
import { balanceColumns } from "./Stock";

const Chart = lazy(() => import("../part/Chart").then(({ Chart }) => ({ default: Chart })));

/** Places outside the house have negative ids. */
const isInside = (place: { id: number; path: string }, within: string): boolean =>
  place.id > 0 && (within === "" || place.path === within || place.path.startsWith(`${within}/`));

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

export interface Point {
  at: number;
  quantity: number;
  value: number;
}

/** Quantity and value after each time at which something moved. */
export function history(movements: readonly Movement[], within: string): Point[] {
  const sorted = [...movements].sort((a, b) => Date.parse(a.effectiveAt) - Date.parse(b.effectiveAt) || a.id - b.id);
  const points: Point[] = [];
  let stock = 0n;
  let value = 0n;
  for (const movement of sorted) {
    const sign = BigInt(Number(isInside(movement.to, within)) - Number(isInside(movement.from, within)));
    if (sign === 0n) continue;
    stock += sign * toMillionths(movement.quantity);
    value += sign * toMillionths(movement.amount ?? 0);
    const at = Date.parse(movement.effectiveAt) / 1000;
    if (points.at(-1)?.at === at) points.pop();
    points.push({ at, quantity: Number(plain(stock)), value: Number(plain(value)) });
  }
  return points;
}

export default function StockCard({ product: reference }: { product: string }) {
  const [query, setQuery] = useQueryState(["location"]);
  const product = useQuery({ queryKey: ["/v1/products", reference], queryFn: () => get<Product>(`/v1/products/${encodeURIComponent(reference)}`) });
  const id = product.data?.id;
  const asked = { product: id, location: query.location };
  const found = useQuery({
    queryKey: ["stock-card", id, query.location],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const [balances, availability, values, movements, reservations] = await Promise.all([
        all<Balance>("/v1/balances", asked, 2_000, signal),
        all<Availability>("/v1/availability", asked, 2_000, signal),
        all<Valuation>("/v1/valuation", { product: id }, 2_000, signal),
        all<Movement>("/v1/movements", asked, 20_000, signal),
        all<Reservation>("/v1/reservations", asked, 2_000, signal),
      ]);
      return { balances, availability, values, movements, reservations: reservations.filter((one) => one.open > 0) };
    },
  });
  const points = useMemo(() => history(found.data?.movements ?? [], query.location), [found.data, query.location]);
  const times = useMemo(() => points.map((point) => point.at), [points]);
  const series = useMemo(
    () => [
      { name: t("Quantity"), values: points.map((point) => point.quantity), color: "--accent", isStep: true },
      { name: t("Value"), values: points.map((point) => point.value), color: "--info", isStep: true, isRight: true },
    ],
    [points],
  );
  if (product.isPending) return <Loading />;
  if (product.isError) return <Page title={t("Product")}><Failed error={product.error} /></Page>;
  const one = product.data;
  const sum = (values: readonly number[]) => quantity(Number(plain(values.reduce((total, value) => total + toMillionths(value), 0n))));
  return (
    <Page title={`${one.identifier} ${one.name}`} about={[one.category?.path, t("tracked {how}", { how: one.tracking }), t("costed {how}", { how: one.costing })].filter(Boolean).join(" · ")}>
      <div className="filters">
        <Lookup label={t("Location and below")} of="locations" wide value={query.location} onChange={(location) => setQuery({ location })} />
      </div>
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} again={() => void found.refetch()} />
      ) : (
        <>
          <div className="figures">
            <div className="card figure"><span className="soft">{t("Stock")}</span><b>{sum(found.data.availability.map((one) => one.stock))}</b></div>
            <div className="card figure"><span className="soft">{t("Reserved")}</span><b>{sum(found.data.availability.map((one) => one.reserved))}</b></div>
            <div className="card figure"><span className="soft">{t("Available")}</span><b>{sum(found.data.availability.map((one) => one.available))}</b></div>
            <div className="card figure"><span className="soft">{t("Ordered")}</span><b>{sum(found.data.availability.map((one) => one.ordered))}</b></div>
            {query.location === "" && <div className="card figure"><span className="soft">{t("Value")}</span><b>{amount(found.data.values.reduce((total, one) => total + one.value, 0))}</b></div>}
            {found.data.values.length === 1 && <div className="card figure"><span className="soft">{t("Unit cost")}</span><b>{cost(found.data.values[0]?.unitCost ?? null)}</b></div>}
          </div>
          {points.length > 0 && (
            <section className="card">
              <header><h2>{t("Quantity and value over time")}</h2></header>
              <div className="body">
                <Suspense fallback={<Loading lines={4} />}><Chart title={t("Quantity and value over time")} times={times} series={series} /></Suspense>
                <p className="small soft">{t("Values as booked; late costs are in the value above.")}</p>
              </div>
            </section>
          )}
          <section className="card">
            <header><h2>{t("Where it stands")}</h2></header>
            <Rows caption={t("Where it stands")} items={found.data.balances} keyOf={(row) => `${row.location.id}/${row.lot?.id ?? 0}/${row.variant?.id ?? 0}`} columns={balanceColumns().slice(1)} empty={<p className="body soft">{t("Nothing of it stands there")}</p>} />
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
                  { name: t("State"), isNarrow: true, show: (one) => <span className="tag info">{one.state}</span> },
                  { name: t("Holds until"), isNarrow: true, show: (one) => (one.holdUntil ? time(one.holdUntil) : t("released or consumed")) },
                  { name: t("Still open"), isNumber: true, show: (one) => quantity(one.open) },
                ]}
              />
            </section>
          )}
          <section className="card">
            <header><h2>{t("Its movements, newest first")}</h2></header>
            <Rows
              caption={t("Movements")}
              items={[...found.data.movements].sort((a, b) => Date.parse(b.effectiveAt) - Date.parse(a.effectiveAt) || b.id - a.id).slice(0, 200)}
              keyOf={(movement) => movement.id}
              columns={movementColumns().filter((column) => column.name !== t("Product"))}
              empty={<p className="body soft">{t("It has never moved")}</p>}
            />
          </section>
          <p className="small soft">{t("Changed {when}", { when: time(one.modifiedAt) })}</p>
        </>
      )}
    </Page>
  );
}
