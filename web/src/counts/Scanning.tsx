/** Counting a sheet with a phone or a handheld scanner: the place, the product, how many, the next. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { all, get, type Page as ApiPage, post } from "../api/client";
import type { Location } from "../api/types";
import { sendable } from "../decimal";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Handheld } from "../part/Handheld";
import { Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { useQueryState } from "../path";
import type { CountLine, CountSheet } from "./sheet";

export function Scanning({ sheet, onDone }: { sheet: CountSheet; onDone: () => void }) {
  const queries = useQueryClient();
  const [query, setQuery] = useQueryState(["place"]);
  const place = query.place || sheet.location?.path || "";
  const locations = useQuery({ queryKey: ["/v1/locations", "all"], queryFn: ({ signal }) => all<Location>("/v1/locations", {}, 10_000, signal), staleTime: 60_000 });
  const waiting = useQuery({
    queryKey: ["/v1/count-sheets", sheet.id, "next", place, sheet.modifiedAt],
    queryFn: async () => {
      const [again, first] = await Promise.all(["toRecount", "toCount"].map((state) => get<ApiPage<CountLine>>(`/v1/count-sheets/${sheet.id}/lines`, { state, limit: 500 })));
      return [...(again?.items ?? []), ...(first?.items ?? [])];
    },
  });
  const next = waiting.data?.find((line) => line.location.path === place) ?? waiting.data?.[0];
  return (
    <Page title={sheet.name} about={t("Scan a location, then product after product.")} actions={<Button icon={<ArrowLeft size={16} />} onClick={onDone}>{t("All lines")}</Button>}>
      <Progress done={sheet.counted} total={sheet.lines} label={t("Counted")} />
      <Handheld
        place={place}
        setPlace={(path) => setQuery({ place: path })}
        locations={locations.data ?? []}
        label={(product) => t("Counted in {unit}", { unit: String(product.unit) })}
        keep={async ({ product, variant, lot, count, serials }) => {
          const what = product.tracking === "serial" ? { instances: serials } : { quantity: sendable(count), lot };
          await post(`/v1/count-sheets/${sheet.id}/counts`, { product: product.id, ...(variant !== null && { variant }), location: place || null, ...what });
          void queries.invalidateQueries({ queryKey: ["/v1/count-sheets"] });
        }}
      >
        {(product) =>
          product !== null ? null
          : next ? <p className="soft">{t("Next on the way: {what} at {place}", { what: [next.product.identifier, next.name, next.variantName, next.lot?.name].filter(Boolean).join(" "), place: next.location.path })}</p>
          : waiting.isSuccess ? <p className="soft">{t("Every line is counted. What else is found can still be scanned.")}</p>
          : null
        }
      </Handheld>
    </Page>
  );
}
