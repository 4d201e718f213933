/** One movement with everything that is known about it, and undoing it with a look at the effect first. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { get, post } from "../api/client";
import type { Movement } from "../api/types";
import { amount, cost, instant, quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Field } from "../part/Field";
import { Failed, Loading, Page } from "../part/Page";
import { say } from "../part/toast";
import { path, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { Source } from "./columns";

export default function MovementPage({ id }: { id: string }) {
  const found = useQuery({ queryKey: ["/v1/movements", id], queryFn: () => get<Movement>(`/v1/movements/${id}`) });
  const whyNot = useWhyNot()("STOCK.REVERSE");
  const [isOpen, setOpen] = useState(false);
  if (found.isPending) return <Loading />;
  if (found.isError) return <Page title={t("Movement")}><Failed error={found.error} /></Page>;
  const one = found.data;
  const facts: [string, React.ReactNode][] = [
    [t("Product"), <ProductLink key="p" product={one.product} />],
    [t("Variant"), one.variant?.identifier],
    [t("Lot"), one.lot && <Link href={path.lot(one.lot.uid)}>{one.lot.name}</Link>],
    [t("From"), one.from.path],
    [t("To"), one.to.path],
    [t("Quantity"), quantity(one.quantity)],
    [t("Counted total"), one.counted === null ? null : quantity(one.counted)],
    [t("Unit cost"), cost(one.unitCost)],
    [t("Amount"), amount(one.amount)],
    [t("True since"), instant(one.effectiveAt)],
    [t("Booked"), instant(one.bookedAt)],
    [t("Kind"), one.kind],
    [t("Source"), <Source key="s" movement={one} />],
    [t("Batch"), <Link key="b" href={withQuery(path.ledger(), { batch: one.batch })}>{one.batch}</Link>],
    [t("Position"), one.position],
    [t("Org unit"), one.orgUnit.path],
    [t("External reference"), one.externalReference && `${one.externalReference.type} ${one.externalReference.id}`],
    [t("Credit note of"), one.creditNoteReference && `${one.creditNoteReference.type} ${one.creditNoteReference.id}`],
    [t("Description"), one.description],
  ];
  return (
    <Page
      title={t("Movement {id}", { id: one.id })}
      actions={<Button icon={<Undo2 size={16} />} onClick={() => setOpen(true)} why={whyNot ?? (one.reverses !== null && t("It is itself a reversal; book it anew instead"))}>{t("Reverse …")}</Button>}
    >
      <div className="card">
        <dl className="pairs body">
          {facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}><dt>{name}</dt><dd>{value}</dd></div>
          ))}
        </dl>
      </div>
      {isOpen && <Reverse movement={one} onClose={() => setOpen(false)} />}
    </Page>
  );
}

function Reverse({ movement, onClose }: { movement: Movement; onClose: () => void }) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [reason, setReason] = useState("");
  const body = { movement: movement.id, reason: reason || t("Reversed by hand") };
  const preview = useQuery({ queryKey: ["reversal", movement.id], queryFn: () => post<Record<string, unknown>>("/v1/reversals", { movement: movement.id, reason: "preview" }, { dryRun: true }), retry: false });
  const act = useMutation({
    mutationFn: () => post<{ movements?: number[] }>("/v1/reversals", body),
    onSuccess: (answer) => {
      void queries.invalidateQueries();
      say(t("Reversed"));
      onClose();
      const made = answer.movements?.[0];
      if (made !== undefined) go(path.movement(made));
    },
  });
  return (
    <Dialog
      title={t("Reverse movement {id}", { id: movement.id })}
      onClose={onClose}
      onSubmit={() => act.mutate()}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" why={preview.isPending ? t("Looking at the effect") : preview.isError ? preview.error.message : act.isPending && t("Booking")}>{t("Reverse")}</Button>
        </>
      }
    >
      <p>{t("A counter-movement is booked; the first one stays as it is.")}</p>
      {preview.isPending && <Loading lines={2} />}
      {preview.isError && <div className="banner bad" role="alert">{preview.error.message}</div>}
      {preview.isSuccess && (
        <table className="table">
          <caption className="visually-hidden">{t("What will happen")}</caption>
          <thead><tr><th>{t("From")}</th><th>{t("To")}</th><th className="number">{t("Quantity")}</th><th className="number">{t("Amount")}</th></tr></thead>
          <tbody>
            <tr>
              <td>{movement.to.path}</td>
              <td>{movement.from.path}</td>
              <td className="number">{quantity(movement.quantity)}</td>
              <td className="number">{amount(movement.amount)}</td>
            </tr>
          </tbody>
        </table>
      )}
      <Field label={t("Reason")} value={reason} onChange={(event) => setReason(event.target.value)} required />
      {act.error && <p className="fault" role="alert">{act.error.message}</p>}
    </Dialog>
  );
}
