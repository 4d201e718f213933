/** How a booking goes: progress that a reload does not lose, and where it failed. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, LoaderCircle } from "lucide-react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Booking, Fault } from "../api/types";
import { ago, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Progress } from "../part/Progress";
import { path, withQuery } from "../path";
import type { Draft } from "./Journals";

/** The booking that the address names, asked about until it is decided; "" = none. */
export function useBooking(id: string): UseQueryResult<Booking> {
  return useQuery({
    queryKey: ["/v1/bookings", id],
    enabled: id !== "",
    queryFn: () => get<Booking>(`/v1/bookings/${id}`),
    refetchInterval: (query) => (query.state.data === undefined || query.state.data.state === "waiting" ? 300 : false),
    staleTime: 0,
  });
}

interface Props {
  /** The booking that the address names. */
  id: string;
  booking: UseQueryResult<Booking>;
  /** What runs in the journal, whoever began it. */
  running: Draft["booking"];
  /** What runs in another journal: one is booked after the other. */
  elsewhere: { name: string; booking: NonNullable<Draft["booking"]> } | null;
  onClose: () => void;
  onFault: (fault: Fault) => void;
}

export function BookingBanner({ id, booking, running, elsewhere, onClose, onFault }: Props) {
  const other = elsewhere && (
    <div className="banner" role="status">
      <LoaderCircle size={18} aria-hidden />
      <span className="grow">{t("{journal} is being booked, since {when}. What is booked here meanwhile comes after it.", { journal: elsewhere.name, when: ago(elsewhere.booking.requestedAt) })}</span>
      <Progress done={elsewhere.booking.done} total={elsewhere.booking.total} label={t("Booking")} />
    </div>
  );
  if (id === "" || booking.isError) {
    if (running === null) return other;
    return (
      <div className="banner" role="status">
        <LoaderCircle size={18} aria-hidden />
        <span className="grow">{t("Somebody's booking of this journal is under way, since {when}. You can go on entering lines; they are for the next one.", { when: ago(running.requestedAt) })}</span>
        <Progress done={running.done} total={running.total} label={t("Booking")} />
      </div>
    );
  }
  if (booking.data === undefined || booking.data.state === "waiting") {
    const { done, total } = booking.data?.progress ?? { done: 0, total: 0 };
    return (
      <>
        {other}
        <div className="banner" role="status">
          <LoaderCircle size={18} aria-hidden />
          <span className="grow">{t("Booking {id} is under way. You may leave or reload this page.", { id })}</span>
          <Progress done={done} total={total} label={t("Booking")} />
        </div>
      </>
    );
  }
  const one = booking.data;
  if (one.state === "booked") {
    return (
      <div className="banner good" role="status">
        <CircleCheck size={18} aria-hidden />
        <span className="grow">{t("Booked: {count, plural, one {# line} other {# lines}}, now in the ledger.", { count: one.entries })}</span>
        {one.batch !== null && <Link className="button" href={withQuery(path.ledger(), { batch: one.batch })}>{t("See its movements")}</Link>}
        <Button onClick={onClose}>{t("Close")}</Button>
      </div>
    );
  }
  return (
    <div className="banner bad" role="alert" style={{ alignItems: "flex-start" }}>
      <CircleAlert size={18} aria-hidden />
      <div className="grow stack" style={{ gap: 6 }}>
        <strong>{t("Nothing was booked: {count, plural, one {one fault} other {# faults}}, first in voucher {number}.", { count: one.faults.length, number: one.faultedNumber })}</strong>
        <ul className="faults">
          {one.faults.slice(0, 50).map((fault, index) => (
            <li key={index}>
              <button type="button" className="link" onClick={() => onFault(fault)}>{t("Voucher {number}", { number: fault.voucherNumber })}</button>: {fault.message}
            </li>
          ))}
          {one.faults.length > 50 && <li>{t("and {count} more", { count: whole(one.faults.length - 50) })}</li>}
        </ul>
      </div>
      <Button onClick={onClose}>{t("Close")}</Button>
    </div>
  );
}
