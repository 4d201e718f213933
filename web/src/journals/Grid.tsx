/**
 * The grid of a journal's lines: a window over any number of rows, used with the keyboard alone if one
 * likes. It holds the cursor and the cell being edited; what the lines are is the sheet's business.
 */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown } from "lucide-react";
import { memo, type ClipboardEvent, type KeyboardEvent, type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { t } from "../i18n";
import { type Cells, type ColumnSpec, type Faults, type Field, shownCell } from "./cells";
import { Editor } from "./Editor";
import { headings, parseTable, printTable } from "./clipboard";
import { Line, type Sheet } from "./sheet";

export interface GridHandle {
  focus: (row: number, field?: Field) => void;
  /** Opens a cell, with what could stand in it. */
  edit: (row: number, field: Field) => void;
  add: () => void;
  row: () => number;
}

interface Props {
  sheet: Sheet;
  columns: readonly ColumnSpec[];
  start: () => Partial<Cells>;
  /** Rows that are in view and have not been read. */
  onNeed: (rows: readonly number[]) => void;
  /** The cursor has left a line that is not saved. */
  onLeave: () => void;
  onPick: (field: Field, row: number) => void;
  onBook: () => void;
  handle: RefObject<GridHandle | null>;
  label: string;
}

interface Cursor {
  row: number;
  column: number;
  /** The other corner of the selection. */
  toRow: number;
  toColumn: number;
}

/** Cells with a picker of their own. */
const PICKED: readonly Field[] = ["product", "serials"];
const ROW = 34;
const HEAD = 34;

export function Grid({ sheet, columns, start, onNeed, onLeave, onPick, onBook, handle, label }: Props) {
  useSyncExternalStore(sheet.subscribe, () => sheet.version);
  const box = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Cursor>({ row: 0, column: 0, toRow: 0, toColumn: 0 });
  const [editing, setEditing] = useState<{ text: string } | null>(null);
  const count = sheet.order.length;
  // What others add or take away moves the lines; whoever is on one stays on it, and types on in it.
  const [before, setBefore] = useState(sheet.before);
  if (before !== sheet.before) {
    setBefore(sheet.before);
    const moved = (row: number): number => {
      const slot = sheet.before[row];
      const at = slot === undefined ? -1 : sheet.order.indexOf(slot);
      return at < 0 ? Math.max(0, Math.min(row, count - 1)) : at;
    };
    setCursor((cursor) => ({ ...cursor, row: moved(cursor.row), toRow: moved(cursor.toRow) }));
  }
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingStart: HEAD,
    scrollPaddingEnd: 4,
    // The open cell stays, however far it is out of view.
    rangeExtractor: (range) => (editing === null ? defaultRangeExtractor(range) : [...new Set([...defaultRangeExtractor(range), cursor.row])].filter((row) => row < count).sort((a, b) => a - b)),
  });
  useLayoutEffect(() => {
    if (editing !== null) rows.scrollToIndex(cursor.row);
    // Where the open cell went is looked at only when others moved it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [before]);
  const shown = rows.getVirtualItems();
  const width = columns.reduce((sum, column) => sum + column.width, 52);
  const last = columns.length - 1;

  useEffect(() => {
    const missing = shown.map((item) => item.index).filter((row) => row < sheet.order.length && sheet.cells(row) === null);
    if (missing.length > 0) onNeed(missing);
  });

  const move = (row: number, column: number, isSelecting = false): void => {
    const to = { row: Math.max(0, Math.min(row, Math.max(sheet.order.length - 1, 0))), column: Math.max(0, Math.min(column, last)) };
    if (to.row !== cursor.row && !isSelecting) onLeave();
    setCursor((before) => (isSelecting ? { ...before, toRow: to.row, toColumn: to.column } : { ...to, toRow: to.row, toColumn: to.column }));
    rows.scrollToIndex(to.row);
    scrollToColumn(to.column);
  };
  const scrollToColumn = (column: number): void => {
    const place = box.current;
    if (place === null) return;
    const left = 52 + columns.slice(0, column).reduce((sum, one) => sum + one.width, 0);
    const right = left + (columns[column]?.width ?? 0);
    if (left - 52 < place.scrollLeft) place.scrollLeft = left - 52;
    else if (right > place.scrollLeft + place.clientWidth) place.scrollLeft = right - place.clientWidth + 8;
  };
  const area = () => ({
    top: Math.min(cursor.row, cursor.toRow),
    bottom: Math.max(cursor.row, cursor.toRow),
    left: Math.min(cursor.column, cursor.toColumn),
    right: Math.max(cursor.column, cursor.toColumn),
  });
  const close = (): void => {
    sheet.release();
    setEditing(null);
  };
  const add = (): void => {
    onLeave();
    sheet.insert(0, [start()]);
    setCursor({ row: 0, column: 0, toRow: 0, toColumn: 0 });
    close();
    rows.scrollToIndex(0);
    scrollToColumn(0);
    box.current?.focus();
  };
  const nextColumn = (from: number, step: 1 | -1): number | null => {
    for (let column = from + step; column >= 0 && column <= last; column += step) if (!columns[column]?.isReadOnly) return column;
    return null;
  };
  /** On to the next field; after the last one to a new line on top, or to the line above where one is filled in already. */
  const advance = (step: 1 | -1): void => {
    const column = nextColumn(cursor.column, step);
    if (column !== null) move(cursor.row, column);
    else if (step < 0) move(cursor.row - 1, last);
    else if (cursor.row === 0) add();
    else move(cursor.row + 1, 0);
  };
  const isDropping = useRef(false);
  const commit = (text: string): void => {
    if (isDropping.current) return;
    const column = columns[cursor.column];
    const line = sheet.line(cursor.row);
    // What was looked at and not changed stays as exact as it was.
    const isSame = line && column && text === shownCell(column.field, line.cells[column.field]);
    if (line && column && !column.isReadOnly && !isSame) sheet.set([{ line, cells: { [column.field]: text } }]);
    close();
    box.current?.focus();
  };
  const edit = (text?: string): void => {
    const column = columns[cursor.column];
    if (!column || column.isReadOnly) return;
    const line = sheet.hold(cursor.row);
    if (line !== null) setEditing({ text: text ?? shownCell(column.field, line.cells[column.field]) });
  };
  const eachSelected = (): number[] => {
    const { top, bottom } = area();
    return Array.from({ length: bottom - top + 1 }, (_, index) => top + index);
  };

  const put = (row: number, field: Field | undefined): void => {
    const column = Math.max(0, columns.findIndex((one) => one.field === field));
    setCursor({ row, column, toRow: row, toColumn: column });
    rows.scrollToIndex(row);
    scrollToColumn(column);
    // What a scanner typed into a cell before it was known to be one goes with the cell's editor.
    isDropping.current = true;
    box.current?.focus();
    isDropping.current = false;
    close();
  };
  useImperativeHandle(handle, () => ({
    focus: put,
    edit: (row, field) => {
      put(row, field);
      if (columns.some((one) => one.field === field) && sheet.hold(row) !== null) setEditing({ text: "" });
    },
    add,
    row: () => cursor.row,
  }));

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (editing !== null) return;
    const { row, column } = cursor;
    const ctrl = event.ctrlKey || event.metaKey;
    const done = (act: () => void): void => {
      event.preventDefault();
      act();
    };
    if (event.altKey && event.key === "ArrowDown") return done(() => onPick(columns[column]?.field ?? "product", row));
    if (event.altKey) return;
    switch (event.key) {
      case "ArrowUp": return done(() => move((event.shiftKey ? cursor.toRow : row) - 1, event.shiftKey ? cursor.toColumn : column, event.shiftKey));
      case "ArrowDown": return done(() => move((event.shiftKey ? cursor.toRow : row) + 1, event.shiftKey ? cursor.toColumn : column, event.shiftKey));
      case "ArrowLeft": return done(() => move(event.shiftKey ? cursor.toRow : row, (event.shiftKey ? cursor.toColumn : column) - 1, event.shiftKey));
      case "ArrowRight": return done(() => move(event.shiftKey ? cursor.toRow : row, (event.shiftKey ? cursor.toColumn : column) + 1, event.shiftKey));
      case "PageUp": return done(() => move(row - 15, column, event.shiftKey));
      case "PageDown": return done(() => move(row + 15, column, event.shiftKey));
      case "Home": return done(() => move(ctrl ? 0 : row, 0, event.shiftKey));
      case "End": return done(() => move(ctrl ? count - 1 : row, last, event.shiftKey));
      case "Insert": return done(add);
      case "Tab":
        // At the ends the focus leaves the grid, as everywhere.
        if (event.shiftKey ? column === 0 && row === 0 : column === last && row === count - 1 && row !== 0) return;
        return done(() => advance(event.shiftKey ? -1 : 1));
      case "Enter":
        if (ctrl) return done(onBook);
        return done(() => (count === 0 ? add() : advance(event.shiftKey ? -1 : 1)));
      case "F2": return done(() => edit());
      case "Escape": return done(() => setCursor({ row, column, toRow: row, toColumn: column }));
      case "Backspace":
      case "Delete":
        return done(() => {
          if (ctrl) {
            sheet.remove(eachSelected());
            setCursor({ row: Math.min(area().top, Math.max(0, sheet.order.length - 1)), column, toRow: Math.min(area().top, Math.max(0, sheet.order.length - 1)), toColumn: column });
            onLeave();
            return;
          }
          const { left, right } = area();
          const cells = Object.fromEntries(columns.slice(left, right + 1).filter((one) => !one.isReadOnly).map((one) => [one.field, ""]));
          sheet.set(eachSelected().map((at) => sheet.line(at)).filter((line): line is Line => line !== null).map((line) => ({ line, cells })));
        });
    }
    if (ctrl && event.key.toLowerCase() === "z") return done(() => void (event.shiftKey ? sheet.redo() : sheet.undo()));
    if (ctrl && event.key.toLowerCase() === "y") return done(() => void sheet.redo());
    if (ctrl && event.key.toLowerCase() === "a") return done(() => setCursor({ row: 0, column: 0, toRow: count - 1, toColumn: last }));
    if (ctrl && event.key.toLowerCase() === "s") return done(onLeave);
    if (!ctrl && event.key.length === 1 && count > 0) done(() => edit(event.key));
  };

  const onCopy = (event: ClipboardEvent): void => {
    if (editing !== null || count === 0) return;
    event.preventDefault();
    const { left, right } = area();
    const rows = eachSelected().map((row) => columns.slice(left, right + 1).map((column) => sheet.cells(row)?.[column.field] ?? ""));
    event.clipboardData.setData("text/plain", printTable(rows));
  };

  const onPaste = (event: ClipboardEvent): void => {
    if (editing !== null) return;
    event.preventDefault();
    let table = parseTable(event.clipboardData.getData("text/plain"));
    const named = headings(table[0] ?? [], columns);
    if (named) table = table.slice(1);
    if (table.length === 0) return;
    const fields: (Field | null)[] = named ?? columns.slice(Math.min(cursor.column, cursor.toColumn)).map((column) => column.field);
    const writable = fields.map((field) => (columns.find((column) => column.field === field)?.isReadOnly ? null : field));
    const pasted = table.map((row) => {
      const cells: Partial<Cells> = {};
      row.forEach((text, index) => {
        const field = writable[index];
        if (field) cells[field] = text;
      });
      return cells;
    });
    const { top } = area();
    const at = sheet.slot(top);
    const isBlank = at instanceof Line && at.isBlank;
    const over = named || count === 0 ? 0 : isBlank ? 1 : Math.min(pasted.length, count - top);
    const lines = Array.from({ length: over }, (_, index) => sheet.line(top + index));
    sheet.set(lines.flatMap((line, index) => (line ? [{ line, cells: pasted[index] ?? {} }] : [])));
    if (pasted.length > over) sheet.insert(over === 0 ? 0 : top + over, pasted.slice(over).map((cells) => ({ ...start(), ...cells })));
    setCursor({ row: top, column: cursor.column, toRow: top, toColumn: cursor.column });
    onLeave();
  };

  const { top, bottom, left, right } = area();
  return (
    <div
      ref={box}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={count > 0 ? `cell-${cursor.row}-${cursor.column}` : undefined}
      aria-multiselectable
      tabIndex={0}
      onKeyDown={onKeyDown}
      onCopy={onCopy}
      onPaste={onPaste}
    >
      <div style={{ width, minWidth: "100%" }}>
        <div className="grid-head" role="row" aria-rowindex={1} style={{ height: HEAD }}>
          <div className="grid-number" role="presentation" />
          {columns.map((column, index) => (
            <div key={column.field} role="columnheader" aria-colindex={index + 1} className={column.isNumber ? "cell number" : "cell"} style={{ width: column.width }}>{column.title}</div>
          ))}
        </div>
        <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
          {shown.map((item) => {
            const slot = sheet.slot(item.index);
            const line = slot instanceof Line ? slot : null;
            const isIn = item.index >= top && item.index <= bottom;
            return (
              <Row
                key={line?.key ?? (slot as number)}
                index={item.index}
                at={item.start}
                cells={sheet.cells(item.index)}
                columns={columns}
                faults={sheet.faults(item.index)}
                state={line === null ? (typeof slot === "number" && sheet.fresh.has(slot) ? "fresh" : "") : line.isLost ? "lost" : line.isSaving ? "saving" : line.isDirty ? "dirty" : ""}
                cursor={item.index === cursor.row ? cursor.column : -1}
                left={isIn ? left : -1}
                right={isIn ? right : -2}
                editing={item.index === cursor.row ? editing : null}
                onCell={(column, isSelecting) => {
                  if (editing === null) move(item.index, column, isSelecting);
                  box.current?.focus();
                }}
                onEdit={() => edit()}
                onPick={(field) => onPick(field, item.index)}
                onCommit={commit}
                onNext={(text, step) => {
                  commit(text);
                  advance(step);
                }}
                onCancel={() => {
                  close();
                  box.current?.focus();
                }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  index: number;
  at: number;
  cells: Cells | null;
  columns: readonly ColumnSpec[];
  faults: Faults | undefined;
  state: string;
  cursor: number;
  left: number;
  right: number;
  editing: { text: string } | null;
  onCell: (column: number, isSelecting: boolean) => void;
  onEdit: () => void;
  onPick: (field: Field) => void;
  onCommit: (text: string) => void;
  onNext: (text: string, step: 1 | -1) => void;
  onCancel: () => void;
}

const FUNCTIONS = new Set(["onCell", "onEdit", "onPick", "onCommit", "onNext", "onCancel"]);

/** A row is drawn anew only where what it shows has changed; its functions matter only under the cursor. */
const Row = memo(RowView, (before, after) =>
  (Object.keys(after) as (keyof RowProps)[]).every((name) => Object.is(before[name], after[name]) || (FUNCTIONS.has(name) && after.cursor < 0 && before.cursor < 0)) &&
  Object.keys(after.faults ?? {}).length === 0,
);

function RowView({ index, at, cells, columns, faults, state, cursor, left, right, editing, onCell, onEdit, onPick, onCommit, onNext, onCancel }: RowProps) {
  const titles: Record<string, string> = { lost: t("Somebody else changed, removed or booked this line"), saving: t("Being saved"), dirty: t("Not saved yet"), fresh: t("Just added by somebody else") };
  return (
    <div role="row" aria-rowindex={index + 2} className={`grid-row ${state}`} style={{ transform: `translateY(${at}px)`, height: ROW }}>
      <div className="grid-number" role="presentation" title={titles[state]}>{{ lost: "!", saving: "…", dirty: "●", fresh: "＋" }[state] ?? index + 1}</div>
      {columns.map((column, position) => {
        const fault = faults?.[column.field];
        const isHere = position === cursor;
        const classes = ["cell", column.isNumber && "number", isHere && "here", position >= left && position <= right && "selected", fault && "faulty", column.isReadOnly && "soft"];
        return (
          <div
            key={column.field}
            id={`cell-${index}-${position}`}
            role="gridcell"
            aria-colindex={position + 1}
            aria-selected={position >= left && position <= right}
            aria-readonly={column.isReadOnly ?? false}
            aria-invalid={fault ? true : undefined}
            data-field={column.field}
            title={fault ?? (cells === null ? undefined : shownCell(column.field, cells[column.field]))}
            className={classes.filter(Boolean).join(" ")}
            style={{ width: column.width }}
            onMouseDown={(event) => {
              if (editing !== null && isHere) return;
              event.preventDefault();
              // A second press on a cell opens it, also where there is no keyboard.
              if (isHere && !event.shiftKey && event.button === 0) onEdit();
              else onCell(position, event.shiftKey);
            }}
          >
            {editing !== null && isHere ? (
              <Editor column={column} start={editing.text} product={cells?.product ?? ""} location={cells?.location ?? ""} onCommit={onCommit} onNext={onNext} onCancel={onCancel} />
            ) : (
              (cells === null ? "…" : shownCell(column.field, cells[column.field]))
            )}
            {isHere && editing === null && PICKED.includes(column.field) && (
              // By keyboard it is Alt and the arrow down, which the grid takes; this is for those who point.
              <span className="cell-pick" aria-hidden title={t("Choose (Alt ↓)")} onMouseDown={(event) => { event.preventDefault(); event.stopPropagation(); onPick(column.field); }}><ChevronDown size={14} /></span>
            )}
            {fault && isHere && <span className="cell-fault" role="alert">{fault}</span>}
          </div>
        );
      })}
    </div>
  );
}
