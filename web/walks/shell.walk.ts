/** The frame of the pages: keys and focus, sessions, what may be loaded, installing, and the network that is not there. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { login, openProfile } from "../scripts/browser.mjs";
import { api, choose, faultsOfAccess, PASSWORD, paste, push, read, walks } from "./support";

// Webhooks may call this machine, and give up soon.
const walk = walks({ LOTBOOK_WEBHOOK_PRIVATE: "true", LOTBOOK_WEBHOOK_ATTEMPTS: "2", LOTBOOK_WEBHOOK_PAUSE: "0" });

/** What has the focus, in words; why it cannot be seen, if so. */
const focus = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null;
    if (at === null || at === document.body) return { what: "nothing", fault: "the focus is lost" };
    const [box, style] = [at.getBoundingClientRect(), getComputedStyle(at)];
    const what = `${at.tagName.toLowerCase()} ${at.getAttribute("aria-label") ?? at.getAttribute("name") ?? at.textContent?.trim().slice(0, 40) ?? ""}`;
    const isThere = box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth && style.visibility === "visible";
    // A skip link comes into view with its transition; a file input is reached by its button.
    const isMarked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return { what, fault: !isThere ? "it is not in view" : !isMarked ? "it has no outline" : null };
  });

describe("with the keyboard alone", () => {
  it.each(["/journals", "/journals/1", "/journals/3?mode=count", "/console", "/import", "/reports", "/settings/products", "/settings/users", "/settings/roles", "/settings/tokens", "/settings/decisions", "/settings/webhooks", "/settings/audit", "/settings/tags"])(
    "the focus goes through %s and is seen everywhere",
    async (path) => {
      const page = await walk.person();
      await page.goto(walk.at + path);
      await page.locator("main h1").waitFor();
      await read(page);
      await page.locator("body").press("Tab");
      const seen: string[] = [];
      const faults: string[] = [];
      for (let count = 0; count < 70; count += 1) {
        const { what, fault } = await focus(page);
        // Past the last one the focus is the browser's.
        if (what === "nothing" && seen.length > 0) break;
        if (fault !== null) faults.push(`${what}: ${fault}`);
        seen.push(what);
        await page.keyboard.press("Tab");
      }
      expect(faults).toEqual([]);
      // Where one is to type or scan at once, the focus begins there.
      if (!path.includes("mode=count")) {
        expect(seen[0]).toBe("a Skip to the page");
        expect(seen.length).toBeGreaterThan(20);
      }
      await page.context().close();
    },
  );

  it("the page is reached past the navigation, and dialogs give the focus back", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/settings/units`);
    await page.getByRole("button", { name: "kg" }).waitFor();
    await page.locator("body").press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
    const made = page.getByRole("button", { name: "New unit" });
    await made.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await expect.poll(() => page.url()).toContain("open=new");
    await page.getByLabel("Symbol").fill("crate");
    await page.getByLabel("Name", { exact: true }).fill("crate");
    await push(page.getByRole("dialog").getByRole("button", { name: "Cancel" }));
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expect.poll(async () => (await focus(page)).what).toBe("button New unit");
    // What was deleted cannot have the focus again: the page's title has it.
    await api(page, "POST", "/v1/units", { symbol: "crate", name: "crate" });
    await page.reload();
    await page.getByRole("button", { name: "crate" }).focus();
    await page.keyboard.press("Enter");
    await push(page.getByRole("button", { name: "Delete …" }));
    await push(page.getByRole("button", { name: "Delete it for good" }));
    await page.getByText("Deleted", { exact: true }).waitFor();
    await expect.poll(async () => (await focus(page)).what).toBe("h1 Settings");
  });

  it("the menu of a phone opens, closes by Escape and gives the focus back", async () => {
    const page = await walk.person({ viewport: { width: 390, height: 844 } });
    await page.goto(`${walk.at}/journals`);
    await push(page.getByRole("button", { name: "Menu" }));
    await page.getByRole("link", { name: "Counts" }).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await focus(page)).what).toBe("button Menu");
    // Nothing is pressed in a menu that is still on its way in or out.
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.querySelector(".nav") as Element).visibility)).toBe("hidden");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Counts" }).waitFor();
    await page.getByRole("link", { name: "Counts" }).press("Enter");
    await page.getByRole("heading", { name: "Counts" }).waitFor();
    // The link is hidden with its menu; keys go on from the title.
    await expect.poll(async () => (await focus(page)).what).toBe("h1 Counts");
  });
});

describe("a session", () => {
  it("that ends while somebody works is renewed, and what was typed stays", async () => {
    const page = await walk.person();
    await api(page, "POST", "/v1/journals/6/clear", {});
    await page.goto(`${walk.at}/journals/6`);
    await page.getByText("0 lines").waitFor();
    await page.getByRole("grid").focus();
    // Saving is held back until the session has ended, or the page could find that out by itself before.
    let goOn = (): void => {};
    const isOut = new Promise<void>((resolve) => (goOn = resolve));
    await page.route(/\/v1\/(vouchers|entries)/, async (route) => {
      await isOut;
      await route.continue();
    });
    await paste(page, "product\tlocation\tcount\nC-110\tWebshop/Shelf A\t3");
    await api(page, "POST", "/v1/logout", {});
    goOn();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The session has ended").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await dialog.getByLabel("User name or e-mail").fill("admin");
    await dialog.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("gridcell", { name: "C-110", exact: true }).waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await api(page, "GET", "/v1/drafts/6")).body.entries).toBe(1);
    await api(page, "POST", "/v1/journals/6/clear", {});
  });
});

describe("the pages", () => {
  it("run nothing that stands in a page and load nothing from elsewhere", async () => {
    const { page, context } = await login(walk.browser, walk.at);
    const policy = await page.evaluate(async () => (await fetch("/journals", { headers: { Accept: "text/html" } })).headers.get("content-security-policy") ?? "");
    const rules = new Map(policy.split(";").map((rule) => [rule.trim().split(" ")[0] ?? "", rule.trim().split(" ").slice(1).join(" ")]));
    expect(rules.get("default-src")).toBe("'none'");
    for (const kind of ["script-src", "style-src", "connect-src", "worker-src", "manifest-src"]) expect(rules.get(kind)).toBe("'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const refused = await page.evaluate(async () => {
      const found: string[] = [];
      addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "globalThis.wasRun = true";
      document.body.append(script);
      await fetch("http://127.0.0.1:9/").catch(() => {});
      for (let look = 0; look < 100 && found.length < 2; look += 1) await new Promise((resolve) => setTimeout(resolve, 50));
      return { found, wasRun: "wasRun" in globalThis };
    });
    expect(refused).toEqual({ found: ["script-src-elem", "connect-src"], wasRun: false });
    await context.close();
  });

  it("can be installed", async () => {
    const profile = await openProfile();
    try {
      const page = await profile.context.newPage();
      await page.goto(walk.at);
      await page.getByLabel("Password").waitFor();
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
      const devtools = await profile.context.newCDPSession(page);
      const manifest = await devtools.send("Page.getAppManifest");
      expect(manifest.errors).toEqual([]);
      expect(JSON.parse(manifest.data ?? "{}")).toMatchObject({ name: "Lotbook", display: "standalone" });
      const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
      expect(installabilityErrors).toEqual([]);
      for (const icon of JSON.parse(manifest.data ?? "{}").icons) expect(await page.evaluate(async (src) => (await fetch(src)).headers.get("content-type"), icon.src)).toBe(icon.type);
    } finally {
      await profile.end();
    }
  });

  it("that cannot be loaded leave the frame, and come when the server is back", async () => {
    const { page, context } = await login(walk.browser, walk.at);
    await page.goto(`${walk.at}/journals`);
    await page.getByRole("link", { name: "Goods in and out" }).waitFor();
    // The part of the page, and everything else that is asked for, does not come.
    await context.route("**/*", (route) => route.abort());
    await page.getByRole("link", { name: "Reports", exact: true }).press("Enter");
    await page.getByText("This page could not be shown").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    // What is there already goes on.
    await page.getByRole("link", { name: "Journals", exact: true }).press("Enter");
    await page.getByRole("heading", { name: "Journals" }).waitFor();
    await page.getByRole("link", { name: "Reports", exact: true }).press("Enter");
    await page.getByText("This page could not be shown").waitFor();
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await push(page.getByRole("button", { name: "Try again" }));
    await page.getByRole("heading", { name: "Reports" }).waitFor();
    await page.getByText("What stands where").first().waitFor();
    await context.close();
  });

  it("open without a network, say so, and go on when it is back", async () => {
    const { page, context } = await login(walk.browser, walk.at);
    await page.goto(`${walk.at}/journals`);
    await page.getByRole("link", { name: "Goods in and out" }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
    await page.reload();
    await page.getByRole("link", { name: "Goods in and out" }).waitFor();
    // A file is shown before it is kept.
    const isKept = async (): Promise<boolean> => {
      const files = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.includes("/assets/"));
      const kept = await Promise.all(files.map((name) => caches.match(name)));
      return kept.length > 0 && kept.every((one) => one !== undefined);
    };
    await expect.poll(() => page.evaluate(isKept)).toBe(true);
    await context.setOffline(true);
    await page.goto(`${walk.at}/journals`);
    await page.getByText("The server cannot be reached. Check the connection and try again.").waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "Goods in and out" }).waitFor();
    await context.close();
  });
});

describe("the console", () => {
  it("proposes functions and the names of their arguments, and keeps what was run", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/console`);
    const area = page.getByLabel("Script");
    await area.fill("");
    await area.pressSequentially("getInventoryOperations");
    await page.getByRole("option").first().waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("region", { name: "Result of getInventoryOperations" }).last().getByRole("columnheader").first().waitFor();
    await page.getByRole("button", { name: "Copy the table for a spreadsheet" }).waitFor();
    await area.fill("system.mes.inventory.operation.getInventoryOperation(");
    await page.keyboard.press("Control+Space");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Clean Silo1");
    await area.press("End");
    await area.pressSequentially(")");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("region", { name: /^Result of getInventoryOperation$/ }).waitFor();
    expect(await area.inputValue()).toMatch(/^system\.mes\.inventory\.operation\.getInventoryOperation\(\w+='Clean Silo1'\)/);
    await page.reload();
    await page.getByRole("region", { name: "History" }).getByRole("button", { name: /getInventoryOperations\(/ }).waitFor();
    await page.getByLabel("Script").focus();
    await page.keyboard.press("Alt+ArrowUp");
    await page.keyboard.press("Alt+ArrowUp");
    await expect.poll(() => page.getByLabel("Script").inputValue()).toContain("getInventoryOperations(");
  });
});

describe("an import", () => {
  it("has its columns dragged, its numbers read as they are written, and its faults at their cells", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/import`);
    const prices = (lines: string[]) => ["SKU;What;Unit;Ek", ...lines].join("\n");
    await choose(page, "prices.csv", prices(["D-1;One;pcs;1.234,5", "D-2;Two;pcs;zwölf", "D-3;Three;nope;3,25"]), "3 rows");
    await page.getByText("name *", { exact: true }).first().dragTo(page.locator(".mapped").nth(1));
    await expect.poll(() => page.getByLabel("What", { exact: true }).inputValue()).toBe("name");
    await page.getByLabel("Ek", { exact: true }).selectOption("costPrice");
    await page.getByLabel("Numbers are written as").selectOption("comma");
    await push(page.getByRole("button", { name: "Try it" }));
    await page.getByText("2 faults; nothing was written").waitFor();
    await expect.poll(() => page.locator("td.faulty").allInnerTexts()).toEqual([expect.stringContaining("zwölf"), expect.stringContaining("nope")]);
    expect(await faultsOfAccess(page)).toEqual([]);
    const rows = Array.from({ length: 4_500 }, (_, row) => `D-${row};Product ${row};pcs;${row % 90},5`);
    await choose(page, "prices.csv", prices(rows), "4,500 rows");
    await page.getByLabel("What", { exact: true }).selectOption("name");
    await page.getByLabel("Ek", { exact: true }).selectOption("costPrice");
    expect(await page.getByLabel("Numbers are written as").inputValue()).toBe("point");
    await page.getByLabel("Numbers are written as").selectOption("comma");
    await push(page.getByRole("button", { name: "Try it" }));
    await page.getByText("4,500 rows are without fault").waitFor({ timeout: 90_000 });
    // A step is held back until what it shows was seen.
    let goOn = (): void => {};
    const seen = new Promise<void>((resolve) => (goOn = resolve));
    await page.route("**/v1/products", async (route) => {
      await seen;
      await route.continue();
    });
    await push(page.getByRole("button", { name: "Import", exact: true }));
    await page.getByRole("progressbar", { name: "Rows imported" }).waitFor();
    goOn();
    await page.getByText("4,500 rows imported").first().waitFor({ timeout: 90_000 });
    expect((await api(page, "GET", "/v1/products/D-4321")).body.costPrice).toBe(1.5);
  });
});

describe("an import in steps", () => {
  const rows = Array.from({ length: 4_500 }, (_, row) => `E-${row};Product ${row};pcs`);
  const steps = ["identifier;name;unit", ...rows].join("\n");

  it("says which rows are written and which are not, and goes on with the rest", async () => {
    // A person of their own: the browser notes the answer that is lost as a fault.
    const { page, context } = await login(walk.browser, walk.at);
    await page.goto(`${walk.at}/import`);
    await choose(page, "steps.csv", steps, "4,500 rows");
    await push(page.getByRole("button", { name: "Try it" }));
    await page.getByText("4,500 rows are without fault").waitFor({ timeout: 90_000 });
    // The second step is written, but nobody hears of it.
    let sent = 0;
    await page.route("**/v1/products", async (route) => {
      sent += 1;
      if (sent !== 2) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await push(page.getByRole("button", { name: "Import", exact: true }));
    await page.getByText("Written: rows 2 to 2,001 of the file.").waitFor({ timeout: 90_000 });
    await page.getByText(/Rows 2,002 to 4,001 were under way/).waitFor();
    await page.getByText("Not written: rows 4,002 to 4,501.").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    // Somebody takes the name of a row of the last step.
    const other = (await api(page, "POST", "/v1/products", { identifier: "E-4321", name: "Taken", unit: "pcs" })).body;
    await push(page.getByRole("button", { name: "Import the other 2,500 rows" }));
    await page.getByText("Written: rows 2 to 4,001 of the file.").waitFor({ timeout: 90_000 });
    await page.getByText("Not written: rows 4,002 to 4,501.").waitFor();
    await page.getByText("One fault in what is not written yet.").waitFor();
    await expect.poll(() => page.locator("td.faulty").innerText()).toContain("E-4321");
    await page.getByRole("cell", { name: /^4323/ }).waitFor();
    // The file, mended and chosen again, goes on where it stopped.
    await choose(page, "steps mended.csv", steps.replace("E-4321;", "E-4321a;"), "4,500 rows");
    await page.getByText("Written: rows 2 to 4,001 of the file.").waitFor();
    await push(page.getByRole("button", { name: "Try it" }));
    await page.getByText("500 rows are without fault").waitFor({ timeout: 90_000 });
    await push(page.getByRole("button", { name: "Import the other 500 rows" }));
    await page.getByText("4,500 rows imported").first().waitFor({ timeout: 90_000 });
    for (const name of ["E-0", "E-2500", "E-4321a", "E-4499"]) expect((await api(page, "GET", `/v1/products/${name}`)).status).toBe(200);
    expect((await api(page, "GET", "/v1/products/E-4321")).body.id).toBe(other.id);
    await context.close();
  });
});

describe("a webhook", () => {
  it("gives up where nobody answers, and tells again what was given up once somebody does", async () => {
    let answer = 500;
    const heard: string[] = [];
    const receiver = createServer((request, response) => {
      request.resume();
      heard.push(String(request.headers["webhook-id"]));
      response.writeHead(answer).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`;
    try {
      const page = await walk.person();
      await page.goto(`${walk.at}/settings/webhooks`);
      await push(page.getByRole("button", { name: "New webhook" }));
      await page.getByRole("dialog").getByLabel("Address").fill(url);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "The secret" }).getByText(/^whsec_/).waitFor();
      expect(await faultsOfAccess(page)).toEqual([]);
      await push(page.getByRole("button", { name: "I have kept it" }));
      const voucher = (await api(page, "POST", "/v1/vouchers", { journal: 2 })).body;
      const line = { product: "C-110", location: "Webshop/Shelf A", count: 1, costPrice: 5, stockDate: new Date().toISOString() };
      expect((await api(page, "POST", "/v1/entries", { voucher: voucher.id, entries: [line] })).status).toBe(201);
      await page.getByRole("link", { name: "Deliveries" }).press("Enter");
      const deliveries = page.getByRole("region", { name: "Deliveries", exact: true }).last();
      await deliveries.getByRole("row", { name: /given up.* 2 .*500/ }).first().waitFor({ timeout: 90_000 });
      expect(heard[0]).toBe(heard[1]);
      expect(await faultsOfAccess(page)).toEqual([]);
      answer = 204;
      const again = page.getByRole("button", { name: "Deliver all that was given up again" });
      await expect.poll(() => again.getAttribute("aria-disabled")).toBe(null);
      await push(again);
      await deliveries.getByRole("row", { name: /delivered/ }).first().waitFor({ timeout: 90_000 });
      await expect.poll(() => deliveries.getByRole("row", { name: /given up/ }).count()).toBe(0);
      expect(heard.at(-1)).toBe(heard[0]);
      // Nothing is given up any more, and the button says so.
      await expect.poll(() => again.getAttribute("title")).toBe("Nothing was given up");
      await push(page.getByRole("button", { name: url, exact: true }));
      await push(page.getByRole("button", { name: "Send a test" }));
      await page.getByText(/^Answered with 204/).waitFor();
      await push(page.getByRole("button", { name: "Delete …" }));
      await push(page.getByRole("button", { name: "Delete it for good" }));
      await page.getByText("Nobody is told yet").waitFor();
    } finally {
      receiver.close();
    }
  });
});

describe("settings", () => {
  it("give a person several roles, a role its permissions, and a key an end", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/settings/roles`);
    await push(page.getByRole("button", { name: "New role" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("packer");
    await dialog.getByRole("group", { name: "STOCK", exact: true }).getByLabel("READ").press("Space");
    await dialog.getByRole("group", { name: "INVENTORY_OPERATION" }).getByLabel("all of it").press("Space");
    await expect.poll(() => dialog.getByRole("group", { name: "INVENTORY_OPERATION" }).getByLabel("EXECUTE").isChecked()).toBe(true);
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(dialog.getByRole("button", { name: "Save" }));
    await page.getByText("Saved", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/roles/packer")).body.permissions.sort()).toEqual(["INVENTORY_OPERATION", "STOCK.READ"]);

    await page.goto(`${walk.at}/settings/users`);
    await push(page.getByRole("button", { name: "New user" }));
    await dialog.getByLabel("Name", { exact: true }).fill("kim");
    await dialog.getByLabel("Password").fill("kim's password");
    await push(dialog.getByRole("button", { name: "One more role" }));
    await dialog.getByLabel("Role", { exact: true }).nth(1).selectOption("packer");
    await dialog.getByRole("combobox", { name: "In org unit, or everywhere" }).nth(1).fill("Webshop");
    await page.keyboard.press("Tab");
    await push(dialog.getByRole("button", { name: "Save" }));
    await page.getByText("operator, packer in Webshop").waitFor();
    // Whoever changes the address of a person leaves the roles alone.
    await push(page.getByRole("button", { name: "kim" }));
    await dialog.getByLabel("E-mail").fill("kim@example.com");
    await push(dialog.getByRole("button", { name: "Save" }));
    await page.getByText("kim@example.com").waitFor();
    expect((await api(page, "GET", "/v1/users/kim")).body.roles.map((one: any) => [one.role, one.orgUnit?.path ?? null])).toEqual([["operator", null], ["packer", "Webshop"]]);

    await page.goto(`${walk.at}/settings/tokens`);
    await push(page.getByRole("button", { name: "New API key" }));
    await dialog.getByLabel("What it is for").fill("the scale");
    await dialog.getByLabel("Speaks for").selectOption("kim");
    await dialog.getByLabel(/^Holds until the end of/).fill("2031-12-31");
    await push(dialog.getByRole("button", { name: "Save" }));
    await dialog.getByText("Copy the key now").waitFor();
    await push(dialog.getByRole("button", { name: "Done" }));
    await push(page.getByRole("button", { name: "Revoke the scale" }));
    await push(dialog.getByRole("button", { name: "Revoke it" }));
    await page.getByText("The key is revoked").waitFor();

    await page.goto(`${walk.at}/settings/audit`);
    await page.getByLabel("Find").fill("packer");
    await page.getByRole("cell", { name: "createRole" }).waitFor();
    await expect.poll(() => page.url()).toContain("search=packer");
    await page.getByLabel("Who").selectOption("kim");
    await page.getByText("No change is like that").waitFor();
  });

  it("take decimals as the reader writes them", async () => {
    const page = await walk.person({ locale: "de-DE" });
    await page.goto(`${walk.at}/settings/products?open=2`);
    await page.getByLabel("Cost price", { exact: true }).fill("1.234,56");
    await push(page.getByRole("button", { name: "Save" }));
    await page.getByText("Saved", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/products/2")).body.costPrice).toBe(1234.56);
    await page.goto(`${walk.at}/settings/products?open=2`);
    await expect.poll(() => page.getByLabel("Cost price", { exact: true }).inputValue()).toBe("1234,56");
  });
});
