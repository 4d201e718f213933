/** One operation: how it stands, its form in four sections, and the runs that it left. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { all, call, get, patch, post, Problem } from "../api/client";
import type { Run } from "../api/types";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Area, Check, Choice, Field } from "../part/Field";
import { Rows } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Failed, Loading, Page } from "../part/Page";
import { say } from "../part/toast";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";
import { type Row, sent, start } from "../settings/RecordForm";
import { Actions } from "./Act";
import { State, useStates } from "./Board";
import { runColumns } from "./columns";
import { ExpressionField } from "./Expression";
import { allFields, type OperationField, sections, typeName, type Values } from "./fields";
import { statusKind, statusName } from "./state";

export default function OperationPage({ reference }: { reference: string }) {
  const isNew = reference === "new";
  const found = useQuery({ queryKey: ["/v1/operations", reference], enabled: !isNew, queryFn: () => get<Row>(`/v1/operations/${encodeURIComponent(reference)}`) });
  if (isNew) return <Page title={t("New operation")} about={t("What is done to lots again and again")}><Form record={null} /></Page>;
  if (found.isPending) return <div className="page"><Loading /></div>;
  if (found.isError) return <Page title={t("Operation")}><Failed error={found.error} again={() => void found.refetch()} /></Page>;
  return <Known key={found.data.id} record={found.data} />;
}

function Known({ record }: { record: Row }) {
  const [query] = useQueryState(["view"]);
  const states = useStates("");
  const one = states.data?.find((state) => state.operation.id === record.id);
  const view = query.view === "runs" ? "runs" : "form";
  return (
    <Page
      title={String(record.name)}
      about={<span className="row">{typeName(String(record.operationType))} {one && <span className={`tag ${statusKind(one.status)}`}>{statusName(one.status)}</span>} <Link href={path.operations()}>{t("All operations")}</Link></span>}
    >
      <section className="card operation" data-state={one?.status.toLowerCase()} aria-label={t("How it stands")}>
        {one ? (
          <>
            <State one={one} />
            <Readiness problems={one.problems} />
            <Actions one={one} />
          </>
        ) : states.isError ? <Failed error={states.error} /> : <Loading lines={2} />}
      </section>
      <nav className="tabs" aria-label={t("Views")}>
        {([["form", t("How it is set up")], ["runs", t("Its runs")]] as const).map(([name, title]) => (
          <Link key={name} href={withQuery(path.operation(record.id), { view: name === "form" ? "" : name })} aria-current={name === view ? "page" : undefined}>{title}</Link>
        ))}
      </nav>
      {view === "runs" ? <Runs id={record.id} /> : <Form key={record.version} record={record} />}
    </Page>
  );
}

function Readiness({ problems }: { problems: Readonly<Record<string, string[]>> }) {
  const entries = Object.entries(problems);
  if (entries.length === 0) return <p className="small"><span className="tag good">{t("ready")}</span> <span className="soft">{t("Nothing it needs is missing.")}</span></p>;
  const labels = Object.fromEntries(allFields().map((field) => [field.name, field.label]));
  return (
    <div className="banner warn">
      <ul className="faults">{entries.map(([name, messages]) => <li key={name}><strong>{labels[name] ?? name}</strong> {messages.join("; ")}</li>)}</ul>
    </div>
  );
}

function Runs({ id }: { id: number }) {
  const runs = useQuery({ queryKey: ["/v1/runs", "operation", id], queryFn: ({ signal }) => all<Run>("/v1/runs", { operation: id }, 5_000, signal) });
  if (runs.isPending) return <Loading />;
  if (runs.isError) return <Failed error={runs.error} again={() => void runs.refetch()} />;
  return <div className="card"><Rows caption={t("Its runs")} items={[...runs.data].reverse().slice(0, 500)} keyOf={(run) => run.id} columns={runColumns()} empty={<p className="body soft">{t("It has never run")}</p>} /></div>;
}

function Form({ record }: { record: Row | null }) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const whyNot = useWhyNot()("INVENTORY_OPERATION.WRITE.SAVE");
  const [isErasing, setErasing] = useState(false);
  const fields = allFields();
  const [values, setValues] = useState<Values>(() => Object.fromEntries(fields.map((field) => [field.name, start(field, record)])));
  const set = (name: string, value: string | boolean) => setValues((before) => ({ ...before, [name]: value }));
  const changed = fields.filter((field) => record === null || values[field.name] !== start(field, record));
  const save = useMutation({
    mutationFn: () => {
      const body = Object.fromEntries(changed.map((field) => [field.name, sent(field, values[field.name] ?? "")]));
      return record === null ? post<Row>("/v1/operations", body) : patch<Row>(`/v1/operations/${record.id}`, body, record.version);
    },
    onSuccess: (saved) => {
      void queries.invalidateQueries();
      say(record === null ? t("Made") : t("Saved"));
      if (record === null) go(path.operation(saved.id));
    },
  });
  const erase = useMutation({
    mutationFn: () => call(`/v1/operations/${record?.id}`, { method: "DELETE", ...(record?.version !== undefined && { version: record.version }) }),
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("Deleted"));
      go(path.operations());
    },
  });
  const violations = save.error instanceof Problem ? save.error.violations : {};
  const faultOf = (name: string) => violations[name]?.join("; ");
  const why = whyNot ?? (changed.length === 0 ? t("Nothing is changed") : save.isPending && t("Saving"));
  return (
    <form
      className="stack"
      noValidate
      aria-label={t("Operation")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!why) save.mutate();
      }}
    >
      <div className="columns two">
        {sections().map((section) => (
          <fieldset key={section.name} className="card section">
            <legend className="visually-hidden">{section.title}</legend>
            <header><h2 aria-hidden="true">{section.title}</h2><span className="soft small">{section.about}</span></header>
            <div className="body form">
              {section.fields.filter((field) => field.when?.(values) ?? true).map((field) => (
                <Input key={field.name} field={field} value={values[field.name] ?? ""} fault={faultOf(field.name)} onChange={(value) => set(field.name, value)} />
              ))}
            </div>
          </fieldset>
        ))}
      </div>
      {save.error && <div className="banner bad" role="alert">{save.error.message}</div>}
      <div className="row">
        {record && <Button kind="danger" onClick={() => setErasing(true)} why={whyNot}>{t("Delete …")}</Button>}
        <span className="grow" />
        <Button kind="primary" type="submit" why={why}>{t("Save")}</Button>
      </div>
      {isErasing && (
        <Dialog title={t("Delete {name}", { name: String(record?.name ?? "") })} onClose={() => setErasing(false)} footer={<><Button onClick={() => setErasing(false)}>{t("Back")}</Button><Button kind="danger" onClick={() => erase.mutate()} why={erase.isPending && t("Working")}>{t("Delete")}</Button></>}>
          <p>{t("Its runs stay; the operation is gone.")}</p>
          {erase.error && <p className="fault" role="alert">{erase.error.message}</p>}
        </Dialog>
      )}
    </form>
  );
}

function Input({ field, value, fault, onChange }: { field: OperationField; value: string | boolean; fault: string | undefined; onChange: (value: string | boolean) => void }) {
  const common = { label: field.label, fault, wide: field.wide ?? false };
  if (field.isExpression) return <ExpressionField label={field.label} value={String(value)} fault={fault} onChange={onChange} />;
  if (field.kind === "check") return <Check label={field.label} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
  if (field.kind === "choice") return <Choice {...common} options={field.options ?? []} value={String(value)} onChange={(event) => onChange(event.target.value)} />;
  if (field.kind === "area") return <Area {...common} value={String(value)} onChange={(event) => onChange(event.target.value)} />;
  if (field.kind === "ref") return <Lookup {...common} of={field.of ?? ""} value={String(value)} onChange={onChange} />;
  return <Field {...common} required={field.isRequired ?? false} inputMode={field.kind === "number" ? "decimal" : "text"} value={String(value)} onChange={(event) => onChange(event.target.value)} />;
}
