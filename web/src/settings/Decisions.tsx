/** Settings of the tenant: each with its value, its default, and what it decides. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { get, type Page, patch } from "../api/client";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Area, Check, Choice, Field } from "../part/Field";
import { Rows } from "../part/List";
import { Lookup } from "../part/Lookup";
import { Failed, Loading } from "../part/Page";
import { say } from "../part/toast";
import { useWhyNot } from "../session";
import { type Input, shownValue, wordsOf } from "./words";

interface Setting {
  key: string;
  value: unknown;
  default: unknown;
  isSet: boolean;
  orgUnit: unknown;
}

export default function Decisions() {
  const [open, setOpen] = useState<Setting | null>(null);
  const settings = useQuery({ queryKey: ["/v1/settings"], queryFn: () => get<Page<Setting>>("/v1/settings") });
  if (settings.isPending) return <Loading />;
  if (settings.isError) return <Failed error={settings.error} again={() => void settings.refetch()} />;
  return (
    <div className="card">
      <Rows
        caption={t("Decisions")}
        items={settings.data.items}
        keyOf={(setting) => `${setting.key} ${JSON.stringify(setting.orgUnit)}`}
        columns={[
          {
            name: t("Setting"),
            show: (setting) => (
              <>
                <button type="button" className="link" onClick={() => setOpen(setting)}>{wordsOf(setting.key).title}</button>
                <div className="soft small mono">{setting.key}</div>
              </>
            ),
          },
          { name: t("What it decides"), show: (setting) => <span className="soft">{wordsOf(setting.key).about}</span> },
          { name: t("Value"), show: (setting) => <strong>{shownValue(wordsOf(setting.key).input, setting.value)}</strong> },
          { name: t("State"), isNarrow: true, show: (setting) => (setting.isSet ? <span className="tag accent">{t("decided")}</span> : <span className="tag">{t("as delivered")}</span>) },
        ]}
      />
      {open && <Form setting={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Form({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const queries = useQueryClient();
  const why = useWhyNot()("SETTINGS.WRITE");
  const { title, about, input, isByOrgUnit } = wordsOf(setting.key);
  const [orgUnit, setOrgUnit] = useState("");
  const whyUnit = input.kind === "orgUnit" && orgUnit === "" ? t("Say for which org unit first") : null;
  const [value, setValue] = useState<unknown>(setting.value);
  const [fault, setFault] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: () => patch(`/v1/settings/${encodeURIComponent(setting.key)}`, { value: value === "" ? null : value, ...(orgUnit !== "" && { orgUnit }) }),
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("Decided"));
      onClose();
    },
  });
  return (
    <Dialog
      title={title}
      wide={input.kind === "subscriptions"}
      onClose={onClose}
      onSubmit={() => !why && !whyUnit && fault === null && save.mutate()}
      footer={
        <>
          <Button onClick={() => setValue(setting.default)} why={JSON.stringify(value) === JSON.stringify(setting.default) && t("It is as delivered")}>{t("As delivered")}</Button>
          <span className="grow" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" why={why ?? whyUnit ?? fault ?? (save.isPending && t("Saving"))}>{t("Decide")}</Button>
        </>
      }
    >
      <p className="soft">{about}</p>
      {isByOrgUnit && <Lookup label={input.kind === "orgUnit" ? t("Org unit that uses it") : t("Only for org unit; empty is for all")} of="locations" query={{ isOrgUnit: true }} value={orgUnit} onChange={setOrgUnit} />}
      <ValueInput input={input} value={value} onChange={setValue} onFault={setFault} />
      <p className="small soft">{t("As delivered: {value}", { value: shownValue(input, setting.default) })}</p>
      {save.error && <p className="fault" role="alert">{save.error.message}</p>}
    </Dialog>
  );
}

interface InputProps {
  input: Input;
  value: unknown;
  onChange: (value: unknown) => void;
  onFault: (fault: string | null) => void;
}

function ValueInput({ input, value, onChange, onFault }: InputProps): ReactNode {
  const id = useId();
  const text = typeof value === "string" ? value : "";
  switch (input.kind) {
    case "choice":
      return <Choice label={t("Value")} value={text} onChange={(event) => onChange(event.target.value)} options={input.options} />;
    case "flag":
      return <Check label={t("Yes")} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
    case "whole":
      return <Field label={t("From {least} to {most}", { least: input.least, most: input.most })} type="number" min={input.least} max={input.most} step={1} value={String(value ?? "")} onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))} />;
    case "day":
      return <Field label={t("Day")} type="date" value={text.slice(0, 10)} onChange={(event) => onChange(event.target.value)} />;
    case "zone":
      return (
        <>
          <Field label={t("Zone")} list={id} value={text} onChange={(event) => onChange(event.target.value)} placeholder="Europe/Berlin" />
          <datalist id={id}>{["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => <option key={zone} value={zone} />)}</datalist>
        </>
      );
    case "text":
      return <Field label={t("Value")} value={text} onChange={(event) => onChange(event.target.value)} placeholder={input.example} />;
    case "broker":
      return <Field label={t("Address")} inputMode="url" autoComplete="off" spellCheck={false} value={text} onChange={(event) => onChange(event.target.value)} placeholder="mqtts://user:password@broker.example:8883" />;
    case "range": {
      const [first, last] = Array.isArray(value) ? (value as number[]) : [];
      const whole = (text: string) => (text === "" ? null : Number(text));
      return (
        <div className="row">
          <Field label={t("First")} type="number" min={1} step={1} value={first ?? ""} onChange={(event) => onChange([whole(event.target.value), last])} />
          <Field label={t("Last")} type="number" min={1} step={1} value={last ?? ""} onChange={(event) => onChange([first, whole(event.target.value)])} />
        </div>
      );
    }
    case "orgUnit": {
      const path = typeof value === "object" && value !== null ? String((value as { path?: string }).path ?? "") : text;
      return <Lookup label={t("Whose stock")} of="locations" query={{ isOrgUnit: true }} value={path} onChange={onChange} />;
    }
    case "subscriptions":
      return <Subscriptions value={Array.isArray(value) ? (value as Subscription[]) : []} onChange={onChange} />;
    case "json":
      return <Json value={value} onChange={onChange} onFault={onFault} />;
  }
}

interface Subscription {
  topic: string;
  tag: string;
  pointer?: string;
  time?: string;
}

function Subscriptions({ value, onChange }: { value: Subscription[]; onChange: (value: Subscription[]) => void }) {
  const columns: [keyof Subscription, string, string][] = [
    ["topic", t("Topic"), "plant/+/temperature"],
    ["tag", t("Tag"), "[default]Plant/+/Temperature"],
    ["pointer", t("Where the value is"), "/value"],
    ["time", t("Where its time is"), "/timestamp"],
  ];
  const set = (at: number, name: keyof Subscription, text: string): void =>
    onChange(value.map((one, index) => {
      if (index !== at) return one;
      const next = { ...one, [name]: text };
      // What is left empty is not said: a plain message needs no pointers.
      if (text === "" && (name === "pointer" || name === "time")) delete next[name];
      return next;
    }));
  return (
    <div className="stack">
      {value.length === 0 && <p className="soft">{t("No topic is read yet.")}</p>}
      {value.map((one, at) => (
        <fieldset key={at} className="kinds">
          <legend>{t("Topic {number}", { number: at + 1 })}</legend>
          <div className="form">
            {columns.map(([name, label, example]) => (
              <Field key={name} label={label} className="input mono" autoComplete="off" spellCheck={false} value={one[name] ?? ""} placeholder={example} onChange={(event) => set(at, name, event.target.value)} />
            ))}
          </div>
          <Button kind="danger" icon={<Trash2 size={16} />} onClick={() => onChange(value.filter((_, index) => index !== at))}>{t("Remove")}</Button>
        </fieldset>
      ))}
      <div><Button icon={<Plus size={16} />} onClick={() => onChange([...value, { topic: "", tag: "" }])}>{t("One more topic")}</Button></div>
      <p className="small soft">{t("Messages of JSON: where the value and its time are, as JSON pointers. Leave them empty where the message is the value.")}</p>
    </div>
  );
}

function Json({ value, onChange, onFault }: Omit<InputProps, "input">) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [fault, setFault] = useState<string | undefined>(undefined);
  return (
    <Area
      label={t("Value, as JSON")}
      className="input mono"
      value={text}
      fault={fault}
      onChange={(event) => {
        setText(event.target.value);
        try {
          onChange(event.target.value.trim() === "" ? null : JSON.parse(event.target.value));
          setFault(undefined);
          onFault(null);
        } catch {
          setFault(t("This is not JSON yet"));
          onFault(t("The value is not JSON yet"));
        }
      }}
    />
  );
}
