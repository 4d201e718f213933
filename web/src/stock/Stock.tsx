/** What stands where: by product, by lot, by location tree; what of it can be promised; what it is worth. */
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, PackageSearch } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { all, get, type Page as ApiPage } from "../api/client";
import type { Availability, Balance, Ref, Valuation } from "../api/types";
import { plain, toMillionths } from "../decimal";
import { amount, cost, quantity } from "../format";
import { t } from "../i18n";
import { Check, Field } from "../part/Field";
import { type Column, List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { path, useQueryState, withQuery } from "../path";

export function ProductLink({ product }: { product: Ref }) {
  return (
    <span>
      <Link href={path.stockCard(product.id)}><strong>{product.identifier}</strong></Link>
      {product.name && product.name !== product.identifier && <span className="soft"> {product.name}</span>}
    </span>
  );
}

const VIEWS = ["balances", "places", "availability", "value"] as const;

export default function Stock() {
  const [query, setQuery] = useQueryState(["view", "product", "location", "asOf", "zero"]);
  const view = (VIEWS as readonly string[]).includes(query.view) ? query.view : "balances";
  const names: Record<string, string> = { balances: t("Balances"), places: t("By location"), availability: t("Availability"), value: t("Value") };
  const asked = { product: query.product, location: query.location, asOf: query.asOf && `${query.asOf}T23:59:59.999`, withZero: query.zero };
  return (
    <Page title={t("Stock")} about={query.asOf ? t("As it stood at the end of the day") : t("As it stands now")}>
      <nav className="tabs" aria-label={t("Views")}>
        {VIEWS.map((name) => (
          <Link key={name} href={withQuery(path.stock(), { ...query, view: name === "balances" ? "" : name })} aria-current={name === view ? "page" : undefined}>{names[name]}</Link>
        ))}
      </nav>
      <div className="filters">
        <Lookup label={t("Product")} of="products" wide value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Location and below")} of="locations" wide value={query.location} onChange={(location) => setQuery({ location })} />
        <Field label={t("As of the end of")} type="date" value={query.asOf} onChange={(event) => setQuery({ asOf: event.target.value })} />
        <Check label={t("Also where nothing is left")} checked={query.zero === "true"} onChange={(event) => setQuery({ zero: event.target.checked ? "true" : "" })} />
      </div>
      <div className="card">
        {view === "balances" && <Balances query={asked} />}
        {view === "places" && <Places query={asked} />}
        {view === "availability" && <Available query={asked} />}
        {view === "value" && <Value query={asked} />}
      </div>
    </Page>
  );
}

type Asked = Record<string, string>;

const nothing = () => (
  <Empty title={t("Nothing stands there")} icon={<PackageSearch size={32} />}>
    <p>{t("Another product, location or day may show more; or book something first.")}</p>
  </Empty>
);

export function balanceColumns(asOf = ""): Column<Balance>[] {
  return [
    { name: t("Product"), show: (one) => <ProductLink product={one.product} /> },
    { name: t("Variant"), show: (one) => one.variant?.identifier ?? "" },
    { name: t("Lot"), show: (one) => one.lot && <Link href={path.lot(one.lot.uid)}>{one.lot.name}</Link> },
    { name: t("Location"), show: (one) => <Link href={withQuery(path.stock(), { location: one.location.path, asOf })}>{one.location.path}</Link> },
    {
      name: t("Quantity"),
      isNumber: true,
      show: (one) => (
        <Link href={withQuery(path.ledger(), { product: one.product.identifier ?? one.product.id, location: one.location.path, lot: one.lot?.uid ?? "" })} className={one.quantity < 0 ? "bad" : ""} title={t("Its movements")}>
          {quantity(one.quantity)} {one.unit}
        </Link>
      ),
    },
  ];
}

function Balances({ query }: { query: Asked }) {
  const pages = usePages<Balance>("/v1/balances", query, 200);
  return (
    <List pages={pages} caption={t("Balances")} keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.lot?.id ?? 0}/${one.location.id}`} columns={balanceColumns(query.asOf)} empty={nothing()} />
  );
}

interface Node {
  path: string;
  name: string;
  depth: number;
  products: Set<number>;
  rows: Balance[];
  children: Node[];
}

/** The balances in the tree of their paths. */
export function tree(balances: readonly Balance[]): Node {
  const make = (path: string, name: string, depth: number): Node => ({ path, name, depth, products: new Set(), rows: [], children: [] });
  const root = make("", "", -1);
  const known = new Map<string, Node>([["", root]]);
  for (const balance of balances) {
    let at = root;
    const parts = balance.location.path.split("/");
    parts.forEach((name, depth) => {
      const path = parts.slice(0, depth + 1).join("/");
      let next = known.get(path);
      if (next === undefined) {
        next = make(path, name, depth);
        known.set(path, next);
        at.children.push(next);
      }
      next.products.add(balance.product.id);
      at = next;
    });
    at.rows.push(balance);
  }
  return root;
}

function Places({ query }: { query: Asked }) {
  const found = useQuery({ queryKey: ["/v1/balances", "tree", query], queryFn: ({ signal }) => all<Balance>("/v1/balances", query, 20_000, signal) });
  const root = useMemo(() => tree(found.data ?? []), [found.data]);
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (root.children.length === 0) return nothing();
  return <ul className="tree" aria-label={t("Locations")}>{root.children.map((node) => <Branch key={node.path} node={node} />)}</ul>;
}

function Branch({ node }: { node: Node }) {
  const [isOpen, setOpen] = useState(node.depth < 1);
  return (
    <li style={{ paddingLeft: node.depth > 0 ? 18 : 0 }}>
      <button type="button" className="button quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />} {node.name}
        <span className="soft small">{t("{count, plural, one {# product} other {# products}}", { count: node.products.size })}</span>
      </button>
      {isOpen && (
        <ul>
          {node.rows.map((row) => (
            <li className="leaf" key={`${row.product.id}/${row.variant?.id ?? 0}/${row.lot?.id ?? 0}`}>
              <span className="grow"><ProductLink product={row.product} /> {row.lot && <span className="tag">{row.lot.name}</span>}</span>
              <span className={row.quantity < 0 ? "number bad" : "number"}>{quantity(row.quantity)} {row.unit}</span>
            </li>
          ))}
          {node.children.map((child) => <Branch key={child.path} node={child} />)}
        </ul>
      )}
    </li>
  );
}

function Available({ query }: { query: Asked }) {
  const pages = usePages<Availability>("/v1/availability", query, 200);
  return (
    <List
      pages={pages}
      caption={t("Availability")}
      keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.location.id}`}
      empty={nothing()}
      columns={[
        { name: t("Product"), show: (one) => <ProductLink product={one.product} /> },
        { name: t("Variant"), show: (one) => one.variant?.identifier ?? "" },
        { name: t("Location"), show: (one) => one.location.path },
        { name: t("Stock"), isNumber: true, show: (one) => quantity(one.stock) },
        { name: t("Reserved"), isNumber: true, show: (one) => quantity(one.reserved) },
        { name: t("Available"), isNumber: true, show: (one) => <strong className={one.available < 0 ? "bad" : ""}>{quantity(one.available)} {one.unit}</strong> },
        { name: t("Ordered"), isNumber: true, show: (one) => quantity(one.ordered) },
      ]}
    />
  );
}

function Value({ query }: { query: Asked }) {
  const pages = usePages<Valuation>("/v1/valuation", query, 200);
  const state = useQuery({ queryKey: ["/v1/valuation", "settled"], queryFn: () => get<ApiPage<Valuation> & { settledTo: number }>("/v1/valuation", { limit: 1 }) });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const sum = items.reduce((total, one) => total + toMillionths(one.value), 0n);
  const behind = (state.data?.position ?? 0) - (state.data?.settledTo ?? 0);
  return (
    <>
      {behind > 0 && <div className="banner warn">{t("Values lag {count} positions behind the ledger; they settle by themselves.", { count: behind })}</div>}
      <List
        pages={pages}
        caption={t("Value")}
        keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.lot?.id ?? 0}/${one.orgUnit.id}`}
        empty={nothing()}
        columns={[
          { name: t("Product"), show: (one) => <ProductLink product={one.product} /> },
          { name: t("Lot"), show: (one) => one.lot?.name ?? "" },
          { name: t("Org unit"), show: (one) => one.orgUnit.path },
          { name: t("Method"), isNarrow: true, show: (one) => one.method },
          { name: t("Quantity"), isNumber: true, show: (one) => quantity(one.quantity) },
          { name: t("Unit cost"), isNumber: true, show: (one) => cost(one.unitCost) },
          { name: t("Value"), isNumber: true, show: (one) => <strong>{amount(one.value)}</strong> },
        ]}
      />
      {items.length > 0 && <p className="right" style={{ padding: "10px 14px" }}>{pages.hasNextPage ? t("Value of the lines shown") : t("Value of all lines")}: <strong>{amount(Number(plain(sum)))}</strong></p>}
    </>
  );
}
