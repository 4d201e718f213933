/** Stock that is promised: what is held for whom, and what can still be promised by when. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BookmarkCheck, Check as Tick, Plus, Undo2 } from "lucide-react";
import { lazy, Suspense } from "react";
import { Link } from "wouter";
import { post } from "../api/client";
import type { Place, Ref } from "../api/types";
import { ago, quantity, time } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { List, usePages } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Loading, Page } from "../part/Page";
import { complain, say } from "../part/toast";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { Hold } from "./Hold";
import { stateKind, stateName, STATES } from "./state";

const Promises = lazy(() => import("./Promises"));

export interface Reservation {
  id: number;
  product: Ref & { identifier: string };
  lot: Ref | null;
  location: Place;
  quantity: number;
  open: number;
  state: string;
  holdUntil: string | null;
  allowBackorder: boolean;
  description: string | null;
  createdAt: string;
}

export default function Reservations() {
  const [query, setQuery] = useQueryState(["view", "new", "product"]);
  const whyNot = useWhyNot()("STOCK.RESERVE");
  const views: [string, string][] = [["", t("Reservations")], ["promise", t("What can be promised")]];
  return (
    <Page
      title={t("Reservations")}
      about={t("Stock that is promised, and that nobody else may take.")}
      actions={<Button kind="primary" icon={<Plus size={16} />} onClick={() => setQuery({ new: "1" })} why={whyNot}>{t("Reserve")}</Button>}
    >
      <nav className="tabs" aria-label={t("Views")}>
        {views.map(([view, title]) => <Link key={view} href={withQuery(path.reservations(), { view, product: query.product })} aria-current={query.view === view ? "page" : undefined}>{title}</Link>)}
      </nav>
      {query.view === "promise" ? <Suspense fallback={<Loading />}><Promises /></Suspense> : <Held />}
      {query.new !== "" && <Hold product={query.product} onClose={() => setQuery({ new: "" })} />}
    </Page>
  );
}

function Held() {
  const [query, setQuery] = useQueryState(["product", "location", "state"]);
  const queries = useQueryClient();
  const whyNot = useWhyNot()("STOCK.RESERVE");
  const pages = usePages<Reservation>("/v1/reservations", { product: query.product, location: query.location, state: query.state });
  const act = useMutation({
    mutationFn: ({ one, verb }: { one: Reservation; verb: "confirm" | "release" }) => post<Reservation>(`/v1/reservations/${one.id}/${verb}`, {}),
    onSuccess: (_, { one, verb }) => {
      void queries.invalidateQueries();
      say(verb === "confirm" ? t("{quantity} of {product} is firm", { quantity: quantity(one.open), product: one.product.identifier }) : t("{quantity} of {product} is free again", { quantity: quantity(one.open), product: one.product.identifier }));
    },
    onError: complain,
  });
  const isFiltered = query.product !== "" || query.location !== "" || query.state !== "";
  return (
    <>
      <div className="filters">
        <Lookup label={t("Product")} of="products" value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />
        <Choice label={t("State")} value={query.state} onChange={(event) => setQuery({ state: event.target.value })} options={[["", t("any")], ...STATES.map((one) => [one, stateName(one)] as const)]} />
        {isFiltered && <Button onClick={() => setQuery({ product: "", location: "", state: "" })}>{t("Clear filters")}</Button>}
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Reservations")}
          keyOf={(one) => one.id}
          empty={<Empty title={isFiltered ? t("No reservation matches") : t("Nothing is reserved")} icon={<BookmarkCheck size={32} />}><p>{t("A hold ends by itself at its time, unless somebody confirms it.")}</p></Empty>}
          columns={[
            { name: t("Product"), sort: ["product", (one) => one.product.identifier], show: (one) => <ProductLink product={one.product} /> },
            { name: t("Location"), sort: ["location", (one) => one.location.path], show: (one) => one.location.path },
            { name: t("For"), sort: ["for", (one) => one.description], show: (one) => <div className="words">{one.description}</div> },
            { name: t("State"), sort: ["state", (one) => stateName(one.state)], isNarrow: true, show: (one) => <span className={`tag ${stateKind(one.state)}`}>{stateName(one.state)}</span> },
            { name: t("Holds until"), sort: ["until", (one) => one.holdUntil], isNarrow: true, show: (one) => (one.state !== "held" ? "" : one.holdUntil ? time(one.holdUntil) : t("confirmed or released")) },
            { name: t("Made"), sort: ["made", (one) => one.createdAt], isNarrow: true, show: (one) => <span title={time(one.createdAt)}>{ago(one.createdAt)}</span> },
            { name: t("Reserved"), sort: ["reserved", (one) => one.quantity], isNumber: true, show: (one) => quantity(one.quantity) },
            { name: t("Still open"), sort: ["open", (one) => one.open], isNumber: true, show: (one) => <strong>{quantity(one.open)}</strong> },
            {
              name: "",
              isNarrow: true,
              show: (one) => {
                const what = { product: one.product.identifier, quantity: quantity(one.open) };
                const isOver = one.open === 0 || !["held", "confirmed"].includes(one.state);
                return (
                  <span className="row tight actions">
                    <Button icon={<Tick size={16} />} aria-label={t("Confirm {quantity} of {product}", what)} title={t("Confirm")} onClick={() => act.mutate({ one, verb: "confirm" })} why={whyNot ?? (one.state !== "held" ? t("Only what is held can be confirmed") : act.isPending && t("Working"))}><span className="word">{t("Confirm")}</span></Button>
                    <Button icon={<Undo2 size={16} />} aria-label={t("Release {quantity} of {product}", what)} title={t("Release")} onClick={() => act.mutate({ one, verb: "release" })} why={whyNot ?? (isOver ? t("Nothing of it is open") : act.isPending && t("Working"))}><span className="word">{t("Release")}</span></Button>
                  </span>
                );
              },
            },
          ]}
        />
      </div>
    </>
  );
}
