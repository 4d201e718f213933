/** Every page has something true to show, fits its window, and is open to everybody. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { api, choose, faultsOfAccess, push, walks } from "./support";

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
  ["stock by product", "/stock?view=products", "Open all"],
  ["stock by lot", "/stock?view=lots", "12 lots"],
  ["the location tree", "/stock?view=places", "Shelf A"],
  ["what was available", "/stock?view=availability&asOf=2026-11-01", "Available"],
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

describe("a list", () => {
  it("is sorted by a column, all of it and not only what was read, and the address says so", async () => {
    const page = await walk.person();
    const all = (await api(page, "GET", "/v1/movements?limit=1000")).body.items;
    const least = [...all].sort((a: any, b: any) => a.quantity - b.quantity);
    await page.goto(`${walk.at}/ledger`);
    const head = page.getByRole("columnheader", { name: "Quantity" });
    const first = page.locator("tbody tr").first().locator('td[data-label="Quantity"]');
    const quantity = async () => Number((await first.innerText()).split("\n")[0]?.replace(/[^\d.]/g, ""));
    await head.getByRole("button").press("Enter");
    await expect.poll(() => page.url()).toContain("sort=quantity");
    await expect.poll(quantity).toBe(least[0].quantity);
    await head.getByRole("button").press("Enter");
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("descending");
    await expect.poll(quantity).toBe(least.at(-1).quantity);
    // The focus stays where the key was pressed.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Quantity");
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.reload();
    await expect.poll(quantity).toBe(least.at(-1).quantity);
    await head.getByRole("button").press("Enter");
    await expect.poll(() => page.url()).not.toContain("sort=");
    // On a phone, where no heads are, a field says the same.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByLabel("Sort by").selectOption("-quantity");
    await expect.poll(quantity).toBe(least.at(-1).quantity);
    expect(await faultsOfAccess(page)).toEqual([]);
  });
});

describe("with the keyboard alone", () => {
  it("a page, a product and a lot are found in the palette", async () => {
    const page = await walk.person();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Ledg");
    await page.getByRole("option", { name: /Ledger/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ledger" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("C-120");
    await page.getByRole("option", { name: /C-120/, selected: true }).waitFor();
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

  it("the focus goes on at the head of the next page, and comes back where a dialog was opened", async () => {
    const page = await walk.person();
    const where = () => page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent?.slice(0, 20)}`);
    await page.goto(`${walk.at}/stock`);
    await page.getByRole("link", { name: "C-110" }).first().press("Enter");
    await page.getByRole("heading", { name: /^C-110/ }).waitFor();
    await expect.poll(where).toMatch(/^H1 C-110/);
    await page.goto(`${walk.at}/values?view=periods`);
    const open = page.getByRole("button", { name: "Close or open days" });
    await push(open);
    await expect.poll(where).toMatch(/^SELECT/);
    await page.keyboard.press("Escape");
    await expect.poll(where).toMatch(/^BUTTON Close or open/);
    await page.goto(`${walk.at}/ledger`);
    await push(page.getByRole("button", { name: /^links hold/ }));
    await page.getByRole("heading", { name: "The chain of hashes" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(where).toMatch(/^BUTTON\s+links hold/);
  });

  it("a product is made, changed and refused with its faults at the fields", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/settings/products`);
    await push(page.getByRole("button", { name: "New product" }));
    await push(page.getByRole("button", { name: "Save" }));
    await page.locator(".fault").first().waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.getByLabel("Identifier").fill("W-1");
    await page.getByLabel("Name", { exact: true }).fill("Walking stick");
    await page.getByRole("combobox", { name: "Unit" }).fill("pcs");
    await page.keyboard.press("Tab");
    await page.getByLabel("Cost price", { exact: true }).fill("3.25");
    await push(page.getByRole("button", { name: "Save" }));
    await page.getByText("Made", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/products/W-1")).body.costPrice).toBe(3.25);
  });
});

describe("the ledger", () => {
  it("reverses a movement after showing what will stand where", async () => {
    const page = await walk.person();
    // What was sold may always come back, whatever is reserved.
    const sold = (await api(page, "GET", "/v1/movements?product=C-110&limit=1000")).body.items;
    const movement = sold.find((one: any) => one.to.path === "customer");
    const stock = async () => (await api(page, "GET", "/v1/balances?product=C-110")).body.items[0].quantity;
    const before = await stock();
    await page.goto(`${walk.at}/ledger/${movement.id}`);
    await page.getByRole("button", { name: "Reverse …" }).click();
    const effect = page.getByRole("region", { name: "What will stand where" }).last();
    await effect.getByRole("cell", { name: `${before} pcs` }).waitFor();
    await effect.getByRole("cell", { name: `+${movement.quantity}` }).waitFor();
    await effect.getByRole("cell", { name: `${before + movement.quantity} pcs` }).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    expect(await page.getByRole("button", { name: "Reverse", exact: true }).getAttribute("title")).toBe("Say why first");
    await page.getByLabel("Reason").fill("entered twice");
    await page.getByRole("button", { name: "Reverse", exact: true }).click();
    await page.getByText("Reversed", { exact: true }).waitFor();
    const all = (await api(page, "GET", "/v1/movements?product=C-110&limit=1000")).body.items;
    expect(all.some((one: any) => one.reverses === movement.id)).toBe(true);
    expect(await stock()).toBe(before + movement.quantity);
  });

  it("names the first date that a reversal would break, and lets nobody go on", async () => {
    const page = await walk.person();
    const first = (await api(page, "GET", "/v1/movements?product=Milk&limit=1")).body.items[0];
    await page.goto(`${walk.at}/ledger/${first.id}`);
    await page.getByRole("button", { name: "Reverse …" }).click();
    await page.getByRole("alert").getByText(/ndoing this would leave -.* of Milk at .* on 20\d\d-/).waitFor();
    expect(await page.getByRole("button", { name: "Reverse", exact: true }).getAttribute("aria-disabled")).toBe("true");
  });

  it("shows what was booked last first, or the other way round, and says so in the address", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/ledger`);
    const link = page.locator("td.first a").first();
    const newest = (await api(page, "GET", "/v1/movements?order=newest&limit=1")).body.items[0];
    const oldest = (await api(page, "GET", "/v1/movements?limit=1")).body.items[0];
    await expect.poll(() => link.getAttribute("href")).toBe(`/ledger/${newest.id}`);
    await page.getByLabel("Order").selectOption("oldest");
    await expect.poll(() => link.getAttribute("href")).toBe(`/ledger/${oldest.id}`);
    await expect.poll(() => page.url()).toContain("order=oldest");
    await page.getByRole("cell", { name: `${oldest.quantity} ${oldest.unit}` }).first().waitFor();
    // Filters that are seldom wanted are there all the same, and open with an address that has them.
    await page.goto(`${walk.at}/ledger?batch=${oldest.batch}&asKnownAt=${oldest.position}`);
    await page.getByLabel("As known at position").waitFor();
    await expect.poll(() => link.getAttribute("href")).toMatch(/^\/ledger\/\d+$/);
    await page.goto(`${walk.at}/ledger?asKnownAt=99999999`);
    await page.getByText(/the ledger has the positions 0 to/).waitFor();
  });

  it("says what is known of its chain and its content, and no more", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/ledger`);
    await page.getByRole("button", { name: /^links hold; what is in the batches was not verified yet/ }).click();
    await page.getByText("The server has not verified it yet").waitFor();
    await push(page.getByRole("button", { name: "Check all links" }));
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
    await choose(page, "products.csv", "SKU;Name;Unit\nI-1;One;pcs\nI-2;Two;nope\nI-1;Three;pcs\n", "3 rows");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("nothing was written").waitFor();
    await expect.poll(() => page.locator("td .fault").count()).toBeGreaterThan(0);
    await choose(page, "products.csv", "SKU;Name;Unit\nI-1;One;pcs\nI-2;Two;kg\n", "2 rows");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("2 rows are without fault").waitFor();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText("2 rows imported").first().waitFor();
    expect((await api(page, "GET", "/v1/products/I-2")).body.name).toBe("Two");
  });
});
