/** Every page has something true to show, fits its window, and is open to everybody. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { api, faultsOfAccess, walks } from "./support";

const walk = walks();

const PAGES: [string, string, string][] = [
  ["overview", "/", "Where the money is"],
  ["journals", "/journals", "Goods in and out"],
  ["a journal", "/journals/1", "All saved"],
  ["counting", "/journals/3?mode=count", "Location or product"],
  ["counts", "/counts", "blind count"],
  ["the plan of counts", "/counts?view=plan&due=all", "never"],
  ["a count sheet", "/counts/2", "C-140"],
  ["scanning a sheet", "/counts/2?mode=scan", "Next on the way"],
  ["posting a sheet", "/counts/2?act=post", "of 3 counts differ"],
  ["a new sheet", "/counts?new=sheet", "Only what is due"],
  ["reservations", "/reservations", "Basket of a customer"],
  ["reserving", "/reservations?new=1", "Which pieces"],
  ["what can be promised", "/reservations?view=promise&product=C-110&quantity=40", "40 pcs can be promised from"],
  ["production orders", "/production", "CREAM-0022"],
  ["processes", "/production?view=processes", "Separate milk"],
  ["what ran", "/production?view=records", "CREAM-0001"],
  ["a production order", "/production/CREAM-0003", "Feed from Silo"],
  ["revaluations", "/values", "Scratched in the shop window"],
  ["revaluing", "/values?new=1", "Value of all of it"],
  ["landed costs", "/values?view=landed", "Forwarder, invoice 2207"],
  ["sharing a cost out", "/values?view=landed&new=1", "Number of the voucher"],
  ["methods", "/values?view=costing", "Prices of paper move"],
  ["closed periods", "/values?view=periods", "holds"],
  ["adjustments", "/values?view=adjustments", "landed cost"],
  ["postings", "/general-ledger", "1410 Coffee"],
  ["account rules", "/general-ledger?view=rules", "5820 Revaluation of stock"],
  ["balances", "/stock", "Webshop/Shelf A"],
  ["the location tree", "/stock?view=places", "Shelf A"],
  ["availability", "/stock?view=availability", "Available"],
  ["values", "/stock?view=value", "Value of all lines"],
  ["a stock card", "/stock/C-110", "Quantity and value over time"],
  ["the ledger", "/ledger", "batches so far"],
  ["lots", "/lots", "NERO-01"],
  ["reports", "/reports", "What stands where"],
  ["the age of stock", "/reports?report=ageing", "How long stock"],
  ["dead stock", "/reports?report=dead-stock", "has left for long"],
  ["the board of operations", "/operations", "Receive into Silo1"],
  ["an operation", "/operations/Receive into Silo1", "Lot handling"],
  ["its runs", "/operations/Receive into Silo1?view=runs", "completed"],
  ["a new operation", "/operations/new", "Lot handling"],
  ["the console", "/console", "Find a function"],
  ["import", "/import", "Drop a CSV"],
  ["products", "/settings", "C-110"],
  ["locations", "/settings/locations", "Webshop/Shelf A"],
  ["users", "/settings/users", "admin"],
  ["roles", "/settings/roles", "operator"],
  ["keys", "/settings/tokens", "Programs log in"],
  ["tags", "/settings/tags", "[default]Plant/"],
  ["webhooks", "/settings/webhooks", "Nobody is told yet"],
  ["decisions", "/settings/decisions", "Issues beyond stock"],
  ["the audit log", "/settings/audit", "login"],
  ["no page", "/nowhere", "Nothing lives at this address"],
];

describe("every page", () => {
  let wide: Page;
  let narrow: Page;
  beforeAll(async () => {
    wide = await walk.person({ viewport: { width: 1920, height: 1080 } });
    narrow = await walk.person({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  });
  it.each(PAGES)("%s", async (_, path, text) => {
    for (const page of [wide, narrow]) {
      await page.goto(walk.at + path);
      await page.getByText(text).first().waitFor({ state: "attached" });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(await faultsOfAccess(page)).toEqual([]);
    }
  });
});

describe("with the keyboard alone", () => {
  it("a page, a product and a lot are found in the palette", async () => {
    const page = await walk.person();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Ledg");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ledger" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("C-120");
    await page.getByRole("option", { name: /C-120/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^C-120/ }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Journals" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Keys" }).waitFor({ state: "detached" });
  });

  it("a product is made, changed and refused with its faults at the fields", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/settings/products`);
    await page.getByRole("button", { name: "New product" }).press("Enter");
    await page.getByRole("button", { name: "Save" }).press("Enter");
    await page.locator(".fault").first().waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.getByLabel("Identifier").fill("W-1");
    await page.getByLabel("Name", { exact: true }).fill("Walking stick");
    await page.getByRole("combobox", { name: "Unit" }).fill("pcs");
    await page.keyboard.press("Tab");
    await page.getByLabel("Cost price").fill("3.25");
    await page.getByRole("button", { name: "Save" }).press("Enter");
    await page.getByText("Made", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/products/W-1")).body.costPrice).toBe(3.25);
  });
});

describe("the ledger", () => {
  it("reverses a movement after showing what that will do", async () => {
    const page = await walk.person();
    // What was sold may always come back, whatever is reserved.
    const sold = (await api(page, "GET", "/v1/movements?product=C-110&limit=1000")).body.items;
    const movement = sold.find((one: any) => one.to.path === "customer");
    await page.goto(`${walk.at}/ledger/${movement.id}`);
    await page.getByRole("button", { name: "Reverse …" }).click();
    await page.getByRole("cell", { name: movement.to.path }).waitFor();
    await page.getByLabel("Reason").fill("entered twice");
    await page.getByRole("button", { name: "Reverse", exact: true }).click();
    await page.getByText("Reversed", { exact: true }).waitFor();
    const all = (await api(page, "GET", "/v1/movements?product=C-110&limit=1000")).body.items;
    expect(all.some((one: any) => one.reverses === movement.id)).toBe(true);
  });

  it("says whether its chain of hashes holds, link by link", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/ledger`);
    await page.getByRole("button", { name: /^the chain holds up to/ }).click();
    await page.getByRole("button", { name: "Check all of it" }).press("Enter");
    await page.getByText("Every link that was looked at holds.").waitFor();
    await page.getByText(/^positions 1 to/).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
  });

  it("keeps its filters in the address", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/stock/C-110`);
    await page.getByRole("link", { name: /pcs$/ }).first().click();
    await page.getByRole("heading", { name: "Ledger" }).waitFor();
    expect(page.url()).toContain("product=C-110");
    await page.reload();
    await page.getByRole("link", { name: "C-110" }).first().waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await expect.poll(() => page.url()).not.toContain("product=");
  });
});

describe("an import", () => {
  it("matches columns, shows all faults, then writes", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/import`);
    const file = (text: string) => ({ name: "products.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.locator('input[type="file"]').setInputFiles(file("SKU;Name;Unit\nI-1;One;pcs\nI-2;Two;nope\nI-1;Three;pcs\n"));
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("nothing was written").waitFor();
    expect(await page.locator("td .fault").count()).toBeGreaterThan(0);
    await page.locator('input[type="file"]').setInputFiles(file("SKU;Name;Unit\nI-1;One;pcs\nI-2;Two;kg\n"));
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("2 rows are without fault").waitFor();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText("2 rows imported").first().waitFor();
    expect((await api(page, "GET", "/v1/products/I-2")).body.name).toBe("Two");
  });
});
