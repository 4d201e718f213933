// Pictures of every page at four widths, light and dark, from its head to its foot, for people to look at.
//   node scripts/screenshots.mjs [FOLDER] [PAGE…]      default: ../screenshots, all pages
// SIZES=390,768 and THEMES=dark make only these; LOTBOOK_AT uses a server that runs already.
import { mkdirSync } from "node:fs";
import { login, openBrowser, serve } from "./browser.mjs";

const folder = process.argv[2] ?? new URL("../../screenshots", import.meta.url).pathname;
const only = process.argv.slice(3);
mkdirSync(folder, { recursive: true });

const server = process.env.LOTBOOK_AT ? { at: process.env.LOTBOOK_AT, end: async () => {} } : await serve();
const browser = await openBrowser();
const sizes = [[390, 844], [768, 1024], [1280, 800], [1920, 1080]];
/** Nobody looks at more of a long list than this. */
const HEIGHT_MAX = 2_400;
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
        settings: "/settings", variants: "/settings/variants", categories: "/settings/categories", locations: "/settings/locations", units: "/settings/units", conversions: "/settings/unit-conversions", parties: "/settings/parties", journalRecords: "/settings/journals",
        series: "/settings/series", reasons: "/settings/reason-codes", serials: "/settings/instances", product: "/settings/products?open=2", users: "/settings/users", roles: "/settings/roles", role: "/settings/roles?open=operator", tokens: "/settings/tokens", webhooks: "/settings/webhooks", tags: "/settings/tags",
        decisions: "/settings/decisions", audit: "/settings/audit",
        stockProducts: "/stock?view=products", stockLots: "/stock?view=lots", traceTable: `/lots/${lot}?view=trace&shown=table`, deadStock: "/reports?report=dead-stock",
        missing: "/nowhere", missingProduct: "/stock/NOPE", missingLot: "/lots/NOPE", missingMovement: "/ledger/1", missingJournal: "/journals/999", missingOperation: "/operations/NOPE", missingOrder: "/production/NOPE", missingSheet: "/counts/999",
      };
      for (const [name, path] of Object.entries(pages)) {
        if (only.length > 0 && !only.includes(name)) continue;
        await page.goto(server.at + path);
        await page.waitForLoadState("networkidle").catch(() => {});
        await page.waitForTimeout(350);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) found.push(`${name} at ${width} px scrolls sideways by ${wide} px`);
        const high = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(high, HEIGHT_MAX) } });
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
