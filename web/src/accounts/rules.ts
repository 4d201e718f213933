/** Which account each kind of posting has. */
import { t } from "../i18n";
import type { KindSpec } from "../settings/kinds";

const kinds = (): [string, string][] => [
  ["stock", t("stock itself")], ["inTransit", t("stock under way")], ["transfer", t("other side of transfers")], ["supplier", t("received from suppliers")],
  ["customer", t("delivered to customers")], ["production", t("used and made by production")], ["adjustment", t("counted differences")], ["loss", t("losses")],
  ["internalUse", t("own use")], ["revaluation", t("revaluation")], ["landedCost", t("landed cost")], ["variance", t("variance")],
];

export const postingKind = (kind: string): string => kinds().find(([name]) => name === kind)?.[1] ?? kind;

export const rules = (): KindSpec => ({
  name: "gl-rules",
  title: t("Account rules"),
  one: t("account rule"),
  about: t("A rule of a category holds for all below it; without a rule the account is called like its kind."),
  columns: ["name", "kind", "category", "account"],
  fields: [
    { name: "name", label: t("Name"), kind: "text", isRequired: true },
    { name: "kind", label: t("Kind"), kind: "choice", options: kinds(), start: "stock" },
    { name: "category", label: t("Only for category and below"), kind: "ref", of: "categories" },
    { name: "account", label: t("Account"), kind: "text", isRequired: true },
  ],
});
