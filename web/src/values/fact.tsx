/** What revaluations and landed costs have in common: a reason, lines, and being undone. */
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { Place, Ref } from "../api/types";
import { amount, dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Field } from "../part/Field";
import { Rows } from "../part/List";
import { path } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";

export interface FactLine {
  line: number;
  product: Ref & { identifier: string };
  variant: number | null;
  lot: number | null;
  orgUnit: Place;
  at: string;
  movement?: number;
  quantity: number;
  value?: number;
  amount?: number;
  holds: boolean;
}

export interface Fact {
  id: number;
  createdAt: string;
  reason: string | null;
  holds: boolean;
  lines: FactLine[];
}

export const Holds = ({ holds }: { holds: boolean }) => <span className={holds ? "tag good" : "tag"}>{holds ? t("holds") : t("undone")}</span>;

/** The lines of a fact, or of one that is being tried. */
export function FactLines({ lines }: { lines: readonly FactLine[] }) {
  return (
    <Rows
      caption={t("Lines")}
      items={lines}
      keyOf={(line) => line.line}
      columns={[
        { name: t("Product"), show: (line) => <ProductLink product={line.product} /> },
        { name: t("Org unit"), show: (line) => line.orgUnit.path },
        { name: t("From when on"), isNarrow: true, show: (line) => (line.movement === undefined ? dayOrTime(line.at) : <Link href={path.movement(line.movement)}>{dayOrTime(line.at)}</Link>) },
        { name: t("Quantity"), isNumber: true, show: (line) => quantity(line.quantity) },
        { name: lines[0]?.amount === undefined ? t("Worth then") : t("Share"), isNumber: true, show: (line) => amount(line.value ?? line.amount ?? null) },
      ]}
    />
  );
}

/** One fact with its lines, and undoing it. */
export function FactDialog({ fact, title, kind, onClose }: { fact: Fact; title: string; kind: "revaluation" | "landedCost"; onClose: () => void }) {
  const whyNot = useWhyNot()("STOCK.REVERSE");
  const [isUndoing, setUndoing] = useState(false);
  const [reason, setReason] = useState("");
  if (isUndoing) {
    return (
      <Ask
        title={t("Undo: {what}", { what: title })}
        about={t("Afterwards values are as if it had never been said; both stay readable.")}
        path="/v1/reversals"
        body={{ [kind]: fact.id, reason }}
        fields={["reason"]}
        verb={t("Undo it")}
        done={t("It is undone")}
        onClose={onClose}
        why={reason.trim() === "" && t("Say why it is undone")}
        preview={() => <div className="banner good">{t("It can be undone.")}</div>}
      >
        {(faultOf) => <Field label={t("Reason")} value={reason} fault={faultOf("reason")} onChange={(event) => setReason(event.target.value)} required />}
      </Ask>
    );
  }
  return (
    <Dialog
      title={title}
      wide
      onClose={onClose}
      footer={<><Button kind="danger" icon={<Undo2 size={16} />} onClick={() => setUndoing(true)} why={whyNot ?? (!fact.holds && t("It is undone already"))}>{t("Undo …")}</Button><span className="grow" /><Button onClick={onClose}>{t("Close")}</Button></>}
    >
      <p className="row"><Holds holds={fact.holds} /> <span>{fact.reason}</span></p>
      <FactLines lines={fact.lines} />
    </Dialog>
  );
}
