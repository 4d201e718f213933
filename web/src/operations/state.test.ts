import { describe, expect, it } from "vitest";
import { asks, branches, type OperationState, placeOf, whyNot } from "./state";

function operation(name: string, more: Partial<OperationState["operation"]> = {}, state: Partial<OperationState> = {}): OperationState {
  return {
    operation: {
      id: 1, uid: "U", name, operationType: "CONSUME", triggerSource: "MANUAL", quantitySource: "MANUAL", materialSource: "STATIC", primaryLotResolutionStrategy: "FROM_LOCATION",
      secondaryLotResolutionStrategy: "AUTO_GENERATE", isEnabled: true, sourceLocation: { id: 1, path: "Plant/A" }, destinationLocation: { id: 2, path: "Plant/B/C" }, material: null,
      secondaryMaterial: null, unitOfMeasure: null, ...more,
    },
    status: "IDLE", fault: null, run: null, soFar: null, soFarFault: null, problems: {}, ...state,
  };
}

describe("an operation", () => {
  it("stands where it takes from, or where it brings goods in", () => {
    expect(placeOf(operation("use"))).toBe("Plant/A");
    expect(placeOf(operation("make", { operationType: "PRODUCE" }))).toBe("Plant/B/C");
    expect(placeOf(operation("nowhere", { sourceLocation: null, destinationLocation: null }))).toBe("");
  });

  it("asks for what tags and settings do not say", () => {
    const byHand = operation("by hand", { primaryLotResolutionStrategy: "MANUAL", secondaryLotResolutionStrategy: "MANUAL" });
    expect(asks(byHand, "start")).toEqual(["lot"]);
    expect(asks(byHand, "stop")).toEqual(["quantity"]);
    expect(asks(byHand, "execute")).toEqual(["lot", "quantity"]);
    expect(asks(byHand, "cancel")).toEqual([]);
    expect(asks(operation("all", { operationType: "SCRAP_ALL" }), "execute")).toEqual([]);
    const metered = operation("metered", { quantitySource: "EXPRESSION" });
    expect(asks(metered, "stop")).toEqual([]);
    expect(asks({ ...metered, status: "FAULTED" }, "stop")).toEqual(["quantity"]);
  });

  it("says why something cannot be done now", () => {
    expect(whyNot(operation("idle"), "stop")).toBe("It does not run");
    expect(whyNot(operation("runs", {}, { status: "RUNNING" }), "start")).toBe("It runs already");
    expect(whyNot(operation("off", { isEnabled: false }), "start")).toBe("It is disabled");
    expect(whyNot(operation("bare", {}, { problems: { sourceLocation: ["is missing"] } }), "start")).toBe("sourceLocation is missing");
    expect(whyNot(operation("fine"), "start")).toBeNull();
    const uncounted = operation("uncounted", {}, { problems: { quantityExpression: ["is missing"] } });
    expect(whyNot(uncounted, "start")).toBe("quantityExpression is missing");
    expect(whyNot(uncounted, "execute")).toBeNull();
    const untriggered = operation("untriggered", {}, { problems: { startTriggerExpression: ["is missing"] } });
    expect(whyNot(untriggered, "start")).toBe("startTriggerExpression is missing");
  });

  it("hangs in the tree of locations, long ways taken together", () => {
    const [plant] = branches([operation("use"), operation("make", { operationType: "PRODUCE" }, { status: "RUNNING" })]);
    expect(plant).toMatchObject({ name: "Plant", total: 2, running: 1 });
    expect(plant?.children.map((child) => child.name)).toEqual(["A", "B / C"]);
  });
});
