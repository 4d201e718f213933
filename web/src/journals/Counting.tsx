/** One thing at a time, for a phone or a handheld scanner: the place, the product, the count, the next. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, BookCheck, Check as Tick, Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { get, type Page as ApiPage, post } from "../api/client";
import type { Availability, Journal, Location, Product } from "../api/types";
import { parseDecimal, plain } from "../decimal";
import { quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Page } from "../part/Page";
import { complain } from "../part/toast";
import type { Figures } from "./JournalPage";
import { editable } from "./cells";
import { readScan } from "./scan";

interface Props {
  journal: Journal;
  place: string;
  setPlace: (place: string) => void;
  locations: Location[];
  findProduct: (code: string) => Promise<Product | null>;
  voucherId: () => Promise<number>;
  figures: Figures | undefined;
  onBook: () => void;
  whyBook: string | null;
  onDone: () => void;
}

interface Done {
  id: number;
  text: string;
}

export function Counting({ journal, place, setPlace, locations, findProduct, voucherId, figures, onBook, whyBook, onDone }: Props) {
  const [code, setCode] = useState("");
  const [product, setProduct] = useState<Product | null>(null);
  const [lot, setLot] = useState("");
  const [count, setCount] = useState("");
  const [done, setDone] = useState<readonly Done[]>([]);
  const [isBusy, setBusy] = useState(false);
  const codeInput = useRef<HTMLInputElement>(null);
  const countInput = useRef<HTMLInputElement>(null);
  const stock = useQuery({
    queryKey: ["counting", product?.id, place],
    enabled: product !== null,
    queryFn: () => get<ApiPage<Availability>>("/v1/availability", { product: product?.id, location: place }),
  });
  useEffect(() => codeInput.current?.focus(), []);
  const look = async (): Promise<void> => {
    const scan = readScan(code);
    const lower = scan.code.toLowerCase();
    if (lower === "") return;
    const location = locations.find((one) => [one.path, one.name, one.uid].some((name) => name.toLowerCase() === lower));
    if (location) {
      setPlace(location.path);
      setCode("");
      return;
    }
    try {
      const found = await findProduct(scan.code);
      if (found === null) return complain(new Error(t("No product and no location has the code {code}", { code: scan.code })));
      if (product !== null && found.id === product.id && lot === (scan.lot ?? lot)) {
        step(1n);
      } else {
        setProduct(found);
        setLot(scan.lot ?? "");
        setCount(scan.count === null ? "" : editable(scan.count));
        countInput.current?.focus();
      }
      setCode("");
    } catch (error) {
      complain(error);
    }
  };
  const step = (by: bigint): void => setCount((before) => editable(Number(plain((parseDecimal(before) ?? 0n) + by * 1_000_000n))));
  const keep = async (): Promise<void> => {
    if (product === null) return;
    setBusy(true);
    try {
      const value = parseDecimal(count);
      const answer = await post<{ items: { id: number }[] }>("/v1/entries", {
        voucher: await voucherId(),
        entries: [{ product: product.id, lot: lot || null, location: place || null, count: value === null ? count : plain(value), stockDate: new Date().toISOString() }],
      });
      setDone((before) => [{ id: answer.items[0]?.id ?? 0, text: `${product.identifier} ${product.name}${lot ? ` · ${lot}` : ""}: ${count} · ${place}` }, ...before].slice(0, 30));
      setProduct(null);
      setCount("");
      setLot("");
      codeInput.current?.focus();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const whyKeep = product === null ? t("Scan a product first") : parseDecimal(count) === null ? t("Enter the count first") : isBusy ? t("Saving") : null;
  return (
    <Page
      title={journal.name}
      about={t("Scan a location, then product after product.")}
      actions={
        <>
          <Button icon={<ArrowLeft size={16} />} onClick={onDone}>{t("Table")}</Button>
          <Button kind="primary" icon={<BookCheck size={16} />} onClick={onBook} why={whyBook}>{t("Book {count}", { count: figures?.entries ?? 0 })}</Button>
        </>
      }
    >
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
          <label htmlFor="code">{t("Location or product")}</label>
          <input id="code" ref={codeInput} className="input big" data-scan="" value={code} onChange={(event) => setCode(event.target.value)} autoComplete="off" enterKeyHint="next" />
        </div>
        {product && (
          <>
            <div>
              <strong>{product.identifier}</strong> {product.name}
              <div className="soft">{t("in stock: {stock}", { stock: stock.data ? quantity(stock.data.items.reduce((sum, one) => sum + one.stock, 0)) : "…" })} {product.unit}</div>
            </div>
            {product.tracking === "lot" && (
              <div className="field">
                <label htmlFor="lot">{t("Lot")}</label>
                <input id="lot" className="input big" data-scan="" value={lot} onChange={(event) => setLot(event.target.value)} />
              </div>
            )}
            <div className="field">
              <label htmlFor="count">{journal.kind === "Settlement" ? t("Counted") : t("Count")}</label>
              <div className="row" style={{ flexWrap: "nowrap" }}>
                <Button icon={<Minus size={20} />} aria-label={t("One less")} className="big" onClick={() => step(-1n)} />
                <input id="count" ref={countInput} className="input big number grow" data-scan="" inputMode="decimal" value={count} onChange={(event) => setCount(event.target.value)} enterKeyHint="done" />
                <Button icon={<Plus size={20} />} aria-label={t("One more")} className="big" onClick={() => step(1n)} />
              </div>
            </div>
          </>
        )}
        <Button kind="primary" type="submit" className="big" icon={<Tick size={20} />} why={code.trim() === "" ? whyKeep : null}>{code.trim() === "" ? t("Keep and next") : t("Look up")}</Button>
      </form>
      {done.length > 0 && (
        <section className="card">
          <header><h2>{t("Kept")}</h2></header>
          <ul className="body kept">{done.map((one) => <li key={one.id}>{one.text}</li>)}</ul>
        </section>
      )}
    </Page>
  );
}
