import { describe, expect, it } from "vitest";
import { completions, type Family, functionNamed, paramsOf, parse, ScriptFault, table } from "./script";

const families: Family[] = [
  {
    title: "Inventory operations",
    prefixes: ["system.mes.inventory.operation", "system.mes.operation"],
    functions: ["getInventoryOperation", "findInventoryOperations"].map((name) => ({
      name: `system.mes.inventory.operation.${name}`, names: [name, "find"].slice(0, name.startsWith("find") ? 2 : 1), signature: `${name}(id)`, style: "positional" as const,
      parameters: [{ name: "id", also: [], type: "id", required: true, default: null, about: "Which." }], permission: null, about: "Finds.", returns: "it", throws: [],
    })),
  },
];

describe("a script", () => {
  it("is calls with literals, by place and by name", () => {
    const calls = parse("# look\nsystem.mes.a.find('Silo\\'s', 2.5, None, [1, True], quantity=-3, more={'x': \"y\"})\nsystem.mes.b.all()");
    expect(calls.map((call) => [call.method, call.positional, call.named, call.line])).toEqual([
      ["system.mes.a.find", ["Silo's", 2.5, null, [1, true]], { quantity: -3, more: { x: "y" } }, 2],
      ["system.mes.b.all", [], {}, 3],
    ]);
    expect(parse("f(**{'a': 1}, b=2)")[0]?.named).toEqual({ a: 1, b: 2 });
  });

  it("says where it cannot be read", () => {
    const fault = (source: string) => {
      try {
        parse(source);
      } catch (error) {
        return error instanceof ScriptFault ? [error.line, error.message] : error;
      }
      return null;
    };
    expect(fault("f(1)\ng(x")).toEqual([2, "x is not known here; write a text in quotes, a number, True, False, None, a list or a record"]);
    expect(fault("f('a")).toEqual([1, "the text is not closed"]);
    expect(fault("f(a=1, 2)")).toEqual([1, "what has no name comes before what has one"]);
    expect(fault("f")).toEqual([1, "expected (, found the end"]);
  });

  it("sends arguments in order, or all by name", () => {
    const known = functionNamed(families, "system.mes.operation.find");
    expect(known?.name).toContain("findInventoryOperations");
    const [first, second] = parse("f('A')\nf('A', more=1)");
    expect(first && paramsOf(first, known)).toEqual(["A"]);
    expect(second && paramsOf(second, known)).toEqual({ id: "A", more: 1 });
    expect(() => second && paramsOf(second, undefined)).toThrow("has no name");
  });

  it("is completed from the table of functions", () => {
    const at = (source: string, isAsked = false) => completions(families, source, source.length, isAsked).found.map((one) => one.label);
    expect(at("x\ngetInv")).toEqual(["getInventoryOperation(id)"]);
    expect(at("system.mes.inventory.operation.findInv")).toHaveLength(1);
    // The exact name stands first, also where it is another name of the function.
    expect(completions(families, "find", 4).found.map((one) => one.text)).toEqual(["system.mes.inventory.operation.find('')", "system.mes.inventory.operation.findInventoryOperations('')"]);
    expect(at("# find")).toEqual([]);
    expect(at("f('find")).toEqual([]);
  });

  it("is completed with the names of arguments that are not said yet", () => {
    const [family] = families;
    const parameter = (name: string, type: string, required = false) => ({ name, also: [], type, required, default: null, about: "It." });
    const one = { ...family?.functions[0], name: "system.mes.inventory.operation.start", names: ["start"], parameters: [parameter("name", "text", true), parameter("quantity", "number"), parameter("isQuiet", "boolean")] };
    const known = [{ ...family, functions: [one] }] as Family[];
    const at = (source: string, isAsked = false) => completions(known, source, source.length, isAsked);
    expect(at("system.mes.operation.start(", true).found.map((each) => each.text)).toEqual(["name=''", "quantity=", "isQuiet=True"]);
    expect(at("system.mes.operation.start('Fill', ", true).found.map((each) => each.label)).toEqual(["quantity", "isQuiet"]);
    expect(at("system.mes.operation.start(quantity=5, na").found).toMatchObject([{ text: "name=''", caret: 6, label: "name *" }]);
    expect(at("system.mes.operation.start(name=q").found).toEqual([]);
    expect(at("system.mes.operation.start('a', [1, q").found).toEqual([]);
    expect(at("system.mes.operation.start('a(', 2, ").inside).toMatchObject({ index: 2, named: [] });
    expect(at("system.mes.operation.start('a')\n").inside).toBeNull();
  });

  it("answers with tables where there are records", () => {
    expect(table([{ a: 1 }, { b: 2 }])).toEqual({ columns: ["a", "b"], rows: [[1, undefined], [undefined, 2]] });
    expect(table({ columns: ["a"], rows: [[1]] })).toEqual({ columns: ["a"], rows: [[1]] });
    expect(table([1, 2])).toBeNull();
  });
});
