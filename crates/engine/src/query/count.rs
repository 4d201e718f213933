//! What was counted, and whether it still holds.

use lotbook_domain::id::{BatchId, LINES_PER_BATCH_MAX, LocationId, LotId, ProductId, TenantId};
use lotbook_domain::quantity::ONE_E6;

use crate::command::{CountAnswer, count_number, count_of_number};
use crate::error::Error;
use crate::store::{Arg, Column, Conn, Rows};

/// Which counts. All that is given must hold; an empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct CountFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this lot or instance.
    pub lot: Option<LotId>,
    /// At these places.
    pub places: Option<Vec<LocationId>>,
    /// Of this batch.
    pub batch: Option<BatchId>,
    /// After the count with this number, for paging.
    pub after: i64,
}

/// A count with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The count.
    pub answer: CountAnswer,
    /// Whether it was not undone.
    pub holds: bool,
}

/// A page of counts in the order of batches and lines.
pub fn counts(conn: &mut Conn, tenant: TenantId, filter: &CountFilter, limit: i64) -> Result<Vec<Counted>, Error> {
    let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let (batch, line) = if filter.after == 0 {
        (0, -1)
    } else {
        (filter.after >> 20, LINES_PER_BATCH_MAX - 1 - (filter.after & (LINES_PER_BATCH_MAX - 1)))
    };
    let mut sql = String::from("c.tenant = $1 and (c.batch > $2 or (c.batch = $2 and c.line > $3))");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(batch), Arg::Int(line)];
    for (column, number) in [
        ("c.product", filter.product.map(|id| id.0)),
        ("c.lot", filter.lot.map(|id| id.0)),
        ("c.batch", filter.batch.map(|id| id.0)),
    ] {
        if let Some(number) = number {
            args.push(Arg::Int(number));
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
    }
    if let Some(rows) = &places {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and c.location in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    args.push(Arg::Int(limit));
    let text = format!(
        "select c.batch, c.line, h.position, c.product, p.identifier, c.variant, c.lot, c.location, c.effective_at, \
         c.counted, c.expected, c.movement_line, u.batch, case when p.tracking = 2 and c.lot = 0 then 1 else 0 end \
         from stock_count c \
         join header h on h.tenant = $1 and h.batch = c.batch \
         join product p on p.tenant = $1 and p.id = c.product \
         left join count_undone u on u.tenant = $1 and u.count_batch = c.batch and u.count_line = c.line \
         where {sql} order by c.batch, c.line limit ${}",
        args.len()
    );
    let mut found = conn.query(&text, &args, |row| {
        let batch = BatchId(row.int(0)?);
        let movement = row.int(11)?;
        Ok(Counted {
            answer: CountAnswer {
                id: count_number(batch, row.int(1)?),
                batch: batch.0,
                position: row.int(2)?,
                index: 0,
                product: row.int(3)?,
                identifier: row.text(4)?,
                variant: row.int(5)?,
                lot: row.int(6)?,
                location: row.int(7)?,
                at: row.int(8)?,
                counted: row.int(9)?,
                expected: row.int(10)?,
                movement: (movement >= 0).then_some((batch.0 << 20) | movement),
                instances: (row.int(13)? == 1).then(Vec::new),
            },
            holds: row.opt_int(12)?.is_none(),
        })
    })?;
    add_instances(conn, tenant, &mut found)?;
    Ok(found)
}

/// Adds to counts of sets which instances were found: their counts follow that of the set. One statement, and none where
/// there is no set.
fn add_instances(conn: &mut Conn, tenant: TenantId, found: &mut [Counted]) -> Result<(), Error> {
    let sets: Vec<usize> = (0..found.len()).filter(|at| found[*at].answer.instances.is_some()).collect();
    if sets.is_empty() {
        return Ok(());
    }
    let line = |at: usize| count_of_number(found[at].answer.id).line;
    // So many at most were found or missed.
    let last = |at: usize| {
        let CountAnswer { counted, expected, .. } = found[at].answer;
        line(at) + (counted.max(0).saturating_add(expected.max(0))) / ONE_E6
    };
    let rows = Rows::new(vec![
        Column::Int(sets.iter().map(|at| *at as i64).collect()),
        Column::Int(sets.iter().map(|at| found[*at].answer.batch).collect()),
        Column::Int(sets.iter().map(|at| line(*at)).collect()),
        Column::Int(sets.iter().map(|at| last(*at)).collect()),
    ]);
    let instances = conn.query(
        "select r.no, c.lot from {rows $2 (no bigint, batch bigint, line bigint, last bigint) r} \
         join stock_count s on s.tenant = $1 and s.batch = r.batch and s.line = r.line \
         join stock_count c on c.tenant = $1 and c.batch = r.batch and c.line > r.line and c.line <= r.last \
         and c.product = s.product and c.variant = s.variant and c.location = s.location \
         and c.effective_at = s.effective_at and c.lot > 0 and c.counted > 0 order by r.no, c.line",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((row.int(0)? as usize, row.int(1)?)),
    )?;
    for (at, instance) in instances {
        found[at].answer.instances.get_or_insert_default().push(instance);
    }
    Ok(())
}
