/**
 * Calls of the script API as scripts write them: `system.mes….name('Fill silo', quantity=5)`, one after the
 * other. Literals only; what is computed belongs into a script. Pure.
 */
import { t } from "../i18n";

export interface Call {
  method: string;
  positional: unknown[];
  named: Record<string, unknown>;
  line: number;
}

export class ScriptFault extends Error {
  constructor(readonly line: number, message: string) {
    super(message);
  }
}

export function parse(source: string): Call[] {
  let at = 0;
  const lineAt = (index: number) => source.slice(0, index).split("\n").length;
  const fail = (message: string): never => {
    throw new ScriptFault(lineAt(at), message);
  };
  const found = () => (at < source.length ? JSON.stringify(source[at]) : t("the end"));
  const blanks = (): void => {
    for (;;) {
      while (/\s/.test(source[at] ?? "")) at += 1;
      if (source[at] !== "#") return;
      while (at < source.length && source[at] !== "\n") at += 1;
    }
  };
  const take = (pattern: RegExp): string | null => {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = at;
    const match = sticky.exec(source);
    if (match === null) return null;
    at += match[0].length;
    return match[0];
  };
  const expect = (mark: string): void => {
    blanks();
    if (source[at] !== mark) fail(t("expected {mark}, found {found}", { mark, found: found() }));
    at += 1;
  };
  const text = (): string => {
    const quote = source[at] as string;
    let out = "";
    for (at += 1; source[at] !== quote; at += 1) {
      if (at >= source.length || source[at] === "\n") fail(t("the text is not closed"));
      if (source[at] !== "\\") {
        out += source[at];
        continue;
      }
      at += 1;
      const escape = source[at] ?? "";
      if (escape === "u") {
        const code = source.slice(at + 1, at + 5);
        if (!/^[0-9a-fA-F]{4}$/.test(code)) fail(t("four hexadecimal digits follow \\u"));
        out += String.fromCharCode(parseInt(code, 16));
        at += 4;
      } else out += ({ n: "\n", t: "\t", r: "\r" } as Record<string, string>)[escape] ?? escape;
    }
    at += 1;
    return out;
  };
  const value = (): unknown => {
    blanks();
    const first = source[at];
    if (first === "'" || first === '"') return text();
    if (first === "[" || first === "(") return list(first === "[" ? "]" : ")");
    if (first === "{") return record();
    const number = take(/[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/);
    if (number !== null) return Number(number);
    const word = take(/[A-Za-z_]\w*/);
    if (word !== null && word in WORDS) return WORDS[word];
    return fail(word === null ? t("expected a value, found {found}", { found: found() }) : t("{word} is not known here; write a text in quotes, a number, True, False, None, a list or a record", { word }));
  };
  const list = (end: string): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    for (blanks(); source[at] !== end; blanks()) {
      items.push(value());
      blanks();
      if (source[at] !== end) expect(",");
    }
    at += 1;
    return items;
  };
  const record = (): Record<string, unknown> => {
    const pairs: Record<string, unknown> = {};
    at += 1;
    for (blanks(); source[at] !== "}"; blanks()) {
      if (source[at] !== "'" && source[at] !== '"') fail(t("expected a name in quotes, found {found}", { found: found() }));
      const name = text();
      expect(":");
      pairs[name] = value();
      blanks();
      if (source[at] !== "}") expect(",");
    }
    at += 1;
    return pairs;
  };

  const calls: Call[] = [];
  for (blanks(); at < source.length; blanks()) {
    const line = lineAt(at);
    const method = take(/[A-Za-z_]\w*(\.[A-Za-z_]\w*)*/) ?? fail(t("expected the name of a function, found {found}", { found: found() }));
    expect("(");
    const call: Call = { method, positional: [], named: {}, line };
    for (blanks(); source[at] !== ")"; blanks()) {
      if (take(/\*\*/) !== null) {
        blanks();
        if (source[at] !== "{") fail(t("a record follows **"));
        Object.assign(call.named, record());
      } else {
        const name = take(/[A-Za-z_]\w*(?=\s*=[^=])/);
        if (name !== null) {
          expect("=");
          call.named[name] = value();
        } else {
          if (Object.keys(call.named).length > 0) fail(t("what has no name comes before what has one"));
          call.positional.push(value());
        }
      }
      blanks();
      if (source[at] !== ")") expect(",");
    }
    at += 1;
    calls.push(call);
    take(/[ \t]*;/);
  }
  return calls;
}

const WORDS: Record<string, unknown> = { True: true, False: false, None: null, true: true, false: false, null: null };

export interface Parameter {
  name: string;
  also: string[];
  type: string;
  required: boolean;
  default: unknown;
  about: string;
}
export interface ScriptFunction {
  name: string;
  names: string[];
  signature: string;
  style: "keyword" | "positional";
  parameters: Parameter[];
  permission: string | null;
  about: string;
  returns: string;
  throws: string[];
}
export interface Family {
  title: string;
  prefixes: string[];
  functions: ScriptFunction[];
}

/** What is sent as `params`; what has no name gets that of its parameter where some have one. */
export function paramsOf(call: Call, known: ScriptFunction | undefined): unknown[] | Record<string, unknown> {
  if (Object.keys(call.named).length === 0) return call.positional;
  const named = Object.fromEntries(call.positional.map((value, index) => {
    const name = known?.parameters[index]?.name;
    if (name === undefined) throw new ScriptFault(call.line, t("argument {number} of {method} has no name; name all arguments", { number: index + 1, method: call.method }));
    return [name, value];
  }));
  return { ...named, ...call.named };
}

/** The function that a dotted name calls. */
export function functionNamed(families: readonly Family[], method: string): ScriptFunction | undefined {
  for (const family of families) {
    for (const prefix of family.prefixes) {
      if (!method.startsWith(`${prefix}.`)) continue;
      const found = family.functions.find((one) => one.names.includes(method.slice(prefix.length + 1)));
      if (found) return found;
    }
  }
  return undefined;
}

/** Something that could stand where the caret is. */
export interface Proposal {
  /** What is put in place of the word. */
  text: string;
  /** Where the caret is then, from the beginning of `text`. */
  caret: number;
  label: string;
  about: string;
}

/** The call whose arguments the caret stands in. */
export interface Inside {
  function: ScriptFunction;
  /** Which argument by place it is. */
  index: number;
  /** Names that are said already. */
  named: readonly string[];
}

interface Place {
  inside: { name: string; index: number; named: string[] } | null;
  isText: boolean;
}

/** Where in a script the caret is: in the arguments of which call, or within a text or a note, where nothing is proposed. */
export function placeOf(source: string, caret: number): Place {
  const open: { mark: string; name: string; index: number; named: string[] }[] = [];
  let [quote, isNote, word] = ["", false, ""];
  for (let at = 0; at < caret; at += 1) {
    const mark = source[at] ?? "";
    if (isNote) isNote = mark !== "\n";
    else if (quote !== "") {
      if (mark === "\\") at += 1;
      else if (mark === quote || mark === "\n") quote = "";
    } else if (mark === "#") isNote = true;
    else if (mark === "'" || mark === '"') quote = mark;
    else if (/[\w.]/.test(mark)) {
      word += mark;
      continue;
    } else if ("([{".includes(mark)) open.push({ mark, name: mark === "(" ? word : "", index: 0, named: [] });
    else if (")]}".includes(mark)) open.pop();
    else if (mark === ",") {
      const call = open.at(-1);
      if (call) call.index += 1;
    } else if (mark === "=") open.at(-1)?.named.push(word);
    if (!/\s/.test(mark)) word = "";
  }
  const last = open.at(-1);
  const inside = last !== undefined && last.mark === "(" && last.name !== "" ? { name: last.name, index: last.index, named: last.named } : null;
  return { inside, isText: quote !== "" || isNote };
}

/** How the value of a parameter begins, and where the caret is in it. */
function valueOf(parameter: Parameter): [string, number] {
  const type = parameter.type.toLowerCase();
  if (/bool/.test(type)) return [parameter.default === true ? "False" : "True", 5];
  if (/int|long|float|double|decimal|number|quantity/.test(type)) return ["", 0];
  if (/list|array/.test(type)) return ["[]", 1];
  if (/dict|map|record|object/.test(type)) return ["{}", 1];
  return ["''", 1];
}

/** The word before the caret, what it could become, and the call around it. Asked for, also where no word has begun. */
export function completions(families: readonly Family[], source: string, caret: number, isAsked = false, max = 12): { word: string; found: Proposal[]; inside: Inside | null } {
  const { inside, isText } = placeOf(source, caret);
  const known = inside && functionNamed(families, inside.name);
  const call: Inside | null = inside && known ? { function: known, index: inside.index, named: inside.named } : null;
  if (isText) return { word: "", found: [], inside: call };
  const word = /[A-Za-z_][\w.]*$/.exec(source.slice(0, caret))?.[0] ?? "";
  const lower = word.toLowerCase();
  if (call) {
    // A value is being said, not a name.
    if (/=\s*[\w.]*$/.test(source.slice(0, caret)) || (word === "" && !isAsked)) return { word, found: [], inside: call };
    const free = call.function.parameters.filter((parameter, index) => !call.named.includes(parameter.name) && (call.named.length > 0 || index >= call.index) && parameter.name.toLowerCase().startsWith(lower));
    const found = free.map((parameter) => {
      const [value, at] = valueOf(parameter);
      const text = `${parameter.name}=${value}`;
      return { text, caret: parameter.name.length + 1 + Math.min(at, value.length), label: `${parameter.name}${parameter.required ? " *" : ""}`, about: `${parameter.type}. ${parameter.about}` };
    });
    return { word, found, inside: call };
  }
  if (inside !== null || word.length < (isAsked ? 0 : 2)) return { word, found: [], inside: null };
  // A function may have several names; each is proposed.
  const all = families.flatMap((family) => family.functions).flatMap((one) => one.names.map((name) => ({ ...one, name: `${one.name.slice(0, one.name.lastIndexOf(".") + 1)}${name}`, label: one.signature.replace(/^\w+/, name) })));
  const last = lower.slice(lower.lastIndexOf(".") + 1);
  const rank = (one: ScriptFunction) => {
    const name = one.name.toLowerCase();
    if (name === lower || name.endsWith(`.${lower}`)) return -1;
    if (name.startsWith(lower)) return 0;
    return lower.includes(".") ? (name.includes(lower) ? 1 : 9) : name.slice(name.lastIndexOf(".") + 1).startsWith(last) ? 1 : name.includes(last) ? 2 : 9;
  };
  const found = all.filter((one) => one.name !== word && rank(one) < 9).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)).slice(0, max);
  return {
    word,
    inside: null,
    found: found.map((one) => {
      const text = template(one);
      const quotes = text.indexOf("''");
      return { text, caret: quotes >= 0 ? quotes + 1 : one.parameters.length > 0 ? text.length - 1 : text.length, label: one.label, about: one.about };
    }),
  };
}

/** How a call of it begins: with what has to be said. */
export function template(one: ScriptFunction): string {
  const needed = one.parameters.filter((parameter) => parameter.required).map((parameter) => (one.style === "keyword" ? `${parameter.name}=''` : "''"));
  return `${one.name}(${needed.join(", ")})`;
}

/** A result as a table, if it is one: records, or a data set with columns and rows. */
export function table(result: unknown): { columns: string[]; rows: unknown[][] } | null {
  const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
  if (isRecord(result) && Array.isArray(result.columns) && Array.isArray(result.rows)) {
    const columns = result.columns.map((column) => (isRecord(column) ? String(column.name ?? "") : String(column)));
    const rows = result.rows.map((row) => (Array.isArray(row) ? row : isRecord(row) ? columns.map((column) => row[column]) : [row]));
    return { columns, rows };
  }
  if (!Array.isArray(result) || result.length === 0 || !result.every(isRecord)) return null;
  const columns = [...new Set(result.flatMap((row) => Object.keys(row)))];
  return { columns, rows: result.map((row) => columns.map((column) => row[column])) };
}
