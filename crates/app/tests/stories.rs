//! The stories, told to a server: over HTTP, by somebody who logs in, on both databases.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::collections::HashMap;

use lotbook_domain::catalog::{Costing, Tracking, fold};
use lotbook_domain::id::{LocationId, LotId, PartyId, ProductId, ReservationId, UnitId, VariantId};
use lotbook_domain::journal::JournalKind;
use lotbook_domain::location::LotUse;
use lotbook_domain::money::{Amount, UnitCost};
use lotbook_domain::quantity::{Quantity, format_e6};
use lotbook_domain::reservation::Signal;
use lotbook_domain::time::Time;
use lotbook_engine::thing::Value as Exact;
use lotbook_story::names::Names;
use lotbook_story::{
    Booked, Booking, CostingChange, Entry, Fault, Floor, Hold, Landing, Moved, Outcome, Question, Reservation,
    Revaluation, Story, Thing,
};
use serde_json::{Value, json};
use support::{Client, PASSWORD, PostgresDb, Reply, Scratch, Server, run_ok};

/// What comes of these sentences depends on whether the worker has settled what was said before, so a server
/// is told them, but what comes of them is not compared: story, sentence, reason.
const UNCOMPARED: [(&str, &str, &str); 1] = [(
    "revaluation_holds.story",
    "ship     MILK 5 from COLD on 2024-03-01    -> cost 5.00",
    "a revaluation is taken in by the settlement, here said to come later",
)];

/// So many sentences were told when this was written; there may be more by now.
const SENTENCES_MIN: usize = 1_300;
/// So many outcomes were compared.
const COMPARED_MIN: usize = 900;

/// Every story; what is [`UNCOMPARED`] is said without a word on what comes of it.
fn stories() -> Vec<Story> {
    let mut stories = lotbook_story::all();
    for (name, text, reason) in UNCOMPARED {
        let story = stories.iter_mut().find(|story| story.name == name).expect("the story is there");
        let mut found = story.lines.iter_mut().filter(|line| line.text.trim() == text);
        let line = found.next().unwrap_or_else(|| panic!("{name} says `{text}` ({reason})"));
        line.expected.clear();
    }
    let told: usize = stories.iter().map(|story| story.lines.len()).sum();
    assert!(told >= SENTENCES_MIN, "{told} sentences are fewer than there were");
    let compared: usize = stories.iter().flat_map(|story| &story.lines).map(|line| line.expected.len()).sum();
    assert!(compared >= COMPARED_MIN, "{compared} outcomes are fewer than there were");
    stories
}

/// An answer in which decimals are texts, with the digits that came.
fn read(json: &str) -> Value {
    fn plain(value: Exact) -> Value {
        match value {
            Exact::Null => Value::Null,
            Exact::Bool(is) => Value::Bool(is),
            Exact::Number(text) => text.parse::<i64>().map_or(Value::String(text), Value::from),
            Exact::Text(text) => Value::String(text),
            Exact::List(values) => values.into_iter().map(plain).collect(),
            Exact::Object(fields) => fields.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        }
    }
    plain(Exact::parse(json).unwrap_or_else(|error| panic!("{error}: {json}")))
}

/// A decimal of an answer, in millionths. What was added up may be larger than what may be entered.
fn exact(value: &Value) -> i64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    assert!(fraction.len() <= 6, "{text} has more than six digits after the point");
    format!("{whole}{fraction:0<6}").parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn id_of(record: &Value) -> i64 {
    record["id"].as_i64().unwrap_or_else(|| panic!("no id in {record}"))
}

/// What was done, and how it is named when it is to be undone.
enum Done {
    Booking { id: i64, batch: i64 },
    Reversal { movements: Vec<i64>, position: i64 },
    Value { what: &'static str, id: i64, position: i64 },
}

/// A server as a floor: a tenant of its own, and a person who has logged in.
struct OnHttp {
    client: Client,
    books_by_itself: bool,
    names: Names,
    /// Where a place hangs, and whether it accounts for stock itself.
    parents: HashMap<LocationId, (LocationId, bool)>,
    /// Whose stock an org unit uses.
    stock_of: HashMap<LocationId, LocationId>,
    specific: Vec<String>,
    journals: HashMap<i64, i64>,
    done: Vec<Done>,
}

impl OnHttp {
    fn new(server: &Server, tenant: &str, books_by_itself: bool) -> Self {
        run_ok(&server.database, &["tenant", "create", tenant]);
        let login =
            server.client().post("/v1/login", &json!({"user": "admin", "password": PASSWORD, "tenant": tenant}));
        assert_eq!(login.status, 200, "{}", login.text);
        let token = login.json()["token"].as_str().unwrap().to_owned();
        let mut client = server.client_with(&token);
        let journals = JournalKind::ALL
            .into_iter()
            .map(|kind| {
                let journal = json!({"name": kind.name(), "kind": kind.name(), "isAutoBook": books_by_itself});
                let reply = client.post("/v1/journals", &journal);
                assert_eq!(reply.status, 201, "{}", reply.text);
                (kind.code(), id_of(&reply.json()))
            })
            .collect();
        Self {
            client,
            books_by_itself,
            names: Names::default(),
            parents: HashMap::new(),
            stock_of: HashMap::new(),
            specific: Vec::new(),
            journals,
            done: Vec::new(),
        }
    }

    fn get(&mut self, path: &str) -> Value {
        let reply = self.client.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        read(&reply.text)
    }

    /// Makes a record of the catalog; answers its id.
    fn make(&mut self, kind: &str, record: &Value) -> i64 {
        let reply = self.client.post(&format!("/v1/{kind}"), record);
        assert_eq!(reply.status, 201, "{kind} {record}: {}", reply.text);
        id_of(&reply.json())
    }

    /// A place by id; by its name where the story has not made it.
    fn place(&self, name: &str) -> Value {
        self.names.places.get(name).map_or_else(|| json!(name), |id| json!(id.0))
    }

    fn place_name(&self, place: &Value) -> String {
        let id = LocationId(id_of(place));
        let own = self.names.places.iter().find(|(_, found)| **found == id);
        own.map_or_else(|| place["path"].as_str().unwrap().to_owned(), |(name, _)| name.clone())
    }

    /// The org unit whose cost pools hold what stands at a place.
    fn pool_unit(&self, place: LocationId) -> LocationId {
        let mut at = place;
        while let Some((parent, is_org_unit)) = self.parents.get(&at)
            && !is_org_unit
        {
            at = *parent;
        }
        // As settings go, an org unit has the word of the one above.
        let mut asked = at;
        loop {
            if let Some(unit) = self.stock_of.get(&asked) {
                return *unit;
            }
            match self.parents.get(&asked) {
                Some((parent, _)) => asked = *parent,
                None => return at,
            }
        }
    }

    fn lot(&self, product: &str, name: &str) -> Value {
        let found = self.names.lots.get(&(product.to_owned(), fold(name)));
        found.map_or_else(|| json!(name), |id| json!(id.0))
    }

    fn entry(&self, entry: &Entry) -> Value {
        let product = self.names.products.get(&entry.product);
        let variant = entry.variant.as_ref().map(|name| {
            let key = (entry.product.clone(), name.clone());
            self.names.variants.get(&key).map_or_else(|| json!(name), |id| json!(id.0))
        });
        let unit = |name: &String| self.names.units.get(name).map_or_else(|| json!(name), |id| json!(id.0));
        let party = |name: &String| self.names.parties.get(name).map_or_else(|| json!(name), |id| json!(id.0));
        let document = |(kind, id): &(String, i64)| json!({"type": kind, "id": id});
        let lots =
            |names: &Vec<String>| -> Vec<Value> { names.iter().map(|name| self.lot(&entry.product, name)).collect() };
        json!({
            "product": product.map_or_else(|| json!(entry.product), |id| json!(id.0)),
            "variant": variant,
            "count": format_e6(entry.count.0),
            "unit": entry.unit.as_ref().map(unit),
            "instances": entry.instances.as_ref().map(lots),
            "location": self.place(&entry.place),
            "orgUnit": entry.org_unit.as_ref().map(|name| self.place(name)),
            "lot": entry.lot.as_ref().map(|name| self.lot(&entry.product, name)),
            "costPrice": entry.cost.map(|cost| format_e6(cost.0)),
            "customer": entry.customer.as_ref().map(party),
            "supplier": entry.supplier.as_ref().map(party),
            "externalReference": entry.external.as_ref().map(document),
            "creditNoteReference": entry.credit_note.as_ref().map(document),
            "reservation": entry.reservation.as_ref().map(|label| self.names.reservation(label).0),
            "stockDate": entry.at.to_string(),
        })
    }

    /// Asks for what a journal holds to be booked, and waits for the outcome.
    fn book_journal(&mut self, journal: i64) -> Value {
        let asked = self.client.post("/v1/bookings", &json!({"journal": journal}));
        assert_eq!(asked.status, 202, "{}", asked.text);
        let path = format!("/v1/bookings/{}", id_of(&asked.json()));
        for _ in 0..2_000 {
            let booking = self.get(&path);
            if booking["state"] != "waiting" {
                return booking;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("{path} still waits");
    }

    fn moved(&mut self, batch: i64, first_entry: i64) -> Vec<Moved> {
        let page = self.get(&format!("/v1/movements?batch={batch}&limit=1000"));
        let movements = page["items"].as_array().unwrap();
        // A count that found what was expected is listed, too, as a movement of nothing.
        let movements = movements.iter().filter(|movement| exact(&movement["quantity"]) != 0);
        movements
            .map(|movement| Moved {
                entry: usize::try_from(movement["entry"].as_i64().unwrap_or(0) - first_entry).unwrap_or(usize::MAX),
                from: self.place_name(&movement["from"]),
                to: self.place_name(&movement["to"]),
                lot: movement["lot"]["name"].as_str().map(str::to_owned),
                quantity: Quantity(exact(&movement["quantity"])),
                amount: Amount(exact(&movement["amount"])),
            })
            .collect()
    }

    fn counted(&mut self, batch: i64) -> Vec<(Quantity, Quantity)> {
        let page = self.get("/v1/counts?limit=1000");
        let counts = page["items"].as_array().unwrap().iter().filter(|count| count["batch"] == batch);
        counts.map(|count| (Quantity(exact(&count["quantity"])), Quantity(exact(&count["expected"])))).collect()
    }

    fn did(&mut self, done: Done, booked: Booked) -> Outcome {
        self.done.push(done);
        Outcome::Booked(Booked { handle: self.done.len() - 1, ..booked })
    }

    /// A word on value.
    fn said(&mut self, what: &'static str, record: &Value) -> Outcome {
        let position = record["position"].as_i64().unwrap();
        self.did(Done::Value { what, id: id_of(record), position }, Booked::default())
    }

    /// At which position something that was done stands.
    fn position_of(&mut self, handle: usize) -> i64 {
        match self.done[handle] {
            Done::Booking { batch, .. } => {
                let page = self.get(&format!("/v1/movements?batch={batch}&limit=1"));
                page["items"][0]["position"].as_i64().expect("it moved something")
            }
            Done::Reversal { position, .. } | Done::Value { position, .. } => position,
        }
    }

    fn reservation(&self, label: &str) -> String {
        format!("/v1/reservations/{}", self.names.reservations[label].0)
    }

    /// Waits until values are settled.
    fn await_settlement(&mut self) {
        for _ in 0..2_000 {
            let page = self.get("/v1/valuation?limit=1");
            if page["settledTo"] == page["position"] {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        panic!("values are not settled");
    }

    fn sum(&mut self, path: &str, of: &str, is_asked: impl Fn(&Value) -> bool) -> i64 {
        let page = self.get(path);
        assert_eq!(page["nextCursor"], Value::Null, "stories are short");
        page["items"].as_array().unwrap().iter().filter(|item| is_asked(item)).map(|item| exact(&item[of])).sum()
    }
}

/// How long something is held briefly, in microseconds: longer than the few requests that find it held take.
const BRIEFLY: i64 = 4_000_000;

fn now() -> Time {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Time(i64::try_from(now.as_micros()).unwrap())
}

fn faults(list: &Value) -> Vec<Fault> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let faults = list.as_array().unwrap().iter();
    faults.map(|fault| Fault { code: text(&fault["code"]), message: text(&fault["message"]) }).collect()
}

/// A problem as what came of an attempt.
fn failed(reply: &Reply) -> Outcome {
    let problem = reply.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match reply.status {
        409 => Outcome::Refused(Fault { code: text(&problem["code"]), message: text(&problem["detail"]) }),
        422 => {
            let mut found = Vec::new();
            for (path, codes) in problem["codes"].as_object().unwrap() {
                let messages = problem["violations"][path].as_array().unwrap();
                let codes = codes.as_array().unwrap();
                assert_eq!(codes.len(), messages.len(), "{problem}");
                found.extend(
                    codes
                        .iter()
                        .zip(messages)
                        .map(|(code, message)| Fault { code: text(code), message: text(message) }),
                );
            }
            Outcome::Invalid(found)
        }
        status => panic!("{status}: {}", reply.text),
    }
}

impl Floor for OnHttp {
    fn define(&mut self, thing: &Thing) {
        let cost_text = |cost: &Option<UnitCost>| cost.map(|cost| format_e6(cost.0));
        match thing {
            Thing::Unit { name } => {
                let id = self.make("units", &json!({"name": name, "symbol": name}));
                self.names.units.insert(name.clone(), UnitId(id));
            }
            Thing::Conversion { product, from, to, numerator, denominator } => {
                let (from, to) = (self.names.units[from].0, self.names.units[to].0);
                let product = product.as_ref().map(|name| self.names.products[name].0);
                let record = json!({
                    "from": from, "to": to, "numerator": numerator, "denominator": denominator, "product": product
                });
                self.make("unit-conversions", &record);
            }
            Thing::Product(product) => {
                let tracking = match product.tracking {
                    Tracking::None => "none",
                    Tracking::Lot => "lot",
                    Tracking::Serial => "serial",
                };
                if product.costing == Costing::Specific {
                    self.specific.push(product.name.clone());
                }
                let record = json!({
                    "identifier": product.name, "name": product.name,
                    "unit": product.unit.as_ref().map_or(1, |name| self.names.units[name].0),
                    "tracking": tracking, "costing": product.costing.name(), "hasVariants": product.has_variants,
                    "costPrice": cost_text(&product.cost), "defaultCostPrice": cost_text(&product.default_cost)
                });
                let id = self.make("products", &record);
                self.names.products.insert(product.name.clone(), ProductId(id));
            }
            Thing::Variant { product, name, cost } => {
                let record = json!({
                    "product": self.names.products[product].0, "identifier": name, "name": name,
                    "costPrice": cost_text(cost)
                });
                let id = self.make("variants", &record);
                self.names.variants.insert((product.clone(), name.clone()), VariantId(id));
            }
            Thing::OrgUnit { name, parent, stock_of } => {
                let above = parent.as_ref().map_or(LocationId::ROOT, |name| self.names.places[name]);
                let id = self.make("locations", &json!({"name": name, "parent": above.0, "type": "orgUnit"}));
                self.names.places.insert(name.clone(), LocationId(id));
                self.parents.insert(LocationId(id), (above, true));
                if let Some(other) = stock_of {
                    let unit = self.names.places[other];
                    let word = json!({"value": unit.0, "orgUnit": id});
                    let reply = self.client.patch("/v1/settings/stockOrgUnit", &word);
                    assert_eq!(reply.status, 200, "{}", reply.text);
                    self.stock_of.insert(LocationId(id), unit);
                }
            }
            Thing::Location { name, parent, allow_negative, is_default, lot_use } => {
                let above = parent.as_ref().map_or(LocationId::ROOT, |name| self.names.places[name]);
                let lot_use = match lot_use {
                    LotUse::Fifo => "FIFO",
                    LotUse::Lifo => "LIFO",
                    LotUse::Fefo => "FEFO",
                };
                let record = json!({
                    "name": name, "parent": above.0, "allowNegative": allow_negative, "isDefault": is_default,
                    "lotUseStrategy": lot_use
                });
                let id = self.make("locations", &record);
                self.names.places.insert(name.clone(), LocationId(id));
                self.parents.insert(LocationId(id), (above, false));
            }
            Thing::Lot { product, name, expires_at, status, cost } => {
                let record = json!({
                    "product": self.names.products[product].0, "name": name, "status": status.name(),
                    "expiresAt": expires_at.map(|at| at.to_string()), "costPrice": cost_text(cost)
                });
                let id = self.make("lots", &record);
                self.names.lots.insert((product.clone(), fold(name)), LotId(id));
            }
            Thing::Instance { product, name, cost } => {
                let record = json!({
                    "product": self.names.products[product].0, "identifier": name, "costPrice": cost_text(cost)
                });
                let id = self.make("instances", &record);
                self.names.lots.insert((product.clone(), fold(name)), LotId(id));
            }
            Thing::Party { name, is_supplier } => {
                let role = if *is_supplier { "supplier" } else { "customer" };
                let id = self.make("parties", &json!({"code": name, "name": name, "roles": [role]}));
                self.names.parties.insert(name.clone(), PartyId(id));
            }
            Thing::Setting { key, value, org_unit } => {
                let value: Value = serde_json::from_str(value).unwrap();
                let org_unit = org_unit.as_ref().map(|name| self.names.places[name].0);
                let reply = if key == "closedUntil" {
                    self.client.post("/v1/periods", &json!({"closedUntil": value, "orgUnit": org_unit}))
                } else {
                    self.client.patch(&format!("/v1/settings/{key}"), &json!({"value": value, "orgUnit": org_unit}))
                };
                assert!(reply.status < 300, "{}", reply.text);
            }
        }
    }

    fn book(&mut self, booking: &Booking) -> Outcome {
        let journal = self.journals[&booking.kind.code()];
        let voucher = self.client.post("/v1/vouchers", &json!({"journal": journal})).json();
        let entries: Vec<Value> = booking.entries.iter().map(|entry| self.entry(entry)).collect();
        let body = json!({"voucher": id_of(&voucher), "entries": entries});
        let reply = self.client.post("/v1/entries", &body);
        if reply.status >= 300 {
            return failed(&reply);
        }
        let made = reply.json();
        let first_entry = id_of(&made["items"][0]);
        let booking = if self.books_by_itself {
            let id = id_of(&made["booking"]);
            self.get(&format!("/v1/bookings/{id}"))
        } else {
            assert_eq!(made["booking"], Value::Null);
            self.book_journal(journal)
        };
        let waiting = self.get(&format!("/v1/entries?journal={journal}&limit=1000"));
        let waiting = waiting["items"].as_array().unwrap().len();
        if booking["state"] == "rejected" {
            assert_eq!(booking["faultedNumber"], voucher["number"], "the faulty voucher is named");
            assert_eq!(waiting, entries.len(), "rejected entries stay in the journal");
            let cleared = self.client.post(&format!("/v1/journals/{journal}/clear"), &json!({}));
            assert_eq!(cleared.status, 200, "{}", cleared.text);
            return Outcome::Rejected(faults(&booking["faults"]));
        }
        assert_eq!((&booking["state"], &booking["resultCode"]), (&json!("booked"), &json!(1)), "{booking}");
        assert_eq!(waiting, 0, "booked entries leave the journal");
        let batch = booking["batch"].as_i64().unwrap();
        let booked = Booked {
            voucher: voucher["number"].as_i64().unwrap(),
            movements: self.moved(batch, first_entry),
            counts: self.counted(batch),
            warnings: faults(&booking["faults"]),
            ..Booked::default()
        };
        self.did(Done::Booking { id: id_of(&booking), batch }, booked)
    }

    fn reverse(&mut self, handle: usize, lines: Option<&[i64]>, at: Option<Time>) -> Outcome {
        let at = at.map(|at| at.to_string());
        let mut body = json!({"lines": lines, "at": at, "reason": "told so"});
        match &self.done[handle] {
            Done::Booking { id, .. } => body["booking"] = json!(id),
            Done::Reversal { movements, .. } => {
                body["movement"] = json!(movements.first().expect("it moved something"));
            }
            Done::Value { what, id, .. } => body[*what] = json!(id),
        }
        let reply = self.client.post("/v1/reversals", &body);
        if reply.status >= 300 {
            return failed(&reply);
        }
        let reversed = reply.json();
        let movements = reversed["movements"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
        let page = self.get(&format!("/v1/movements?batch={}&limit=1", reversed["batch"]));
        let first_entry = page["items"][0]["entry"].as_i64().unwrap_or(0);
        let movements_of = self.moved(reversed["batch"].as_i64().unwrap(), first_entry);
        let position = reversed["position"].as_i64().unwrap();
        self.did(Done::Reversal { movements, position }, Booked { movements: movements_of, ..Booked::default() })
    }

    fn revalue(&mut self, revaluation: &Revaluation) -> Outcome {
        let body = json!({
            "product": self.names.products[&revaluation.product].0, "orgUnit": self.place(&revaluation.place),
            "value": format_e6(revaluation.value.0), "at": revaluation.at.to_string(), "reason": "told so"
        });
        let reply = self.client.post("/v1/revaluations", &body);
        if reply.status >= 300 {
            return failed(&reply);
        }
        self.said("revaluation", &reply.json())
    }

    fn land(&mut self, landing: &Landing) -> Outcome {
        let Done::Booking { batch, .. } = self.done[landing.on] else { panic!("a cost lands on a booking") };
        let page = self.get(&format!("/v1/movements?batch={batch}&limit=1000"));
        let movements = page["items"].as_array().unwrap();
        let mut body = json!({
            "amount": format_e6(landing.amount.0), "by": if landing.by_value { "value" } else { "quantity" },
            "reason": "told so"
        });
        match &landing.lines {
            Some(lines) => {
                let on: Vec<i64> = movements
                    .iter()
                    .filter(|movement| lines.contains(&movement["line"].as_i64().unwrap()))
                    .map(id_of)
                    .collect();
                assert_eq!(on.len(), lines.len());
                body["movements"] = json!(on);
            }
            None => body["voucher"] = movements[0]["voucher"]["id"].clone(),
        }
        let reply = self.client.post("/v1/landed-costs", &body);
        if reply.status >= 300 {
            return failed(&reply);
        }
        self.said("landedCost", &reply.json())
    }

    fn cost(&mut self, change: &CostingChange) -> Outcome {
        let body = json!({
            "product": self.names.products[&change.product].0, "costing": change.method.name(),
            "standardCost": change.standard.map(|cost| format_e6(cost.0)), "at": change.at.to_string(),
            "reason": "told so"
        });
        let reply = self.client.post("/v1/costings", &body);
        if reply.status >= 300 { failed(&reply) } else { Outcome::Booked(Booked::default()) }
    }

    fn reserve(&mut self, wish: &Reservation) -> Outcome {
        let until = wish.hold.map(|hold| match hold {
            Hold::Until(time) => time,
            Hold::Briefly => Time(now().0 + BRIEFLY),
        });
        let variant = wish.variant.as_ref().map(|name| self.names.variants[&(wish.product.clone(), name.clone())].0);
        let lot = wish.lot.as_ref().map(|name| self.lot(&wish.product, name));
        let body = json!({
            "product": self.names.products[&wish.product].0, "variant": variant, "lot": lot,
            "location": self.place(&wish.place), "quantity": format_e6(wish.count.0),
            "unit": wish.unit.as_ref().map(|name| self.names.units[name].0),
            "holdUntil": until.map(|at| at.to_string()), "allowBackorder": wish.allow_backorder
        });
        let reply = self.client.post("/v1/reservations", &body);
        if reply.status >= 300 {
            return failed(&reply);
        }
        if let Some(label) = &wish.label {
            self.names.reservations.insert(label.clone(), ReservationId(id_of(&reply.json())));
        }
        Outcome::Booked(Booked::default())
    }

    fn signal(&mut self, label: &str, signal: Signal) -> Outcome {
        let verb = match signal {
            Signal::Confirm => "confirm",
            Signal::Release => "release",
        };
        let path = format!("{}/{verb}", self.reservation(label));
        let reply = self.client.post(&path, &json!({}));
        if reply.status >= 300 { failed(&reply) } else { Outcome::Booked(Booked::default()) }
    }

    fn reserved(&mut self, label: &str) -> (String, Quantity) {
        let path = self.reservation(label);
        let found = self.get(&path);
        (found["state"].as_str().unwrap().to_owned(), Quantity(exact(&found["open"])))
    }

    fn pass_time(&mut self) {
        std::thread::sleep(std::time::Duration::from_micros(BRIEFLY.unsigned_abs()));
    }

    fn balance(&mut self, question: &Question) -> (Quantity, Amount) {
        // The worker settles when it likes; what is worth something is asked when it is done.
        self.await_settlement();
        let place = self.names.places[&question.place];
        let mut query = format!("product={}&limit=1000", self.names.products[&question.product].0);
        if let Some(name) = &question.variant {
            let key = (question.product.clone(), name.clone());
            query += &format!("&variant={}", self.names.variants[&key].0);
        }
        if let Some(at) = question.as_of {
            query += &format!("&asOf={at}");
        }
        if let Some(handle) = question.known_at {
            query += &format!("&asKnownAt={}", self.position_of(handle));
        }
        let lot = question.lot.as_ref().map_or_else(String::new, |name| format!("&lot={}%2F{name}", question.product));
        let is_specific = self.specific.contains(&question.product);
        let quantity = self.sum(&format!("/v1/balances?{query}&location={}{lot}", place.0), "quantity", |_| true);
        let of_pool = if is_specific { lot } else { String::new() };
        let unit = self.pool_unit(place);
        let value =
            self.sum(&format!("/v1/valuation?{query}{of_pool}"), "value", |item| id_of(&item["orgUnit"]) == unit.0);
        (Quantity(quantity), Amount(value))
    }

    fn status(&mut self, product: &str, lot: &str) -> String {
        let lot = self.get(&format!("/v1/lots/{product}%2F{lot}"));
        lot["status"].as_str().unwrap().to_owned()
    }

    fn settle(&mut self) {
        self.await_settlement();
    }

    fn verify(&mut self) {
        // The program proves all tenants together, when every story is told.
        self.await_settlement();
    }
}

fn tell(database: &str, books_by_itself: bool) {
    let server = Server::start_on(database, &[]);
    lotbook_story::tell_each("over HTTP", stories(), |story| {
        let name = story.name.trim_end_matches(".story").replace('_', "-");
        OnHttp::new(&server, &name, books_by_itself)
    });
    // It ends badly, and names the tenant and what differs, unless everything follows from the movements.
    let proved = run_ok(database, &["verify"]);
    assert_eq!(proved.matches("I12").count(), stories().len() + 1, "{proved}");
}

#[test]
fn every_story_is_told_over_http_on_sqlite() {
    tell(&Scratch::new().url(), true);
}

#[test]
fn every_story_is_told_over_http_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    tell(&database.url(), false);
}
