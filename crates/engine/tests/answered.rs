//! Answers under idempotency keys are kept for a while, and then forgotten.

mod support;

use lotbook_domain::id::TenantId;
use lotbook_domain::time::Time;
use lotbook_engine::table::answered::{find, forget, insert};

#[test]
fn old_answers_go_and_young_ones_stay() {
    for (name, database) in support::databases() {
        let tenant = TenantId(1);
        let (old, young) = (Time(1_000), Time(2_000));
        let answer = |key: &str| (key.to_owned(), [7; 32], format!("answer of {key}"));
        database.write(|conn| insert(conn, tenant, &[answer("a"), answer("b"), answer("c")], old)).unwrap();
        database.write(|conn| insert(conn, tenant, &[answer("d")], young)).unwrap();
        assert_eq!(database.write(|conn| forget(conn, tenant, young, 2)).unwrap(), 2, "{name}: at most two at once");
        assert_eq!(database.write(|conn| forget(conn, tenant, young, 2)).unwrap(), 1, "{name}");
        assert_eq!(database.write(|conn| forget(conn, tenant, young, 2)).unwrap(), 0, "{name}");
        let kept = database.read(|conn| find(conn, tenant, &["a", "b", "c", "d"])).unwrap();
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["d"], "{name}");
    }
}
