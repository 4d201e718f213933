//! `system.mes.productionOrder`: how much of a material is to be made, and was.

use lotbook_engine::thing::kept::Which;
use lotbook_engine::thing::{Value, kinds};

use crate::http::script::declare::{REFERENCES, SPARE, VALIDATED, deletes, finds, plain, reads, takes};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::function::{Family, Parameter, Type, template};
use crate::http::script::permission::permissions;

const GET: &str = "PRODUCTION_ORDER.READ.GET";

const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "Its number or name. Unique."),
    Parameter::required("productId", Type::Id, "The material to be made.").also(&["productPath"]),
    Parameter::optional("customerId", Type::Id, "Who ordered it."),
    Parameter::optional("locationId", Type::Id, "Where it is to be made.").also(&["locationPath"]),
    Parameter::optional(
        "status",
        Type::Word(&["IDLE", "SCHEDULED", "RUNNING", "PAUSED", "STOPPED", "CLOSED", "CANCELLED"]),
        "Where it is in its life.",
    )
    .preset("\"IDLE\""),
    Parameter::optional("schedulePriority", Type::Word(&["LOW", "NORMAL", "HIGH", "URGENT"]), "How urgent it is.")
        .preset("\"NORMAL\""),
    Parameter::optional("quantity", Type::Number, "How much is to be made.").preset("0.0"),
    Parameter::optional("quantityProduced", Type::Number, "How much was made; operations count it.").preset("0.0"),
    Parameter::optional("quantityScheduled", Type::Number, "How much is scheduled.").preset("0.0"),
    Parameter::optional("startDate", Type::Time, "When it is to begin."),
    Parameter::optional("endDate", Type::Time, "When it is to end."),
    Parameter::optional("dueDate", Type::Time, "When it has to be ready."),
    Parameter::optional("unitOfMeasureId", Type::Id, "What its quantities are counted in; the material's base unit.")
        .also(&["unitOfMeasureName"]),
    Parameter::optional("shiftRecordId", Type::Id, "Taken for older scripts; without effect."),
    Parameter::optional("id", Type::Id, "The order to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be worked on.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
    Parameter::optional("productName", Type::Text, "As it was answered; not read.").hidden(),
    Parameter::optional("locationName", Type::Text, "As it was answered; not read.").hidden(),
    Parameter::optional("propertyValues", Type::List, "As it was answered; not read.").hidden(),
    Parameter::optional("billOfMaterials", Type::List, "As it was answered; not read.").hidden(),
];

/// Production orders.
pub static ORDER: Entity = Entity {
    kind: &kinds::PRODUCTION_ORDERS,
    data: DATA,
    keys: &[
        ("name", Shows::Text("name")),
        ("productId", Shows::IdOf(&kinds::PRODUCTS, "product")),
        ("productName", Shows::NameOf(&kinds::PRODUCTS, "product")),
        ("customerId", Shows::IdOf(&kinds::PARTIES, "customer")),
        ("locationId", Shows::IdOf(&kinds::LOCATIONS, "location")),
        ("locationName", Shows::NameOf(&kinds::LOCATIONS, "location")),
        ("status", Shows::Word("status")),
        ("schedulePriority", Shows::Word("priority")),
        ("quantity", Shows::Decimal("quantity")),
        ("quantityProduced", Shows::Decimal("quantity_produced")),
        ("quantityScheduled", Shows::Decimal("quantity_scheduled")),
        ("startDate", Shows::Time("starts_at")),
        ("endDate", Shows::Time("ends_at")),
        ("dueDate", Shows::Time("due_at")),
        ("unitOfMeasureId", Shows::IdOf(&kinds::UNITS, "unit")),
        ("unitOfMeasureName", Shows::NameOf(&kinds::UNITS, "unit")),
        ("shiftRecordId", Shows::Of(|_| Value::Null)),
        ("propertyValues", Shows::Of(|_| Value::List(Vec::new()))),
        ("billOfMaterials", Shows::Of(|_| Value::List(Vec::new()))),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[
        ("productId", "product"),
        ("customerId", "customer"),
        ("locationId", "location"),
        ("unitOfMeasureId", "unitOfMeasure"),
    ],
    unread: &["shiftRecordId"],
    by: "name",
    prepare: None,
};

const ONE: Parameter =
    Parameter::required("idOrName", Type::Id, "The production order.").also(&["id", "productionOrderIdOrName"]);

/// The family.
pub static FAMILY: Family = Family {
    title: "Production orders",
    prefixes: &["system.mes.productionOrder"],
    functions: &[
        plain(
            &["newProductionOrder"],
            &[],
            "A template with every key and its default.",
            "the template",
            |session, _| Ok(template(session, DATA)),
        ),
        takes(
            &["saveProductionOrder"],
            DATA,
            "PRODUCTION_ORDER.WRITE.SAVE",
            "Makes an order, or changes the one with the given id. A quantityProduced that is sent replaces what was \
             counted; leave it out to go on counting.",
            "the order as it is then",
            |session, args| Box::pin(entity::save(session, args, &ORDER)),
        ),
        takes(
            &["validateProductionOrder"],
            DATA,
            "PRODUCTION_ORDER.READ.VALIDATE",
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &ORDER)),
        ),
        reads(&["getProductionOrder"], &[ONE], GET, "One order.", "the order, or nothing", |reader, args| {
            entity::one(reader, &ORDER, &args.needed("idOrName")?)
        }),
        reads(&["getAllProductionOrders"], &[], GET, "All orders by name.", "a list of orders", |reader, _| {
            entity::all(reader, &ORDER, Which::All)
        }),
        finds(&["findProductionOrders"], GET, "The orders that a query request asks for.", |reader, args| {
            entity::find(reader, &ORDER, &args)
        }),
        reads(
            &["getProductionOrderReferences"],
            &[ONE],
            GET,
            "What refers to an order.",
            REFERENCES,
            |reader, args| entity::references(reader, &ORDER, &args.needed("idOrName")?),
        ),
        deletes(
            &["deleteProductionOrder"],
            &[ONE],
            "PRODUCTION_ORDER.WRITE.DELETE",
            "Deletes an order that nothing refers to.",
            |session, args| Box::pin(async move { entity::delete(session, args.needed("idOrName")?, &ORDER).await }),
        ),
        plain(&["getProductionOrderPermissions"], &[], "The permissions of orders.", "a list of texts", |_, _| {
            Ok(permissions("PRODUCTION_ORDER"))
        }),
    ],
};
