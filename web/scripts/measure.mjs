// What people feel: measured in a real browser against a real server, printed with the machine.
//   LOTBOOK=…/release/lotbook node scripts/measure.mjs
import { readdirSync, readFileSync, statSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { binary, login, openBrowser, serve } from "./browser.mjs";

/** How many lines stand in the journal: the bound is for 100,000. */
const LINES = Number(process.env.LINES ?? 100_000);
/** A step that shows nothing for so long has failed, and says so instead of waiting. */
const PATIENCE_MS = 15_000;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const worst = (values) => Math.max(...values);
const results = [];
const note = (what, value, unit, bound) => results.push({ what, value: `${Math.round(value)} ${unit}`, bound: bound ? `< ${bound} ${unit}` : "", ok: !bound || value < bound ? "yes" : "NO" });

/** A call of the API with the session of the page. */
const api = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const me = await (await fetch("/v1/me")).json();
      const response = await fetch(path, { method, headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrfToken }, ...(body === null ? {} : { body: JSON.stringify(body) }) });
      return response.json();
    },
    [method, path, body ?? null],
  );

/** Milliseconds from a key until the frame that shows its effect has been painted. */
const keystroke = (page, key) =>
  page.evaluate(
    (key) =>
      new Promise((resolve) => {
        const started = performance.now();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now() - started);
          channel.port2.postMessage(0);
        });
      }),
    key,
  );

const server = await serve();
const browser = await openBrowser();
try {
  // First paint of the journals page, from a cold cache, with a session.
  const first = [];
  for (let round = 0; round < 5; round += 1) {
    const { page, context } = await login(browser, server.at, { viewport: { width: 1280, height: 800 } });
    const state = await context.storageState();
    await context.close();
    const cold = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 800 } });
    const fresh = await cold.newPage();
    const started = Date.now();
    await fresh.goto(`${server.at}/journals`, { waitUntil: "commit" });
    await fresh.getByText("Goods in and out").first().waitFor();
    first.push(Date.now() - started);
    if (round === 0) {
      const bytes = await fresh.evaluate(() => performance.getEntriesByType("resource").filter((one) => one.name.endsWith(".js")).reduce((sum, one) => sum + one.encodedBodySize, 0));
      note("JavaScript of the first load, compressed", bytes / 1024, "kB", 350);
    }
    await cold.close();
  }
  note("useful paint of the journals page, cold, median of 5", median(first), "ms", 1000);

  const { page } = await login(browser, server.at, { viewport: { width: 1280, height: 800 } });
  const voucher = await api(page, "POST", "/v1/vouchers", { journal: 1 });
  const location = "Webshop/Shelf A";
  for (let sent = 0; sent < LINES; sent += 20_000) {
    const length = Math.min(20_000, LINES - sent);
    const entries = Array.from({ length }, (_, at) => ({ product: "C-110", location, count: 1 + ((sent + at) % 9), costPrice: 5, stockDate: "2026-11-01" }));
    await api(page, "POST", "/v1/entries", { voucher: voucher.id, entries });
  }
  const opened = Date.now();
  await page.goto(`${server.at}/journals/1`);
  await page.getByRole("gridcell", { name: "C-110" }).first().waitFor();
  note(`a journal of ${LINES.toLocaleString("en")} lines is open`, Date.now() - opened, "ms");
  await page.waitForTimeout(1_000);
  await page.getByRole("grid").focus();
  const moves = [];
  for (let count = 0; count < 60; count += 1) moves.push(await keystroke(page, count % 3 === 2 ? "ArrowRight" : "ArrowDown"));
  note("arrow key in the grid, median of 60", median(moves), "ms", 50);
  note("arrow key in the grid, slowest", worst(moves), "ms");
  const typed = [];
  await page.keyboard.press("Control+Home");
  for (let count = 0; count < 6; count += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("1");
  for (let count = 0; count < 20; count += 1) {
    const started = performance.now();
    await page.keyboard.press(String(count % 10));
    typed.push(performance.now() - started);
  }
  await page.keyboard.press("Escape");
  note("character typed into a cell, median of 20, with the driver's way there", median(typed), "ms", 50);
  const scans = [];
  await page.getByRole("grid").focus();
  for (let count = 0; count < 6; count += 1) {
    scans.push(
      await page.evaluate(
        ([code, patience]) =>
          new Promise((resolve, reject) => {
            const before = document.querySelector(".grid-row")?.textContent;
            for (const key of code) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            const started = performance.now();
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
            const look = () => {
              if (document.querySelector(".grid-row")?.textContent !== before) resolve(performance.now() - started);
              else if (performance.now() - started > patience) reject(new Error(`the scan changed nothing in ${patience} ms; the top line says ${before}`));
              else requestAnimationFrame(look);
            };
            look();
          }),
        ["4006381333931", PATIENCE_MS],
      ),
    );
    await page.waitForTimeout(1_200);
  }
  note("a scan is a line, the first of a product", scans[0], "ms", 100);
  note("a scan is one more, median of 5", median(scans.slice(1)), "ms", 100);

  // The layout runs in a worker of its own; the page's chunk is asked for a graph as large as the bound.
  const worker = readdirSync(new URL("../dist/assets", import.meta.url)).find((name) => /^layout\.worker-.*\.js$/.test(name));
  const laid = await page.evaluate(
    (file) =>
      new Promise((resolve) => {
        const nodes = Array.from({ length: 1_000 }, (_, at) => `n${at}`);
        // Ten layers of a hundred lots, each made of three of the layer before.
        const edges = nodes.slice(100).flatMap((to, at) => [0, 31, 62].map((step) => ({ from: `n${Math.floor(at / 100) * 100 + ((at * 7 + step) % 100)}`, to })));
        const worker = new Worker(file, { type: "module" });
        const started = performance.now();
        worker.onmessage = () => resolve(performance.now() - started);
        worker.postMessage({ nodes, edges });
      }),
    `/assets/${worker}`,
  );
  note("trace graph of 1,000 lots and 2,700 edges laid out", laid, "ms", 1500);
} finally {
  await browser.close();
  await server.end();
}
const dist = new URL("../dist/assets", import.meta.url).pathname;
const packed = readdirSync(dist).filter((name) => name.endsWith(".js.br")).reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
note("all JavaScript, compressed, whenever it is opened", packed / 1024, "kB");
console.table(results);
const model = cpus()[0]?.model ?? readFileSync("/proc/cpuinfo", "utf8").split("\n")[4];
console.log(`${binary()}; ${cpus().length} × ${model}; ${Math.round(totalmem() / 2 ** 30)} GiB; ${process.platform}, Node ${process.version}`);
