/** Every word that people read comes from the catalogue of strings, where a translator finds it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = new URL(".", import.meta.url).pathname;

/** Attributes and properties that people read or hear. */
const SPOKEN = new Set(["alt", "title", "placeholder", "label", "about", "name", "text", "caption", "verb", "done", "hint", "why", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "aria-placeholder"]);
/** Only as attributes: elsewhere they are names of things. */
const SPOKEN_AS_ATTRIBUTE_ONLY = new Set(["name", "label", "text", "title", "done", "about", "hint", "why", "verb", "caption"]);
/** Attributes of plain elements that are for machines. */
const MACHINE = new Set(["input name", "textarea name", "select name", "form name", "meta name", "Field name", "Choice name", "Operate verb"]);
/** Names that are the same in every language. */
const NAMES = /^(Lotbook|default|Europe\/Berlin|mqtts:\/\/\S+|Ctrl|Ctrl [A-Z↵]|Ctrl Enter|https?:\/\/|CSV|JSON|EPCIS|MQTT|[A-Z]{1,4})$/;

const hasWords = (text: string): boolean => /\p{L}{2,}/u.test(text) && !NAMES.test(text.trim());

interface Seen {
  faults: string[];
  elements: number;
  strings: number;
}

/** The texts of an expression that would be shown: a literal, or the sides of a choice between some. */
function texts(node: ts.Expression | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [[node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(" ")];
  if (ts.isParenthesizedExpression(node)) return texts(node.expression);
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)];
  if (ts.isBinaryExpression(node) && [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.PlusToken].includes(node.operatorToken.kind)) return [...(node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? [] : texts(node.left)), ...texts(node.right)];
  return [];
}

function look(name: string, source: string): Seen {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const seen: Seen = { faults: [], elements: 0, strings: 0 };
  const fault = (node: ts.Node, text: string): void => {
    seen.faults.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}: ${text.trim()}`);
  };
  const each = (node: ts.Node, found: readonly string[]): void => found.filter(hasWords).forEach((text) => fault(node, text));
  const visit = (node: ts.Node): void => {
    if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) seen.elements += 1;
    if (ts.isJsxText(node)) each(node, [node.text]);
    if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) each(node, texts(node.expression));
    if (ts.isJsxAttribute(node)) {
      const [attribute, element] = [node.name.getText(file), node.parent.parent.tagName.getText(file)];
      const value = node.initializer;
      if (SPOKEN.has(attribute) && !MACHINE.has(`${element} ${attribute}`) && value) each(node, ts.isStringLiteral(value) ? [value.text] : ts.isJsxExpression(value) ? texts(value.expression) : []);
    }
    if (ts.isPropertyAssignment(node)) {
      const property = ts.isStringLiteral(node.name) || ts.isIdentifier(node.name) ? node.name.text : "";
      if (SPOKEN.has(property) && !SPOKEN_AS_ATTRIBUTE_ONLY.has(property)) each(node, texts(node.initializer));
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression.getText(file);
      const first = node.arguments?.[0];
      if (callee === "t") {
        seen.strings += 1;
        // What is not one plain text here cannot be collected for translators.
        if (!first || !ts.isStringLiteral(first)) fault(node, `t(${first?.getText(file) ?? ""}) takes one text in quotes`);
      } else if (["say", "complain", "confirm", "alert"].includes(callee)) each(node, texts(first));
      else if (callee === "Problem") each(node, texts(node.arguments?.[2]));
      else if (callee === "ScriptFault") each(node, texts(node.arguments?.[1]));
      else if (callee === "fail") each(node, texts(first));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return seen;
}

describe("the words of the pages", () => {
  it("come from the catalogue of strings", () => {
    const files = readdirSync(root, { recursive: true }).map(String).filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$|\.d\.ts$/.test(name) && name !== "i18n.ts");
    const all = files.map((name) => look(name, readFileSync(join(root, name), "utf8")));
    expect(all.flatMap((one) => one.faults)).toEqual([]);
    expect(files.length).toBeGreaterThan(70);
    expect(all.reduce((sum, one) => sum + one.elements, 0)).toBeGreaterThan(1_000);
    expect(all.reduce((sum, one) => sum + one.strings, 0)).toBeGreaterThan(1_000);
  }, 60_000);

  it("are found where somebody forgot that", () => {
    const found = look("sample.tsx", `
      const view = <div title="Plain words"><p>Some text</p>{isOpen ? "Opened" : t("Closed")}<Button aria-label={why || "Press me"}>{t("Fine")}</Button><kbd>Ctrl K</kbd><input name="user" /><a href="/x">{name}</a></div>;
      say("Saved it");
      complain(new Problem(0, "code", "It is broken"));
      t(\`made \${of}\`);
      const option = { value: "machine", placeholder: "Type here" };
    `);
    expect(found.faults.map((one) => one.replace(/^sample\.tsx:\d+: /, ""))).toEqual(["Plain words", "Some text", "Opened", "Press me", "Saved it", "It is broken", "t(`made ${of}`) takes one text in quotes", "Type here"]);
  });
});
