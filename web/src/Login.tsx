/** The door: name, password and, where there are several, the tenant. */
import { type FormEvent, useEffect, useState } from "react";
import { call, setCsrfToken } from "./api/client";
import { t } from "./i18n";
import { Button } from "./part/Button";
import { Field } from "./part/Field";

export function Login({ onDone }: { onDone: () => void }) {
  const [fault, setFault] = useState("");
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = t("Log in · Lotbook");
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
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
    <main className="login">
      <form className="card" onSubmit={(event) => void submit(event)}>
        <div className="brand">
          <img src="/icon.svg" alt="" />
          <h1>Lotbook</h1>
        </div>
        <Field label={t("User name or e-mail")} name="user" autoComplete="username" autoFocus required />
        <Field label={t("Password")} name="password" type="password" autoComplete="current-password" required />
        <details>
          <summary className="soft small">{t("Another tenant")}</summary>
          <Field label={t("Tenant")} name="tenant" autoComplete="organization" placeholder="default" />
        </details>
        {fault && <p className="fault" role="alert">{fault}</p>}
        <Button kind="primary" type="submit" why={isBusy && t("Logging in")}>{t("Log in")}</Button>
      </form>
    </main>
  );
}
