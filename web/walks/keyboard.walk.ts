/** Each job done with nothing but keys: the focus is moved by Tab, is seen wherever it stops, and is never lost. */
import type { FileChooser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { api, walks } from "./support";

const walk = walks();

const STEPS_MAX = 160;
/** What is only just being read comes within this. */
const PATIENCE_MS = 15_000;

/** What has the focus, by the name that is read aloud; and whether one sees that it has it. */
const here = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement as (HTMLElement & { labels?: NodeListOf<HTMLLabelElement> }) | null;
    if (at === null || at === document.body) return null;
    const style = getComputedStyle(at);
    const labelled = document.getElementById(at.getAttribute("aria-labelledby")?.split(" ")[0] ?? "");
    const name = at.getAttribute("aria-label") ?? labelled?.textContent ?? at.labels?.[0]?.textContent ?? at.querySelector("title")?.textContent ?? at.textContent ?? "";
    const isMarked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || at.classList.contains("g-node") || at.tagName === "H1";
    return { name: name.trim().slice(0, 120), isMarked };
  });

/** Why what has the focus cannot be pressed. */
const whyNot = (page: Page) => page.evaluate(() => (document.activeElement?.getAttribute("aria-disabled") === "true" ? document.activeElement.getAttribute("title") : null));

/** Presses Tab until what is called so has the focus, and waits until it can be pressed. */
async function tabTo(page: Page, wanted: string | RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const seen: string[] = [];
  const begun = Date.now();
  for (let step = 0; step < STEPS_MAX || Date.now() - begun < PATIENCE_MS; step += 1) {
    await page.keyboard.press(key);
    const at = await here(page);
    if (at === null) {
      // Past the last one the browser itself has the focus, for one step.
      seen.push("(the browser)");
      continue;
    }
    seen.push(at.name);
    if (typeof wanted === "string" ? at.name === wanted : wanted.test(at.name)) {
      expect(at.isMarked, `${at.name} has the focus, and nobody sees it`).toBe(true);
      await expect.poll(() => whyNot(page), { message: `${at.name} can be pressed` }).toBe(null);
      return;
    }
  }
  throw new Error(`${seen.length} steps of ${key} did not lead to ${wanted}; they led to: ${[...new Set(seen)].join(" | ")}`);
}

/** To a page by its two keys, where the focus is nowhere that takes letters. */
async function goTo(page: Page, letter: string, title: string): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.press(letter);
  await page.getByRole("heading", { name: title, exact: true, level: 1 }).waitFor();
}

/** At the pace of a person: what comes faster is taken for a scanner's. */
const type = (page: Page, text: string) => page.keyboard.type(text, { delay: 90 });

describe("with keys and nothing else", () => {
  it("one logs in, fills a journal and books it", async () => {
    const page = await (await walk.browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(walk.at);
    await page.getByLabel("Password").waitFor();
    // The focus is where one begins to type.
    await expect.poll(async () => (await here(page))?.name).toBe("User name or e-mail");
    await type(page, "admin");
    await page.keyboard.press("Tab");
    await type(page, "lotbook-demo");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await api(page, "POST", "/v1/journals/1/clear", {});
    await goTo(page, "j", "Journals");
    await tabTo(page, "Goods in and out");
    await page.keyboard.press("Enter");
    await page.getByText("0 lines").waitFor();
    await tabTo(page, /^Lines/);
    await page.keyboard.press("Insert");
    for (const text of ["C-110", "", "", "", "Webshop/Shelf A", "6", "8.60"]) {
      if (text !== "") await type(page, text);
      await page.keyboard.press("Enter");
    }
    await page.keyboard.press("Control+s");
    await page.getByText("All saved").waitFor();
    // Out of the grid and back again: it is no trap.
    await tabTo(page, /^Book/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Booked: 1 line").waitFor();
    expect(await here(page)).not.toBe(null);
    await tabTo(page, "See its movements");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ledger" }).waitFor();
    await page.context().close();
  });

  it("an operation is started with its lot and stopped with its quantity", async () => {
    const page = await walk.person();
    const made = await api(page, "POST", "/v1/operations", {
      name: "Keyed in", triggerSource: "MANUAL", quantitySource: "MANUAL", unitOfMeasure: "lb", operationType: "RECEIVE", primaryLotResolutionStrategy: "MANUAL", createLotIfNotFound: true,
      destinationLocation: "Plant/Receiving/Silos/Silo1", material: "Milk",
    });
    expect(made.status).toBe(201);
    await goTo(page, "o", "Operations");
    await tabTo(page, "Find");
    await type(page, "Keyed");
    await page.getByRole("article", { name: "Keyed in" }).waitFor();
    await expect.poll(() => page.getByRole("article").count()).toBe(1);
    await tabTo(page, "Start: Keyed in");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    // A dialog begins at its first field.
    await expect.poll(async () => (await here(page))?.name).toMatch(/^Lot/);
    await type(page, "KEYED-1");
    await page.keyboard.press("Tab");
    await tabTo(page, "Start");
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Keyed in" }).getByText("running").waitFor();
    // What was pressed is gone; the focus is on what can be done next.
    await expect.poll(async () => (await here(page))?.name).toBe("Stop: Keyed in");
    await expect.poll(() => whyNot(page)).toBe(null);
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await here(page))?.name).toBe("Quantity in lb");
    await type(page, "12.5");
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Keyed in" }).getByText("completed").waitFor();
    await expect.poll(async () => (await here(page))?.name).toBe("Start: Keyed in");
  });

  it("a lot is found, traced along the graph and followed to another", async () => {
    const page = await walk.person();
    await page.keyboard.press("Control+k");
    await type(page, "CUP-0002");
    await page.getByRole("option", { name: /CUP-0002/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Lot CUP-0002" }).waitFor();
    await tabTo(page, "Trace");
    await page.keyboard.press("Enter");
    await page.locator(".g-node").first().waitFor();
    await tabTo(page, /^CREAM-/);
    const nodes = page.locator(".g-node");
    const before = await nodes.count();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => nodes.count()).toBeGreaterThan(before);
    // The graph is laid out anew, and the focus stays on the lot.
    await expect.poll(async () => (await here(page))?.name).toMatch(/^CREAM-/);
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: /^Lot CREAM-/ }).waitFor();
    await tabTo(page, "Trace this lot");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Lot CREAM-/ }).waitFor();
    await expect.poll(() => here(page)).not.toBe(null);
  });

  it("a shelf is counted and the count posted", async () => {
    const page = await walk.person();
    await goTo(page, "n", "Counts");
    await tabTo(page, "New sheet");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await here(page))?.name).toBe("Name");
    await type(page, "Cabinet by keys");
    await page.keyboard.press("Tab");
    await type(page, "Webshop/Packing table");
    await page.keyboard.press("Tab");
    await tabTo(page, "Make the sheet");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Cabinet by keys" }).waitFor();
    await page.locator("input[data-count]").first().waitFor();
    const count = await page.locator("input[data-count]").count();
    await tabTo(page, /^Counted|^Count of|counted/i);
    for (let line = 0; line < count; line += 1) {
      await type(page, "7");
      await page.keyboard.press("Enter");
    }
    await expect.poll(async () => (await api(page, "GET", "/v1/count-sheets?state=open")).body.items.find((one: any) => one.name === "Cabinet by keys")?.counted).toBe(count);
    await tabTo(page, "Differences and post …", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText(/counts? differ|All counts|as expected/).first().waitFor();
    await tabTo(page, "Post");
    await page.keyboard.press("Enter");
    await page.getByText("posted").first().waitFor();
    await expect.poll(() => here(page)).not.toBe(null);
  });

  it("a file is chosen, tried and imported", async () => {
    const page = await walk.person();
    // The browser hands the chooser over only some time after it was asked to; a key pressed before opens nothing here.
    let chooser: FileChooser | undefined;
    page.on("filechooser", (one) => (chooser = one));
    await goTo(page, "i", "Import");
    await tabTo(page, "Choose a file");
    await page.keyboard.press("Enter");
    await expect.poll(() => chooser).toBeDefined();
    await chooser?.setFiles({ name: "keys.csv", mimeType: "text/csv", buffer: Buffer.from("identifier;name;unit\nKEY-1;One;pcs\nKEY-2;Two;pcs\n") });
    await page.getByText("keys.csv: 2 rows").waitFor();
    expect(await here(page)).not.toBe(null);
    await tabTo(page, "Try it");
    await page.keyboard.press("Enter");
    await page.getByText("2 rows are without fault").waitFor();
    await tabTo(page, "Import");
    await page.keyboard.press("Enter");
    await page.getByText("2 rows imported").first().waitFor();
    expect((await api(page, "GET", "/v1/products/KEY-2")).body.name).toBe("Two");
    expect(await here(page)).not.toBe(null);
  });

  it("a call is written with what is proposed, run, and its table copied", async () => {
    const page = await walk.person();
    await goTo(page, "c", "Console");
    await tabTo(page, "Script");
    await page.keyboard.press("Control+a");
    await type(page, "getInventoryOperations");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("region", { name: /^Result of getInventoryOperations/ }).last().getByRole("columnheader").first().waitFor();
    expect((await here(page))?.name).toBe("Script");
    // Tab leaves the script: it is no trap.
    await tabTo(page, "Copy the table for a spreadsheet");
  });
});
