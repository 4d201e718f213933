//! 47,000 lines are booked while fifty people read and post: nobody fails, nobody sees half of anything, and everything
//! is there in the end.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::sync::Barrier;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server, run_ok};

const PEOPLE: usize = 50;
/// One for each of the people, nearly, so that two of them meet now and then.
const PRODUCTS: usize = 47;
const LINES_EACH: usize = 1_000;
/// Lines that one call may have here: what a person pastes at a time.
const AT_ONCE: usize = 5_000;
const PATIENCE: Duration = Duration::from_mins(3);

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

fn furnish(admin: &mut Client) {
    let product = |no: usize| json!({ "identifier": format!("P{no}"), "name": format!("P{no}"), "costPrice": 1.5 });
    ok(&admin.post("/v1/products", &(0..PRODUCTS).map(product).collect()));
    ok(&admin.post("/v1/locations", &json!([{ "name": "Hall" }, { "name": "Counter" }])));
    ok(&admin.post(
        "/v1/journals",
        &json!([{ "name": "Deliveries", "kind": "Delivery" }, { "name": "Till", "kind": "Delivery", "isAutoBook": true }]),
    ));
}

/// One voucher of 47,000 lines that wait to be booked: a thousand of each product come to the hall.
fn enter_all(admin: &mut Client) {
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].clone();
    let entry = |no: usize| {
        let product = format!("P{}", no % PRODUCTS);
        json!({ "voucher": voucher, "product": product, "location": "Hall", "count": 1, "stockDate": "2026-01-01T08:00:00Z" })
    };
    let all: Vec<Value> = (0..PRODUCTS * LINES_EACH).map(entry).collect();
    for some in all.chunks(AT_ONCE) {
        ok(&admin.post("/v1/entries", &json!(some)));
    }
}

/// What stands of a product in the hall and at the counter, as of one moment.
fn stands(client: &mut Client, product: usize) -> (i64, i64) {
    let page = ok(&client.get(&format!("/v1/balances?product=P{product}")));
    let at = |place: &str| {
        let items = page["items"].as_array().unwrap().iter();
        items.filter(|item| item["location"]["path"] == place).map(|item| item["quantity"].as_i64().unwrap()).sum()
    };
    (at("Hall"), at("Counter"))
}

/// What one of the people saw and did.
#[derive(Default)]
struct Day {
    /// How many pieces they brought to the hall, and as many to the counter.
    brought: i64,
    /// How often they looked while the booking was not there yet, and how often when it was.
    looked: [usize; 2],
}

/// Looks at a product and brings a piece of it to the hall and one to the counter, on one voucher, again and again
/// until the large booking was seen.
fn work(client: &mut Client, product: usize, booking: i64) -> Day {
    let mut day = Day::default();
    let (mut seen, mut posted) = ((0, 0), 0);
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < PATIENCE, "the booking never ends");
        let is_booked = ok(&client.get(&format!("/v1/bookings/{booking}")))["state"] == "booked";
        let (hall, counter) = stands(client, product);
        let of_booking = hall - counter;
        assert!(of_booking == 0 || of_booking == LINES_EACH as i64, "half a batch: {hall} and {counter} of P{product}");
        assert!(!is_booked || of_booking > 0, "it is booked, and P{product} is not there");
        assert!((hall, counter) >= seen && counter >= seen.1, "what was there is gone: {seen:?}, {hall}, {counter}");
        assert!(counter >= posted, "{posted} of P{product} were acknowledged, and {counter} are there");
        seen = (hall, counter);
        day.looked[usize::from(of_booking > 0)] += 1;
        if is_booked {
            return day;
        }
        let voucher = ok(&client.post("/v1/vouchers", &json!({ "journal": "Till" })))["id"].clone();
        let piece = |place: &str| json!({ "voucher": voucher, "product": format!("P{product}"), "location": place, "count": 1, "stockDate": "2026-01-02T08:00:00Z" });
        let entered = ok(&client.post("/v1/entries", &json!([piece("Hall"), piece("Counter")])));
        assert_eq!(entered["booking"]["state"], "booked", "a voucher of two lines does not wait: {entered}");
        day.brought += 1;
        posted = counter.max(posted) + 1;
    }
}

/// How many batches there are beside those that settle values.
fn batches(admin: &mut Client) -> i64 {
    let (mut found, mut after) = (0, 0);
    loop {
        let page = ok(&admin.get(&format!("/v1/feed?after={after}&limit=50")));
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            return found;
        }
        found += items.iter().filter(|item| item["kind"] != "settlement").count() as i64;
        after = page["next"].as_i64().unwrap();
    }
}

fn fifty_work_while_47000_lines_are_booked(database: &str) {
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    enter_all(&mut admin);
    let key = server.key("admin");
    let mut clients: Vec<Client> = (0..PEOPLE).map(|_| server.client_with(&key)).collect();
    // Everybody has begun their day when the large booking is asked for.
    let (gate, asked) = (Barrier::new(PEOPLE + 1), std::sync::OnceLock::new());
    let days: Vec<Day> = std::thread::scope(|scope| {
        let people: Vec<_> = clients
            .iter_mut()
            .enumerate()
            .map(|(no, client)| {
                let (gate, asked) = (&gate, &asked);
                scope.spawn(move || {
                    stands(client, no % PRODUCTS);
                    gate.wait();
                    work(client, no % PRODUCTS, *asked.wait())
                })
            })
            .collect();
        gate.wait();
        let booking = ok(&admin.post("/v1/bookings", &json!({ "journal": "Deliveries" })))["id"].as_i64().unwrap();
        asked.set(booking).unwrap();
        people.into_iter().map(|person| person.join().expect("nobody failed")).collect()
    });
    let before: usize = days.iter().map(|day| day.looked[0]).sum();
    assert!(before >= PEOPLE, "the booking was over before people had begun: {before} looks");
    assert!(days.iter().all(|day| day.looked[1] > 0));
    for product in 0..PRODUCTS {
        let of_product = days.iter().enumerate().filter(|(no, _)| no % PRODUCTS == product);
        let brought: i64 = of_product.map(|(_, day)| day.brought).sum();
        assert_eq!(stands(&mut admin, product), (LINES_EACH as i64 + brought, brought), "P{product}");
    }
    // The large booking is one batch, and each small one is.
    let brought: i64 = days.iter().map(|day| day.brought).sum();
    assert_eq!(batches(&mut admin), brought + 1);
    assert_eq!(ok(&admin.get("/v1/entries?journal=Deliveries"))["items"], json!([]), "none is left in the journal");
    assert!(server.stop());
    run_ok(database, &["verify"]);
}

#[test]
fn fifty_work_while_47000_lines_are_booked_on_sqlite() {
    fifty_work_while_47000_lines_are_booked(&Scratch::new().url());
}

#[test]
fn fifty_work_while_47000_lines_are_booked_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    fifty_work_while_47000_lines_are_booked(&database.url());
}
