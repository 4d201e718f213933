/** Makes the server have what a sheet wants: new lines in one call, changed and removed ones by one. */
import { call, post, Problem, remove } from "../api/client";
import type { Fault, Party } from "../api/types";
import { bodyOf, faultsOf } from "./cells";
import type { Line, Sheet } from "./sheet";

export interface Saved {
  /** How many lines the server has now as they were wanted. */
  count: number;
  faulty: number;
  /** How a journal that books by itself fared. */
  booking: { id: number; state: "waiting" | "booked" | "rejected"; faults: Fault[] } | null;
}

interface Created {
  items: { id: number }[];
  booking: Saved["booking"];
}

const AT_ONCE = 6;

async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
    }),
  );
}

export async function save(sheet: Sheet, parties: readonly Party[], voucher: () => Promise<number>): Promise<Saved> {
  const now = new Date().toISOString();
  const dirty = sheet.dirty().filter((line) => !line.isSaving && !line.isLost);
  const result: Saved = { count: 0, faulty: 0, booking: null };
  // Sorted out before anything is sent: a new line has an id as soon as it is saved.
  const fresh = dirty.filter((line) => line.id === null && !line.isGone);
  const changed = dirty.filter((line) => line.id !== null && !line.isGone);
  const gone = dirty.filter((line) => line.id !== null && line.isGone);
  for (const line of dirty) line.isSaving = true;
  try {
    if (fresh.length > 0) await create(sheet, fresh, parties, now, await voucher(), result);
    await each(changed, (line) => replace(sheet, line, parties, now, result));
    await each(gone, (line) => erase(sheet, line, result));
  } finally {
    for (const line of dirty) line.isSaving = false;
    sheet.changed();
  }
  return result;
}

async function create(sheet: Sheet, lines: readonly Line[], parties: readonly Party[], now: string, voucher: number, result: Saved): Promise<void> {
  // Oldest first, so that ids rise as people entered the lines.
  let left = [...lines].reverse();
  for (let round = 0; round < 2 && left.length > 0; round += 1) {
    const sent = left.map((line) => line.cells);
    try {
      const bodies = left.map((line) => bodyOf(line.cells, parties, now, line.told));
      const answer = await post<Created>("/v1/entries", { voucher, entries: bodies });
      answer.items.forEach(({ id }, index) => {
        const line = left[index];
        const cells = sent[index];
        if (line && cells) sheet.saved(line, id, cells, bodies[index]);
      });
      result.count += left.length;
      result.booking = answer.booking;
      return;
    } catch (error) {
      if (!(error instanceof Problem) || Object.keys(error.violations).length === 0) throw error;
      // All or none: the lines without a fault are sent again without the others.
      const faults = faultsOf(error.violations);
      left.forEach((line, index) => {
        line.faults = faults.get(index) ?? {};
      });
      result.faulty += faults.size;
      left = left.filter((_, index) => !faults.has(index));
    }
  }
}

async function replace(sheet: Sheet, line: Line, parties: readonly Party[], now: string, result: Saved): Promise<void> {
  const cells = line.cells;
  // What no cell shows, such as a unit, a sales price or a document, stays as it was.
  const body = bodyOf(cells, parties, now, line.told);
  try {
    const answer = await call<{ id: number }>(`/v1/entries/${line.id}`, { method: "PUT", body });
    sheet.saved(line, answer.id, cells, body);
    result.count += 1;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    result.faulty += 1;
    if (error.status === 404) line.isLost = true;
    else if (Object.keys(error.violations).length > 0) line.faults = faultsOf(error.violations).get(0) ?? {};
    else line.faults = { product: error.message };
  }
}

async function erase(sheet: Sheet, line: Line, result: Saved): Promise<void> {
  try {
    await remove(`/v1/entries/${line.id}`);
  } catch (error) {
    // What is gone already needs no removing.
    if (!(error instanceof Problem) || error.status !== 404) throw error;
  }
  sheet.saved(line, null, line.cells);
  result.count += 1;
}
