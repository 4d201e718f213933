/** How a booking goes: progress that a reload does not lose, and where it failed. */
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, LoaderCircle } from "lucide-react";
import { useEffect, useRef } from "react";
import { get } from "../api/client";
import type { Booking, Fault } from "../api/types";
import { ago, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Progress } from "../part/Progress";
import type { Draft } from "./Journals";

interface Props {
  /** The booking that the address names; "" = none. */
  mine: string;
  /** What runs in the journal, whoever began it. */
  running: Draft["booking"];
  onClose: () => void;
  onEnd: () => void;
  onFault: (fault: Fault) => void;
}

export function BookingBanner({ mine, running, onClose, onEnd, onFault }: Props) {
  const booking = useQuery({
    queryKey: ["/v1/bookings", mine],
    enabled: mine !== "",
    queryFn: () => get<Booking>(`/v1/bookings/${mine}`),
    refetchInterval: (query) => (query.state.data === undefined || query.state.data.state === "waiting" ? 300 : false),
    staleTime: 0,
  });
  const state = booking.data?.state;
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (state !== undefined && state !== "waiting" && before.current !== state) onEnd();
    before.current = state;
  }, [state, onEnd]);
  if (mine === "" || booking.isError) {
    if (running === null) return null;
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
      <div className="banner" role="status">
        <LoaderCircle size={18} aria-hidden />
        <span className="grow">{t("Booking {id} is under way. You may leave or reload this page.", { id: mine })}</span>
        <Progress done={done} total={total} label={t("Booking")} />
      </div>
    );
  }
  const one = booking.data;
  if (one.state === "booked") {
    return (
      <div className="banner good" role="status">
        <CircleCheck size={18} aria-hidden />
        <span className="grow">{t("Booked: {count, plural, one {# line} other {# lines}}, now in the ledger.", { count: one.entries })}</span>
        {one.batch !== null && <a className="button" href={`/ledger?batch=${one.batch}`}>{t("See its movements")}</a>}
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
