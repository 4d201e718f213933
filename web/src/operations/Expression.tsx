/** A formula over tags, tried while one types: its value, what the tags say, or where it cannot be read. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { get, post } from "../api/client";
import { t } from "../i18n";

interface Evaluated {
  value?: unknown;
  quality?: string;
  message?: string | null;
  tags?: Record<string, unknown>;
  fault?: { at: number; expected: string; found: string };
}

export function useLater<T>(value: T, ms: number): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return later;
}

/** The path that is being typed, from its brace to the caret; null where the caret is in none. */
export function openTag(text: string, caret: number): { from: number; path: string } | null {
  const from = text.lastIndexOf("{", caret - 1);
  if (from < 0 || text.slice(from, caret).includes("}")) return null;
  return { from: from + 1, path: text.slice(from + 1, caret) };
}

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  fault?: string | undefined;
}

export function ExpressionField({ label, value, onChange, fault }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const tried = useLater(value.trim(), 300);
  const result = useQuery({
    queryKey: ["evaluate", tried],
    enabled: tried !== "",
    queryFn: () => post<Evaluated>("/v1/expressions/evaluate", { expression: tried }),
    refetchInterval: 3_000,
    placeholderData: (before) => before,
  });
  const open = caret === null ? null : openTag(value, caret);
  const search = useLater(open?.path.replace(/^\[[^\]]*\]?/, "") ?? "", 200);
  const tags = useQuery({
    queryKey: ["/v1/tags", search],
    enabled: open !== null,
    queryFn: ({ signal }) => get<{ items: { path: string; value: unknown }[] }>("/v1/tags", { search, limit: 8 }, signal),
  });
  const insert = (path: string) => {
    if (open === null || caret === null) return;
    const after = value.slice(caret);
    onChange(`${value.slice(0, open.from)}${path}${after.startsWith("}") ? "" : "}"}${after}`);
    const at = open.from + path.length + 1;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
      setCaret(null);
    });
  };
  const said = result.data;
  return (
    <div className="field wide expression">
      <label htmlFor={id}>{label}</label>
      <textarea
        ref={area}
        id={id}
        className="input mono"
        rows={2}
        spellCheck={false}
        value={value}
        aria-describedby={`${id}-value`}
        aria-invalid={fault !== undefined || said?.fault !== undefined || undefined}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        placeholder={t("such as {example}", { example: "{[default]Line 1/Valve}" })}
      />
      {open !== null && (tags.data?.items.length ?? 0) > 0 && (
        <div className="row tight" role="group" aria-label={t("Tags")}>
          {tags.data?.items.map((tag) => <button key={tag.path} type="button" className="tag mono" onClick={() => insert(tag.path)}>{tag.path}</button>)}
        </div>
      )}
      <div id={`${id}-value`} className="small" aria-live="polite">
        {tried === "" ? (
          <span className="soft">{t("Empty. A brace begins a tag.")}</span>
        ) : said?.fault ? (
          <span className="fault">{t("At character {at}: expected {expected}, found {found}", said.fault)}</span>
        ) : said ? (
          <>
            <span className={`tag ${said.quality === "good" ? "good" : "warn"}`}>{t("now: {value}", { value: JSON.stringify(said.value) ?? "" })}</span>{" "}
            {said.message && <span className="soft">{said.message} </span>}
            {Object.entries(said.tags ?? {}).map(([path, one]) => <span key={path} className="soft mono">{path} = {JSON.stringify(one)} </span>)}
          </>
        ) : (
          result.isError && <span className="fault">{result.error.message}</span>
        )}
      </div>
      {fault && <span className="fault">{fault}</span>}
    </div>
  );
}
