/** Settings of the tenant: each with its value, its default, and who may decide. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, type Page, patch } from "../api/client";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Check, Choice, Field } from "../part/Field";
import { Rows } from "../part/List";
import { Failed, Loading } from "../part/Page";
import { say } from "../part/toast";
import { useWhyNot } from "../session";

interface Setting {
  key: string;
  value: unknown;
  default: unknown;
  isSet: boolean;
  orgUnit: unknown;
}

const text = (value: unknown): string => (value === null ? "–" : typeof value === "string" ? value : JSON.stringify(value));

function about(key: string): string {
  const words: Record<string, string> = {
    negativeStock: t("What happens when an issue would make stock negative"),
    closedUntil: t("Nothing is booked on this day or before"),
    adjustCostPrices: t("The shown cost follows what is booked"),
    forceDefaultLocation: t("Booking replaces locations by the org unit's default"),
    timeZone: t("In which zone days begin"),
    enumStyle: t("How the ERP face prints enumerations"),
    amountScale: t("Digits after the point of amounts"),
    stockOrgUnit: t("An org unit may use another's stock"),
    globalSeries: t("Which numbers vouchers get where their journal has no series"),
    "mes.strictOpenLots": t("Open lots may not be used before they are released"),
    "mqtt.enabled": t("Tags are read from an MQTT broker"),
  };
  return words[key] ?? "";
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
        keyOf={(setting) => setting.key}
        columns={[
          { name: t("Setting"), show: (setting) => <button type="button" className="link mono" onClick={() => setOpen(setting)}>{setting.key}</button> },
          { name: t("What it decides"), show: (setting) => <span className="soft">{about(setting.key)}</span> },
          { name: t("Value"), show: (setting) => <strong>{text(setting.value)}</strong> },
          { name: "", isNarrow: true, show: (setting) => (setting.isSet ? <span className="tag accent">{t("decided")}</span> : <span className="tag">{t("as delivered")}</span>) },
        ]}
      />
      {open && <Form setting={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Form({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const queries = useQueryClient();
  const why = useWhyNot()("SETTINGS.WRITE");
  const [value, setValue] = useState(() => (typeof setting.value === "string" ? setting.value : setting.value === null ? "" : JSON.stringify(setting.value)));
  const save = useMutation({
    mutationFn: () => {
      const isText = typeof setting.default === "string" || setting.key === "closedUntil";
      const next = value === "" ? null : isText ? value : (JSON.parse(value) as unknown);
      return patch(`/v1/settings/${encodeURIComponent(setting.key)}`, { value: next });
    },
    onSuccess: () => {
      void queries.invalidateQueries();
      say(t("Decided"));
      onClose();
    },
  });
  const choices: Record<string, string[]> = { negativeStock: ["allow", "warn", "forbid"], enumStyle: ["digits", "numbers"] };
  const options = choices[setting.key];
  return (
    <Dialog
      title={setting.key}
      onClose={onClose}
      onSubmit={() => save.mutate()}
      footer={<><Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" type="submit" why={why ?? (save.isPending && t("Saving"))}>{t("Decide")}</Button></>}
    >
      <p className="soft">{about(setting.key)}</p>
      {options ? (
        <Choice label={t("Value")} value={value} onChange={(event) => setValue(event.target.value)} options={options.map((one) => [one, one])} />
      ) : typeof setting.default === "boolean" ? (
        <Check label={t("Yes")} checked={value === "true"} onChange={(event) => setValue(String(event.target.checked))} />
      ) : (
        <Field label={t("Value")} type={setting.key === "closedUntil" ? "date" : "text"} value={value} onChange={(event) => setValue(event.target.value)} />
      )}
      <p className="small soft">{t("As delivered: {value}", { value: text(setting.default) })}</p>
      {save.error && <p className="fault" role="alert">{save.error.message}</p>}
    </Dialog>
  );
}
