/** Short messages that come and go; errors stay until they are closed. */
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { t } from "../i18n";
import { Button } from "./Button";

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
}

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function close(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

function show(text: string, isBad: boolean): void {
  const id = ++last;
  set([...toasts.filter((toast) => toast.text !== text), { id, text, isBad }].slice(-4));
  if (!isBad) setTimeout(() => close(id), 5_000);
}

export const say = (text: string): void => show(text, false);
export const complain = (error: unknown): void => show(error instanceof Error ? error.message : String(error), true);

export function Toasts() {
  const shown = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className={toast.isBad ? "toast bad" : "toast"}>
          <div className="grow">{toast.text}</div>
          <Button kind="quiet" icon={<X size={16} />} aria-label={t("Close")} onClick={() => close(toast.id)} />
        </div>
      ))}
    </div>
  );
}
