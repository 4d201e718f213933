/** Whom the server tells of batches by itself, and what became of it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Plus, RadioTower } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { call, get, patch, post, Problem } from "../api/client";
import { ago, instant, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Check, Choice, Field } from "../part/Field";
import { List, usePages } from "../part/List";
import { Empty } from "../part/Page";
import { complain, say } from "../part/toast";
import { path, useQueryState, withQuery } from "../path";
import { useWhyNot } from "../session";

export interface Webhook {
  id: number;
  url: string;
  kinds: string[];
  description: string | null;
  isEnabled: boolean;
  secret?: string;
  stoppedBecause: string | null;
  position: number;
  attempts: number;
  nextAttemptAt: string | null;
  dead: number;
  version: number;
}
interface Delivery {
  position: number;
  kind: string;
  state: "waiting" | "delivered" | "dead";
  attempts: number;
  status: number | null;
  failure: string | null;
  lastAttemptAt: string | null;
  nextAttemptAt: string | null;
}

const LOOK_EVERY_MS = 3_000;
const KINDS = ["booking", "reversal", "count", "settlement", "operation", "value"];

function State({ hook }: { hook: Webhook }) {
  if (hook.stoppedBecause) return <span className="tag bad" title={hook.stoppedBecause}>{t("stopped")}</span>;
  if (!hook.isEnabled) return <span className="tag">{t("switched off")}</span>;
  if (hook.attempts > 0) return <span className="tag warn">{t("{count, plural, one {# failed attempt} other {# failed attempts}}", { count: hook.attempts })}</span>;
  return <span className="tag good">{t("working")}</span>;
}

export default function Webhooks() {
  const [query, setQuery] = useQueryState(["webhook"]);
  const [open, setOpen] = useState<Webhook | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const whyNot = useWhyNot()("SETTINGS.WRITE");
  const pages = usePages<Webhook>("/v1/webhooks");
  const queries = useQueryClient();
  // Deliveries go on by themselves.
  useEffect(() => {
    const clock = setInterval(() => void queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith("/v1/webhooks") }), LOOK_EVERY_MS);
    return () => clearInterval(clock);
  }, [queries]);
  const chosen = pages.data?.pages.flatMap((page) => page.items).find((hook) => String(hook.id) === query.webhook);
  return (
    <>
      <div className="row">
        <p className="soft grow">{t("Programs elsewhere are told of each batch of the ledger, in order, signed, once or more.")}</p>
        <Button kind="primary" icon={<Plus size={16} />} onClick={() => setOpen("new")} why={whyNot}>{t("New webhook")}</Button>
      </div>
      <div className="card">
        <List
          pages={pages}
          caption={t("Webhooks")}
          keyOf={(hook) => hook.id}
          empty={<Empty title={t("Nobody is told yet")} icon={<RadioTower size={32} />}><p>{t("A shop, an ERP or a data warehouse that gives an address is told of each batch as soon as it is booked.")}</p></Empty>}
          columns={[
            { name: t("Address"), show: (hook) => <button type="button" className="link" onClick={() => setOpen(hook)}>{hook.url}</button> },
            { name: t("Description"), show: (hook) => hook.description ?? "" },
            { name: t("Told of"), show: (hook) => (hook.kinds.length === 0 ? t("everything") : hook.kinds.join(", ")) },
            { name: t("State"), isNarrow: true, show: (hook) => <State hook={hook} /> },
            { name: t("Up to position"), isNumber: true, show: (hook) => whole(hook.position) },
            { name: t("Given up"), isNumber: true, show: (hook) => <span className={hook.dead > 0 ? "bad" : ""}>{whole(hook.dead)}</span> },
            { name: "", isNarrow: true, show: (hook) => <Link className="button" href={withQuery(path.settings("webhooks"), { webhook: hook.id })}>{t("Deliveries")}</Link> },
          ]}
        />
      </div>
      {chosen && <Deliveries hook={chosen} onClose={() => setQuery({ webhook: "" })} />}
      {open !== null && <Form hook={open === "new" ? null : open} onClose={() => setOpen(null)} onSecret={setSecret} />}
      {secret !== null && <Secret secret={secret} onClose={() => setSecret(null)} />}
    </>
  );
}

function Deliveries({ hook, onClose }: { hook: Webhook; onClose: () => void }) {
  const queries = useQueryClient();
  const [query, setQuery] = useQueryState(["state"]);
  const whyNot = useWhyNot()("SETTINGS.WRITE");
  const pages = usePages<Delivery>(`/v1/webhooks/${hook.id}/deliveries`, { state: query.state });
  const again = useMutation({
    mutationFn: (position: number | null) => (position === null ? post<{ redelivered: number }>(`/v1/webhooks/${hook.id}/redeliver`, { state: "dead" }) : post<{ redelivered: number }>(`/v1/webhooks/${hook.id}/deliveries/${position}/redeliver`, {})),
    onSuccess: ({ redelivered }) => {
      void queries.invalidateQueries();
      say(t("{count, plural, one {# delivery is} other {# deliveries are}} on the way again", { count: redelivered }));
    },
    onError: complain,
  });
  return (
    <section className="card" aria-label={t("Deliveries")}>
      <header><h2 className="grow">{t("Deliveries to {url}", { url: hook.url })}</h2><Button kind="quiet" onClick={onClose}>{t("Close")}</Button></header>
      <div className="body filters">
        <Choice label={t("State")} value={query.state} onChange={(event) => setQuery({ state: event.target.value })} options={[["", t("any")], ["waiting", t("waiting")], ["delivered", t("delivered")], ["dead", t("given up")]]} />
        <Button onClick={() => again.mutate(null)} why={whyNot ?? (hook.dead === 0 ? t("Nothing was given up") : again.isPending && t("Working"))}>{t("Deliver all that was given up again")}</Button>
      </div>
      <List
        pages={pages}
        caption={t("Deliveries")}
        keyOf={(delivery) => `${delivery.position}/${delivery.state}`}
        empty={<p className="body soft">{t("Nothing was delivered yet; the next batch will be.")}</p>}
        columns={[
          { name: t("Position"), show: (delivery) => whole(delivery.position) },
          { name: t("Kind"), isNarrow: true, show: (delivery) => delivery.kind },
          { name: t("State"), isNarrow: true, show: (delivery) => <span className={`tag ${{ waiting: "warn", delivered: "good", dead: "bad" }[delivery.state]}`}>{{ waiting: t("waiting"), delivered: t("delivered"), dead: t("given up") }[delivery.state]}</span> },
          { name: t("Attempts"), isNumber: true, show: (delivery) => delivery.attempts },
          { name: t("Answer"), show: (delivery) => <span className="soft">{delivery.failure ?? delivery.status ?? ""}</span> },
          { name: t("Last attempt"), isNarrow: true, show: (delivery) => delivery.lastAttemptAt && instant(delivery.lastAttemptAt) },
          { name: t("Next attempt"), isNarrow: true, show: (delivery) => delivery.nextAttemptAt && ago(delivery.nextAttemptAt) },
          { name: "", isNarrow: true, show: (delivery) => <Button onClick={() => again.mutate(delivery.position)} why={whyNot}>{t("Deliver again")}</Button> },
        ]}
      />
    </section>
  );
}

function Form({ hook, onClose, onSecret }: { hook: Webhook | null; onClose: () => void; onSecret: (secret: string) => void }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot()("SETTINGS.WRITE");
  const [url, setUrl] = useState(hook?.url ?? "");
  const [description, setDescription] = useState(hook?.description ?? "");
  const [isEnabled, setEnabled] = useState(hook?.isEnabled ?? true);
  const [kinds, setKinds] = useState<string[]>(hook?.kinds ?? []);
  const position = useQuery({ queryKey: ["/v1/ledger"], queryFn: () => get<{ position: number }>("/v1/ledger"), enabled: hook === null });
  const [fromStart, setFromStart] = useState(false);
  const [isSure, setSure] = useState(false);
  const done = (text: string) => {
    void queries.invalidateQueries();
    say(text);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => {
      const body = { url: url.trim(), description: description.trim() || null, isEnabled, kinds };
      return hook === null ? post<Webhook>("/v1/webhooks", { ...body, ...(fromStart && { after: 0 }) }) : patch<Webhook>(`/v1/webhooks/${hook.id}`, body, hook.version);
    },
    onSuccess: (saved) => {
      done(hook === null ? t("Made") : t("Saved"));
      if (saved.secret) onSecret(saved.secret);
    },
  });
  const renew = useMutation({
    mutationFn: () => post<Webhook>(`/v1/webhooks/${hook?.id}/secret`, {}),
    onSuccess: (saved) => {
      done(t("The secret is new; the old one holds for a day"));
      if (saved.secret) onSecret(saved.secret);
    },
  });
  const test = useMutation({ mutationFn: () => post<{ delivered: boolean; status: number; failure: string | null; milliseconds: number }>(`/v1/webhooks/${hook?.id}/test`, {}) });
  const erase = useMutation({ mutationFn: () => call(`/v1/webhooks/${hook?.id}`, { method: "DELETE", ...(hook && { version: hook.version }) }), onSuccess: () => done(t("Deleted")) });
  const error = save.error ?? renew.error ?? erase.error ?? test.error;
  const faultOf = (name: string) => (save.error instanceof Problem ? save.error.violations[name]?.join("; ") : undefined);
  return (
    <Dialog
      title={hook === null ? t("New webhook") : t("Change webhook")}
      onClose={onClose}
      onSubmit={() => !whyNot && !save.isPending && save.mutate()}
      footer={
        <>
          {hook && <Button kind="danger" onClick={() => (isSure ? erase.mutate() : setSure(true))} why={whyNot ?? (erase.isPending && t("Working"))}>{isSure ? t("Delete it for good") : t("Delete …")}</Button>}
          <span className="grow" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" why={whyNot ?? (url.trim() === "" ? t("Say the address first") : save.isPending && t("Saving"))}>{t("Save")}</Button>
        </>
      }
    >
      <Field label={t("Address")} type="url" inputMode="url" value={url} fault={faultOf("url")} onChange={(event) => setUrl(event.target.value)} placeholder="https://" required />
      <Field label={t("Description")} value={description} fault={faultOf("description")} onChange={(event) => setDescription(event.target.value)} />
      <fieldset className="kinds">
        <legend>{t("Told of these kinds of batches; none is all")}</legend>
        <div className="row">{KINDS.map((kind) => <Check key={kind} label={kind} checked={kinds.includes(kind)} onChange={(event) => setKinds((before) => (event.target.checked ? [...before, kind] : before.filter((one) => one !== kind)))} />)}</div>
      </fieldset>
      <Check label={t("Switched on")} checked={isEnabled} onChange={(event) => setEnabled(event.target.checked)} />
      {hook === null && <Check label={t("Also told of the {count, plural, one {# batch} other {# batches}} so far", { count: position.data?.position ?? 0 })} checked={fromStart} onChange={(event) => setFromStart(event.target.checked)} />}
      {hook && (
        <div className="row">
          <Button onClick={() => test.mutate()} why={whyNot ?? (test.isPending && t("Waiting for its answer"))}>{t("Send a test")}</Button>
          <Button onClick={() => renew.mutate()} why={whyNot}>{t("Make a new secret")}</Button>
        </div>
      )}
      {test.data && <div className={test.data.delivered ? "banner good" : "banner bad"} role="status">{test.data.delivered ? t("Answered with {status} after {ms} ms", { status: test.data.status, ms: test.data.milliseconds }) : (test.data.failure ?? t("Answered with {status}", { status: test.data.status }))}</div>}
      {hook?.stoppedBecause && <div className="banner warn">{t("Stopped: {why}", { why: hook.stoppedBecause })}</div>}
      {error && faultOf("url") === undefined && <p className="fault" role="alert">{error.message}</p>}
    </Dialog>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog title={t("The secret")} onClose={onClose} footer={<Button kind="primary" onClick={onClose}>{t("I have kept it")}</Button>}>
      <p>{t("Messages are signed with it. It is shown now and never again.")}</p>
      <div className="row"><code className="grow" style={{ overflowWrap: "anywhere" }}>{secret}</code><Button icon={<Copy size={16} />} aria-label={t("Copy")} onClick={() => void navigator.clipboard.writeText(secret).then(() => say(t("Copied")))} /></div>
    </Dialog>
  );
}
