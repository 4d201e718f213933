/** The frame of a page, and what it shows while there is nothing else to show. */
import { CircleAlert, Inbox } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { Problem } from "../api/client";
import { t } from "../i18n";
import { Button } from "./Button";

interface Props {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** Fills the window, and scrolls inside. */
  full?: boolean;
  children: ReactNode;
}

/** Where the last page was shown; a visit begins as the browser has it. */
let shownAt = typeof location === "undefined" ? "" : location.pathname;

export function Page({ title, about, actions, full, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Lotbook`;
  }, [title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Where a link is gone with its page, the keyboard goes on at the head of the next one.
    if (location.pathname !== shownAt && (document.activeElement === document.body || document.activeElement?.id === "main")) heading.current?.focus({ preventScroll: true });
    shownAt = location.pathname;
  }, []);
  return (
    <div className={full ? "page full" : "page"}>
      <header>
        <div className="titles">
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {about && <div className="soft">{about}</div>}
        </div>
        {actions && <div className="actions no-print">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Loading({ lines = 6 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status" aria-label={t("Loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} />
      ))}
    </div>
  );
}

export function Empty({ title, children, icon }: { title: string; children?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="empty">
      {icon ?? <Inbox size={32} />}
      <h2>{title}</h2>
      {children && <div>{children}</div>}
    </div>
  );
}

/** What went wrong, in the server's words, and what to do. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const problem = error instanceof Problem ? error : null;
  const isMissing = problem?.code === "unknownRoute";
  // What is not there will not be there in a moment either: one level up are the things that are.
  const isAbsent = !isMissing && problem?.status === 404;
  const list = `/${location.pathname.split("/")[1] ?? ""}`;
  return (
    <div className="empty" role="alert">
      <CircleAlert size={32} />
      <h2>
        {isMissing
          ? t("This server does not have that yet")
          : problem?.status === 403
            ? t("You are not allowed to see this")
            : isAbsent
              ? t("Not found")
              : t("That did not work")}
      </h2>
      <p>{isMissing ? t("A newer server brings it.") : error instanceof Error ? error.message : String(error)}</p>
      {problem?.requestId && <p className="small">{t("Request {id}", { id: problem.requestId })}</p>}
      {isAbsent && list !== location.pathname && <Link className="button" href={list}>{t("See what there is")}</Link>}
      {again && !isMissing && !isAbsent && <Button onClick={again}>{t("Try again")}</Button>}
    </div>
  );
}
