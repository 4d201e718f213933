/** Scripts that somebody ran on this machine, the newest first. Kept in the browser, for each user of each tenant. */
import type { Me } from "../api/types";

export interface Kept {
  script: string;
  at: string;
}

const MOST = 50;
/** Longer ones are not kept. */
const CHARS_MAX = 20_000;

const keyOf = (me: Me): string => `console/${me.tenant.id}/${me.user.id}`;

export function history(me: Me): Kept[] {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(me)) ?? "[]") as unknown;
    return Array.isArray(found) ? found.filter((one): one is Kept => typeof (one as Kept)?.script === "string") : [];
  } catch {
    return [];
  }
}

/** Keeps a script that was run; one that was kept before moves to the front. */
export function keep(me: Me, script: string, now = new Date()): Kept[] {
  const text = script.trim();
  if (text === "" || text.length > CHARS_MAX) return history(me);
  const all = [{ script: text, at: now.toISOString() }, ...history(me).filter((one) => one.script !== text)].slice(0, MOST);
  try {
    localStorage.setItem(keyOf(me), JSON.stringify(all));
  } catch {
    // A browser that keeps nothing still runs scripts.
  }
  return all;
}

export function forget(me: Me): void {
  localStorage.removeItem(keyOf(me));
}
