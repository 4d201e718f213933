/** Many products at once: found by name or category, added as lines with what stands there as their count. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { all, get, type Page } from "../api/client";
import type { Balance, Product } from "../api/types";
import { toMillionths } from "../decimal";
import { quantity, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Check, Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading } from "../part/Page";
import { complain } from "../part/toast";
import { type Cells, editable } from "./cells";

interface Props {
  /** Where lines are unless they say otherwise. */
  place: string;
  isCount: boolean;
  onPick: (lines: Partial<Cells>[]) => void;
  onClose: () => void;
}

const SHOWN = 200;
const PRODUCTS_MAX = 20_000;

function groups<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) found.set(keyOf(item), [...(found.get(keyOf(item)) ?? []), item]);
  return found;
}

/** Lines for products: one for each variant and lot of each location where some stands, pieces with serial numbers together. */
export function linesOf(products: readonly Product[], balances: readonly Balance[], place: string): Partial<Cells>[] {
  const stock = groups(balances.filter((one) => toMillionths(one.quantity) !== 0n), (one) => one.product.id);
  return products.flatMap((product): Partial<Cells>[] => {
    const found = stock.get(product.id) ?? [];
    const line = { product: product.identifier, name: product.name };
    // Nothing stands there: that is a count, too, unless it has to say of which variant.
    if (found.length === 0) return [{ ...line, location: place, count: product.hasVariants ? "" : "0" }];
    if (product.tracking !== "serial") {
      return found.map((one) => ({ ...line, variant: one.variant?.identifier ?? "", lot: one.lot?.name ?? "", location: one.location.path, count: editable(Number(one.quantity)) }));
    }
    return [...groups(found, (one) => `${one.location.path}\n${one.variant?.identifier ?? ""}`).values()].map((pieces) => ({
      ...line, variant: pieces[0]?.variant?.identifier ?? "", location: pieces[0]?.location.path ?? place, serials: pieces.map((one) => one.lot?.name ?? "").join(" "), count: String(pieces.length),
    }));
  });
}

export function ProductPicker({ place, isCount, onPick, onClose }: Props) {
  const [search, setSearch] = useState("");
  const [category, setCategory] = useState("");
  const [location, setLocation] = useState(place);
  const [withStock, setWithStock] = useState(isCount);
  const [onlyThere, setOnlyThere] = useState(false);
  const [chosen, setChosen] = useState<ReadonlyMap<number, Product>>(new Map());
  const [isBusy, setBusy] = useState(false);
  const asked = useDeferredValue(search.trim());
  const query = { search: asked || null, category: category || null, isEnabled: true };
  const products = useQuery({ queryKey: ["picker", query], queryFn: ({ signal }) => get<Page<Product>>("/v1/products", { ...query, limit: SHOWN }, signal) });
  const balances = useQuery({ queryKey: ["picker", "stock", location], queryFn: ({ signal }) => all<Balance>("/v1/balances", { location: location || null }, 100_000, signal) });
  const stockOf = new Map<number, bigint>();
  for (const one of balances.data ?? []) stockOf.set(one.product.id, (stockOf.get(one.product.id) ?? 0n) + toMillionths(one.quantity));
  const isThere = (product: Product): boolean => !onlyThere || (stockOf.get(product.id) ?? 0n) !== 0n;
  const items = (products.data?.items ?? []).filter(isThere);
  const hasMore = (products.data?.nextCursor ?? null) !== null;
  const toggle = (product: Product): void => {
    const next = new Map(chosen);
    if (!next.delete(product.id)) next.set(product.id, product);
    setChosen(next);
  };
  const add = (found: readonly Product[]): void => setChosen((before) => new Map([...before, ...found.map((product) => [product.id, product] as const)]));
  const chooseAll = async (): Promise<void> => {
    setBusy(true);
    try {
      add((hasMore ? await all<Product>("/v1/products", query, PRODUCTS_MAX) : items).filter(isThere));
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const lines = withStock ? linesOf([...chosen.values()], balances.data ?? [], location || place) : [...chosen.values()].map((product) => ({ product: product.identifier, name: product.name }));
  const where = location || t("all locations");
  return (
    <Dialog
      wide
      title={t("Add several products")}
      onClose={onClose}
      onSubmit={() => chosen.size > 0 && !balances.isPending && onPick(lines)}
      footer={
        <>
          <Check label={t("Count = present stock at {place}", { place: where })} checked={withStock} onChange={(event) => setWithStock(event.target.checked)} />
          <span className="grow" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" why={chosen.size === 0 ? t("Choose products first") : withStock && balances.isPending && t("Loading")}>{t("Add {count, plural, one {# line} other {# lines}}", { count: lines.length })}</Button>
        </>
      }
    >
      <div className="filters">
        <Field label={t("Find")} wide type="search" autoFocus value={search} onChange={(event) => setSearch(event.target.value)} />
        <Lookup label={t("Category and below")} of="categories" value={category} onChange={setCategory} />
        <Lookup label={t("Location and below")} of="locations" value={location} onChange={setLocation} />
      </div>
      <div className="row">
        <Check label={t("Only what is in stock there")} checked={onlyThere} onChange={(event) => setOnlyThere(event.target.checked)} />
        <span className="grow" />
        <span className="soft small" role="status">{t("{count, plural, =0 {none chosen} one {# chosen} other {# chosen}}", { count: chosen.size })}</span>
        <Button onClick={() => void chooseAll()} why={isBusy ? t("Loading") : items.length === 0 && t("No product matches")}>{hasMore ? t("Choose all that match") : t("Choose all {count}", { count: items.length })}</Button>
        <Button onClick={() => setChosen(new Map())} why={chosen.size === 0 && t("None is chosen")}>{t("Choose none")}</Button>
      </div>
      {products.isPending ? (
        <Loading />
      ) : products.isError ? (
        <Failed error={products.error} />
      ) : items.length === 0 ? (
        <Empty title={t("No product matches")} />
      ) : (
        <div className="scroll" style={{ maxHeight: "50dvh", flex: "none" }} tabIndex={0} role="region" aria-label={t("Products")}>
          <table className="table">
            <caption className="visually-hidden">{t("Products")}</caption>
            <thead>
              <tr>
                <th className="shrink"><span className="visually-hidden">{t("Chosen")}</span></th>
                <th>{t("Product")}</th>
                <th className="number">{t("Stock")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((product) => (
                <tr key={product.id}>
                  <td><input type="checkbox" id={`pick-${product.id}`} checked={chosen.has(product.id)} onChange={() => toggle(product)} /></td>
                  <td><label htmlFor={`pick-${product.id}`}><strong>{product.identifier}</strong> <span className="soft">{product.name}</span></label></td>
                  <td className="number">{balances.isPending ? "…" : quantity(Number(stockOf.get(product.id) ?? 0n) / 1e6)} <span className="soft">{product.unit}</span></td>
                </tr>
              ))}
            </tbody>
          </table>
          {hasMore && <p className="soft small">{t("The first {count} are shown; find what you mean, or choose all that match.", { count: whole(SHOWN) })}</p>}
        </div>
      )}
    </Dialog>
  );
}
