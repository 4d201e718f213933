/** One server and one browser for each file of walks. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, CDPSession, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { login, openBrowser, PASSWORD, serve } from "../scripts/browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Walk {
  at: string;
  browser: Browser;
  /** A person of their own: logged in, in a window of this size. */
  person: (options?: object) => Promise<Page>;
}

/** Starts what walks need, and ends it; at the end nobody may have seen a fault in the console or asked another host. */
export function walks(env: Record<string, string> = {}): Walk {
  const walk = {} as Walk;
  const people: { faults: string[]; asked: { count: number } }[] = [];
  /** Those who came for this test alone; who stays would go on asking beside the others. */
  let guests: Page[] = [];
  let end = async (): Promise<void> => {};
  beforeAll(async () => {
    const server = await serve({ database: process.env.LOTBOOK_WALK_DATABASE, env });
    const browser = await openBrowser();
    walk.at = server.at;
    walk.browser = browser;
    walk.person = async (options = {}) => {
      const one = await login(browser, server.at, { viewport: { width: 1280, height: 800 }, ...options });
      people.push(one);
      guests.push(one.page);
      one.page.setDefaultTimeout(40_000);
      return one.page;
    };
    end = async () => {
      await browser.close();
      await server.end();
    };
  });
  beforeEach(() => {
    guests = [];
  });
  afterEach(async () => {
    for (const page of guests) await page.context().close();
  });
  afterAll(async () => {
    await end();
    expect(people.flatMap((one) => one.faults)).toEqual([]);
    // Requests were watched, or nobody would have seen one to another host.
    for (const one of people) expect(one.asked.count).toBeGreaterThan(5);
  });
  return walk;
}

export interface Reply {
  status: number;
  body: any;
}

/** A call of the API as the person at the page. */
export async function api(page: Page, method: string, path: string, body?: unknown): Promise<Reply> {
  return page.evaluate(
    async ([method, path, body]) => {
      const me = await (await fetch("/v1/me")).json();
      const response = await fetch(path as string, {
        method: method as string,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrfToken },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    [method, path, body ?? null],
  );
}

/** What axe finds against WCAG 2.2 A and AA. */
export async function faultsOfAccess(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // Colours that are still on their way are nobody's.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)));
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.flatMap((one: any) => one.nodes.slice(0, 3).map((node: any) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n").slice(1, 2).join(" ")}`));
  });
}

/** Waits until nothing of the page is still being read. A page that asks again and again is never without requests. */
export const read = (page: Page): Promise<void> => expect.poll(() => page.locator(".skeleton").count()).toBe(0);

/** Chooses a file, and waits until it is the one that is shown: reading it takes a moment. */
export async function choose(page: Page, name: string, text: string, rows: string): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByText(`${name}: ${rows}`, { exact: true }).waitFor();
}

/** Presses Enter on a button, as soon as it can be pressed: a key does not wait for that, as a click does. */
export const push = (button: Locator): Promise<void> => button.and(button.page().locator(':not([aria-disabled="true"])')).press("Enter");

const devtools = new WeakMap<Page, CDPSession>();
/** Milliseconds between the keys of a scanner. */
const PACE = 4;

/**
 * Text as a scanner types it: with Enter at its end, and no key waits until the page is done with the one before.
 * Each key says itself when it was pressed, or a busy machine would make a slow typist of the scanner.
 */
export async function scan(page: Page, text: string): Promise<void> {
  const session = devtools.get(page) ?? (await page.context().newCDPSession(page));
  devtools.set(page, session);
  const start = Date.now() - PACE * (text.length + 1);
  const press = async (key: string, at: number): Promise<void> => {
    const timestamp = (start + at * PACE) / 1_000;
    const enter = { key, code: "Enter", windowsVirtualKeyCode: 13, text: "\r", unmodifiedText: "\r" };
    const down = key === "Enter" ? enter : { key, text: key, unmodifiedText: key };
    await Promise.all([session.send("Input.dispatchKeyEvent", { type: "keyDown", timestamp, ...down }), session.send("Input.dispatchKeyEvent", { type: "keyUp", timestamp, key })]);
  };
  await Promise.all([...text, "Enter"].map(press));
}

/** Puts text on the clipboard and pastes it where the focus is. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

export { PASSWORD };
