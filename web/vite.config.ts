import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Beside each text file of the build its compressed forms, so that the server never compresses. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    enforce: "post",
    // After everything else has had its hand on the files.
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css|svg|webmanifest)$/.test(name)) continue;
        const path = join(dir ?? "dist", name);
        const bytes = readFileSync(path);
        if (bytes.length < 1024) continue;
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

const server = process.env.LOTBOOK_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false, rolldownOptions: { onwarn: (warning, next) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && next(warning) } },
  plugins: [precompress()],
  server: { proxy: { "/v1": server, "/script": server, "/docs": server } },
  test: { include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
