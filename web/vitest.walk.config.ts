import { defineConfig } from "vitest/config";

/** Walks through the real binary in a real browser: one server and one browser for each file. */
export default defineConfig({
  test: {
    include: ["walks/**/*.walk.ts"],
    // What is waited for comes late on a machine that does other things as well: a walk of 5 s took 95 s where six
    // others wanted each of its processors.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000, interval: 100 } },
    fileParallelism: false,
    bail: 0,
  },
});
