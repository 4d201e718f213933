// The few pictures of the README, from the demo: `npm run pictures` writes them to ../docs/images.
import { mkdirSync } from "node:fs";
import { login, openBrowser, serve } from "./browser.mjs";

const folder = new URL("../../docs/images", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const server = await serve();
const browser = await openBrowser();
try {
  const { page } = await login(browser, server.at, { viewport: { width: 1120, height: 820 }, colorScheme: "light" });
  const lots = await page.evaluate(async () => (await (await fetch("/v1/lots?search=CREAM-2&limit=100")).json()).items);
  const pages = { journal: "/journals/1", operations: "/operations?state=open", trace: `/lots/${lots[1]?.uid ?? lots[0].uid}?view=trace&depth=2`, "stock-card": "/stock/C-110" };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(server.at + path);
    await page.waitForLoadState("networkidle").catch(() => {});
    await page.waitForTimeout(1_200);
    await page.screenshot({ path: `${folder}/${name}.png` });
  }
} finally {
  await browser.close();
  await server.end();
}
