/** How things stand, as plots where people would rather look than read. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { Link } from "wouter";
import { all, get, type Page as ApiPage } from "../api/client";
import type { Balance, Journal, Lot, Movement, Valuation } from "../api/types";
import { total as totalOf } from "../decimal";
import { ago, amount, dayOrTime, isoDay, quantity, whole } from "../format";
import { t } from "../i18n";
import type { Draft } from "../journals/Journals";
import { isOpen, type OperationState, statusKind, statusName } from "../operations/state";
import { Failed, Loading, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { Tile } from "../part/Tile";
import { path, withQuery } from "../path";
import { may, useMe } from "../session";
import type { Webhook } from "../settings/Webhooks";
import { movementsOf, ProductLink } from "../stock/Stock";
import { DAY_MS, flow, idle } from "./figures";

const Chart = lazy(() => import("../part/Chart").then(({ Chart }) => ({ default: Chart })));
const Bars = lazy(() => import("../part/Chart").then(({ Bars }) => ({ default: Bars })));

const DAYS = 56;
const WEEK = 7;
/** So many lines on a card. */
const SHOWN = 8;

function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      <header><h2 className="grow">{title}</h2>{aside}</header>
      <div className="body">{children}</div>
    </section>
  );
}

/** A figure that was read, and no 0 where it was not. */
const shown = <T,>({ data, isError }: { data: T | undefined; isError: boolean }, of: (data: T) => string): string => (data !== undefined ? of(data) : isError ? "–" : "…");
/** What failed stands at the head of the page; a card only says that it does not know. */
const unread = () => <p className="soft">{t("Not known: it could not be read.")}</p>;
const sumOf = (values: readonly Valuation[]): number => totalOf(values.map((one) => one.value));

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
      const [drafts, journals, valuation, adjustments] = await Promise.all([
        get<ApiPage<Draft>>("/v1/drafts", {}, signal),
        all<Journal>("/v1/journals", {}, 2_000, signal),
        get<ApiPage<Valuation> & { settledTo: number }>("/v1/valuation", { limit: 1 }, signal),
        all<{ amount: number }>("/v1/adjustments", { approved: false }, 1_000, signal),
      ]);
      return { drafts: drafts.items, journals, behind: (valuation.position ?? 0) - valuation.settledTo, adjustments };
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
  const weeks = useMemo(() => flow(stock.data?.movements ?? [], from, DAYS, WEEK), [stock.data, from]);
  const flowSeries = useMemo(
    () => [
      { name: t("Receipts"), values: weeks.received, color: "--accent", isAmount: true },
      { name: t("Issues"), values: weeks.issued, color: "--warn", isAmount: true },
    ],
    [weeks],
  );
  const valueTimes = useMemo(() => past.data?.times ?? [], [past.data]);
  const valueSeries = useMemo(() => [{ name: t("Value"), values: [...(past.data?.values ?? []), total], color: "--accent", isAmount: true }], [past.data, total]);
  const worth = useMemo(() => {
    const byProduct = new Map<number, { one: Valuation; value: number }>();
    for (const one of stock.data?.values ?? []) {
      const known = byProduct.get(one.product.id);
      byProduct.set(one.product.id, { one, value: (known?.value ?? 0) + one.value });
    }
    return [...byProduct.values()].sort((a, b) => b.value - a.value).slice(0, SHOWN);
  }, [stock.data]);
  const still = useMemo(() => (stock.data ? idle(stock.data.balances, stock.data.movements) : []), [stock.data]);
  const negative = (stock.data?.balances ?? []).filter((one) => one.quantity < 0);
  const standing = useMemo(() => new Set((stock.data?.balances ?? []).filter((one) => one.quantity > 0 && one.lot).map((one) => one.lot?.id)), [stock.data]);
  const expiring = (lots.data ?? []).filter((lot) => lot.expiresAt !== null && standing.has(lot.id)).sort((a, b) => (a.expiresAt ?? "").localeCompare(b.expiresAt ?? "")).slice(0, SHOWN);
  const waiting = (work.data?.drafts ?? []).filter((draft) => draft.entries > 0 || draft.booking);
  const nameOf = (id: number) => work.data?.journals.find((journal) => journal.id === id)?.name ?? String(id);

  const sum = (of: readonly { entries: number }[]) => whole(of.reduce((count, one) => count + one.entries, 0));
  const chart = (content: ReactNode) => <Suspense fallback={<Loading lines={5} />}>{content}</Suspense>;
  const isIdle = waiting.length === 0 && work.data?.behind === 0 && work.data.adjustments.length === 0 && (hooks.data ?? []).length === 0;
  return (
    <Page title={t("Overview")}>
      {stock.isError && <Failed error={stock.error} again={() => void stock.refetch()} />}
      <div className="figures">
        <Tile name={t("Stock value")} value={shown(stock, () => amount(total))} to={withQuery(path.stock(), { view: "value" })} about={t("By product")} />
        <Tile name={t("Products in stock")} value={shown(stock, ({ balances }) => whole(new Set(balances.filter((one) => one.quantity > 0).map((one) => one.product.id)).size))} to={withQuery(path.stock(), { view: "products" })} about={t("What stands where")} />
        <Tile name={t("Lines to be booked")} value={shown(work, () => sum(waiting))} to={path.journals()} about={t("All journals")} />
        <Tile name={t("Operations running")} value={shown(operations, () => whole(running.length))} isBad={running.some((one) => one.status === "FAULTED")} to={withQuery(path.operations(), { state: "open" })} about={t("The board")} />
        <Tile name={t("Below zero")} value={shown(stock, () => whole(negative.length))} isBad={negative.length > 0} {...(negative.length > 0 && { to: "#below-zero", about: t("Which ones") })} />
      </div>
      <div className="columns">
        <Card title={t("Stock value")} aside={<span className="soft small">{t("the last eight weeks")}</span>}>
          {past.isPending || stock.isPending ? <Loading lines={5} /> : past.isError || stock.isError ? unread() : chart(<Chart title={t("Stock value")} times={valueTimes} series={valueSeries} isDaily />)}
        </Card>
        <Card title={t("Receipts and issues")} aside={<Link href={withQuery(path.ledger(), { from: isoDay(new Date(from)) })} className="small">{t("Their movements")}</Link>}>
          {stock.isPending ? <Loading lines={5} /> : stock.isError ? unread() : chart(<Chart title={t("Receipts and issues")} times={weeks.times} series={flowSeries} step={WEEK * 86_400} />)}
        </Card>
        <Card title={t("Where the money is")} aside={<Link href={withQuery(path.stock(), { view: "value" })} className="small">{t("All values")}</Link>}>
          {stock.isPending ? <Loading lines={5} /> : stock.isError ? unread() : worth.length === 0 ? <p className="soft">{t("Nothing is in stock yet")}</p> : chart(
            <Bars title={t("Value by product")} items={worth.map(({ one, value }) => ({ name: [one.product.identifier, one.product.name !== one.product.identifier && one.product.name].filter(Boolean).join(" "), value, text: amount(value), to: path.stockCard(one.product.id) }))} />,
          )}
        </Card>
        <Card title={t("Standing still")} aside={<Link href={withQuery(path.reports(), { report: "dead-stock" })} className="small">{t("Dead stock")}</Link>}>
          {stock.isPending ? <Loading lines={5} /> : stock.isError ? unread() : still.length === 0 ? <p className="soft">{t("Nothing is in stock yet")}</p> : (
            <Short caption={t("Standing still")}>
              {still.slice(0, SHOWN).map((one) => (
                <tr key={one.product.id}>
                  <td><ProductLink product={one.product} /></td>
                  <td className="number">{quantity(one.quantity)} {one.unit}</td>
                  <td className="right soft small nowrap">{one.lastIssue === null ? t("no issue in eight weeks") : t("last issue {when}", { when: ago(one.lastIssue) })}</td>
                </tr>
              ))}
            </Short>
          )}
        </Card>
        <Card title={t("Waiting")} aside={<Link href={path.journals()} className="small">{t("All journals")}</Link>}>
          {work.isPending ? <Loading lines={3} /> : work.isError ? <Failed error={work.error} again={() => void work.refetch()} /> : isIdle ? <p className="soft">{t("Nothing waits: every line is booked, every value settled.")}</p> : (
            <Short caption={t("Waiting")}>
              {waiting.map((draft) => (
                <tr key={draft.journal}>
                  <td><Link href={path.journal(draft.journal)}><strong>{nameOf(draft.journal)}</strong></Link> <span className="soft small">{t("to be booked")}</span></td>
                  <td className="number">{draft.booking ? <Progress done={draft.booking.done} total={draft.booking.total} label={t("Booking")} /> : t("{count, plural, one {# line} other {# lines}}", { count: draft.entries })}</td>
                </tr>
              ))}
              {work.data.adjustments.length > 0 && (
                <tr>
                  <td><Link href={withQuery(path.values(), { view: "adjustments" })}><strong>{t("Adjustments of closed days")}</strong></Link> <span className="soft small">{t("to be approved")}</span></td>
                  <td className="number">{amount(totalOf(work.data.adjustments.map((one) => one.amount)))}</td>
                </tr>
              )}
              {work.data.behind > 0 && (
                <tr>
                  <td><Link href={withQuery(path.stock(), { view: "value" })}><strong>{t("Values")}</strong></Link> <span className="soft small">{t("settle by themselves")}</span></td>
                  <td className="number">{t("{count, plural, one {# position} other {# positions}} behind", { count: work.data.behind })}</td>
                </tr>
              )}
              {(hooks.data ?? []).map(({ hook, behind }) => (
                <tr key={hook.id}>
                  <td><Link href={path.settings("webhooks")} title={hook.url}><strong>{new URL(hook.url).host}</strong></Link> <span className="soft small">{t("to be told")}</span></td>
                  <td className={hook.stoppedBecause || hook.dead > 0 ? "number bad" : "number"}>{hook.stoppedBecause ? t("stopped") : hook.dead > 0 ? t("{count} given up", { count: hook.dead }) : t("{count, plural, one {# batch} other {# batches}}", { count: behind })}</td>
                </tr>
              ))}
            </Short>
          )}
        </Card>
        <Card title={t("Operations running")} aside={<Link href={path.operations()} className="small">{t("The board")}</Link>}>
          {operations.isPending ? <Loading lines={3} /> : operations.isError ? <Failed error={operations.error} /> : running.length === 0 ? <p className="soft">{t("Nothing runs")}</p> : (
            <Short caption={t("Operations running")}>
              {running.slice(0, SHOWN).map((one) => (
                <tr key={one.operation.id}>
                  <td><Link href={path.operation(one.operation.id)}><strong>{one.operation.name}</strong></Link>{one.run && <span className="soft small"> {t("since {when}", { when: ago(one.run.startedAt) })}</span>}{one.fault && <div className="fault">{one.fault}</div>}</td>
                  <td className="number">{one.soFar === null ? "" : `${quantity(one.soFar)} ${one.operation.unitOfMeasure ?? ""}`}</td>
                  <td className="right"><span className={`tag ${statusKind(one.status)}`}>{statusName(one.status)}</span></td>
                </tr>
              ))}
            </Short>
          )}
        </Card>
        <Card title={t("Lots that expire first")} aside={<span className="row"><Link href={withQuery(path.reports(), { report: "expiry" })} className="small">{t("Expiring stock")}</Link> <Link href={path.lots()} className="small">{t("All lots")}</Link></span>}>
          {lots.isPending || stock.isPending ? <Loading lines={3} /> : lots.isError || stock.isError ? unread() : expiring.length === 0 ? <p className="soft">{t("No lot in stock has an expiry date")}</p> : (
            <Short caption={t("Lots that expire first")}>
              {expiring.map((lot) => (
                <tr key={lot.id}>
                  <td><Link href={path.lot(lot.uid)}><strong>{lot.name}</strong></Link> <span className="soft">{lot.product.identifier}</span></td>
                  <td className="right nowrap">{dayOrTime(lot.expiresAt ?? "")}</td>
                  <td className={Date.parse(lot.expiresAt ?? "") < Date.now() ? "right bad small nowrap" : "right soft small nowrap"}>{ago(lot.expiresAt ?? "")}</td>
                </tr>
              ))}
            </Short>
          )}
        </Card>
        <section className="card" id="below-zero">
          <header><h2 className="grow">{t("Below zero")}</h2></header>
          <div className="body">
            {stock.isPending ? <Loading lines={3} /> : stock.isError ? unread() : negative.length === 0 ? <p className="soft">{t("No stock is below zero.")}</p> : (
              <Short caption={t("Below zero")}>
                {negative.slice(0, SHOWN).map((one) => (
                  <tr key={`${one.product.id}/${one.location.id}/${one.lot?.id ?? 0}`}>
                    <td><ProductLink product={one.product} /></td>
                    <td>{one.location.path}</td>
                    <td className="number"><Link className="bad" href={movementsOf(one)} title={t("Its movements")}>{quantity(one.quantity)} {one.unit}</Link></td>
                  </tr>
                ))}
              </Short>
            )}
            {negative.length > SHOWN && <p className="soft small">{t("and {count} more", { count: negative.length - SHOWN })}</p>}
          </div>
        </section>
      </div>
    </Page>
  );
}

/** A table without a head, for a card. */
function Short({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <table className="table short">
      <caption className="visually-hidden">{caption}</caption>
      <tbody>{children}</tbody>
    </table>
  );
}
