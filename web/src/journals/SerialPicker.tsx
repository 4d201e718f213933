/** The pieces of a product with serial numbers: those in stock, many at once, or new ones. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { all, post } from "../api/client";
import type { Balance, Instance } from "../api/types";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Check, Choice, Field } from "../part/Field";
import { Empty, Failed, Loading } from "../part/Page";
import { complain } from "../part/toast";
import { useWhyNot } from "../session";
import { serialsOf } from "./cells";

interface Props {
  product: string;
  variant: string;
  /** Where the line is. */
  place: string;
  chosen: string;
  onPick: (serials: string[]) => void;
  onClose: () => void;
}

type Shown = "here" | "stock" | "away" | "all";

const ROWS_MAX = 500;

export function SerialPicker({ product, variant, place, chosen: before, onPick, onClose }: Props) {
  const queries = useQueryClient();
  const whyNot = useWhyNot()("CATALOG.WRITE");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(serialsOf(before)));
  const [search, setSearch] = useState("");
  const [wanted, setWanted] = useState<Shown | null>(null);
  const [isBusy, setBusy] = useState(false);
  const found = useQuery({
    queryKey: ["serials", product, variant],
    enabled: product !== "",
    queryFn: async ({ signal }) => {
      const [instances, balances] = await Promise.all([
        all<Instance>("/v1/instances", { product, variant: variant || null }, 20_000, signal),
        all<Balance>("/v1/balances", { product, variant: variant || null }, 20_000, signal),
      ]);
      const at = new Map(balances.filter((one) => one.lot !== null && Number(one.quantity) > 0).map((one) => [one.lot?.name ?? "", one.location.path]));
      return instances.map((one) => ({ id: one.id, serial: one.identifier, status: one.status, at: at.get(one.identifier) ?? null }));
    },
  });
  const pieces = found.data ?? [];
  const isHere = (at: string | null): boolean => at !== null && (place === "" || at === place || at.startsWith(`${place}/`));
  const counts = { here: pieces.filter((one) => isHere(one.at)).length, stock: pieces.filter((one) => one.at !== null).length };
  // What is in stock at the place of the line comes first; where nothing is, something comes in.
  const shown: Shown = wanted ?? (counts.here > 0 ? "here" : counts.stock > 0 ? "stock" : "all");
  const fits = (at: string | null): boolean => ({ here: isHere(at), stock: at !== null, away: at === null, all: true })[shown];
  const lower = search.trim().toLowerCase();
  const tokens = serialsOf(search);
  const rows = pieces.filter((one) => fits(one.at) && (tokens.length > 1 ? tokens.some((token) => token.toLowerCase() === one.serial.toLowerCase()) : one.serial.toLowerCase().includes(lower)));
  const unknown = tokens.filter((token) => !pieces.some((one) => one.serial.toLowerCase() === token.toLowerCase()));
  const set = (serials: readonly string[], isIn: boolean): void =>
    setChosen((old) => {
      const next = new Set(old);
      for (const serial of serials) if (isIn) next.add(serial);
      else next.delete(serial);
      return next;
    });
  /** What was scanned, typed or pasted: those that are known are taken. */
  const take = (): void => {
    const known = pieces.filter((one) => tokens.some((token) => token.toLowerCase() === one.serial.toLowerCase())).map((one) => one.serial);
    if (known.length === 0) return complain(new Error(t("{product} has no serial number {serials}", { product, serials: tokens.join(", ") })));
    set(known, known.length > 1 || !chosen.has(known[0] ?? ""));
    setSearch(unknown.join(" "));
  };
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      await post("/v1/instances", unknown.map((identifier) => ({ product, identifier, ...(variant !== "" && { variant }) })));
      set(unknown, true);
      setSearch("");
      await queries.invalidateQueries({ queryKey: ["serials", product] });
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  const areAll = rows.length > 0 && rows.every((one) => chosen.has(one.serial));
  return (
    <Dialog
      title={t("Serial numbers of {product}", { product })}
      onClose={onClose}
      footer={
        <>
          <span className="soft small grow" role="status">{t("{count, plural, =0 {none chosen} one {# chosen} other {# chosen}}", { count: chosen.size })}</span>
          <Button onClick={() => setChosen(new Set())} why={chosen.size === 0 && t("None is chosen")}>{t("Choose none")}</Button>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" onClick={() => onPick([...chosen])}>{t("Take {count}", { count: chosen.size })}</Button>
        </>
      }
    >
      <div className="filters">
        <Field
          label={t("Find, scan or paste")}
          wide
          type="search"
          autoFocus
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || tokens.length === 0) return;
            event.preventDefault();
            take();
          }}
        />
        <Choice
          label={t("Which pieces")}
          value={shown}
          onChange={(event) => setWanted(event.target.value as Shown)}
          options={[["here", t("in stock at {place} ({count})", { place: place || t("all locations"), count: counts.here })], ["stock", t("in stock anywhere ({count})", { count: counts.stock })], ["away", t("not in stock ({count})", { count: pieces.length - counts.stock })], ["all", t("all ({count})", { count: pieces.length })]]}
        />
      </div>
      {found.isSuccess && unknown.length > 0 && rows.length === 0 && (
        <div className="banner">
          <span className="grow">{t("{count, plural, one {{serials} is new.} other {# numbers are new: {serials}}}", { count: unknown.length, serials: unknown.slice(0, 5).join(", ") + (unknown.length > 5 ? " …" : "") })}</span>
          <Button onClick={() => void make()} why={whyNot ?? (isBusy && t("Saving"))}>{t("Make {count, plural, one {it} other {them}}", { count: unknown.length })}</Button>
        </div>
      )}
      {product === "" ? (
        <p className="soft">{t("Name the product of the line first.")}</p>
      ) : found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} />
      ) : rows.length === 0 ? (
        <Empty title={pieces.length === 0 ? t("The product has no serial numbers yet") : t("None of these pieces")}>{pieces.length === 0 && <p>{t("Type or scan new ones above, or import many at once under Import.")}</p>}</Empty>
      ) : (
        <div className="scroll" style={{ maxHeight: "46dvh", flex: "none" }} tabIndex={0} role="region" aria-label={t("Serial numbers")}>
          <table className="table">
            <caption className="visually-hidden">{t("Serial numbers")}</caption>
            <thead>
              <tr>
                <th className="shrink"><input type="checkbox" aria-label={t("All that are shown")} checked={areAll} onChange={() => set(rows.map((one) => one.serial), !areAll)} /></th>
                <th>{t("Serial number")}</th>
                <th>{t("Where")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, ROWS_MAX).map((one) => (
                <tr key={one.id}>
                  <td><Check label={<span className="visually-hidden">{one.serial}</span>} checked={chosen.has(one.serial)} onChange={(event) => set([one.serial], event.target.checked)} /></td>
                  <td>{one.serial}</td>
                  <td className="soft">{one.at ?? one.status}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > ROWS_MAX && <p className="soft small">{t("The first {count} are shown; find what you mean, or choose all that match.", { count: ROWS_MAX })}</p>}
        </div>
      )}
    </Dialog>
  );
}
