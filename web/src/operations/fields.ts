/** The fields of an operation, in the four sections of its form. */
import { t } from "../i18n";
import type { FieldSpec } from "../settings/kinds";

export type Values = Record<string, string | boolean>;

export interface OperationField extends FieldSpec {
  /** A formula over tags, which is tried while one types. */
  isExpression?: boolean;
  /** Where the field means something; always, if left out. */
  when?: (values: Values) => boolean;
  wide?: boolean;
}

export interface Section {
  name: string;
  title: string;
  about: string;
  fields: OperationField[];
}

export const TYPES = ["CONSUME", "UNCONSUME", "PRODUCE", "SCRAP", "SCRAP_ALL", "RETURN", "RECEIVE", "RECEIVE_AND_CONSUME", "SHIP"] as const;

export function typeName(type: string): string {
  const names: Record<string, string> = {
    CONSUME: t("use"), UNCONSUME: t("give back"), PRODUCE: t("make"), SCRAP: t("scrap"), SCRAP_ALL: t("scrap all"), RETURN: t("return"), RECEIVE: t("receive"),
    RECEIVE_AND_CONSUME: t("receive and use"), SHIP: t("ship"), MOVE: t("move"), SPLIT: t("split"), MERGE: t("merge"), STATUS_CHANGE: t("change of status"), EDIT: t("edit"),
  };
  return names[type] ?? type;
}

export function sections(): Section[] {
  const formula = (name: string, label: string, when?: (values: Values) => boolean): OperationField => ({ name, label, kind: "text", isExpression: true, wide: true, ...(when && { when }) });
  const ref = (name: string, label: string, of: string, when?: (values: Values) => boolean): OperationField => ({ name, label, kind: "ref", of, ...(when && { when }) });
  const choice = (name: string, label: string, options: (readonly [string, string])[], start: string, when?: (values: Values) => boolean): OperationField => ({ name, label, kind: "choice", options, start, ...(when && { when }) });
  const edges = (): (readonly [string, string])[] => [["RISING_EDGE", t("when it becomes true")], ["FALLING_EDGE", t("when it becomes false")], ["CHANGE", t("whenever it changes")]];
  const strategies = (): (readonly [string, string])[] => [["AUTO_GENERATE", t("a new lot, named by the server")], ["EXPRESSION", t("named by an expression")], ["MANUAL", t("told at the start")], ["FROM_LOCATION", t("what stands at the source")]];
  const byTags = (values: Values) => values.triggerSource === "EXPRESSION";
  const counted = (values: Values) => values.operationType !== "SCRAP_ALL";
  const byFormula = (values: Values) => counted(values) && values.quantitySource === "EXPRESSION";
  return [
    {
      name: "general", title: t("General"), about: t("What it is called and what it does."),
      fields: [
        { name: "name", label: t("Name"), kind: "text", isRequired: true },
        choice("operationType", t("What it does"), TYPES.map((type) => [type, typeName(type)] as const), "CONSUME"),
        ref("reasonCode", t("Reason"), "reason-codes"),
        { name: "notes", label: t("Notes; they go along with each run"), kind: "area", wide: true },
        { name: "isEnabled", label: t("May be started"), kind: "check", start: true },
        { name: "incrementProductionOrderCount", label: t("What it makes counts for the production order"), kind: "check" },
        { name: "spare1", label: t("Free field 1"), kind: "text" },
        { name: "spare2", label: t("Free field 2"), kind: "text" },
        { name: "spare3", label: t("Free field 3"), kind: "text" },
      ],
    },
    {
      name: "trigger", title: t("Trigger"), about: t("What starts and stops it, beside people and scripts."),
      fields: [
        choice("triggerSource", t("Started by"), [["EXPRESSION", t("tags")], ["MANUAL", t("people and scripts only")], ["PARENT", t("its production order")]], "EXPRESSION"),
        formula("startTriggerExpression", t("Starts by"), byTags),
        choice("startTriggerType", t("It starts"), edges(), "RISING_EDGE", byTags),
        formula("stopTriggerExpression", t("Stops by"), byTags),
        choice("stopTriggerType", t("It stops"), edges(), "FALLING_EDGE", byTags),
      ],
    },
    {
      name: "movement", title: t("Movement"), about: t("What moves, from where to where, and how much."),
      fields: [
        ref("sourceLocation", t("Takes from"), "locations"),
        ref("destinationLocation", t("Brings to"), "locations"),
        choice("materialSource", t("Which product"), [["STATIC", t("always the same")], ["EXPRESSION", t("named by an expression")], ["MANUAL", t("told at the start")], ["PARENT", t("that of its production order")]], "STATIC"),
        ref("material", t("Product"), "products", (values) => values.materialSource === "STATIC"),
        formula("materialExpression", t("Product by"), (values) => values.materialSource === "EXPRESSION"),
        ref("secondaryMaterial", t("Product on the other side"), "products"),
        choice("quantitySource", t("How much"), [["EXPRESSION", t("said by an expression")], ["MANUAL", t("told at the end")]], "EXPRESSION", counted),
        formula("quantityExpression", t("Quantity by"), byFormula),
        choice("quantityCalcType", t("The expression is"), [["DELTA", t("a counter that rises")], ["DIRECT", t("the quantity itself")]], "DELTA", byFormula),
        { name: "quantityOverflowValue", label: t("The counter returns to 0 at"), kind: "number", when: (values) => byFormula(values) && values.quantityCalcType === "DELTA" },
        choice("unitOfMeasureResolutionStrategy", t("Unit"), [["STATIC", t("the one below")], ["FROM_CONTEXT", t("the product's own")]], "STATIC", counted),
        ref("unitOfMeasure", t("Counted in"), "units", (values) => counted(values) && values.unitOfMeasureResolutionStrategy === "STATIC"),
      ],
    },
    {
      name: "lots", title: t("Lot handling"), about: t("Which lots it is about, and what the row of stock is called."),
      fields: [
        choice("primaryLotResolutionStrategy", t("Lot"), strategies(), "AUTO_GENERATE"),
        formula("primaryLotCodeExpression", t("Lot named by"), (values) => values.primaryLotResolutionStrategy === "EXPRESSION"),
        choice("secondaryLotResolutionStrategy", t("Lot on the other side"), strategies(), "AUTO_GENERATE"),
        formula("secondaryLotCodeExpression", t("Lot on the other side named by"), (values) => values.secondaryLotResolutionStrategy === "EXPRESSION"),
        { name: "createLotIfNotFound", label: t("Lots that do not exist are made"), kind: "check" },
        choice("inventoryNameResolutionStrategy", t("Name of the row of stock"), [["STATIC", t("always the same, or none")], ["EXPRESSION", t("named by an expression")], ["MANUAL", t("told at the start")], ["AUTO_GENERATE", t("named by the server")]], "STATIC"),
        { name: "inventoryName", label: t("Row of stock"), kind: "text", when: (values) => values.inventoryNameResolutionStrategy === "STATIC" },
        formula("inventoryNameExpression", t("Row of stock named by"), (values) => values.inventoryNameResolutionStrategy === "EXPRESSION"),
      ],
    },
  ];
}

export const allFields = (): OperationField[] => sections().flatMap((section) => section.fields);
