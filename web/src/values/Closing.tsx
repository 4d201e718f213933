/** What closing days, or opening them again, means: with the numbers as they stand now. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { Link } from "wouter";
import { all, get, type Page as ApiPage } from "../api/client";
import type { Entry, Journal, Valuation } from "../api/types";
import { total } from "../decimal";
import { amount, date, isoDay, whole } from "../format";
import { t } from "../i18n";
import type { OperationState } from "../operations/state";
import { Loading } from "../part/Page";
import { path, withQuery } from "../path";

const ENTRIES_READ = 20_000;

/** Whether a place is an org unit or below it; every place is below "". */
export const isWithin = (place: string, orgUnit: string): boolean => orgUnit === "" || place === orgUnit || place.startsWith(`${orgUnit}/`);

/** `day` is the last closed day; "" = every day is opened again. */
export function Closing({ day, orgUnit }: { day: string; orgUnit: string }) {
  const end = day === "" ? "" : `${day}T23:59:59.999`;
  const found = useQuery({
    queryKey: ["closing", day, orgUnit],
    queryFn: async ({ signal }) => {
      const [values, settled, entries, states, adjustments, journals] = await Promise.all([
        all<Valuation>("/v1/valuation", { asOf: end, orgUnit }, 20_000, signal),
        get<ApiPage<Valuation> & { settledTo: number }>("/v1/valuation", { limit: 1 }, signal),
        all<Entry>("/v1/entries", {}, ENTRIES_READ, signal),
        all<OperationState>("/v1/operation-states", { location: orgUnit }, 5_000, signal),
        all<{ amount: number }>("/v1/adjustments", { approved: false, orgUnit }, 1_000, signal),
        all<Journal>("/v1/journals", {}, 2_000, signal),
      ]);
      const late = entries.filter((entry) => entry.stockDate.slice(0, 10) <= day && isWithin(entry.orgUnit.path, orgUnit));
      const open = states.filter((one) => one.run !== null);
      return { value: total(values.map((one) => one.value)), pools: values.length, behind: (settled.position ?? 0) - settled.settledTo, late, open, adjustments, journals };
    },
    retry: false,
  });
  if (found.isPending) return <Loading lines={4} />;
  if (found.isError) return <div className="banner warn">{t("What it means cannot be told: {why}", { why: found.error.message })}</div>;
  const { value, behind, late, open, adjustments, journals } = found.data;
  const concerned = journals.filter((journal) => late.some((entry) => entry.journal === journal.id));
  const approve = adjustments.length > 0 && (
    <Point isWarning>
      {t("{count, plural, one {# adjustment waits} other {# adjustments wait}} for approval, {amount} in all.", { count: adjustments.length, amount: amount(total(adjustments.map((one) => one.amount))) })} <Link href={withQuery(path.values(), { view: "adjustments" })}>{t("Look at them")}</Link>
    </Point>
  );
  const unsettled = behind > 0 && <Point isWarning>{t("Values lag {count} positions behind the ledger. What they turn out to be after the close becomes an adjustment; wait a moment for them to settle.", { count: whole(behind) })}</Point>;
  if (day === "") {
    return (
      <section className="stack" aria-label={t("What it means")}>
        <h3>{t("What it means")}</h3>
        <ul className="plain">
          <Point>{t("Everybody who may book can date it on any day again, and what becomes known stands on its own day.")}</Point>
          <Point>{t("Adjustments that stand already stay where they are.")}</Point>
          {approve}
          {unsettled}
        </ul>
      </section>
    );
  }
  return (
    <section className="stack" aria-label={t("What it means")}>
      <h3>{t("What it means")}</h3>
      <ul className="plain">
        <Point>{t("At the end of {day} stock is worth {value}. That figure will not change any more.", { day: date(`${day}T12:00:00`), value: amount(value) })}</Point>
        {late.length === 0 ? (
          <Point>{t("No line that waits is dated on a closed day.")}</Point>
        ) : (
          <Point isWarning>
            {t("{count, plural, one {# line that waits is} other {# lines that wait are}} dated on a closed day and will be refused when booked: give them another date, or book them first.", { count: late.length })}{" "}
            {concerned.map((journal, at) => <Fragment key={journal.id}>{at > 0 && ", "}<Link href={path.journal(journal.id)}>{journal.name}</Link></Fragment>)}
          </Point>
        )}
        {day >= isoDay(new Date()) && <Point isWarning>{t("That day is not over. Whatever else is booked on it is refused, also what {count, plural, =0 {operations move} one {the operation that runs moves} other {the # operations that run move}} until then.", { count: open.length })}</Point>}
        {unsettled || <Point>{t("Every value is settled.")}</Point>}
        {approve}
      </ul>
    </section>
  );
}

function Point({ isWarning, children }: { isWarning?: boolean; children: ReactNode }) {
  return <li className="point">{isWarning ? <TriangleAlert size={16} className="warn" aria-label={t("Mind")} /> : <CircleCheck size={16} className="soft" aria-hidden />}<span>{children}</span></li>;
}
