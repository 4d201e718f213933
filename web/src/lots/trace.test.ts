import { describe, expect, it } from "vitest";
import { csv, linked, type TraceAnswer, withRoot } from "./trace";

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
      "fromLot,fromProduct,toLot,toProduct,quantity,unit,firstAt,lastAt,records",
      'MILK,Milk,CREAM,"Cream, whole",5,lb,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,2',
    ]);
  });
});
