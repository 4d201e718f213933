/** Counting a sheet with a phone or a handheld scanner: the place, the product, how many, the next. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Check as Tick, Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { all, get, type Page as ApiPage, post } from "../api/client";
import type { Location, Product } from "../api/types";
import { parseDecimal, plain, sendable } from "../decimal";
import { t } from "../i18n";
import { editable } from "../journals/cells";
import { readScan, sameCode } from "../journals/scan";
import { Button } from "../part/Button";
import { Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { complain } from "../part/toast";
import { useQueryState } from "../path";
import { type CountLine, type CountSheet, serialsOf } from "./sheet";

export function Scanning({ sheet, onDone }: { sheet: CountSheet; onDone: () => void }) {
  const queries = useQueryClient();
  const [query, setQuery] = useQueryState(["place"]);
  const place = query.place || sheet.location?.path || "";
  const [code, setCode] = useState("");
  const [product, setProduct] = useState<Product | null>(null);
  const [lot, setLot] = useState("");
  const [count, setCount] = useState("");
  const [serials, setSerials] = useState<readonly string[]>([]);
  const [done, setDone] = useState<readonly string[]>([]);
  const [isBusy, setBusy] = useState(false);
  const codeInput = useRef<HTMLInputElement>(null);
  const countInput = useRef<HTMLInputElement>(null);
  const locations = useQuery({ queryKey: ["locations"], queryFn: () => all<Location>("/v1/locations"), staleTime: 60_000 });
  const waiting = useQuery({
    queryKey: ["/v1/count-sheets", sheet.id, "next", place, sheet.modifiedAt],
    queryFn: async () => {
      const [again, first] = await Promise.all(["toRecount", "toCount"].map((state) => get<ApiPage<CountLine>>(`/v1/count-sheets/${sheet.id}/lines`, { state, limit: 500 })));
      return [...(again?.items ?? []), ...(first?.items ?? [])];
    },
  });
  const next = waiting.data?.find((line) => line.location.path === place) ?? waiting.data?.[0];
  useEffect(() => codeInput.current?.focus(), []);
  const choose = (found: Product, withLot: string, amount: string): void => {
    setProduct(found);
    setLot(withLot);
    setCount(amount);
    setSerials([]);
    setTimeout(() => (found.tracking === "serial" ? codeInput : countInput).current?.focus());
  };
  const look = async (): Promise<void> => {
    const scan = readScan(code);
    const lower = scan.code.toLowerCase();
    const at = scan.isGs1 ? undefined : locations.data?.find((one) => [one.path, one.name, one.uid].some((name) => name.toLowerCase() === lower));
    if (at) {
      setQuery({ place: at.path });
      setCode("");
      return;
    }
    try {
      const page = await get<ApiPage<Product>>("/v1/products", { search: scan.code.replace(/^0+/, "") || scan.code, limit: 20 });
      const found = page.items.find((one) => [one.identifier, ...one.barcodes].some((other) => sameCode(other, scan.code)));
      if (found === undefined) {
        // What is no product may be a piece of the one that is being counted.
        if (product?.tracking !== "serial") return complain(new Error(t("No product and no location has the code {code}", { code: scan.code })));
        setSerials((before) => [...new Set([...before, ...serialsOf(scan.code)])]);
      } else if (product !== null && found.id === product.id && (scan.lot ?? lot) === lot) {
        if (scan.serial !== null) setSerials((before) => [...new Set([...before, scan.serial ?? ""])]);
        else step(1n);
      } else {
        choose(found, scan.lot ?? "", scan.count === null ? "" : editable(scan.count));
        if (scan.serial !== null) setSerials([scan.serial]);
      }
      setCode("");
    } catch (error) {
      complain(error);
    }
  };
  const step = (by: bigint): void => setCount((before) => editable(Number(plain((parseDecimal(before) ?? 0n) + by * 1_000_000n))));
  const isSerial = product?.tracking === "serial";
  const whyKeep = product === null ? t("Scan a product first") : isSerial ? null : parseDecimal(count) === null ? t("Enter the count first") : isBusy ? t("Saving") : null;
  const keep = async (): Promise<void> => {
    if (product === null) return;
    setBusy(true);
    try {
      const what = isSerial ? { instances: serials } : { quantity: sendable(count), lot: lot || null };
      await post(`/v1/count-sheets/${sheet.id}/counts`, { product: product.id, location: place || null, ...what });
      setDone((before) => [`${product.identifier} ${product.name}${lot ? ` · ${lot}` : ""}: ${isSerial ? serials.length : count} · ${place}`, ...before].slice(0, 30));
      setProduct(null);
      setCount("");
      setLot("");
      setSerials([]);
      void queries.invalidateQueries({ queryKey: ["/v1/count-sheets"] });
      codeInput.current?.focus();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={sheet.name} about={t("Scan a location, then product after product.")} actions={<Button icon={<ArrowLeft size={16} />} onClick={onDone}>{t("All lines")}</Button>}>
      <Progress done={sheet.counted} total={sheet.lines} label={t("Counted")} />
      <form
        className="card counting"
        onSubmit={(event) => {
          event.preventDefault();
          if (code.trim() !== "") void look();
          else if (whyKeep === null) void keep();
        }}
      >
        <div className="row"><span className="soft">{t("At")}</span> <strong>{place || t("no location yet")}</strong></div>
        <div className="field">
          <label htmlFor="code">{isSerial ? t("Serial number, location or product") : t("Location or product")}</label>
          <input id="code" ref={codeInput} className="input big" value={code} onChange={(event) => setCode(event.target.value)} autoComplete="off" enterKeyHint="next" />
        </div>
        {product === null && next && (
          <p className="soft">{t("Next on the way: {what} at {place}", { what: [next.product.identifier, next.name, next.lot?.name].filter(Boolean).join(" "), place: next.location.path })}</p>
        )}
        {product === null && waiting.isSuccess && next === undefined && <p className="soft">{t("Every line is counted. What else is found can still be scanned.")}</p>}
        {product && (
          <>
            <div><strong>{product.identifier}</strong> {product.name}</div>
            {product.tracking === "lot" && (
              <div className="field">
                <label htmlFor="lot">{t("Lot")}</label>
                <input id="lot" className="input big" value={lot} onChange={(event) => setLot(event.target.value)} />
              </div>
            )}
            {isSerial ? (
              <div className="field">
                <span className="label">{t("{count} found", { count: serials.length })}</span>
                <ul className="kept">{serials.map((one) => <li key={one}>{one}</li>)}</ul>
              </div>
            ) : (
              <div className="field">
                <label htmlFor="count">{t("Counted in {unit}", { unit: String(product.unit) })}</label>
                <div className="row" style={{ flexWrap: "nowrap" }}>
                  <Button icon={<Minus size={20} />} aria-label={t("One less")} className="big" onClick={() => step(-1n)} />
                  <input id="count" ref={countInput} className="input big number grow" inputMode="decimal" value={count} onChange={(event) => setCount(event.target.value)} enterKeyHint="done" />
                  <Button icon={<Plus size={20} />} aria-label={t("One more")} className="big" onClick={() => step(1n)} />
                </div>
              </div>
            )}
          </>
        )}
        <Button kind="primary" type="submit" className="big" icon={<Tick size={20} />} why={code.trim() === "" ? whyKeep : null}>{code.trim() === "" ? t("Keep and next") : t("Look up")}</Button>
      </form>
      {done.length > 0 && (
        <section className="card">
          <header><h2>{t("Kept")}</h2></header>
          <ul className="body kept">{done.map((one, index) => <li key={`${done.length - index}`}>{one}</li>)}</ul>
        </section>
      )}
    </Page>
  );
}
