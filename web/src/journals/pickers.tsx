/** Many products at once, with their stock; and the serial numbers of one. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { all, get, type Page } from "../api/client";
import type { Availability, Instance, Product } from "../api/types";
import { quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Check, Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading } from "../part/Page";
import { type Cells, editable } from "./cells";

interface ProductProps {
  place: string;
  isCount: boolean;
  onPick: (lines: Partial<Cells>[]) => void;
  onClose: () => void;
}

export function ProductPicker({ place, isCount, onPick, onClose }: ProductProps) {
  const [search, setSearch] = useState("");
  const [category, setCategory] = useState("");
  const [withStock, setWithStock] = useState(isCount);
  const [chosen, setChosen] = useState<ReadonlyMap<number, Product>>(new Map());
  const asked = useDeferredValue(search.trim());
  const products = useQuery({
    queryKey: ["picker", asked, category],
    queryFn: ({ signal }) => get<Page<Product>>("/v1/products", { search: asked || null, category: category || null, isEnabled: true, limit: 200 }, signal),
  });
  const stock = useQuery({
    queryKey: ["picker", "stock", place],
    queryFn: ({ signal }) => all<Availability>("/v1/availability", { location: place || null }, 20_000, signal),
  });
  const stockOf = new Map<number, number>();
  for (const one of stock.data ?? []) stockOf.set(one.product.id, (stockOf.get(one.product.id) ?? 0) + one.stock);
  const items = products.data?.items ?? [];
  const toggle = (product: Product): void => {
    const next = new Map(chosen);
    if (!next.delete(product.id)) next.set(product.id, product);
    setChosen(next);
  };
  const areAll = items.length > 0 && items.every((product) => chosen.has(product.id));
  return (
    <Dialog
      wide
      title={t("Add several products")}
      onClose={onClose}
      onSubmit={() => onPick([...chosen.values()].map((product) => ({ product: product.identifier, name: product.name, count: withStock ? editable(stockOf.get(product.id) ?? 0) : "" })))}
      footer={
        <>
          <Check label={t("Count = present stock at {place}", { place: place || t("all locations") })} checked={withStock} onChange={(event) => setWithStock(event.target.checked)} />
          <span className="grow" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" why={chosen.size === 0 && t("Choose products first")}>{t("Add {count, plural, one {# line} other {# lines}}", { count: chosen.size })}</Button>
        </>
      }
    >
      <div className="filters">
        <Field label={t("Find")} wide type="search" autoFocus value={search} onChange={(event) => setSearch(event.target.value)} />
        <Lookup label={t("Category and below")} of="categories" value={category} onChange={setCategory} />
      </div>
      {products.isPending ? (
        <Loading />
      ) : products.isError ? (
        <Failed error={products.error} />
      ) : items.length === 0 ? (
        <Empty title={t("No product matches")} />
      ) : (
        <div className="scroll" style={{ maxHeight: "50dvh" }} tabIndex={0} role="region" aria-label={t("Products")}>
          <table className="table">
            <caption className="visually-hidden">{t("Products")}</caption>
            <thead>
              <tr>
                <th className="shrink">
                  <input type="checkbox" aria-label={t("All that are shown")} checked={areAll} onChange={() => setChosen(areAll ? new Map() : new Map([...chosen, ...items.map((product) => [product.id, product] as const)]))} />
                </th>
                <th>{t("Product")}</th>
                <th className="number">{t("Stock")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((product) => (
                <tr key={product.id}>
                  <td><input type="checkbox" id={`pick-${product.id}`} checked={chosen.has(product.id)} onChange={() => toggle(product)} /></td>
                  <td><label htmlFor={`pick-${product.id}`}><strong>{product.identifier}</strong> <span className="soft">{product.name}</span></label></td>
                  <td className="number">{stock.isPending ? "…" : quantity(stockOf.get(product.id) ?? 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}

interface SerialProps {
  product: string;
  chosen: string;
  onPick: (serials: string[]) => void;
  onClose: () => void;
}

export function SerialPicker({ product, chosen: before, onPick, onClose }: SerialProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(before.split(/[\s,;]+/).filter(Boolean)));
  const [search, setSearch] = useState("");
  const found = useQuery({
    queryKey: ["serials", product],
    enabled: product !== "",
    queryFn: ({ signal }) => all<Instance>("/v1/instances", { product }, 5_000, signal),
  });
  const toggle = (serial: string): void => {
    const next = new Set(chosen);
    if (!next.delete(serial)) next.add(serial);
    setChosen(next);
  };
  const shown = (found.data ?? []).filter((one) => one.identifier.toLowerCase().includes(search.toLowerCase())).slice(0, 500);
  return (
    <Dialog
      title={t("Serial numbers of {product}", { product })}
      onClose={onClose}
      footer={<><Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" onClick={() => onPick([...chosen])}>{t("Take {count}", { count: chosen.size })}</Button></>}
    >
      <Field
        label={t("Find or scan")}
        type="search"
        autoFocus
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          const exact = (found.data ?? []).find((one) => one.identifier.toLowerCase() === search.trim().toLowerCase());
          if (exact) {
            toggle(exact.identifier);
            setSearch("");
          }
        }}
      />
      {product === "" ? (
        <p className="soft">{t("Name the product of the line first.")}</p>
      ) : found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} />
      ) : shown.length === 0 ? (
        <Empty title={t("The product has no serial numbers like that")} />
      ) : (
        <div className="stack" style={{ gap: 4 }}>
          {shown.map((one) => (
            <Check key={one.id} label={<>{one.identifier} <span className="soft small">{one.status}</span></>} checked={chosen.has(one.identifier)} onChange={() => toggle(one.identifier)} />
          ))}
        </div>
      )}
    </Dialog>
  );
}
