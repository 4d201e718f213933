/** Tables into the catalog or a journal: dropped, matched column by column, tried, then written at once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileUp, GripVertical } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { all, Problem } from "../api/client";
import type { Journal, Voucher } from "../api/types";
import { whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { Page } from "../part/Page";
import { Progress } from "../part/Progress";
import { complain, say } from "../part/toast";
import { useLeaving } from "../leave";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { allFields } from "../operations/fields";
import { type FieldSpec, kinds } from "../settings/kinds";
import { goesAtOnce, STEP, Stopped, tryEntries, tryRecords, voucherFor, writeEntries, writeRecords } from "./send";
import { beginsLike, type CellFault, type Decimals, decimalsOf, faultsAt, match, readFile, records, type Table } from "./sheet";

const ENTRY_FIELDS = ["product", "variant", "lot", "instances", "location", "orgUnit", "count", "unit", "stockDate", "costPrice", "salesPrice", "customer", "supplier", "reason", "description"];
const NUMBERS = ["count", "costPrice", "salesPrice"];
const TIMES = new Set(["stockDate"]);

/** The fields of what a file holds. */
const fieldsOf = (kind: string): readonly FieldSpec[] => (kind === "operations" ? allFields() : (kinds().find((one) => one.name === kind)?.fields ?? []));

const ROWS_MAX = 100_000;
const FAULTS_SHOWN = 200;
const SAMPLES = 3;

function faultsOf(error: unknown): CellFault[] {
  const [problem, before] = error instanceof Stopped ? [error.cause, error.written] : [error, 0];
  return problem instanceof Problem ? faultsAt(problem.violations).map((fault) => ({ ...fault, row: fault.row + before })) : [];
}

export default function Import() {
  const [query, setQuery] = useQueryState(["kind", "journal"]);
  const queries = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const [voucher, setVoucher] = useState<Voucher | null>(null);
  const [isOver, setOver] = useState(false);
  const [table, setTable] = useState<(Table & { name: string }) | null>(null);
  const [mapping, setMapping] = useState<readonly string[]>([]);
  const [decimals, setDecimals] = useState<Decimals>("point");
  const [done, setDone] = useState(0);
  /** So many rows of the file are written; what follows them is tried and written next. */
  const [from, setFrom] = useState(0);
  /** As long as nothing changes, steps are asked for under the same name, and lines without a date have the same one. */
  const begun = useRef({ name: crypto.randomUUID() as string, at: new Date().toISOString() });
  const kind = query.kind || "products";
  const isEntries = kind === "entries";
  const fields = useMemo(() => (isEntries ? ENTRY_FIELDS : fieldsOf(kind).map((field) => field.name)), [kind, isEntries]);
  const numbers = useMemo(() => new Set(isEntries ? NUMBERS : fieldsOf(kind).filter((field) => field.kind === "number").map((field) => field.name)), [kind, isEntries]);
  const required = isEntries ? ["product", "location", "count"] : fieldsOf(kind).filter((field) => field.isRequired).map((field) => field.name);
  const journals = useQuery({ queryKey: ["/v1/journals"], queryFn: ({ signal }) => all<Journal>("/v1/journals", {}, 2_000, signal), enabled: isEntries });
  const journal = journals.data?.find((one) => (query.journal === "" ? true : String(one.id) === query.journal));
  const whyNot = useWhyNot()(isEntries ? "STOCK.DRAFT" : kind === "operations" ? "INVENTORY_OPERATION.WRITE.SAVE" : "CATALOG.WRITE");

  const forget = (): void => {
    tried.reset();
    written.reset();
    setDone(0);
    begun.current = { name: crypto.randomUUID(), at: new Date().toISOString() };
  };
  const take = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    if (/\.(xlsx?|gz)$/i.test(chosen.name)) return complain(new Error(t("Save the sheet as CSV, or import it with lotbook import, which reads XLSX and gz.")));
    try {
      const read = readFile(chosen.name, await chosen.text());
      const found = match(read.columns, fields);
      setTable({ ...read, name: chosen.name });
      setMapping(found);
      setDecimals(decimalsOf(read, found.flatMap((field, column) => (numbers.has(field) ? [column] : []))));
      // Whoever mended what follows goes on there; another file begins at its first row.
      if (from === 0 || table === null || !beginsLike(read, table, from)) restart();
      forget();
    } catch (error) {
      complain(error);
    }
  };
  const restart = (): void => {
    setFrom(0);
    setVoucher(null);
  };
  const send = async (isDry: boolean): Promise<number> => {
    if (table === null) return 0;
    const wanted = records(table, mapping, { decimals, numbers, times: TIMES });
    const sending = { from, name: begun.current.name };
    setDone(from);
    if (!isEntries) await (isDry ? tryRecords(kind, wanted, from) : writeRecords(kind, wanted, sending, setDone));
    else if (journal) {
      const into = voucher ?? (await voucherFor(journal.id, table.name));
      setVoucher(into);
      const entries = wanted.map((one) => ({ stockDate: begun.current.at, ...one }));
      await (isDry ? tryEntries(into.id, entries, from) : writeEntries(into.id, entries, journal.isAutoBook, sending, setDone));
    }
    return isDry ? wanted.length - from : wanted.length;
  };
  const tried = useMutation({ mutationFn: () => send(true) });
  const written = useMutation({
    mutationFn: () => send(false),
    onSuccess: (count) => {
      setFrom(0);
      say(t("{count, plural, one {# row} other {# rows}} imported", { count }));
    },
    onError: (error) => error instanceof Stopped && setFrom(error.written),
    onSettled: () => void queries.invalidateQueries(),
  });
  const error = tried.error ?? written.error;
  const faults = faultsOf(error);
  const unknown = written.error instanceof Stopped ? written.error.unknown : 0;
  const rest = (table?.rows.length ?? 0) - from;
  useLeaving(() => (written.isPending ? t("Rows are being written. Leave the page and stop after the step that is under way?") : from > 0 ? t("{count, plural, one {One row of the file is} other {# rows of the file are}} not written. Leave the page and write them another time?", { count: rest }) : null));
  const missing = required.filter((field) => !mapping.includes(field));
  const isBusy = tried.isPending || written.isPending;
  const why = whyNot ?? (table === null ? t("Choose a file first") : missing.length > 0 ? t("No column is {fields} yet", { fields: missing.join(", ") }) : table.rows.length === 0 ? t("The file has no rows") : table.rows.length > ROWS_MAX ? t("The file has {count} rows; 100,000 go at once", { count: whole(table.rows.length) }) : isEntries && !journal ? t("Choose a journal first") : isBusy ? t("Working") : null);
  const faultAt = new Map<string, string>();
  for (const fault of faults) faultAt.set(`${fault.row}/${fault.field}`, [faultAt.get(`${fault.row}/${fault.field}`), fault.text].filter(Boolean).join("; "));
  const faultyRows = [...new Set(faults.map((fault) => fault.row))].sort((a, b) => a - b);
  const preview = table === null ? [] : faults.length > 0 ? faultyRows.slice(0, FAULTS_SHOWN) : table.rows.slice(from, from + 8).map((_, row) => row + from);
  const assign = (column: number, field: string): void => {
    setMapping((before) => before.map((one, at) => (at === column ? field : one === field ? "" : one)));
    forget();
  };
  const free = fields.filter((field) => !mapping.includes(field));
  const firstRow = /\.json$/i.test(table?.name ?? "") ? 1 : 2;
  const samplesOf = (column: number): string => (table?.rows ?? []).map((row) => row[column] ?? "").filter(Boolean).slice(0, SAMPLES).join(" · ");

  return (
    <Page title={t("Import")} about={t("A table becomes records. It is tried as a whole first, and every fault is named at its cell.")}>
      <div className="filters">
        <Choice label={t("What it holds")} value={kind} onChange={(event) => { setQuery({ kind: event.target.value }); setTable(null); restart(); forget(); }} options={[...kinds().map((one) => [one.name, one.title] as const), ["operations", t("Operations")], ["entries", t("Lines of a journal")]]} />
        {isEntries && <Choice label={t("Journal")} value={String(journal?.id ?? "")} onChange={(event) => { setQuery({ journal: event.target.value }); restart(); forget(); }} options={(journals.data ?? []).map((one) => [String(one.id), one.name])} />}
      </div>
      <div
        className="drop"
        data-over={isOver}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files[0]); }}
      >
        <FileUp size={28} aria-hidden />
        <div>{table ? <strong>{table.name}: {t("{count, plural, one {# row} other {# rows}}", { count: table.rows.length })}</strong> : t("Drop a CSV, TSV or JSON file here")}</div>
        <input ref={file} type="file" hidden accept=".csv,.tsv,.txt,.json" aria-label={t("File")} onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
        <Button onClick={() => file.current?.click()}>{t("Choose a file")}</Button>
      </div>
      {table && (
        <>
          <section className="card">
            <header><h2 className="grow">{t("Which column is what")}</h2></header>
            <div className="body stack">
              {free.length > 0 && (
                <div className="row">
                  <span className="soft small">{t("Drag a field onto a column, or choose it there:")}</span>
                  {free.map((field) => (
                    <span key={field} className="tag chip" draggable onDragStart={(event) => event.dataTransfer.setData("text/x-field", field)}>
                      <GripVertical size={12} aria-hidden />{field}{required.includes(field) && " *"}
                    </span>
                  ))}
                </div>
              )}
              <div className="mapping">
                {table.columns.map((column, index) => (
                  <div
                    key={`${column}/${index}`}
                    className="mapped"
                    draggable={mapping[index] !== ""}
                    onDragStart={(event) => event.dataTransfer.setData("text/x-field", mapping[index] ?? "")}
                    onDragOver={(event) => { if (event.dataTransfer.types.includes("text/x-field")) event.preventDefault(); }}
                    onDrop={(event) => { event.preventDefault(); const field = event.dataTransfer.getData("text/x-field"); if (fields.includes(field)) assign(index, field); }}
                  >
                    <Choice label={column || t("column {number}", { number: index + 1 })} value={mapping[index] ?? ""} onChange={(event) => assign(index, event.target.value)} options={[["", t("left out")], ...fields.map((field) => [field, required.includes(field) ? `${field} *` : field] as const)]} />
                    <div className="soft small sample" title={samplesOf(index)}>{samplesOf(index)}</div>
                  </div>
                ))}
              </div>
              {mapping.some((field) => numbers.has(field)) && (
                <div className="filters"><Choice label={t("Numbers are written as")} value={decimals} onChange={(event) => { setDecimals(event.target.value as Decimals); forget(); }} options={[["point", "1,234.5"], ["comma", "1.234,5"]]} /></div>
              )}
            </div>
          </section>
          <div className="row">
            <Button onClick={() => { written.reset(); tried.mutate(); }} why={why}>{t("Try it")}</Button>
            <Button kind="primary" onClick={() => { tried.reset(); written.mutate(); }} why={why ?? (written.isSuccess ? t("It is imported already") : from === 0 && !tried.isSuccess && unknown === 0 && t("Try it first"))}>{from > 0 ? t("{count, plural, one {Import the last row} other {Import the other # rows}}", { count: rest }) : t("Import")}</Button>
            {tried.isPending && <><div className="bar grow" role="progressbar" aria-label={t("Being tried")}><div className="working" /></div><span className="soft small" role="status">{t("{count} rows are being tried", { count: whole(table.rows.length) })}</span></>}
            {written.isPending && <Progress done={done} total={table.rows.length} label={t("Rows imported")} />}
            {tried.isSuccess && !written.isSuccess && !isBusy && <span className="tag good">{t("{count, plural, one {# row is} other {# rows are}} without fault", { count: tried.data })}</span>}
            {written.isSuccess && <span className="tag good">{t("{count, plural, one {# row} other {# rows}} imported", { count: written.data })}</span>}
            {!goesAtOnce(kind, table.rows.length) && !isEntries && !written.isSuccess && <span className="soft small">{t("So many rows are written {count} at a time, each step complete.", { count: whole(STEP) })}</span>}
          </div>
          {(from > 0 || unknown > 0) && !written.isPending && (
            <div className="banner warn" role="alert">
              <div className="grow stack">
                <span>
                  {from > 0 && <><strong>{t("Written: rows {first} to {last} of the file.", { first: whole(firstRow), last: whole(from - 1 + firstRow) })}</strong>{" "}</>}
                  {unknown > 0 && <>{t("Rows {first} to {last} were under way when the answer failed to come. Go on: they are asked for again and written once, whatever became of them.", { first: whole(from + firstRow), last: whole(from + unknown - 1 + firstRow) })}{" "}</>}
                  {rest > unknown && t("Not written: rows {first} to {last}.", { first: whole(from + unknown + firstRow), last: whole(from + rest - 1 + firstRow) })}
                </span>
                {from > 0 && <span className="soft">{t("Go on with the rest, or mend it in the file first and choose the file again; the rows that are written are not written twice.")}</span>}
              </div>
              {voucher && <Link className="button" href={withQuery(path.journal(voucher.journal), { voucher: voucher.number })}>{t("What is written")}</Link>}
              {from > 0 && <Button onClick={() => { restart(); forget(); }}>{t("Begin with the first row again")}</Button>}
            </div>
          )}
          {error && faults.length === 0 && <div className="banner bad" role="alert">{error.message}</div>}
          {faults.length > 0 && (
            <div className="banner bad" role="alert">
              {from > 0 ? t("{count, plural, one {One fault} other {# faults}} in what is not written yet.", { count: faults.length }) : t("{count, plural, one {One fault} other {# faults}}; nothing was written. Mend the file and choose it again.", { count: faults.length })}
              {faultyRows.length > FAULTS_SHOWN && ` ${t("The first {count} rows with faults are shown.", { count: FAULTS_SHOWN })}`}
            </div>
          )}
          <div className="card">
            <div className="scroll" tabIndex={0} role="region" aria-label={t("Rows")}>
              <table className="table">
                <caption className="visually-hidden">{t("Rows")}</caption>
                <thead><tr><th scope="col" className="number">{t("Row")}</th>{table.columns.map((column, index) => <th key={index} scope="col" className={numbers.has(mapping[index] ?? "") ? "number" : ""}>{mapping[index] || <span className="soft">{column}</span>}</th>)}</tr></thead>
                <tbody>
                  {preview.map((row) => (
                    <tr key={row}>
                      <td className="number soft">
                        {row + firstRow}
                        {faults.filter((fault) => fault.row === row && !mapping.includes(fault.field)).map((fault) => <div key={fault.field} className="fault">{fault.field} {fault.text}</div>)}
                      </td>
                      {table.columns.map((_, index) => {
                        const fault = faultAt.get(`${row}/${mapping[index] ?? ""}`);
                        return <td key={index} className={[numbers.has(mapping[index] ?? "") && "number", fault && "faulty"].filter(Boolean).join(" ")}>{table.rows[row]?.[index]}{fault && <div className="fault">{fault}</div>}</td>;
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
        </>
      )}
    </Page>
  );
}
