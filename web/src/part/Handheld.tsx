/** One thing at a time, for a phone or a handheld scanner: the place, the product, how many, the next. */
import { Check as Tick, Minus, Plus } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Location, Product } from "../api/types";
import { parseDecimal, plain } from "../decimal";
import { t } from "../i18n";
import { editable, serialsOf } from "../journals/cells";
import { useFinder, type Variant, variantsOf } from "../journals/find";
import { Button } from "./Button";
import { Choice } from "./Field";
import { complain } from "./toast";

/** What was found at the place. */
export interface Piece {
  product: Product;
  variant: string | null;
  lot: string | null;
  /** As it was typed; of pieces with serial numbers how many there are. */
  count: string;
  serials: readonly string[];
}

interface Props {
  place: string;
  setPlace: (place: string) => void;
  locations: readonly Location[];
  /** What the count is called. */
  label: (product: Product) => string;
  keep: (piece: Piece) => Promise<void>;
  /** Said where no product is at hand yet, and about the one that is. */
  children?: (product: Product | null, variant: string | null) => ReactNode;
}

export function Handheld({ place, setPlace, locations, label, keep, children }: Props) {
  const [code, setCode] = useState("");
  const [product, setProduct] = useState<Product | null>(null);
  const [variants, setVariants] = useState<readonly Variant[]>([]);
  const [variant, setVariant] = useState("");
  const [lot, setLot] = useState("");
  const [count, setCount] = useState("");
  const [serials, setSerials] = useState<readonly string[]>([]);
  const [done, setDone] = useState<readonly string[]>([]);
  const [isBusy, setBusy] = useState(false);
  const codeInput = useRef<HTMLInputElement>(null);
  const countInput = useRef<HTMLInputElement>(null);
  const variantInput = useRef<HTMLSelectElement>(null);
  const find = useFinder(locations);
  useEffect(() => codeInput.current?.focus(), []);
  const isSerial = product?.tracking === "serial";
  const addSerials = (more: readonly string[]): void => setSerials((before) => [...new Set([...before, ...more])]);
  const step = (by: bigint): void => setCount((before) => editable(Number(plain((parseDecimal(before) ?? 0n) + by * 1_000_000n))));

  const look = async (): Promise<void> => {
    // The next code may come before the server has answered, and is not read together with this one.
    setCode("");
    try {
      const { scan, location, goods } = await find(code);
      if (location) {
        setPlace(location.path);
      } else if (goods === null) {
        // What is no product may be a piece of the one that is at hand.
        if (!isSerial) throw new Error(t("No product and no location has the code {code}", { code: scan.code }));
        addSerials(serialsOf(scan.code));
      } else if (product !== null && goods.product.id === product.id && (scan.lot ?? lot) === lot && (goods.variant?.identifier ?? variant) === variant) {
        if (scan.serial !== null) addSerials([scan.serial]);
        else if (!isSerial) step(1n);
      } else {
        const choices = await variantsOf(goods.product);
        setProduct(goods.product);
        setVariants(choices);
        setVariant(goods.variant?.identifier ?? "");
        setLot(scan.lot ?? "");
        setCount(scan.count === null ? "" : editable(scan.count));
        setSerials(scan.serial === null ? [] : [scan.serial]);
        const next = goods.product.tracking === "serial" ? codeInput : choices.length > 0 && goods.variant === null ? variantInput : countInput;
        setTimeout(() => next.current?.focus());
      }
    } catch (error) {
      setCode((since) => since || code);
      complain(error);
    }
  };
  const clear = (): void => {
    setProduct(null);
    setVariants([]);
    setVariant("");
    setCount("");
    setLot("");
    setSerials([]);
    codeInput.current?.focus();
  };
  const why =
    product === null ? t("Scan a product first")
    : variants.length > 0 && variant === "" ? t("Choose the variant first")
    : !isSerial && parseDecimal(count) === null ? t("Enter the count first")
    : isBusy ? t("Saving")
    : null;
  const put = async (): Promise<void> => {
    if (product === null) return;
    setBusy(true);
    const piece: Piece = { product, variant: variant || null, lot: lot || null, count: isSerial ? String(serials.length) : count, serials };
    try {
      await keep(piece);
      setDone((before) => [`${[product.identifier, product.name, variant].filter(Boolean).join(" ")}${lot ? ` · ${lot}` : ""}: ${piece.count} · ${place}`, ...before].slice(0, 30));
      clear();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const hasCode = code.trim() !== "";
  return (
    <>
      <form
        className="card counting"
        onSubmit={(event) => {
          event.preventDefault();
          if (hasCode) void look();
          else if (why === null) void put();
        }}
      >
        <div className="row"><span className="soft">{t("At")}</span> <strong>{place || t("no location yet")}</strong></div>
        <div className="field">
          <label htmlFor="code">{isSerial ? t("Serial number, location or product") : t("Location or product")}</label>
          <input id="code" ref={codeInput} className="input big" data-scan="" value={code} onChange={(event) => setCode(event.target.value)} autoComplete="off" autoCapitalize="off" enterKeyHint="next" />
        </div>
        {product && <div><strong>{product.identifier}</strong> {product.name}</div>}
        {children?.(product, variant || null)}
        {product && variants.length > 0 && (
          <Choice ref={variantInput} label={t("Variant")} className="input big" value={variant} onChange={(event) => setVariant(event.target.value)} options={[["", t("which one?")], ...variants.map((one) => [one.identifier, one.name ? `${one.identifier} · ${one.name}` : one.identifier] as const)]} />
        )}
        {product?.tracking === "lot" && (
          <div className="field">
            <label htmlFor="lot">{t("Lot")}</label>
            <input id="lot" className="input big" data-scan="" value={lot} onChange={(event) => setLot(event.target.value)} />
          </div>
        )}
        {product && isSerial && (
          <div className="field">
            <span className="label">{t("{count} found", { count: serials.length })}</span>
            <ul className="kept">{serials.map((one) => <li key={one}>{one}</li>)}</ul>
          </div>
        )}
        {product && !isSerial && (
          <div className="field">
            <label htmlFor="count">{label(product)}</label>
            <div className="row" style={{ flexWrap: "nowrap" }}>
              <Button icon={<Minus size={20} />} aria-label={t("One less")} className="big" onClick={() => step(-1n)} />
              <input id="count" ref={countInput} className="input big number grow" data-scan="" inputMode="decimal" value={count} onChange={(event) => setCount(event.target.value)} autoComplete="off" enterKeyHint="done" />
              <Button icon={<Plus size={20} />} aria-label={t("One more")} className="big" onClick={() => step(1n)} />
            </div>
          </div>
        )}
        <div className="row" style={{ flexWrap: "nowrap" }}>
          <Button kind="primary" type="submit" className="big grow" icon={<Tick size={20} />} why={hasCode ? null : why}>{hasCode ? t("Look up") : t("Keep and next")}</Button>
          {product && <Button className="big" onClick={clear}>{t("Another product")}</Button>}
        </div>
      </form>
      {done.length > 0 && (
        <section className="card" aria-live="polite">
          <header><h2>{t("Kept")}</h2></header>
          <ul className="body kept">{done.map((one, index) => <li key={done.length - index}>{one}</li>)}</ul>
        </section>
      )}
    </>
  );
}
