/** What may be done with a lot, in words. */
import { t } from "../i18n";

export const STATUSES = ["OPEN", "AVAILABLE", "QA_HOLD", "EXPIRED", "SHIPPED", "CLOSED"] as const;

export function statusName(status: string): string {
  const names: Record<string, string> = { OPEN: t("being made"), AVAILABLE: t("available"), QA_HOLD: t("on hold"), EXPIRED: t("expired"), SHIPPED: t("shipped"), CLOSED: t("closed") };
  return names[status] ?? status;
}

export function Status({ status }: { status: string }) {
  const kind = { OPEN: "info", AVAILABLE: "good", QA_HOLD: "warn", EXPIRED: "bad" }[status] ?? "";
  return <span className={`tag ${kind}`}>{statusName(status)}</span>;
}
