/** Tables on the clipboard, as spreadsheets put them there. */
import { type ColumnSpec, type Field, FIELDS } from "./cells";

/** Rows of cells of separated text; a quoted cell may hold separators, line breaks and doubled quotes. */
export function parseTable(text: string, separator = "\t"): string[][] {
  const plainEnd = new RegExp(`[${separator}\\r\\n]`, "g");
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      let end = at + 1;
      cell = "";
      while (end < text.length) {
        const next = text.indexOf('"', end);
        if (next < 0) {
          cell += text.slice(end);
          end = text.length;
        } else if (text[next + 1] === '"') {
          cell += text.slice(end, next + 1);
          end = next + 2;
        } else {
          cell += text.slice(end, next);
          end = next + 1;
          break;
        }
      }
      at = end;
    } else {
      plainEnd.lastIndex = at;
      cell = text.slice(at, plainEnd.exec(text)?.index ?? text.length);
      at += cell.length;
    }
    row.push(cell.trim());
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    rows.push(row);
    row = [];
  }
  return rows;
}

export function printTable(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

/** The fields of a table whose first row names columns, whatever their order; null = it names none. */
export function headings(first: readonly string[], columns: readonly ColumnSpec[]): (Field | null)[] | null {
  const named = new Map<string, Field>();
  for (const field of FIELDS) named.set(field.toLowerCase(), field);
  for (const column of columns) named.set(column.title.toLowerCase(), column.field);
  for (const [word, field] of [["quantity", "count"], ["qty", "count"], ["sku", "product"], ["price", "costPrice"], ["cost", "costPrice"], ["shelf", "location"], ["batch", "lot"]] as const) named.set(word, field);
  const found = first.map((cell) => named.get(cell.trim().toLowerCase()) ?? null);
  return found.filter((field) => field !== null).length >= 2 ? found : null;
}
