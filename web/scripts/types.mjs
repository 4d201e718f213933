// Makes src/api/schema.d.ts from the OpenAPI document of a built server.
//   node scripts/types.mjs [--check] [BINARY]
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";

const args = process.argv.slice(2);
const isCheck = args[0] === "--check" && args.shift();
const binary = args[0] ?? process.env.LOTBOOK ?? new URL("../../target/debug/lotbook", import.meta.url).pathname;
const document = JSON.parse(execFileSync(binary, ["openapi"], { maxBuffer: 1 << 26, encoding: "utf8" }));
const head = "// Made by `npm run types` from the server's OpenAPI document. Not edited by hand.\n\n";
const text = head + astToString(await openapi(document));
const file = new URL("../src/api/schema.d.ts", import.meta.url);
if (!isCheck) {
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  console.error("src/api/schema.d.ts is not what the server's OpenAPI document says: run `npm --prefix web run types`");
  process.exit(1);
}
