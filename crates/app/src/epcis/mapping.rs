//! Which record becomes which event.

use lotbook_domain::catalog::LotStatus;
use lotbook_domain::id::{BatchId, LocationId, LotId, MovementId, PartyId, ProductId, VariantId};
use lotbook_domain::movement::MovementKind;
use lotbook_domain::quantity::Quantity as Amount;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::query::movement::Posted;
use lotbook_engine::table::run::{Run, RunStatus};

use super::event::{Destination, ErrorDeclaration, Event, LotData, Paper, Place, Quantity, Source};
use super::names::Names;
use crate::json::Decimal;

/// Which of the events of one record.
#[derive(Clone, Copy)]
enum Role {
    /// What the record is about.
    Itself,
    /// That a lot appears for the first time.
    Beginning,
    /// What was counted.
    Counting,
}

/// A quantity of something.
#[derive(Clone, Copy)]
struct Piece {
    product: ProductId,
    variant: VariantId,
    lot: LotId,
    quantity: Amount,
}

/// What a passage from one place to another is in the words of the core business vocabulary.
struct Passage {
    action: &'static str,
    step: &'static str,
    disposition: Option<&'static str>,
}

const fn passage(action: &'static str, step: &'static str, disposition: &'static str) -> Passage {
    Passage { action, step, disposition: Some(disposition) }
}

/// The events of a run that was completed. One that moved nothing is none, unless it changed a lot's status.
pub fn of_run(run: &Run, names: &Names) -> Vec<Event> {
    if run.status != RunStatus::Completed {
        return Vec::new();
    }
    let at = run.ended_at.unwrap_or(run.started_at);
    let reason = names.structure.catalog.reasons.get(&run.reason).cloned();
    let primary = Piece { product: run.product, variant: VariantId(0), lot: run.lot, quantity: run.primary_quantity };
    if run.kind == RunKind::StatusChange {
        let mut event = begin(&run.uid, Role::Itself, at, names);
        let (step, disposition) = of_status(run.lot_status);
        (event.kind, event.action) = ("ObjectEvent", Some("OBSERVE"));
        (event.biz_step, event.disposition, event.reason) = (Some(step), Some(disposition), reason);
        observe(&mut event, Piece { quantity: Amount::ZERO, ..primary }, names);
        return vec![event];
    }
    if run.batch.0 == 0 || (run.primary_quantity.0 == 0 && run.secondary_quantity.0 == 0) {
        return Vec::new();
    }
    let number = |line| MovementId { batch: run.batch, line }.number();
    let lines = number(run.first_line)..=number(run.last_line);
    let has_two = run.secondary_product.0 != 0;
    let is_change =
        matches!(run.kind, RunKind::Consume | RunKind::Unconsume | RunKind::Produce | RunKind::Split | RunKind::Merge);
    if !has_two && !is_change {
        let (from, to) = ends(run);
        let events = moved(&run.uid, at, primary, (from, to), lines, run.kind == RunKind::Scrap, names);
        return events.into_iter().map(|event| Event { reason: reason.clone(), ..event }).collect();
    }
    let secondary = Piece {
        product: run.secondary_product,
        variant: VariantId(0),
        lot: run.secondary_lot,
        quantity: run.secondary_quantity,
    };
    let secondary = has_two.then_some(secondary);
    let (input, output) =
        if run.kind.takes_from_primary() { (Some(primary), secondary) } else { (secondary, Some(primary)) };
    let (from, to) = (run.from, run.to);
    let mut event = begin(&run.uid, Role::Itself, at, names);
    event.kind = "TransformationEvent";
    event.transformation = Some(names.run(&run.uid));
    event.reason = reason;
    (event.biz_step, event.disposition) = match run.kind {
        RunKind::Split | RunKind::Merge | RunKind::Move => (Some("repackaging"), Some("active")),
        RunKind::Receive => (Some("receiving"), Some("in_progress")),
        RunKind::Ship => (Some("shipping"), Some("in_transit")),
        RunKind::Return => (Some("shipping"), Some("returned")),
        RunKind::Scrap => (Some("destroying"), Some("destroyed")),
        _ if output.is_none() => (Some("creating_class_instance"), Some("in_progress")),
        _ => (Some("creating_class_instance"), Some("active")),
    };
    if let Some(piece) = input {
        put(&mut event.input_epcs, &mut event.input_quantity_list, &mut event.unit, piece, names);
    }
    if let Some(piece) = output {
        put(&mut event.output_epcs, &mut event.output_quantity_list, &mut event.unit, piece, names);
        if names.is_first(piece.lot, lines) {
            event.ilmd = lot_data(piece.lot, names);
        }
    }
    let place = |id: LocationId| id.is_real().then(|| Place { id: names.place(id) });
    let (near, far) = if run.kind.takes_from_primary() { (from, to) } else { (to, from) };
    event.read_point = place(near).or_else(|| place(far));
    event.biz_location = place(to).or_else(|| place(from));
    vec![event]
}

/// Between which places a run without a second lot brought its lot.
fn ends(run: &Run) -> (LocationId, LocationId) {
    let outside = run.kind.outside();
    match run.kind {
        RunKind::Move => (run.from, run.to),
        RunKind::Receive => (outside, run.to),
        // What is scrapped of less than nothing, or found to be more than was known, comes in.
        RunKind::Scrap if run.quantity.0 < 0 => (outside, run.from),
        RunKind::Edit if run.quantity.0 > 0 => (outside, run.from),
        _ => (run.from, outside),
    }
}

/// The events of a movement that no run made.
pub fn of_movement(posted: &Posted, batch_uid: &str, names: &Names) -> Vec<Event> {
    let moved_ = &posted.movement;
    let key = format!("{batch_uid}/{}", moved_.line);
    let piece = Piece { product: moved_.product, variant: moved_.variant, lot: moved_.lot, quantity: moved_.quantity };
    let (from, to) = (moved_.from.location, moved_.to.location);
    let mut events = Vec::new();
    if let Some(counted) = posted.counted.filter(|counted| counted.0 > 0) {
        let mut event = begin(&key, Role::Counting, moved_.effective_at, names);
        (event.kind, event.action, event.biz_step) = ("ObjectEvent", Some("OBSERVE"), Some("stock_taking"));
        observe(&mut event, Piece { quantity: counted, ..piece }, names);
        let here = if to.is_real() { to } else { from };
        event.read_point = Some(Place { id: names.place(here) });
        event.biz_location.clone_from(&event.read_point);
        events.push(event);
    }
    if moved_.quantity.0 > 0 {
        let is_run = matches!(moved_.kind, MovementKind::Run(RunKind::Scrap));
        let number = MovementId { batch: BatchId(posted.number >> 20), line: moved_.line }.number();
        events.extend(moved(&key, moved_.effective_at, piece, (from, to), number..=number, is_run, names));
    }
    let mut papers = Vec::new();
    if posted.voucher_number != 0 {
        papers.push(Paper { kind: None, biz_transaction: names.paper("voucher", posted.voucher_number) });
    }
    if let Some(external) = &moved_.external {
        papers.push(Paper { kind: None, biz_transaction: names.paper(&external.kind, external.id) });
    }
    if let Some(credit) = &moved_.credit_note {
        papers.push(Paper { kind: Some("rma"), biz_transaction: names.paper(&credit.kind, credit.id) });
    }
    let party = |id: PartyId| names.party(id);
    for event in &mut events {
        event.biz_transaction_list.clone_from(&papers);
        event.reason = names.structure.catalog.reasons.get(&moved_.reason).cloned();
        for (outside, id) in [(LocationId::SUPPLIER, moved_.supplier), (LocationId::CUSTOMER, moved_.customer)] {
            let Some(party) = party(id) else { continue };
            if from == outside {
                event.source_list.push(Source { kind: "owning_party", source: party });
            } else if to == outside {
                event.destination_list.push(Destination { kind: "owning_party", destination: party });
            }
        }
    }
    events
}

/// Says of events that they did not occur. They stay as they were otherwise, their ids included.
pub fn declare_wrong(events: &mut [Event], at: Time) {
    for event in events {
        event.error_declaration = Some(ErrorDeclaration { declaration_time: at.to_string(), reason: "did_not_occur" });
    }
}

/// One lot or product that went from one place to another.
fn moved(
    key: &str,
    at: Time,
    piece: Piece,
    (from, to): (LocationId, LocationId),
    lines: std::ops::RangeInclusive<i64>,
    is_scrap: bool,
    names: &Names,
) -> Vec<Event> {
    let is_between = from.is_real() && to.is_real() && from != LocationId::IN_TRANSIT && to != LocationId::IN_TRANSIT;
    let Passage { action, step, disposition } = match (from, to) {
        (LocationId::SUPPLIER, _) => passage("OBSERVE", "receiving", "in_progress"),
        (LocationId::CUSTOMER, _) => passage("OBSERVE", "receiving", "returned"),
        (_, LocationId::CUSTOMER) => passage("OBSERVE", "shipping", "in_transit"),
        (_, LocationId::SUPPLIER) => passage("OBSERVE", "shipping", "returned"),
        (_, LocationId::LOSS) if is_scrap => passage("DELETE", "destroying", "destroyed"),
        (_, LocationId::LOSS) => passage("DELETE", "decommissioning", "disposed"),
        (_, LocationId::IN_TRANSIT) => passage("OBSERVE", "departing", "in_transit"),
        (LocationId::IN_TRANSIT, _) if to.is_real() => passage("OBSERVE", "arriving", "in_progress"),
        (_, to) if to.is_outside() => passage("DELETE", "decommissioning", "inactive"),
        (from, _) if from.is_outside() => passage("ADD", "commissioning", "active"),
        _ => Passage { action: "OBSERVE", step: "storing", disposition: None },
    };
    let mut event = begin(key, Role::Itself, at, names);
    (event.kind, event.action) = ("ObjectEvent", Some(action));
    (event.biz_step, event.disposition) = (Some(step), disposition);
    observe(&mut event, piece, names);
    let arrives = to.is_real() && to != LocationId::IN_TRANSIT;
    let seen = if arrives { to } else { from };
    event.read_point = (seen.is_real() && seen != LocationId::IN_TRANSIT).then(|| Place { id: names.place(seen) });
    if arrives {
        event.biz_location.clone_from(&event.read_point);
    }
    if is_between {
        event.source_list.push(Source { kind: "location", source: names.place(from) });
        event.destination_list.push(Destination { kind: "location", destination: names.place(to) });
    }
    let mut events = Vec::new();
    if piece.lot.0 != 0 && arrives && names.is_first(piece.lot, lines) {
        if action == "ADD" {
            event.ilmd = lot_data(piece.lot, names);
        } else {
            let beginning = begin(key, Role::Beginning, at, names);
            events.push(Event {
                kind: "ObjectEvent",
                action: Some("ADD"),
                biz_step: Some("commissioning"),
                disposition: Some("active"),
                ilmd: lot_data(piece.lot, names),
                source_list: Vec::new(),
                destination_list: Vec::new(),
                event_id: beginning.event_id,
                ..event.clone()
            });
        }
    }
    events.push(event);
    events
}

/// What a lot's new status is in the words of the core business vocabulary.
fn of_status(status: LotStatus) -> (&'static str, &'static str) {
    match status {
        LotStatus::Open => ("inspecting", "in_progress"),
        LotStatus::Available => ("inspecting", "available"),
        LotStatus::QaHold => ("holding", "unavailable"),
        LotStatus::Expired => ("inspecting", "expired"),
        LotStatus::Shipped => ("inspecting", "in_transit"),
        LotStatus::Closed => ("inspecting", "inactive"),
    }
}

fn begin(key: &str, role: Role, at: Time, names: &Names) -> Event {
    Event {
        event_id: event_id(key, role),
        event_time: at.to_string(),
        event_time_zone_offset: names.offset(at),
        ..Event::default()
    }
}

/// A UUID from the ULID of what the event is about, so that it is the same each time. (RFC 9562, version 8.)
fn event_id(key: &str, role: Role) -> String {
    let role = match role {
        Role::Itself => "event",
        Role::Beginning => "beginning",
        Role::Counting => "count",
    };
    let hash = blake3::hash(format!("lotbook epcis {key} {role}").as_bytes());
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = u128::from_be_bytes(bytes);
    let hex = format!("{hex:032x}");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn observe(event: &mut Event, piece: Piece, names: &Names) {
    put(&mut event.epc_list, &mut event.quantity_list, &mut event.unit, piece, names);
}

/// Adds a piece to the instances, or to the quantities.
fn put(epcs: &mut Vec<String>, quantities: &mut Vec<Quantity>, unit: &mut Option<String>, piece: Piece, names: &Names) {
    let uri = names.item(piece.product, piece.variant, piece.lot);
    if names.lots.get(&piece.lot).is_some_and(|lot| lot.is_serial) {
        epcs.push(uri);
        return;
    }
    let (code, symbol) = names.unit(piece.product);
    let is_said = piece.quantity.0 != 0;
    quantities.push(Quantity {
        epc_class: uri,
        quantity: is_said.then_some(Decimal(piece.quantity.0)),
        uom: code.filter(|_| is_said),
    });
    if is_said && unit.is_none() {
        *unit = symbol;
    }
}

fn lot_data(lot: LotId, names: &Names) -> Option<LotData> {
    let lot = names.lots.get(&lot)?;
    let expires = lot.expires_at.map(|at| at.to_string().chars().take(10).collect());
    let data = LotData { lot: (!lot.is_serial).then(|| lot.name.clone()), expires };
    (data.lot.is_some() || data.expires.is_some()).then_some(data)
}
