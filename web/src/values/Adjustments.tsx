/** What became known of closed days: where it stands, why, and who has approved it. */
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { Place, Ref } from "../api/types";
import { amount, date, dayOrTime, time } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Choice, Field } from "../part/Field";
import { List, Rows, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty } from "../part/Page";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";

interface Adjustment {
  id: number;
  bookedAt: string;
  product: Ref & { identifier: string };
  orgUnit: Place;
  kind: string;
  counterpart: Place;
  amount: number;
  at: string;
  from: string | null;
  until: string | null;
  days: { day: string; amount: number }[];
  causes: { position: number; batch: number; kind: string; reason: string | null }[];
  approved: boolean;
  approvedAt: string | null;
  note: string | null;
}

const day = (text: string): string => date(`${text.slice(0, 10)}T12:00:00`);
export const kindName = (kind: string): string => ({ settlement: t("settlement"), revaluation: t("revaluation"), landedCost: t("landed cost"), variance: t("variance") })[kind] ?? kind;

export function Adjustments() {
  const [query, setQuery] = useQueryState(["product", "orgUnit", "approved", "open"]);
  const pages = usePages<Adjustment>("/v1/adjustments", { product: query.product, orgUnit: query.orgUnit, approved: query.approved === "" ? false : query.approved === "all" ? "" : true });
  const open = pages.data?.pages.flatMap((page) => page.items).find((one) => String(one.id) === query.open);
  return (
    <>
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Org unit and below")} of="locations" query={{ isOrgUnit: true }} value={query.orgUnit} onChange={(orgUnit) => setQuery({ orgUnit })} />
        <Choice label={t("Show")} value={query.approved} onChange={(event) => setQuery({ approved: event.target.value })} options={[["", t("waiting")], ["yes", t("approved")], ["all", t("everything")]]} />
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Adjustments")}
          keyOf={(one) => one.id}
          empty={<Empty title={query.approved === "" ? t("Nothing waits for approval") : t("No adjustment matches")} icon={<CircleCheck size={32} />}><p>{t("What becomes known of a closed day is listed here.")}</p></Empty>}
          columns={[
            { name: t("Stands on"), sort: ["at", (one) => one.at], isNarrow: true, show: (one) => <button type="button" className="link" onClick={() => setQuery({ open: String(one.id) })}>{dayOrTime(one.at)}</button> },
            { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} /> },
            { name: t("Org unit"), sort: ["orgUnit", (one) => one.orgUnit.path], show: (one) => one.orgUnit.path },
            { name: t("Kind"), sort: ["kind", (one) => kindName(one.kind)], isNarrow: true, show: (one) => kindName(one.kind) },
            { name: t("Comes from"), isNarrow: true, show: (one) => (one.from === null ? "" : one.from === one.until || one.until === null ? day(one.from) : `${day(one.from)} – ${day(one.until)}`) },
            { name: t("State"), isNarrow: true, show: (one) => <span className={one.approved ? "tag good" : "tag warn"}>{one.approved ? t("approved") : t("waits")}</span> },
            { name: t("Amount"), sort: ["amount", (one) => one.amount], isNumber: true, show: (one) => <strong className={one.amount < 0 ? "bad" : ""}>{amount(one.amount)}</strong> },
          ]}
        />
      </div>
      {open && <One one={open} onClose={() => setQuery({ open: "" })} />}
    </>
  );
}

function One({ one, onClose }: { one: Adjustment; onClose: () => void }) {
  const whyNot = useWhyNot()("STOCK.VALUE");
  const [isAsked, setAsked] = useState(false);
  const [note, setNote] = useState("");
  if (isAsked) {
    return (
      <Ask
        title={t("Approve {amount} of {product}", { amount: amount(one.amount), product: one.product.identifier })}
        path={`/v1/adjustments/${one.id}/approve`}
        body={{ note: note.trim() || null }}
        fields={["note"]}
        verb={t("Approve")}
        done={t("Approved")}
        onClose={onClose}
      >
        {(faultOf) => <Field label={t("Note")} value={note} fault={faultOf("note")} onChange={(event) => setNote(event.target.value)} />}
      </Ask>
    );
  }
  return (
    <Dialog
      title={t("Adjustment of {product}", { product: one.product.identifier })}
      wide
      onClose={onClose}
      footer={<><Button onClick={onClose}>{t("Close")}</Button><Button kind="primary" onClick={() => setAsked(true)} why={whyNot ?? (one.approved && t("It is approved already"))}>{t("Approve …")}</Button></>}
    >
      <dl className="pairs">
        <dt>{t("Amount")}</dt><dd><strong>{amount(one.amount)}</strong> {kindName(one.kind)}, {one.counterpart.path}</dd>
        <dt>{t("Stands on")}</dt><dd>{dayOrTime(one.at)}, {one.orgUnit.path}</dd>
        <dt>{t("Known since")}</dt><dd>{time(one.bookedAt)}</dd>
        {one.approvedAt && <><dt>{t("Approved")}</dt><dd>{time(one.approvedAt)} {one.note}</dd></>}
      </dl>
      <h3>{t("The closed days that it comes from")}</h3>
      <Rows caption={t("Days")} items={one.days} keyOf={(of) => of.day} columns={[{ name: t("Day"), show: (of) => day(of.day) }, { name: t("Amount"), isNumber: true, show: (of) => amount(of.amount) }]} />
      <h3>{t("Why")}</h3>
      <Rows
        caption={t("Why")}
        items={one.causes}
        keyOf={(cause) => cause.position}
        empty={<p className="soft">{t("Nothing is known")}</p>}
        columns={[
          { name: t("Batch"), show: (cause) => <Link href={withQuery(path.ledger(), { batch: cause.batch })}>{cause.batch}</Link> },
          { name: t("Kind"), show: (cause) => cause.kind },
          { name: t("Reason"), show: (cause) => cause.reason ?? "" },
        ]}
      />
    </Dialog>
  );
}
