/** Lines of a journal by keyboard, by scan and by paste; faults, booking, two people, a phone. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { api, faultsOfAccess, paste, push, scan, walks } from "./support";

const walk = walks();

const grid = (page: Page) => page.getByRole("grid");
const entries = async (page: Page, journal: number) => (await api(page, "GET", `/v1/drafts/${journal}`)).body.entries as number;
const settled = (page: Page) => page.getByText("All saved").waitFor();

/** Opens a journal with nothing in it. */
async function open(page: Page, journal: number): Promise<void> {
  await api(page, "POST", `/v1/journals/${journal}/clear`, {});
  await page.goto(`${walk.at}/journals/${journal}`);
  await grid(page).waitFor();
  await page.getByText("0 lines").waitFor();
}

describe("a journal", () => {
  it("is filled and booked with the keyboard alone", async () => {
    const page = await walk.person();
    await open(page, 1);
    await grid(page).focus();
    await page.keyboard.press("Insert");
    for (const text of ["C-110", "", "", "", "Webshop/Shelf A", "7", "8.60"]) {
      if (text !== "") await page.keyboard.type(text, { delay: 60 });
      await page.keyboard.press("Enter");
    }
    // Date, party and description stay empty; Enter after the last field begins the next line.
    for (let count = 0; count < 3; count += 1) await page.keyboard.press("Enter");
    await page.keyboard.type("C-120", { delay: 60 });
    await page.keyboard.press("Tab");
    for (let count = 0; count < 4; count += 1) await page.keyboard.press("Tab");
    await page.keyboard.type("3", { delay: 60 });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await expect.poll(() => entries(page, 1)).toBe(2);
    await settled(page);
    const before = (await api(page, "GET", "/v1/balances?product=C-110&location=Webshop/Shelf A")).body.items[0].quantity;
    await page.keyboard.press("Control+Enter");
    await page.getByText("Booked: 2 lines").waitFor();
    const after = (await api(page, "GET", "/v1/balances?product=C-110&location=Webshop/Shelf A")).body.items[0].quantity;
    expect(after - before).toBe(7);
    expect(await entries(page, 1)).toBe(0);
  });

  it("takes scans: a location, a product twice, and a GS1 code with its lot", async () => {
    const page = await walk.person();
    await open(page, 1);
    await grid(page).focus();
    await scan(page, "Webshop/Cool room");
    await page.getByText("Next lines are at Webshop/Cool room").waitFor();
    await scan(page, "4006381333931");
    await page.getByRole("gridcell", { name: "C-100", exact: true }).waitFor();
    await scan(page, "4006381333931");
    await page.locator(".grid-row").first().getByRole("gridcell", { name: "2", exact: true }).waitFor();
    await scan(page, "(01)04006381333931(17)271231(10)WALK-07");
    await page.getByRole("gridcell", { name: "WALK-07" }).first().waitFor();
    await page.keyboard.press("Control+s");
    await settled(page);
    const items = (await api(page, "GET", "/v1/entries?journal=1")).body.items;
    expect(items.map((one: any) => [one.count, one.location.path, one.lotName]).sort()).toEqual([[1, "Webshop/Cool room", "WALK-07"], [2, "Webshop/Cool room", null]].sort());
    const lot = (await api(page, "GET", "/v1/lots?name=WALK-07")).body.items[0];
    expect(lot.expiresAt.slice(0, 10)).toBe("2027-12-31");
  });

  it("shows every fault of the server at its cell, and keeps the good lines", async () => {
    const page = await walk.person();
    await open(page, 1);
    await grid(page).focus();
    await paste(page, "Product\tLocation\tCount\nC-110\tWebshop/Shelf A\t1\nNOPE\tWebshop/Shelf A\t2\nC-120\tNowhere\t0\n");
    await page.getByText("2 lines are not saved as wanted").waitFor();
    const invalid = page.locator('[role=gridcell][aria-invalid="true"]');
    await expect.poll(() => invalid.count()).toBe(3);
    // The faulty lines are known before the others are sent once more.
    await expect.poll(() => entries(page, 1)).toBe(1);
    await page.getByRole("button", { name: "Next fault" }).click();
    await page.getByRole("alert").filter({ hasText: "NOPE" }).waitFor();
    await page.keyboard.type("C-130", { delay: 60 });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await expect.poll(() => entries(page, 1)).toBe(2);
  });

  it("takes 10,000 pasted lines, scrolls to the last and books them", async () => {
    const page = await walk.person();
    await open(page, 1);
    await grid(page).focus();
    const lines = Array.from({ length: 10_000 }, (_, line) => `C-${110 + (line % 4) * 10}\tWebshop/Shelf A\t${1 + (line % 9)}\t5.00`);
    await paste(page, `product\tlocation\tcount\tcostPrice\n${lines.join("\n")}`);
    await expect.poll(() => entries(page, 1), { timeout: 90_000 }).toBe(10_000);
    await page.getByText("10,000 lines").waitFor();
    await settled(page);
    await grid(page).focus();
    await page.keyboard.press("Control+End");
    await page.locator('.grid-row[aria-rowindex="10001"]').waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Booked: 10,000 lines").waitFor({ timeout: 90_000 });
  });

  it("copies cells for a spreadsheet, and undoes and redoes changes", async () => {
    const page = await walk.person();
    await open(page, 4);
    await grid(page).focus();
    await paste(page, "product\tlocation\tcount\nC-110\tWebshop/Shelf A\t4\nC-120\tWebshop/Shelf A\t5");
    await expect.poll(() => entries(page, 4)).toBe(2);
    await settled(page);
    await grid(page).focus();
    await page.keyboard.press("Control+Home");
    for (let count = 0; count < 6; count += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    const copied = await page.evaluate(() => {
      const data = new DataTransfer();
      document.activeElement?.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
      return data.getData("text/plain");
    });
    expect(copied.split("\n").sort()).toEqual(["4", "5"]);
    await page.keyboard.press("Delete");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+Home");
    for (let count = 0; count < 6; count += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.type("9");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await api(page, "GET", "/v1/drafts/4")).body.count).toBe(14);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await api(page, "GET", "/v1/drafts/4")).body.count).toBe(9);
  });

  it("shows two people each other's lines, and neither overwrites the other", async () => {
    const [anna, ben] = [await walk.person(), await walk.person()];
    await open(anna, 6);
    await open(ben, 6);
    await grid(anna).focus();
    await paste(anna, "product\tlocation\tcount\nC-110\tWebshop/Shelf A\t1\nC-120\tWebshop/Shelf A\t2");
    await ben.getByRole("gridcell", { name: "C-120", exact: true }).waitFor();
    await settled(anna);
    // Ben types over a line while Anna changes it.
    const cell = (page: Page) => page.locator(".grid-row", { hasText: "C-120" }).locator('[data-field="count"]');
    await cell(ben).dblclick();
    await ben.keyboard.press("Control+a");
    await ben.keyboard.type("20", { delay: 60 });
    await cell(anna).dblclick();
    await anna.keyboard.press("Control+a");
    await anna.keyboard.type("30", { delay: 60 });
    await anna.keyboard.press("Enter");
    await anna.keyboard.press("Control+s");
    await expect.poll(async () => (await api(anna, "GET", "/v1/drafts/6")).body.count).toBe(31);
    await paste(anna, "product\tlocation\tcount\nC-130\tWebshop/Shelf A\t4");
    // What Anna did is there before Ben is done: his line has moved, and what he types is still in it.
    await ben.getByRole("gridcell", { name: "C-130", exact: true }).waitFor();
    await ben.locator(".grid-row.lost").waitFor();
    await ben.keyboard.type("5", { delay: 60 });
    await ben.keyboard.press("Enter");
    await ben.keyboard.press("Control+s");
    expect(await ben.locator(".grid-row.lost").locator('[data-field="product"], [data-field="count"]').allInnerTexts()).toEqual(["C-120", "205"]);
    expect((await api(anna, "GET", "/v1/drafts/6")).body.count).toBe(35);
    await api(anna, "POST", "/v1/journals/6/clear", {});
  });

  it("opens the faulty voucher where booking fails, and says so after a reload too", async () => {
    const page = await walk.person();
    expect((await api(page, "PATCH", "/v1/settings/negativeStock", { value: "forbid" })).status).toBe(200);
    await open(page, 1);
    await grid(page).focus();
    await paste(page, "product\tlocation\tcount\nC-110\tWebshop/Shelf A\t-999999");
    await expect.poll(() => entries(page, 1)).toBe(1);
    await settled(page);
    await page.getByRole("button", { name: "Book", exact: true }).click();
    await page.getByText("Nothing was booked").waitFor();
    await page.reload();
    await page.getByText("Nothing was booked").waitFor();
    await page.getByRole("button", { name: /^Voucher \d+/ }).first().click();
    await page.locator('[role=gridcell][aria-invalid="true"]').waitFor();
    expect(page.url()).toContain("voucher=");
    await api(page, "PATCH", "/v1/settings/negativeStock", { value: "allow" });
    await api(page, "POST", "/v1/journals/1/clear", {});
  });

  it("takes the barcode of a variant, and asks for the variant where a code does not say it", async () => {
    const page = await walk.person();
    const [variant] = (await api(page, "GET", "/v1/variants?product=K-170&identifier=L")).body.items;
    await api(page, "PATCH", `/v1/variants/${variant.id}`, { barcodes: ["4006381333948"] });
    await open(page, 1);
    await grid(page).focus();
    await scan(page, "4006381333948");
    await page.locator('[data-field="variant"]', { hasText: "L" }).waitFor();
    await scan(page, "4006381333948");
    await page.locator('.grid-row [data-field="count"]', { hasText: "2" }).first().waitFor();
    await scan(page, "Webshop/Shelf C");
    await page.getByText("Next lines are at Webshop/Shelf C").waitFor();
    await scan(page, "K-170");
    // The list of its variants is open; what stands there is said beside them.
    await page.getByRole("option", { name: /^M .*there$/ }).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    const first = await page.getByRole("option", { selected: true }).locator("strong").innerText();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    // A line is saved when it is left and once more when it has changed.
    await expect.poll(async () => (await api(page, "GET", "/v1/entries?journal=1")).body.items.map((one: any) => [one.variantIdentifier, one.count]).sort()).toEqual([["L", 2], [first, 1]].sort());
  });

  it("lists many products at once, with their present stock as what was counted", async () => {
    const page = await walk.person();
    await open(page, 3);
    await push(page.getByRole("button", { name: "Several …" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Category and below" }).fill("Coffee");
    await page.keyboard.press("Tab");
    await dialog.getByRole("combobox", { name: "Location and below" }).fill("Webshop");
    await page.keyboard.press("Tab");
    await dialog.getByLabel("Only what is in stock there").press("Space");
    await dialog.getByRole("cell", { name: /^C-110/ }).first().waitFor();
    const stock = (await api(page, "GET", "/v1/balances?location=Webshop&limit=1000")).body.items.filter((one: any) => one.product.identifier.startsWith("C-") && one.quantity !== 0);
    // What is chosen is what is asked for: neither other categories nor what stands elsewhere.
    await dialog.getByRole("button", { name: `Choose all ${new Set(stock.map((one: any) => one.product.id)).size}`, exact: true }).waitFor();
    await push(dialog.getByRole("button", { name: /^Choose all/ }));
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(dialog.getByRole("button", { name: /^Add \d+ lines/ }));
    await page.getByText(/^\d\d+ lines$/).waitFor();
    await settled(page);
    const lines = (await api(page, "GET", "/v1/entries?journal=3&limit=1000")).body.items;
    const key = (one: any, count: number) => [one.product.identifier, one.lot?.name ?? one.lotName ?? "", one.location.path, count].join(" ");
    expect(lines.map((one: any) => key(one, one.count)).sort()).toEqual(stock.map((one: any) => key(one, one.quantity)).sort());
    expect(lines.some((one: any) => one.lotName !== null)).toBe(true);
    // The focus is in the grid again, on the new lines.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("grid");
    await api(page, "POST", "/v1/journals/3/clear", {});
  });

  it("takes serial numbers that are in stock, many at once, and makes new ones", async () => {
    const page = await walk.person();
    await open(page, 1);
    await grid(page).focus();
    await page.keyboard.press("Insert");
    await page.keyboard.type("M-100", { delay: 60 });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await page.locator('[data-field="serials"]').first().click();
    await page.keyboard.press("Alt+ArrowDown");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Which pieces").selectOption("stock");
    const there = (await api(page, "GET", "/v1/balances?product=M-100&limit=500")).body.items.filter((one: any) => one.quantity > 0).map((one: any) => one.lot.name);
    await expect.poll(() => dialog.getByRole("row").count()).toBe(there.length + 1);
    const box = dialog.getByLabel("Find, scan or paste");
    await box.fill(`${there[0]} ${there[1]}`);
    await box.press("Enter");
    await dialog.getByText("2 chosen").waitFor();
    await box.fill("NEW-1 NEW-2");
    await dialog.getByText("2 numbers are new").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(dialog.getByRole("button", { name: "Make them" }));
    await dialog.getByText("4 chosen").waitFor();
    await push(dialog.getByRole("button", { name: "Take 4" }));
    await page.locator('[data-field="count"]', { hasText: "4" }).waitFor();
    await page.locator('[data-field="serials"]', { hasText: "NEW-2" }).waitFor();
  });

  it("is typed in the reader's own way of writing numbers and days", async () => {
    const page = await walk.person({ locale: "de-DE" });
    await open(page, 1);
    await grid(page).focus();
    await page.keyboard.press("Insert");
    for (const text of ["C-900", "", "", "", "Webshop/Shelf A", "1,5", "1.234,56", "3.11.26"]) {
      if (text !== "") await page.keyboard.type(text, { delay: 60 });
      await page.keyboard.press("Enter");
    }
    await page.keyboard.press("Control+s");
    await expect.poll(() => entries(page, 1)).toBe(1);
    const [line] = (await api(page, "GET", "/v1/entries?journal=1")).body.items;
    expect([line.count, line.costPrice, line.stockDate]).toEqual([1.5, 1234.56, "2026-11-03T00:00:00.000Z"]);
    await page.getByRole("status").filter({ hasText: "All saved" }).waitFor();
    await page.reload();
    await page.locator('[data-field="stockDate"]', { hasText: "03.11.2026" }).waitFor();
    await page.locator('[data-field="count"]', { hasText: "1,5" }).waitFor();
    await page.getByText("Cost 1.851,84").waitFor();
  });

  it("changes what is typed over and leaves the rest of a line as it was", async () => {
    const page = await walk.person();
    await api(page, "POST", "/v1/journals/1/clear", {});
    const voucher = (await api(page, "POST", "/v1/vouchers", { journal: 1 })).body;
    await api(page, "POST", "/v1/entries", { voucher: voucher.id, entries: [{ product: "K-170", variant: "M", location: "Webshop/Shelf C", count: -1, salesPrice: 17.9, stockDate: "2026-11-02T10:11:12.5Z", externalReference: { type: "order", id: 7 } }] });
    await page.goto(`${walk.at}/journals/1`);
    await page.locator('[data-field="count"]', { hasText: "-1" }).click();
    await page.keyboard.type("-2", { delay: 60 });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await api(page, "GET", "/v1/drafts/1")).body.count).toBe(-2);
    const [line] = (await api(page, "GET", "/v1/entries?journal=1")).body.items;
    expect(line).toMatchObject({ variantIdentifier: "M", salesPrice: 17.9, externalReference: { type: "order", id: 7 }, stockDate: "2026-11-02T10:11:12.500Z" });
    // Twice: what was saved a moment ago is known as well as what was read.
    await page.locator('[data-field="count"]', { hasText: "-2" }).click();
    await page.keyboard.type("-3", { delay: 60 });
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await expect.poll(async () => (await api(page, "GET", "/v1/drafts/1")).body.count).toBe(-3);
    expect((await api(page, "GET", "/v1/entries?journal=1")).body.items[0]).toMatchObject({ variantIdentifier: "M", salesPrice: 17.9 });
  });

  it("saves on the way out what has no fault, and asks before what has one is lost", async () => {
    const page = await walk.person();
    await open(page, 1);
    await grid(page).focus();
    await page.keyboard.press("Insert");
    await page.keyboard.type("C-110", { delay: 60 });
    for (let count = 0; count < 5; count += 1) await page.keyboard.press("Enter");
    await page.keyboard.type("4", { delay: 60 });
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Stock", exact: true }).click();
    await page.getByRole("heading", { name: "Stock" }).waitFor();
    await expect.poll(() => entries(page, 1)).toBe(1);
    await page.goto(`${walk.at}/journals/1`);
    await page.getByText("1 line", { exact: true }).waitFor();
    await grid(page).focus();
    await paste(page, "product\tlocation\tcount\nNOPE\tWebshop/Shelf A\t2");
    await page.getByText("One line is not saved as wanted").waitFor();
    const asked: string[] = [];
    page.once("dialog", (dialog) => {
      asked.push(dialog.message());
      void dialog.dismiss();
    });
    await page.getByRole("link", { name: "Stock", exact: true }).click();
    await expect.poll(() => asked).toEqual(["One line is not saved. Leave the page and lose it?"]);
    expect(page.url()).toContain("/journals/1");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("link", { name: "Stock", exact: true }).click();
    await page.getByRole("heading", { name: "Stock" }).waitFor();
  });

  it("says where another booking is under way, in this journal and elsewhere", async () => {
    const [anna, ben, cem] = [await walk.person(), await walk.person(), await walk.person()];
    await open(anna, 1);
    const voucher = (await api(anna, "POST", "/v1/vouchers", { journal: 1 })).body;
    const line = { product: "C-110", location: "Webshop/Shelf A", count: 1, costPrice: 5, stockDate: "2026-11-01" };
    await api(anna, "POST", "/v1/entries", { voucher: voucher.id, entries: Array.from({ length: 30_000 }, () => line) });
    await anna.getByText("30,000 lines").waitFor();
    await open(ben, 4);
    await cem.goto(`${walk.at}/journals/1`);
    await cem.getByText("30,000 lines").waitFor();
    await grid(anna).focus();
    // A fast machine is done in a moment. What the others ask is held back until the booking has begun, and what Anna
    // asks of it until it was seen, so that everybody sees it however long it takes.
    let begun = (): void => {};
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    for (const other of [ben, cem]) {
      await other.route(/\/v1\/drafts/, async (route) => {
        await isBegun;
        await route.continue();
      });
    }
    const seen = Promise.all([
      anna.getByText(/^Booking \d+ is under way/).waitFor(),
      cem.getByText("Somebody's booking of this journal is under way").waitFor(),
      ben.getByText(/^Goods in and out is being booked/).waitFor(),
    ]);
    await anna.route(/\/v1\/bookings/, async (route) => {
      if (route.request().method() !== "POST") {
        await seen;
        return route.continue();
      }
      const response = await route.fetch();
      begun();
      await route.fulfill({ response });
    });
    await anna.keyboard.press("Control+Enter");
    await seen;
    await anna.unrouteAll({ behavior: "ignoreErrors" });
    await anna.reload();
    await anna.getByText("Booked: 30,000 lines").waitFor({ timeout: 90_000 });
    await ben.getByText(/^Goods in and out is being booked/).waitFor({ state: "detached" });
  });

  it("is counted into on a screen as small as a phone's", async () => {
    const page = await walk.person({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await api(page, "POST", "/v1/journals/3/clear", {});
    await page.goto(`${walk.at}/journals/3?mode=count`);
    const code = page.getByLabel("Location or product");
    await code.fill("Webshop/Shelf A");
    await code.press("Enter");
    await page.getByText("Webshop/Shelf A").first().waitFor();
    await code.fill("C-110");
    await code.press("Enter");
    await page.getByText("in stock:").waitFor();
    await page.getByLabel("Counted").fill("41");
    await page.getByRole("button", { name: "One more" }).click();
    await page.getByRole("button", { name: "Keep and next" }).click();
    await page.getByText(/C-110 .*: 42 ·/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await page.getByRole("button", { name: /^Book 1/ }).click();
    await expect.poll(async () => (await api(page, "GET", "/v1/balances?product=C-110&location=Webshop/Shelf A")).body.items[0].quantity).toBe(42);
  });
});

