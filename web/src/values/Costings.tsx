/** How products are valued, as dated facts: the method, and the standard cost. */
import { Calculator, Plus } from "lucide-react";
import { useState } from "react";
import { sendable } from "../decimal";
import { cost, dayOrTime } from "../format";
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

interface Costing {
  id: number;
  product: number;
  identifier: string;
  variant: number | null;
  costing: string | null;
  standardCost: number | null;
  at: string | null;
  createdAt: string;
  reason: string | null;
}

const methods = (): [string, string][] => [["average", t("moving average")], ["fifo", t("first in, first out")], ["standard", t("standard cost")], ["specific", t("cost of the lot")]];

export function Costings() {
  const [query, setQuery] = useQueryState(["product", "new"]);
  const whyNot = useWhyNot()("STOCK.VALUE");
  const pages = usePages<Costing>("/v1/costings", { product: query.product });
  return (
    <>
      <div className="filters">
        <Lookup label={t("Product")} of="products" wide value={query.product} onChange={(product) => setQuery({ product })} />
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot}>{t("Value differently")}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("How products are valued")}
          keyOf={(one) => one.id}
          empty={<Empty title={query.product ? t("Nothing was said about that product") : t("Nothing was said yet")} icon={<Calculator size={32} />}><p>{t("A later word on a later time still holds; nothing here is ever changed. To take a word back, say what held before from the same time on.")}</p></Empty>}
          columns={[
            { name: t("Product"), show: (one) => <ProductLink product={{ id: one.product, identifier: one.identifier }} /> },
            { name: t("Valued by"), show: (one) => methods().find(([method]) => method === one.costing)?.[1] ?? <span className="soft">{t("as before")}</span> },
            { name: t("From when on"), isNarrow: true, show: (one) => (one.at ? dayOrTime(one.at) : t("always")) },
            { name: t("Reason"), show: (one) => one.reason ?? "" },
            { name: t("Said"), isNarrow: true, show: (one) => dayOrTime(one.createdAt) },
            { name: t("Standard cost"), isNumber: true, show: (one) => (one.standardCost === null ? <span className="soft">–</span> : <strong>{cost(one.standardCost)}</strong>) },
          ]}
        />
      </div>
      {query.new !== "" && <Change product={query.product} onClose={() => setQuery({ new: "" })} />}
    </>
  );
}

function Change({ product: first, onClose }: { product: string; onClose: () => void }) {
  const [product, setProduct] = useState(first);
  const [variant, setVariant] = useState("");
  const [method, setMethod] = useState("");
  const [standard, setStandard] = useState("");
  const [at, setAt] = useState("");
  const [reason, setReason] = useState("");
  const body = { product: product || null, variant: variant || null, costing: method || null, standardCost: sendable(standard), at: at || null, reason };
  const why = product === "" ? t("Name the product first") : method === "" && standard.trim() === "" ? t("Say a method or a standard cost first") : reason.trim() === "" && t("Say why first");
  return (
    <Ask<Costing>
      title={t("Value differently")}
      about={t("What is dated from then on is valued so, whenever it becomes known.")}
      path="/v1/costings"
      body={body}
      fields={["product", "variant", "costing", "standardCost", "at", "reason"]}
      verb={t("Decide")}
      done={t("Decided")}
      onClose={onClose}
      why={why}
      preview={(answer) => (
        <div className="banner good">
          {[answer.identifier || product, methods().find(([name]) => name === answer.costing)?.[1], answer.standardCost !== null && t("standard cost {cost}", { cost: cost(answer.standardCost) }), answer.at ? t("from {time} on", { time: dayOrTime(answer.at) }) : t("from now on")].filter(Boolean).join(" · ")}
        </div>
      )}
    >
      {(faultOf) => (
        <div className="form">
          <Lookup label={t("Product")} of="products" value={product} fault={faultOf("product")} onChange={setProduct} required />
          <Lookup label={t("Only this variant")} of="variants" query={{ product: product || null }} value={variant} fault={faultOf("variant")} onChange={setVariant} placeholder={t("all")} />
          <Choice label={t("Valued by")} value={method} fault={faultOf("costing")} onChange={(event) => setMethod(event.target.value)} options={[["", t("as before")], ...methods()]} />
          <Field label={t("Standard cost of one")} inputMode="decimal" value={standard} fault={faultOf("standardCost")} onChange={(event) => setStandard(event.target.value)} placeholder={t("as before")} />
          <Field label={t("From when on")} type="datetime-local" value={at} fault={faultOf("at")} onChange={(event) => setAt(event.target.value)} />
          <Field label={t("Reason")} wide value={reason} fault={faultOf("reason")} onChange={(event) => setReason(event.target.value)} required />
        </div>
      )}
    </Ask>
  );
}
