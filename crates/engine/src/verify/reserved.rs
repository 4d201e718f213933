//! I2, for what is promised: the sum of each scope, and what is open of each reservation.

use lotbook_domain::id::TenantId;

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::error::Error;
use crate::store::Conn;
use crate::table::reservation::{wrong_ends, wrong_open, wrong_sums};

pub(super) fn verify(conn: &mut Conn, tenant: TenantId, found: &mut Findings) -> Result<(), Error> {
    for (scope, kept, follows) in wrong_sums(conn, tenant, NAMED_MAX as i64)? {
        found.differs(2, Thing::Key(scope.product, scope.variant, scope.lot), || {
            format!("{kept} are kept as reserved at location {}; its reservations are open for {follows}", scope.place)
        });
    }
    for (id, kept, follows) in wrong_open(conn, tenant, NAMED_MAX as i64)? {
        found.differs(2, Thing::Other(format!("reservation {id}")), || {
            format!("is open for {kept}; after what was issued of it it is {follows}")
        });
    }
    for (id, kept, follows) in wrong_ends(conn, tenant, NAMED_MAX as i64)? {
        found.differs(2, Thing::Other(format!("reservation {id}")), || {
            format!("is kept as ended at {kept}; what became of it makes that {follows}")
        });
    }
    Ok(())
}
