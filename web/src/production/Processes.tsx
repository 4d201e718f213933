/** Processes on cards: how they stand, what they work on, starting and stopping them. */
import { Pencil, Play, Square, Workflow } from "lucide-react";
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { all } from "../api/client";
import { t } from "../i18n";
import { statusKind, statusName } from "../operations/state";
import { Ask } from "../part/Ask";
import { Button } from "../part/Button";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading } from "../part/Page";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { RecordForm, type Row } from "../settings/RecordForm";
import { type Process, processes } from "./orders";

/** While the window is looked at, it is as fresh as this, in milliseconds. */
const LOOK_EVERY = 5_000;

export function Processes() {
  const [query, setQuery] = useQueryState(["start", "stop", "order"]);
  const [edited, setEdited] = useState<Process | null>(null);
  const mayChange = useWhyNot()("CATALOG.WRITE");
  const mayRun = useWhyNot()("OPERATION.EXECUTE");
  const found = useQuery({ queryKey: ["/v1/processes"], queryFn: ({ signal }) => all<Process>("/v1/processes", {}, 2_000, signal), refetchInterval: LOOK_EVERY });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} again={() => void found.refetch()} />;
  const named = (id: string) => found.data.find((one) => String(one.id) === id);
  const [start, stop, order] = [named(query.start), named(query.stop), named(query.order)];
  return (
    <>
      {found.data.length === 0 && <Empty title={t("There are no processes")} icon={<Workflow size={32} />}><p>{t("A process is what a line does for an order, from start to stop. Operations can start and stop with it.")}</p></Empty>}
      <div className="board">
        {found.data.map((one) => {
          const isRunning = one.currentRecord > 0;
          return (
            <article key={one.id} className="card operation" data-state={one.status.toLowerCase()} aria-label={one.name}>
              <div className="row"><h2 className="grow">{one.name}</h2><span className={`tag ${statusKind(one.status)}`}>{statusName(one.status)}</span></div>
              <p className="soft">{one.location.path}</p>
              <p>{one.currentOrder ? <>{t("Order")} <Link href={path.order(one.currentOrder.name ?? one.currentOrder.id)}>{one.currentOrder.name}</Link></> : <span className="soft">{t("for no order")}</span>}</p>
              {one.fault && <p className="fault">{one.fault}</p>}
              {one.notes && <p className="small soft">{one.notes}</p>}
              <div className="row actions">
                {isRunning ? (
                  <Button kind="primary" icon={<Square size={16} aria-hidden />} aria-label={t("Stop: {name}", { name: one.name })} onClick={() => setQuery({ stop: String(one.id) })} why={mayRun}>{t("Stop …")}</Button>
                ) : (
                  <Button kind="primary" icon={<Play size={16} aria-hidden />} aria-label={t("Start: {name}", { name: one.name })} onClick={() => setQuery({ start: String(one.id) })} why={mayRun ?? (!one.isEnabled && t("It is disabled"))}>{t("Start …")}</Button>
                )}
                <Button aria-label={t("Order of {name}", { name: one.name })} onClick={() => setQuery({ order: String(one.id) })} why={mayRun}>{t("Order …")}</Button>
                <Button icon={<Pencil size={16} />} aria-label={t("Change {thing}", { thing: one.name })} onClick={() => setEdited(one)} why={mayChange} />
              </div>
              <Link className="small" href={withQuery(path.production(), { view: "records", process: one.name })}>{t("When it ran")}</Link>
            </article>
          );
        })}
      </div>
      {start && <Operate process={start} verb="start" onClose={() => setQuery({ start: "" })} />}
      {stop && <Operate process={stop} verb="stop" onClose={() => setQuery({ stop: "" })} />}
      {order && <Operate process={order} verb="order" onClose={() => setQuery({ order: "" })} />}
      {edited && <RecordForm kind={processes()} record={edited as unknown as Row} onClose={() => setEdited(null)} />}
    </>
  );
}

interface Operated {
  status: string;
  operations: { id: number; status: string; fault: string | null }[];
}

function Operate({ process, verb, onClose }: { process: Process; verb: "start" | "stop" | "order"; onClose: () => void }) {
  const [order, setOrder] = useState(verb === "order" ? (process.currentOrder?.name ?? "") : "");
  const body = verb === "stop" ? {} : verb === "order" ? { order: order || null } : order ? { order } : {};
  const words = {
    start: [t("Start {name}", { name: process.name }), t("Start"), t("{name} runs", { name: process.name }), t("Operations that belong to it and start with it start now.")],
    stop: [t("Stop {name}", { name: process.name }), t("Stop"), t("{name} is stopped", { name: process.name }), t("The operations that started with it stop, too.")],
    order: [t("Order of {name}", { name: process.name }), t("Set"), t("The order is set"), t("What runs is for it from then on; runs that began keep theirs.")],
  }[verb] as [string, string, string, string];
  return (
    <Ask<Operated> title={words[0]} verb={words[1]} done={words[2]} about={words[3]} path={`/v1/processes/${process.id}/${verb}`} body={body} fields={["order"]} onClose={onClose}>
      {(faultOf) => verb !== "stop" && <Lookup label={t("Production order")} of="production-orders" value={order} fault={faultOf("order")} onChange={setOrder} placeholder={verb === "start" ? t("as the process finds it") : t("none")} />}
    </Ask>
  );
}
