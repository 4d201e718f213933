//! The plant's operations, one for each valve and each habit.

use lotbook_engine::Error;
use lotbook_engine::thing::value::{Record, Value};

use super::METER_MAX;
use crate::demo::clerk::{Clerk, fields, text};

/// An operation that a valve starts and stops, with a meter that counts.
fn by_valve(name: String, kind: &str, tags: &str) -> Record {
    let tag = |name: &str| text(format!("{{[default]Plant/{tags}/{name}}}"));
    let mut operation = fields(&[
        ("name", text(name)),
        ("operationType", text(kind)),
        ("startTriggerExpression", tag("Valve")),
        ("stopTriggerExpression", tag("Valve")),
        ("quantityExpression", tag("Meter")),
        ("quantityOverflowValue", Value::Number(METER_MAX.to_string())),
        ("createLotIfNotFound", Value::Bool(true)),
    ]);
    if kind != "CONSUME" {
        operation.push(("primaryLotResolutionStrategy".to_owned(), text("EXPRESSION")));
        operation.push(("primaryLotCodeExpression".to_owned(), tag("Lot")));
    }
    operation
}

/// One that people do.
fn by_hand(name: impl Into<String>, kind: &str) -> Record {
    fields(&[
        ("name", text(name.into())),
        ("operationType", text(kind)),
        ("triggerSource", text("MANUAL")),
        ("quantitySource", text("MANUAL")),
    ])
}

fn with(mut operation: Record, pairs: &[(&str, &str)]) -> Record {
    operation.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), text(*value))));
    operation
}

/// What the separator works on is named by its batch.
fn with_batch(operation: Record) -> Record {
    with(
        operation,
        &[
            ("process", "Separate milk"),
            ("secondaryMaterial", "Standardized milk"),
            ("secondaryLotResolutionStrategy", "EXPRESSION"),
            ("secondaryLotCodeExpression", "{[default]Plant/Processing/Separator/Batch}"),
        ],
    )
}

pub(super) fn make(clerk: Clerk<'_>) -> Result<(), Error> {
    // A cup holds half a pound.
    clerk.make(
        "unit-conversions",
        vec![fields(&[
            ("from", text("pcs")),
            ("to", text("lb")),
            ("product", text("Cream")),
            ("numerator", Value::Number("1".to_owned())),
            ("denominator", Value::Number("2".to_owned())),
        ])],
    )?;
    let separator = "Plant/Processing/Separator";
    let mut operations = Vec::new();
    for silo in 1..=3 {
        let place = format!("Plant/Receiving/Silos/Silo{silo}");
        let bay = if silo == 3 { "Plant/Receiving/Bay2" } else { "Plant/Receiving/Bay1" };
        let receive = by_valve(format!("Receive into Silo{silo}"), "RECEIVE", &format!("Receiving/Silo{silo}"));
        operations.push(with(
            receive,
            &[("sourceLocation", bay), ("destinationLocation", &place), ("material", "Milk"), ("unitOfMeasure", "lb")],
        ));
        let feed = by_valve(format!("Feed from Silo{silo}"), "CONSUME", &format!("Processing/Feed{silo}"));
        operations.push(with(
            with_batch(feed),
            &[
                ("primaryLotResolutionStrategy", "FROM_LOCATION"),
                ("sourceLocation", &place),
                ("destinationLocation", separator),
                ("material", "Milk"),
                ("unitOfMeasure", "lb"),
            ],
        ));
        let back = by_hand(format!("Feed back to Silo{silo}"), "UNCONSUME");
        operations.push(with(
            back,
            &[
                ("primaryLotResolutionStrategy", "MANUAL"),
                ("secondaryLotResolutionStrategy", "MANUAL"),
                ("secondaryMaterial", "Standardized milk"),
                ("sourceLocation", separator),
                ("destinationLocation", &place),
                ("material", "Milk"),
            ],
        ));
        let clean = by_hand(format!("Clean Silo{silo}"), "SCRAP_ALL");
        operations.push(with(clean, &[("sourceLocation", &place), ("reasonCode", "cleaning")]));
    }
    for tank in 1..=2 {
        for (product, tanker, silo) in
            [("Cream", "Cream by tanker", "CreamSilo"), ("Skim milk", "Skim milk by tanker", "SkimSilo")]
        {
            let place = format!("Plant/Processing/{silo}{tank}");
            let mut fill = by_valve(format!("Fill {silo}{tank}"), "PRODUCE", &format!("Processing/{silo}{tank}"));
            // An order is for cream; skim milk is what is left.
            fill.push(("incrementProductionOrderCount".to_owned(), Value::Bool(product == "Cream")));
            operations.push(with(
                with_batch(fill),
                &[
                    ("sourceLocation", separator),
                    ("destinationLocation", &place),
                    ("material", product),
                    ("unitOfMeasure", "lb"),
                ],
            ));
            let ship = by_hand(format!("Ship {silo}{tank}"), "SHIP");
            let mut ship = with(
                ship,
                &[
                    ("primaryLotResolutionStrategy", "MANUAL"),
                    ("secondaryLotResolutionStrategy", "MANUAL"),
                    ("secondaryMaterial", tanker),
                    ("sourceLocation", &place),
                    ("destinationLocation", "Plant/Shipping/Dock"),
                    ("material", product),
                ],
            );
            ship.push(("createLotIfNotFound".to_owned(), Value::Bool(true)));
            operations.push(ship);
        }
        let sample = by_hand(format!("Sample CreamSilo{tank}"), "SCRAP");
        let place = format!("Plant/Processing/CreamSilo{tank}");
        operations.push(with(
            sample,
            &[
                ("primaryLotResolutionStrategy", "FROM_LOCATION"),
                ("sourceLocation", &place),
                ("material", "Cream"),
                ("reasonCode", "sample"),
            ],
        ));
        operations.push(with(
            by_hand(format!("Fill cups from CreamSilo{tank}"), "PRODUCE"),
            &[
                ("primaryLotResolutionStrategy", "MANUAL"),
                ("secondaryLotResolutionStrategy", "MANUAL"),
                ("secondaryMaterial", "Cream"),
                ("sourceLocation", &place),
                ("destinationLocation", "Plant/Stores/Cold store"),
                ("material", "Cream cup 8 oz"),
                ("unitOfMeasure", "pcs"),
            ],
        ));
    }
    let salt = fields(&[
        ("name", text("Dose salt")),
        ("operationType", text("RECEIVE_AND_CONSUME")),
        ("startTriggerExpression", text("{[default]Plant/Processing/SaltPoint/Running}")),
        ("stopTriggerExpression", text("{[default]Plant/Processing/SaltPoint/Running}")),
        ("quantityExpression", text("{[default]Plant/Processing/SaltPoint/Dose}")),
        ("quantityCalcType", text("DIRECT")),
        ("primaryLotResolutionStrategy", text("AUTO_GENERATE")),
        ("createLotIfNotFound", Value::Bool(true)),
    ]);
    operations.push(with(
        with_batch(salt),
        &[
            ("sourceLocation", "Plant/Processing/SaltPoint"),
            ("destinationLocation", separator),
            ("material", "Salt"),
            ("unitOfMeasure", "lb"),
        ],
    ));
    operations.push(with(
        by_hand("Add culture", "CONSUME"),
        &[
            ("primaryLotResolutionStrategy", "FROM_LOCATION"),
            ("secondaryLotResolutionStrategy", "MANUAL"),
            ("secondaryMaterial", "Standardized milk"),
            ("sourceLocation", "Plant/Stores/Cultures"),
            ("destinationLocation", separator),
            ("material", "Culture"),
        ],
    ));
    operations.push(with(
        by_hand("Return culture", "RETURN"),
        &[
            ("primaryLotResolutionStrategy", "MANUAL"),
            ("sourceLocation", "Plant/Stores/Cultures"),
            ("material", "Culture"),
        ],
    ));
    operations.push(with(
        by_hand("Clean separator", "SCRAP_ALL"),
        &[("sourceLocation", separator), ("reasonCode", "cleaning")],
    ));
    clerk.make("operations", operations).map(drop)
}
