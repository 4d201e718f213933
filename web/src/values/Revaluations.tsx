/** What stock was said to be worth. */
import { Plus, Scale } from "lucide-react";
import { useState } from "react";
import type { Place, Ref } from "../api/types";
import { sendable } from "../decimal";
import { amount, dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty } from "../part/Page";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { type Fact, FactDialog, FactLines, Holds } from "./fact";

interface Revaluation extends Fact {
  product: Ref & { identifier: string };
  orgUnit: Place;
  at: string;
  value: number;
  quantity: number;
}

export function Revaluations() {
  const [query, setQuery] = useQueryState(["product", "orgUnit", "new", "open"]);
  const whyNot = useWhyNot()("STOCK.VALUE");
  const pages = usePages<Revaluation>("/v1/revaluations", { product: query.product, orgUnit: query.orgUnit });
  const open = pages.data?.pages.flatMap((page) => page.items).find((one) => String(one.id) === query.open);
  return (
    <>
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Org unit and below")} of="locations" query={{ isOrgUnit: true }} value={query.orgUnit} onChange={(orgUnit) => setQuery({ orgUnit })} />
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot}>{t("Revalue")}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Revaluations")}
          keyOf={(one) => one.id}
          empty={<Empty title={query.product || query.orgUnit ? t("No revaluation matches") : t("Nothing was revalued")} icon={<Scale size={32} />}><p>{t("A revaluation says what stock is worth from a time on; 0 writes it off.")}</p></Empty>}
          columns={[
            { name: t("From when on"), sort: ["at", (one) => one.at], isNarrow: true, show: (one) => <button type="button" className="link" onClick={() => setQuery({ open: String(one.id) })}>{dayOrTime(one.at)}</button> },
            { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} /> },
            { name: t("Org unit"), sort: ["orgUnit", (one) => one.orgUnit.path], show: (one) => one.orgUnit.path },
            { name: t("Reason"), show: (one) => one.reason ?? "" },
            { name: t("State"), isNarrow: true, show: (one) => <Holds holds={one.holds} /> },
            { name: t("Quantity"), sort: ["quantity", (one) => one.quantity], isNumber: true, show: (one) => quantity(one.quantity) },
            { name: t("Worth then"), sort: ["value", (one) => one.value], isNumber: true, show: (one) => <strong>{amount(one.value)}</strong> },
          ]}
        />
      </div>
      {open && <FactDialog fact={open} kind="revaluation" title={t("Revaluation of {product}", { product: open.product.identifier })} onClose={() => setQuery({ open: "" })} />}
      {query.new !== "" && <Revalue product={query.product} onClose={() => setQuery({ new: "" })} />}
    </>
  );
}

function Revalue({ product: first, onClose }: { product: string; onClose: () => void }) {
  const [product, setProduct] = useState(first);
  const [orgUnit, setOrgUnit] = useState("");
  const [to, setTo] = useState<"value" | "zero">("value");
  const [value, setValue] = useState("");
  const [at, setAt] = useState("");
  const [reason, setReason] = useState("");
  const body = { product: product || null, orgUnit: orgUnit || null, value: to === "zero" ? "0" : sendable(value), at: at || null, reason };
  const why = product === "" ? t("Name the product first") : to === "value" && value.trim() === "" ? t("Say what it is worth first") : reason.trim() === "" && t("Say why first");
  return (
    <Ask<Revaluation>
      title={t("Revalue")}
      about={t("From that time on the stock is worth so much in all, whatever becomes known of the time before.")}
      path="/v1/revaluations"
      body={body}
      fields={["product", "orgUnit", "value", "at", "reason"]}
      verb={t("Revalue")}
      done={t("Revalued")}
      onClose={onClose}
      why={why}
      wide
      preview={(answer) => <><p>{t("{quantity} of it will be worth {value}.", { quantity: quantity(answer.quantity), value: amount(answer.value) })}</p><FactLines lines={answer.lines} /></>}
    >
      {(faultOf) => (
        <div className="form">
          <Lookup label={t("Product")} of="products" value={product} fault={faultOf("product")} onChange={setProduct} required />
          <Lookup label={t("Org unit")} of="locations" query={{ isOrgUnit: true }} value={orgUnit} fault={faultOf("orgUnit")} onChange={setOrgUnit} placeholder={t("the only one with stock")} />
          <Choice label={t("To")} value={to} onChange={(event) => setTo(event.target.value === "zero" ? "zero" : "value")} options={[["value", t("a value")], ["zero", t("zero: write it off")]]} />
          {to === "value" && <Field label={t("Value of all of it")} inputMode="decimal" value={value} fault={faultOf("value")} onChange={(event) => setValue(event.target.value)} required />}
          <Field label={t("From when on")} type="datetime-local" value={at} fault={faultOf("at")} onChange={(event) => setAt(event.target.value)} />
          <Field label={t("Reason")} wide value={reason} fault={faultOf("reason")} onChange={(event) => setReason(event.target.value)} required />
        </div>
      )}
    </Ask>
  );
}
