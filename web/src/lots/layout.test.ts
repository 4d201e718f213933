import { describe, expect, it } from "vitest";
import { layout, NODE_HEIGHT, NODE_WIDTH, type Wanted } from "./layout";
import { csv, type TraceAnswer } from "./trace";

/** Ten layers of a hundred lots, each made of three of the layer before. */
function factory(): Wanted {
  const nodes = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
  const edges = nodes.slice(100).flatMap((to, index) => [0, 31, 62].map((step) => ({ from: `n${Math.floor(index / 100) * 100 + ((index * 7 + step) % 100)}`, to })));
  return { nodes, edges };
}

/** Whether two nodes lie on each other. */
function overlaps(places: { x: number; y: number }[]): boolean {
  const sorted = places.toSorted((a, b) => a.x - b.x || a.y - b.y);
  return sorted.some((one, at) => {
    const next = sorted[at + 1];
    return next !== undefined && Math.abs(next.x - one.x) < NODE_WIDTH && Math.abs(next.y - one.y) < NODE_HEIGHT;
  });
}

describe("the layout of the trace graph", () => {
  it("goes from left to right, with each edge from side to side", () => {
    const { nodes, edges, width, height } = layout({ nodes: ["milk", "salt", "batch", "cup"], edges: [{ from: "milk", to: "batch" }, { from: "salt", to: "batch" }, { from: "batch", to: "cup" }, { from: "salt", to: "cup" }] });
    const [milk, batch, cup] = [nodes.milk, nodes.batch, nodes.cup];
    if (!milk || !batch || !cup) throw new Error("all have a place");
    expect(milk.x < batch.x && batch.x < cup.x).toBe(true);
    expect(edges[0]?.[0]).toEqual({ x: milk.x + NODE_WIDTH / 2, y: milk.y });
    expect(edges[0]?.at(-1)).toEqual({ x: batch.x - NODE_WIDTH / 2, y: batch.y });
    // Salt's way to the cup passes the batch's layer, and not through the batch.
    expect(edges[3]).toHaveLength(4);
    expect(Math.abs((edges[3]?.[1]?.y ?? 0) - batch.y)).toBeGreaterThan(NODE_HEIGHT / 2);
    for (const place of Object.values(nodes)) expect(place.x > 0 && place.y > 0 && place.x < width && place.y < height).toBe(true);
  });

  it("puts a lone ingredient right before what it went into", () => {
    const { nodes } = layout({ nodes: ["a", "b", "c", "late"], edges: [{ from: "a", to: "b" }, { from: "b", to: "c" }, { from: "late", to: "c" }] });
    expect(nodes.late?.x).toBe(nodes.b?.x);
  });

  it("has no crossing where none is needed", () => {
    const { nodes } = layout({ nodes: ["p", "q", "x", "y"], edges: [{ from: "p", to: "y" }, { from: "q", to: "x" }] });
    expect((nodes.p?.y ?? 0) < (nodes.q?.y ?? 0)).toBe((nodes.y?.y ?? 0) < (nodes.x?.y ?? 0));
  });

  it("bears circles, loops, and nothing at all", () => {
    const { nodes, edges } = layout({ nodes: ["a", "b"], edges: [{ from: "a", to: "b" }, { from: "b", to: "a" }, { from: "a", to: "a" }] });
    expect(nodes.a?.x).not.toBe(nodes.b?.x);
    expect(edges.every((points) => points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))).toBe(true);
    expect(layout({ nodes: [], edges: [] })).toMatchObject({ width: 0 });
  });

  it("of 1,000 lots and 2,700 edges is done in time, with no lot on another", () => {
    const placed = layout(factory());
    expect(overlaps(Object.values(placed.nodes))).toBe(false);
    // The bound of the page is 1.5 s.
    expect(placed.tookMs).toBeLessThan(1_500);
    console.log(`1,000 lots, 2,700 edges: ${Math.round(placed.tookMs)} ms`);
  });

  it("of a chain of 5,000 lots needs no deep stack", () => {
    const nodes = Array.from({ length: 5_000 }, (_, at) => `n${at}`);
    expect(layout({ nodes, edges: nodes.slice(1).map((to, at) => ({ from: `n${at}`, to })) }).nodes.n4999?.x).toBeGreaterThan(1_000_000);
  });
});

describe("a trace", () => {
  it("is written as a table", () => {
    const lot = (id: number) => ({ id, uid: `U${id}`, name: `L,${id}` });
    const trace: TraceAnswer = {
      root: lot(1), truncated: false, position: 1,
      nodes: [1, 2].map((id) => ({ lot: lot(id), product: { id, identifier: `P${id}` }, quantity: 1, unit: "kg", depth: id - 1, terminal: false })),
      edges: [{ from: "U1", to: "U2", quantity: 2.5, unit: "kg", records: ["r"], firstAt: "2026-01-01", lastAt: "2026-01-02" }],
    };
    expect(csv(trace).split("\r\n")[1]).toBe('"L,1",P1,"L,2",P2,2.5,kg,2.5,kg,2026-01-01,2026-01-02,1');
  });
});
