//! What an operation needs before it can start, shown before anybody tries.

use lotbook_domain::run::RunKind;
use lotbook_domain::violation::Violation;

use crate::command::ActionKind;
use crate::table::operation::Operation;

/// Everything that is in the way of a start, whoever asks for it: shown before anybody tries.
pub fn readiness(operation: &Operation) -> Vec<Violation> {
    let mut wrong = Vec::new();
    let mut missing = |field: &'static str, is_missing: bool, what: &str| {
        if is_missing {
            wrong.push(Violation::new(field, "required", format!("is missing; {what}")));
        }
    };
    let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let by_expression = operation.trigger_source == "EXPRESSION";
    missing("startTriggerExpression", by_expression && is_blank(&operation.start.0), "it is to start by one");
    missing("stopTriggerExpression", by_expression && is_blank(&operation.stop.0), "it is to stop by one");
    let by_expression = operation.quantity.0 == "EXPRESSION" && operation.kind != "SCRAP_ALL";
    missing("quantityExpression", by_expression && is_blank(&operation.quantity.1), "it is to say how much");
    if let Some(kind) = action_kind(&operation.kind) {
        let (source, destination) = places_needed(kind);
        missing("sourceLocation", source && operation.source.0 == 0, "say where it takes from");
        missing("destinationLocation", destination && operation.destination.0 == 0, "say where it brings to");
        let is_static = operation.material_source == "STATIC" && kind != ActionKind::ScrapAll;
        missing("material", is_static && operation.material.0 == 0, "say which product");
    }
    let by_expression = operation.material_source == "EXPRESSION";
    missing("materialExpression", by_expression && is_blank(&operation.material_expression), "it names the product");
    wrong
}

/// What keeps nothing from starting, but may not be what was meant.
pub fn warnings(operation: &Operation) -> Vec<Violation> {
    let mut found = Vec::new();
    if operation.unit.0 == 0 && !operation.takes_base_unit && operation.kind != "SCRAP_ALL" {
        let message = "is missing, though the strategy is STATIC; quantities count in the product's own unit";
        found.push(Violation::new("unitOfMeasure", "required", message));
    }
    found
}

/// The kind of action by its name.
pub fn action_kind(name: &str) -> Option<ActionKind> {
    match name {
        "SCRAP_ALL" => Some(ActionKind::ScrapAll),
        "RECEIVE_AND_CONSUME" => Some(ActionKind::ReceiveAndConsume),
        name => RunKind::from_name(name).map(ActionKind::Run),
    }
}

/// Whether an action needs a source, and whether it needs a destination.
pub fn places_needed(kind: ActionKind) -> (bool, bool) {
    match kind {
        ActionKind::ScrapAll | ActionKind::ReceiveAndConsume => (true, false),
        ActionKind::Run(kind) => (kind.needs_source(), kind.needs_destination()),
    }
}
