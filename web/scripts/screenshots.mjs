// Pictures of every page at three widths, light and dark, for people to look at.
//   node scripts/screenshots.mjs [FOLDER] [PAGE…]      default: ../screenshots, all pages
import { mkdirSync } from "node:fs";
import { login, openBrowser, serve } from "./browser.mjs";

const folder = process.argv[2] ?? new URL("../../screenshots", import.meta.url).pathname;
const only = process.argv.slice(3);
mkdirSync(folder, { recursive: true });

const server = process.env.LOTBOOK_AT ? { at: process.env.LOTBOOK_AT, end: async () => {} } : await serve();
const browser = await openBrowser();
const sizes = [[390, 844], [1280, 800], [1920, 1080]];
const themes = ["light", "dark"];
const found = [];
try {
  for (const theme of themes) {
    for (const [width, height] of sizes) {
      if (process.env.SIZES && !process.env.SIZES.split(",").includes(String(width))) continue;
      if (process.env.THEMES && !process.env.THEMES.split(",").includes(theme)) continue;
      const { page, context, faults } = await login(browser, server.at, { viewport: { width, height }, colorScheme: theme });
      const lot = await page.evaluate(async () => (await (await fetch("/v1/lots?search=CUP-0002&limit=1")).json()).items[0]?.uid);
      const shop = await page.evaluate(async () => (await (await fetch("/v1/locations/Webshop")).json()).id);
      const pages = {
        overview: "/", journals: "/journals", journal: "/journals/1", counting: "/journals/3?mode=count", stock: "/stock", places: "/stock?view=places",
        availability: "/stock?view=availability", value: "/stock?view=value", card: "/stock/2", ledger: "/ledger", movement: "/ledger/5242880", lots: "/lots",
        lot: `/lots/${lot}`, trace: `/lots/${lot}?view=trace`, recall: `/lots/${lot}?view=recall`, operations: "/operations", operation: "/operations/Receive into Silo1", runs: "/operations/Receive into Silo1?view=runs", newOperation: "/operations/new",
        counts: "/counts", countPlan: "/counts?view=plan&due=all", countSheet: "/counts/2", countScan: "/counts/2?mode=scan", countPost: "/counts/2?act=post", newSheet: "/counts?new=sheet",
        reservations: "/reservations", reserve: "/reservations?new=1", promise: "/reservations?view=promise&product=C-110&quantity=40",
        production: "/production", processes: "/production?view=processes", processRecords: "/production?view=records", order: "/production/CREAM-0019", orderDone: "/production/CREAM-0003",
        revaluations: "/values", revalue: "/values?new=1", landed: "/values?view=landed", land: "/values?view=landed&new=1", costings: "/values?view=costing", periods: "/values?view=periods", adjustments: "/values?view=adjustments",
        postings: "/general-ledger", postingLines: `/general-ledger?account=5000+Cost+of+sales&orgUnit=${shop}`, accountRules: "/general-ledger?view=rules",
        console: "/console?script=system.mes.inventory.operation.getInventoryOperation(%27Clean+Silo1%27)", reports: "/reports", ageing: "/reports?report=ageing", abc: "/reports?report=abc", import: "/import",
        settings: "/settings", users: "/settings/users", webhooks: "/settings/webhooks", tags: "/settings/tags", decisions: "/settings/decisions", audit: "/settings/audit",
      };
      for (const [name, path] of Object.entries(pages)) {
        if (only.length > 0 && !only.includes(name)) continue;
        await page.goto(server.at + path);
        await page.waitForLoadState("networkidle").catch(() => {});
        await page.waitForTimeout(350);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) found.push(`${name} at ${width} px scrolls sideways by ${wide} px`);
        await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
      }
      found.push(...faults.map((fault) => `${width} ${theme}: ${fault}`));
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.end();
}
for (const line of new Set(found)) console.log(line);
