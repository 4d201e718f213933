/** Undoing a movement, or all that a run moved, with a look at what will stand where. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { post } from "../api/client";
import type { LotRef, Movement, Place, Ref } from "../api/types";
import { plain, toMillionths } from "../decimal";
import { amount, dayOrTime, quantity } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Dialog } from "../part/Dialog";
import { Field } from "../part/Field";
import { Rows } from "../part/List";
import { Loading } from "../part/Page";
import { say } from "../part/toast";
import { path } from "../path";
import { moved } from "./columns";

interface Effect {
  product: Ref & { identifier: string };
  variant: Ref | null;
  lot: LotRef | null;
  location: Place;
  unit: string | null;
  before: number;
  after: number;
}
interface Reversed {
  movements: number[];
  counts: number[];
  effects: Effect[];
}

export function Reverse({ movement, onClose }: { movement: Movement; onClose: () => void }) {
  return (
    <Undo what={{ movement: movement.id }} title={t("Reverse movement {id}", { id: movement.id })} onClose={onClose}>
      {t("{moved} go back from {to} to {from}, {amount}, dated {when}. A counter-movement is booked; the first one stays as it is.", { moved: moved(movement), to: movement.to.path, from: movement.from.path, amount: amount(movement.amount), when: dayOrTime(movement.effectiveAt) })}
    </Undo>
  );
}

interface Props {
  /** What is to be undone, as the API names it. */
  what: { movement: number } | { run: string } | { countBatch: number; rest: true };
  title: string;
  onClose: () => void;
  children: ReactNode;
}

export function Undo({ what, title, onClose, children }: Props) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [reason, setReason] = useState("");
  const preview = useQuery({ queryKey: ["reversal", what], queryFn: () => post<Reversed>("/v1/reversals", { ...what, reason: "preview" }, { dryRun: true }), retry: false, staleTime: 0 });
  const act = useMutation({
    mutationFn: () => post<Reversed>("/v1/reversals", { ...what, reason }),
    onSuccess: (answer) => {
      void queries.invalidateQueries();
      say(t("Reversed"));
      onClose();
      const made = answer.movements[0];
      if (made !== undefined) go(path.movement(made));
    },
  });
  const why = preview.isPending ? t("Looking at the effect") : preview.isError ? preview.error.message : act.isPending ? t("Booking") : reason.trim() === "" && t("Say why first");
  const change = (one: Effect) => toMillionths(one.after) - toMillionths(one.before);
  const signed = (millionths: bigint) => `${millionths > 0n ? "+" : ""}${quantity(Number(plain(millionths)))}`;
  return (
    <Dialog
      title={title}
      wide
      onClose={onClose}
      onSubmit={() => !why && act.mutate()}
      footer={<><Button onClick={onClose}>{t("Cancel")}</Button><Button kind="primary" type="submit" why={why}>{t("Reverse")}</Button></>}
    >
      <p>{children}</p>
      {preview.isPending && <Loading lines={2} />}
      {preview.isError && <div className="banner bad" role="alert">{preview.error.message}</div>}
      {preview.isSuccess && (
        <section className="stack" aria-label={t("What will stand where")}>
          <h3>{t("What will stand where")}</h3>
          <Rows
            caption={t("What will stand where")}
            items={preview.data.effects}
            keyOf={(one) => `${one.product.id}/${one.variant?.id ?? 0}/${one.lot?.id ?? 0}/${one.location.id}`}
            empty={<p className="soft">{t("No stock of yours changes; both ends are outside.")}</p>}
            columns={[
              { name: t("Location"), show: (one) => one.location.path },
              { name: t("Product"), show: (one) => one.product.identifier },
              { name: t("Lot"), has: (one) => one.lot, show: (one) => one.lot?.name ?? "" },
              { name: t("Now"), isNumber: true, show: (one) => `${quantity(one.before)} ${one.unit ?? ""}` },
              { name: t("Change"), isNumber: true, show: (one) => signed(change(one)) },
              { name: t("Then"), isNumber: true, show: (one) => <strong className={one.after < 0 ? "bad" : ""}>{quantity(one.after)} {one.unit}</strong> },
            ]}
          />
          {"movement" in what && preview.data.movements.length > 1 && <p className="soft">{t("{count, plural, one {# more movement keeps} other {# more movements keep}} counts true.", { count: preview.data.movements.length - 1 })}</p>}
          {preview.data.counts.length > 0 && <p className="soft">{t("{count, plural, one {The count holds} other {# counts hold}} no longer.", { count: preview.data.counts.length })}</p>}
        </section>
      )}
      <Field label={t("Reason")} value={reason} onChange={(event) => setReason(event.target.value)} required />
      {act.error && <p className="fault" role="alert">{act.error.message}</p>}
    </Dialog>
  );
}
