//! Records in their tables: the SQL that follows from a description.

use lotbook_domain::id::TenantId;

use super::field::Stamp;
use super::kind::{Cell, Kind, Type, Use};
use super::plan::{Draft, Plan};
use crate::error::Error;
use crate::store::{self, Arg, Conn, Row, Rows};
use crate::write::Tx;

/// A record as it is kept.
pub struct Stored {
    /// Its id.
    pub id: i64,
    /// Its ULID.
    pub uid: String,
    /// How often it was written.
    pub version: i64,
    /// By what people tell it, folded.
    pub key: String,
    /// Its columns.
    pub cells: Vec<Cell>,
}

fn read_cells(row: &Row<'_>, kind: &Kind, from: usize) -> Result<Vec<Cell>, Error> {
    kind.columns()
        .iter()
        .enumerate()
        .map(|(at, column)| {
            Ok(if column.is_text { Cell::Text(row.opt_text(from + at)?) } else { Cell::Int(row.opt_int(from + at)?) })
        })
        .collect()
}

fn listed(kind: &Kind, prefix: &str) -> String {
    kind.columns().iter().map(|column| format!(", {prefix}{}", column.name)).collect()
}

/// The record with this id, locked until the transaction ends.
pub fn lock(conn: &mut Conn, tenant: TenantId, kind: &'static Kind, id: i64) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "select t.uid, t.version, t.natural_key{} from {} t where t.tenant = $1 and t.id = $2 and {} {{for update}}",
        listed(kind, "t."),
        kind.table,
        kind.rows
    );
    conn.one(&sql, &[Arg::Int(tenant.0), Arg::Int(id)], |row| {
        Ok(Stored { id, uid: row.text(0)?, version: row.int(1)?, key: row.text(2)?, cells: read_cells(row, kind, 3)? })
    })
}

fn column_of(drafts: &[Draft], place: usize, is_text: bool) -> store::Column {
    if is_text {
        store::Column::OptText(
            drafts
                .iter()
                .map(|draft| match &draft.cells[place] {
                    Cell::Text(text) => text.clone(),
                    Cell::Int(_) => None,
                })
                .collect(),
        )
    } else {
        store::Column::OptInt(
            drafts
                .iter()
                .map(|draft| match draft.cells[place] {
                    Cell::Int(number) => number,
                    Cell::Text(_) => None,
                })
                .collect(),
        )
    }
}

fn declared(kind: &Kind) -> String {
    kind.columns()
        .iter()
        .map(|column| format!(", {} {}", column.name, if column.is_text { "text" } else { "bigint" }))
        .collect()
}

/// Writes new records, one statement, and answers the first of their ids, which are in a row.
pub fn insert(plan: &mut Plan<'_, '_>) -> Result<i64, Error> {
    let kind = plan.kind;
    let n = plan.drafts.len() as i64;
    let first = plan.tx.ids(kind.counter, n)?;
    let parent = plan.columns.iter().position(|column| column.name == "parent");
    for draft in &mut plan.drafts {
        if let (Some(place), Some(above)) = (parent, draft.parent) {
            draft.cells[place] = Cell::Int(Some(first + above as i64));
        }
    }
    let uids = plan.drafts.iter().map(|_| plan.tx.uid()).collect();
    let mut columns = vec![
        store::Column::Int((first..first + n).collect()),
        store::Column::Text(uids),
        store::Column::Text(plan.drafts.iter().map(|draft| draft.key.clone()).collect()),
    ];
    for (place, column) in plan.columns.iter().enumerate() {
        columns.push(column_of(&plan.drafts, place, column.is_text));
    }
    let names: String = kind.constants.iter().map(|(name, _)| format!(", {name}")).collect();
    let values: String = kind.constants.iter().map(|(_, value)| format!(", {value}")).collect();
    let sql = format!(
        "insert into {} (tenant, id, uid, natural_key, created_at, created_by, modified_at, modified_by, version{}{names}) \
         select $1, r.id, r.uid, r.natural_key, $3, $4, $3, $4, 1{}{values} \
         from {{rows $2 (id bigint, uid text, natural_key text{}) r}}",
        kind.table,
        listed(kind, ""),
        listed(kind, "r."),
        declared(kind)
    );
    let rows = Rows::new(columns);
    let args = [Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows), Arg::Int(plan.tx.now.0), Arg::Int(plan.tx.person.0)];
    // Whoever meets somebody else's record with the same key looks again, in the same transaction.
    plan.tx.conn.savepoint(|conn| conn.execute(&sql, &args))?;
    Ok(first)
}

/// Writes the changed record of a plan: one statement.
pub fn update(plan: &mut Plan<'_, '_>, id: i64) -> Result<(), Error> {
    let kind = plan.kind;
    let mut columns = vec![store::Column::Int(vec![id]), store::Column::Text(vec![plan.drafts[0].key.clone()])];
    for (place, column) in plan.columns.iter().enumerate() {
        columns.push(column_of(&plan.drafts[..1], place, column.is_text));
    }
    let set: String = plan.columns.iter().map(|column| format!(", {0} = r.{0}", column.name)).collect();
    let sql = format!(
        "update {0} set natural_key = r.natural_key, modified_at = $3, modified_by = $4, version = {0}.version + 1{set} \
         from {{rows $2 (id bigint, natural_key text{1}) r}} where {0}.tenant = $1 and {0}.id = r.id",
        kind.table,
        declared(kind)
    );
    let rows = Rows::new(columns);
    let args = [Arg::Int(plan.tx.tenant.0), Arg::Rows(&rows), Arg::Int(plan.tx.now.0), Arg::Int(plan.tx.person.0)];
    plan.tx.conn.savepoint(|conn| conn.execute(&sql, &args))?;
    Ok(())
}

/// Forgets a record.
pub fn delete(tx: &mut Tx<'_>, kind: &Kind, id: i64) -> Result<(), Error> {
    let sql = format!("delete from {} where tenant = $1 and id = $2", kind.table);
    tx.conn.execute(&sql, &[Arg::Int(tx.tenant.0), Arg::Int(id)])?;
    Ok(())
}

/// What of this list refers to a record: one statement.
pub fn uses(conn: &mut Conn, tenant: TenantId, uses: &[Use], id: i64) -> Result<Vec<&'static str>, Error> {
    if uses.is_empty() {
        return Ok(Vec::new());
    }
    let questions: Vec<String> =
        uses.iter().map(|one| format!("case when exists (select 1 from {}) then 1 else 0 end", one.from)).collect();
    let sql = format!("select {}", questions.join(", "));
    let found = conn.one(&sql, &[Arg::Int(tenant.0), Arg::Int(id)], |row| {
        let mut found = Vec::new();
        for (at, one) in uses.iter().enumerate() {
            if row.int(at)? != 0 {
                found.push(one.what);
            }
        }
        Ok(found)
    })?;
    Ok(found.unwrap_or_default())
}

/// The statement that reads records as answers show them: up to its condition, with `t` as the row and
/// the tenant as `$1`. `from` goes before the table: the batch to begin at, or nothing.
pub fn select(kind: &Kind, from: &str) -> String {
    let mut columns = String::from(
        "select t.id, t.uid, t.version, t.created_at, t.created_by, cp.name, t.modified_at, t.modified_by, mp.name",
    );
    columns.push_str(&listed(kind, "t."));
    let mut joins = String::new();
    for (at, field) in kind.fields.iter().enumerate() {
        if let Type::Reference(other) = field.ty {
            columns.push_str(&format!(", r{at}.{}", other.key.label()));
            joins.push_str(&format!(
                " left join {} r{at} on r{at}.tenant = t.tenant and r{at}.id = t.{}",
                other.table, field.column
            ));
        }
    }
    format!(
        "{columns} from {from}{} t \
         left join person cp on cp.tenant = t.tenant and cp.id = t.created_by \
         left join person mp on mp.tenant = t.tenant and mp.id = t.modified_by{joins}",
        kind.table
    )
}

/// Adds the record of a row of [`select`] as JSON.
pub fn write_json(kind: &Kind, row: &Row<'_>, out: &mut String) -> Result<(), Error> {
    let stamp = Stamp {
        id: row.int(0)?,
        uid: row.str(1)?,
        version: row.int(2)?,
        created: (row.int(3)?, row.int(4)?, row.opt_text(5)?),
        modified: (row.int(6)?, row.int(7)?, row.opt_text(8)?),
    };
    let cells = read_cells(row, kind, 9)?;
    stamp.write_head(out);
    let mut place = 0;
    let mut label = 9 + cells.len();
    for field in kind.fields {
        let width = field.columns().count();
        let own = &cells[place..place + width];
        place += width;
        let called = if let Type::Reference(_) = field.ty {
            label += 1;
            row.opt_text(label - 1)?
        } else {
            None
        };
        for name in [Some(field.name), field.also].into_iter().flatten() {
            out.push_str(",\"");
            out.push_str(name);
            out.push_str("\":");
            field.write_json(own, called.as_deref(), out);
        }
    }
    stamp.write_tail(out);
    Ok(())
}

/// The records with these ids as JSON, in the order of ids: one statement.
pub fn by_ids(
    conn: &mut Conn,
    tenant: TenantId,
    kind: &'static Kind,
    ids: impl IntoIterator<Item = i64>,
) -> Result<Vec<String>, Error> {
    let rows = Rows::ids(ids);
    let sql = format!(
        "{} where t.tenant = $1 and t.id = r.id and {} order by t.id",
        select(kind, "{rows $2 (id bigint) r} cross join "),
        kind.rows
    );
    conn.query(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
        let mut json = String::new();
        write_json(kind, row, &mut json)?;
        Ok(json)
    })
}
