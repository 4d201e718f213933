/** Holding stock for somebody. */
import { useState } from "react";
import { sendable } from "../decimal";
import { quantity } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Check, Choice, Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import type { Reservation } from "./Reservations";

export function Hold({ product: first, onClose }: { product: string; onClose: () => void }) {
  const [product, setProduct] = useState(first);
  const [variant, setVariant] = useState("");
  const [location, setLocation] = useState("");
  const [count, setCount] = useState("");
  const [until, setUntil] = useState("");
  const [allocate, setAllocate] = useState("");
  const [isBackorder, setBackorder] = useState(false);
  const [description, setDescription] = useState("");
  const body = {
    product: product || null,
    ...(variant && { variant }),
    location: location || null,
    quantity: sendable(count),
    holdUntil: until || null,
    ...(allocate && { allocate }),
    ...(isBackorder && { allowBackorder: true }),
    description: description.trim() || null,
  };
  return (
    <Ask<Reservation & { lines?: { id: number; quantity: number; location: { path: string } }[] }>
      title={t("Reserve")}
      about={t("All that is asked for is reserved, or nothing.")}
      path="/v1/reservations"
      body={body}
      fields={["product", "variant", "location", "quantity", "holdUntil", "allocate", "allowBackorder", "description"]}
      verb={t("Reserve")}
      done={t("Reserved")}
      onClose={onClose}
      why={product === "" ? t("Name the product first") : count.trim() === "" && t("Say how much first")}
      preview={(answer) => (
        <div className="banner good">
          <div>
            {t("{quantity} would be reserved.", { quantity: quantity(answer.quantity) })}
            {answer.lines?.map((line) => <div key={line.id} className="soft">{quantity(line.quantity)} · {line.location.path}</div>)}
          </div>
        </div>
      )}
    >
      {(faultOf) => (
        <div className="form">
          <Lookup label={t("Product")} of="products" value={product} fault={faultOf("product")} onChange={setProduct} required />
          <Lookup label={t("Variant")} of="variants" query={{ product: product || null }} value={variant} fault={faultOf("variant")} onChange={setVariant} placeholder={t("where it has variants")} />
          <Field label={t("Quantity")} inputMode="decimal" value={count} fault={faultOf("quantity")} onChange={(event) => setCount(event.target.value)} required />
          <Lookup label={t("At, or anywhere below")} of="locations" value={location} fault={faultOf("location")} onChange={setLocation} placeholder={t("anywhere in the house")} />
          <Field label={t("Holds until")} type="datetime-local" value={until} fault={faultOf("holdUntil")} onChange={(event) => setUntil(event.target.value)} />
          <Choice label={t("Which pieces")} value={allocate} fault={faultOf("allocate")} onChange={(event) => setAllocate(event.target.value)} options={[["", t("stays open")], ["fifo", t("what came first")], ["fefo", t("what expires first")], ["lifo", t("what came last")], ["nearest", t("what is nearest")]]} />
          <Field label={t("For")} wide value={description} fault={faultOf("description")} onChange={(event) => setDescription(event.target.value)} />
          <Check label={t("Also more than is there")} checked={isBackorder} onChange={(event) => setBackorder(event.target.checked)} />
        </div>
      )}
    </Ask>
  );
}
