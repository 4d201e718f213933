//! A batch as it is told: by the feed, its streams, and webhooks.

use lotbook_domain::id::{LocationId, MovementId};
use lotbook_domain::movement::ValueFactKind;
use lotbook_engine::query::feed::{CountUndone, Fact, Subject, Told, Value};
use lotbook_engine::structure::Structure;
use lotbook_engine::table::header::BatchKind;
use lotbook_engine::uid;
use serde::Serialize;
use serde_json::json;

use super::describe::{decimal, nullable, object, text, time, whole};
use super::form::Number;
use super::movement::{self, LotShown, PlaceShown};
use crate::http::native::openapi::{Api, schema_ref};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    pub position: i64,
    pub at: String,
    pub kind: &'static str,
    batch: String,
    booked_by: i64,
    reason: Option<String>,
    movements: Vec<movement::Shown>,
    values: Vec<ValueShown>,
    value_facts: Vec<FactShown>,
    value_facts_undone: Vec<FactShown>,
    counts_undone: Vec<CountShown>,
}

#[derive(Serialize)]
struct SubjectShown {
    product: ProductShown,
    variant: Option<i64>,
    lot: Option<LotShown>,
}

#[derive(Serialize)]
struct ProductShown {
    id: i64,
    identifier: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueShown {
    kind: &'static str,
    #[serde(flatten)]
    subject: SubjectShown,
    org_unit: PlaceShown,
    effective_at: String,
    counterpart: PlaceShown,
    amount: Number,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FactShown {
    kind: &'static str,
    /// The record's id.
    id: i64,
    line: i64,
    #[serde(flatten)]
    subject: SubjectShown,
    org_unit: PlaceShown,
    at: String,
    quantity: Number,
    #[serde(flatten)]
    said: Said,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Revaluation { value: Number },
    LandedCost { amount: Number, by: &'static str, movement: Option<i64> },
}

#[derive(Serialize)]
struct CountShown {
    id: i64,
    #[serde(flatten)]
    subject: SubjectShown,
    location: PlaceShown,
    at: String,
    quantity: Number,
    movement: Option<i64>,
}

fn show_subject(subject: Subject) -> SubjectShown {
    let ((product, identifier), (lot, lot_uid, name)) = (subject.product, subject.lot);
    SubjectShown {
        product: ProductShown { id: product.0, identifier },
        variant: (subject.variant.0 != 0).then_some(subject.variant.0),
        lot: (lot.0 != 0).then(|| LotShown { id: lot.0, uid: uid::print(&lot_uid), name }),
    }
}

fn place(structure: &Structure, id: LocationId) -> PlaceShown {
    PlaceShown { id: id.0, path: structure.catalog.locations.name_of(id) }
}

fn show_value(value: Value, structure: &Structure) -> ValueShown {
    ValueShown {
        kind: value.kind.name(),
        subject: show_subject(value.subject),
        org_unit: place(structure, value.org_unit),
        effective_at: value.effective_at.to_string(),
        counterpart: place(structure, value.counterpart),
        amount: Number(value.amount.0),
    }
}

fn show_fact(told: Fact, structure: &Structure) -> FactShown {
    let fact = told.fact;
    let amount = Number(fact.amount.0);
    FactShown {
        kind: fact.kind.name(),
        id: told.batch.0,
        line: fact.line,
        subject: show_subject(told.subject),
        org_unit: place(structure, fact.org_unit),
        at: fact.effective_at.to_string(),
        quantity: Number(fact.quantity.0),
        said: match fact.kind {
            ValueFactKind::Revaluation => Said::Revaluation { value: amount },
            ValueFactKind::LandedCost => Said::LandedCost {
                amount,
                by: if fact.by_value { "value" } else { "quantity" },
                movement: fact.movement.map(MovementId::number),
            },
        },
    }
}

fn show_count(count: CountUndone, structure: &Structure) -> CountShown {
    CountShown {
        id: count.id,
        subject: show_subject(count.subject),
        location: place(structure, count.location),
        at: count.at.to_string(),
        quantity: Number(count.counted.0),
        movement: count.movement,
    }
}

/// A batch as it is told.
pub(super) fn show(told: Told, structure: &Structure) -> Shown {
    let show_facts = |facts: Vec<Fact>| facts.into_iter().map(|fact| show_fact(fact, structure)).collect();
    Shown {
        position: told.header.position,
        at: told.header.booked_at.to_string(),
        kind: BatchKind::name_of(told.header.kind),
        batch: uid::print(&told.header.uid),
        booked_by: told.header.booked_by.0,
        reason: told.header.reason,
        movements: told.movements.into_iter().map(|posted| movement::show(posted, structure)).collect(),
        values: told.values.into_iter().map(|value| show_value(value, structure)).collect(),
        value_facts: show_facts(told.facts),
        value_facts_undone: show_facts(told.facts_undone),
        counts_undone: told.counts_undone.into_iter().map(|count| show_count(count, structure)).collect(),
    }
}

/// Adds to the reference what a batch looks like.
pub(super) fn describe(api: &mut Api) {
    let place = || object(json!({"id": whole(), "path": text()}), &["id", "path"]);
    let product = || object(json!({"id": whole(), "identifier": text()}), &["id", "identifier"]);
    let lot = || nullable(object(json!({"id": whole(), "uid": text(), "name": text()}), &["id"]));
    let kinds: Vec<&str> = lotbook_engine::webhook::kinds().into_iter().map(|(name, _)| name).collect();
    let value_kinds = lotbook_domain::settlement::ValueKind::ALL.map(lotbook_domain::settlement::ValueKind::name);
    let fact_kinds = [ValueFactKind::Revaluation, ValueFactKind::LandedCost].map(ValueFactKind::name);
    let described = |mut schema: serde_json::Value, about: &str| {
        schema["description"] = about.into();
        schema
    };
    let list = |schema: &str, about: &str| json!({"type": "array", "items": schema_ref(schema), "description": about});
    api.schema(
        "ValueEntry",
        described(
            object(
                json!({
                    "kind": {"type": "string", "enum": value_kinds}, "product": product(), "variant": nullable(whole()),
                    "lot": lot(), "orgUnit": place(), "effectiveAt": time(), "counterpart": place(),
                    "amount": described(decimal(), "What it adds to what the stock of the org unit is worth; negative takes away.")
                }),
                &["kind", "product", "orgUnit", "effectiveAt", "counterpart", "amount"],
            ),
            "What became known later of what stock is worth.",
        ),
    );
    api.schema(
        "ValueFact",
        described(
            object(
                json!({
                    "kind": {"type": "string", "enum": fact_kinds},
                    "id": described(whole(), "The record's: of `/v1/revaluations/{id}` or `/v1/landed-costs/{id}`."),
                    "line": whole(), "product": product(), "variant": nullable(whole()), "lot": lot(), "orgUnit": place(),
                    "at": time(),
                    "quantity": described(decimal(), "What stood there by what was known, or what the movement brought."),
                    "value": described(decimal(), "Of a revaluation: what that is worth from then on."),
                    "amount": described(decimal(), "Of a landed cost: what the movement cost more."),
                    "by": {"type": "string", "enum": ["quantity", "value"], "description": "Of a landed cost: by what it was shared out."},
                    "movement": described(whole(), "Of a landed cost: the movement.")
                }),
                &["kind", "id", "line", "product", "orgUnit", "at", "quantity"],
            ),
            "A line of a revaluation or a landed cost.",
        ),
    );
    api.schema(
        "CountUndone",
        object(
            json!({
                "id": described(whole(), "As in `/v1/counts`."), "product": product(), "variant": nullable(whole()),
                "lot": lot(), "location": place(), "at": time(), "quantity": described(decimal(), "What was counted."),
                "movement": described(nullable(whole()), "What had made up the difference.")
            }),
            &["id", "product", "location", "at", "quantity"],
        ),
    );
    api.schema(
        "Batch",
        described(
            object(
                json!({
                    "position": whole(), "at": time(), "kind": {"type": "string", "enum": kinds}, "batch": text(),
                    "bookedBy": whole(), "reason": nullable(text()),
                    "movements": list("Movement", "What moved, and counts that moved nothing. One that undoes another names it in `reverses`."),
                    "values": list("ValueEntry", "What a settlement corrects."),
                    "valueFacts": list("ValueFact", "What was said of value alone. What follows from it comes with a settlement."),
                    "valueFactsUndone": list("ValueFact", "What was said of value and holds no longer."),
                    "countsUndone": list("CountUndone", "Counts that hold no longer.")
                }),
                &["position", "at", "kind", "batch", "movements", "values", "valueFacts", "valueFactsUndone", "countsUndone"],
            ),
            "What became true together. Lists that say nothing are empty.",
        ),
    );
    api.schema(
        "WebhookMessage",
        described(
            object(
                json!({
                    "type": described(text(), "The batch's kind."),
                    "timestamp": time(), "data": schema_ref("Batch")
                }),
                &["type", "timestamp", "data"],
            ),
            "What a webhook is posted of a batch.",
        ),
    );
}
