/** The door: name, password and, where there are several, the tenant. */
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { call, setCsrfToken } from "./api/client";
import { t } from "./i18n";
import { Button } from "./part/Button";
import { Dialog } from "./part/Dialog";
import { Field } from "./part/Field";

export function Login({ onDone }: { onDone: () => void }) {
  useEffect(() => {
    document.title = t("Log in · Lotbook");
  }, []);
  return (
    <main className="login">
      <LoginForm className="card" onDone={onDone}>
        <div className="brand">
          <img src="/icon.svg" alt="" />
          <h1>Lotbook</h1>
        </div>
      </LoginForm>
    </main>
  );
}

/** Where a session ends while somebody works: the page behind stays as it is, with all that is typed. */
export function LoginAgain({ onDone }: { onDone: () => void }) {
  return (
    <Dialog title={t("Log in again")} onClose={() => location.reload()}>
      <LoginForm className="stack" onDone={onDone}>
        <p>{t("The session has ended. What stands on the page stays there; log in as the same user and go on.")}</p>
      </LoginForm>
    </Dialog>
  );
}

function LoginForm({ className, onDone, children }: { className: string; onDone: () => void; children: ReactNode }) {
  const [fault, setFault] = useState("");
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    setFault("");
    try {
      const answer = await call<{ csrfToken: string }>("/v1/login", {
        method: "POST",
        body: { user: text("user"), password: text("password"), tenant: text("tenant") || null, cookie: true },
      });
      setCsrfToken(answer.csrfToken);
      onDone();
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <form className={className} onSubmit={(event) => void submit(event)}>
      {children}
      <Field label={t("User name or e-mail")} name="user" autoComplete="username" autoCapitalize="none" autoFocus required />
      <Field label={t("Password")} name="password" type="password" autoComplete="current-password" required />
      <details>
        <summary className="soft small">{t("Another tenant")}</summary>
        <Field label={t("Tenant")} name="tenant" autoComplete="organization" placeholder="default" />
      </details>
      {fault && <p className="fault" role="alert">{fault}</p>}
      <Button kind="primary" type="submit" why={isBusy && t("Logging in")}>{t("Log in")}</Button>
    </form>
  );
}
