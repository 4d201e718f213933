//! Proof that everything derived in a database follows from its movements.

use lotbook_domain::id::BatchId;
use lotbook_domain::movement::Movement;
use lotbook_engine::{Arg, settle, table};

use super::House;

/// Proves every invariant of a tenant, settles its values, and proves them again. Answers the movements.
pub fn verify(house: &House) -> Vec<(BatchId, Movement)> {
    must_be_sound(house);
    settle::settle_all(&house.engine).expect("values can be settled");
    must_be_sound(house);
    house.read(|conn| {
        conn.query(
            &format!(
                "select {} from movement m where m.tenant = $1 order by m.batch, m.line",
                table::movement::COLUMNS
            ),
            &[Arg::Int(house.tenant.0)],
            |row| table::movement::read(row, 0),
        )
    })
}

fn must_be_sound(house: &House) {
    let report =
        lotbook_engine::verify::verify(house.engine.store(), house.tenant, |_| {}).expect("the database answers");
    let named: Vec<String> = report
        .checks
        .iter()
        .flat_map(|check| check.named.iter().map(|found| format!("{} {found}", check.invariant)))
        .collect();
    assert!(report.is_sound(), "verify finds {}:\n{}", report.differences(), named.join("\n"));
}
