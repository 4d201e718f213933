/** The cell being edited, with proposals from the catalog below it. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { get, type Page, type Query } from "../api/client";
import type { Balance } from "../api/types";
import { dayPattern } from "../day";
import { quantity } from "../format";
import { t } from "../i18n";
import { keyOf } from "../part/Lookup";
import type { ColumnSpec } from "./cells";

interface Named {
  id: number;
  name?: string;
  identifier?: string;
  path?: string;
  code?: string;
}

interface Props {
  column: ColumnSpec;
  start: string;
  product: string;
  location: string;
  onCommit: (text: string) => void;
  onNext: (text: string, step: 1 | -1) => void;
  onCancel: () => void;
}

const nameOf = (of: string, record: Named): string => (of === "lots" ? (record.name ?? "") : keyOf(record));

/** What is asked for as soon as the cell opens, since there are few of them. */
const AT_ONCE: readonly (string | undefined)[] = ["variants", "lots"];

export function Editor({ column, start, product, location, onCommit, onNext, onCancel }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  const [text, setText] = useState(start);
  const [at, setAt] = useState(-1);
  const search = useDeferredValue(text.trim());
  const of = column.of;
  const isOfProduct = AT_ONCE.includes(of) && product !== "";
  const isAsked = of !== undefined && (search !== "" || isOfProduct);
  const query: Query = { search: search || null, limit: isOfProduct ? 30 : 8, ...(isOfProduct && { product }) };
  const found = useQuery({
    queryKey: ["editor", of, query, isOfProduct && location],
    enabled: isAsked,
    queryFn: async ({ signal }) => {
      const [page, stock] = await Promise.all([
        get<Page<Named>>(`/v1/${of}`, query, signal),
        isOfProduct ? get<Page<Balance>>("/v1/balances", { product, location: location || null, limit: 200 }, signal) : null,
      ]);
      const there = new Map<number, number>();
      for (const one of stock?.items ?? []) {
        const id = of === "lots" ? one.lot?.id : one.variant?.id;
        if (id !== undefined) there.set(id, (there.get(id) ?? 0) + Number(one.quantity));
      }
      const items = page.items.map((record) => ({ ...record, stock: isOfProduct ? (there.get(record.id) ?? 0) : null }));
      // What stands there first.
      return items.sort((a, b) => Number((b.stock ?? 0) > 0) - Number((a.stock ?? 0) > 0));
    },
    staleTime: 20_000,
    retry: false,
  });
  const proposals = isAsked ? (found.data ?? []) : [];
  useEffect(() => {
    const field = input.current;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  const chosen = (): string => {
    const record = proposals[at];
    return record && of ? nameOf(of, record) : text;
  };
  const end = (act: () => void): void => {
    isOver.current = true;
    act();
  };
  // Where the list goes is known when the input is there.
  const [, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  const rect = input.current?.getBoundingClientRect();
  const isLow = rect !== undefined && rect.bottom > innerHeight - 260;
  return (
    <>
      <input
        ref={input}
        className="cell-input"
        value={text}
        aria-label={column.title}
        role={of ? "combobox" : undefined}
        aria-expanded={of ? proposals.length > 0 : undefined}
        aria-controls={of ? id : undefined}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        inputMode={column.isNumber ? "decimal" : "text"}
        placeholder={column.field === "stockDate" ? dayPattern() : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
        }}
        onBlur={() => !isOver.current && end(() => onCommit(text))}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          event.stopPropagation();
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined && proposals.length > 0) {
            event.preventDefault();
            setAt((before) => (before + step + proposals.length + (before < 0 && step < 0 ? 1 : 0)) % proposals.length);
          } else if (event.key === "Enter" || event.key === "Tab") {
            event.preventDefault();
            end(() => onNext(chosen(), event.shiftKey ? -1 : 1));
          } else if (event.key === "Escape") {
            event.preventDefault();
            end(onCancel);
          }
        }}
      />
      {proposals.length > 0 && rect && (
        <div
          id={id}
          role="listbox"
          aria-label={t("Proposals")}
          className="popover proposals"
          style={{ left: Math.min(rect.left, innerWidth - 300), ...(isLow ? { bottom: innerHeight - rect.top + 4 } : { top: rect.bottom + 4 }) }}
        >
          {proposals.map((record, index) => (
            <div
              key={record.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className="option"
              onMouseDown={(event) => {
                event.preventDefault();
                event.stopPropagation();
                end(() => onNext(of ? nameOf(of, record) : text, 1));
              }}
            >
              <strong>{of ? nameOf(of, record) : ""}</strong>
              {record.name && of && record.name !== nameOf(of, record) && <span className="soft grow">{record.name}</span>}
              {record.stock !== null && <span className="soft number">{t("{count} there", { count: quantity(record.stock) })}</span>}
            </div>
          ))}
        </div>
      )}
    </>
  );
}
