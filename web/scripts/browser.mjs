// A server with demo data and a browser that is logged in, for scripts and walks.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const PASSWORD = "lotbook-demo";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The binary that is walked through: LOTBOOK, else the debug build. */
export function binary() {
  const path = process.env.LOTBOOK ?? new URL("../../target/debug/lotbook", import.meta.url).pathname;
  if (!existsSync(path)) throw new Error(`${path} is not there: run cargo build, or set LOTBOOK`);
  return path;
}

/** Starts a server on a database of its own; answers with its address and how to end it. */
export async function serve({ database, demo = true, env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "lotbook-web-"));
  const url = database ?? `sqlite:${join(folder, "demo.db")}`;
  const args = ["serve", ...(demo ? ["--demo"] : []), "--listen", "127.0.0.1:0", "--database", url];
  const server = spawn(binary(), args, { env: { ...process.env, ...env, LOTBOOK_ADMIN_PASSWORD: PASSWORD }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const at = await new Promise((resolve, reject) => {
    const look = (bytes) => {
      said += bytes;
      const found = /listening on (http:\S+)/.exec(said);
      if (found) resolve(found[1]);
    };
    server.stdout.on("data", look);
    server.stderr.on("data", look);
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return {
    at,
    pid: server.pid,
    log: () => said,
    async end() {
      server.removeAllListeners("exit");
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function options() {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium on this machine: apt-get install chromium, or set CHROMIUM");
  return { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] };
}

export const openBrowser = () => chromium.launch(options());

/** A browser with a profile of its own, as people have it: only there can pages be installed. */
export async function openProfile() {
  const folder = mkdtempSync(join(tmpdir(), "lotbook-profile-"));
  const context = await chromium.launchPersistentContext(folder, options());
  return {
    context,
    async end() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A page that is logged in as the demo's user. Requests to other hosts and faults in the console are noted. */
export async function login(browser, at, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  const faults = [];
  const asked = { count: 0 };
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", () => (asked.count += 1));
  page.on("request", (request) => !/^(blob|data):/.test(request.url()) && !request.url().startsWith(at) && faults.push(`a request to ${request.url()}`));
  await page.goto(`${at}/`, { waitUntil: "domcontentloaded", timeout: 60_000 });
  await page.getByLabel("User name or e-mail").fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  return { page, context, faults, asked };
}
