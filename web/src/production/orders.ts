/** Production orders and processes: how they are kept and called. */
import type { components } from "../api/schema";
import { t } from "../i18n";
import type { KindSpec } from "../settings/kinds";

export type Order = components["schemas"]["ProductionOrder"];
export type Process = components["schemas"]["Process"];

export interface ProcessRecord {
  id: number;
  uid: string;
  process: { id: number; name: string | null };
  order: { id: number; name: string | null } | null;
  location: { id: number; path: string };
  status: "RUNNING" | "COMPLETED";
  startedAt: string;
  endedAt: string | null;
}

export const ORDER_STATES = ["IDLE", "SCHEDULED", "RUNNING", "PAUSED", "STOPPED", "CLOSED", "CANCELLED"] as const;

export const orderState = (state: string): string =>
  ({ IDLE: t("not begun"), SCHEDULED: t("scheduled"), RUNNING: t("running"), PAUSED: t("paused"), STOPPED: t("stopped"), CLOSED: t("closed"), CANCELLED: t("cancelled") })[state] ?? state;
export const orderKind = (state: string): string => ({ SCHEDULED: "info", RUNNING: "good", PAUSED: "warn", STOPPED: "warn" })[state] ?? "";
export const priority = (name: string): string => ({ LOW: t("low"), NORMAL: t("normal"), HIGH: t("high"), URGENT: t("urgent") })[name] ?? name;
export const priorityKind = (name: string): string => ({ HIGH: "warn", URGENT: "bad" })[name] ?? "";

const PRIORITIES = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

export const orders = (): KindSpec => ({
  name: "production-orders",
  title: t("Production orders"),
  one: t("production order"),
  about: t("So much of a product is to be made."),
  columns: ["name", "product", "status"],
  fields: [
    { name: "name", label: t("Name"), kind: "text", isRequired: true },
    { name: "product", label: t("Product"), kind: "ref", of: "products", isRequired: true },
    { name: "quantity", label: t("How much"), kind: "number" },
    { name: "unitOfMeasure", label: t("Unit"), kind: "ref", of: "units" },
    { name: "location", label: t("Where it is made"), kind: "ref", of: "locations" },
    { name: "customer", label: t("Customer"), kind: "ref", of: "parties" },
    { name: "schedulePriority", label: t("Priority"), kind: "choice", options: PRIORITIES.map((one) => [one, priority(one)] as const), start: "NORMAL" },
    { name: "startDate", label: t("Begins (ISO time)"), kind: "text" },
    { name: "dueDate", label: t("Due (ISO time)"), kind: "text" },
    { name: "notes", label: t("Notes"), kind: "area" },
    { name: "isEnabled", label: t("May be worked on"), kind: "check", start: true },
  ],
});

const words = (...values: [string, string][]) => values;

export const processes = (): KindSpec => ({
  name: "processes",
  title: t("Processes"),
  one: t("process"),
  about: t("What a line or a cell does for an order, from start to stop."),
  columns: ["name", "location", "status"],
  fields: [
    { name: "name", label: t("Name"), kind: "text", isRequired: true },
    { name: "location", label: t("Location"), kind: "ref", of: "locations", isRequired: true },
    { name: "triggerSource", label: t("Started by"), kind: "choice", options: words(["MANUAL", t("people and scripts")], ["EXPRESSION", t("tags")]), start: "MANUAL" },
    { name: "startTriggerExpression", label: t("Starts when (expression)"), kind: "text" },
    { name: "stopTriggerExpression", label: t("Stops when (expression)"), kind: "text" },
    { name: "productionOrderResolutionStrategy", label: t("A start without an order is for"), kind: "choice", options: words(["NONE", t("no order")], ["MANUAL", t("the order that was set")], ["EXPRESSION", t("the order that an expression names")], ["SCHEDULE", t("the next that is scheduled there")]), start: "MANUAL" },
    { name: "productionOrderExpression", label: t("Names the order (expression)"), kind: "text" },
    { name: "runningConflictStrategy", label: t("A start while it runs"), kind: "choice", options: words(["STOP_PREVIOUS", t("ends what runs first")], ["THROW_EXCEPTION", t("is refused")]), start: "STOP_PREVIOUS" },
    { name: "updateProductionOrderStatusOnStart", label: t("A start makes the order run"), kind: "check" },
    { name: "updateProductionOrderStatusOnStop", label: t("A stop changes the order, too"), kind: "check" },
    { name: "stopProductionOrderStatus", label: t("… to"), kind: "choice", options: ORDER_STATES.map((one) => [one, orderState(one)] as const), start: "STOPPED" },
    { name: "notes", label: t("Notes"), kind: "area" },
    { name: "isEnabled", label: t("May be started"), kind: "check", start: true },
  ],
});
