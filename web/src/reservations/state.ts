/** How a reservation stands, in words. */
import { t } from "../i18n";

export const STATES = ["held", "confirmed", "consumed", "released", "expired"] as const;
export const stateName = (state: string): string => ({ held: t("held"), confirmed: t("confirmed"), consumed: t("issued"), released: t("released"), expired: t("expired") })[state] ?? state;
export const stateKind = (state: string): string => ({ held: "warn", confirmed: "good", expired: "bad" })[state] ?? "";
