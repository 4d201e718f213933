// Collects the strings of the pages into locales/en.json: what a translator copies and fills.
//   node scripts/strings.mjs [--check]
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const found = new Set();
for (const name of readdirSync(join(root, "src"), { recursive: true })) {
  if (!/\.tsx?$/.test(name) || /\.test\.ts$/.test(name)) continue;
  const text = readFileSync(join(root, "src", name), "utf8");
  for (const [, key] of text.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)) found.add(JSON.parse(key));
}
const file = join(root, "locales/en.json");
const want = `${JSON.stringify(Object.fromEntries([...found].sort().map((key) => [key, key])), null, 2)}\n`;
if (process.argv[2] !== "--check") {
  writeFileSync(file, want);
  console.log(`${found.size} strings`);
} else if (readFileSync(file, "utf8") !== want) {
  console.error("locales/en.json is not what the pages say: run `npm --prefix web run strings`");
  process.exit(1);
}
