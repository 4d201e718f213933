/** A journal filled with a phone or a handheld scanner: each thing that is kept is a line. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, BookCheck } from "lucide-react";
import { get, type Page as ApiPage, post } from "../api/client";
import type { Availability, Journal, Location, Product } from "../api/types";
import { sendable } from "../decimal";
import { quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { Handheld } from "../part/Handheld";
import { Page } from "../part/Page";
import { useQueryState } from "../path";
import type { Figures } from "./JournalPage";

interface Props {
  journal: Journal;
  place: string;
  setPlace: (place: string) => void;
  locations: Location[];
  voucherId: () => Promise<number>;
  figures: Figures | undefined;
  onBook: () => void;
  whyBook: string | null;
  onDone: () => void;
}

/** In these journals the sign of the count says whether something comes or goes; telephones have no key for it. */
const SIGNED = ["Delivery", "Complaint", "InternalTransfer"];

export function Counting({ journal, place, setPlace, locations, voucherId, figures, onBook, whyBook, onDone }: Props) {
  const [query, setQuery] = useQueryState(["way"]);
  const isSigned = SIGNED.includes(journal.kind);
  const sign = isSigned && query.way === "out" ? "-" : "";
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
      {isSigned && <div className="filters"><Choice label={t("Which way")} value={query.way} onChange={(event) => setQuery({ way: event.target.value })} options={[["", t("comes in")], ["out", t("goes out")]]} /></div>}
      <Handheld
        place={place}
        setPlace={setPlace}
        locations={locations}
        label={() => (journal.kind === "Settlement" ? t("Counted") : t("Count"))}
        keep={async ({ product, variant, lot, count, serials }) => {
          await post("/v1/entries", {
            voucher: await voucherId(),
            entries: [{
              product: product.id, variant, lot, location: place || null, count: `${sign}${sendable(count) ?? ""}`.replace("--", ""), stockDate: new Date().toISOString(),
              ...(product.tracking === "serial" && { instances: serials }),
            }],
          });
        }}
      >
        {(product, variant) => product && <InStock product={product} variant={variant} place={place} />}
      </Handheld>
    </Page>
  );
}

function InStock({ product, variant, place }: { product: Product; variant: string | null; place: string }) {
  const stock = useQuery({ queryKey: ["counting", product.id, place], queryFn: () => get<ApiPage<Availability>>("/v1/availability", { product: product.id, location: place }) });
  const items = stock.data?.items.filter((one) => variant === null || one.variant?.identifier === variant);
  return <div className="soft">{t("in stock: {stock}", { stock: items ? quantity(items.reduce((sum, one) => sum + one.stock, 0)) : "…" })} {product.unit}</div>;
}
