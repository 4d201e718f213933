import { defineConfig } from "vitest/config";

/** Walks through the real binary in a real browser: one server and one browser for each file. */
export default defineConfig({
  test: {
    include: ["walks/**/*.walk.ts"],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // What is waited for comes late on a machine that does other things as well.
    expect: { poll: { timeout: 15_000, interval: 100 } },
    fileParallelism: false,
    bail: 0,
  },
});
