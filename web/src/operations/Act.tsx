/** Starting, stopping, executing and cancelling an operation; asks for what nobody else says. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Play, Square, Zap } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { post, Problem } from "../api/client";
import { quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Field } from "../part/Field";
import { Lookup } from "../part/Lookup";
import { complain, say } from "../part/toast";
import { useWhyNot } from "../session";
import { parseDecimal, plain } from "../decimal";
import { type Asked, asks, isOpen, type OperationState, type Verb, whyNot } from "./state";

const words = (verb: Verb): string => ({ start: t("Start"), stop: t("Stop"), execute: t("Execute"), cancel: t("Cancel run") })[verb];
const icons = { start: Play, stop: Square, execute: Zap, cancel: Ban } as const;

interface Operated {
  status: string;
  runs: { quantity: number; unit: string | null }[];
}

function useOperate(one: OperationState, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, said }: { verb: Verb; said: Record<string, unknown> }) => post<Operated>(`/v1/operations/${one.operation.id}/${verb}`, said),
    onSuccess: (answer, { verb }) => {
      const run = answer.runs[0];
      const done = {
        start: t("{name} runs", { name: one.operation.name }),
        cancel: t("{name} is cancelled; nothing moved", { name: one.operation.name }),
        stop: t("{name}: {amount} moved", { name: one.operation.name, amount: `${quantity(run?.quantity ?? 0)} ${run?.unit ?? ""}` }),
        execute: t("{name}: {amount} moved", { name: one.operation.name, amount: `${quantity(run?.quantity ?? 0)} ${run?.unit ?? ""}` }),
      }[verb];
      say(done);
      onDone();
    },
    // A stop that fails changes the operation, too.
    onSettled: () => void queries.invalidateQueries(),
  });
}

export function Actions({ one }: { one: OperationState }) {
  const [asked, setAsked] = useState<Verb | null>(null);
  const allowed = useWhyNot()("INVENTORY_OPERATION.EXECUTE");
  const box = useRef<HTMLDivElement>(null);
  /** Somebody pressed something here, and the button is about to give way to another. */
  const isPressed = useRef(false);
  const act = useOperate(one, () => {
    isPressed.current = true;
    setAsked(null);
  });
  useEffect(() => {
    if (!isPressed.current) return;
    isPressed.current = false;
    // Keys go on with what can be done next, and not from the head of the page.
    const now = document.activeElement;
    if (now === null || now === document.body || now.tagName === "H1") box.current?.querySelector("button")?.focus();
  }, [one.status, one.run?.id]);
  const press = (verb: Verb) => {
    if (verb === "cancel" || asks(one, verb).length > 0) return setAsked(verb);
    act.mutate({ verb, said: {} }, { onError: (error) => (error instanceof Problem && (error.code === "operationFaulted" || error.status === 422) ? setAsked(verb) : complain(error)) });
  };
  const verbs: Verb[] = isOpen(one) ? ["stop", "cancel"] : ["start", "execute"];
  return (
    <div ref={box} className="row actions">
      {verbs.map((verb, index) => {
        const Icon = icons[verb];
        const name = verb === "stop" && one.status === "FAULTED" ? t("Try again") : words(verb);
        return (
          <Button
            key={verb}
            {...(index === 0 && { kind: "primary" as const })}
            {...(verb === "cancel" && { kind: "danger" as const })}
            icon={<Icon size={16} aria-hidden />}
            aria-label={t("{verb}: {name}", { verb: name, name: one.operation.name })}
            onClick={() => press(verb)}
            why={allowed ?? whyNot(one, verb) ?? (act.isPending && t("Working"))}
          >
            {name}
          </Button>
        );
      })}
      {asked && <Ask one={one} verb={asked} error={act.error} isBusy={act.isPending} onClose={() => { act.reset(); setAsked(null); }} onSaid={(said) => act.mutate({ verb: asked, said })} />}
    </div>
  );
}

interface AskProps {
  one: OperationState;
  verb: Verb;
  error: Error | null;
  isBusy: boolean;
  onClose: () => void;
  onSaid: (said: Record<string, unknown>) => void;
}

function Ask({ one, verb, error, isBusy, onClose, onSaid }: AskProps) {
  const { operation } = one;
  const isFirst = verb === "start" || (verb === "execute" && !isOpen(one));
  const needed = asks(one, verb);
  const violations = error instanceof Problem ? error.violations : {};
  const [said, setSaid] = useState<Record<string, string>>({});
  // What the server misses is asked for as well, though the operation should have known.
  const isMissed = (name: Asked) =>
    violations[name] !== undefined ||
    (name === "quantity" && violations.quantityExpression !== undefined) ||
    // What is short may be promised to somebody, who names it.
    (name === "reservation" && (violations.quantity !== undefined || said.reservation !== undefined));
  const shown: Asked[] = (["product", "lot", "secondaryLot", "quantity", "reservation"] as const).filter((name) => needed.includes(name) || isMissed(name));
  const set = (name: string, value: string) => setSaid((before) => ({ ...before, [name]: value }));
  const faultOf = (name: string) => violations[name]?.join("; ");
  const others = Object.entries(violations).filter(([name]) => !shown.includes(name as Asked));
  const amount = said.quantity ? parseDecimal(said.quantity) : null;
  const isOptional = (name: Asked) => name === "quantity" && operation.quantitySource === "EXPRESSION";
  const missing = needed.filter((name) => !isOptional(name) && !said[name]?.trim());
  const names: Record<Asked, string> = { product: t("Product"), lot: t("Lot"), secondaryLot: t("Lot of {product}", { product: operation.secondaryMaterial?.identifier ?? t("the other side") }), quantity: operation.unitOfMeasure ? t("Quantity in {unit}", { unit: operation.unitOfMeasure }) : t("Quantity"), reservation: t("Reservation") };
  const why = said.quantity && amount === null ? t("The quantity is not a number") : missing.length > 0 ? t("Say {what} first", { what: missing.map((name) => names[name]).join(", ") }) : isBusy && t("Working");
  const submit = () => {
    if (why) return;
    const body: Record<string, unknown> = Object.fromEntries(Object.entries(said).filter(([name, text]) => name !== "quantity" && text.trim() !== ""));
    if (amount !== null) body.quantity = plain(amount);
    onSaid(body);
  };
  return (
    <Dialog
      title={t("{verb}: {name}", { verb: words(verb), name: operation.name })}
      onClose={onClose}
      onSubmit={submit}
      footer={<><Button onClick={onClose}>{t("Back")}</Button><Button kind={verb === "cancel" ? "danger" : "primary"} type="submit" why={why}>{verb === "cancel" ? t("Cancel the run") : words(verb)}</Button></>}
    >
      <p className="soft">
        {verb === "cancel" ? t("The open run ends, and nothing moves.") : [operation.sourceLocation?.path, operation.destinationLocation?.path].filter(Boolean).join(" → ")}
      </p>
      {shown.map((name) =>
        name === "quantity" ? (
          <Field key={name} label={names.quantity} inputMode="decimal" className="input big" value={said.quantity ?? ""} fault={faultOf("quantity")} placeholder={isOptional("quantity") ? t("as the tags say") : ""} onChange={(event) => set("quantity", event.target.value)} />
        ) : name === "product" ? (
          <Lookup key={name} label={names.product} of="products" value={said.product ?? ""} fault={faultOf("product")} onChange={(value) => set("product", value)} />
        ) : name === "reservation" ? (
          <Field key={name} label={names.reservation} value={said.reservation ?? ""} fault={faultOf("reservation")} placeholder={t("what it takes is promised to")} onChange={(event) => set("reservation", event.target.value)} />
        ) : (
          <Lookup key={name} label={names[name]} of="lots" query={{ product: (name === "lot" ? (said.product ?? operation.material?.identifier) : operation.secondaryMaterial?.identifier) ?? null }} value={said[name] ?? ""} fault={faultOf(name)} onChange={(value) => set(name, value)} />
        ),
      )}
      {isFirst && shown.length === 0 && !error && <p>{t("Nothing else has to be said.")}</p>}
      {error && (
        <div className="banner bad" role="alert">
          <div>
            {others.length === 0 ? error.message : others.map(([name, messages]) => <div key={name}><strong>{name}</strong> {messages.join("; ")}</div>)}
          </div>
        </div>
      )}
    </Dialog>
  );
}
