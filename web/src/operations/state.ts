/** How operations stand, and what may be done with them now. Pure, so that it can be tested without a server. */
import type { components } from "../api/schema";
import type { Run } from "../api/types";
import { t } from "../i18n";

export type OperationState = Omit<components["schemas"]["OperationState"], "run"> & { run: Run | null };
export type Verb = "start" | "stop" | "execute" | "cancel";

export const isOpen = (one: OperationState): boolean => one.status === "RUNNING" || (one.status === "FAULTED" && one.run !== null);

export function statusName(status: string): string {
  const names: Record<string, string> = { IDLE: t("idle"), RUNNING: t("running"), COMPLETED: t("completed"), CANCELLED: t("cancelled"), FAULTED: t("faulted") };
  return names[status] ?? status;
}

export const statusKind = (status: string): string => ({ RUNNING: "good", FAULTED: "bad", COMPLETED: "info" })[status] ?? "";

/** Where it belongs on the board: where goods come to, if it brings them in or makes them; else where it takes from. */
export function placeOf({ operation }: OperationState): string {
  const brings = ["RECEIVE", "PRODUCE", "UNCONSUME"].includes(operation.operationType);
  const [first, second] = brings ? [operation.destinationLocation, operation.sourceLocation] : [operation.sourceLocation, operation.destinationLocation];
  return (first ?? second)?.path ?? "";
}

/** What somebody has to say for it; what the tags do not say yet. */
export type Asked = "product" | "lot" | "secondaryLot" | "quantity" | "reservation";

export function asks(one: OperationState, verb: Verb): Asked[] {
  const { operation } = one;
  const asked: Asked[] = [];
  if (verb === "cancel") return asked;
  const begins = verb === "start" || (verb === "execute" && !isOpen(one));
  const isAll = operation.operationType === "SCRAP_ALL";
  if (begins) {
    if (operation.materialSource === "MANUAL" || operation.materialSource === "PARENT") asked.push("product");
    if (operation.primaryLotResolutionStrategy === "MANUAL" && !isAll) asked.push("lot");
    if (operation.secondaryLotResolutionStrategy === "MANUAL" && operation.secondaryMaterial !== null && !isAll) asked.push("secondaryLot");
  }
  const ends = verb !== "start";
  const unsaid = operation.quantitySource === "MANUAL" || one.soFarFault !== null || one.status === "FAULTED";
  if (ends && !isAll && unsaid) asked.push("quantity");
  return asked;
}

/** Why it cannot be done now; null where it can. */
export function whyNot(one: OperationState, verb: Verb): string | null {
  if (verb === "stop" || verb === "cancel") return isOpen(one) ? null : t("It does not run");
  if (isOpen(one)) return t("It runs already");
  if (!one.operation.isEnabled) return t("It is disabled");
  // Who executes by hand is asked how much.
  const inTheWay = Object.entries(one.problems).filter(([field]) => !(field === "quantityExpression" && verb === "execute"));
  if (inTheWay.length > 0) return inTheWay.map(([field, messages]) => `${field} ${messages.join(", ")}`).join("; ");
  return null;
}

export interface Branch {
  path: string;
  name: string;
  operations: OperationState[];
  children: Branch[];
  total: number;
  running: number;
  faulted: number;
}

/** Operations in the tree of their locations; a branch with nothing of its own and one child is taken together with it. */
export function branches(states: readonly OperationState[]): Branch[] {
  const make = (path: string, name: string): Branch => ({ path, name, operations: [], children: [], total: 0, running: 0, faulted: 0 });
  const root = make("", "");
  const known = new Map<string, Branch>();
  for (const one of states) {
    const parts = placeOf(one).split("/");
    let at = root;
    parts.forEach((name, depth) => {
      const path = parts.slice(0, depth + 1).join("/");
      let next = known.get(path);
      if (next === undefined) {
        next = make(path, name);
        known.set(path, next);
        at.children.push(next);
      }
      next.total += 1;
      next.running += Number(one.status === "RUNNING");
      next.faulted += Number(one.status === "FAULTED");
      at = next;
    });
    at.operations.push(one);
  }
  const fold = (branch: Branch): Branch => {
    const children = branch.children.map(fold);
    const only = children[0];
    if (branch !== root && branch.operations.length === 0 && children.length === 1 && only) return { ...only, name: `${branch.name} / ${only.name}` };
    return { ...branch, children: children.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })) };
  };
  return fold(root).children;
}
