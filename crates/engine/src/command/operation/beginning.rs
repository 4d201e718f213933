//! What a run begins with: product, lots, unit and name, by what somebody says, else by how the operation finds them.

use lotbook_domain::expression::Value;
use lotbook_domain::id::{LotId, ProductId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::violation::Violation;

use super::readiness::{action_kind, readiness};
use super::{Hands, Verb};
use crate::command::{Action, ActionKind, LotNamed};
use crate::error::Error;
use crate::table;
use crate::table::operation::Operation;
use crate::table::production_order::Order;
use crate::table::run::Link;
use crate::thing::kinds;
use crate::thing::reference::{Found, Reference, resolve};
use crate::uid;
use crate::write::Tx;

impl Hands<'_> {
    /// The action that begins a run, its references found.
    pub(super) fn beginning(&self, tx: &mut Tx<'_>, verb: Verb) -> Result<Action, Error> {
        let operation = self.operation;
        let (is_start, is_end) = (verb == Verb::Start, verb == Verb::Stop);
        let kind = action_kind(&operation.kind)
            .ok_or_else(|| Error::Internal(format!("operations do not {}", operation.kind)))?;
        let mut wrong: Vec<Violation> = readiness(operation)
            .into_iter()
            .filter(|fault| match fault.field {
                "sourceLocation" | "destinationLocation" => true,
                // What runs is let run to its stop, and what is said needs no expression.
                "startTriggerExpression" | "stopTriggerExpression" => !is_end,
                "quantityExpression" => !is_end && self.said.quantity.is_none(),
                _ => false,
            })
            .collect();
        self.check_times(tx, &mut wrong)?;
        let order = self.order_of_parent(tx, kind)?;
        let product = self.product(tx, kind, order.as_ref(), &mut wrong)?;
        let lot = self.lot("lot", self.said.lot.as_ref(), &operation.primary_lot, &mut wrong);
        let names_lot = self.said.secondary_lot.as_deref().is_some_and(|text| uid::parse(text).is_some());
        let has_secondary = operation.secondary_material.0 != 0 || names_lot;
        let secondary = if has_secondary && kind != ActionKind::ScrapAll {
            let said = self.said.secondary_lot.as_ref();
            self.lot("secondaryLot", said, &operation.secondary_lot, &mut wrong)
        } else {
            None
        };
        let inventory_name = self.inventory_name(tx, &mut wrong);
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let is_scrap_all = kind == ActionKind::ScrapAll;
        let lot = if is_scrap_all { LotNamed::None } else { name_lot(tx, lot, product)? };
        let secondary_product = Some(operation.secondary_material).filter(|id| id.0 != 0);
        let secondary_lot = name_lot(tx, secondary, secondary_product.or(product))?;
        // Of the context: what is produced counts in the unit of its order.
        let of_context = order.filter(|_| kind == ActionKind::Run(RunKind::Produce)).map(|order| order.unit);
        let unit = if takes_unit_of_context(operation) { of_context } else { Some(operation.unit) };
        let unit = unit.filter(|unit| unit.0 != 0);
        Ok(Action {
            kind: Some(kind),
            quantity: Some(Quantity::ZERO),
            unit,
            product,
            lot,
            secondary_product,
            secondary_lot,
            from: Some(operation.source).filter(|place| place.0 != 0),
            to: Some(operation.destination).filter(|place| place.0 != 0),
            makes_lots: operation.makes_lots,
            reason: operation.reason,
            started_at: self.said.started_at,
            ended_at: if is_start { None } else { self.said.ended_at },
            inventory_name,
            notes: operation.notes.clone(),
            is_start,
            operation: Some((operation.id, operation.name.clone())),
            link: Link { process: operation.process, ..Link::default() },
            counts_order: operation.counts_order,
            reservation: self.said.reservation,
            ..Action::default()
        })
    }
    /// The order that the process works on that this is part of, where it is asked for.
    fn order_of_parent(&self, tx: &mut Tx<'_>, kind: ActionKind) -> Result<Option<Order>, Error> {
        let operation = self.operation;
        let takes_unit = takes_unit_of_context(operation) && kind == ActionKind::Run(RunKind::Produce);
        if operation.process.0 == 0 || !(operation.material_source == "PARENT" || takes_unit) {
            return Ok(None);
        }
        let process = table::process::by_ids(tx.conn, tx.tenant, [operation.process])?.pop();
        let order = process.map(|process| process.state.order).filter(|order| order.0 != 0);
        Ok(table::production_order::by_ids(tx.conn, tx.tenant, order)?.pop())
    }

    fn product(
        &self,
        tx: &mut Tx<'_>,
        kind: ActionKind,
        order: Option<&Order>,
        wrong: &mut Vec<Violation>,
    ) -> Result<Option<ProductId>, Error> {
        let operation = self.operation;
        let text = match (&self.said.product, operation.material_source.as_str()) {
            (Some(text), _) => text.clone(),
            (None, "EXPRESSION") => match self.value("materialExpression", operation.material_expression.as_ref()) {
                Ok(Value::Text(text)) => text,
                Ok(value) => {
                    let message = format!("is {}; it has to name a product", value.noun());
                    wrong.push(Violation::new("materialExpression", "wrongType", message));
                    return Ok(None);
                }
                Err(fault) => {
                    wrong.push(fault);
                    return Ok(None);
                }
            },
            (None, "STATIC") if operation.material.0 != 0 => return Ok(Some(operation.material)),
            (None, "STATIC") if kind == ActionKind::ScrapAll => return Ok(None),
            (None, "PARENT") if order.is_some() => return Ok(order.map(|order| order.product)),
            (None, "PARENT") => {
                let message = "has no production order to take the product from; name the product";
                wrong.push(Violation::new("material", "noParent", message));
                return Ok(None);
            }
            (None, _) => {
                wrong.push(Violation::new("product", "required", "is missing; name the product"));
                return Ok(None);
            }
        };
        let reference = Reference::Text(text.trim().trim_start_matches('/').to_owned());
        match resolve(tx.conn, tx.tenant, &kinds::PRODUCTS, &[(&reference, 0)])?[0] {
            Found::One(id) => Ok(Some(ProductId(id))),
            Found::None | Found::Several => {
                wrong.push(Violation::new("product", "unknown", format!("there is no product {text}")));
                Ok(None)
            }
        }
    }

    /// The name of a lot, by what is said or by strategy; `None` = found or made by the place's rules.
    fn lot(
        &self,
        field: &'static str,
        said: Option<&String>,
        (strategy, expression): &(String, Option<String>),
        wrong: &mut Vec<Violation>,
    ) -> Option<String> {
        if let Some(text) = said.filter(|text| !text.trim().is_empty()) {
            return Some(text.trim().to_owned());
        }
        match strategy.as_str() {
            "MANUAL" if self.operation.kind != "SCRAP_ALL" => {
                wrong.push(Violation::new(field, "required", "is missing; the operation is told the lot by hand"));
                None
            }
            "EXPRESSION" => {
                let name = if field == "lot" { "primaryLotCodeExpression" } else { "secondaryLotCodeExpression" };
                let text = self.name_of(name, expression.as_ref(), "it has to name a lot", wrong)?;
                Some(text.trim().to_owned())
            }
            _ => None,
        }
    }

    fn inventory_name(&self, tx: &mut Tx<'_>, wrong: &mut Vec<Violation>) -> Option<String> {
        let (strategy, name, expression) = &self.operation.inventory_name;
        if self.said.inventory_name.is_some() {
            return self.said.inventory_name.clone();
        }
        match strategy.as_str() {
            "STATIC" => name.clone(),
            "AUTO_GENERATE" => Some(tx.engine.uuid()),
            "EXPRESSION" => self.name_of("inventoryNameExpression", expression.as_ref(), "it has to be a name", wrong),
            _ => None,
        }
    }

    /// The name that an expression gives: a text, or a number as it is written.
    fn name_of(
        &self,
        field: &'static str,
        expression: Option<&String>,
        wanted: &str,
        wrong: &mut Vec<Violation>,
    ) -> Option<String> {
        let fault = match self.value(field, expression) {
            Ok(Value::Text(text)) => return Some(text),
            Ok(Value::Number(number)) => return Some(number.to_string()),
            Ok(value) => Violation::new(field, "wrongType", format!("is {}; {wanted}", value.noun())),
            Err(fault) => fault,
        };
        wrong.push(fault);
        None
    }
}

/// Whether the unit follows from what is moved: where that is said, or none is configured.
fn takes_unit_of_context(operation: &Operation) -> bool {
    operation.takes_base_unit || operation.unit.0 == 0
}

/// A text that names a lot: a ULID that is one's, else a name.
fn name_lot(tx: &mut Tx<'_>, text: Option<String>, product: Option<ProductId>) -> Result<LotNamed, Error> {
    let Some(text) = text else { return Ok(LotNamed::None) };
    if uid::parse(&text).is_some() {
        let reference = Reference::Plain(text.clone());
        for kind in [&kinds::LOTS, &kinds::INSTANCES] {
            let asked = [(&reference, product.map_or(0, |product| product.0))];
            if let Found::One(id) = resolve(tx.conn, tx.tenant, kind, &asked)?[0] {
                return Ok(LotNamed::Id(LotId(id)));
            }
        }
        // The id of another product's lot is no name for a new one; what is wrong with it is told with the rest.
        if let Some(lot) = table::catalog::lot_of_uid(tx.conn, tx.tenant, &text)? {
            return Ok(LotNamed::Id(lot));
        }
    }
    Ok(LotNamed::Name(text))
}
