/** The shop floor: operations started, stopped, faulted and tried again; their form; scripts; lots and their trace. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { api, choose, faultsOfAccess, push, walks } from "./support";

const walk = walks();

const card = (page: Page, name: string) => page.getByRole("article", { name });
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

async function make(page: Page, name: string, more: object): Promise<number> {
  const made = await api(page, "POST", "/v1/operations", { name, triggerSource: "MANUAL", quantitySource: "MANUAL", unitOfMeasure: "lb", ...more });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

describe("the board", () => {
  it("starts an operation with a lot and stops it with a quantity, on a phone", async () => {
    const page = await walk.person(PHONE);
    await make(page, "Walk in milk", { operationType: "RECEIVE", primaryLotResolutionStrategy: "MANUAL", createLotIfNotFound: true, destinationLocation: "Plant/Receiving/Silos/Silo1", material: "Milk" });
    await page.goto(`${walk.at}/operations?search=Walk+in`);
    await page.getByRole("button", { name: "Start: Walk in milk" }).click();
    await page.getByRole("combobox", { name: "Lot" }).fill("RAW-0002");
    await page.getByRole("option", { name: "RAW-0002" }).click();
    await page.getByRole("combobox", { name: "Lot" }).fill("M-WALK");
    await page.keyboard.press("Tab");
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await card(page, "Walk in milk").getByText("running").waitFor();
    await card(page, "Walk in milk").getByRole("link", { name: "M-WALK" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Stop: Walk in milk" }).click();
    await page.getByLabel("Quantity in lb").fill("120.5");
    await page.keyboard.press("Enter");
    await card(page, "Walk in milk").getByText("completed").waitFor();
    const runs = (await api(page, "GET", "/v1/runs?operation=Walk in milk")).body.items;
    expect(runs.map((run: any) => [run.quantity, run.lot.name, run.status])).toEqual([[120.5, "M-WALK", "COMPLETED"]]);
  });

  it("shows quantities that count up, as machines tell them, and what follows from a stop by tag", async () => {
    const page = await walk.person();
    await make(page, "Walk by valve", {
      operationType: "RECEIVE", triggerSource: "EXPRESSION", startTriggerExpression: "{Walk/Valve}", stopTriggerExpression: "{Walk/Valve}", quantitySource: "EXPRESSION", quantityExpression: "{Walk/Meter}",
      createLotIfNotFound: true, destinationLocation: "Plant/Receiving/Silos/Silo1", material: "Milk",
    });
    const tell = (path: string, value: unknown) => api(page, "PUT", "/v1/tags", [{ path, value }]);
    await tell("Walk/Meter", 1_000);
    await tell("Walk/Valve", false);
    await page.goto(`${walk.at}/operations?search=by+valve`);
    await card(page, "Walk by valve").waitFor();
    await tell("Walk/Valve", true);
    await card(page, "Walk by valve").getByText("running").waitFor();
    await tell("Walk/Meter", 1_042);
    await card(page, "Walk by valve").locator(".so-far", { hasText: /^42 lb$/ }).waitFor();
    await tell("Walk/Meter", 1_077.25);
    await card(page, "Walk by valve").locator(".so-far", { hasText: /^77.25 lb$/ }).waitFor();
    await tell("Walk/Valve", false);
    await card(page, "Walk by valve").getByText("completed").waitFor();
  });

  it("keeps a stop that the stock refuses, says why, and tries again", async () => {
    const page = await walk.person();
    await make(page, "Walk out", { operationType: "SCRAP", primaryLotResolutionStrategy: "FROM_LOCATION", sourceLocation: "Plant/Receiving/Silos/Silo1", material: "Milk" });
    await page.goto(`${walk.at}/operations?search=Walk+out`);
    await page.getByRole("button", { name: "Start: Walk out" }).click();
    await card(page, "Walk out").getByText("running").waitFor();
    await page.getByRole("button", { name: "Stop: Walk out" }).click();
    await page.getByLabel("Quantity in lb").fill("99999999");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("dialog").getByRole("alert").first().waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await card(page, "Walk out").getByText("faulted").waitFor();
    await card(page, "Walk out").getByRole("alert").waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.getByRole("button", { name: "Try again: Walk out" }).click();
    await page.getByLabel("Quantity in lb").fill("2");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await card(page, "Walk out").getByText("completed").waitFor();
  });

  it("cancels after asking, and says why a button cannot be pressed", async () => {
    const page = await walk.person();
    const id = await make(page, "Walk around", { operationType: "SCRAP", primaryLotResolutionStrategy: "FROM_LOCATION", sourceLocation: "Plant/Receiving/Silos/Silo1", material: "Milk" });
    await page.goto(`${walk.at}/operations?search=Walk+around`);
    await push(page.getByRole("button", { name: "Start: Walk around" }));
    await push(page.getByRole("button", { name: "Cancel run: Walk around" }));
    await page.getByText("nothing moves").waitFor();
    await push(page.getByRole("button", { name: "Cancel the run" }));
    await card(page, "Walk around").getByText("cancelled").waitFor();
    await api(page, "PATCH", `/v1/operations/${id}`, { isEnabled: false });
    await page.getByRole("button", { name: "Start: Walk around" }).and(page.locator('[aria-disabled="true"][title="It is disabled"]')).waitFor();
  });
});

describe("the form of an operation", () => {
  it("is filled in four sections, with expressions tried while one types, and tells what is missing", async () => {
    const page = await walk.person();
    await api(page, "PUT", "/v1/tags", [{ path: "[default]Form/Level", value: 7.5 }]);
    await page.goto(`${walk.at}/operations/new`);
    for (const section of ["General", "Trigger", "Movement", "Lot handling"]) await page.getByRole("group", { name: section, exact: true }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Walk the form");
    const starts = page.getByLabel("Starts by");
    await starts.fill("{[default]Form/Level} * 2 >");
    await page.getByText(/At character \d+: expected/).waitFor();
    await starts.fill("{[default]Form/Level} * 2 > 10");
    await page.getByText("now: true").waitFor();
    await page.getByText("[default]Form/Level = 7.5").waitFor();
    const stops = page.getByLabel("Stops by");
    await stops.click();
    await page.keyboard.type("{Form/Le");
    await push(page.getByRole("button", { name: "[default]Form/Level" }));
    await expect.poll(() => stops.inputValue()).toBe("{[default]Form/Level}");
    expect(await faultsOfAccess(page)).toEqual([]);
    await push(page.getByRole("button", { name: "Save" }));
    await page.getByRole("heading", { name: "Walk the form" }).waitFor();
    await page.getByText("say where it takes from").first().waitFor();
    await page.getByRole("combobox", { name: "Takes from" }).fill("Plant/Stores/Cultures");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    expect((await api(page, "GET", "/v1/operations/Walk the form")).body.sourceLocation.path).toBe("Plant/Stores/Cultures");
  });

  it("goes out as a file and comes in again", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/operations`);
    await page.getByRole("heading", { name: "Operations" }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export" }).click()]);
    const stream = await download.createReadStream();
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const [head = "", ...lines] = Buffer.concat(parts).toString().split("\r\n");
    const line = lines.find((one) => one.startsWith("Clean Silo1,")) ?? "";
    expect(line).toContain("SCRAP_ALL");
    await page.getByRole("link", { name: "Import" }).last().click();
    await choose(page, "operations.csv", `${head}\n${line.replace("Clean Silo1", "Clean Silo1 again")}\n`, "1 row");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("1 row is without fault").waitFor();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText("1 row imported").first().waitFor();
    expect((await api(page, "GET", "/v1/operations/Clean Silo1 again")).body.operationType).toBe("SCRAP_ALL");
  });
});

describe("the console", () => {
  it("completes a function, runs calls and shows their results and faults", async () => {
    const page = await walk.person();
    await page.goto(`${walk.at}/console`);
    const script = page.getByRole("textbox", { name: "Script" });
    await script.fill("");
    await page.getByRole("group").first().waitFor();
    await script.pressSequentially("getInventoryOperation", { delay: 20 });
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => script.inputValue()).toMatch(/^system\.mes\.inventory\.operation\.\w+\(/);
    await script.fill("system.mes.inventory.operation.getInventoryOperation('Clean Silo1')\nsystem.mes.nothing.there(1)");
    await page.keyboard.press("Control+Enter");
    await page.getByText("2 calls in").waitFor();
    await page.getByText("SCRAP_ALL").first().waitFor();
    await page.getByRole("alert").first().waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await script.fill("f('not closed");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Line 1: the text is not closed").waitFor();
  });
});

describe("a lot", () => {
  it("is traced lot by lot, with the arrow keys and with the buttons beside the graph", async () => {
    const page = await walk.person();
    const cup = (await api(page, "GET", "/v1/lots?search=CUP-0002&limit=1")).body.items[0];
    await page.goto(`${walk.at}/lots/${cup.uid}?view=trace&depth=1`);
    const nodes = page.locator(".g-node");
    await expect.poll(() => nodes.count()).toBe(2);
    const cream = page.getByRole("button", { name: /^CREAM-/ });
    await cream.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => nodes.count()).toBe(3);
    await cream.focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("button", { name: /^CT-/ }).waitFor();
    // What was opened stands in the address.
    await page.reload();
    await expect.poll(() => nodes.count()).toBe(4);
    await cream.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: /^Lot CREAM-/ });
    await push(panel.getByRole("button", { name: "Hide what it came from" }));
    await expect.poll(() => nodes.count()).toBe(3);
    await page.getByRole("button", { name: "PNG" }).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
  });

  it("is traced back and forth, level by level, and taken along as a picture and a table", async () => {
    const page = await walk.person();
    const lots = (await api(page, "GET", "/v1/lots?search=CUP-0002")).body.items;
    await page.goto(`${walk.at}/lots/${lots[0].uid}?view=trace`);
    const graph = page.locator("[data-layout-ms]");
    await graph.waitFor();
    const few = Number(await graph.getAttribute("data-nodes"));
    expect(few).toBeGreaterThan(2);
    await page.getByRole("button", { name: "One level less" }).click();
    await expect.poll(async () => Number(await graph.getAttribute("data-nodes"))).toBeLessThan(few);
    const node = page.getByRole("button", { name: /^CREAM-/ }).first();
    await node.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: /CREAM/ }).getByText(/lb|pcs/).first().waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    for (const name of ["SVG", "PNG", "CSV"]) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
      expect(download.suggestedFilename()).toContain(`trace.${name.toLowerCase()}`);
    }
    await page.getByLabel("Show as").selectOption("table");
    await page.getByRole("row", { name: /CREAM-/ }).first().waitFor();
    await page.getByLabel("Show as").selectOption("terminal");
    await page.getByRole("button", { name: "One level more" }).click();
    await page.getByRole("row", { name: /RAW-/ }).first().waitFor();
  });

  it("is put on hold with a reason that stays in its history, and its recall adds up", async () => {
    const page = await walk.person();
    const lots = (await api(page, "GET", "/v1/lots?search=CUP-&status=AVAILABLE&limit=100")).body.items;
    const lot = lots.at(-1);
    await page.goto(`${walk.at}/lots/${lot.uid}`);
    await page.getByRole("button", { name: "Change status …" }).click();
    await page.getByLabel("Status", { exact: true }).selectOption("QA_HOLD");
    await page.getByLabel("Reason; it stays").fill("a lid was loose");
    await page.getByRole("button", { name: "Change", exact: true }).click();
    await page.getByText("on hold").first().waitFor();
    await page.getByText("a lid was loose").first().waitFor();
    await page.getByRole("link", { name: "Recall report" }).click();
    await page.getByRole("row", { name: /Unexplained.* 0 / }).waitFor();
    await page.getByText("adds up", { exact: true }).waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
  });

  it("shows no handle where everything on that side is in the graph already, and what was taken and made of it", async () => {
    const page = await walk.person();
    const cup = (await api(page, "GET", "/v1/lots?search=CUP-0002&limit=1")).body.items[0];
    await page.goto(`${walk.at}/lots/${cup.uid}?view=trace`);
    await page.getByRole("button", { name: /^RAW-/ }).waitFor();
    expect(await page.locator('.g-handle[data-way="input"]').count()).toBe(0);
    await page.getByText("800 lb → 1,600 pcs").waitFor();
    await page.getByLabel("Show as").selectOption("table");
    await page.getByRole("row", { name: /RAW-.* -3 / }).waitFor();
  });

  it("has a recall report that counts each lot in its own unit, and that leaves the house on paper", async () => {
    const page = await walk.person();
    const milk = (await api(page, "GET", "/v1/lots?search=RAW-0001&limit=1")).body.items[0];
    const told = (await api(page, "GET", `/v1/lots/${milk.uid}/recall`)).body;
    const cups = told.customers.find((one: any) => one.unit === "pcs");
    await page.goto(`${walk.at}/lots/${milk.uid}?view=recall`);
    await page.getByRole("row", { name: new RegExp(`${cups.lot.name} .* ${cups.quantity} pcs`) }).first().waitFor();
    expect(await faultsOfAccess(page)).toEqual([]);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.getByRole("heading", { name: "Recall report of lot RAW-0001" }).waitFor();
    await page.getByText(/as the ledger stood at position \d.*, read .* by admin/).waitFor();
    expect(await page.getByRole("navigation").first().isVisible()).toBe(false);
    expect(await page.getByRole("button", { name: "Print" }).isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("light");
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(5_000);
  });
});
