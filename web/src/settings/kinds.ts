/** What catalog records people keep, and the fields of their forms. */
import { t } from "../i18n";

export type FieldKind = "text" | "area" | "number" | "check" | "choice" | "maybe" | "ref" | "names" | "date";

export interface FieldSpec {
  name: string;
  label: string;
  /** What a column of lists is called, where the label is too long for it. */
  short?: string;
  kind: FieldKind;
  options?: readonly (readonly [string, string])[];
  /** The list that a reference is looked up in. */
  of?: string;
  isRequired?: boolean;
  /** Only when it is made. */
  isFixed?: boolean;
  start?: unknown;
}

export interface KindSpec {
  name: string;
  title: string;
  one: string;
  about: string;
  fields: FieldSpec[];
  /** Names of fields that the list shows. */
  columns: string[];
}

/** What kinds of places there are, in the words of the plant. */
export function placeTypes(): (readonly [string, string])[] {
  return [
    ["enterprise", t("enterprise")], ["company", t("company")], ["site", t("site")], ["area", t("area")], ["line", t("line")], ["cellGroup", t("cell group")],
    ["cell", t("cell")], ["unit", t("unit of a line")], ["orgUnit", t("org unit")], ["shelf", t("shelf")],
  ];
}

function recordTypes(): (readonly [string, string])[] {
  return [
    ["", t("any use")], ["CONSUME", t("use")], ["UNCONSUME", t("give back")], ["PRODUCE", t("make")], ["MOVE", t("move")], ["SPLIT", t("split")], ["MERGE", t("merge")], ["SCRAP", t("scrap")],
    ["RETURN", t("return")], ["STATUS_CHANGE", t("change of status")], ["EDIT", t("edit")], ["RECEIVE", t("receive")], ["SHIP", t("ship")],
  ];
}

export function kinds(): KindSpec[] {
  const name: FieldSpec = { name: "name", label: t("Name"), kind: "text", isRequired: true };
  const text = (name: string, label: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, label, kind: "text", ...more });
  const ref = (name: string, label: string, of: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, label, kind: "ref", of, ...more });
  const check = (name: string, label: string, start = false, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, label, kind: "check", start, ...more });
  const isEnabled = check("isEnabled", t("May be used in new lines"), true, { short: t("In use") });
  return [
    {
      name: "products", title: t("Products"), one: t("product"), about: t("What stock is counted of."),
      columns: ["identifier", "name", "category", "unit", "tracking", "costing", "isEnabled"],
      fields: [
        text("identifier", t("Identifier"), { isRequired: true }), name,
        ref("category", t("Category"), "categories"), ref("unit", t("Unit"), "units", { isRequired: true }),
        { name: "tracking", label: t("Tracking"), kind: "choice", options: [["none", t("by quantity")], ["lot", t("by lot")], ["serial", t("by serial number")]], start: "none" },
        { name: "costing", label: t("Costing"), kind: "choice", options: [["average", t("moving average")], ["fifo", t("first in, first out")], ["standard", t("standard cost")], ["specific", t("cost of the lot")]], start: "average" },
        { name: "costPrice", label: t("Cost price"), kind: "number" }, { name: "salesPrice", label: t("Sales price"), kind: "number" },
        { name: "defaultCostPrice", label: t("Fallback cost price"), kind: "number" }, { name: "shelfLifeDays", label: t("Days until a new lot expires"), kind: "number" },
        { name: "barcodes", label: t("Barcodes, one a line"), kind: "names" }, { name: "description", label: t("Description"), kind: "area" },
        text("erpId", t("What another system calls it")),
        check("hasVariants", t("Comes in variants")), isEnabled,
      ],
    },
    {
      name: "variants", title: t("Variants"), one: t("variant"), about: t("Sizes, colours, packings of a product."),
      columns: ["identifier", "name", "product", "isEnabled"],
      fields: [ref("product", t("Product"), "products", { isRequired: true, isFixed: true }), text("identifier", t("Identifier"), { isRequired: true }), text("name", t("Name")), { name: "barcodes", label: t("Barcodes, one a line"), kind: "names" }, { name: "costPrice", label: t("Cost price"), kind: "number" }, { name: "salesPrice", label: t("Sales price"), kind: "number" }, isEnabled],
    },
    {
      name: "categories", title: t("Categories"), one: t("category"), about: t("A tree that groups products."),
      columns: ["path", "description", "isEnabled"], fields: [name, ref("parent", t("Below"), "categories"), { name: "description", label: t("Description"), kind: "area" }, isEnabled],
    },
    {
      name: "locations", title: t("Locations"), one: t("location"), about: t("Where stock stands: org units, rooms, shelves, machines."),
      columns: ["path", "type", "isOrgUnit", "isDefault", "lotUseStrategy", "isEnabled"],
      fields: [
        name, ref("parent", t("Below"), "locations"),
        { name: "type", label: t("Type"), kind: "choice", options: placeTypes(), start: "shelf" },
        check("isOrgUnit", t("Is an org unit with stock of its own"), false, { short: t("Org unit") }), check("isDefault", t("Is the default location of its org unit"), false, { short: t("Default") }),
        { name: "processType", label: t("What is done there"), kind: "choice", options: [["NONE", t("nothing")], ["STORAGE", t("storage")], ["CONTINUOUS", t("continuous process")], ["BATCH", t("batch process")], ["DISCRETE", t("discrete process")]], start: "NONE" },
        { name: "lotUseStrategy", label: t("Which lot is used first"), kind: "choice", options: [["FIFO", t("first in, first out")], ["LIFO", t("last in, first out")], ["FEFO", t("first expired, first out")]], start: "FIFO" },
        { name: "lotStorageStrategy", label: t("When another lot arrives"), kind: "choice", options: [["ALLOW_MULTIPLE", t("both stay, side by side")], ["ALLOW_SINGLE_OR_THROW", t("it is refused")], ["MERGE_INTO_PREVIOUS", t("it becomes part of the one there")], ["MERGE_INTO_NEW", t("the one there becomes part of it")], ["NO_STORAGE", t("nothing stays there")]], start: "ALLOW_MULTIPLE" },
        { name: "capacity", label: t("Capacity"), kind: "number" }, ref("capacityUnit", t("Unit of the capacity"), "units"),
        { name: "allowNegative", label: t("Stock below zero"), kind: "maybe", options: [["", t("as above it or as the setting says")], ["true", t("is allowed")], ["false", t("is refused")]] },
        { name: "description", label: t("Description"), kind: "area" }, isEnabled,
      ],
    },
    { name: "units", title: t("Units"), one: t("unit"), about: t("What quantities are counted in."), columns: ["symbol", "name", "isEnabled"], fields: [text("symbol", t("Symbol"), { isRequired: true }), name, isEnabled] },
    {
      name: "unit-conversions", title: t("Conversions"), one: t("conversion"), about: t("How one unit becomes another."), columns: ["from", "to", "numerator", "denominator", "product"],
      fields: [ref("from", t("From"), "units", { isRequired: true }), ref("to", t("To"), "units", { isRequired: true }), { name: "numerator", label: t("Numerator"), kind: "number", isRequired: true }, { name: "denominator", label: t("Denominator"), kind: "number", isRequired: true }, ref("product", t("Only for product"), "products"), isEnabled],
    },
    {
      name: "parties", title: t("Customers and suppliers"), one: t("party"), about: t("Whom goods come from and go to."), columns: ["code", "name", "roles"],
      fields: [text("code", t("Code"), { isRequired: true }), name, { name: "roles", label: t("Roles, one a line: customer, supplier"), kind: "names" }],
    },
    {
      name: "journals", title: t("Journals"), one: t("journal"), about: t("What collects lines until they are booked."), columns: ["name", "kind", "isAutoBook", "isHidden", "orgUnit", "series"],
      fields: [
        name, { name: "kind", label: t("Kind"), kind: "choice", options: [["Delivery", t("Deliveries, in and out")], ["Settlement", t("Stocktaking")], ["InternalTransfer", t("Transfers")], ["InternalUse", t("Own use")], ["Shrinkage", t("Losses")], ["Complaint", t("Complaints")]], start: "Delivery", isFixed: true },
        { name: "description", label: t("Description"), kind: "area" }, check("isAutoBook", t("Books its lines by itself"), false, { short: t("Books by itself") }), check("isHidden", t("For administrators only"), false, { short: t("Hidden") }), check("createFinanceEntries", t("Its bookings are for the general ledger")),
        ref("orgUnit", t("Org unit"), "locations"), ref("location", t("Usual location"), "locations"), ref("series", t("Number series"), "series"),
      ],
    },
    { name: "series", title: t("Number series"), one: t("series"), about: t("Which numbers vouchers get."), columns: ["name", "from", "to"], fields: [name, { name: "from", label: t("From"), kind: "number", isRequired: true }, { name: "to", label: t("To"), kind: "number", isRequired: true }] },
    { name: "reason-codes", title: t("Reasons"), one: t("reason"), about: t("Why goods were lost, used or returned."), columns: ["name", "recordType", "requiresComment", "isEnabled"], fields: [name, { name: "recordType", label: t("Only for"), kind: "choice", options: recordTypes(), start: "" }, check("requiresComment", t("Needs a note")), { name: "description", label: t("Description"), kind: "area" }, isEnabled] },
    {
      name: "instances", title: t("Serial numbers"), one: t("serial number"), about: t("Single pieces that are followed one by one."), columns: ["identifier", "product", "status"],
      fields: [ref("product", t("Product"), "products", { isRequired: true, isFixed: true }), text("identifier", t("Serial number"), { isRequired: true }), { name: "costPrice", label: t("Cost price"), kind: "number" }, { name: "notes", label: t("Notes"), kind: "area" }],
    },
  ];
}

export function kindNamed(name: string): KindSpec {
  const found = kinds().find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}
