/**
 * Calls of the native API, and nothing else: the session cookie, the proof against forged requests,
 * idempotency keys, and problems as errors that pages can show.
 */

import { t } from "../i18n";

/** A problem document (RFC 9457) of the server, or what stands for one when nothing came back. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Path of a field, such as `entries[2].count`, with the sentences about it. */
    readonly violations: Readonly<Record<string, string[]>> = {},
    readonly details: Readonly<Record<string, number>> = {},
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  position?: number;
}

interface Options {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  query?: Query;
  body?: unknown;
  /** A body that is JSON text already. */
  text?: string;
  version?: number;
  /** Under which key the change happens once; made up where none is given. */
  key?: string;
  signal?: AbortSignal;
}

let csrfToken = "";
let onLoggedOut: () => void = () => {};

/** What `/v1/me` or a login gave; every change carries it. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when the server says that nobody is logged in any more. */
export function setLoggedOut(action: () => void): void {
  onLoggedOut = action;
}

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? path : `${path}?${text}`;
}

export async function call<T>(path: string, options: Options = {}): Promise<T> {
  const method = options.method ?? "GET";
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") {
    headers["X-CSRF-Token"] = csrfToken;
    headers["Idempotency-Key"] = options.key ?? crypto.randomUUID();
  }
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem(0, "unreachable", t("The server cannot be reached. Check the connection and try again."));
  }
  const text = await response.text();
  if (response.ok) return (text === "" ? {} : JSON.parse(text)) as T;
  const problem = readProblem(response, text);
  if (problem.status === 401 && problem.code !== "loginFailed" && path !== "/v1/me") onLoggedOut();
  throw problem;
}

function readProblem(response: Response, text: string): Problem {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    return new Problem(
      response.status,
      String(body.code ?? "unknown"),
      sentence(String(body.detail ?? body.title ?? response.statusText)),
      (body.violations ?? {}) as Record<string, string[]>,
      (body.details ?? {}) as Record<string, number>,
      (body.requestId as string | undefined) ?? null,
    );
  } catch {
    return new Problem(response.status, "unknown", t("The server answered {status}.", { status: `${response.status} ${response.statusText}` }));
  }
}

/** The server's sentences begin small and end without a stop. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  call<T>(path, { ...(query && { query }), ...(signal && { signal }) });
export const post = <T>(path: string, body: unknown, query?: Query): Promise<T> =>
  call<T>(path, { method: "POST", body, ...(query && { query }) });
export const patch = <T>(path: string, body: unknown, version?: number): Promise<T> =>
  call<T>(path, { method: "PATCH", body, ...(version !== undefined && { version }) });
export const remove = <T>(path: string): Promise<T> => call<T>(path, { method: "DELETE" });

/** Every record of a list, page by page; at most `max`. */
export async function all<T>(path: string, query: Query = {}, max = 5_000, signal?: AbortSignal): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, limit: 1000, cursor }, signal);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < max);
  return found;
}
