/** What catalog records people keep, and the fields of their forms. */
import { t } from "../i18n";

export type FieldKind = "text" | "area" | "number" | "check" | "choice" | "ref" | "names" | "date";

export interface FieldSpec {
  name: string;
  label: string;
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

const same = (...values: string[]) => values.map((value) => [value, value] as const);

export function kinds(): KindSpec[] {
  const name: FieldSpec = { name: "name", label: t("Name"), kind: "text", isRequired: true };
  const text = (name: string, label: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, label, kind: "text", ...more });
  const ref = (name: string, label: string, of: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, label, kind: "ref", of, ...more });
  const check = (name: string, label: string, start = false): FieldSpec => ({ name, label, kind: "check", start });
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
        { name: "barcodes", label: t("Barcodes, one a line"), kind: "names" },
        check("hasVariants", t("Comes in variants")), check("isEnabled", t("May be used in new lines"), true),
      ],
    },
    {
      name: "variants", title: t("Variants"), one: t("variant"), about: t("Sizes, colours, packings of a product."),
      columns: ["identifier", "name", "product", "isEnabled"],
      fields: [ref("product", t("Product"), "products", { isRequired: true, isFixed: true }), text("identifier", t("Identifier"), { isRequired: true }), text("name", t("Name")), { name: "barcodes", label: t("Barcodes, one a line"), kind: "names" }, check("isEnabled", t("May be used in new lines"), true)],
    },
    {
      name: "categories", title: t("Categories"), one: t("category"), about: t("A tree that groups products."),
      columns: ["path"], fields: [name, ref("parent", t("Below"), "categories")],
    },
    {
      name: "locations", title: t("Locations"), one: t("location"), about: t("Where stock stands: org units, rooms, shelves, machines."),
      columns: ["path", "type", "isOrgUnit", "isDefault", "lotUseStrategy", "isEnabled"],
      fields: [
        name, ref("parent", t("Below"), "locations"),
        { name: "type", label: t("Type"), kind: "choice", options: same("enterprise", "company", "site", "area", "line", "cellGroup", "cell", "unit", "orgUnit", "shelf"), start: "shelf" },
        check("isOrgUnit", t("Is an org unit with stock of its own")), check("isDefault", t("Is the default location of its org unit")),
        { name: "lotUseStrategy", label: t("Which lot is used first"), kind: "choice", options: same("FIFO", "LIFO", "FEFO", "MANUAL"), start: "FIFO" },
        { name: "capacity", label: t("Capacity"), kind: "number" }, check("isEnabled", t("May be used in new lines"), true),
      ],
    },
    { name: "units", title: t("Units"), one: t("unit"), about: t("What quantities are counted in."), columns: ["symbol", "name"], fields: [text("symbol", t("Symbol"), { isRequired: true }), name] },
    {
      name: "unit-conversions", title: t("Conversions"), one: t("conversion"), about: t("How one unit becomes another."), columns: ["from", "to", "numerator", "denominator", "product"],
      fields: [ref("from", t("From"), "units", { isRequired: true }), ref("to", t("To"), "units", { isRequired: true }), { name: "numerator", label: t("Numerator"), kind: "number", isRequired: true }, { name: "denominator", label: t("Denominator"), kind: "number", isRequired: true }, ref("product", t("Only for product"), "products")],
    },
    {
      name: "parties", title: t("Customers and suppliers"), one: t("party"), about: t("Whom goods come from and go to."), columns: ["code", "name", "roles"],
      fields: [text("code", t("Code"), { isRequired: true }), name, { name: "roles", label: t("Roles, one a line: customer, supplier"), kind: "names" }],
    },
    {
      name: "journals", title: t("Journals"), one: t("journal"), about: t("What collects lines until they are booked."), columns: ["name", "kind", "isAutoBook", "isHidden", "orgUnit", "series"],
      fields: [
        name, { name: "kind", label: t("Kind"), kind: "choice", options: [["Delivery", t("Deliveries, in and out")], ["Settlement", t("Stocktaking")], ["InternalTransfer", t("Transfers")], ["InternalUse", t("Own use")], ["Shrinkage", t("Losses")], ["Complaint", t("Complaints")]], start: "Delivery", isFixed: true },
        { name: "description", label: t("Description"), kind: "area" }, check("isAutoBook", t("Books its lines by itself")), check("isHidden", t("Hidden in lists")),
        ref("orgUnit", t("Org unit"), "locations"), ref("series", t("Number series"), "series"),
      ],
    },
    { name: "series", title: t("Number series"), one: t("series"), about: t("Which numbers vouchers get."), columns: ["name", "from", "to"], fields: [name, { name: "from", label: t("From"), kind: "number", isRequired: true }, { name: "to", label: t("To"), kind: "number", isRequired: true }] },
    { name: "reason-codes", title: t("Reasons"), one: t("reason"), about: t("Why goods were lost, used or returned."), columns: ["name", "isEnabled"], fields: [name, check("isEnabled", t("May be used in new lines"), true)] },
    {
      name: "instances", title: t("Serial numbers"), one: t("serial number"), about: t("Single pieces that are followed one by one."), columns: ["identifier", "product", "status"],
      fields: [ref("product", t("Product"), "products", { isRequired: true, isFixed: true }), text("identifier", t("Serial number"), { isRequired: true })],
    },
  ];
}

export function kindNamed(name: string): KindSpec {
  const found = kinds().find((kind) => kind.name === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}
