//! Tags from a broker: what comes twice counts once, clocks may go back, and one server at a time takes.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod floor;
mod support;

use std::sync::Arc;

use floor::engine_on;
use lotbook_domain::expression::{Number, Reading, Value as Said};
use lotbook_domain::id::UserId;
use lotbook_domain::time::Time;
use lotbook_engine::command::{Sample, SetTags, TagsSet};
use lotbook_engine::mqtt::{Lease, Message, TakeLease, TakeMessages, Taken};
use lotbook_engine::table::operation::by_ids;
use lotbook_engine::tenant::{self, CreateTenant};
use lotbook_engine::thing::change::CreateRecords;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::value::Value;
use lotbook_engine::write::{Change, Request};
use lotbook_engine::{Arg, Engine, Store};
use support::databases;

const SECOND: i64 = 1_000_000;
const MORNING: i64 = 1_800_000_000 * SECOND;

struct Floor {
    engine: Arc<Engine>,
    operation: i64,
    now: Time,
}

impl Floor {
    fn new(store: Store) -> Self {
        let mut floor = Self { engine: engine_on(store), operation: 0, now: Time(MORNING) };
        floor.change(CreateTenant { name: tenant::DEFAULT_NAME.to_owned(), admin_password_hash: None });
        floor.make("products", r#"{"identifier": "MILK", "name": "Milk", "tracking": "lot"}"#);
        floor.make("locations", r#"{"name": "Silo"}"#);
        floor.operation = floor.make(
            "operations",
            r#"{"name": "Fill", "operationType": "RECEIVE", "destinationLocation": "Silo", "material": "MILK",
                "startTriggerExpression": "{Valve}", "stopTriggerExpression": "{Valve}",
                "primaryLotResolutionStrategy": "EXPRESSION", "primaryLotCodeExpression": "'M1'",
                "createLotIfNotFound": true, "quantityExpression": "{Meter}", "quantityOverflowValue": 100}"#,
        );
        floor
    }

    fn make(&self, kind: &str, json: &str) -> i64 {
        let Ok(Value::Object(record)) = Value::parse(json) else { panic!("{json}") };
        let kind = kinds::named(kind).unwrap();
        let answer = self.change(CreateRecords { kind, records: vec![record], is_list: false });
        serde_json::from_str::<serde_json::Value>(&answer).unwrap()["id"].as_i64().unwrap()
    }

    fn change(&self, change: impl Change) -> String {
        let request = Request {
            tenant: tenant::DEFAULT,
            person: UserId(1),
            origin: "test".to_owned(),
            key: None,
            now: self.now,
            dry_run: false,
        };
        self.engine.change(request, change).unwrap()
    }

    fn lease(&self, server: &str, seconds: i64) -> Lease {
        let until = Time(self.now.0 + seconds * SECOND);
        let take = TakeLease {
            server: server.to_owned(),
            until,
            broker: "mqtt://broker:1883".to_owned(),
            prefix: String::new(),
        };
        serde_json::from_str(&self.change(take)).unwrap()
    }

    fn take(&self, server: &str, messages: &[Message]) -> Taken {
        let take = TakeMessages { server: server.to_owned(), messages: messages.to_vec(), is_resuming: false };
        serde_json::from_str(&self.change(take)).unwrap()
    }

    /// A message that arrives now.
    fn message(&self, packet: i64, tag: &str, value: i64) -> Message {
        let value = if tag == "Valve" { Said::Bool(value == 1) } else { Said::Number(Number::whole(value).unwrap()) };
        let (path, reading) = (format!("[default]{tag}"), Reading::good(value.clone()));
        Message {
            packet,
            digest: format!("{tag} {value:?}"),
            is_again: false,
            samples: vec![Sample { path, reading, at: self.now, is_arrival: true }],
        }
    }

    fn status(&self) -> String {
        let id = self.operation.into();
        self.engine.read(|conn| by_ids(conn, tenant::DEFAULT, [id])).unwrap()[0].state.status.clone()
    }

    /// The quantities of all runs, in the order in which they began.
    fn runs(&self) -> Vec<i64> {
        let found = self.engine.read(|conn| {
            conn.query(
                "select quantity from run where tenant = $1 order by id",
                &[Arg::Int(tenant::DEFAULT.0)],
                |row| Ok(row.int(0)? / SECOND),
            )
        });
        found.unwrap()
    }
}

fn again(messages: &[Message]) -> Vec<Message> {
    messages.iter().map(|message| Message { is_again: true, ..message.clone() }).collect()
}

#[test]
fn what_comes_again_counts_once() {
    for (name, db) in databases() {
        let mut floor = Floor::new(Store::open(db.url()).unwrap());
        assert!(floor.lease("one", 6).is_held, "{name}");
        let begins = [floor.message(1, "Meter", 90), floor.message(2, "Valve", 0), floor.message(3, "Valve", 1)];
        assert_eq!(floor.take("one", &begins).accepted, 3);
        let counts = [floor.message(4, "Meter", 95), floor.message(5, "Meter", 10), floor.message(6, "Meter", 99)];
        assert_eq!(floor.take("one", &counts).accepted, 3);
        // The server dies before it acknowledges, and the broker sends all of it once more.
        let all: Vec<Message> = again(&begins).into_iter().chain(again(&counts)).collect();
        floor.now.0 += SECOND;
        let taken = floor.take("one", &all);
        assert_eq!((taken.repeated, taken.accepted), (6, 0), "{name}");
        // A number that is used anew is news, also where the broker cannot know whether we got it.
        let fresh = [floor.message(4, "Meter", 20)];
        assert_eq!(floor.take("one", &again(&fresh)).repeated, 0, "{name}");
        floor.take("one", &[floor.message(7, "Valve", 0)]);
        assert_eq!(floor.runs(), [5 + 15 + 89 + 21], "{name}");
        // At the beginning of a connection the broker need not say that it sends something again.
        let resumed = TakeMessages {
            server: "one".to_owned(),
            messages: vec![floor.message(7, "Valve", 0), floor.message(8, "Valve", 1), floor.message(7, "Valve", 0)],
            is_resuming: true,
        };
        let taken: Taken = serde_json::from_str(&floor.change(resumed)).unwrap();
        assert_eq!((taken.repeated, taken.accepted, taken.is_resuming), (1, 2, false), "{name}");
        assert_eq!(floor.runs().len(), 2, "{name}");
    }
}

#[test]
fn a_clock_that_is_set_back_loses_nothing() {
    for (name, db) in databases() {
        let mut floor = Floor::new(Store::open(db.url()).unwrap());
        floor.lease("one", 6);
        let first = [floor.message(1, "Meter", 90), floor.message(2, "Valve", 0), floor.message(3, "Valve", 1)];
        floor.take("one", &first);
        assert_eq!(floor.status(), "RUNNING", "{name}");
        // Back by an hour, in the middle of a run, and forward again by a day.
        for (packet, step, meter) in [(4, -3_600, 95), (5, 10, 10), (6, 86_400, 15)] {
            floor.now.0 += step * SECOND;
            assert!(floor.lease("one", 6).is_held, "{name}");
            assert_eq!(floor.take("one", &[floor.message(packet, "Meter", meter)]).accepted, 1, "{name}");
        }
        floor.now.0 -= 90_000 * SECOND;
        floor.take("one", &[floor.message(7, "Valve", 0)]);
        assert_eq!((floor.status().as_str(), floor.runs()), ("COMPLETED", vec![25]), "{name}");
        floor.take("one", &[floor.message(8, "Valve", 1), floor.message(9, "Valve", 0)]);
        assert_eq!(floor.runs(), [25, 0], "{name}: the next edges are seen as well");
        // What says its time itself is not moved.
        let old = Sample {
            path: "[default]Valve".to_owned(),
            reading: Reading::good(Said::Bool(true)),
            at: floor.now,
            is_arrival: false,
        };
        let set: TagsSet = serde_json::from_str(&floor.change(SetTags { samples: vec![old] })).unwrap();
        assert_eq!((set.accepted, set.ignored), (0, 1), "{name}");
    }
}

#[test]
fn one_server_at_a_time_takes() {
    for (name, db) in databases() {
        let mut floor = Floor::new(Store::open(db.url()).unwrap());
        let mine = floor.lease("one", 6);
        assert!(mine.is_held && mine.client.starts_with("lotbook-"), "{name}: {mine:?}");
        let other = floor.lease("two", 6);
        assert_eq!((other.is_held, other.leased_by.as_str()), (false, "one"), "{name}");
        assert!(!floor.take("two", &[floor.message(1, "Meter", 1)]).is_held, "{name}");
        floor.now.0 += 7 * SECOND;
        let taken_over = floor.lease("two", 6);
        assert!(taken_over.is_held && taken_over.client == mine.client, "{name}: the session is the same");
        assert!(!floor.take("one", &[floor.message(1, "Meter", 1)]).is_held, "{name}");
        assert!(floor.take("two", &[floor.message(1, "Meter", 1)]).is_held, "{name}");
        // A lease that a clock gave which has been set back since is over, too.
        floor.now.0 -= 3_600 * SECOND;
        assert!(floor.lease("three", 6).is_held, "{name}");
    }
}
