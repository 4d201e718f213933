//! I9, first half: voucher numbers are unique, and no series gives one of them again.

use std::collections::HashMap;

use lotbook_domain::id::{SeriesId, TenantId, VoucherId};

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;

pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: &mut Findings,
) -> Result<(), Error> {
    let next: HashMap<String, i64> = table::scan::counters(conn, tenant)?.into_iter().collect();
    let mut before: Option<(i64, VoucherId)> = None;
    let mut foreign = 0;
    table::scan::voucher_numbers(conn, tenant, |id, number, journal| {
        found.checked(9, 1);
        if let Some((last, other)) = before
            && last == number
        {
            found.differs(9, Thing::Other(format!("voucher number {number}")), || {
                format!("is carried by voucher {other} and by voucher {id}")
            });
        }
        before = Some((number, id));
        let Some(series) = structure.series.values().find(|series| (series.from..=series.to).contains(&number)) else {
            return Ok(());
        };
        let own = structure.series_of(journal).map_or(SeriesId(0), |series| series.id);
        if own != series.id {
            foreign += 1;
        } else if next.get(&series.counter()).is_none_or(|next| *next <= number) {
            found.differs(9, Thing::Other(format!("voucher {id}")), || {
                format!("carries number {number}, which series {} would give again", series.name)
            });
        }
        Ok(())
    })?;
    if foreign > 0 {
        found.note(
            9,
            format!("{foreign} vouchers carry numbers of a series that is not their journal's now; journals or series were changed since"),
        );
    }
    for voucher in table::scan::booked_without_voucher(conn, tenant, NAMED_MAX as i64)? {
        found.differs(9, Thing::Other(format!("voucher {voucher}")), || "was booked and is gone".to_owned());
    }
    Ok(())
}
