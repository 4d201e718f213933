/** The one form for catalog records: makes one, changes one, deletes one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, patch, post, Problem } from "../api/client";
import { sendable } from "../decimal";
import { t } from "../i18n";
import { editable } from "../journals/cells";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Area, Check, Choice, Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { say } from "../part/toast";
import { useWhyNot } from "../session";
import type { FieldSpec, KindSpec } from "./kinds";

export type Row = Record<string, unknown> & { id: number; version?: number };

/** What a cell or an input shows of a value of the API. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(shown).join("\n");
  if (typeof value === "object") {
    const record = value as Record<string, unknown>;
    return String(record.path ?? record.identifier ?? record.symbol ?? record.name ?? record.id ?? "");
  }
  return String(value);
}

export function start(field: FieldSpec, record: Row | null): string | boolean {
  const value = record === null ? field.start : record[field.name];
  if (field.kind === "number" && typeof value === "number") return Number.isInteger(value) ? String(value) : editable(value);
  return field.kind === "check" ? value === true : shown(value);
}

export function sent(field: FieldSpec, value: string | boolean): unknown {
  if (field.kind === "check") return value;
  const text = String(value).trim();
  if (field.kind === "number") return sendable(text);
  if (field.kind === "maybe") return text === "" ? null : text === "true";
  if (field.kind === "names") return text === "" ? [] : text.split(/\s*\n\s*/);
  return text === "" ? null : text;
}

export function RecordForm({ kind, record, onClose }: { kind: KindSpec; record: Row | null; onClose: () => void }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot()("CATALOG.WRITE");
  const fields = kind.fields.filter((field) => record === null || !field.isFixed);
  const [values, setValues] = useState(() => Object.fromEntries(fields.map((field) => [field.name, start(field, record)])));
  const set = (name: string, value: string | boolean) => setValues((before) => ({ ...before, [name]: value }));
  const done = (text: string) => {
    void queries.invalidateQueries();
    say(text);
    onClose();
  };
  const isLong = fields.length > 8;
  const [isSure, setSure] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const changed = fields.filter((field) => record === null || values[field.name] !== start(field, record));
      const body = Object.fromEntries(changed.map((field) => [field.name, sent(field, values[field.name] ?? "")]));
      return record === null ? post(`/v1/${kind.name}`, body) : patch(`/v1/${kind.name}/${record.id}`, body, record.version);
    },
    onSuccess: () => done(record === null ? t("Made") : t("Saved")),
  });
  const erase = useMutation({
    mutationFn: () => call(`/v1/${kind.name}/${record?.id}`, { method: "DELETE", ...(record?.version !== undefined && { version: record.version }) }),
    onSuccess: () => done(t("Deleted")),
  });
  const error = save.error ?? erase.error;
  const violations = error instanceof Problem ? error.violations : {};
  const faultOf = (name: string) => violations[name]?.join("; ") ?? violations[`[0].${name}`]?.join("; ");
  const isNamed = Object.keys(violations).some((name) => fields.some((field) => faultOf(field.name) !== undefined && name.includes(field.name)));
  return (
    <Dialog
      title={record === null ? t("New {thing}", { thing: kind.one }) : t("Change {thing}", { thing: kind.one })}
      onClose={onClose}
      wide={isLong}
      onSubmit={() => !whyNot && !save.isPending && save.mutate()}
      footer={
        <>
          {record && <Button kind="danger" onClick={() => (isSure ? erase.mutate() : setSure(true))} why={whyNot ?? (erase.isPending && t("Working"))}>{isSure ? t("Delete it for good") : t("Delete …")}</Button>}
          <span className="grow" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" why={whyNot ?? (save.isPending && t("Saving"))}>{t("Save")}</Button>
        </>
      }
    >
      <div className={isLong ? "form" : "contents"}>
        {fields.map((field) => {
          const value = values[field.name] ?? "";
          const common = { label: field.label, fault: faultOf(field.name), required: field.isRequired ?? false };
          if (field.kind === "check") return <Check key={field.name} label={field.label} checked={value === true} onChange={(event) => set(field.name, event.target.checked)} />;
          if (field.kind === "choice" || field.kind === "maybe") return <Choice key={field.name} {...common} options={field.options ?? []} value={String(value)} onChange={(event) => set(field.name, event.target.value)} />;
          if (field.kind === "area" || field.kind === "names") return <Area key={field.name} {...common} value={String(value)} onChange={(event) => set(field.name, event.target.value)} />;
          if (field.kind === "ref") return <Lookup key={field.name} {...common} of={field.of ?? ""} value={String(value)} onChange={(text) => set(field.name, text)} />;
          return <Field key={field.name} {...common} inputMode={field.kind === "number" ? "decimal" : "text"} value={String(value)} onChange={(event) => set(field.name, event.target.value)} />;
        })}
      </div>
      {error && !isNamed && <p className="fault" role="alert">{error.message}</p>}
    </Dialog>
  );
}
