//! Checks of records that look beyond one field.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::catalog::fold;
use lotbook_domain::expression::Expression;
use lotbook_domain::id::{LocationId, OperationId, ProcessId, ReasonId};

use super::kind::{Cell, Kind};
use super::plan::Plan;
use crate::error::Error;
use crate::store::{Arg, Column, Rows};
use crate::structure::GLOBAL_SERIES;
use crate::table;

/// Unit conversions: two units, and one ratio for each pair whichever way round.
pub fn conversions(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (from, to, product) = (plan.place("from_unit"), plan.place("to_unit"), plan.place("product"));
    let mut reversed = Vec::new();
    let mut in_request: HashMap<String, usize> = HashMap::new();
    for at in 0..plan.drafts.len() {
        if !plan.is_sound(at, from) || !plan.is_sound(at, to) || !plan.is_sound(at, product) {
            continue;
        }
        let cells = &plan.drafts[at].cells;
        let (from, to, product) = (cells[from].number(), cells[to].number(), cells[product].number());
        if from == to {
            plan.complain(at, "to", "sameUnit", "is the unit to convert from; name another");
            continue;
        }
        plan.drafts[at].key = format!("{from}/{to}/{product}");
        let other_way = format!("{to}/{from}/{product}");
        if let Some(other) = in_request.get(&other_way) {
            plan.complain(at, "from", "duplicate", format!("[{other}] converts the same units the other way round"));
        }
        in_request.entry(plan.drafts[at].key.clone()).or_insert(at);
        reversed.push((at as i64, other_way));
    }
    let rows = Rows::new(vec![
        Column::Int(reversed.iter().map(|(at, _)| *at).collect()),
        Column::Text(reversed.into_iter().map(|(_, key)| key).collect()),
    ]);
    if rows.is_empty() {
        return Ok(());
    }
    let taken = plan.tx.conn.query(
        "select r.n, t.id from {rows $2 (n bigint, natural_key text) r} cross join unit_conversion t \
         where t.tenant = $1 and t.natural_key = r.natural_key",
        &[Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.int(0)? as usize, row.int(1)?)),
    )?;
    for (at, id) in taken {
        let message = format!("unit conversion {id} converts the same units the other way round; change that one");
        plan.complain(at, "from", "duplicate", message);
    }
    Ok(())
}

/// What variants and lots have to know of their product.
struct Owner {
    identifier: String,
    tracking: i64,
    has_variants: bool,
}

fn owners(plan: &mut Plan<'_, '_>) -> Result<HashMap<i64, Owner>, Error> {
    let product = plan.place("product");
    let mut ids: Vec<i64> =
        plan.drafts.iter().map(|draft| draft.cells[product].number()).filter(|id| *id != 0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = Rows::ids(ids);
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = plan.tx.conn.query(
        "select p.id, p.identifier, p.tracking, p.has_variants from {rows $2 (id bigint) r} cross join product p \
         where p.tenant = $1 and p.id = r.id",
        &[Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows)],
        |row| {
            Ok((row.int(0)?, Owner { identifier: row.text(1)?, tracking: row.int(2)?, has_variants: row.int(3)? != 0 }))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// Variants: of a product that has some.
pub fn variants(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let product = plan.place("product");
    let owners = owners(plan)?;
    for at in 0..plan.drafts.len() {
        if plan.drafts[at].before.is_none()
            && let Some(owner) = owners.get(&plan.drafts[at].cells[product].number())
            && !owner.has_variants
        {
            let message = format!("the product {} has no variants; set its hasVariants first", owner.identifier);
            plan.complain(at, "product", "withoutVariants", message);
        }
    }
    Ok(())
}

/// Lots: of a product that is tracked by lot; closed since a time.
pub fn lots(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    const CLOSED: i64 = 6;
    let (status, closed_at) = (plan.place("status"), plan.place("closed_at"));
    let now = plan.tx.now.0;
    for draft in &mut plan.drafts {
        let is_closed = draft.cells[status].number() == CLOSED;
        let since = draft.before.as_ref().and_then(|before| match before.cells[closed_at] {
            Cell::Int(since) => since,
            Cell::Text(_) => None,
        });
        draft.cells[closed_at] = Cell::Int(is_closed.then(|| since.unwrap_or(now)));
    }
    tracked(plan, 1, "lot")
}

/// Instances: of a product that is tracked by serial number.
pub fn instances(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    tracked(plan, 2, "serial")
}

fn tracked(plan: &mut Plan<'_, '_>, tracking: i64, called: &str) -> Result<(), Error> {
    let (product, variant) = (plan.place("product"), plan.place("variant"));
    let owners = owners(plan)?;
    let owner_of_variant = owners_of_variants(plan, variant)?;
    for at in 0..plan.drafts.len() {
        let cells = &plan.drafts[at].cells;
        let (id, variant_id) = (cells[product].number(), cells[variant].number());
        let Some(owner) = owners.get(&id) else { continue };
        if plan.drafts[at].before.is_none() && owner.tracking != tracking {
            let is = ["not tracked", "tracked by lot", "tracked by serial number"][owner.tracking.clamp(0, 2) as usize];
            let message = format!("the product {} is {is}; its tracking has to be {called}", owner.identifier);
            plan.complain(at, "product", "wrongTracking", message);
        }
        if variant_id != 0 && plan.is_sound(at, variant) && owner_of_variant.get(&variant_id) != Some(&id) {
            let message = format!("is not a variant of the product {}", owner.identifier);
            plan.complain(at, "variant", "otherProduct", message);
        }
    }
    Ok(())
}

fn owners_of_variants(plan: &mut Plan<'_, '_>, variant: usize) -> Result<HashMap<i64, i64>, Error> {
    let rows = Rows::ids(plan.drafts.iter().map(|draft| draft.cells[variant].number()).filter(|id| *id != 0));
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let found = plan.tx.conn.query(
        "select v.id, v.product from {rows $2 (id bigint) r} cross join variant v where v.tenant = $1 and v.id = r.id",
        &[Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// Series: ranges that overlap neither each other nor numbers that were chosen by hand.
pub fn series(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (name, from, to) = (plan.place("name"), plan.place("from_number"), plan.place("to_number"));
    let mut taken: Vec<(i64, i64, i64, String)> = table::catalog::series(plan.tx.conn, plan.tx.tenant)?
        .into_iter()
        .map(|series| (series.id.0, series.from, series.to, format!("the series {}", series.name)))
        .collect();
    let global = table::decision::newest(plan.tx.conn, plan.tx.tenant, "setting:globalSeries", 0)?;
    let global = global.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(GLOBAL_SERIES);
    taken.push((0, global.0, global.1, "the tenant's own range".to_owned()));
    let mut asked = Vec::new();
    for at in 0..plan.drafts.len() {
        if !plan.is_sound(at, from) || !plan.is_sound(at, to) {
            continue;
        }
        let draft = &plan.drafts[at];
        let own = draft.before.as_ref().map(|before| before.id);
        let (first, last) = (draft.cells[from].number(), draft.cells[to].number());
        if first > last {
            plan.complain(at, "to", "outOfRange", format!("{last} is below the first number, {first}"));
            continue;
        }
        if let Some((.., other)) = taken.iter().find(|(id, a, b, _)| Some(*id) != own && *a <= last && first <= *b) {
            let message = format!("{first} to {last} overlaps {other}; choose a range of its own");
            plan.complain(at, "from", "overlaps", message);
        }
        let called = plan.drafts[at].cells[name].text().to_owned();
        taken.push((-1 - at as i64, first, last, format!("the series {called} of this request")));
        // Numbers of its own range were handed out by it; only what is new has to be free.
        let before =
            plan.drafts[at].before.as_ref().map(|before| (before.cells[from].number(), before.cells[to].number()));
        match before {
            None => asked.push((at, first, last)),
            Some((old_first, old_last)) => {
                if first < old_first {
                    asked.push((at, first, last.min(old_first - 1)));
                }
                if last > old_last {
                    asked.push((at, first.max(old_last + 1), last));
                }
            }
        }
    }
    in_use(plan, &asked)
}

fn in_use(plan: &mut Plan<'_, '_>, asked: &[(usize, i64, i64)]) -> Result<(), Error> {
    let rows = Rows::new(vec![
        Column::Int(asked.iter().map(|(at, ..)| *at as i64).collect()),
        Column::Int(asked.iter().map(|(_, first, _)| *first).collect()),
        Column::Int(asked.iter().map(|(.., last)| *last).collect()),
    ]);
    if rows.is_empty() {
        return Ok(());
    }
    let found = plan.tx.conn.query(
        "select r.n, min(v.number) from {rows $2 (n bigint, first bigint, last bigint) r} cross join voucher v \
         where v.tenant = $1 and v.number >= r.first and v.number <= r.last group by r.n",
        &[Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.int(0)? as usize, row.int(1)?)),
    )?;
    for (at, number) in found {
        let message = format!("the number {number} of this range is on a voucher already; choose a range without it");
        plan.complain(at, "from", "numberInUse", message);
    }
    Ok(())
}

/// Journals: at an org unit, with a location of the house.
pub fn journals(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (org_unit, location) = (plan.place("org_unit"), plan.place("location"));
    let rows = Rows::ids(
        plan.drafts
            .iter()
            .flat_map(|draft| [draft.cells[org_unit].number(), draft.cells[location].number()])
            .filter(|id| *id != 0),
    );
    if rows.is_empty() {
        return Ok(());
    }
    let org_units: HashMap<i64, bool> = plan
        .tx
        .conn
        .query(
            "select l.id, l.is_org_unit from {rows $2 (id bigint) r} cross join location l \
             where l.tenant = $1 and l.id = r.id",
            &[Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows)],
            |row| Ok((row.int(0)?, row.int(1)? != 0)),
        )?
        .into_iter()
        .collect();
    for at in 0..plan.drafts.len() {
        let cells = &plan.drafts[at].cells;
        let (org_unit, location) = (cells[org_unit].number(), cells[location].number());
        if org_units.get(&org_unit) == Some(&false) {
            plan.complain(at, "orgUnit", "notAnOrgUnit", "is a location, but not an org unit");
        }
        if location < 0 || location == LocationId::IN_TRANSIT.0 {
            plan.complain(at, "location", "fixedPlace", "is not a place where stock can be kept");
        }
    }
    Ok(())
}

/// Where a record has what an operation and a process have in common: expressions, a life that begins idle, and
/// triggers that remember what they saw.
struct Triggered {
    expressions: Vec<(&'static str, usize)>,
    status: usize,
    /// The run or the record that is open.
    open: usize,
    /// What a trigger goes by.
    armed: [usize; 5],
    enabled: usize,
}

impl Triggered {
    fn of(plan: &Plan<'_, '_>, expressions: &[(&'static str, &'static str)], open: &'static str) -> Self {
        let armed = ["start_expression", "start_type", "stop_expression", "stop_type", "trigger_source"];
        Self {
            expressions: expressions.iter().map(|(field, column)| (*field, plan.place(column))).collect(),
            status: plan.place("status"),
            open: plan.place(open),
            armed: armed.map(|column| plan.place(column)),
            enabled: plan.place("is_enabled"),
        }
    }

    /// Notes expressions that cannot be read, and lets a new record begin idle. Answers the id of one whose triggers
    /// are to forget what they saw: that was of the expression as it was, and one that is enabled again begins anew.
    fn check(&self, plan: &mut Plan<'_, '_>, at: usize) -> Option<i64> {
        for (field, place) in &self.expressions {
            let text = plan.drafts[at].cells[*place].text();
            let fault = if text.trim().is_empty() { None } else { Expression::parse(text).err() };
            if let Some(fault) = fault {
                plan.complain(at, field, "wrongExpression", fault.to_string());
            }
        }
        let draft = &mut plan.drafts[at];
        let Some(before) = &draft.before else {
            draft.cells[self.status] = Cell::Text(Some("IDLE".to_owned()));
            draft.cells[self.open] = Cell::Int(Some(0));
            return None;
        };
        let is_on = |cells: &[Cell]| cells[self.enabled].number() != 0;
        let has_changed = self.armed.iter().any(|place| before.cells[*place] != draft.cells[*place]);
        let is_on_again = !is_on(&before.cells) && is_on(&draft.cells);
        (has_changed || is_on_again).then_some(before.id)
    }
}

/// Operations: expressions that can be read, and strategies that fit what it does.
pub fn operations(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    const EXPRESSIONS: [(&str, &str); 7] = [
        ("startTriggerExpression", "start_expression"),
        ("stopTriggerExpression", "stop_expression"),
        ("materialExpression", "material_expression"),
        ("primaryLotCodeExpression", "primary_lot_expression"),
        ("secondaryLotCodeExpression", "secondary_lot_expression"),
        ("inventoryNameExpression", "inventory_name_expression"),
        ("quantityExpression", "quantity_expression"),
    ];
    let triggered = Triggered::of(plan, &EXPRESSIONS, "current_run");
    let (kind, primary, secondary) =
        (plan.place("operation_type"), plan.place("primary_lot_strategy"), plan.place("secondary_lot_strategy"));
    let (trigger, process) = (plan.place("trigger_source"), plan.place("process"));
    for at in 0..plan.drafts.len() {
        if let Some(id) = triggered.check(plan, at) {
            table::operation::forget(plan.tx.conn, plan.tx.tenant, OperationId(id))?;
        }
        let cells = &plan.drafts[at].cells;
        if cells[trigger].text() == "PARENT" && cells[process].number() == 0 && plan.is_sound(at, process) {
            let message = "is PARENT, but there is no process to start with; name it, or choose another";
            plan.complain(at, "triggerSource", "noParent", message);
        }
        let cells = &plan.drafts[at].cells;
        let takes = matches!(cells[kind].text(), "CONSUME" | "RETURN" | "SHIP" | "SCRAP");
        let (is_primary_wrong, is_secondary_wrong) =
            (!takes && cells[primary].text() == "FROM_LOCATION", cells[secondary].text() == "FROM_LOCATION");
        if is_primary_wrong {
            let message = "is FROM_LOCATION, which is for CONSUME, RETURN, SHIP and SCRAP; choose another";
            plan.complain(at, "primaryLotResolutionStrategy", "wrongStrategy", message);
        }
        if is_secondary_wrong {
            let message = "is FROM_LOCATION, which the other side does not have; choose another";
            plan.complain(at, "secondaryLotResolutionStrategy", "wrongStrategy", message);
        }
    }
    operations_together(plan)
}

/// Operations: the reason is one for what they do, and a strict house has no two of one name that do the same
/// between the same places. At most three statements.
fn operations_together(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (kind, reason) = (plan.place("operation_type"), plan.place("reason"));
    let named = plan.drafts.iter().map(|draft| ReasonId(draft.cells[reason].number())).filter(|id| id.0 != 0);
    let rules = table::catalog::reason_rules(plan.tx.conn, plan.tx.tenant, named.collect::<BTreeSet<_>>())?;
    for at in 0..plan.drafts.len() {
        let cells = &plan.drafts[at].cells;
        let rule = rules.get(&ReasonId(cells[reason].number())).filter(|_| plan.is_sound(at, reason));
        if let Some(message) =
            rule.filter(|_| plan.is_sound(at, kind)).and_then(|rule| rule.refusal(cells[kind].text()))
        {
            plan.complain(at, "reasonCode", "otherReason", message);
        }
    }
    let is_strict = table::decision::newest(plan.tx.conn, plan.tx.tenant, "setting:mes.strictNames", 0)?;
    if is_strict.as_deref() != Some("true") {
        return Ok(());
    }
    let (name, source, destination) = (plan.place("name"), plan.place("source"), plan.place("destination"));
    let mut taken: HashMap<(String, i64, i64, String), i64> = plan
        .tx
        .conn
        .query(
            "select name, source, destination, operation_type, id from operation where tenant = $1 and is_deleted = 0",
            &[Arg::Int(plan.tx.tenant.0)],
            |row| Ok(((fold(&row.text(0)?), row.int(1)?, row.int(2)?, row.text(3)?), row.int(4)?)),
        )?
        .into_iter()
        .collect();
    for at in 0..plan.drafts.len() {
        if ![name, source, destination, kind].iter().all(|place| plan.is_sound(at, *place)) {
            continue;
        }
        let draft = &plan.drafts[at];
        let own = draft.before.as_ref().map_or(0, |before| before.id);
        let cells = &draft.cells;
        let called = cells[name].text().to_owned();
        let key = (fold(&called), cells[source].number(), cells[destination].number(), cells[kind].text().to_owned());
        match taken.get(&key) {
            Some(other) if own == 0 || *other != own => {
                let message = format!(
                    "{called} is the name of another {} between the same locations; choose another name, or change \
                     that operation",
                    key.3
                );
                plan.complain(at, "name", "duplicate", message);
            }
            _ => {
                taken.insert(key, own);
            }
        }
    }
    Ok(())
}

/// Processes: expressions that can be read, at a place of the house.
pub fn processes(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    const EXPRESSIONS: [(&str, &str); 4] = [
        ("startTriggerExpression", "start_expression"),
        ("stopTriggerExpression", "stop_expression"),
        ("productionOrderExpression", "order_expression"),
        ("expectedDurationExpression", "duration_expression"),
    ];
    let triggered = Triggered::of(plan, &EXPRESSIONS, "current_record");
    let location = plan.place("location");
    for at in 0..plan.drafts.len() {
        if let Some(id) = triggered.check(plan, at) {
            table::process::forget(plan.tx.conn, plan.tx.tenant, ProcessId(id))?;
        }
        let place = plan.drafts[at].cells[location].number();
        if place < 0 || place == LocationId::IN_TRANSIT.0 {
            plan.complain(at, "location", "fixedPlace", "is not a place where something can be made");
        }
    }
    Ok(())
}

/// Records that every tenant has, and nobody deletes.
pub fn is_fixed(kind: &'static Kind, id: i64) -> bool {
    (kind == &super::kinds::LOCATIONS && id <= LocationId::IN_TRANSIT.0) || (kind == &super::kinds::UNITS && id == 1)
}

/// The decisions that a changed record amounts to: subject, what held before, what holds now.
pub fn decisions(plan: &Plan<'_, '_>) -> Vec<(String, String, String)> {
    let draft = &plan.drafts[0];
    let Some(before) = &draft.before else { return Vec::new() };
    let mut found = Vec::new();
    let mut place = 0;
    for field in plan.kind.fields {
        let places = place..place + field.columns().count();
        place = places.end;
        let (old, new): (&[Cell], &[Cell]) = (&before.cells[places.clone()], &draft.cells[places]);
        if field.decides && old != new {
            let json = |cells: &[Cell]| {
                let mut out = String::new();
                field.write_json(cells, None, &mut out);
                out
            };
            found.push((format!("{}:{}:{}", plan.kind.one, before.id, field.name), json(old), json(new)));
        }
    }
    found
}

/// Account rules: one for each category and kind.
pub fn gl_rules(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (category, kind) = (plan.place("category"), plan.place("kind"));
    let mut taken: HashMap<(i64, i64), (i64, String)> = plan
        .tx
        .conn
        .query(
            "select category, kind, id, name from gl_rule where tenant = $1 order by id",
            &[Arg::Int(plan.tx.tenant.0)],
            |row| Ok(((row.int(0)?, row.int(1)?), (row.int(2)?, row.text(3)?))),
        )?
        .into_iter()
        .collect();
    let name = plan.place("name");
    for at in 0..plan.drafts.len() {
        if !plan.is_sound(at, category) || !plan.is_sound(at, kind) {
            continue;
        }
        let draft = &plan.drafts[at];
        let own = draft.before.as_ref().map_or(0, |before| before.id);
        let key = (draft.cells[category].number(), draft.cells[kind].number());
        let mine = (own, draft.cells[name].text().to_owned());
        match taken.get(&key) {
            Some((id, other)) if own == 0 || *id != own => {
                let message = format!("the rule {other} is for this category and kind already; change that one");
                plan.complain(at, "kind", "duplicate", message);
            }
            _ => {
                taken.insert(key, mine);
            }
        }
    }
    Ok(())
}
