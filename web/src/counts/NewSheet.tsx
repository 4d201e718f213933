/** Making a count sheet; of everything somewhere, or of what the plan says is due there. */
import { useState } from "react";
import { sendable } from "../decimal";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Check, Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { useQueryState } from "../path";
import type { CountSheet } from "./sheet";

export function NewSheet({ isDue, onClose, onMade }: { isDue: boolean; onClose: () => void; onMade: (id: number) => void }) {
  const [plan] = useQueryState(["location", "a", "b", "c", "days"]);
  const [name, setName] = useState("");
  const [location, setLocation] = useState(plan.location);
  const [category, setCategory] = useState("");
  const [product, setProduct] = useState("");
  const [due, setDue] = useState(isDue);
  const [tolerance, setTolerance] = useState("");
  const [percent, setPercent] = useState("");
  const days = Object.fromEntries((["a", "b", "c", "days"] as const).filter((key) => plan[key] !== "").map((key) => [key, Number(plan[key])]));
  const body = {
    name: name.trim() || null,
    location: location || null,
    category: category || null,
    product: product || null,
    due: due ? (Object.keys(days).length > 0 ? days : true) : null,
    tolerance: sendable(tolerance),
    tolerancePercent: sendable(percent),
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
      why={name.trim() === "" && t("Give the sheet a name first")}
      preview={(sheet) => <div className={sheet.lines > 0 ? "banner" : "banner warn"}>{t("{count, plural, =0 {Nothing stands there; the sheet would be empty} one {It will have # line} other {It will have # lines}}", { count: sheet.lines })}</div>}
    >
      {(faultOf) => (
        <>
          <Field label={t("Name")} value={name} fault={faultOf("name")} onChange={(event) => setName(event.target.value)} placeholder={t("such as Shelf B, October")} required />
          <Lookup label={t("Location and below")} of="locations" value={location} fault={faultOf("location")} onChange={setLocation} placeholder={t("everywhere")} />
          <Lookup label={t("Category and below")} of="categories" value={category} fault={faultOf("category")} onChange={setCategory} placeholder={t("all")} />
          <Lookup label={t("Product")} of="products" value={product} fault={faultOf("product")} onChange={setProduct} placeholder={t("all")} />
          <Check label={t("Only what is due by the plan")} checked={due} onChange={(event) => setDue(event.target.checked)} />
          <div className="form">
            <Field label={t("A difference is accepted up to")} inputMode="decimal" value={tolerance} fault={faultOf("tolerance")} onChange={(event) => setTolerance(event.target.value)} placeholder="0" />
            <Field label={t("or up to percent")} inputMode="decimal" value={percent} fault={faultOf("tolerancePercent")} onChange={(event) => setPercent(event.target.value)} placeholder="0" />
          </div>
        </>
      )}
    </Ask>
  );
}
