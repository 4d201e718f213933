/** Calls of the script API: written with completion from the table of functions, run, their results as tables. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Play } from "lucide-react";
import { useId, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { call as send, get } from "../api/client";
import { ago, whole } from "../format";
import { t } from "../i18n";
import { Button } from "../part/Button";
import { Field } from "../part/Field";
import { Failed, Loading, Page } from "../part/Page";
import { printTable } from "../journals/clipboard";
import { say } from "../part/toast";
import { useQueryState } from "../path";
import { useMe } from "../session";
import { forget, history, keep, type Kept } from "./history";
import { completions, type Family, functionNamed, type Inside, paramsOf, parse, type Proposal, ScriptFault, type ScriptFunction, table, template } from "./script";

interface Answer {
  id: number;
  result?: unknown;
  error?: { code: number; message: string; data?: { type?: string; violations?: Record<string, string[]> } };
}
interface Ran {
  method: string;
  answer: Answer;
}

const ROWS_SHOWN = 500;

export default function Console() {
  const [query, setQuery] = useQueryState(["script", "find"]);
  const [source, setSource] = useState(query.script || "# Ctrl Enter runs all calls, one after the other.\n");
  const functions = useQuery({ queryKey: ["/script/functions"], queryFn: () => get<{ families: Family[] }>("/script/functions"), staleTime: Infinity });
  const families = useMemo(() => functions.data?.families ?? [], [functions.data]);
  const queries = useQueryClient();
  const me = useMe();
  const [past, setPast] = useState<readonly Kept[]>(() => history(me));
  const run = useMutation({
    mutationFn: async (): Promise<{ ran: Ran[]; tookMs: number }> => {
      const calls = parse(source);
      const began = performance.now();
      const body = calls.map((one, index) => ({ jsonrpc: "2.0", id: index, method: one.method, params: paramsOf(one, functionNamed(families, one.method)) }));
      const answers = body.length === 0 ? [] : await send<Answer[]>("/script", { method: "POST", body });
      return { ran: answers.map((answer) => ({ method: calls[answer.id]?.method ?? "", answer })), tookMs: performance.now() - began };
    },
    onSuccess: () => {
      setPast(keep(me, source));
      setQuery({ script: source.length <= 2_000 ? source : "" });
      void queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== "/script/functions" });
    },
  });
  const why = source.replace(/#.*$/gm, "").trim() === "" ? t("Write a call first") : run.isPending && t("Running");
  const insert = useRef<(one: ScriptFunction) => void>(() => {});
  return (
    <Page
      title={t("Console")}
      about={t("Calls of the script API, with your own permissions.")}
      actions={<Button kind="primary" icon={<Play size={16} />} onClick={() => run.mutate()} why={why}>{t("Run")} <kbd>Ctrl ↵</kbd></Button>}
    >
      <div className="console">
        <div className="stack">
          <Editor source={source} onChange={setSource} families={families} past={past} onRun={() => !why && run.mutate()} insert={insert} />
          {run.error && (
            <div className="banner bad" role="alert">{run.error instanceof ScriptFault ? t("Line {line}: {what}", { line: run.error.line, what: run.error.message }) : run.error.message}</div>
          )}
          <div className="stack" aria-live="polite">
            {run.data && <p className="small soft">{t("{count, plural, one {# call} other {# calls}} in {ms} ms", { count: run.data.ran.length, ms: whole(run.data.tookMs) })}</p>}
            {run.data?.ran.map(({ method, answer }) => <Result key={answer.id} method={method} answer={answer} />)}
          </div>
        </div>
        <div className="stack reference">
        {past.length > 0 && (
          <section className="card" aria-label={t("History")}>
            <header><h2 className="grow">{t("History")}</h2><Button kind="quiet" onClick={() => { forget(me); setPast([]); }}>{t("Forget")}</Button></header>
            <ul className="body plain past">
              {past.map((one) => (
                <li key={one.at}>
                  <button type="button" className="link mono small" title={one.script} onClick={() => setSource(`${one.script}\n`)}>{one.script.split("\n").find((line) => !line.startsWith("#")) ?? one.script}</button>
                  <div className="small soft">{ago(one.at)}</div>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section className="card" aria-label={t("Functions")}>
          <div className="body stack">
            <Field label={t("Find a function")} type="search" value={query.find} onChange={(event) => setQuery({ find: event.target.value })} />
            {functions.isPending ? <Loading lines={4} /> : functions.isError ? <Failed error={functions.error} again={() => void functions.refetch()} /> : <Functions families={families} wanted={query.find} onChoose={(one) => insert.current(one)} />}
          </div>
        </section>
        </div>
      </div>
    </Page>
  );
}

interface EditorProps {
  source: string;
  onChange: (source: string) => void;
  families: readonly Family[];
  past: readonly Kept[];
  onRun: () => void;
  insert: React.RefObject<(one: ScriptFunction) => void>;
}

function Editor({ source, onChange, families, past, onRun, insert }: EditorProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [at, setAt] = useState(0);
  /** Which script of the past stands there; -1 = what is being written. */
  const [back, setBack] = useState(-1);
  const draft = useRef("");
  const [place, setPlace] = useState(0);
  const { word, found } = useMemo(() => (caret === null ? { word: "", found: [] } : completions(families, source, caret, isAsked)), [families, source, caret, isAsked]);
  const inside = useMemo(() => completions(families, source, place).inside, [families, source, place]);
  const chosen = Math.min(at, found.length - 1);
  const put = (one: Proposal, from: number, to: number) => {
    writeAt(source.slice(0, from) + one.text + source.slice(to), from + one.caret);
  };
  /** Who types on at once finds the caret where it belongs. */
  const writeAt = (text: string, next: number) => {
    flushSync(() => {
      onChange(text);
      setCaret(null);
      setPlace(next);
    });
    area.current?.focus();
    area.current?.setSelectionRange(next, next);
  };
  const turnBack = (step: 1 | -1): void => {
    const next = Math.max(-1, Math.min(past.length - 1, back + step));
    if (next === back) return;
    if (back === -1) draft.current = source;
    setBack(next);
    onChange(next === -1 ? draft.current : `${past[next]?.script ?? ""}\n`);
    setCaret(null);
  };
  insert.current = (one) => {
    const end = area.current?.selectionEnd ?? source.length;
    const lead = end > 0 && source[end - 1] !== "\n" ? "\n" : "";
    const text = template(one);
    const quotes = text.indexOf("''");
    writeAt(source.slice(0, end) + lead + text + source.slice(end), end + lead.length + (quotes < 0 ? text.length : quotes + 1));
  };
  const isShown = found.length > 0;
  return (
    <div className="field wide editor">
      <label htmlFor={id}>{t("Script")}</label>
      <textarea
        ref={area}
        id={id}
        className="input mono"
        spellCheck={false}
        rows={10}
        value={source}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isShown ? `${id}-${chosen}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart);
          setPlace(event.target.selectionStart);
          setAsked(false);
          setBack(-1);
          setAt(0);
        }}
        onSelect={(event) => setPlace(event.currentTarget.selectionStart)}
        onBlur={() => setTimeout(() => setCaret(null), 150)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            setCaret(null);
            onRun();
          } else if (event.key === " " && event.ctrlKey) {
            event.preventDefault();
            setAsked(true);
            setAt(0);
            setCaret(event.currentTarget.selectionStart);
          } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
            event.preventDefault();
            turnBack(event.key === "ArrowUp" ? 1 : -1);
          } else if (isShown && caret !== null) {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            const one = found[chosen];
            if (step !== undefined) setAt((chosen + step + found.length) % found.length);
            else if ((event.key === "Enter" || event.key === "Tab") && one) put(one, caret - word.length, caret);
            else if (event.key === "Escape") setCaret(null);
            else return;
            event.preventDefault();
          }
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label={t("What fits here")} className={isShown ? "popover proposed" : "visually-hidden"}>
        {found.map((one, index) => (
          <div
            key={one.label}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="option"
            onMouseDown={(event) => {
              event.preventDefault();
              if (caret !== null) put(one, caret - word.length, caret);
            }}
          >
            <span className="grow"><strong className="mono">{one.label}</strong> <span className="soft small">{one.about}</span></span>
          </div>
        ))}
      </div>
      {inside ? <Signature inside={inside} /> : <p className="small soft">{t("Ctrl Space proposes functions and arguments; Alt ↑ and Alt ↓ go through what was run.")}</p>}
    </div>
  );
}

/** The function around the caret, and which of its arguments is being said. */
function Signature({ inside }: { inside: Inside }) {
  const { function: one, index, named } = inside;
  const at = named.length > 0 ? one.parameters.find((parameter) => parameter.name === named.at(-1)) : one.parameters[index];
  return (
    <div className="small" aria-live="polite">
      <code>{one.names[0]}({one.parameters.map((parameter, place) => <span key={parameter.name}>{place > 0 && ", "}{parameter === at ? <strong>{parameter.name}</strong> : <span className={parameter.required ? "" : "soft"}>{parameter.name}</span>}</span>)})</code>
      {at && <div className="soft">{at.name}: {at.type}. {at.about}</div>}
    </div>
  );
}

function Functions({ families, wanted, onChoose }: { families: readonly Family[]; wanted: string; onChoose: (one: ScriptFunction) => void }) {
  const lower = wanted.toLowerCase();
  const groups = families.map((family) => ({ ...family, functions: family.functions.filter((one) => `${one.name} ${one.about}`.toLowerCase().includes(lower)) })).filter((family) => family.functions.length > 0);
  if (groups.length === 0) return <p className="soft">{t("No function has that name")}</p>;
  return groups.map((family) => (
    <details key={family.title} open={wanted !== "" || families.length === 1}>
      <summary><strong>{family.title}</strong> <span className="soft small">{family.functions.length}</span></summary>
      <ul className="plain">
        {family.functions.map((one) => (
          <li key={one.name}>
            <button type="button" className="link mono small" onClick={() => onChoose(one)}>{one.names[0]}</button>
            <div className="small soft">{one.about}{one.permission && <> <span className="mono">{one.permission}</span></>}</div>
            {one.parameters.length > 0 && wanted !== "" && (
              <dl className="pairs small">{one.parameters.map((parameter) => <div key={parameter.name} style={{ display: "contents" }}><dt className="mono">{parameter.name}{parameter.required ? " *" : ""}</dt><dd>{parameter.type}. {parameter.about}</dd></div>)}</dl>
            )}
          </li>
        ))}
      </ul>
    </details>
  ));
}

const plainText = (value: unknown): string => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

function Result({ method, answer }: { method: string; answer: Answer }) {
  const found = table(answer.result);
  const name = method.slice(method.lastIndexOf(".") + 1);
  return (
    <section className="card" aria-label={t("Result of {name}", { name })}>
      <header><h2 className="mono small grow">{name}</h2>{answer.error ? <span className="tag bad">{answer.error.data?.type ?? answer.error.code}</span> : <span className="tag good">{found ? t("{count, plural, one {# row} other {# rows}}", { count: found.rows.length }) : t("done")}</span>}
        {found && <Button kind="quiet" icon={<Copy size={16} />} aria-label={t("Copy the table for a spreadsheet")} title={t("Copy the table for a spreadsheet")} onClick={() => void navigator.clipboard.writeText(printTable([found.columns, ...found.rows.map((row) => row.map(plainText))])).then(() => say(t("Copied")))} />}
      </header>
      <div className="body">
        {answer.error ? (
          <>
            <p className="fault" role="alert">{answer.error.message}</p>
            <ul className="faults small">{Object.entries(answer.error.data?.violations ?? {}).map(([field, messages]) => <li key={field}><strong>{field}</strong> {[messages].flat().join("; ")}</li>)}</ul>
          </>
        ) : found ? (
          <div className="scroll" tabIndex={0} role="region" aria-label={t("Result of {name}", { name })}>
            <table className="table">
              <thead><tr>{found.columns.map((column, index) => <th key={column} scope="col" className={typeof found.rows[0]?.[index] === "number" ? "number" : ""}>{column}</th>)}</tr></thead>
              <tbody>{found.rows.slice(0, ROWS_SHOWN).map((row, index) => <tr key={index}>{row.map((cell, column) => <td key={column} className={typeof cell === "number" ? "number" : ""}>{plainText(cell)}</td>)}</tr>)}</tbody>
            </table>
            {found.rows.length > ROWS_SHOWN && <p className="soft small">{t("The first {count} rows are shown", { count: ROWS_SHOWN })}</p>}
          </div>
        ) : typeof answer.result === "object" && answer.result !== null && !Array.isArray(answer.result) ? (
          <dl className="pairs">{Object.entries(answer.result).map(([key, value]) => <div key={key} style={{ display: "contents" }}><dt className="mono">{key}</dt><dd>{plainText(value)}</dd></div>)}</dl>
        ) : (
          <pre className="output" tabIndex={0}>{JSON.stringify(answer.result ?? null, null, 2)}</pre>
        )}
      </div>
    </section>
  );
}
