/** Costs that came later, shared out over what was received. */
import { useQuery } from "@tanstack/react-query";
import { Plus, Ship } from "lucide-react";
import { useState } from "react";
import { get, type Page as ApiPage } from "../api/client";
import type { Movement } from "../api/types";
import { sendable, total } from "../decimal";
import { amount, dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Check, Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Loading } from "../part/Page";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { type Fact, FactDialog, FactLines, Holds } from "./fact";

interface LandedCost extends Fact {
  amount: number;
  by: "quantity" | "value";
  movements: number[];
}

const byName = (by: string): string => (by === "value" ? t("by value") : t("by quantity"));

export function Landed() {
  const [query, setQuery] = useQueryState(["product", "orgUnit", "new", "open"]);
  const whyNot = useWhyNot()("STOCK.VALUE");
  const pages = usePages<LandedCost>("/v1/landed-costs", { product: query.product, orgUnit: query.orgUnit });
  const open = pages.data?.pages.flatMap((page) => page.items).find((one) => String(one.id) === query.open);
  return (
    <>
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Org unit and below")} of="locations" query={{ isOrgUnit: true }} value={query.orgUnit} onChange={(orgUnit) => setQuery({ orgUnit })} />
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot}>{t("Share a cost out")}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Landed costs")}
          keyOf={(one) => one.id}
          empty={<Empty title={query.product || query.orgUnit ? t("No landed cost matches") : t("No cost came later")} icon={<Ship size={32} />}><p>{t("Freight, duty or a late bill: each receipt gets its share, and what was issued since is corrected.")}</p></Empty>}
          columns={[
            { name: t("Recorded"), isNarrow: true, show: (one) => <button type="button" className="link" onClick={() => setQuery({ open: String(one.id) })}>{dayOrTime(one.createdAt)}</button> },
            { name: t("Reason"), show: (one) => one.reason ?? "" },
            { name: t("Shared out"), isNarrow: true, show: (one) => byName(one.by) },
            { name: t("State"), isNarrow: true, show: (one) => <Holds holds={one.holds} /> },
            { name: t("Receipts"), isNumber: true, show: (one) => one.lines.length },
            { name: t("Amount"), isNumber: true, show: (one) => <strong>{amount(one.amount)}</strong> },
          ]}
        />
      </div>
      {open && <FactDialog fact={open} kind="landedCost" title={t("Landed cost of {amount}", { amount: amount(open.amount) })} onClose={() => setQuery({ open: "" })} />}
      {query.new !== "" && <Land onClose={() => setQuery({ new: "" })} />}
    </>
  );
}

function Land({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState<"voucher" | "movements">("voucher");
  const [voucher, setVoucher] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [value, setValue] = useState("");
  const [by, setBy] = useState("value");
  const [reason, setReason] = useState("");
  const body = { ...(on === "voucher" ? { voucher: voucher.trim() || null } : { movements: [...chosen] }), amount: sendable(value), by, reason };
  const why =
    on === "voucher" && voucher.trim() === "" ? t("Name the voucher first") : on === "movements" && chosen.size === 0 ? t("Choose a receipt first") : value.trim() === "" ? t("Say how much first") : reason.trim() === "" && t("Say why first");
  return (
    <Ask<LandedCost>
      title={t("Share a cost out")}
      about={t("Over everything that a voucher received, or over receipts that you choose. Below 0 makes them cheaper.")}
      path="/v1/landed-costs"
      body={body}
      fields={["voucher", "amount", "by", "reason"]}
      verb={t("Share out")}
      done={t("The cost is shared out")}
      onClose={onClose}
      why={why}
      wide
      preview={(answer) => <FactLines lines={answer.lines} />}
    >
      {(faultOf) => (
        <>
          <div className="form">
            <Choice label={t("Over")} value={on} onChange={(event) => setOn(event.target.value === "movements" ? "movements" : "voucher")} options={[["voucher", t("what a voucher received")], ["movements", t("chosen receipts")]]} />
            {on === "voucher" && <Field label={t("Number of the voucher")} inputMode="numeric" value={voucher} fault={faultOf("voucher")} onChange={(event) => setVoucher(event.target.value)} required />}
            <Field label={t("Amount in all")} inputMode="decimal" value={value} fault={faultOf("amount")} onChange={(event) => setValue(event.target.value)} required />
            <Choice label={t("Shared out")} value={by} fault={faultOf("by")} onChange={(event) => setBy(event.target.value)} options={[["value", byName("value")], ["quantity", byName("quantity")]]} />
            <Field label={t("Reason")} wide value={reason} fault={faultOf("reason")} onChange={(event) => setReason(event.target.value)} required />
          </div>
          {on === "movements" && <Receipts chosen={chosen} onChange={setChosen} />}
        </>
      )}
    </Ask>
  );
}

/** Movements that brought something in, newest first, to be ticked. */
function Receipts({ chosen, onChange }: { chosen: ReadonlySet<number>; onChange: (chosen: ReadonlySet<number>) => void }) {
  const [product, setProduct] = useState("");
  const [supplier, setSupplier] = useState("");
  const found = useQuery({
    queryKey: ["receipts", product, supplier],
    enabled: product !== "" || supplier !== "",
    queryFn: ({ signal }) => get<ApiPage<Movement>>("/v1/movements", { product, supplier, limit: 300 }, signal),
  });
  const receipts = found.data?.items.filter((one) => one.from.id < 0 && one.to.id > 0 && one.reverses === null) ?? [];
  const toggle = (id: number): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <section className="stack" aria-label={t("Receipts")}>
      <div className="filters">
        <Lookup label={t("Of product")} of="products" value={product} onChange={setProduct} />
        <Lookup label={t("Of supplier")} of="parties" value={supplier} onChange={setSupplier} />
      </div>
      {!found.isEnabled && <p className="soft">{t("Name a product or a supplier, and what was received is listed here.")}</p>}
      {found.isEnabled && found.isPending && <Loading lines={3} />}
      {found.isError && <div className="banner bad" role="alert">{found.error.message}</div>}
      {found.isSuccess && receipts.length === 0 && <p className="soft">{t("Nothing of that was received")}</p>}
      {receipts.map((one) => (
        <Check
          key={one.id}
          checked={chosen.has(one.id)}
          onChange={() => toggle(one.id)}
          label={<span className="row"><span className="nowrap">{dayOrTime(one.effectiveAt)}</span> <strong>{one.product.identifier}</strong> <span>{quantity(one.quantity)}</span> <span className="soft">{amount(one.amount)}</span> {one.voucher && <span className="soft">{t("voucher {number}", { number: one.voucher.number })}</span>}</span>}
        />
      ))}
      {chosen.size > 0 && <p className="soft">{t("{count, plural, one {# receipt} other {# receipts}} chosen, {amount} in all", { count: chosen.size, amount: amount(total(receipts.filter((one) => chosen.has(one.id)).map((one) => one.amount ?? 0))) })}</p>}
    </section>
  );
}
