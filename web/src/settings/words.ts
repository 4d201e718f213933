/** What each setting is called, what it decides, and how its value is entered. */
import { t } from "../i18n";

export type Input =
  | { kind: "choice"; options: readonly (readonly [string, string])[] }
  | { kind: "flag" }
  | { kind: "whole"; least: number; most: number }
  | { kind: "day" }
  | { kind: "zone" }
  | { kind: "text"; example: string }
  | { kind: "broker" }
  | { kind: "range" }
  | { kind: "orgUnit" }
  | { kind: "subscriptions" }
  | { kind: "json" };

export interface Words {
  title: string;
  about: string;
  input: Input;
  /** Org units may have a word of their own. */
  isByOrgUnit?: boolean;
}

/** Every setting that has a meaning of its own, by its key; a test compares them with the server's. */
export function words(): Record<string, Words> {
  const flag: Input = { kind: "flag" };
  const choice = (...options: (readonly [string, string])[]): Input => ({ kind: "choice", options });
  return {
    negativeStock: { title: t("Issues beyond stock"), about: t("What happens when more is taken out than is there."), input: choice(["allow", t("are booked")], ["warn", t("are booked and reported")], ["forbid", t("are refused")]), isByOrgUnit: true },
    closedUntil: { title: t("Closed until"), about: t("Nothing is booked on this day or before. Empty: every day is open."), input: { kind: "day" }, isByOrgUnit: true },
    adjustCostPrices: { title: t("Shown cost follows bookings"), about: t("The cost price that a product shows is the moving average of what was booked, and not what stands in its record."), input: flag },
    forceDefaultLocation: { title: t("Always the default location"), about: t("Booking puts every line at the default location of its org unit, whatever location the line names."), input: flag, isByOrgUnit: true },
    timeZone: { title: t("Time zone"), about: t("In which zone days begin and end, and in which times without a zone are meant."), input: { kind: "zone" } },
    glPeriod: { title: t("General ledger by"), about: t("What postings for the general ledger are added up by."), input: choice(["day", t("business day")], ["month", t("month")]) },
    enumStyle: { title: t("Enumerations of the ERP interface"), about: t("How programs that speak the ERP dialect get enumerated values."), input: choice(["digits", t("as text of digits")], ["numbers", t("as numbers")]) },
    amountScale: { title: t("Digits of amounts"), about: t("How many digits after the point an amount keeps; fixed once something has been booked."), input: { kind: "whole", least: 0, most: 6 } },
    stockOrgUnit: { title: t("Stock of another org unit"), about: t("The org unit whose stock is used. Empty: its own."), input: { kind: "orgUnit" }, isByOrgUnit: true },
    globalSeries: { title: t("Voucher numbers"), about: t("The first and the last number of vouchers in journals that have no number series of their own."), input: { kind: "range" } },
    "mes.strictOpenLots": { title: t("Lots being made are held back"), about: t("Lots that are still being made may not be sold, shipped or used up."), input: flag },
    "mes.strictNames": { title: t("Operations are told apart by name"), about: t("Two operations of one name may not do the same between the same locations; an import could not tell them apart."), input: flag },
    "mes.apiResponses": { title: t("Scripts are told how deletions went"), about: t("A deletion by script answers with an ApiResponse, also where it is refused, and not with nothing or an exception."), input: flag },
    "mes.evaluationIntervalMs": { title: t("Clock of triggers, in milliseconds"), about: t("How often triggers that depend on the time of day are evaluated. All others are evaluated when a tag changes."), input: { kind: "whole", least: 50, most: 3600000 } },
    "mes.maxClockSkewSeconds": { title: t("Times ahead of the clock, in seconds"), about: t("How far in the future the times may lie that are given to operations by hand or by script."), input: { kind: "whole", least: 0, most: 86400 } },
    "mes.maxTraceDepth": { title: t("Depth of traces"), about: t("How many steps from lot to lot a trace follows at most."), input: { kind: "whole", least: 1, most: 1000 } },
    "mes.maxTraceNodes": { title: t("Lots in a trace"), about: t("How many lots a trace finds at most; one that would find more ends early and says so."), input: { kind: "whole", least: 1, most: 1000000 } },
    "epcis.baseUri": { title: t("Identifiers in EPCIS"), about: t("What the identifiers of exported EPCIS events begin with where there is no GS1 one."), input: { kind: "text", example: "urn:lotbook" } },
    "mqtt.enabled": { title: t("MQTT"), about: t("Whether the MQTT broker is talked to at all."), input: flag },
    "mqtt.url": { title: t("MQTT broker"), about: t("Its address, with user and password where it asks for them; mqtts:// for TLS. The password is never shown again."), input: { kind: "broker" } },
    "mqtt.subscriptions": { title: t("MQTT: topics that are read"), about: t("Messages of these topics become values of tags. In a topic, + stands for one level and # for all that follow; in the tag they stand for what they were in the topic."), input: { kind: "subscriptions" } },
    "mqtt.publishPrefix": { title: t("MQTT: stock is published below"), about: t("The beginning of the topics under which stock and operations are published. Empty: nothing is."), input: { kind: "text", example: "stock/eu" } },
  };
}

/** Words for a setting; those of keys that only other programs know say so. */
export function wordsOf(key: string): Words {
  return words()[key] ?? { title: key, about: t("Read by the part it is named after; its value is JSON."), input: { kind: "json" } };
}

/** A value as people read it. */
export function shownValue(input: Input, value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (input.kind === "flag") return value === true ? t("yes") : t("no");
  if (input.kind === "choice") return input.options.find(([one]) => one === value)?.[1] ?? String(value);
  if (input.kind === "range" && Array.isArray(value)) return value.join(" – ");
  if (input.kind === "subscriptions" && Array.isArray(value)) return t("{count, plural, =0 {none} one {# topic} other {# topics}}", { count: value.length });
  if (input.kind === "orgUnit" && typeof value === "object") return String((value as { path?: string; name?: string }).path ?? (value as { name?: string }).name ?? "");
  return typeof value === "string" ? value : JSON.stringify(value);
}
