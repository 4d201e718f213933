/** The board: every operation at its place, as it stands now, and what may be done with it. */
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, Download, FileUp, Plus, Workflow } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { all } from "../api/client";
import { ago, quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice, Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { complain } from "../part/toast";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { Actions } from "./Act";
import { exportOperations } from "./exchange";
import { typeName } from "./fields";
import { type Branch, branches, type OperationState, statusKind, statusName, whyNot } from "./state";

const LOOK_EVERY_MS = 2_000;

export function useStates(location: string) {
  return useQuery({
    queryKey: ["/v1/operation-states", location],
    queryFn: ({ signal }) => all<OperationState>("/v1/operation-states", { location }, 5_000, signal),
    refetchInterval: LOOK_EVERY_MS,
  });
}

export default function Board() {
  const [query, setQuery] = useQueryState(["search", "location", "state"]);
  const allowed = useWhyNot();
  const states = useStates(query.location);
  const wanted = query.search.toLowerCase();
  const shown = useMemo(
    () =>
      (states.data ?? []).filter((one) => {
        const { operation } = one;
        const text = [operation.name, typeName(operation.operationType), operation.material?.identifier, operation.material?.name, one.run?.lot?.name].join(" ").toLowerCase();
        const fits = { "": true, open: one.run !== null, faulted: one.status === "FAULTED", ready: one.run === null && whyNot(one, "start") === null }[query.state] ?? true;
        return fits && text.includes(wanted);
      }),
    [states.data, wanted, query.state],
  );
  const tree = useMemo(() => branches(shown), [shown]);
  const count = (status: string) => (states.data ?? []).filter((one) => one.status === status).length;
  const isFiltered = query.search !== "" || query.location !== "" || query.state !== "";
  return (
    <Page
      title={t("Operations")}
      about={states.data && (
        <span className="row" role="status">
          <span className={count("RUNNING") > 0 ? "tag good" : "tag"}>{t("{count} running", { count: count("RUNNING") })}</span>
          <span className={count("FAULTED") > 0 ? "tag bad" : "tag"}>{t("{count} faulted", { count: count("FAULTED") })}</span>
          {t("{count, plural, one {# operation} other {# operations}}", { count: states.data.length })}
        </span>
      )}
      actions={
        <>
          <Button icon={<Download size={16} />} onClick={() => void exportOperations().catch(complain)} why={states.data?.length === 0 && t("There is nothing to export")}>{t("Export")}</Button>
          <Link className="button" href={withQuery(path.imports(), { kind: "operations" })}><FileUp size={16} aria-hidden /> {t("Import")}</Link>
          {allowed("INVENTORY_OPERATION.WRITE.SAVE") ? <Button icon={<Plus size={16} />} why={allowed("INVENTORY_OPERATION.WRITE.SAVE")}>{t("New operation")}</Button> : <Link className="button primary" href={path.operation("new")}><Plus size={16} aria-hidden /> {t("New operation")}</Link>}
        </>
      }
    >
      <div className="filters">
        <Field label={t("Find")} type="search" wide value={query.search} onChange={(event) => setQuery({ search: event.target.value })} placeholder={t("Name, product or lot")} />
        <Lookup label={t("Location and below")} of="locations" wide value={query.location} onChange={(location) => setQuery({ location })} />
        <Choice label={t("State")} value={query.state} onChange={(event) => setQuery({ state: event.target.value })} options={[["", t("any")], ["open", t("running or faulted")], ["faulted", t("faulted")], ["ready", t("ready to start")]]} />
      </div>
      {states.isPending ? (
        <Loading />
      ) : states.isError ? (
        <Failed error={states.error} again={() => void states.refetch()} />
      ) : shown.length === 0 ? (
        <Empty title={isFiltered ? t("No operation matches") : t("There are no operations yet")} icon={<Workflow size={32} />}>
          {isFiltered ? <Button onClick={() => setQuery({ search: "", location: "", state: "" })}>{t("Clear filters")}</Button> : <p>{t("An operation is something done to lots again and again: fill a silo, feed a mixer, ship a tank.")}</p>}
        </Empty>
      ) : (
        <div className="stack">{tree.map((branch) => <Place key={branch.path} branch={branch} depth={0} />)}</div>
      )}
    </Page>
  );
}

function Place({ branch, depth }: { branch: Branch; depth: number }) {
  const [isOpen, setOpen] = useState(true);
  const Heading = (["h2", "h3", "h4"] as const)[Math.min(depth, 2)] ?? "h4";
  return (
    <section className={depth === 0 ? "place" : "place below"}>
      <Heading>
        <button type="button" className="button quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />} {branch.name || t("Nowhere")}
          {branch.running > 0 && <span className="tag good">{t("{count} running", { count: branch.running })}</span>}
          {branch.faulted > 0 && <span className="tag bad">{t("{count} faulted", { count: branch.faulted })}</span>}
          {!isOpen && <span className="soft small">{t("{count, plural, one {# operation} other {# operations}}", { count: branch.total })}</span>}
        </button>
      </Heading>
      {isOpen && (
        <>
          {branch.operations.length > 0 && <div className="board">{branch.operations.map((one) => <Card key={one.operation.id} one={one} />)}</div>}
          {branch.children.map((child) => <Place key={child.path} branch={child} depth={depth + 1} />)}
        </>
      )}
    </section>
  );
}

/** The quantity so far, which moves to the next reading rather than jumping there. */
export function Counting({ value, unit }: { value: number; unit: string }) {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return setShown(value);
    const [from, began] = [shown, performance.now()];
    let frame = 0;
    const step = (now: number) => {
      const share = Math.min(1, (now - began) / 700);
      setShown(share >= 1 ? value : from + (value - from) * share);
      if (share < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value]);
  const digits = Number.isInteger(value) ? Math.round(shown) : shown;
  return <b className="so-far">{quantity(Math.round(digits * 1e3) / 1e3)} <span className="soft">{unit}</span></b>;
}

export function State({ one }: { one: OperationState }) {
  const unit = one.operation.unitOfMeasure ?? one.run?.unit ?? "";
  return (
    <>
      {one.run && (
        <div className="row">
          {one.soFar !== null ? <Counting value={one.soFar} unit={unit} /> : <span className="soft">{one.soFarFault ? t("No quantity yet: {why}", { why: one.soFarFault }) : t("The quantity is told at the end")}</span>}
          <span className="grow" />
          <span className="soft small">{t("since {when}", { when: ago(one.run.startedAt) })}</span>
        </div>
      )}
      {one.run?.lot && <div className="small">{t("Lot")} <Link href={path.lot(one.run.lot.uid)}><strong>{one.run.lot.name}</strong></Link>{one.run.secondaryLot && <> → <Link href={path.lot(one.run.secondaryLot.uid)}><strong>{one.run.secondaryLot.name}</strong></Link></>}</div>}
      {one.fault && <div className="banner bad small" role="alert">{one.fault}</div>}
    </>
  );
}

function Card({ one }: { one: OperationState }) {
  const { operation } = one;
  const isReady = one.run !== null || whyNot(one, "start") === null;
  return (
    <article className="card operation" data-state={one.status.toLowerCase()} aria-label={operation.name}>
      <div className="row" style={{ flexWrap: "nowrap", alignItems: "flex-start" }}>
        <div className="grow">
          <Link href={path.operation(operation.id)}><strong>{operation.name}</strong></Link>
          <div className="small soft">{typeName(operation.operationType)}{operation.material && ` · ${operation.material.name || operation.material.identifier}`}</div>
        </div>
        <span className={`tag ${statusKind(one.status)}`}>{statusName(one.status)}</span>
      </div>
      <div className="small soft">{[operation.sourceLocation?.path, operation.destinationLocation?.path].filter(Boolean).join(" → ")}</div>
      <State one={one} />
      {!isReady && <div className="small soft">{whyNot(one, "start")}</div>}
      <Actions one={one} />
    </article>
  );
}
