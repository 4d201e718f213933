import { defineConfig } from "vitest/config";

/** Walks through the real binary in a real browser: one server and one browser for each file. */
export default defineConfig({
  test: {
    include: ["walks/**/*.walk.ts"],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    fileParallelism: false,
    bail: 0,
  },
});
