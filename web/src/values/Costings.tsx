/** How products are valued, as dated facts: the method, and the standard cost. */
import { useQuery } from "@tanstack/react-query";
import { Calculator, Plus } from "lucide-react";
import { useState } from "react";
import { all } from "../api/client";
import type { Valuation } from "../api/types";
import { parseDecimal, plain, sendable, toMillionths, total } from "../decimal";
import { amount, cost, dayOrTime, quantity, whole } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { useForm } from "../part/form";
import { List, Rows, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Loading } from "../part/Page";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { before, type Costing, methodName, methods, underStandard } from "./costing";

const WORDS_MAX = 1_000;
const MOVEMENTS_COUNTED = 1_000;

export function Costings() {
  const [query, setQuery] = useQueryState(["product", "new", "back"]);
  const whyNot = useWhyNot()("STOCK.VALUE");
  const pages = usePages<Costing>("/v1/costings", { product: query.product });
  const back = pages.data?.pages.flatMap((page) => page.items).find((one) => String(one.id) === query.back);
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
          empty={<Empty title={query.product ? t("Nothing was decided about that product") : t("Nothing was decided yet")} icon={<Calculator size={32} />}><p>{t("What is decided for a later time still holds then; nothing here is ever changed. A decision is taken back by another, from the same time on.")}</p></Empty>}
          columns={[
            { name: t("Product"), sort: ["product", (one) => one.identifier], show: (one) => <ProductLink product={{ id: one.product, identifier: one.identifier }} /> },
            { name: t("Valued by"), show: (one) => methodName(one.costing) ?? <span className="soft">{t("as before")}</span> },
            { name: t("From when on"), sort: ["at", (one) => one.at], isNarrow: true, show: (one) => (one.at ? dayOrTime(one.at) : t("always")) },
            { name: t("Reason"), show: (one) => one.reason ?? "" },
            { name: t("Recorded"), sort: ["recorded", (one) => one.createdAt], isNarrow: true, show: (one) => dayOrTime(one.createdAt) },
            { name: t("Standard cost"), isNumber: true, show: (one) => (one.standardCost === null ? <span className="soft">–</span> : <strong>{cost(one.standardCost)}</strong>) },
            { name: "", isNarrow: true, show: (one) => <Button aria-label={t("Take back the decision on {product} of {when}", { product: one.identifier, when: one.at ? dayOrTime(one.at) : t("always") })} onClick={() => setQuery({ back: String(one.id) })} why={whyNot ?? (one.at === null && t("It is what held first; there was nothing before it"))}>{t("Take back …")}</Button> },
          ]}
        />
      </div>
      {query.new !== "" && <Change product={query.product} onClose={() => setQuery({ new: "" })} />}
      {back && <TakeBack word={back} onClose={() => setQuery({ back: "" })} />}
    </>
  );
}

function Change({ product: first, onClose }: { product: string; onClose: () => void }) {
  const { values, given, typed, found } = useForm({ product: first, variant: "", costing: "", standardCost: "", at: "", reason: "" });
  const body = { product: given("product"), variant: given("variant"), costing: given("costing"), standardCost: sendable(values.standardCost), at: given("at"), reason: values.reason };
  const why = !given("product") ? t("Name the product first") : !given("costing") && !given("standardCost") ? t("Say a method or a standard cost first") : !given("reason") && t("Say why first");
  return (
    <Ask<Costing>
      title={t("Value differently")}
      about={t("What is dated from then on is valued so, whenever it becomes known. It can be taken back by another decision, from the same time on.")}
      path="/v1/costings"
      body={body}
      fields={["product", "variant", "costing", "standardCost", "at", "reason"]}
      verb={t("Decide")}
      done={t("Decided")}
      onClose={onClose}
      why={why}
      wide
      preview={(answer) => <Effect word={answer} />}
    >
      {(faultOf) => (
        <div className="form">
          <Lookup label={t("Product")} of="products" {...found("product")} fault={faultOf("product")} required />
          <Lookup label={t("Only this variant")} of="variants" query={{ product: given("product") }} {...found("variant")} fault={faultOf("variant")} placeholder={t("all")} />
          <Choice label={t("Valued by")} {...typed("costing")} fault={faultOf("costing")} options={[["", t("as before")], ...methods()]} />
          <Field label={t("Standard cost of one")} inputMode="decimal" {...typed("standardCost")} fault={faultOf("standardCost")} placeholder={t("as before")} />
          <Field label={t("From when on")} type="datetime-local" {...typed("at")} fault={faultOf("at")} />
          <Field label={t("Reason")} wide {...typed("reason")} fault={faultOf("reason")} required />
        </div>
      )}
    </Ask>
  );
}

/** Says from the same time on what held before a word. */
function TakeBack({ word, onClose }: { word: Costing; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const words = useQuery({ queryKey: ["/v1/costings", "of", word.product], queryFn: ({ signal }) => all<Costing>("/v1/costings", { product: word.product }, WORDS_MAX, signal) });
  const held = before(words.data ?? [], word);
  const costing = word.costing === null ? null : held.costing;
  const standardCost = word.standardCost === null || held.standardCost === null ? null : plain(toMillionths(held.standardCost));
  const body = { product: word.product, variant: word.variant, costing, standardCost, at: word.at, reason };
  const isNothing = costing === null && standardCost === null;
  const said = [methodName(costing), standardCost !== null && t("standard cost {cost}", { cost: cost(Number(standardCost)) })].filter(Boolean).join(", ");
  return (
    <Ask<Costing>
      title={t("Take back a decision on {product}", { product: word.identifier })}
      about={words.isPending ? t("Loading") : isNothing ? t("Nothing was decided before it that could hold instead.") : t("From {time} on it will be valued again as before: {said}. Both decisions stay readable.", { time: dayOrTime(word.at ?? ""), said })}
      path="/v1/costings"
      body={body}
      fields={["reason"]}
      verb={t("Take back")}
      done={t("Taken back")}
      onClose={onClose}
      why={words.isPending ? t("Loading") : isNothing ? t("Nothing was decided before it that could hold instead.") : reason.trim() === "" && t("Say why first")}
      wide
      preview={(answer) => <Effect word={answer} />}
    >
      {(faultOf) => <Field label={t("Reason")} value={reason} fault={faultOf("reason")} onChange={(event) => setReason(event.target.value)} required />}
    </Ask>
  );
}

/** What a word would mean: the stock at its time, what a standard makes of it, and how many movements are valued anew. */
function Effect({ word }: { word: Costing }) {
  const at = word.at ?? "";
  const found = useQuery({
    queryKey: ["costing-effect", word.product, word.variant, at],
    queryFn: async ({ signal }) => {
      const [values, later, words] = await Promise.all([
        all<Valuation>("/v1/valuation", { product: word.product, variant: word.variant, asOf: at }, 2_000, signal),
        all<{ id: number }>("/v1/movements", { product: word.product, variant: word.variant, from: at }, MOVEMENTS_COUNTED, signal),
        all<Costing>("/v1/costings", { product: word.product }, WORDS_MAX, signal),
      ]);
      return { values, later: later.length, words };
    },
    staleTime: 0,
  });
  if (found.isPending) return <Loading lines={3} />;
  if (found.isError) return <div className="banner warn">{found.error.message}</div>;
  const { values, later, words } = found.data;
  const held = before(words, word);
  const method = word.costing ?? held.costing ?? values[0]?.method ?? null;
  const standard = word.standardCost ?? held.standardCost;
  const pools = underStandard(values, method === "standard" && standard !== null ? (parseDecimal(plain(toMillionths(standard))) ?? null) : null);
  const [now, then] = [total(values.map((one) => one.value)), pools.every((pool) => pool.then !== null) && pools.length > 0 ? total(pools.map((pool) => pool.then ?? 0)) : null];
  return (
    <>
      <div className="banner good">{[word.identifier, methodName(method), standard !== null && method === "standard" && t("standard cost {cost}", { cost: cost(standard) }), at ? t("from {time} on", { time: dayOrTime(at) }) : t("from now on")].filter(Boolean).join(" · ")}</div>
      <Rows
        caption={t("The stock at that time")}
        items={pools}
        keyOf={({ valuation: one }) => `${one.orgUnit.id}/${one.variant?.id ?? 0}/${one.lot?.id ?? 0}`}
        empty={<p className="soft">{t("None of it stood anywhere then; only what comes is valued so.")}</p>}
        columns={[
          { name: t("Org unit"), show: ({ valuation }) => valuation.orgUnit.path },
          { name: t("Variant"), has: ({ valuation }) => valuation.variant, show: ({ valuation }) => valuation.variant?.identifier ?? "" },
          { name: t("Method so far"), isNarrow: true, show: ({ valuation }) => methodName(valuation.method) ?? valuation.method },
          { name: t("Quantity"), isNumber: true, show: ({ valuation }) => `${quantity(valuation.quantity)} ${valuation.unit ?? ""}` },
          { name: t("Worth so far"), isNumber: true, show: ({ valuation }) => amount(valuation.value) },
          { name: t("Worth then"), isNumber: true, has: (pool) => pool.then !== null, show: (pool) => <strong>{amount(pool.then)}</strong> },
        ]}
      />
      {then !== null && <p>{t("The stock at that time changes from {now} to {then}; the difference of {difference} is a revaluation.", { now: amount(now), then: amount(then), difference: amount(Number(plain(toMillionths(then) - toMillionths(now)))) })}</p>}
      <p>{later === 0 ? t("Nothing has moved since then, so no movement is valued anew.") : t("{count} movements since then are valued anew; what that changes shows a moment later as value entries, those of closed days as adjustments to be approved.", { count: later >= MOVEMENTS_COUNTED ? t("{count} or more", { count: whole(MOVEMENTS_COUNTED) }) : whole(later) })}</p>
    </>
  );
}
