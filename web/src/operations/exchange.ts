/** Operations as a file that another server, or this one, imports: references by name, ids left out. */
import { all } from "../api/client";
import { shown } from "../settings/RecordForm";
import { allFields } from "./fields";

const cell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export async function exportOperations(): Promise<void> {
  const operations = await all<Record<string, unknown>>("/v1/operations");
  const names = allFields().map((field) => field.name);
  const lines = operations.map((one) => names.map((name) => cell(shown(one[name]))).join(","));
  save("operations.csv", "text/csv", [names.join(","), ...lines].join("\r\n"));
}

export function save(name: string, type: string, text: string | Blob): void {
  const url = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 5_000);
}
