/** What can be promised of a product by which day, as a plot and as a table. */
import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Download } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { address, get, type Page as ApiPage } from "../api/client";
import type { Ref } from "../api/types";
import { sendable } from "../decimal";
import { dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import { Field } from "../part/Field";
import { Rows } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading } from "../part/Page";
import { useQueryState } from "../path";

const Chart = lazy(() => import("../part/Chart").then(({ Chart }) => ({ default: Chart })));

interface Step {
  at: string;
  booked: number;
  incoming: number;
  released: number;
  projected: number;
  availableToPromise: number;
}
interface Promised {
  product: Ref;
  variant: Ref | null;
  unit: string | null;
  stock: number;
  reserved: number;
  overdue: number;
  quantity?: number;
  promisableAt?: string | null;
  steps: Step[];
}

export default function Promises() {
  const [query, setQuery] = useQueryState(["product", "location", "quantity"]);
  const asked = { product: query.product, location: query.location, quantity: sendable(query.quantity) };
  const found = useQuery({
    queryKey: ["/v1/available-to-promise", asked],
    enabled: query.product !== "",
    queryFn: ({ signal }) => get<ApiPage<Promised>>("/v1/available-to-promise", asked, signal),
    retry: false,
  });
  return (
    <>
      <div className="filters">
        <Lookup label={t("Product")} of="products" wide value={query.product} onChange={(product) => setQuery({ product })} />
        <Lookup label={t("Location and below")} of="locations" value={query.location} onChange={(location) => setQuery({ location })} />
        <Field label={t("How much is wanted")} inputMode="decimal" value={query.quantity} onChange={(event) => setQuery({ quantity: event.target.value })} />
        {query.product !== "" && ["csv", "xlsx"].map((format) => <a key={format} className="button" href={address("/v1/available-to-promise", { ...asked, format })} download><Download size={16} aria-hidden /> {format.toUpperCase()}</a>)}
      </div>
      {query.product === "" ? (
        <Empty title={t("Name a product")} icon={<CalendarClock size={32} />}><p>{t("What is there, what is held and what is on its way say how much can be promised by when.")}</p></Empty>
      ) : found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <Failed error={found.error} again={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <Empty title={t("Nothing of it stands there or is on its way")} />
      ) : (
        found.data.items.map((one) => <One key={one.variant?.id ?? 0} one={one} />)
      )}
    </>
  );
}

function One({ one }: { one: Promised }) {
  const unit = one.unit ?? "";
  const times = useMemo(() => one.steps.map((step) => Date.parse(step.at) / 1000), [one]);
  const series = useMemo(
    () => [
      { name: t("Can be promised"), values: one.steps.map((step) => step.availableToPromise), color: "--accent", isStep: true },
      { name: t("Will be free"), values: one.steps.map((step) => step.projected), color: "--info", isStep: true },
    ],
    [one],
  );
  const first = one.steps[0];
  return (
    <section className="stack" aria-label={one.variant?.identifier ?? one.product.identifier ?? ""}>
      {one.variant && <h2>{one.variant.identifier}</h2>}
      {one.promisableAt !== undefined && (
        <div className={one.promisableAt === null ? "banner warn" : "banner good"} role="status">
          {one.promisableAt === null ? t("{quantity} {unit} cannot be promised by what is known.", { quantity: quantity(one.quantity ?? 0), unit }) : t("{quantity} {unit} can be promised from {time} on.", { quantity: quantity(one.quantity ?? 0), unit, time: dayOrTime(one.promisableAt) })}
        </div>
      )}
      <div className="figures">
        <div className="card figure"><span className="soft">{t("Stock")}</span><b>{quantity(one.stock)} {unit}</b></div>
        <div className="card figure"><span className="soft">{t("Reserved")}</span><b>{quantity(one.reserved)} {unit}</b></div>
        <div className="card figure"><span className="soft">{t("Can be promised now")}</span><b>{quantity(first?.availableToPromise ?? 0)} {unit}</b></div>
        <div className="card figure"><span className="soft">{t("Overdue, not counted on")}</span><b>{quantity(one.overdue)} {unit}</b></div>
      </div>
      {one.steps.length > 1 && (
        <div className="card"><div className="body"><Suspense fallback={<Loading lines={4} />}><Chart title={t("What can be promised by when")} times={times} series={series} unit={unit} /></Suspense></div></div>
      )}
      <div className="card">
        <Rows
          caption={t("What can be promised by when")}
          items={one.steps}
          keyOf={(step) => step.at}
          columns={[
            { name: t("From when on"), show: (step) => dayOrTime(step.at) },
            { name: t("Booked for then"), isNumber: true, show: (step) => change(step.booked) },
            { name: t("Arrives"), isNumber: true, show: (step) => change(step.incoming) },
            { name: t("Holds end"), isNumber: true, show: (step) => change(step.released) },
            { name: t("Will be free"), isNumber: true, show: (step) => quantity(step.projected) },
            { name: t("Can be promised"), isNumber: true, show: (step) => <strong className={step.availableToPromise < 0 ? "bad" : ""}>{quantity(step.availableToPromise)} {unit}</strong> },
          ]}
        />
      </div>
    </section>
  );
}

const change = (value: number) => (value === 0 ? <span className="soft">0</span> : `${value > 0 ? "+" : ""}${quantity(value)}`);
