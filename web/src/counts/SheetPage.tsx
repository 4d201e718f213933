/** One count sheet: counted line by line with the keyboard or with a scanner, counted again, posted. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, BookCheck, RotateCcw, ScanBarcode, Undo2 } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Link } from "wouter";
import { get, post, Problem } from "../api/client";
import { sendable } from "../decimal";
import { quantity, time } from "../format";
import { t } from "../i18n";
import { serialsOf } from "../journals/cells";
import { Undo } from "../ledger/Reverse";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { type Column, List, usePages } from "../part/List";
import { Empty, Failed, Loading, Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { complain, say } from "../part/toast";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { ProductLink } from "../stock/Stock";
import { GiveUp, PostSheet } from "./PostSheet";
import { Scanning } from "./Scanning";
import { about, type CountLine, type CountSheet, lineKind, lineState, sheetKind, sheetState } from "./sheet";

export default function SheetPage({ id }: { id: string }) {
  const [query, setQuery] = useQueryState(["state", "mode", "act"]);
  const why = useWhyNot();
  const [whyNot, whyNotUndo] = [why("STOCK.COUNT"), why("STOCK.REVERSE")];
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ["/v1/count-sheets", id], queryFn: () => get<CountSheet>(`/v1/count-sheets/${encodeURIComponent(id)}`) });
  const again = useMutation({
    mutationFn: () => post<{ lines: number[] }>(`/v1/count-sheets/${encodeURIComponent(id)}/recount`, {}),
    onSuccess: ({ lines }) => {
      void queries.invalidateQueries();
      say(lines.length === 0 ? t("No line differs by more than the sheet accepts") : t("{count, plural, one {# line is} other {# lines are}} to be counted again", { count: lines.length }));
      if (lines.length > 0) setQuery({ state: "toRecount" });
    },
    onError: complain,
  });
  if (found.isPending) return <div className="page"><Loading /></div>;
  if (found.isError) return <Page title={t("Count sheet")}><Failed error={found.error} again={() => void found.refetch()} /></Page>;
  const sheet = found.data;
  const isOpen = sheet.state === "open";
  if (isOpen && query.mode === "scan") return <Scanning sheet={sheet} onDone={() => setQuery({ mode: "" })} />;
  const nothing = sheet.counted === 0 && t("Nothing has been counted yet");
  return (
    <Page
      title={sheet.name}
      about={<span className="row"><span className={`tag ${sheetKind(sheet.state)}`}>{sheetState(sheet.state)}</span> {about(sheet)}</span>}
      actions={
        isOpen && (
          <>
            <Button icon={<RotateCcw size={16} />} onClick={() => again.mutate()} why={whyNot ?? (nothing || (again.isPending && t("Working")))}>{t("Count differences again")}</Button>
            <Button icon={<ScanBarcode size={16} />} onClick={() => setQuery({ mode: "scan" })} why={whyNot}>{t("Scan")}</Button>
            <Button icon={<Ban size={16} />} kind="danger" onClick={() => setQuery({ act: "cancel" })} why={whyNot}>{t("Give up …")}</Button>
            <Button icon={<BookCheck size={16} />} kind="primary" onClick={() => setQuery({ act: "post" })} why={whyNot ?? nothing}>{t("Differences and post …")}</Button>
          </>
        )
      }
    >
      {sheet.batch !== null && (
        <div className="banner good" role="status">
          <span className="grow">{t("Posted {when}; each count is true at the time when it was counted.", { when: time(sheet.modifiedAt) })}</span>
          <Link className="button" href={withQuery(path.ledger(), { batch: sheet.batch })}>{t("What it changed")}</Link>
          <Button icon={<Undo2 size={16} />} onClick={() => setQuery({ act: "undo" })} why={whyNotUndo}>{t("Undo …")}</Button>
        </div>
      )}
      <div className="filters">
        <Choice label={t("Lines")} value={query.state} onChange={(event) => setQuery({ state: event.target.value })} options={[["", t("all")], ...(["toCount", "toRecount", "counted"] as const).map((one) => [one, lineState(one)] as const)]} />
        <div className="field"><span className="label">{t("Counted")}</span><Progress done={sheet.counted} total={sheet.lines} label={t("Counted")} /></div>
        {sheet.toRecount > 0 && <span className="tag warn">{t("{count} to count again", { count: sheet.toRecount })}</span>}
        {(sheet.tolerance > 0 || sheet.tolerancePercent > 0) && <span className="soft small">{t("Accepts differences up to {quantity} or {percent} %", { quantity: quantity(sheet.tolerance), percent: quantity(sheet.tolerancePercent) })}</span>}
      </div>
      <Lines sheet={sheet} state={query.state} isOpen={isOpen && whyNot === null} />
      {query.act === "post" && isOpen && <PostSheet sheet={sheet} onClose={() => setQuery({ act: "" })} />}
      {query.act === "undo" && sheet.batch !== null && (
        <Undo what={{ countBatch: sheet.batch, rest: true }} title={t("Undo the counts of {name}", { name: sheet.name })} onClose={() => setQuery({ act: "" })}>
          {t("Counter-movements are booked for what the counts changed, and the counts hold no longer. Those that were undone before stay so.")}
        </Undo>
      )}
      {query.act === "cancel" && isOpen && <GiveUp sheet={sheet} onClose={() => setQuery({ act: "" })} />}
    </Page>
  );
}

function Lines({ sheet, state, isOpen }: { sheet: CountSheet; state: string; isOpen: boolean }) {
  const pages = usePages<CountLine>(`/v1/count-sheets/${sheet.id}/lines`, { state }, 200);
  const table = useRef<HTMLDivElement>(null);
  const move = (from: HTMLInputElement, by: number): void => {
    const inputs = [...(table.current?.querySelectorAll<HTMLInputElement>("input[data-count]") ?? [])];
    const next = inputs[inputs.indexOf(from) + by];
    next?.focus();
    next?.select();
  };
  const columns: Column<CountLine>[] = [
    { name: t("Product"), show: (line) => <span><ProductLink product={{ ...line.product, name: line.name }} /> {line.variantName && <span className="tag">{line.variantName}</span>}</span> },
    { name: t("Location"), show: (line) => line.location.path },
    { name: t("Lot"), show: (line) => line.lot?.name ?? "" },
    { name: isOpen ? t("Counted (Enter goes on)") : t("Counted"), isNumber: true, show: (line) => (isOpen ? <Count sheet={sheet} line={line} onMove={move} /> : line.counted === null ? <span className="soft">–</span> : `${quantity(line.counted)} ${line.unit ?? ""}`) },
    {
      name: t("State"),
      isNarrow: true,
      show: (line) => (
        <span className="row tight">
          <span className={`tag ${lineKind(line.state)}`}>{lineState(line.state)}</span>
          {line.isExtra && <span className="tag info" title={t("Found there and not expected")}>{t("extra")}</span>}
          {line.rounds > 1 && <span className="small soft">{t("round {number}", { number: line.rounds })}</span>}
        </span>
      ),
    },
    { name: t("When"), isNarrow: true, show: (line) => line.countedAt && time(line.countedAt) },
  ];
  return (
    <div className="card" ref={table}>
      <List
        pages={pages}
        caption={t("Lines of the sheet")}
        keyOf={(line) => line.line}
        columns={columns}
        empty={<Empty title={state ? t("No line is in that state") : t("Nothing stood there when the sheet was made")}><p>{isOpen && t("What is found nevertheless is added by scanning it.")}</p></Empty>}
      />
    </div>
  );
}

/** What was counted of a line: typed, kept with Enter or on leaving. */
function Count({ sheet, line, onMove }: { sheet: CountSheet; line: CountLine; onMove: (from: HTMLInputElement, by: number) => void }) {
  const queries = useQueryClient();
  const isSerial = line.tracking === "serial";
  const start = line.counted === null ? "" : isSerial ? "" : quantity(line.counted);
  const [text, setText] = useState(start);
  const kept = useRef(start);
  const save = useMutation({
    mutationFn: (typed: string) => post<{ left: number }>(`/v1/count-sheets/${sheet.id}/counts`, isSerial ? { line: line.line, instances: serialsOf(typed) } : { line: line.line, quantity: sendable(typed) }),
    onSuccess: (_, typed) => {
      kept.current = typed;
      void queries.invalidateQueries({ queryKey: ["/v1/count-sheets"] });
      void queries.invalidateQueries({ queryKey: [`/v1/count-sheets/${sheet.id}/lines`] });
    },
  });
  const keep = (): void => {
    if (text.trim() !== "" && text !== kept.current && !save.isPending) save.mutate(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") setText(kept.current);
    if (by === undefined) return;
    event.preventDefault();
    keep();
    onMove(event.currentTarget, by);
  };
  const fault = save.error instanceof Problem ? Object.values(save.error.violations).flat().join("; ") || save.error.message : save.error?.message;
  const name = [line.product.identifier, line.variantName, line.lot?.name].filter(Boolean).join(" ");
  return (
    <span className="count">
      <input
        className={isSerial ? "input" : "input number"}
        data-count=""
        inputMode={isSerial ? "text" : "decimal"}
        aria-label={isSerial ? t("Serial numbers of {name} at {place}", { name, place: line.location.path }) : t("Count of {name} at {place}", { name, place: line.location.path })}
        aria-invalid={fault ? true : undefined}
        placeholder={isSerial ? (line.counted === null ? t("serial numbers") : t("{count} found", { count: quantity(line.counted) })) : ""}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={onKeyDown}
      />
      <span className="unit soft">{isSerial ? "" : line.unit}</span>
      {fault && <span className="fault" role="alert">{fault}</span>}
    </span>
  );
}
