/** A dialog that sends one record: faults at their fields, and a look at the effect before it is done. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { post, Problem } from "../api/client";
import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { say } from "./toast";

interface Props<T> {
  title: string;
  about?: ReactNode;
  /** What it sends, and where. */
  path: string;
  body: Record<string, unknown>;
  /** Names of the fields that the dialog shows; a fault of another is told below. */
  fields: readonly string[];
  verb: string;
  done: string;
  isDanger?: boolean;
  why?: string | null | false;
  onClose: () => void;
  onDone?: (answer: T) => void;
  /** Shows what would come of it, where the server can tell. */
  preview?: (answer: T) => ReactNode;
  wide?: boolean;
  children?: (faultOf: (name: string) => string | undefined) => ReactNode;
}

export function Ask<T>({ title, about, path, body, fields, verb, done, isDanger, why, onClose, onDone, preview, wide, children }: Props<T>) {
  const queries = useQueryClient();
  const [looked, setLooked] = useState<{ text: string; answer: T } | null>(null);
  const look = useMutation({
    mutationFn: () => post<T>(path, body, { dryRun: true }),
    onSuccess: (answer) => setLooked({ text: JSON.stringify(body), answer }),
  });
  const act = useMutation({
    mutationFn: () => post<T>(path, body),
    onSuccess: (answer) => {
      void queries.invalidateQueries();
      say(done);
      onClose();
      onDone?.(answer);
    },
  });
  const error = act.error ?? look.error;
  const violations = error instanceof Problem ? error.violations : {};
  const nameOf = (field: string) => field.replace(/^\[\d+\]\./, "");
  const faultOf = (name: string) => Object.entries(violations).find(([field]) => nameOf(field) === name)?.[1].join("; ");
  const others = Object.entries(violations).filter(([field]) => !fields.includes(nameOf(field)));
  const isAllNamed = Object.keys(violations).length > 0 && others.length === 0;
  const isBusy = act.isPending || look.isPending;
  // What was looked at before something changed is no longer true.
  const isFresh = looked !== null && looked.text === JSON.stringify(body);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      wide={wide ?? false}
      onSubmit={() => !why && !isBusy && act.mutate()}
      footer={
        <>
          {preview && (
            <Button
              onClick={() => {
                act.reset();
                look.mutate();
              }}
              why={why || (isBusy && t("Working"))}
            >
              {t("Preview")}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind={isDanger ? "danger" : "primary"} type="submit" why={why || (isBusy && t("Working"))}>{verb}</Button>
        </>
      }
    >
      {about && <p className="soft">{about}</p>}
      {children?.(faultOf)}
      {error && !isAllNamed && (
        <div className="banner bad" role="alert">
          <div>{others.length === 0 ? error.message : others.map(([name, messages]) => <div key={name}><strong>{nameOf(name)}</strong> {messages.join("; ")}</div>)}</div>
        </div>
      )}
      {preview && isFresh && !error && <section className="stack" aria-label={t("Preview")} aria-live="polite">{preview(looked.answer)}</section>}
    </Dialog>
  );
}
