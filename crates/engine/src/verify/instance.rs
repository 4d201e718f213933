//! I6: an instance is in at most one real place, with quantity 0 or 1, after every instant.

use std::collections::BTreeMap;

use lotbook_domain::id::{LocationId, LotId, TenantId};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;

use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::store::Conn;
use crate::table;

/// Instances looked at together.
const CHUNK: i64 = 2_000;

pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    let mut after = LotId(0);
    loop {
        let chunk = table::scan::instances(conn, tenant, after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(()) };
        after = *last;
        found.checked(6, chunk.len() as u64);
        let mut path = Path::default();
        table::scan::instance_steps(conn, tenant, &chunk, |instance, at, place, change| {
            if path.instance != instance {
                path.end_instant(found);
                path = Path { instance, ..Path::default() };
            }
            if path.at != at {
                path.end_instant(found);
                path.at = at;
            }
            let stands = path.stands.entry(place).or_default();
            *stands = stands.saturating_add(change.0);
            Ok(())
        })?;
        path.end_instant(found);
    }
}

/// Where an instance stands after an instant.
#[derive(Default)]
struct Path {
    instance: LotId,
    at: Time,
    stands: BTreeMap<LocationId, i64>,
    is_told: bool,
}

impl Path {
    fn end_instant(&mut self, found: &mut Findings) {
        self.stands.retain(|_, quantity| *quantity != 0);
        let is_right = self.stands.len() <= 1 && self.stands.values().all(|quantity| *quantity == ONE_E6);
        if !is_right && !self.is_told {
            self.is_told = true;
            let stands: Vec<String> = self
                .stands
                .iter()
                .map(|(place, quantity)| format!("{} at location {place}", Quantity(*quantity)))
                .collect();
            found.differs(6, Thing::Instance(self.instance), || {
                format!("stands at {} with {}; it may be in one place at most", self.at, stands.join(" and "))
            });
        }
    }
}
