import { describe, expect, it } from "vitest";
import { standing } from "./standing";

const head = { position: 622, hash: "", checkedFrom: 0, checkedTo: 622, isIntact: true, brokenAt: null };
const proof = (isSound: boolean, differences: number) => ({ isScrubbing: true, position: 622, running: null, lastRun: { isSound, differences, position: 600, finishedAt: new Date().toISOString(), checks: [] } });

describe("what is said of the ledger", () => {
  it("is green only where its content was computed anew and nothing differed, with how far and by whom", () => {
    expect(standing(head, undefined).kind).toBe("");
    expect(standing(head, { ...proof(true, 0), lastRun: null })).toEqual({ kind: "", text: "links hold; what is in the batches was not verified yet" });
    expect(standing(head, proof(true, 0))).toEqual({ kind: "good", text: "verified up to 600 by the server, just now" });
  });

  it("is red where the proof failed though all links hold, and where a link does not", () => {
    expect(standing(head, proof(false, 2))).toEqual({ kind: "bad", text: "2 differences found up to 600, just now" });
    expect(standing({ ...head, isIntact: false, brokenAt: 17 }, proof(true, 0))).toEqual({ kind: "bad", text: "the chain is broken at 17" });
  });
});
