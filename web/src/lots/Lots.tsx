/** Lots, found by name, product and status. */
import { Waypoints } from "lucide-react";
import { Link } from "wouter";
import type { Lot } from "../api/types";
import { dayOrTime } from "../format";
import { t } from "../i18n";
import { Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Page } from "../part/Page";
import { path, useQueryState } from "../path";
import { ProductLink } from "../stock/Stock";
import { Status, statusName, STATUSES } from "./status";

export default function Lots() {
  const [query, setQuery] = useQueryState(["search", "product", "status"]);
  const pages = usePages<Lot>("/v1/lots", query);
  return (
    <Page title={t("Lots")} about={t("Batches of goods that are followed together, from where they came to where they went.")}>
      <div className="filters">
        <Field label={t("Find")} wide type="search" value={query.search} onChange={(event) => setQuery({ search: event.target.value })} placeholder={t("Name of the lot")} />
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Choice label={t("Status")} value={query.status} onChange={(event) => setQuery({ status: event.target.value })} options={[["", t("any")], ...STATUSES.map((one) => [one, statusName(one)] as const)]} />
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Lots")}
          keyOf={(lot) => lot.id}
          empty={<Empty title={query.search || query.product || query.status ? t("No lot matches") : t("No lots yet")} icon={<Waypoints size={32} />}><p>{t("Lots come into being with the first receipt of a product that is tracked by lot.")}</p></Empty>}
          columns={[
            { name: t("Lot"), sort: ["name", (lot) => lot.name], show: (lot) => <Link href={path.lot(lot.uid)}><strong>{lot.name}</strong></Link> },
            { name: t("Product"), sort: ["product", (lot) => lot.product.identifier], show: (lot) => <ProductLink product={lot.product as { id: number; identifier: string }} /> },
            { name: t("Status"), sort: ["status", (lot) => statusName(lot.status)], isNarrow: true, show: (lot) => <Status status={lot.status} /> },
            { name: t("Expires"), sort: ["expires", (lot) => lot.expiresAt], isNarrow: true, show: (lot) => (lot.expiresAt ? dayOrTime(lot.expiresAt) : "") },
            { name: t("Made"), sort: ["made", (lot) => lot.createdAt], isNarrow: true, show: (lot) => dayOrTime(lot.createdAt) },
            { name: t("Notes"), show: (lot) => <span className="soft">{lot.notes ?? ""}</span> },
          ]}
        />
      </div>
    </Page>
  );
}
