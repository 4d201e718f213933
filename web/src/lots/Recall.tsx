/** The recall report: whom and what a lot has reached, and whether everything of it is accounted for. */
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Lot, LotRef, Place, Ref } from "../api/types";
import { dayOrTime, quantity, time, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Rows } from "../part/List";
import { Failed, Loading } from "../part/Page";
import { path, withQuery } from "../path";
import { useMe } from "../session";
import { PlaceName } from "../ledger/columns";
import { byCustomer, type Shipped } from "./recall";
import { statusName } from "./status";

interface Report {
  product: Ref;
  unit: string;
  made: number;
  shipped: number;
  onHand: number;
  consumed: number;
  scrapped: number;
  returned: number;
  unexplained: number;
  affected: { lot: LotRef; depth: number }[];
  customers: Shipped[];
  locations: { lot: LotRef; location: Place; quantity: number; unit: string }[];
  /** What others have and delivered, whose places one may not look into. */
  elsewhere: { lot: LotRef; delivered: number; onHand: number; unit: string }[];
  truncated: boolean;
  position: number;
}

/** 0 has no sign. */
const less = (value: number): number => (value === 0 ? 0 : -value);

export function Recall({ lot }: { lot: Lot }) {
  const me = useMe();
  const report = useQuery({ queryKey: ["recall", lot.uid], queryFn: ({ signal }) => get<Report>(`/v1/lots/${encodeURIComponent(lot.uid)}/recall`, {}, signal) });
  if (report.isPending) return <Loading />;
  if (report.isError) return <Failed error={report.error} again={() => void report.refetch()} />;
  const one = report.data;
  const amount = (value: number) => `${quantity(value)} ${one.unit}`;
  // What came in, then where all of it is; the last line is what is missing.
  const figures: [string, number, string?][] = [
    [t("Made or received"), one.made], [t("Shipped"), less(one.shipped)], [t("Used up"), less(one.consumed)], [t("Scrapped"), less(one.scrapped)], [t("Returned"), less(one.returned)],
    [t("On hand"), less(one.onHand), withQuery(path.stock(), { product: one.product.identifier, lot: lot.uid })], [t("Unexplained"), one.unexplained],
  ];
  const customers = byCustomer(one.customers);
  const nothing = (text: string) => <p className="body soft">{text}</p>;
  const link = (of: LotRef) => (of.uid === lot.uid ? <strong>{of.name}</strong> : <Link href={withQuery(path.lot(of.uid), { view: "recall" })}>{of.name}</Link>);
  const product = [one.product.identifier, one.product.name !== one.product.identifier && one.product.name].filter(Boolean).join(" ");
  const read = new Date(report.dataUpdatedAt).toISOString();
  return (
    <div className="stack recall">
      <div className="print-only">
        <h2>{t("Recall report of lot {name}", { name: lot.name })}</h2>
        <p>{[product, statusName(lot.status), lot.expiresAt && t("expires {day}", { day: dayOrTime(lot.expiresAt) }), t("ULID {uid}", { uid: lot.uid })].filter(Boolean).join(" · ")}</p>
        <p>{t("{tenant}; as the ledger stood at position {position}, read {when} by {name}.", { tenant: me.tenant.name, position: whole(one.position), when: time(read), name: me.user.name })}</p>
      </div>
      <div className="row no-print">
        <p className="soft grow">{t("As of ledger position {position}, read {when}.", { position: whole(one.position), when: time(read) })}</p>
        <Button icon={<Printer size={16} />} onClick={() => print()}>{t("Print")}</Button>
      </div>
      {one.truncated && <div className="banner warn">{t("More lots hold some of it than this report can show. Look at the recalls of the lots below, too.")}</div>}
      <div className="columns">
        <section className="card">
          <header><h2 className="grow">{t("Mass balance of {lot}", { lot: lot.name })}</h2><span className={one.unexplained === 0 ? "tag good" : "tag bad"}>{one.unexplained === 0 ? t("adds up") : t("does not add up")}</span></header>
          <Rows
            caption={t("Mass balance")}
            items={figures}
            keyOf={([name]) => name}
            columns={[
              { name: t("What"), show: ([name]) => (name === t("Unexplained") ? <strong>{name}</strong> : name) },
              { name: t("Quantity"), isNumber: true, show: ([name, value, to]) => (name === t("Unexplained") ? <strong className={value === 0 ? "" : "bad"}>{amount(value)}</strong> : to && value !== 0 ? <Link href={to}>{amount(value)}</Link> : amount(value)) },
            ]}
          />
        </section>
        <section className="card">
          <header><h2>{t("Where it stands, and what was made of it")}</h2></header>
          <Rows
            caption={t("Where it stands, and what was made of it")}
            items={one.locations}
            keyOf={(row) => `${row.lot.id}/${row.location.id}`}
            empty={nothing(t("Nothing of it is left"))}
            columns={[
              { name: t("Lot"), show: (row) => link(row.lot) },
              { name: t("Location"), show: (row) => <PlaceName place={row.location} /> },
              { name: t("Quantity"), isNumber: true, show: (row) => `${quantity(row.quantity)} ${row.unit}` },
            ]}
          />
        </section>
      </div>
      <section className="card">
        <header><h2 className="grow">{t("Customers who have it, or what was made of it")}</h2>{customers.length > 0 && <span className="soft small">{t("{count, plural, one {# customer} other {# customers}}", { count: customers.length })}</span>}</header>
        <Rows
          caption={t("Customers who have it, or what was made of it")}
          items={customers.flatMap((customer) => customer.rows.map((row, index) => ({ row, customer, isFirst: index === 0 })))}
          keyOf={({ row, customer, isFirst }) => `${customer.name}/${row.lot.id}/${row.voucher?.id}/${row.at}/${row.quantity}/${isFirst}`}
          empty={nothing(t("No customer has any of it"))}
          columns={[
            { name: t("Customer"), show: ({ customer, isFirst }) => (isFirst ? <div><strong>{customer.name}</strong>{customer.rows.length > 1 && <div className="soft small">{t("{amount} in all", { amount: customer.sums.map((sum) => `${quantity(sum.quantity)} ${sum.unit}`).join(", ") })}</div>}</div> : <span className="soft">{customer.name}</span>) },
            { name: t("Lot"), show: ({ row }) => link(row.lot) },
            { name: t("Voucher"), show: ({ row }) => row.voucher && <Link href={withQuery(path.ledger(), { voucher: row.voucher.number })}>{row.voucher.number}</Link> },
            { name: t("When"), isNarrow: true, show: ({ row }) => time(row.at) },
            { name: t("Quantity"), isNumber: true, show: ({ row }) => `${quantity(row.quantity)} ${row.unit}` },
          ]}
        />
      </section>
      {one.elsewhere.length > 0 && (
        <section className="card">
          <header><h2>{t("Where you may not look")}</h2></header>
          <Rows
            caption={t("Where you may not look")}
            items={one.elsewhere}
            keyOf={(row) => row.lot.uid}
            columns={[
              { name: t("Lot"), show: (row) => link(row.lot) },
              { name: t("Delivered"), isNumber: true, show: (row) => `${quantity(row.delivered)} ${row.unit}` },
              { name: t("On hand"), isNumber: true, show: (row) => `${quantity(row.onHand)} ${row.unit}` },
            ]}
          />
        </section>
      )}
      <section className="card">
        <header><h2 className="grow">{t("Lots that hold some of it")}</h2>{one.affected.length > 0 && <span className="soft small">{t("{count, plural, one {# lot} other {# lots}}", { count: one.affected.length })}</span>}</header>
        <Rows caption={t("Lots that hold some of it")} items={one.affected} keyOf={(row) => row.lot.uid} empty={nothing(t("It went into no other lot"))} columns={[{ name: t("Lot"), show: (row) => link(row.lot) }, { name: t("Level"), isNumber: true, show: (row) => row.depth }]} />
      </section>
    </div>
  );
}
