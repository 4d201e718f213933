import { describe, expect, it } from "vitest";
import { csv, flowOf, isKnown, linked, merged, readOpened, type TraceAnswer, withRoot, writeOpened } from "./trace";

const lot = (id: number, name: string) => ({ id, uid: `U${id}`, name });
const answer: TraceAnswer = {
  root: lot(1, "CREAM"),
  nodes: [{ lot: lot(2, "MILK"), product: { id: 9, identifier: "Milk" }, quantity: 40, unit: "lb", depth: 1, terminal: true }],
  edges: [{ from: lot(2, "MILK"), to: lot(1, "CREAM"), quantity: 5, unit: "lb", records: ["R1", "R2"], firstAt: "2026-01-01T00:00:00Z", lastAt: "2026-01-02T00:00:00Z" }],
  truncated: false,
  position: 7,
};

describe("a trace", () => {
  it("has the lot that was asked for in it, with the edges to it", () => {
    expect(linked(answer)).toEqual([]);
    const whole = withRoot(answer, { id: 8, identifier: "Cream" });
    expect(whole.nodes.map((node) => node.lot.name)).toEqual(["CREAM", "MILK"]);
    expect(linked(whole).map(({ from, to }) => [from, to])).toEqual([["U2", "U1"]]);
    expect(withRoot(whole, { id: 8, identifier: "Cream" }).nodes).toHaveLength(2);
  });

  it("leaves as a table of its edges", () => {
    expect(csv(withRoot(answer, { id: 8, identifier: "Cream, whole" })).split("\r\n")).toEqual([
      "fromLot,fromProduct,toLot,toProduct,taken,takenUnit,quantity,unit,firstAt,lastAt,records",
      'MILK,Milk,CREAM,"Cream, whole",5,lb,5,lb,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,2',
    ]);
  });

  it("grows by the neighbours of a lot that is opened, and loses them where it is closed", () => {
    const base = withRoot(answer, { id: 8, identifier: "Cream" });
    const farm: TraceAnswer = {
      root: lot(2, "MILK"), truncated: false, position: 7,
      nodes: [{ lot: lot(3, "FARM"), product: { id: 10, identifier: "Raw" }, quantity: 40, unit: "lb", depth: -1, terminal: true }],
      edges: [{ from: lot(3, "FARM"), to: lot(2, "MILK"), quantity: 40, unit: "lb", records: ["R3"], firstAt: "2026-01-01T00:00:00Z", lastAt: "2026-01-01T00:00:00Z" }],
    };
    const grown = merged(base, [{ uid: "U2", way: "input", answer: farm }, { uid: "U9", way: "input", answer: farm }]);
    expect(grown.nodes.map((node) => node.lot.name)).toEqual(["CREAM", "MILK", "FARM"]);
    expect(linked(grown).map(({ from, to }) => [from, to])).toEqual([["U2", "U1"], ["U3", "U2"]]);
    expect(merged(grown, [{ uid: "U2", way: "input", answer: farm }]).edges).toHaveLength(2);
    expect(merged(base, []).nodes).toHaveLength(2);
  });

  it("says in the address what was opened", () => {
    const opened = [{ uid: "01M8-A.B", way: "input" as const }, { uid: "U2", way: "output" as const }];
    expect(readOpened(writeOpened(opened))).toEqual(opened);
    expect(readOpened("")).toEqual([]);
  });

  it("counts steps to where it came from below 0, as the API tells them with their direction", () => {
    const told: TraceAnswer = { ...answer, nodes: [{ ...(answer.nodes[0] as TraceAnswer["nodes"][number]), depth: 2, direction: "input", terminal: false }] };
    const [milk] = withRoot(told, { id: 8, identifier: "Cream" }).nodes.filter((node) => node.lot.name === "MILK");
    expect(milk?.depth).toBe(-2);
    expect(milk && isKnown(milk, "input", "both", 3)).toBe(true);
    expect(milk && isKnown(milk, "output", "both", 3)).toBe(false);
  });

  it("says what was taken and what was made of it where they are counted differently", () => {
    const edge = { from: "A", to: "B", quantity: 1600, unit: "pcs", taken: 800, takenUnit: "lb", records: [], firstAt: "", lastAt: "" };
    expect(flowOf(edge, String)).toBe("800 lb → 1600 pcs");
    expect(flowOf({ ...edge, taken: 1600, takenUnit: "pcs" }, String)).toBe("1600 pcs");
  });

  it("knows on which sides of a node more may come", () => {
    const node = { lot: lot(2, "MILK"), product: { id: 9, identifier: "Milk" }, quantity: 1, unit: "lb", depth: -2, terminal: false };
    expect(isKnown(node, "input", "both", 3)).toBe(true);
    expect(isKnown(node, "input", "both", 2)).toBe(false);
    expect(isKnown({ ...node, terminal: true }, "input", "both", 2)).toBe(true);
    expect(isKnown(node, "output", "both", 3)).toBe(false);
    expect(isKnown({ ...node, depth: 0 }, "output", "input", 3)).toBe(false);
  });
});
