/** The recall report: whom and what a lot has reached, and whether everything of it is accounted for. */
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Lot, Place } from "../api/types";
import { quantity, time } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Rows } from "../part/List";
import { Failed, Loading } from "../part/Page";
import { path } from "../path";

interface Named {
  id: number;
  name?: string;
  code?: string;
  number?: number;
}
interface Report {
  unit: string;
  made: number;
  shipped: number;
  onHand: number;
  consumed: number;
  scrapped: number;
  returned: number;
  unexplained: number;
  affected: { lot: { id: number; uid: string; name: string }; depth: number }[];
  customers: { party: Named | null; voucher: Named | null; quantity: number; at: string }[];
  locations: { location: Place; quantity: number }[];
  position: number;
}

export function Recall({ lot }: { lot: Lot }) {
  const report = useQuery({ queryKey: ["recall", lot.uid], queryFn: ({ signal }) => get<Report>(`/v1/lots/${encodeURIComponent(lot.uid)}/recall`, {}, signal) });
  if (report.isPending) return <Loading />;
  if (report.isError) return <Failed error={report.error} again={() => void report.refetch()} />;
  const one = report.data;
  const figures: [string, number][] = [
    [t("Made or received"), one.made], [t("Returned"), one.returned], [t("Shipped"), one.shipped], [t("Used up"), one.consumed],
    [t("Scrapped"), one.scrapped], [t("On hand"), one.onHand], [t("Unexplained"), one.unexplained],
  ];
  const nothing = (text: string) => <p className="body soft">{text}</p>;
  return (
    <div className="stack">
      <div className="row no-print">
        <p className="soft grow">{t("As of ledger position {position}.", { position: one.position })}</p>
        <Button icon={<Printer size={16} />} onClick={() => print()}>{t("Print")}</Button>
      </div>
      <section className="card">
        <header><h2>{t("Mass balance")}</h2></header>
        <Rows caption={t("Mass balance")} items={figures} keyOf={([name]) => name} columns={[{ name: t("What"), show: ([name]) => name }, { name: t("Quantity"), isNumber: true, show: ([name, value]) => <span className={name === t("Unexplained") && value !== 0 ? "bad" : ""}>{quantity(value)} {one.unit}</span> }]} />
      </section>
      <section className="card">
        <header><h2>{t("Customers who have it")}</h2></header>
        <Rows
          caption={t("Customers who have it")}
          items={one.customers}
          keyOf={(row) => `${row.party?.id}/${row.voucher?.id}/${row.at}/${row.quantity}`}
          empty={nothing(t("No customer has any of it"))}
          columns={[
            { name: t("Customer"), show: (row) => row.party?.name ?? row.party?.code ?? t("unnamed") },
            { name: t("Voucher"), show: (row) => row.voucher?.number ?? "" },
            { name: t("When"), show: (row) => time(row.at) },
            { name: t("Quantity"), isNumber: true, show: (row) => `${quantity(row.quantity)} ${one.unit}` },
          ]}
        />
      </section>
      <section className="card">
        <header><h2>{t("Where it stands")}</h2></header>
        <Rows caption={t("Where it stands")} items={one.locations} keyOf={(row) => row.location.id} empty={nothing(t("Nothing of it is left"))} columns={[{ name: t("Location"), show: (row) => row.location.path }, { name: t("Quantity"), isNumber: true, show: (row) => `${quantity(row.quantity)} ${one.unit}` }]} />
      </section>
      <section className="card">
        <header><h2>{t("Lots that hold some of it")}</h2></header>
        <Rows caption={t("Lots that hold some of it")} items={one.affected} keyOf={(row) => row.lot.uid} empty={nothing(t("It went into no other lot"))} columns={[{ name: t("Lot"), show: (row) => <Link href={path.lot(row.lot.uid)}>{row.lot.name}</Link> }, { name: t("Level"), isNumber: true, show: (row) => row.depth }]} />
      </section>
    </div>
  );
}
