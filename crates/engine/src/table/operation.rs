//! Operations of the shop floor with their state, and the tags that start and stop them.

use std::collections::BTreeMap;

use lotbook_domain::counter::Counter;
use lotbook_domain::expression::{Number, Quality, Reading, Value};
use lotbook_domain::id::{LocationId, OperationId, ProcessId, ProductId, ReasonId, RunId, TenantId, UnitId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::trigger::{EdgeKind, Memory, Pair};

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// What an operation is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// Its ULID.
    pub uid: String,
    /// What it is called.
    pub name: String,
    /// What it does: a name of [`crate::command::ActionKind`].
    pub kind: String,
    /// EXPRESSION, MANUAL or PARENT.
    pub trigger_source: String,
    /// What starts it.
    pub start: (Option<String>, EdgeKind),
    /// What stops it.
    pub stop: (Option<String>, EdgeKind),
    /// Where it takes from; 0 = not said.
    pub source: LocationId,
    /// Where it brings to; 0 = not said.
    pub destination: LocationId,
    /// STATIC, EXPRESSION, MANUAL or PARENT.
    pub material_source: String,
    /// The product; 0 = not said.
    pub material: ProductId,
    /// What says which product.
    pub material_expression: Option<String>,
    /// The product on the other side; 0 = not said.
    pub secondary_material: ProductId,
    /// AUTO_GENERATE, EXPRESSION, MANUAL or FROM_LOCATION, and the expression.
    pub primary_lot: (String, Option<String>),
    /// The same of the other side.
    pub secondary_lot: (String, Option<String>),
    /// Whether lots that do not exist are made.
    pub makes_lots: bool,
    /// STATIC, EXPRESSION, MANUAL or AUTO_GENERATE; the name; the expression.
    pub inventory_name: (String, Option<String>, Option<String>),
    /// EXPRESSION or MANUAL, and the expression.
    pub quantity: (String, Option<String>),
    /// Whether the quantity is what a counter rose; else it is the value at the end.
    pub is_counter: bool,
    /// Where the counter returns to 0.
    pub overflow: Option<Quantity>,
    /// What the quantity is counted in; 0 = not said.
    pub unit: UnitId,
    /// Whether the unit is the product's base unit.
    pub takes_base_unit: bool,
    /// Why; 0 = not said.
    pub reason: ReasonId,
    /// Free text that goes along with each run.
    pub notes: Option<String>,
    /// Whether it may be started.
    pub is_enabled: bool,
    /// What it is part of; 0 = nothing.
    pub process: ProcessId,
    /// Whether what it produces counts for the production order.
    pub counts_order: bool,
    /// Where it is in its life.
    pub state: State,
}

/// Where an operation is in its life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// IDLE, RUNNING, COMPLETED, CANCELLED, FAULTED …
    pub status: String,
    /// The open run; 0 = none.
    pub run: RunId,
    /// Why it is FAULTED.
    pub fault: Option<String>,
    /// Its counter while it runs.
    pub counter: Option<Counter>,
    /// What its start trigger remembers.
    pub start: Memory,
    /// What its stop trigger remembers.
    pub stop: Memory,
}

impl State {
    /// Whether it is between start and stop, be it that the stop failed.
    pub fn is_open(&self) -> bool {
        self.status == "RUNNING" || (self.status == "FAULTED" && self.run.0 != 0)
    }
}

impl Operation {
    /// Its triggers with what they remember.
    pub fn triggers(&self) -> Pair {
        Pair { start: (self.start.1, self.state.start.clone()), stop: (self.stop.1, self.state.stop.clone()) }
    }
}

const COLUMNS: &str = "o.id, o.uid, o.name, o.operation_type, o.trigger_source, o.start_expression, o.start_type, \
     o.stop_expression, o.stop_type, o.source, o.destination, o.material_source, o.material, o.material_expression, \
     o.secondary_material, o.primary_lot_strategy, o.primary_lot_expression, o.secondary_lot_strategy, \
     o.secondary_lot_expression, o.makes_lots, o.inventory_name_strategy, o.inventory_name, \
     o.inventory_name_expression, o.quantity_source, o.quantity_expression, o.quantity_calculation, \
     o.quantity_overflow, o.unit, o.unit_strategy, o.reason, o.notes, o.is_enabled, o.status, o.current_run, o.fault, \
     o.counter_first, o.counter_last, o.counter_risen, o.start_memory, o.stop_memory, \
     o.process, o.counts_order";

fn read(row: &Row<'_>) -> Result<Operation, Error> {
    let edge = |text: &str| {
        EdgeKind::named(text).ok_or_else(|| Error::Internal(format!("the edge {text} is not known to this version")))
    };
    let overflow = row.opt_int(26)?.map(Quantity);
    let number =
        |at: usize| -> Result<Option<Number>, Error> { Ok(row.opt_text(at)?.and_then(|text| Number::parse(&text))) };
    let counter = match (number(35)?, number(36)?, number(37)?) {
        (Some(first), Some(last), Some(risen)) => {
            let overflow = overflow.filter(|overflow| overflow.0 > 0).map(Number::of);
            Some(Counter { first, last, risen, overflow })
        }
        _ => None,
    };
    Ok(Operation {
        id: OperationId(row.int(0)?),
        uid: row.text(1)?,
        name: row.text(2)?,
        kind: row.text(3)?,
        trigger_source: row.text(4)?,
        start: (row.opt_text(5)?, edge(row.str(6)?)?),
        stop: (row.opt_text(7)?, edge(row.str(8)?)?),
        source: LocationId(row.int(9)?),
        destination: LocationId(row.int(10)?),
        material_source: row.text(11)?,
        material: ProductId(row.int(12)?),
        material_expression: row.opt_text(13)?,
        secondary_material: ProductId(row.int(14)?),
        primary_lot: (row.text(15)?, row.opt_text(16)?),
        secondary_lot: (row.text(17)?, row.opt_text(18)?),
        makes_lots: row.int(19)? != 0,
        inventory_name: (row.text(20)?, row.opt_text(21)?, row.opt_text(22)?),
        quantity: (row.text(23)?, row.opt_text(24)?),
        is_counter: row.str(25)? == "DELTA",
        overflow,
        unit: UnitId(row.int(27)?),
        takes_base_unit: row.str(28)? == "FROM_CONTEXT",
        reason: ReasonId(row.int(29)?),
        notes: row.opt_text(30)?,
        is_enabled: row.int(31)? != 0,
        process: ProcessId(row.int(40)?),
        counts_order: row.int(41)? != 0,
        state: State {
            status: row.text(32)?,
            run: RunId(row.int(33)?),
            fault: row.opt_text(34)?,
            counter,
            start: Memory(row.opt_text(38)?.and_then(|text| read_value(&text))),
            stop: Memory(row.opt_text(39)?.and_then(|text| read_value(&text))),
        },
    })
}

/// The operations with these ids, in their order.
pub fn by_ids(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = OperationId>,
) -> Result<Vec<Operation>, Error> {
    select(conn, tenant, ids, "")
}

/// The operations with these ids, to be changed, in the order of ids.
pub fn lock(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = OperationId>,
) -> Result<Vec<Operation>, Error> {
    select(conn, tenant, ids, "{for update}")
}

fn select(
    conn: &mut Conn,
    tenant: TenantId,
    ids: impl IntoIterator<Item = OperationId>,
    lock: &str,
) -> Result<Vec<Operation>, Error> {
    let rows = Rows::ids(ids.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        &format!(
            "select {COLUMNS} from operation o where o.tenant = $1 \
             and o.id in (select r.id from {{rows $2 (id bigint) r}}) order by o.id {lock}"
        ),
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read,
    )
}

/// Operations in the order of ids, after this one; of those that take from or bring to one of these places, where
/// places are given.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    places: Option<&[LocationId]>,
    after: OperationId,
    limit: i64,
) -> Result<Vec<Operation>, Error> {
    let rows = places.map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(after.0), Arg::Int(limit)];
    let mut wanted = "";
    if let Some(rows) = &rows {
        args.push(Arg::Rows(rows));
        wanted = "and exists (select 1 from {rows $4 (id bigint) r} where r.id in (o.source, o.destination))";
    }
    conn.query(
        &format!("select {COLUMNS} from operation o where o.tenant = $1 and o.id > $2 {wanted} order by o.id limit $3"),
        &args,
        read,
    )
}

/// All operations that tags start and stop, those included that were disabled while they ran, for [`crate::command::SetTags`] to know which tags matter.
pub fn armed(conn: &mut Conn, tenant: TenantId) -> Result<Vec<Operation>, Error> {
    conn.query(
        &format!(
            "select {COLUMNS} from operation o where o.tenant = $1 and (o.is_enabled = 1 or o.current_run > 0 \
             or o.status = 'RUNNING') and o.is_deleted = 0 \
             and (o.trigger_source = 'EXPRESSION' or o.quantity_source = 'EXPRESSION') order by o.id"
        ),
        &[Arg::Int(tenant.0)],
        read,
    )
}

/// The ids of the operations that start and stop with these processes, in order.
pub fn of_parents(
    conn: &mut Conn,
    tenant: TenantId,
    processes: impl IntoIterator<Item = ProcessId>,
) -> Result<Vec<OperationId>, Error> {
    let rows = Rows::ids(processes.into_iter().map(|id| id.0));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    conn.query(
        "select o.id from {rows $2 (id bigint) r} cross join operation o \
         where o.tenant = $1 and o.process = r.id and o.process > 0 and o.trigger_source = 'PARENT' order by o.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok(OperationId(row.int(0)?)),
    )
}

/// Writes the states of operations: one statement. Their versions stay.
pub fn save_states(
    conn: &mut Conn,
    tenant: TenantId,
    states: &BTreeMap<OperationId, State>,
    now: Time,
) -> Result<(), Error> {
    if states.is_empty() {
        return Ok(());
    }
    let counter = |of: fn(&Counter) -> Number| {
        Column::OptText(states.values().map(|state| state.counter.as_ref().map(|c| of(c).to_string())).collect())
    };
    let memory = |of: fn(&State) -> &Memory| {
        Column::OptText(states.values().map(|state| of(state).0.as_ref().map(write_value)).collect())
    };
    let rows = Rows::new(vec![
        Column::Int(states.keys().map(|id| id.0).collect()),
        Column::Text(states.values().map(|state| state.status.clone()).collect()),
        Column::Int(states.values().map(|state| state.run.0).collect()),
        Column::OptText(states.values().map(|state| state.fault.clone()).collect()),
        counter(|c| c.first),
        counter(|c| c.last),
        counter(|c| c.risen),
        memory(|state| &state.start),
        memory(|state| &state.stop),
    ]);
    conn.execute(
        "update operation set status = r.status, current_run = r.run, fault = r.fault, \
         counter_first = r.counter_first, counter_last = r.counter_last, counter_risen = r.counter_risen, \
         start_memory = r.start_memory, stop_memory = r.stop_memory, \
         status_at = case when operation.status = r.status and operation.current_run = r.run \
         and coalesce(operation.fault, '') = coalesce(r.fault, '') then operation.status_at else $3 end \
         from {rows $2 (id bigint, status text, run bigint, fault text, counter_first text, counter_last text, \
         counter_risen text, start_memory text, stop_memory text) r} \
         where operation.tenant = $1 and operation.id = r.id",
        &[Arg::Int(tenant.0), Arg::Rows(&rows), Arg::Int(now.0)],
    )?;
    Ok(())
}

/// Forgets what the triggers of an operation remember, so that the next value is only remembered.
pub fn forget(conn: &mut Conn, tenant: TenantId, id: OperationId) -> Result<(), Error> {
    conn.execute(
        "update operation set start_memory = null, stop_memory = null where tenant = $1 and id = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
    )?;
    Ok(())
}

/// Takes an operation out of every list; its row stays, for records name it.
pub fn bury(conn: &mut Conn, tenant: TenantId, id: OperationId, at: Time, person: i64) -> Result<(), Error> {
    conn.execute(
        "update operation set is_deleted = 1, is_enabled = 0, natural_key = 'deleted/' || uid, \
         version = version + 1, modified_at = $3, modified_by = $4 where tenant = $1 and id = $2",
        &[Arg::Int(tenant.0), Arg::Int(id.0), Arg::Int(at.0), Arg::Int(person)],
    )?;
    Ok(())
}

/// Operations whose state is not what their records say, each with its open record: 0 = it says that it runs,
/// and there is none.
pub fn inconsistent(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(OperationId, RunId)>, Error> {
    conn.query(
        "select o.id, coalesce(max(u.id), 0) from operation o \
         left join run u on u.tenant = o.tenant and u.operation = o.id and u.operation > 0 and u.batch = 0 \
         and u.is_note = 0 \
         and u.status in (1, 4) \
         where o.tenant = $1 and o.is_deleted = 0 and o.operation_type <> 'SCRAP_ALL' \
         and (o.status = 'RUNNING' or o.current_run = 0) \
         group by o.id, o.status, o.current_run \
         having (o.status = 'RUNNING' and coalesce(max(u.id), 0) = 0) \
         or (o.current_run = 0 and coalesce(max(u.id), 0) > 0) order by o.id",
        &[Arg::Int(tenant.0)],
        |row| Ok((OperationId(row.int(0)?), RunId(row.int(1)?))),
    )
}

/// A value as a text that begins with its kind.
pub(super) fn write_value(value: &Value) -> String {
    let (kind, text) = split_value(value);
    format!("{kind}{text}")
}

pub(super) fn read_value(text: &str) -> Option<Value> {
    let kind = text.chars().next()?.to_digit(10)?;
    Some(join_value(i64::from(kind), &text[1..]))
}

fn split_value(value: &Value) -> (i64, String) {
    match value {
        Value::Null => (0, String::new()),
        Value::Bool(yes) => (1, i64::from(*yes).to_string()),
        Value::Number(number) => (2, number.to_string()),
        Value::Text(text) => (3, text.clone()),
        Value::Time(at) => (4, at.0.to_string()),
    }
}

fn join_value(kind: i64, text: &str) -> Value {
    match kind {
        1 => Value::Bool(text == "1"),
        2 => Number::parse(text).map_or(Value::Null, Value::Number),
        3 => Value::Text(text.to_owned()),
        4 => text.parse().map_or(Value::Null, |at| Value::Time(Time(at))),
        _ => Value::Null,
    }
}

/// A tag's last value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// What it holds, and how far that can be trusted.
    pub reading: Reading,
    /// Since when.
    pub at: Time,
}

fn read_tag(row: &Row<'_>) -> Result<(String, Tag), Error> {
    let quality = match row.int(3)? {
        0 => Quality::Good,
        1 => Quality::Uncertain,
        _ => Quality::Bad,
    };
    let reading = Reading { value: join_value(row.int(1)?, row.str(2)?), quality, why: None };
    Ok((row.text(0)?, Tag { reading, at: Time(row.int(4)?) }))
}

/// What these tags hold; one that never said anything is left out. One statement.
pub fn tags<'t>(
    conn: &mut Conn,
    tenant: TenantId,
    paths: impl IntoIterator<Item = &'t str>,
) -> Result<BTreeMap<String, Tag>, Error> {
    let rows = Rows::texts(paths);
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = conn.query(
        "select t.path, t.kind, t.value, t.quality, t.at from {rows $2 (path text) r} cross join tag t \
         where t.tenant = $1 and t.path = r.path",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        read_tag,
    )?;
    Ok(found.into_iter().collect())
}

/// Tags in the order of paths.
pub fn page_of_tags(
    conn: &mut Conn,
    tenant: TenantId,
    search: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, Tag)>, Error> {
    let pattern = format!("%{}%", search.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    conn.query(
        "select t.path, t.kind, t.value, t.quality, t.at from tag t \
         where t.tenant = $1 and t.path > $2 and {lower t.path} like $3 escape '\\' order by t.path limit $4",
        &[Arg::Int(tenant.0), Arg::Text(after), Arg::Text(&pattern), Arg::Int(limit)],
        read_tag,
    )
}

/// Writes what tags hold: one statement. A value that is older than the one that is there changes nothing.
pub fn save_tags(conn: &mut Conn, tenant: TenantId, tags: &BTreeMap<String, Tag>) -> Result<(), Error> {
    if tags.is_empty() {
        return Ok(());
    }
    let values: Vec<(i64, String)> = tags.values().map(|tag| split_value(&tag.reading.value)).collect();
    let rows = Rows::new(vec![
        Column::Text(tags.keys().cloned().collect()),
        Column::Int(values.iter().map(|(kind, _)| *kind).collect()),
        Column::Text(values.into_iter().map(|(_, text)| text).collect()),
        Column::Int(tags.values().map(|tag| tag.reading.quality as i64).collect()),
        Column::Int(tags.values().map(|tag| tag.at.0).collect()),
    ]);
    conn.execute(
        "insert into tag (tenant, path, kind, value, quality, at) \
         select $1, r.path, r.kind, r.value, r.quality, r.at \
         from {rows $2 (path text, kind bigint, value text, quality bigint, at bigint) r} where true \
         on conflict (tenant, path) do update set kind = excluded.kind, value = excluded.value, \
         quality = excluded.quality, at = excluded.at where tag.at <= excluded.at",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_being_kept() {
        let number = Number::parse("-12.000000000001").unwrap();
        for value in [
            Value::Bool(true),
            Value::Bool(false),
            Value::Number(number),
            Value::Text("1: ü".to_owned()),
            Value::Text(String::new()),
            Value::Time(Time(-5)),
        ] {
            assert_eq!(read_value(&write_value(&value)), Some(value));
        }
    }
}
