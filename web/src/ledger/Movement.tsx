/** One movement with everything that is known about it, where it leads to, and undoing it. */
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Journal, Movement, Party, Place } from "../api/types";
import { amount, cost, instant, quantity, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Failed, Loading, Page } from "../part/Page";
import { path, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { kindName, moved, Source } from "./columns";
import { Reverse } from "./Reverse";

/** A record that a movement refers to by its id; nothing where there is none. */
function useNamed<T>(kind: string, id: number | null | undefined) {
  return useQuery({ queryKey: [`/v1/${kind}`, id], enabled: Boolean(id), queryFn: () => get<T>(`/v1/${kind}/${id}`), retry: false }).data;
}

export default function MovementPage({ id }: { id: string }) {
  const found = useQuery({ queryKey: ["/v1/movements", id], queryFn: () => get<Movement>(`/v1/movements/${id}`) });
  const whyNot = useWhyNot()("STOCK.REVERSE");
  const [isOpen, setOpen] = useState(false);
  const customer = useNamed<Party>("parties", found.data?.customer);
  const supplier = useNamed<Party>("parties", found.data?.supplier);
  const journal = useNamed<Journal>("journals", found.data?.journal);
  const variant = useNamed<{ identifier: string }>("variants", found.data?.variant);
  if (found.isPending) return <div className="page"><Loading /></div>;
  if (found.isError) return <Page title={t("Movement")}><Failed error={found.error} again={() => void found.refetch()} /></Page>;
  const one = found.data;
  const product = one.product.identifier ?? one.product.id;
  const place = (at: Place) => (at.id < 0 ? <span className="soft">{at.path}</span> : <Link href={withQuery(path.stock(), { product, location: at.path })}>{at.path}</Link>);
  const party = (of: Party | undefined, number: number | null) => number !== null && <Link href={withQuery(path.ledger(), { [number === one.customer ? "customer" : "supplier"]: of?.code ?? number })}>{of ? of.name || of.code : number}</Link>;
  const facts: [string, React.ReactNode][] = [
    [t("Product"), <ProductLink key="p" product={one.product} />],
    [t("Variant"), variant?.identifier ?? one.variant],
    [t("Lot"), one.lot && <Link href={path.lot(one.lot.uid)}>{one.lot.name}</Link>],
    [t("From"), place(one.from)],
    [t("To"), place(one.to)],
    [t("Quantity"), <strong key="q">{moved(one)}</strong>],
    [t("Counted total"), one.counted === null ? null : `${quantity(one.counted)} ${one.unit ?? ""}`],
    [t("Unit cost"), cost(one.unitCost)],
    [t("Amount"), amount(one.amount)],
    [t("Customer"), party(customer, one.customer)],
    [t("Supplier"), party(supplier, one.supplier)],
    [t("External reference"), one.externalReference && `${one.externalReference.type} ${one.externalReference.id}`],
    [t("Credit note of"), one.creditNoteReference && `${one.creditNoteReference.type} ${one.creditNoteReference.id}`],
    [t("Description"), one.description],
  ];
  const origin: [string, React.ReactNode][] = [
    [t("Kind"), kindName(one.kind)],
    [t("Source"), <Source key="s" movement={one} />],
    [t("Journal"), one.journal !== null && <Link href={path.journal(one.journal)}>{journal?.name ?? one.journal}</Link>],
    [t("True since"), instant(one.effectiveAt)],
    [t("Booked"), instant(one.bookedAt)],
    [t("Org unit"), one.orgUnit.path],
    [t("Batch"), <Link key="b" href={withQuery(path.ledger(), { batch: one.batch })}>{t("{batch}, line {line}", { batch: one.batch, line: one.line + 1 })}</Link>],
    [t("Position"), whole(one.position)],
  ];
  const pairs = (of: [string, React.ReactNode][]) => (
    <dl className="pairs body">
      {of.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false).map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
  return (
    <Page
      title={t("Movement {id}", { id: one.id })}
      about={<Link href={withQuery(path.ledger(), { product, lot: one.lot?.uid ?? "" })}>{t("All movements of {product}", { product: one.lot?.name ?? product })}</Link>}
      actions={<Button icon={<Undo2 size={16} />} onClick={() => setOpen(true)} why={whyNot ?? (one.reverses !== null && t("It is itself a reversal; book it anew instead"))}>{t("Reverse …")}</Button>}
    >
      <div className="columns">
        <section className="card"><header><h2>{t("What moved")}</h2></header>{pairs(facts)}</section>
        <section className="card"><header><h2>{t("How that came about")}</h2></header>{pairs(origin)}</section>
      </div>
      {isOpen && <Reverse movement={one} onClose={() => setOpen(false)} />}
    </Page>
  );
}
