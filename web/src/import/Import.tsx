/** Tables into the catalog or a journal: dropped, matched column by column, tried, then written at once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { all, post, Problem } from "../api/client";
import type { Journal, Voucher } from "../api/types";
import { whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Choice } from "../part/Field";
import { Page } from "../part/Page";
import { complain, say } from "../part/toast";
import { useQueryState } from "../path";
import { useWhyNot } from "../session";
import { allFields } from "../operations/fields";
import { type FieldSpec, kinds } from "../settings/kinds";
import { match, readFile, records, type Table } from "./sheet";

const ENTRY_FIELDS = ["product", "variant", "lot", "instances", "location", "orgUnit", "count", "unit", "stockDate", "costPrice", "salesPrice", "customer", "supplier", "description"];

/** The fields of what a file holds. */
const fieldsOf = (kind: string): readonly FieldSpec[] => (kind === "operations" ? allFields() : (kinds().find((one) => one.name === kind)?.fields ?? []));

const ROWS_MAX = 100_000;

interface Fault {
  row: number;
  field: string;
  text: string;
}

function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof Problem)) return [];
  return Object.entries(error.violations).map(([path, messages]) => ({ row: Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0), field: /([A-Za-z]+)$/.exec(path)?.[1] ?? "", text: messages.join("; ") }));
}

export default function Import() {
  const [query, setQuery] = useQueryState(["kind", "journal"]);
  const queries = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [table, setTable] = useState<(Table & { name: string }) | null>(null);
  const [mapping, setMapping] = useState<string[]>([]);
  const kind = query.kind || "products";
  const isEntries = kind === "entries";
  const fields = useMemo(() => (isEntries ? ENTRY_FIELDS : fieldsOf(kind).map((field) => field.name)), [kind, isEntries]);
  const required = isEntries ? ["product", "location", "count"] : fieldsOf(kind).filter((field) => field.isRequired).map((field) => field.name);
  const journals = useQuery({ queryKey: ["/v1/journals"], queryFn: ({ signal }) => all<Journal>("/v1/journals", {}, 2_000, signal), enabled: isEntries });
  const whyNot = useWhyNot()(isEntries ? "STOCK.DRAFT" : kind === "operations" ? "INVENTORY_OPERATION.WRITE.SAVE" : "CATALOG.WRITE");

  const take = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    if (/\.(xlsx?|gz)$/i.test(chosen.name)) return complain(new Error(t("Save the sheet as CSV, or import it with lotbook import, which reads XLSX and gz.")));
    try {
      const read = readFile(chosen.name, await chosen.text());
      setTable({ ...read, name: chosen.name });
      setMapping(match(read.columns, fields));
      tried.reset();
      written.reset();
    } catch (error) {
      complain(error);
    }
  };
  const send = async (isDry: boolean): Promise<number> => {
    if (table === null) return 0;
    const all = records(table, mapping);
    if (!isEntries) {
      await post(`/v1/${kind}`, all, isDry ? { dryRun: true } : undefined);
      return all.length;
    }
    const journal = query.journal || String(journals.data?.[0]?.id ?? "");
    // A dry run of lines needs a voucher to be on; its number stays used, as numbers do.
    const voucher = await post<Voucher>("/v1/vouchers", { journal: Number(journal), description: t("Import of {file}", { file: table.name }) });
    const now = new Date().toISOString();
    await post("/v1/entries", { voucher: voucher.id, entries: all.map((one) => ({ stockDate: now, ...one })) }, isDry ? { dryRun: true } : undefined);
    return all.length;
  };
  const tried = useMutation({ mutationFn: () => send(true) });
  const written = useMutation({
    mutationFn: () => send(false),
    onSuccess: (count) => {
      void queries.invalidateQueries();
      say(t("{count, plural, one {# row} other {# rows}} imported", { count }));
    },
  });
  const faults = faultsOf(tried.error ?? written.error);
  const other = faults.length === 0 ? (tried.error ?? written.error) : null;
  const missing = required.filter((field) => !mapping.includes(field));
  const why = whyNot ?? (table === null ? t("Choose a file first") : missing.length > 0 ? t("No column is {fields} yet", { fields: missing.join(", ") }) : table.rows.length > ROWS_MAX ? t("The file has {count} rows; 100,000 go at once", { count: whole(table.rows.length) }) : tried.isPending || written.isPending ? t("Working") : null);
  const faultAt = new Map(faults.map((fault) => [`${fault.row}/${fault.field}`, fault.text]));
  const preview = table === null ? [] : faults.length > 0 ? [...new Set(faults.map((fault) => fault.row))].sort((a, b) => a - b).slice(0, 200) : table.rows.slice(0, 8).map((_, row) => row);

  return (
    <Page title={t("Import")} about={t("A table becomes records, all of it or nothing.")}>
      <div className="filters">
        <Choice label={t("What it holds")} value={kind} onChange={(event) => { setQuery({ kind: event.target.value }); setTable(null); tried.reset(); written.reset(); }} options={[...kinds().map((one) => [one.name, one.title] as const), ["operations", t("Operations")], ["entries", t("Lines of a journal")]]} />
        {isEntries && <Choice label={t("Journal")} value={query.journal} onChange={(event) => setQuery({ journal: event.target.value })} options={(journals.data ?? []).map((one) => [String(one.id), one.name])} />}
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
            <header><h2>{t("Which column is what")}</h2></header>
            <div className="body filters">
              {table.columns.map((column, index) => (
                <Choice
                  key={`${column}/${index}`}
                  label={column || t("column {number}", { number: index + 1 })}
                  value={mapping[index] ?? ""}
                  onChange={(event) => { setMapping((before) => before.map((field, at) => (at === index ? event.target.value : field === event.target.value ? "" : field))); tried.reset(); written.reset(); }}
                  options={[["", t("left out")], ...fields.map((field) => [field, required.includes(field) ? `${field} *` : field] as const)]}
                />
              ))}
            </div>
          </section>
          <div className="row">
            <Button onClick={() => tried.mutate()} why={why}>{t("Try it")}</Button>
            <Button kind="primary" onClick={() => written.mutate()} why={why ?? (written.isSuccess ? t("It is imported already") : !tried.isSuccess && t("Try it first"))}>{t("Import")}</Button>
            {(tried.isPending || written.isPending) && <div className="bar grow" role="progressbar" aria-label={t("Working")}><div className="working" /></div>}
            {tried.isSuccess && !written.isSuccess && <span className="tag good">{t("{count, plural, one {# row is} other {# rows are}} without fault", { count: tried.data })}</span>}
            {written.isSuccess && <span className="tag good">{t("{count, plural, one {# row} other {# rows}} imported", { count: written.data })}</span>}
          </div>
          {other && <div className="banner bad" role="alert">{other.message}</div>}
          {faults.length > 0 && <div className="banner bad" role="alert">{t("{count, plural, one {One fault} other {# faults}}; nothing was written. Mend the file and choose it again.", { count: faults.length })}</div>}
          <div className="card">
            <div className="scroll" tabIndex={0} role="region" aria-label={t("Rows")}>
              <table className="table">
                <caption className="visually-hidden">{t("Rows")}</caption>
                <thead><tr><th className="number">{t("Row")}</th>{table.columns.map((column, index) => <th key={index}>{mapping[index] || <span className="soft">{column}</span>}</th>)}</tr></thead>
                <tbody>
                  {preview.map((row) => (
                    <tr key={row}>
                      <td className="number soft">{row + 2}</td>
                      {table.columns.map((_, index) => {
                        const fault = faultAt.get(`${row}/${mapping[index] ?? ""}`);
                        return <td key={index}>{table.rows[row]?.[index]}{fault && <div className="fault">{fault}</div>}</td>;
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
