/** Making a count sheet; of everything somewhere, or of what the plan says is due there. */
import { useState } from "react";
import { sendable } from "../decimal";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Check, Field } from "../part/Field";
import { useForm } from "../part/form";
import { Lookup } from "../part/Lookup";
import { useQueryState } from "../path";
import type { CountSheet } from "./sheet";

export function NewSheet({ isDue, onClose, onMade }: { isDue: boolean; onClose: () => void; onMade: (id: number) => void }) {
  const [plan] = useQueryState(["location", "a", "b", "c", "days"]);
  const { values, given, typed, found } = useForm({ name: "", location: plan.location, category: "", product: "", tolerance: "", tolerancePercent: "" });
  const [due, setDue] = useState(isDue);
  const days = Object.fromEntries((["a", "b", "c", "days"] as const).filter((key) => plan[key] !== "").map((key) => [key, Number(plan[key])]));
  const body = {
    name: given("name"),
    location: given("location"),
    category: given("category"),
    product: given("product"),
    due: due ? (Object.keys(days).length > 0 ? days : true) : null,
    tolerance: sendable(values.tolerance),
    tolerancePercent: sendable(values.tolerancePercent),
  };
  return (
    <Ask<CountSheet>
      title={due ? t("Sheet of what is due") : t("New sheet")}
      about={t("A line for each product and lot that stands there, in the order of the way.")}
      path="/v1/count-sheets"
      body={body}
      fields={["name", "location", "category", "product", "tolerance", "tolerancePercent"]}
      verb={t("Make the sheet")}
      done={t("The sheet is made")}
      onClose={onClose}
      onDone={(sheet) => onMade(sheet.id)}
      why={given("name") === null && t("Give the sheet a name first")}
      preview={(sheet) => <div className={sheet.lines > 0 ? "banner" : "banner warn"}>{t("{count, plural, =0 {Nothing stands there; the sheet would be empty} one {It will have # line} other {It will have # lines}}", { count: sheet.lines })}</div>}
    >
      {(faultOf) => (
        <>
          <Field label={t("Name")} {...typed("name")} fault={faultOf("name")} placeholder={t("such as Shelf B, October")} required />
          <Lookup label={t("Location and below")} of="locations" {...found("location")} fault={faultOf("location")} placeholder={t("everywhere")} />
          <Lookup label={t("Category and below")} of="categories" {...found("category")} fault={faultOf("category")} placeholder={t("all")} />
          <Lookup label={t("Product")} of="products" {...found("product")} fault={faultOf("product")} placeholder={t("all")} />
          <Check label={t("Only what is due by the plan")} checked={due} onChange={(event) => setDue(event.target.checked)} />
          <div className="form">
            <Field label={t("A difference is accepted up to")} inputMode="decimal" {...typed("tolerance")} fault={faultOf("tolerance")} placeholder="0" />
            <Field label={t("or up to percent")} inputMode="decimal" {...typed("tolerancePercent")} fault={faultOf("tolerancePercent")} placeholder="0" />
          </div>
        </>
      )}
    </Ask>
  );
}
