/** How things stand, as plots where people would rather look than read. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { Link } from "wouter";
import { all, get, type Page as ApiPage } from "../api/client";
import type { Balance, Journal, Lot, Movement, Valuation } from "../api/types";
import { plain, toMillionths } from "../decimal";
import { ago, amount, dayOrTime, isoDay, quantity, whole } from "../format";
import { t } from "../i18n";
import type { Draft } from "../journals/Journals";
import { isOpen, type OperationState, statusKind, statusName } from "../operations/state";
import { Failed, Loading, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { path } from "../path";
import { may, useMe } from "../session";
import type { Webhook } from "../settings/Webhooks";
import { ProductLink } from "../stock/Stock";
import { DAY_MS, flow, idle } from "./figures";

const Chart = lazy(() => import("../part/Chart").then(({ Chart }) => ({ default: Chart })));
const Bars = lazy(() => import("../part/Chart").then(({ Bars }) => ({ default: Bars })));

const DAYS = 56;

function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      <header><h2 className="grow">{title}</h2>{aside}</header>
      <div className="body">{children}</div>
    </section>
  );
}

const sumOf = (values: readonly Valuation[]): number => Number(plain(values.reduce((total, one) => total + toMillionths(one.value), 0n)));

export default function Overview() {
  const today = isoDay(new Date());
  const from = Date.parse(today) - (DAYS - 1) * DAY_MS;
  const stock = useQuery({
    queryKey: ["overview", "stock"],
    queryFn: async ({ signal }) => {
      const [balances, values, movements] = await Promise.all([
        all<Balance>("/v1/balances", {}, 20_000, signal),
        all<Valuation>("/v1/valuation", {}, 20_000, signal),
        all<Movement>("/v1/movements", { from: new Date(from).toISOString() }, 20_000, signal),
      ]);
      return { balances, values, movements };
    },
    staleTime: 30_000,
  });
  const past = useQuery({
    queryKey: ["overview", "value", today],
    queryFn: async ({ signal }) => {
      const days = Array.from({ length: 9 }, (_, week) => from + week * 7 * DAY_MS).filter((at) => at <= Date.now());
      const values = await Promise.all(days.map((at) => all<Valuation>("/v1/valuation", { asOf: new Date(at).toISOString() }, 20_000, signal)));
      return { times: [...days.map((at) => at / 1000), Math.floor(Date.now() / 1000)], values: values.map(sumOf) };
    },
    staleTime: 120_000,
  });
  const work = useQuery({
    queryKey: ["overview", "work"],
    queryFn: async ({ signal }) => {
      const [drafts, journals, valuation] = await Promise.all([
        get<ApiPage<Draft>>("/v1/drafts", {}, signal),
        all<Journal>("/v1/journals", {}, 2_000, signal),
        get<ApiPage<Valuation> & { settledTo: number }>("/v1/valuation", { limit: 1 }, signal),
      ]);
      return { drafts: drafts.items, journals, behind: (valuation.position ?? 0) - valuation.settledTo };
    },
    refetchInterval: 5_000,
  });
  const mayAskHooks = may(useMe(), "SETTINGS.WRITE");
  const hooks = useQuery({
    queryKey: ["overview", "webhooks"],
    enabled: mayAskHooks,
    queryFn: async ({ signal }) => {
      const [{ items }, { position }] = await Promise.all([get<ApiPage<Webhook>>("/v1/webhooks", { limit: 100 }, signal), get<{ position: number }>("/v1/ledger", {}, signal)]);
      return items.map((hook) => ({ hook, behind: hook.isEnabled ? position - hook.position : 0 })).filter(({ hook, behind }) => behind > 0 || hook.dead > 0 || hook.stoppedBecause !== null);
    },
    refetchInterval: 10_000,
  });
  const operations = useQuery({ queryKey: ["/v1/operation-states", ""], queryFn: ({ signal }) => all<OperationState>("/v1/operation-states", {}, 5_000, signal), refetchInterval: 5_000 });
  const running = (operations.data ?? []).filter(isOpen);
  const lots = useQuery({ queryKey: ["overview", "lots"], queryFn: ({ signal }) => all<Lot>("/v1/lots", {}, 10_000, signal), staleTime: 60_000 });

  const total = sumOf(stock.data?.values ?? []);
  const days = useMemo(() => flow(stock.data?.movements ?? [], from, DAYS), [stock.data, from]);
  const flowSeries = useMemo(
    () => [
      { name: t("Receipts"), values: days.received, color: "--accent", isStep: true },
      { name: t("Issues"), values: days.issued, color: "--warn", isStep: true },
    ],
    [days],
  );
  const valueTimes = useMemo(() => past.data?.times ?? [], [past.data]);
  const valueSeries = useMemo(() => [{ name: t("Value"), values: [...(past.data?.values ?? []), total], color: "--accent" }], [past.data, total]);
  const worth = useMemo(() => {
    const byProduct = new Map<number, { one: Valuation; value: number }>();
    for (const one of stock.data?.values ?? []) {
      const known = byProduct.get(one.product.id);
      byProduct.set(one.product.id, { one, value: (known?.value ?? 0) + one.value });
    }
    return [...byProduct.values()].sort((a, b) => b.value - a.value).slice(0, 8);
  }, [stock.data]);
  const still = useMemo(() => (stock.data ? idle(stock.data.balances, stock.data.movements) : []), [stock.data]);
  const negative = (stock.data?.balances ?? []).filter((one) => one.quantity < 0);
  const standing = useMemo(() => new Set((stock.data?.balances ?? []).filter((one) => one.quantity > 0 && one.lot).map((one) => one.lot?.id)), [stock.data]);
  const expiring = (lots.data ?? []).filter((lot) => lot.expiresAt !== null && standing.has(lot.id)).sort((a, b) => (a.expiresAt ?? "").localeCompare(b.expiresAt ?? "")).slice(0, 8);
  const waiting = (work.data?.drafts ?? []).filter((draft) => draft.entries > 0 || draft.booking);
  const nameOf = (id: number) => work.data?.journals.find((journal) => journal.id === id)?.name ?? String(id);

  return (
    <Page title={t("Overview")}>
      {stock.isError && <Failed error={stock.error} again={() => void stock.refetch()} />}
      <div className="figures">
        <div className="card figure"><span className="soft">{t("Stock value")}</span><b>{stock.isPending ? "…" : amount(total)}</b></div>
        <div className="card figure"><span className="soft">{t("Products in stock")}</span><b>{stock.isPending ? "…" : whole(new Set(stock.data?.balances.filter((one) => one.quantity > 0).map((one) => one.product.id)).size)}</b></div>
        <div className="card figure"><span className="soft">{t("Lines to be booked")}</span><b>{work.isPending ? "…" : whole(waiting.reduce((sum, draft) => sum + draft.entries, 0))}</b></div>
        <div className="card figure"><span className="soft">{t("Operations running")}</span><b className={running.some((one) => one.status === "FAULTED") ? "bad" : ""}>{operations.isPending ? "…" : whole(running.length)}</b></div>
        <div className="card figure"><span className="soft">{t("Below zero")}</span><b className={negative.length > 0 ? "bad" : ""}>{stock.isPending ? "…" : whole(negative.length)}</b></div>
      </div>
      <div className="columns">
        <Card title={t("Stock value")} aside={<span className="soft small">{t("the last eight weeks")}</span>}>
          {past.isPending || stock.isPending ? <Loading lines={5} /> : past.isError ? <Failed error={past.error} /> : <Suspense fallback={<Loading lines={5} />}><Chart title={t("Stock value")} times={valueTimes} series={valueSeries} isDaily /></Suspense>}
        </Card>
        <Card title={t("Receipts and issues")} aside={<span className="soft small">{t("amounts by day")}</span>}>
          {stock.isPending ? <Loading lines={5} /> : <Suspense fallback={<Loading lines={5} />}><Chart title={t("Receipts and issues")} times={days.times} series={flowSeries} isDaily /></Suspense>}
        </Card>
        <Card title={t("Where the money is")} aside={<Link href={`${path.stock()}?view=value`} className="small">{t("All values")}</Link>}>
          {worth.length === 0 ? <p className="soft">{t("Nothing is in stock yet")}</p> : (
            <Suspense fallback={<Loading lines={5} />}>
              <Bars title={t("Value by product")} items={worth.map(({ one, value }) => ({ name: [one.product.identifier, one.product.name !== one.product.identifier && one.product.name].filter(Boolean).join(" "), value, text: amount(value), to: path.stockCard(one.product.id) }))} />
            </Suspense>
          )}
        </Card>
        <Card title={t("Waiting")} aside={<Link href={path.journals()} className="small">{t("All journals")}</Link>}>
          {work.isPending ? <Loading lines={3} /> : waiting.length === 0 && work.data?.behind === 0 && (hooks.data ?? []).length === 0 ? <p className="soft">{t("Nothing waits: every line is booked, every value settled.")}</p> : (
            <div className="stack">
              {waiting.map((draft) => (
                <div className="row" key={draft.journal}>
                  <Link className="grow" href={path.journal(draft.journal)}>{nameOf(draft.journal)}</Link>
                  {draft.booking ? <Progress done={draft.booking.done} total={draft.booking.total} label={t("Booking")} /> : <span className="number">{t("{count, plural, one {# line} other {# lines}}", { count: draft.entries })}</span>}
                </div>
              ))}
              {(hooks.data ?? []).map(({ hook, behind }) => (
                <div className="row" key={hook.id}>
                  <Link className="grow" href={path.settings("webhooks")}>{hook.url}</Link>
                  <span className={hook.stoppedBecause || hook.dead > 0 ? "number bad" : "number"}>{hook.stoppedBecause ? t("stopped") : hook.dead > 0 ? t("{count} given up", { count: hook.dead }) : t("{count, plural, one {# batch} other {# batches}}", { count: behind })}</span>
                </div>
              ))}
              {(work.data?.behind ?? 0) > 0 && <p>{t("Values lag {count} positions behind the ledger; they settle by themselves.", { count: work.data?.behind ?? 0 })}</p>}
            </div>
          )}
        </Card>
        <Card title={t("Operations running")} aside={<Link href={path.operations()} className="small">{t("The board")}</Link>}>
          {operations.isPending ? <Loading lines={3} /> : operations.isError ? <Failed error={operations.error} /> : running.length === 0 ? <p className="soft">{t("Nothing runs")}</p> : (
            <table className="table">
              <caption className="visually-hidden">{t("Operations running")}</caption>
              <tbody>
                {running.map((one) => (
                  <tr key={one.operation.id}>
                    <td><Link href={path.operation(one.operation.id)}><strong>{one.operation.name}</strong></Link>{one.run && <div className="soft small">{t("since {when}", { when: ago(one.run.startedAt) })}</div>}</td>
                    <td className="number">{one.soFar === null ? "" : `${quantity(one.soFar)} ${one.operation.unitOfMeasure ?? ""}`}</td>
                    <td className="right"><span className={`tag ${statusKind(one.status)}`}>{statusName(one.status)}</span></td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Card>
        <Card title={t("Standing still")} aside={<span className="soft small">{t("no issue for the longest time")}</span>}>
          {still.length === 0 ? <p className="soft">{t("Nothing is in stock yet")}</p> : (
            <table className="table">
              <caption className="visually-hidden">{t("Standing still")}</caption>
              <tbody>
                {still.slice(0, 8).map((one) => (
                  <tr key={one.product.id}>
                    <td><ProductLink product={one.product} /></td>
                    <td className="number">{quantity(one.quantity)} {one.unit}</td>
                    <td className="right soft small">{one.lastIssue === null ? t("not in eight weeks") : ago(one.lastIssue)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Card>
        <Card title={t("Lots that expire next")} aside={<Link href={path.lots()} className="small">{t("All lots")}</Link>}>
          {expiring.length === 0 ? <p className="soft">{t("No lot in stock has an expiry date")}</p> : (
            <table className="table">
              <caption className="visually-hidden">{t("Lots that expire next")}</caption>
              <tbody>
                {expiring.map((lot) => (
                  <tr key={lot.id}>
                    <td><Link href={path.lot(lot.uid)}><strong>{lot.name}</strong></Link> <span className="soft">{lot.product.identifier}</span></td>
                    <td className="right nowrap">{dayOrTime(lot.expiresAt ?? "")}</td>
                    <td className={Date.parse(lot.expiresAt ?? "") < Date.now() ? "right bad small" : "right soft small"}>{ago(lot.expiresAt ?? "")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Card>
        {negative.length > 0 && (
          <Card title={t("Below zero")}>
            <table className="table">
              <caption className="visually-hidden">{t("Below zero")}</caption>
              <tbody>
                {negative.slice(0, 10).map((one) => (
                  <tr key={`${one.product.id}/${one.location.id}/${one.lot?.id ?? 0}`}>
                    <td><ProductLink product={one.product} /></td>
                    <td>{one.location.path}</td>
                    <td className="number bad">{quantity(one.quantity)} {one.unit}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Card>
        )}
      </div>
    </Page>
  );
}
