/** Counting, promising, producing, valuing and posting: each job done with the keyboard. */
import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { api, faultsOfAccess, push, scan, walks } from "./support";

const walk = walks();

const sideways = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** What a look-up box takes when one types and goes on. */
async function fill(page: Page, label: string, text: string): Promise<void> {
  // The dialog in front of the page comes last.
  await page.getByRole("combobox", { name: label, exact: true }).last().fill(text);
  await page.keyboard.press("Tab");
}

describe("a count sheet", () => {
  it("is made, counted line by line, counted again and posted, without the mouse", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/counts`);
    await push(page.getByRole("button", { name: "New sheet" }));
    await page.getByRole("dialog").getByRole("button", { name: "Make the sheet" }).press("Enter");
    await expect.poll(() => page.getByRole("dialog").getByText("Give the sheet a name first").count()).toBeGreaterThan(0);
    await page.getByLabel("Name", { exact: true }).fill("Shelf C");
    await fill(page, "Location and below", "Webshop/Shelf C");
    await push(page.getByRole("button", { name: "Preview" }));
    await page.getByText(/^It will have \d+ lines$/).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(page.getByRole("button", { name: "Make the sheet" }));
    await page.getByRole("heading", { name: "Shelf C", exact: true }).waitFor();
    const id = Number(/counts\/(\d+)/.exec(page.url())?.[1]);

    // Nothing on the page says what is expected.
    const stock = (await api(page, "GET", "/v1/balances?location=Webshop/Shelf C&limit=500")).body.items;
    const lines = (await api(page, "GET", `/v1/count-sheets/${id}/lines?limit=500`)).body.items;
    const expected = (line: any): number => stock.find((one: any) => one.product.id === line.product.id && (one.variant?.id ?? null) === line.variant).quantity;
    expect(Object.keys(lines[0])).not.toContain("expected");
    await page.locator("input[data-count]").first().focus();
    for (const [index, line] of lines.entries()) {
      await page.keyboard.type(String(expected(line) + (index === 1 ? 2 : 0)));
      await page.keyboard.press("Enter");
    }
    await expect.poll(async () => (await api(page, "GET", `/v1/count-sheets/${id}`)).body.counted).toBe(lines.length);

    await push(page.getByRole("button", { name: "Count differences again" }));
    await page.getByText("1 line is to be counted again").waitFor();
    await expect.poll(() => page.url()).toContain("state=toRecount");
    await expect.poll(() => page.locator("input[data-count]").count()).toBe(1);
    await page.locator("input[data-count]").press("5");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await api(page, "GET", `/v1/count-sheets/${id}`)).body.toRecount).toBe(0);

    await push(page.getByRole("button", { name: "Differences and post …" }));
    await page.getByText(`1 of ${lines.length} counts differ.`).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(page.getByRole("button", { name: "Post", exact: true }));
    await page.getByText("1 line differed").waitFor();
    await page.getByRole("link", { name: "What it changed" }).press("Enter");
    await page.getByRole("heading", { name: "Ledger" }).waitFor();
    const now = (await api(page, "GET", `/v1/balances?product=${lines[1].product.id}&location=Webshop/Shelf C`)).body.items[0].quantity;
    expect(now).toBe(5);
  });

  it("is counted with a scanner on a screen as small as a phone's, and takes what nobody expected", async () => {
    const page = await walk.person({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const sheet = (await api(page, "POST", "/v1/count-sheets", { name: "By phone", location: "Webshop/Shelf A" })).body;
    await page.goto(`${walk.at}/counts/${sheet.id}?mode=scan`);
    await page.getByText(/^Next on the way: C-110/).waitFor();
    // Nobody waits between two scans.
    await scan(page, "Webshop/Shelf A");
    await scan(page, "C-110");
    await page.getByLabel("Counted in pcs").fill("41");
    await page.getByRole("button", { name: "One more" }).click();
    await page.getByRole("button", { name: "Keep and next" }).click();
    await page.getByText(/C-110 .*: 42 ·/).waitFor();
    await page.getByText(/^Next on the way: C-120/).waitFor();
    await scan(page, "T-100");
    await page.getByLabel("Counted in pcs").press("3");
    await page.keyboard.press("Enter");
    await page.getByText(/T-100 .*: 3 ·/).waitFor();
    expect(await sideways(page)).toBe(0);
    expect(await faultsOfAccess(page)).toEqual([]);
    const lines = (await api(page, "GET", `/v1/count-sheets/${sheet.id}/lines?state=counted`)).body.items;
    expect(lines.map((line: any) => [line.product.identifier, line.counted, line.isExtra])).toEqual([["C-110", 42, false], ["T-100", 3, true]]);
    await page.getByRole("button", { name: "All lines" }).click();
    await page.getByRole("button", { name: "Give up …" }).click();
    await page.getByRole("button", { name: "Give up", exact: true }).click();
    await page.getByText("given up").first().waitFor();
  });

  it("is made of what the plan says is due", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/counts?view=plan`);
    await page.getByText("never").first().waitFor();
    await fill(page, "Location and below", "Webshop/Cabinet");
    await expect.poll(() => page.url()).toContain("Cabinet");
    await push(page.getByRole("button", { name: "Sheet of what is due" }));
    await page.getByLabel("Name", { exact: true }).fill("Due in the cabinet");
    await page.getByLabel("Name", { exact: true }).press("Enter");
    await page.getByRole("heading", { name: "Due in the cabinet" }).waitFor();
    // Pieces with serial numbers are counted by them.
    const serials = page.getByLabel(/^Serial numbers of M-100/);
    await serials.fill("UNO-0012 UNO-9999");
    await serials.press("Enter");
    await page.locator(".count .fault").waitFor();
    await serials.fill("UNO-0012");
    await serials.press("Enter");
    await page.locator(".count .fault").waitFor({ state: "detached" });
  });
});

describe("reservations", () => {
  it("hold, confirm and release stock, and tell what can be promised by when", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/reservations`);
    await push(page.getByRole("button", { name: "Reserve", exact: true }));
    await page.getByRole("dialog").waitFor();
    await fill(page, "Product", "K-100");
    await page.getByLabel("Quantity", { exact: true }).fill("9999");
    await page.getByLabel("For", { exact: true }).fill("A walk");
    await page.getByLabel("For", { exact: true }).press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Quantity", { exact: true }).fill("2");
    await push(page.getByRole("button", { name: "Preview" }));
    await page.getByText("2 would be reserved.").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(page.getByRole("dialog").getByRole("button", { name: "Reserve", exact: true }));
    await page.getByText("Reserved", { exact: true }).first().waitFor();
    await push(page.getByRole("button", { name: "Confirm 2 of K-100" }));
    await page.getByText("2 of K-100 is firm").waitFor();
    await push(page.getByRole("button", { name: "Release 2 of K-100" }));
    await page.getByText("2 of K-100 is free again").waitFor();
    expect((await api(page, "GET", "/v1/reservations?product=K-100")).body.items[0].state).toBe("released");
    await page.getByRole("link", { name: "What can be promised" }).press("Enter");
    await fill(page, "Product", "C-110");
    await page.getByLabel("How much is wanted").fill("40");
    await page.getByText(/^40 pcs can be promised from/).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    // What is typed or scanned in full is taken by Enter, also while proposals are shown.
    await page.goto(`${walk.at}/reservations?view=promise`);
    const product = page.getByRole("combobox", { name: "Product" });
    await product.pressSequentially("C-110");
    await page.getByRole("option").first().waitFor();
    await product.press("Enter");
    await page.getByText("Can be promised now").waitFor();
  });
});

describe("production", () => {
  it("starts a process for an order, stops it, and tells what the order came to", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/production?view=processes`);
    await push(page.getByRole("button", { name: "Start: Clean in place" }));
    await fill(page, "Production order", "CREAM-0021");
    await push(page.getByRole("dialog").getByRole("button", { name: "Start", exact: true }));
    await page.getByText("Clean in place runs").waitFor();
    await push(page.getByRole("button", { name: "Stop: Clean in place" }));
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(page.getByRole("dialog").getByRole("button", { name: "Stop", exact: true }));
    await page.getByText("Clean in place is stopped").waitFor();
    await page.goto(`${walk.at}/production`);
    await page.getByRole("link", { name: "CREAM-0021" }).press("Enter");
    await page.getByRole("heading", { name: "Order CREAM-0021" }).waitFor();
    await page.getByRole("cell", { name: "Clean in place" }).waitFor();
    await page.getByLabel("Set its state to").selectOption("PAUSED");
    await page.getByText("CREAM-0021 is paused").waitFor();
    expect((await api(page, "GET", "/v1/production-orders/CREAM-0021")).body.status).toBe("PAUSED");
  });
});

describe("values", () => {
  it("are said anew after a look at the effect, and undone", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/values`);
    await push(page.getByRole("button", { name: "Revalue", exact: true }));
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Product", exact: true }).fill("T-160");
    await page.keyboard.press("Tab");
    await dialog.getByLabel("To", { exact: true }).selectOption("zero");
    await dialog.getByLabel("Reason").fill("written off in a walk");
    await push(dialog.getByRole("button", { name: "Preview" }));
    await dialog.getByText(/will be worth 0.00/).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(dialog.getByRole("button", { name: "Revalue", exact: true }));
    await page.getByText("Revalued", { exact: true }).waitFor();
    await expect.poll(async () => (await api(page, "GET", "/v1/valuation?product=T-160")).body.items[0].value).toBe(0);
    const made = (await api(page, "GET", "/v1/revaluations?product=T-160")).body.items[0];
    await page.goto(`${walk.at}/values?open=${made.id}`);
    await push(page.getByRole("button", { name: "Undo …" }));
    await page.getByLabel("Reason").fill("it was a walk");
    await push(page.getByRole("button", { name: "Undo it" }));
    await page.getByText("It is undone").waitFor();
    await expect.poll(async () => (await api(page, "GET", "/v1/valuation?product=T-160")).body.items[0].value).toBeGreaterThan(0);
  });

  it("share a cost out over chosen receipts", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/values?view=landed`);
    await push(page.getByRole("button", { name: "Share a cost out" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Over", { exact: true }).selectOption("movements");
    await dialog.getByLabel("Amount in all").fill("10");
    await dialog.getByLabel("Reason").fill("courier");
    await dialog.getByRole("combobox", { name: "Of product" }).fill("K-110");
    await page.keyboard.press("Tab");
    await dialog.getByRole("checkbox", { name: /K-110/ }).nth(1).waitFor();
    await dialog.getByRole("checkbox").first().press("Space");
    await dialog.getByRole("checkbox").nth(1).press("Space");
    await push(dialog.getByRole("button", { name: "Preview" }));
    await expect.poll(() => dialog.getByRole("region", { name: "Lines" }).locator("tbody tr").count()).toBe(2);
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(dialog.getByRole("button", { name: "Share out" }));
    await page.getByText("The cost is shared out").waitFor();
  });

  it("change their method and standard cost from a day on", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/values?view=costing`);
    await push(page.getByRole("button", { name: "Value differently" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Product", exact: true }).fill("K-120");
    await page.keyboard.press("Tab");
    await dialog.getByLabel("Valued by").selectOption("standard");
    await dialog.getByLabel("Standard cost of one").fill("8.75");
    await dialog.getByLabel("Reason").fill("year's price list");
    await push(dialog.getByRole("button", { name: "Decide" }));
    await page.getByText("Decided", { exact: true }).waitFor();
    await page.getByRole("cell", { name: "8.75", exact: true }).waitFor();
  });

  it("approve what was pushed out of a closed period, and close another day", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/values?view=adjustments`);
    const before = (await api(page, "GET", "/v1/adjustments?approved=false&limit=500")).body.items.length;
    await page.locator("td button.link").first().press("Enter");
    await page.getByText("The closed days that it comes from").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(page.getByRole("button", { name: "Approve …" }));
    await page.getByLabel("Note").fill("seen");
    await page.getByLabel("Note").press("Enter");
    await page.getByText("Approved", { exact: true }).waitFor();
    await expect.poll(async () => (await api(page, "GET", "/v1/adjustments?approved=false&limit=500")).body.items.length).toBe(before - 1);
    await page.getByRole("link", { name: "Closed periods" }).press("Enter");
    await push(page.getByRole("button", { name: "Close or open days" }));
    await page.getByLabel("Last closed day").fill("2020-12-31");
    await fill(page, "Only for org unit", "Plant");
    await push(page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last());
    await page.getByText("Closed", { exact: true }).waitFor();
    await page.getByRole("cell", { name: "31 Dec 2020" }).waitFor();
  });
});

describe("the general ledger", () => {
  it("goes from a period's account down to its movements, and keeps its rules", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/general-ledger`);
    await page.getByText("balanced", { exact: true }).waitFor();
    await push(page.getByRole("button", { name: "5000 Cost of sales" }).first());
    await page.getByRole("heading", { name: "What 5000 Cost of sales is made of" }).waitFor();
    await expect.poll(() => page.url()).toContain("account=5000");
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.getByRole("region", { name: "Movements and value entries" }).getByRole("link").first().press("Enter");
    await page.getByRole("heading", { name: /^Movement/ }).waitFor();
    await page.goto(`${walk.at}/general-ledger?view=rules`);
    await push(page.getByRole("button", { name: "New account rule" }));
    await page.getByLabel("Name", { exact: true }).fill("Stock of tea");
    await fill(page, "Only for category and below", "Tea");
    await page.getByLabel("Account", { exact: true }).fill("1415 Tea");
    await page.getByLabel("Account", { exact: true }).press("Enter");
    await page.getByText("Made", { exact: true }).waitFor();
    await page.getByRole("cell", { name: "1415 Tea" }).waitFor();
    const csv = await page.evaluate(async () => (await fetch("/v1/gl-postings?format=csv")).text());
    expect(csv).toContain("1415 Tea");
  });
});

describe("a decision about values", () => {
  it("to close days says first what waits, what it is worth and what is not settled", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/values?view=periods&new=1`);
    const day = page.getByLabel("Last closed day");
    const today = new Date().toISOString().slice(0, 10);
    await day.fill(today);
    const meaning = page.getByRole("region", { name: "What it means" });
    await meaning.getByText(/stock is worth [\d,.]+\. That figure will not change any more/).waitFor();
    await meaning.getByText(/dated on a closed day and will be refused when booked/).waitFor();
    await meaning.getByRole("link", { name: "Goods in and out" }).waitFor();
    await meaning.getByText(/^That day is not over/).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await day.fill("2026-01-01");
    await meaning.getByText("No line that waits is dated on a closed day.").waitFor();
    await page.getByLabel("What", { exact: true }).selectOption("open");
    await meaning.getByText(/date it on any day again/).waitFor();
  });

  it("on a method is shown in numbers, and taken back by what held before", async () => {
    const page = await walk.person();
    const product = (await api(page, "GET", "/v1/products/C-140")).body;
    const pool = (await api(page, "GET", "/v1/valuation?product=C-140")).body.items[0];
    await page.goto(`${walk.at}/values?view=costing&product=C-140&new=1`);
    await page.getByLabel("Valued by").selectOption("standard");
    await page.getByLabel("Standard cost of one").fill("2");
    await page.getByLabel("Reason").fill("a list that is wrong");
    await page.getByRole("button", { name: "Preview" }).click();
    const figure = (value: number) => value.toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    await page.getByText(`The stock at that time changes from ${figure(pool.value)} to ${figure(pool.quantity * 2)};`).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.getByRole("button", { name: "Decide" }).click();
    await page.getByText("Decided", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/products/C-140")).body.costing).toBe("standard");
    await page.getByRole("button", { name: /^Take back the decision on C-140/ }).first().click();
    await page.getByText(/it will be valued again as before: moving average/).waitFor();
    await page.getByLabel("Reason").fill("the list was wrong");
    await push(page.getByRole("button", { name: "Take back", exact: true }));
    await page.getByText("Taken back", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/products/C-140")).body.costing).toBe(product.costing);
  });
});
