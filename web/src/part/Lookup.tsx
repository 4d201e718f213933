/** A text box that proposes records of a list while one types; holds the record's natural key. */
import { useQuery } from "@tanstack/react-query";
import { useContext, useDeferredValue, useRef, useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { get, type Page, type Query } from "../api/client";
import { t } from "../i18n";
import { Surrounding } from "./Dialog";

interface Named {
  id: number;
  name?: string;
  identifier?: string;
  path?: string;
  symbol?: string;
  code?: string;
}

/** What a record is called where it is referred to. */
export function keyOf(record: Named): string {
  return record.path ?? record.identifier ?? record.symbol ?? record.code ?? record.name ?? String(record.id);
}

interface Props {
  label: string;
  of: string;
  value: string;
  onChange: (value: string) => void;
  fault?: string | undefined;
  required?: boolean;
  query?: Query;
  wide?: boolean;
  placeholder?: string;
  className?: string;
}

export function Lookup({ label, of, value, onChange, fault, query, wide, required, placeholder, className }: Props) {
  const dialog = useContext(Surrounding);
  const [text, setText] = useState(value);
  const last = useRef(value);
  if (last.current !== value) {
    last.current = value;
    setText(value);
  }
  const search = useDeferredValue(text === value ? "" : text);
  const found = useQuery({
    queryKey: ["lookup", of, search, query],
    queryFn: ({ signal }) => get<Page<Named>>(`/v1/${of}`, { ...query, search: search || null, limit: 30 }, signal),
    staleTime: 20_000,
  });
  const commit = (next: string) => {
    setText(next);
    if (next !== value) {
      last.current = next;
      onChange(next);
    }
  };
  return (
    <ComboBox
      className={["field", wide && "wide", className].filter(Boolean).join(" ")}
      allowsCustomValue
      // A dialog puts the focus here by itself; nobody asked for the list yet.
      menuTrigger={dialog ? "input" : "focus"}
      inputValue={text}
      onInputChange={(next) => {
        setText(next);
        if (next === "") commit("");
      }}
      items={found.data?.items ?? []}
      // Whoever types before the first answer sees that it is looked for, and then what was found; else the list stays shut.
      allowsEmptyCollection={found.isPending}
      // Nothing stays selected, or Tab would take the last choice again instead of what was typed since.
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = found.data?.items.find((record) => record.id === key);
        if (chosen) commit(keyOf(chosen));
      }}
      onBlur={() => commit(text.trim())}
      isInvalid={fault !== undefined}
      isRequired={required ?? false}
    >
      <Label>{label}</Label>
      <Input
        className="input"
        placeholder={placeholder ?? t("Type to search")}
        onKeyDown={(event) => {
          // What was typed or scanned is meant, unless somebody went to a proposal.
          if (event.key === "Enter" && !event.currentTarget.getAttribute("aria-activedescendant")) commit(text.trim());
        }}
      />
      {fault && <span className="fault">{fault}</span>}
      <Popover className="popover" {...(dialog && { UNSTABLE_portalContainer: dialog })}>
        <ListBox<Named> renderEmptyState={() => <div className="option soft">{found.isPending ? t("Loading") : t("Nothing found")}</div>}>
          {(record) => (
            <ListBoxItem className="option" id={record.id} textValue={keyOf(record)}>
              <strong>{keyOf(record)}</strong>
              {record.name && record.name !== keyOf(record) && <span className="soft">{record.name}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
