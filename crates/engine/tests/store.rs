//! What the store promises, on both databases.

mod support;

use std::collections::BTreeSet;
use std::sync::{Barrier, mpsc};
use std::time::{Duration, Instant};

use lotbook_domain::time::Time;
use lotbook_engine::store::Counters;
use lotbook_engine::{Arg, Column, Conn, Dialect, Error, Rows, Store, rows};

use support::{TestDb, databases, empty_databases};

const INSERT: &str = "insert into counter (tenant, name, next) values ($1, $2, $3)";

fn next_of(store: &Store, name: &str) -> Option<i64> {
    store
        .read(|conn| {
            conn.one(
                "select next from counter where tenant = $1 and name = $2",
                &[Arg::Int(1), Arg::Text(name)],
                |row| row.int(0),
            )
        })
        .expect("a query")
}

fn insert(store: &Store, name: &str, next: i64) -> Result<u64, Error> {
    store.write(|conn| conn.execute(INSERT, &[Arg::Int(1), Arg::Text(name), Arg::Int(next)]))
}

#[test]
fn a_write_commits_on_ok_and_undoes_everything_on_err() {
    for (name, db) in databases() {
        assert_eq!(insert(&db, "kept", 5).expect("a row"), 1, "{name}");
        let failed: Result<(), Error> = db.write(|conn| {
            conn.execute(INSERT, &[Arg::Int(1), Arg::Text("gone"), Arg::Int(1)])?;
            Err(Error::refused("noReason", "changed our mind"))
        });
        assert!(matches!(failed, Err(Error::Refused { .. })), "{name}");
        assert_eq!((next_of(&db, "kept"), next_of(&db, "gone")), (Some(5), None), "{name}");
    }
}

#[test]
fn every_kind_of_value_comes_back() {
    for (name, db) in empty_databases() {
        db.write(|conn| {
            conn.execute(
                if db.dialect() == Dialect::Sqlite {
                    "create table v (i integer, t text, b blob)"
                } else {
                    "create table v (i bigint, t text, b bytea)"
                },
                &[],
            )?;
            conn.execute(
                "insert into v (i, t, b) values ($1, $2, $3)",
                &[Arg::Int(i64::MIN), Arg::Text("Größe 'L'"), Arg::Bytes(&[0, 255])],
            )?;
            conn.execute(
                "insert into v (i, t, b) values ($1, $2, $3)",
                &[Arg::OptInt(None), Arg::OptText(None), Arg::OptBytes(None)],
            )?;
            conn.execute("insert into v (i, t, b) values ($1, $2, $3)", &[Arg::Int(0), Arg::Text(""), Arg::Bytes(&[])])
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
        let read = db
            .read(|conn| {
                conn.query("select i, t, b from v order by i is null, i", &[], |row| {
                    Ok((row.opt_int(0)?, row.opt_text(1)?, row.opt_bytes(2)?))
                })
            })
            .expect("a query");
        let expected = [
            (Some(i64::MIN), Some("Größe 'L'".to_string()), Some(vec![0, 255])),
            (Some(0), Some(String::new()), Some(vec![])),
            (None, None, None),
        ];
        assert_eq!(read, expected, "{name}");
        let exact = db
            .read(|conn| {
                conn.one("select i, t, b, exists (select 1 from v), 7 from v where i < $1", &[Arg::Int(0)], |row| {
                    Ok((row.int(0)?, row.text(1)?, row.bytes(2)?, row.int(3)?, row.int(4)?))
                })
            })
            .expect("a query");
        assert_eq!(exact, Some((i64::MIN, "Größe 'L'".to_string(), vec![0, 255], 1, 7)), "{name}");
        let wrong = db.read(|conn| conn.one("select t from v where i = 0", &[], |row| row.int(0)));
        assert!(matches!(wrong, Err(Error::Internal(_))), "{name}");
    }
}

#[test]
fn a_batch_of_every_kind_is_a_table() {
    for (name, db) in empty_databases() {
        let batch = Rows::new(vec![
            Column::Int(vec![1, 2, 3]),
            Column::OptInt(vec![Some(10), None, Some(30)]),
            Column::Text(vec!["a".into(), "b,\"{}\\".into(), String::new()]),
            Column::OptText(vec![None, Some("x".into()), Some("null".into())]),
            Column::Bytes(vec![vec![], vec![1], vec![255, 0]]),
        ]);
        let sql = "select id, part, name, note, hash from {rows $2 (id bigint, part bigint, name text, note text, hash bytea) r} where id > $1 order by id desc";
        let read = db
            .read(|conn| {
                conn.query(sql, &[Arg::Int(0), Arg::Rows(&batch)], |row| {
                    Ok((row.int(0)?, row.opt_int(1)?, row.text(2)?, row.opt_text(3)?, row.bytes(4)?))
                })
            })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            read,
            [
                (3, Some(30), String::new(), Some("null".to_string()), vec![255, 0]),
                (2, None, "b,\"{}\\".to_string(), Some("x".to_string()), vec![1]),
                (1, Some(10), "a".to_string(), None, vec![]),
            ],
            "{name}"
        );
        let empty = Rows::ids([]);
        let count = db.read(|conn| {
            conn.one("select count(*) from {rows $1 (id bigint) r}", &[Arg::Rows(&empty)], |row| row.int(0))
        });
        assert_eq!(count.expect("a query"), Some(0), "{name}");
        for wrong in [Arg::Int(1), Arg::Rows(&batch)] {
            let refused = db.read(|conn| conn.one("select 1 from {rows $1 (id bigint) r}", &[wrong], |row| row.int(0)));
            assert!(matches!(refused, Err(Error::Internal(_))), "{name}");
        }
    }
}

#[test]
fn batches_insert_join_update_and_upsert() {
    for (name, db) in databases() {
        let batch = rows!(for index in (0..1000_i64).collect::<Vec<_>>() => format!("n{index:04}"), *index);
        db.write(|conn| {
            let inserted = conn.execute(
                "insert into counter (tenant, name, next) select $2, r.name, r.next from {rows $1 (name text, next bigint) r}",
                &[Arg::Rows(&batch), Arg::Int(1)],
            )?;
            assert_eq!(inserted, 1000, "{name}");
            let more = rows!(for index in [998_i64, 999, 1000] => format!("n{index:04}"), -index);
            let changed = conn.execute(
                "insert into counter (tenant, name, next) select $2, r.name, r.next from {rows $1 (name text, next bigint) r} where true
                 on conflict (tenant, name) do update set next = counter.next + excluded.next",
                &[Arg::Rows(&more), Arg::Int(1)],
            )?;
            assert_eq!(changed, 3, "{name}");
            conn.execute(
                "update counter set next = r.next from {rows $1 (name text, next bigint) r} where counter.tenant = $2 and counter.name = r.name",
                &[Arg::Rows(&Rows::new(vec![Column::Text(vec!["n0001".into()]), Column::Int(vec![77])])), Arg::Int(1)],
            )
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
        let wanted = Rows::texts(["n0000", "n0001", "n0998", "n1000", "absent"]);
        let read = db
            .read(|conn| {
                conn.query(
                    "select c.name, c.next from {rows $1 (name text) r} join counter c on c.tenant = $2 and c.name = r.name order by c.name",
                    &[Arg::Rows(&wanted), Arg::Int(1)],
                    |row| Ok((row.text(0)?, row.int(1)?)),
                )
            })
            .expect("a query");
        let expected = [("n0000", 0), ("n0001", 77), ("n0998", 0), ("n1000", -1000)];
        assert_eq!(read, expected.map(|(key, next)| (key.to_string(), next)), "{name}");
    }
}

#[test]
fn sqlite_walks_the_batch_and_looks_up_by_key() {
    let db = TestDb::sqlite();
    db.migrate(Time(0)).expect("a schema");
    let plan = |sql: &str| -> Vec<String> {
        let batch = Rows::ids([1, 2]);
        db.write(|conn| {
            conn.query(&format!("explain query plan {sql}"), &[Arg::Rows(&batch), Arg::Int(1)], |row| row.text(3))
        })
        .expect("a plan")
    };
    let first_then_key = |sql: &str| {
        let steps = plan(sql);
        assert!(steps[0].starts_with("SCAN batch_rows"), "{sql}: {steps:?}");
        for step in &steps[1..] {
            assert!(step.starts_with("SEARCH") && !step.contains("(tenant=?)"), "{sql}: {steps:?}");
        }
        assert!(steps.len() > 1, "{sql}: {steps:?}");
    };
    first_then_key("select a.* from {rows $1 (id bigint) r} join account a on a.tenant = $2 and a.id = r.id");
    first_then_key("select a.* from {rows $1 (id bigint) r} join account a on a.tenant = $2 and a.id = r.id order by a.id {for update}".replace(" order by a.id", "").as_str());
    first_then_key(
        "select a.id, p.name from {rows $1 (id bigint) r} join account a on a.tenant = $2 and a.id = r.id join product p on p.tenant = $2 and p.id = a.product",
    );
    first_then_key("select m.line from {rows $1 (id bigint) r} join movement m on m.tenant = $2 and m.batch = r.id");
    first_then_key(
        "select m.line from {rows $1 (id bigint) r} join movement m on m.tenant = $2 and m.to_account = r.id and m.to_account > 0 and m.effective_at < 5",
    );
    first_then_key(
        "update account set quantity = 0 from {rows $1 (id bigint) r} where account.tenant = $2 and account.id = r.id",
    );
    first_then_key("select a.id from {rows $1 (id bigint) r} left join account a on a.tenant = $2 and a.id = r.id");
}

#[test]
fn sqlite_prefers_an_index_to_walking_all_of_a_tenant() {
    let db = TestDb::sqlite();
    db.migrate(Time(0)).expect("a schema");
    let by = |index: &str, condition: &str| {
        let sql = format!("explain query plan select * from {condition}");
        // On the writer, which migrated, and on a reader, which did not.
        let args = [Arg::Int(1), Arg::Int(2), Arg::Int(3)];
        let written = db.write(|conn| conn.query(&sql, &args, |row| row.text(3))).expect("a plan");
        let read = db.read(|conn| conn.query(&sql, &args, |row| row.text(3))).expect("a plan");
        for steps in [written, read] {
            assert!(steps.iter().any(|step| step.contains(index)), "{sql}: {steps:?}");
        }
    };
    let ordered = "order by a.id limit $3";
    by(
        "account_by_key (tenant=? AND product=?)",
        &format!("account a where a.tenant = $1 and a.product = $2 {ordered}"),
    );
    by(
        "account_at_place (tenant=? AND place=? AND id>?)",
        "account a where a.tenant = $1 and a.place = $2 and a.kind = 1 and a.id > $3 order by a.id limit 100",
    );
    by(
        "account_by_lot (tenant=? AND lot=?)",
        "account a where a.tenant = $1 and a.lot = $2 and a.lot > 0 and a.kind = 1 and a.id + 0 > $3 order by a.id + 0",
    );
    // A worker asks for what waits, and finds it without what was booked.
    by("booking_in_line", "booking b where b.state = 1 order by b.requested_at, b.id limit $3");
    // What waits to be settled, whatever else is asked of it.
    by(
        "account_unsettled (tenant=?)",
        "account a cross join movement m on m.tenant = $1 and m.to_pool = a.id + 0 and m.to_pool > 0 \
         and m.effective_at >= a.unsettled_from where a.tenant = $1 and a.unsettled_from is not null",
    );
    by(
        "stock_count_by_product (tenant=? AND product=?)",
        "stock_count c where c.tenant = $1 and c.product = $2 order by c.batch, c.line limit $3",
    );
    // What a voucher put under way.
    by(
        "movement_into_transit (tenant=? AND to_pool=? AND voucher=? AND effective_at<?)",
        "movement s where s.tenant = $1 and s.to_pool = $2 and s.to_location = 2 and s.voucher = $3 \
         and s.effective_at < 9",
    );
    by(
        "movement_by_product (tenant=? AND product=?)",
        "movement m where m.tenant = $1 and m.product = $2 and m.kind = $3",
    );
    // What was reserved at a time is found among what ended after it.
    by(
        "reservation_by_end (tenant=? AND ended_at>?)",
        "reservation v where v.tenant = $1 and v.ended_at > $2 and v.created_at <= $3 group by v.product + 0, v.variant, v.lot, v.location",
    );
    by(
        "reservation_by_product_end (tenant=? AND product=? AND ended_at>?)",
        "reservation v where v.tenant = $1 and v.product = $2 and v.ended_at > $3",
    );
    // Where a page of everything is asked for, the order of the key is the way.
    by(
        "PRIMARY KEY (tenant=? AND id>?)",
        &format!("account a where a.tenant = $1 and a.kind = 1 and a.id > $2 {ordered}"),
    );
    by(
        "movement_into_account (tenant=? AND to_account>? AND to_account<?)",
        "movement m where m.tenant = $1 and m.to_account > $2 and m.to_account <= $3 and m.to_account > 0",
    );
}

#[test]
fn a_read_sees_one_snapshot_and_may_not_write() {
    for (name, db) in databases() {
        insert(&db, "a", 1).expect("a row");
        let count = "select count(*) from counter";
        let counts = db
            .read(|conn| {
                let before = conn.one(count, &[], |row| row.int(0))?;
                insert(&db, "b", 1)?;
                Ok((before, conn.one(count, &[], |row| row.int(0))?))
            })
            .expect("a read with a write beside it");
        assert_eq!(counts, (Some(1), Some(1)), "{name}");
        let refused = db.read(|conn| conn.execute(INSERT, &[Arg::Int(1), Arg::Text("c"), Arg::Int(1)]));
        assert!(matches!(refused, Err(Error::Internal(_))), "{name}: {refused:?}");
        assert_eq!(next_of(&db, "c"), None, "{name}");
    }
}

#[test]
fn two_connections_read_what_one_transaction_would() {
    let count = |conn: &mut Conn| conn.one("select count(*) from counter", &[], |row| row.int(0));
    for (name, db) in databases() {
        insert(&db, "a", 1).expect("a row");
        let seen = db
            .read_beside(|conn, beside| {
                insert(&db, "b", 1)?;
                let beside = beside.expect("nobody else reads");
                let theirs = std::thread::scope(|scope| scope.spawn(|| count(beside)).join().expect("no panic"));
                let refused = beside.execute(INSERT, &[Arg::Int(1), Arg::Text("c"), Arg::Int(1)]);
                assert!(matches!(refused, Err(Error::Internal(_))), "{name}: {refused:?}");
                Ok((count(conn)?, theirs?))
            })
            .expect("a read with a write beside it");
        assert_eq!(seen, (Some(1), Some(1)), "{name}");
        assert_eq!(next_of(&db, "b"), Some(1), "{name}: and both went back");
    }
}

#[test]
fn a_twin_sees_what_the_first_saw_where_the_database_lets_one_join() {
    let count = |conn: &mut Conn| conn.one("select count(*) from counter", &[], |row| row.int(0));
    for (name, db) in databases() {
        insert(&db, "a", 1).expect("a row");
        let seen = db
            .read(|conn| {
                let before = count(conn)?;
                insert(&db, "b", 1)?;
                let mut twin = conn.twin()?;
                Ok((before, twin.as_mut().map(|twin| count(twin)).transpose()?, count(conn)?))
            })
            .expect("a read with a write beside it");
        let twin = (db.dialect() == Dialect::Postgres).then_some(Some(1));
        assert_eq!(seen, (Some(1), twin, Some(1)), "{name}");
        let none = db.write(|conn| Ok(conn.twin()?.is_none())).expect("a write");
        assert!(none, "{name}: what is not committed nobody else sees");
    }
}

#[test]
fn whoever_finds_every_connection_taken_reads_alone() {
    for (name, db) in databases() {
        // Each holds one; with more of them than there are connections beside, some find none.
        let alone = Barrier::new(8);
        let beside: usize = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        db.read(|conn| {
                            alone.wait();
                            let first = conn.twin()?;
                            let second = conn.twin()?;
                            alone.wait();
                            Ok(usize::from(first.is_some()) + usize::from(second.is_some()))
                        })
                        .expect("a read")
                    })
                })
                .collect();
            readers.into_iter().map(|reader| reader.join().expect("no panic")).sum()
        });
        let most = if db.dialect() == Dialect::Postgres { 8 } else { 0 };
        assert_eq!(beside, most, "{name}");
        insert(&db, "a", 1).expect("all of them went back");
    }
}

#[test]
fn each_streams_and_an_error_ends_it() {
    for (name, db) in empty_databases() {
        let batch = Rows::ids(0..50_000);
        let mut sum = 0;
        db.read(|conn| {
            conn.each("select id from {rows $1 (id bigint) r}", &[Arg::Rows(&batch)], |row| {
                sum += row.int(0)?;
                Ok(())
            })
        })
        .expect("a stream");
        assert_eq!(sum, 50_000 * 49_999 / 2, "{name}");
        let mut seen = 0;
        let ended = db.read(|conn| {
            let ended = conn.each("select id from {rows $1 (id bigint) r}", &[Arg::Rows(&batch)], |_| {
                seen += 1;
                if seen == 3 { Err(Error::refused("enough", "three will do")) } else { Ok(()) }
            });
            assert!(ended.is_err(), "{name}");
            // The connection goes on.
            conn.one("select 1", &[], |row| row.int(0))
        });
        assert_eq!((ended.expect("a read"), seen), (Some(1), 3), "{name}");
    }
}

#[test]
fn a_taken_key_is_a_duplicate_and_a_savepoint_lets_the_rest_go_on() {
    for (name, db) in databases() {
        insert(&db, "a", 1).expect("a row");
        assert!(matches!(insert(&db, "a", 2), Err(Error::Duplicate(_))), "{name}");
        db.write(|conn| {
            let taken = conn.savepoint(|conn| {
                conn.execute(INSERT, &[Arg::Int(1), Arg::Text("undone"), Arg::Int(1)])?;
                conn.savepoint(|conn| conn.execute(INSERT, &[Arg::Int(1), Arg::Text("a"), Arg::Int(2)]))
            });
            assert!(matches!(taken, Err(Error::Duplicate(_))), "{name}");
            conn.savepoint(|conn| conn.execute(INSERT, &[Arg::Int(1), Arg::Text("b"), Arg::Int(3)]))
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((next_of(&db, "a"), next_of(&db, "b"), next_of(&db, "undone")), (Some(1), Some(3), None), "{name}");
        // Without a savepoint the transaction is spoiled, and nobody may take it for committed.
        let spoiled = db.write(|conn| {
            conn.execute(INSERT, &[Arg::Int(1), Arg::Text("lost"), Arg::Int(1)])?;
            let _ = conn.execute(INSERT, &[Arg::Int(1), Arg::Text("a"), Arg::Int(2)]);
            Ok(())
        });
        assert!(matches!(spoiled, Err(Error::Internal(_))), "{name}");
        assert_eq!(next_of(&db, "lost"), None, "{name}");
    }
}

#[test]
fn a_panic_rolls_back_and_the_store_goes_on() {
    for (name, db) in databases() {
        let store = db.shared();
        let panicked = std::thread::spawn(move || {
            let _ = store.write(|conn| -> Result<(), Error> {
                conn.execute(INSERT, &[Arg::Int(1), Arg::Text("a"), Arg::Int(1)])?;
                panic!("on purpose");
            });
        })
        .join();
        assert!(panicked.is_err(), "{name}");
        assert_eq!(next_of(&db, "a"), None, "{name}");
        insert(&db, "a", 2).expect("a row");
    }
}

#[test]
fn a_writer_runs_several_transactions() {
    for (name, db) in databases() {
        let mut writer = db.writer().expect("the writer");
        for (key, is_kept) in [("a", true), ("b", false), ("c", true)] {
            writer.begin().expect("a transaction");
            assert!(writer.begin().is_err(), "{name}: a second begin");
            writer.execute(INSERT, &[Arg::Int(1), Arg::Text(key), Arg::Int(1)]).expect("a row");
            if is_kept { writer.commit() } else { writer.rollback() }.expect("an end");
        }
        assert!(writer.commit().is_err(), "{name}: nothing to commit");
        writer.begin().expect("a transaction");
        writer.execute(INSERT, &[Arg::Int(1), Arg::Text("d"), Arg::Int(1)]).expect("a row");
        drop(writer);
        let kept = ["a", "b", "c", "d"].map(|key| next_of(&db, key).is_some());
        assert_eq!(kept, [true, false, true, false], "{name}");
    }
}

#[test]
fn writers_that_meet_lose_nothing() {
    for (name, db) in databases() {
        insert(&db, "a", 0).expect("a row");
        insert(&db, "b", 0).expect("a row");
        let threads: Vec<_> = (0..2)
            .map(|index| {
                let store = db.shared();
                std::thread::spawn(move || {
                    // Opposite orders, so that PostgreSQL has deadlocks to solve.
                    let keys = if index % 2 == 0 { ["a", "b"] } else { ["b", "a"] };
                    for _ in 0..30 {
                        store
                            .write(|conn| {
                                for key in keys {
                                    conn.execute(
                                        "update counter set next = next + 1 where tenant = 1 and name = $1",
                                        &[Arg::Text(key)],
                                    )?;
                                }
                                Ok(())
                            })
                            .expect("contention is retried");
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("a thread");
        }
        assert_eq!((next_of(&db, "a"), next_of(&db, "b")), (Some(60), Some(60)), "{name}");
    }
}

#[test]
fn a_thread_that_asks_for_the_writer_twice_is_told() {
    for url in ["sqlite::memory:", TestDb::sqlite().url()] {
        let store = Store::open(url).expect("a store");
        let nested = store.write(|_| store.write(|_| Ok(())));
        assert!(matches!(nested, Err(Error::Internal(text)) if text.contains("this thread")), "{url}");
        store.write(|_| Ok(())).expect("the writer is free again");
    }
}

#[test]
fn memory_serves_readers_and_writers_of_many_threads() {
    let store = std::sync::Arc::new(Store::open("sqlite::memory:").expect("a store"));
    assert!(store.migrate(Time(0)).expect("a schema") > 0);
    let threads: Vec<_> = (0..4)
        .map(|index| {
            let store = std::sync::Arc::clone(&store);
            std::thread::spawn(move || {
                for round in 0..20 {
                    insert(&store, &format!("{index}/{round}"), round).expect("a row");
                    assert_eq!(next_of(&store, &format!("{index}/{round}")), Some(round));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("a thread");
    }
    let refused = store.read(|conn| conn.execute("delete from counter", &[]));
    assert!(refused.is_err(), "a read may not write");
    assert_eq!(next_of(&store, "3/19"), Some(19));
}

#[test]
fn a_locked_file_is_waited_for() {
    let db = TestDb::sqlite();
    db.migrate(Time(0)).expect("a schema");
    let other = Store::open(db.url()).expect("a second process would do the same");
    let (held, wait) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            db.write(|conn| {
                conn.execute(INSERT, &[Arg::Int(1), Arg::Text("a"), Arg::Int(1)])?;
                held.send(()).expect("the test listens");
                std::thread::sleep(Duration::from_millis(300));
                Ok(())
            })
            .expect("a write");
        });
        wait.recv().expect("the lock is held");
        let start = Instant::now();
        other
            .write(|conn| conn.execute("update counter set next = 2 where name = 'a'", &[]))
            .expect("a write after the other");
        assert!(start.elapsed() > Duration::from_millis(100), "it waited");
    });
    assert_eq!(next_of(&db, "a"), Some(2));
}

#[test]
fn addresses_that_lead_nowhere_say_so_without_the_password() {
    for (url, expected) in [
        ("mysql://x", "sqlite:PATH"),
        ("sqlite:", "sqlite:PATH"),
        ("sqlite:/no/such/directory/lotbook.db", "/no/such/directory/lotbook.db"),
        ("postgres://u:sesame@127.0.0.1:1/x", "127.0.0.1:1, database x, user u"),
        ("postgres://u:sesame@127.0.0.1:port/x", "%3F"),
    ] {
        let text = Store::open(url).err().expect("an error").to_string();
        assert!(text.contains(expected), "{url}: {text}");
        assert!(!text.contains("ses"), "{url}: {text}");
    }
}

#[test]
fn migrations_run_once_also_when_two_servers_start_together() {
    for (name, db) in empty_databases() {
        let counts: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let store = Store::open(db.url()).expect("a store");
                        store.migrate(Time(9)).expect("a schema")
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
        });
        assert_eq!(counts.iter().filter(|&&count| count > 0).count(), 1, "{name}: {counts:?}");
        assert_eq!(db.migrate(Time(10)).expect("nothing to do"), 0, "{name}");
        let applied = db
            .read(|conn| {
                conn.one("select min(version), max(applied_at) from schema_migration", &[], |row| {
                    Ok((row.int(0)?, row.int(1)?))
                })
            })
            .expect("a query");
        assert_eq!(applied, Some((1, 9)), "{name}");
    }
}

#[test]
fn a_newer_or_other_schema_is_refused() {
    for (name, db) in databases() {
        db.write(|conn| {
            conn.execute(
                "insert into schema_migration (version, name, checksum, applied_at) values (9999, 'future', '', 0)",
                &[],
            )
        })
        .expect("a row");
        let newer = db.migrate(Time(1));
        assert!(matches!(&newer, Err(Error::Refused { code: "schemaNewer", .. })), "{name}: {newer:?}");
        db.write(|conn| conn.execute("update schema_migration set checksum = 'other' where version = 1", &[]))
            .expect("a row");
        let differs = db.migrate(Time(1));
        assert!(matches!(&differs, Err(Error::Refused { code: "schemaDiffers", .. })), "{name}: {differs:?}");
    }
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    let shapes: Vec<(BTreeSet<String>, BTreeSet<String>)> = databases()
        .iter()
        .map(|(_, db)| {
            let (columns, indexes) = match db.dialect() {
                Dialect::Sqlite => (
                    "select m.name || '.' || c.name || ' ' || case c.type when 'INTEGER' then 'bigint' when 'BLOB' then 'bytea' else lower(c.type) end || ' ' || c.\"notnull\"
                     from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'",
                    "select m.tbl_name || '.' || case when m.name like 'sqlite_%' then 'primary' else m.name end || ' (' || group_concat(c.name, ', ' order by c.seqno) || ')'
                     from sqlite_master m join pragma_index_info(m.name) c where m.type = 'index' group by m.name
                     union all
                     select m.name || '.primary (' || group_concat(c.name, ', ' order by c.pk) || ')'
                     from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.pk > 0 group by m.name",
                ),
                Dialect::Postgres => (
                    "select table_name || '.' || column_name || ' ' || data_type || ' ' || case is_nullable when 'NO' then 1 else 0 end
                     from information_schema.columns where table_schema = 'public'",
                    "select t.relname || '.' || case when x.indisprimary then 'primary' else i.relname end || ' (' ||
                       (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a where a.attrelid = x.indexrelid) || ')'
                     from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
                     join pg_namespace n on n.oid = t.relnamespace where n.nspname = 'public'",
                ),
            };
            db.read(|conn| {
                let columns = conn.query(columns, &[], |row| row.text(0))?;
                let indexes = conn.query(indexes, &[], |row| row.text(0))?;
                Ok((columns.into_iter().collect(), indexes.into_iter().collect()))
            })
            .expect("the catalog")
        })
        .collect();
    assert!(shapes[0].0.contains("movement.quantity bigint 1"), "{:?}", shapes[0].0);
    assert!(shapes[0].1.contains("movement.primary (tenant, batch, line)"), "{:?}", shapes[0].1);
    if let Some(postgres) = shapes.get(1) {
        assert_eq!(shapes[0].0.symmetric_difference(&postgres.0).collect::<Vec<_>>(), Vec::<&String>::new());
        assert_eq!(shapes[0].1.symmetric_difference(&postgres.1).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

#[test]
fn text_sorts_and_matches_alike() {
    for (name, db) in databases() {
        for (index, key) in ["b", "B", "a_c", "aBc", "ä", "Z"].into_iter().enumerate() {
            insert(&db, key, index as i64).expect("a row");
        }
        let (sorted, matched) = db
            .read(|conn| {
                let sorted = conn.query("select name from counter order by name", &[], |row| row.text(0))?;
                let pattern = [Arg::Text("a\\_%")];
                let matched =
                    conn.query("select name from counter where name like $1 escape '\\'", &pattern, |row| row.text(0))?;
                Ok((sorted, matched))
            })
            .expect("queries");
        assert_eq!(sorted, ["B", "Z", "aBc", "a_c", "b", "ä"], "{name}");
        assert_eq!(matched, ["a_c"], "{name}");
    }
}

#[test]
fn append_only_tables_refuse_changes() {
    for (name, db) in databases() {
        db.write(|conn| {
            conn.execute(
                "insert into decision (tenant, id, subject, org_unit, value, since, at, person) values (1, 1, 's', 0, 'v', 0, 0, 1)",
                &[],
            )
        })
        .expect("a row");
        for change in ["update decision set value = 'w'", "delete from decision"] {
            let refused = db.write(|conn| conn.execute(change, &[]));
            assert!(
                matches!(&refused, Err(Error::Internal(text)) if text.contains("append-only")),
                "{name}: {refused:?}"
            );
        }
    }
}

#[test]
fn counters_hand_out_nothing_twice() {
    for (name, db) in databases() {
        let other = Store::open(db.url()).expect("a second process");
        let stores = [db.shared(), std::sync::Arc::new(other)];
        let taken: Vec<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = stores
                .iter()
                .map(|store| (store, std::sync::Arc::new(Counters::new())))
                .flat_map(|pair| [pair.clone(), pair])
                .map(|(store, counters)| {
                    scope.spawn(move || {
                        let mut taken = Vec::new();
                        for round in 0..200 {
                            let n = 1 + round % 17;
                            let first = counters.take(store, 1, "batch", n, 100).expect("numbers");
                            taken.extend(first..first + n);
                        }
                        taken
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
        });
        let distinct: BTreeSet<i64> = taken.iter().copied().collect();
        assert_eq!(distinct.len(), taken.len(), "{name}");
        assert_eq!(distinct.first(), Some(&100), "{name}");
    }
}

#[test]
fn counters_inside_a_transaction_keep_nothing_that_may_be_undone() {
    for (name, db) in databases() {
        let counters = Counters::new();
        let undone: Result<(), Error> = db.write(|conn| {
            assert_eq!(counters.take_in(conn, 1, "voucher", 5, 1)?, 1, "{name}");
            assert_eq!(counters.take_in(conn, 1, "voucher", 5, 1)?, 6, "{name}");
            Err(Error::refused("noReason", "changed our mind"))
        });
        assert!(undone.is_err());
        db.write(|conn| counters.take_in(conn, 1, "voucher", 5, 1)).expect("numbers");
        assert_eq!(counters.take(&db, 1, "voucher", 1, 1).expect("numbers"), 6, "{name}");
        counters.reserve(&db, 1, "voucher", 3_000, 1).expect("a block");
        let first = db.write(|conn| counters.take_in(conn, 1, "voucher", 3_000, 1)).expect("numbers");
        assert!(first > 6, "{name}");
        let after = next_of(&db, "voucher");
        db.write(|conn| counters.take_in(conn, 1, "voucher", 1, 1)).expect("from memory");
        assert_eq!(next_of(&db, "voucher"), after, "{name}: one more came from memory");
        // A large demand is one block in a row.
        let first = counters.take(&db, 2, "entry", 250_000, 1).expect("numbers");
        assert_eq!((first, counters.take(&db, 2, "entry", 1, 1).expect("a number")), (1, 250_001), "{name}");
    }
}

#[test]
fn a_lost_connection_is_replaced() {
    let Ok(server) = std::env::var("LOTBOOK_TEST_POSTGRES") else {
        // `databases` complains where this is not meant.
        drop(empty_databases());
        return;
    };
    let db = TestDb::postgres(&server);
    db.migrate(Time(0)).expect("a schema");
    let end_others = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    let killer = Store::open(db.url()).expect("another server");
    // Idle ones are found dead at the next begin.
    killer.read(|conn| conn.one(end_others, &[], |row| row.int(0))).expect("connections ended");
    insert(&db, "a", 1).expect("a row over a new connection");
    // One that dies amid a transaction: it is run again as a whole.
    let mut runs = 0;
    db.write(|conn| {
        runs += 1;
        conn.execute(INSERT, &[Arg::Int(1), Arg::Text("b"), Arg::Int(runs)])?;
        if runs == 1 {
            killer.read(|conn| conn.one(end_others, &[], |row| row.int(0)))?;
        }
        conn.execute("update counter set next = next + 10 where name = 'b'", &[])
    })
    .expect("a second run");
    assert_eq!((runs, next_of(&db, "b")), (2, Some(12)));
    // A writer that is kept gets a new connection for its next transaction.
    let mut writer = db.writer().expect("a writer");
    writer.begin().expect("a transaction");
    killer.read(|conn| conn.one(end_others, &[], |row| row.int(0))).expect("connections ended");
    assert!(matches!(writer.execute("delete from counter", &[]), Err(Error::Busy(_))));
    assert!(writer.has_contention());
    writer.rollback().expect("nothing is left of it");
    writer.begin().expect("a new connection");
    writer.execute("update counter set next = 3 where name = 'b'", &[]).expect("a change");
    writer.commit().expect("a commit");
    drop(writer);
    assert_eq!(next_of(&db, "b"), Some(3));
}

#[test]
fn a_schema_that_changes_under_a_prepared_statement_is_met_by_a_second_run() {
    for (name, db) in empty_databases() {
        db.write(|conn| conn.execute("create table t (a text)", &[])).expect("a table");
        let insert = |store: &Store| {
            store.write(|conn| {
                conn.one("insert into t (a) values ($1) returning *", &[Arg::Text("7")], |row| row.text(0))
            })
        };
        assert_eq!(insert(&db).expect("a row"), Some("7".to_string()), "{name}");
        let other = Store::open(db.url()).expect("another server");
        other.write(|conn| conn.execute("alter table t add column b text", &[])).expect("a change");
        assert_eq!(insert(&db).expect("a row"), Some("7".to_string()), "{name}");
    }
}

#[test]
fn a_log_is_copied_back_beside_the_writer() {
    let db = TestDb::sqlite();
    let url = db.url();
    let path = std::path::PathBuf::from(url.strip_prefix("sqlite:").unwrap());
    let store = Store::open(url).unwrap();
    store.write(|conn| conn.execute("create table page (id bigint primary key, body text not null)", &[])).unwrap();
    // Each row fills a page: 300 commits of 100 rows are 120 MiB of log, if nobody copies it back.
    let body = "x".repeat(3_500);
    for commit in 0..300 {
        let rows = Rows::new(vec![Column::Int((commit * 100..commit * 100 + 100).collect())]);
        store
            .write(|conn| {
                let sql = "insert into page (id, body) select r.id, $1 from {rows $2 (id bigint) r}";
                conn.execute(sql, &[Arg::Text(&body), Arg::Rows(&rows)])
            })
            .unwrap();
    }
    let log = path.with_extension("db-wal").metadata().unwrap().len();
    assert!(log < 64 << 20, "the log has {log} bytes");
    let file = path.metadata().unwrap().len();
    assert!(file > 64 << 20, "the file has {file} bytes");
    let count = |store: &Store| {
        store.read(|conn| conn.one("select count(*) from page", &[], |row| row.int(0))).unwrap().unwrap()
    };
    assert_eq!(count(&store), 30_000);
    drop(store);
    // Who closes last takes the rest along.
    assert!(!path.with_extension("db-wal").exists());
    assert_eq!(count(&Store::open(url).unwrap()), 30_000);
}
