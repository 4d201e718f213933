/** The ledger: every movement, found by whatever one knows of it, and whether its chain holds. */
import { useQuery } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { get, type Page as ApiPage } from "../api/client";
import type { Movement } from "../api/types";
import { whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Page } from "../part/Page";
import { useQueryState } from "../path";
import { movementColumns } from "./columns";

const FILTERS = ["product", "lot", "location", "orgUnit", "voucher", "customer", "supplier", "description", "from", "to", "asKnownAt", "batch"] as const;

interface Head {
  position: number;
  hash?: string;
  isIntact?: boolean;
  verifiedTo?: number | null;
  verifiedAt?: string | null;
}

export default function Ledger() {
  const [query, setQuery] = useQueryState(FILTERS);
  const asked = { ...query, to: query.to && `${query.to}T23:59:59.999` };
  const pages = usePages<Movement>("/v1/movements", asked, 100);
  const position = pages.data?.pages[0]?.position;
  const head = useQuery({ queryKey: ["/v1/ledger"], queryFn: () => get<Head>("/v1/ledger"), retry: false });
  const isFiltered = FILTERS.some((name) => query[name] !== "");
  return (
    <Page
      title={t("Ledger")}
      about={
        <span className="row">
          {position !== undefined && t("{count} batches so far; nothing in it is ever changed, only undone by a counter-movement.", { count: whole(position) })}
          {head.data && (
            <span className={head.data.isIntact === false ? "tag bad" : "tag good"} title={head.data.hash ?? ""}>
              <Link2 size={13} /> {head.data.isIntact === false ? t("the hash chain is broken") : t("hash chain to {position}", { position: whole(head.data.position) })}
            </span>
          )}
        </span>
      }
    >
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Field label={t("Lot (id or ULID)")} value={query.lot} onChange={(event) => setQuery({ lot: event.target.value })} />
        <Lookup label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />
        <Field label={t("Voucher")} inputMode="numeric" value={query.voucher} onChange={(event) => setQuery({ voucher: event.target.value })} />
        <Lookup label={t("Customer")} of="parties" value={query.customer} onChange={(customer) => setQuery({ customer })} />
        <Lookup label={t("Supplier")} of="parties" value={query.supplier} onChange={(supplier) => setQuery({ supplier })} />
        <Field label={t("Description")} value={query.description} onChange={(event) => setQuery({ description: event.target.value })} />
        <Field label={t("From")} type="date" value={query.from} onChange={(event) => setQuery({ from: event.target.value })} />
        <Field label={t("Until")} type="date" value={query.to} onChange={(event) => setQuery({ to: event.target.value })} />
        <Field label={t("As known at")} type="date" value={query.asKnownAt} onChange={(event) => setQuery({ asKnownAt: event.target.value })} />
        {isFiltered && <Button onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>{t("Clear filters")}</Button>}
      </div>
      <div className="card">
        <List<Movement>
          pages={pages as ReturnType<typeof usePages<Movement>>}
          caption={t("Movements")}
          keyOf={(movement) => movement.id}
          columns={movementColumns()}
          empty={<Empty title={isFiltered ? t("No movement matches") : t("Nothing has been booked yet")}>{isFiltered && <Button onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>{t("Clear filters")}</Button>}</Empty>}
        />
      </div>
    </Page>
  );
}

export type MovementPage = ApiPage<Movement>;
