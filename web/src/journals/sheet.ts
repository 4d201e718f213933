/**
 * The lines of a journal as one person sees and changes them.
 *
 * A line is a number (the id of an entry that nobody here has touched) until it is changed; then it is
 * a `Line`, which knows what the server has (`base`), what is wanted (`cells`, `isGone`) and what is
 * wrong with it. Saving makes the server have what is wanted. Undoing changes only what is wanted.
 * Newest lines stand on top.
 */
import { BLANK, type Body, bodyOfEntry, type Cells, type EntryWithNames, type Faults, type Field, FIELDS, kept } from "./cells";

let made = 0;

export class Line {
  /** What its row is known by, whatever id it gets; below 0, where no entry's id is. */
  readonly key = (made -= 1);
  id: number | null;
  cells: Cells;
  base: Cells | null;
  /** What was last said of it to or by the server, also what no cell shows, and its cells of then. */
  told: { body: Body; cells: Cells } | null;
  isGone = false;
  isSaving = false;
  faults: Faults = {};
  /** Somebody else has removed, changed or booked the entry meanwhile. */
  isLost = false;

  constructor(cells: Cells, entry: EntryWithNames | null = null) {
    this.id = entry?.id ?? null;
    this.cells = cells;
    this.base = entry === null ? null : cells;
    this.told = entry === null ? null : { body: bodyOfEntry(entry), cells };
  }

  get isBlank(): boolean {
    return this.id === null && FIELDS.every((field) => field === "stockDate" || field === "location" || field === "name" || this.cells[field] === "");
  }

  /** Whether the server does not have what is wanted. */
  get isDirty(): boolean {
    if (this.isGone) return this.id !== null;
    if (this.id === null) return !this.isBlank;
    return FIELDS.some((field) => field !== "name" && this.cells[field] !== this.base?.[field]);
  }
}

export type Slot = number | Line;

interface Step {
  line: Line;
  before: { cells: Cells; isGone: boolean };
  after: { cells: Cells; isGone: boolean };
}

const STEPS_MAX = 200;

export class Sheet {
  order: Slot[] = [];
  /** Entries as the server sent them, by id. */
  readonly entries = new Map<number, EntryWithNames>();
  /** Ids that came from others a moment ago. */
  fresh = new Set<number>();
  /** Why entries could not be booked, by id; one that is changed gets another id and is without fault. */
  marks: ReadonlyMap<number, Faults> = new Map();
  version = 0;
  /** The line that somebody types into: nobody else takes it away meanwhile. */
  private held: Line | null = null;
  /** How the lines stood before others moved them last. */
  before: readonly Slot[] = [];
  private readonly lines = new Map<number, Line>();
  private readonly past: Step[][] = [];
  private readonly future: Step[][] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly show: (entry: EntryWithNames) => Cells) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  slot(row: number): Slot | undefined {
    return this.order[row];
  }

  /** The cells of a row; null = they have not been read yet. */
  cells(row: number): Cells | null {
    const slot = this.order[row];
    if (slot === undefined) return null;
    if (slot instanceof Line) return slot.cells;
    const entry = this.entries.get(slot);
    return entry === undefined ? null : this.show(entry);
  }

  /** The row as a line that can be changed; null where it has not been read yet. */
  line(row: number): Line | null {
    const slot = this.order[row];
    if (slot === undefined) return null;
    if (slot instanceof Line) return slot;
    const [cells, entry] = [this.cells(row), this.entries.get(slot)];
    if (cells === null || entry === undefined) return null;
    const line = new Line(cells, entry);
    this.order[row] = line;
    this.lines.set(slot, line);
    return line;
  }

  rowOf(line: Line): number {
    return this.order.indexOf(line);
  }

  rowOfId(id: number): number {
    return this.order.findIndex((slot) => (slot instanceof Line ? slot.id === id : slot === id));
  }

  /** Whether there is no line that says anything, saved or not. */
  get isEmpty(): boolean {
    return !this.order.some((slot) => !(slot instanceof Line) || !slot.isBlank);
  }

  /** The row as a line that stays while its cell is open; null where it has not been read yet. */
  hold(row: number): Line | null {
    this.held = this.line(row);
    return this.held;
  }

  /** The cell is closed; what others took away meanwhile goes where nothing was changed. */
  release(): void {
    const line = this.held;
    this.held = null;
    if (line === null || !line.isLost || line.isDirty) return;
    this.order = this.order.filter((slot) => slot !== line);
    this.changed();
  }

  /** Lines that the server does not have as they are wanted. */
  dirty(): Line[] {
    const found = this.order.filter((slot): slot is Line => slot instanceof Line && slot.isDirty);
    for (const line of this.removed) if (line.isDirty) found.push(line);
    return found;
  }

  /** What is wrong with a row: what saving or booking said. */
  faults(row: number): Faults | undefined {
    const slot = this.order[row];
    if (slot instanceof Line && (Object.keys(slot.faults).length > 0 || slot.id === null)) return slot.faults;
    const id = slot instanceof Line ? slot.id : slot;
    return id === undefined || id === null ? undefined : this.marks.get(id);
  }

  /** The next row after `row` with a fault, or from the top again; -1 = none has one. */
  nextFault(row: number): number {
    const isFaulty = (at: number): boolean => {
      const slot = this.order[at];
      return (slot instanceof Line && slot.isLost) || Object.keys(this.faults(at) ?? {}).length > 0;
    };
    for (let step = 1; step <= this.order.length; step += 1) {
      const at = (row + step) % this.order.length;
      if (isFaulty(at)) return at;
    }
    return -1;
  }

  faulty(): Line[] {
    return this.order.filter((slot): slot is Line => slot instanceof Line && (slot.isLost || Object.keys(slot.faults).length > 0));
  }

  private removed: Line[] = [];

  /** Puts new lines before a row and answers with them. */
  insert(at: number, all: readonly Partial<Cells>[]): Line[] {
    const lines = all.map((cells) => new Line({ ...BLANK, ...clean(cells) }));
    this.order = [...this.order.slice(0, at), ...lines, ...this.order.slice(at)];
    this.note(lines.map((line) => ({ line, before: { cells: line.cells, isGone: true }, after: { cells: line.cells, isGone: false } })));
    return lines;
  }

  /** Changes cells of lines, as one step to be undone. */
  set(changes: readonly { line: Line; cells: Partial<Cells> }[]): void {
    const steps: Step[] = [];
    for (const { line, cells: wanted } of changes) {
      const cells = clean(wanted);
      const after = { ...line.cells, ...cells };
      if (FIELDS.every((field) => after[field] === line.cells[field])) continue;
      if (after.product !== line.cells.product && cells.name === undefined) after.name = "";
      if (after.product !== line.cells.product && cells.variant === undefined) after.variant = "";
      steps.push({ line, before: { cells: line.cells, isGone: line.isGone }, after: { cells: after, isGone: line.isGone } });
      for (const field of Object.keys(cells) as Field[]) delete line.faults[field];
      line.cells = after;
    }
    this.note(steps);
  }

  /** Removes rows, as one step to be undone. */
  remove(rows: readonly number[]): void {
    const lines = rows.map((row) => this.line(row)).filter((line): line is Line => line !== null);
    const steps = lines.map((line) => ({ line, before: { cells: line.cells, isGone: false }, after: { cells: line.cells, isGone: true } }));
    this.apply(steps, "after");
    this.note(steps);
  }

  private note(steps: Step[]): void {
    if (steps.length === 0) return;
    this.past.push(steps);
    if (this.past.length > STEPS_MAX) this.past.shift();
    this.future.length = 0;
    this.changed();
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  undo(): boolean {
    const steps = this.past.pop();
    if (steps === undefined) return false;
    this.apply(steps, "before");
    this.future.push(steps);
    this.changed();
    return true;
  }

  redo(): boolean {
    const steps = this.future.pop();
    if (steps === undefined) return false;
    this.apply(steps, "after");
    this.past.push(steps);
    this.changed();
    return true;
  }

  private apply(steps: readonly Step[], side: "before" | "after"): void {
    const gone = new Set<Line>();
    const back: Line[] = [];
    for (const step of steps) {
      const { cells, isGone } = step[side];
      if (step.line.isGone !== isGone || (isGone && this.order.includes(step.line))) (isGone ? gone.add(step.line) : back.push(step.line));
      step.line.cells = cells;
      step.line.isGone = isGone;
      step.line.faults = {};
    }
    if (gone.size > 0) {
      this.order = this.order.filter((slot) => !(slot instanceof Line && gone.has(slot)));
      this.removed.push(...gone);
    }
    if (back.length > 0) {
      this.removed = this.removed.filter((line) => !back.includes(line));
      this.order = [...back.filter((line) => !this.order.includes(line)), ...this.order];
    }
  }

  /** The server has a line now, under this id; null = it has it no more. */
  saved(line: Line, id: number | null, cells: Cells, body: Body | null = null): void {
    if (line.id !== null) this.lines.delete(line.id);
    line.id = id;
    line.base = id === null ? null : cells;
    if (id !== null && body !== null) line.told = { body, cells };
    line.isLost = false;
    if (id !== null) this.lines.set(id, line);
    else this.removed = this.removed.filter((one) => one !== line);
  }

  /** Takes entries that were read. */
  take(entries: readonly EntryWithNames[]): void {
    for (const entry of entries) {
      this.entries.set(entry.id, entry);
      const line = this.lines.get(entry.id);
      if (line !== undefined && line.cells.product.toLowerCase() === entry.product.identifier?.toLowerCase()) line.cells.name = entry.product.name ?? "";
    }
    this.changed();
  }

  /** Everything from anew: other filters, or after booking. Lines that are not saved stay. */
  reset(ids: readonly [number, number][]): void {
    const unsaved = this.order.filter((slot): slot is Line => slot instanceof Line && slot.id === null && !slot.isGone);
    this.order = [...unsaved, ...descending(ids).map((id) => this.keep(id))];
    this.changed();
  }

  private keep(id: number): Slot {
    const line = this.lines.get(id);
    return line !== undefined && !line.isGone ? line : id;
  }

  /**
   * Follows what others did: their new lines come on top, removed ones go. A line that was changed here
   * and is gone there stays and is marked, so that nothing typed is lost and nothing is overwritten.
   */
  follow(ids: readonly [number, number][]): { added: number; removed: number } {
    const wanted = new Set<number>(descending(ids));
    const known = new Set<number>();
    const isHere = (slot: Slot): boolean => {
      const id = slot instanceof Line ? slot.id : slot;
      if (id === null || wanted.has(id)) return true;
      if (!(slot instanceof Line) || slot.isSaving || (!slot.isDirty && !slot.isLost && slot !== this.held)) return slot instanceof Line && slot.isSaving;
      slot.isLost = true;
      return true;
    };
    const kept = this.order.filter(isHere);
    for (const slot of kept) {
      const id = slot instanceof Line ? slot.id : slot;
      if (id !== null) known.add(id);
    }
    for (const line of this.removed) if (line.id !== null) known.add(line.id);
    const added = [...wanted].filter((id) => !known.has(id));
    const removed = this.order.length - kept.length;
    if (added.length === 0 && removed === 0) return { added: 0, removed: 0 };
    this.before = this.order;
    const firstSaved = kept.findIndex((slot) => !(slot instanceof Line) || slot.id !== null);
    const at = firstSaved < 0 ? kept.length : firstSaved;
    this.order = [...kept.slice(0, at), ...added, ...kept.slice(at)];
    this.fresh = new Set(added);
    this.changed();
    return { added: added.length, removed };
  }
}

const clean = (cells: Partial<Cells>): Partial<Cells> => Object.fromEntries(Object.entries(cells).map(([field, text]) => [field, kept(field as Field, text)]));

/** Ids of runs such as [[1, 3], [7, 7]], the newest first: 7, 3, 2, 1. */
export function descending(runs: readonly [number, number][]): number[] {
  const found: number[] = [];
  for (let run = runs.length - 1; run >= 0; run -= 1) {
    const [first, last] = runs[run] ?? [0, -1];
    for (let id = last; id >= first; id -= 1) found.push(id);
  }
  return found;
}
