/** Count sheets as the API tells of them, and how their states are called. */
import { t } from "../i18n";
import type { Place, Ref } from "../api/types";

export interface CountSheet {
  id: number;
  name: string;
  location: Place | null;
  product: Ref | null;
  tolerance: number;
  tolerancePercent: number;
  state: "open" | "posted" | "cancelled";
  lines: number;
  toCount: number;
  counted: number;
  toRecount: number;
  batch: number | null;
  createdAt: string;
  modifiedAt: string;
}

export interface CountLine {
  line: number;
  product: Ref & { identifier: string };
  name: string;
  variant: number | null;
  variantName: string | null;
  unit: string | null;
  tracking: "none" | "lot" | "serial";
  lot: { id: number; name: string | null } | null;
  location: Place;
  isExtra: boolean;
  state: "toCount" | "counted" | "toRecount";
  rounds: number;
  counted: number | null;
  countedAt: string | null;
  instances: number[] | null;
}

export interface Planned {
  product: Ref & { identifier: string };
  location: Place;
  class: "A" | "B" | "C";
  countedAt: string | null;
  dueAt: string;
  isDue: boolean;
}

export const sheetState = (state: string): string => ({ open: t("being counted"), posted: t("posted"), cancelled: t("given up") })[state] ?? state;
export const sheetKind = (state: string): string => ({ open: "info", posted: "good" })[state] ?? "";
export const lineState = (state: string): string => ({ toCount: t("to count"), counted: t("counted"), toRecount: t("count again") })[state] ?? state;
export const lineKind = (state: string): string => ({ counted: "good", toRecount: "warn" })[state] ?? "";

/** Where a sheet counts, in words. */
export function about(sheet: CountSheet): string {
  return [sheet.location?.path ?? t("everywhere"), sheet.product?.identifier].filter(Boolean).join(" · ");
}

