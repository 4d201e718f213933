//! Operations from many at once: each answer is the one that its request would have got alone.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod floor;
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::channel;

use floor::verify::verify;
use floor::{House, engine_on};
use lotbook_domain::id::{LocationId, ProductId, UserId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::run::RunKind;
use lotbook_domain::time::Time;
use lotbook_engine::command::{Action, ActionKind, Execute, Operate, Operated, Reach, Said, Verb};
use lotbook_engine::tenant::{self, CreateTenant};
use lotbook_engine::thing::change::CreateRecords;
use lotbook_engine::thing::kinds;
use lotbook_engine::thing::reference::Reference;
use lotbook_engine::thing::value::Value;
use lotbook_engine::write::{Change, Command, Request, RequestKey};
use lotbook_engine::{Arg, Engine, Error, Store};
use support::databases;

const SECOND: i64 = 1_000_000;
const MORNING: i64 = 1_800_000_000 * SECOND;
const LANES: usize = 24;

/// Product, lot, place, how many.
type Standing = (String, String, String, i64);
/// What was done, with what, by whom, how often.
type Noted = (String, String, i64, i64);
/// Product, lot, status, who changed it last.
type Marked = (String, String, i64, i64);

/// A plant of lanes: a silo with ten of a lot, a vat, and an operation that mixes from one into the other.
struct Plant {
    engine: Arc<Engine>,
}

impl Plant {
    fn new(store: Store) -> Self {
        let plant = Self { engine: engine_on(store) };
        plant.change(CreateTenant { name: tenant::DEFAULT_NAME.to_owned(), admin_password_hash: None });
        let each = |texts: &dyn Fn(usize) -> Vec<String>| (0..LANES).flat_map(texts).collect::<Vec<_>>();
        let product = |name: String| format!(r#"{{"identifier": "{name}", "name": "{name}", "tracking": "lot"}}"#);
        plant.make("products", &each(&|lane| vec![product(format!("RAW-{lane}")), product(format!("MIX-{lane}"))]));
        let place = |name: String| format!(r#"{{"name": "{name}", "allowNegative": false}}"#);
        plant.make("locations", &each(&|lane| vec![place(format!("Silo {lane}")), place(format!("Vat {lane}"))]));
        plant.make(
            "operations",
            &each(&|lane| {
                vec![
                    by_hand(
                        &format!("Fill {lane}"),
                        "RECEIVE",
                        &format!(r#""material": "RAW-{lane}", "destinationLocation": "Silo {lane}""#),
                    ),
                    by_hand(
                        &format!("Mix {lane}"),
                        "CONSUME",
                        &format!(
                            r#""material": "RAW-{lane}", "sourceLocation": "Silo {lane}", "destinationLocation": "Vat {lane}",
                            "secondaryMaterial": "MIX-{lane}", "secondaryLotResolutionStrategy": "MANUAL""#
                        ),
                    ),
                    by_hand(
                        &format!("Ship {lane}"),
                        "SHIP",
                        &format!(r#""material": "RAW-{lane}", "sourceLocation": "Silo {lane}""#),
                    ),
                ]
            }),
        );
        for lane in 0..LANES {
            let filled = plant.alone(operate(format!("Fill {lane}"), Verb::Execute, "R", None, 10), lane, None);
            assert_eq!(filled.unwrap().status, "COMPLETED");
        }
        plant
    }

    fn make(&self, kind: &str, all: &[String]) {
        let record = |json: &String| match Value::parse(json) {
            Ok(Value::Object(record)) => record,
            other => panic!("{json}: {other:?}"),
        };
        let kind = kinds::named(kind).unwrap();
        self.change(CreateRecords { kind, records: all.iter().map(record).collect(), is_list: true });
    }

    fn change(&self, change: impl Change) -> String {
        self.engine.change(request(0, None), change).unwrap()
    }

    fn alone(&self, operate: Operate, no: usize, key: Option<&str>) -> Result<Operated, Error> {
        let answer = self.engine.change(request(no, key), operate)?;
        Ok(serde_json::from_str(&answer).unwrap())
    }

    /// All of them at once; answers in the order of requests.
    fn at_once(&self, all: Vec<(Operate, Option<String>)>) -> Vec<Result<Operated, Error>> {
        let (sender, receiver) = channel();
        for (no, (operate, key)) in all.into_iter().enumerate() {
            let sender = sender.clone();
            let command = Command::Change(Box::new(operate));
            self.engine.submit(request(no, key.as_deref()), command, move |answer| sender.send((no, answer)).unwrap());
        }
        drop(sender);
        let answers: BTreeMap<_, _> = receiver.into_iter().collect();
        answers.into_values().map(|answer| Ok(serde_json::from_str(&answer?).unwrap())).collect()
    }

    /// What stands where, by product, lot and place; and how often what was noted in the audit log, by whom.
    fn figures(&self) -> (Vec<Standing>, Vec<Noted>, Vec<Marked>) {
        let stock = self.engine.read(|conn| {
            conn.query(
                "select p.identifier, l.name, c.name, a.quantity from account a \
                 join product p on p.tenant = a.tenant and p.id = a.product \
                 join lot l on l.tenant = a.tenant and l.id = a.lot \
                 join location c on c.tenant = a.tenant and c.id = a.place \
                 where a.tenant = $1 and a.kind = 1 and a.quantity <> 0 order by 1, 2, 3",
                &[Arg::Int(tenant::DEFAULT.0)],
                |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?, row.int(3)? / SECOND)),
            )
        });
        let audit = self.engine.read(|conn| {
            conn.query(
                "select action, coalesce(detail, ''), person, count(*) from audit where tenant = $1 \
                 and action in ('execute', 'cancel') \
                 group by 1, 2, 3 order by 1, 2, 3",
                &[Arg::Int(tenant::DEFAULT.0)],
                |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?, row.int(3)?)),
            )
        });
        let lots = self.engine.read(|conn| {
            conn.query(
                "select p.identifier, l.name, l.status, l.modified_by from lot l \
                 join product p on p.tenant = l.tenant and p.id = l.product where l.tenant = $1 order by 1, 2",
                &[Arg::Int(tenant::DEFAULT.0)],
                |row| Ok((row.text(0)?, row.text(1)?, row.int(2)?, row.int(3)?)),
            )
        });
        (stock.unwrap(), audit.unwrap(), lots.unwrap())
    }
}

/// Everybody is somebody else, and asks a little later than the one before.
fn request(no: usize, key: Option<&str>) -> Request {
    Request {
        tenant: tenant::DEFAULT,
        person: UserId(1 + no as i64 % 7),
        origin: format!("terminal {no}"),
        key: key.map(|text| RequestKey { text: text.to_owned(), body_hash: [text.len() as u8; 32] }),
        now: Time(MORNING + no as i64 * 1_000),
        dry_run: false,
    }
}

/// An operation that is told by hand how much, and of which lot.
fn by_hand(name: &str, kind: &str, more: &str) -> String {
    format!(
        r#"{{"name": "{name}", "operationType": "{kind}", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
            "primaryLotResolutionStrategy": "MANUAL", "createLotIfNotFound": true, {more}}}"#
    )
}

fn operate(name: String, verb: Verb, lot: &str, secondary: Option<&str>, units: i64) -> Operate {
    let said = Said {
        lot: Some(lot.to_owned()),
        secondary_lot: secondary.map(str::to_owned),
        quantity: (units >= 0).then_some(Quantity(units * SECOND)),
        ..Said::default()
    };
    Operate { operation: Reference::Text(name), verb, said, reach: Reach::All }
}

/// What an answer says, without the numbers that differ from one database to the next.
fn told(answer: &Result<Operated, Error>) -> String {
    match answer {
        Ok(done) => format!("{} with {} runs {:?}", done.status, done.runs.len(), done.faults),
        Err(error) => format!("{error:?}"),
    }
}

/// One request a lane, of every sort; none hangs on another.
fn sorts(round: usize) -> Vec<(Operate, Option<String>)> {
    (0..LANES)
        .map(|lane| {
            let (mix, ship) = (format!("Mix {lane}"), format!("Ship {lane}"));
            let asked = match (lane % 8, round) {
                (0, _) => operate(mix, Verb::Execute, "R", Some("M"), 2),
                (1 | 2 | 3 | 6, 0) => operate(mix, Verb::Start, "R", Some("M"), -1),
                // What was started and is executed stops.
                (1, _) => operate(mix, Verb::Execute, "R", None, 2),
                (2, _) => operate(mix, Verb::Stop, "R", None, 3),
                // More than there is: the stop fails, and the operation says why.
                (3, _) => operate(mix, Verb::Stop, "R", None, 11),
                (4, _) => operate(mix, Verb::Execute, "R", Some("M"), 11),
                // All of it, so that the lot is shipped; then there is nothing left.
                (5, _) => operate(ship, Verb::Execute, "R", None, 10),
                (6, _) => operate(mix, Verb::Cancel, "R", None, -1),
                _ => operate(format!("Nobody {lane}"), Verb::Execute, "R", None, 1),
            };
            (asked, (lane % 2 == 0).then(|| format!("key {round} {lane}")))
        })
        .collect()
}

#[test]
fn what_many_ask_at_once_is_answered_as_if_each_had_asked_alone() {
    for ((name, together), (_, alone)) in databases().into_iter().zip(databases()) {
        let crowd = Plant::new(Store::open(together.url()).unwrap());
        let single = Plant::new(Store::open(alone.url()).unwrap());
        crowd.engine.start();
        for round in 0..2 {
            let (_, groups, requests) = crowd.engine.write_figures();
            let answers: Vec<String> = crowd.at_once(sorts(round)).iter().map(told).collect();
            let expected: Vec<String> = sorts(round)
                .into_iter()
                .enumerate()
                .map(|(no, (operate, key))| told(&single.alone(operate, no, key.as_deref())))
                .collect();
            assert_eq!(answers, expected, "{name}, round {round}");
            assert_eq!(crowd.figures(), single.figures(), "{name}, round {round}");
            let (_, groups_now, requests_now) = crowd.engine.write_figures();
            assert_eq!(requests_now - requests, LANES as u64, "{name}");
            assert!(groups_now - groups < LANES as u64 / 2, "{name}: hardly any of them shared a commit");
            // The same once more, as retries: the ones with a key get their answer again.
            let again: Vec<String> = crowd.at_once(sorts(round)).iter().map(told).collect();
            for (no, (again, answer)) in again.iter().zip(&answers).enumerate().filter(|(no, _)| no % 2 == 0) {
                assert_eq!(again, answer, "{name}, round {round}, request {no}");
            }
            for (no, (operate, key)) in sorts(round).into_iter().enumerate() {
                let _ = single.alone(operate, no, key.as_deref());
            }
            assert_eq!(crowd.figures(), single.figures(), "{name}, round {round}, after retries");
        }
        crowd.engine.stop();
        for plant in [&crowd, &single] {
            verify(&House { engine: Arc::clone(&plant.engine), tenant: tenant::DEFAULT });
        }
    }
}

#[test]
fn of_many_who_want_the_last_of_a_lot_as_many_get_it_as_there_is() {
    for (name, db) in databases() {
        let plant = Plant::new(Store::open(db.url()).unwrap());
        let take = |no| by_hand(&format!("Take {no}"), "SHIP", r#""material": "RAW-0", "sourceLocation": "Silo 0""#);
        plant.make("operations", &(0..30).map(take).collect::<Vec<_>>());
        plant.engine.start();
        let wanted = (0..30).map(|no| (operate(format!("Take {no}"), Verb::Execute, "R", None, 1), None)).collect();
        let answers = plant.at_once(wanted);
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(done, 10, "{name}: {:?}", answers.iter().map(told).collect::<Vec<_>>());
        let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
        for error in refused {
            let Error::Invalid(faults) = error else { panic!("{name}: {error:?}") };
            assert!(
                faults.iter().all(|fault| ["insufficientStock", "lotNotAvailable"].contains(&fault.code)),
                "{name}: {faults:?}"
            );
        }
        plant.engine.stop();
        let (stock, ..) = plant.figures();
        assert!(stock.iter().all(|(product, ..)| product != "RAW-0"), "{name}: {stock:?}");
        verify(&House { engine: Arc::clone(&plant.engine), tenant: tenant::DEFAULT });
    }
}

/// A bin lacks more than one correction can make up for; whoever tries hears so, and nobody's figures wrap around.
#[test]
fn what_leaves_the_range_is_refused_with_the_reason() {
    for (name, db) in databases() {
        let plant = Plant::new(Store::open(db.url()).unwrap());
        plant.make("products", &[r#"{"identifier": "INK", "name": "INK"}"#.to_owned()]);
        plant.make("locations", &[r#"{"name": "Bin", "allowNegative": true}"#.to_owned()]);
        let id = |sql: &str| {
            let found = plant.engine.read(|conn| conn.one(sql, &[Arg::Int(tenant::DEFAULT.0)], |row| row.int(0)));
            found.unwrap().unwrap()
        };
        let ink = ProductId(id("select id from product where tenant = $1 and identifier = 'INK'"));
        let bin = LocationId(id("select id from location where tenant = $1 and name = 'Bin'"));
        let act = |kind: RunKind, units: i64| Action {
            kind: Some(ActionKind::Run(kind)),
            quantity: Some(Quantity(units * SECOND)),
            product: Some(ink),
            from: Some(bin),
            ..Action::default()
        };
        let all = |no: usize, actions: Vec<Action>| {
            let done = plant.engine.change(request(no, None), Execute { actions, reach: Reach::All });
            done.map_err(|error| match error {
                Error::Invalid(faults) => faults[0].code,
                other => panic!("{name}: {other:?}"),
            })
        };
        let most = 999_999_999_999;
        all(0, vec![act(RunKind::Consume, most); 9]).unwrap();
        assert_eq!(all(1, vec![act(RunKind::Edit, most)]), Err("quantityTooLarge"), "{name}");
        let mut refilled = vec![act(RunKind::Edit, 0)];
        refilled.extend(vec![act(RunKind::Consume, most); 10]);
        assert_eq!(all(1, refilled), Err("quantityTooLarge"), "{name}");
        all(2, vec![act(RunKind::Edit, 0)]).unwrap();
        all(3, vec![act(RunKind::Edit, most)]).unwrap();
        verify(&House { engine: Arc::clone(&plant.engine), tenant: tenant::DEFAULT });
        let stands = "select quantity from account where tenant = $1 and kind = 1 and lot = 0";
        assert_eq!(id(stands), most * SECOND, "{name}");
    }
}
