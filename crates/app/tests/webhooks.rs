//! Webhooks: signed, in order, once or more, whatever the receiver does; with a receiver of the test's own.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use support::{Client, PostgresDb, Scratch, Server};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Ready to give up soon, so that tests are.
const IMPATIENT: [&str; 9] = [
    "--webhook-private",
    "--webhook-attempts",
    "3",
    "--webhook-pause",
    "1",
    "--webhook-pause-max",
    "1",
    "--webhook-timeout",
    "1",
];

fn ok(reply: &support::Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.500}", reply.status, reply.text);
    reply.json()
}

/// What arrived.
#[derive(Clone, Debug)]
struct Arrived {
    id: String,
    timestamp: String,
    signatures: String,
    body: String,
}

impl Arrived {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn position(&self) -> i64 {
        self.json()["data"]["position"].as_i64().unwrap()
    }

    /// Whether one of the signatures is this secret's.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        let wanted = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.signatures.split(' ').any(|signature| signature == wanted)
    }
}

/// Answers 0: the receiver takes the message and says nothing.
const HANGS: u16 = 0;

/// A receiver on this machine that answers what it is told to.
struct Receiver {
    url: String,
    status: Arc<AtomicU16>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Receiver {
    fn start(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let status = Arc::new(AtomicU16::new(204));
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let url = match tls {
            None => format!("http://127.0.0.1:{port}/hook?from=lotbook"),
            Some(_) => format!("https://localhost:{port}/hook"),
        };
        let (answers, notes) = (status.clone(), arrived.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, answers, notes, tls) = (stream.unwrap(), answers.clone(), notes.clone(), tls.clone());
                std::thread::spawn(move || match tls {
                    None => attend(BufReader::new(stream), &answers, &notes),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        attend(BufReader::new(StreamOwned::new(connection, stream)), &answers, &notes);
                    }
                });
            }
        });
        Self { url, status, arrived }
    }

    fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    fn positions(&self) -> Vec<i64> {
        self.arrived().iter().map(Arrived::position).collect()
    }

    fn forget(&self) {
        self.arrived.lock().unwrap().clear();
    }

    /// Waits until so many messages have arrived.
    fn wait_for(&self, count: usize) -> Vec<Arrived> {
        wait(&format!("{count} messages"), || Some(self.arrived()).filter(|arrived| arrived.len() >= count))
    }
}

/// Takes messages from a connection until the other end closes it.
fn attend<S: Read + Write>(mut stream: BufReader<S>, answers: &AtomicU16, notes: &Mutex<Vec<Arrived>>) {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        assert!(line.starts_with("POST /hook"), "{line}");
        let mut headers = std::collections::HashMap::new();
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        notes.lock().unwrap().push(Arrived {
            id: headers["webhook-id"].clone(),
            timestamp: headers["webhook-timestamp"].clone(),
            signatures: headers["webhook-signature"].clone(),
            body: String::from_utf8(body).unwrap(),
        });
        match answers.load(Ordering::SeqCst) {
            HANGS => std::thread::sleep(Duration::from_secs(30)),
            status => {
                let answer = format!("HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n");
                if stream.get_mut().write_all(answer.as_bytes()).and_then(|()| stream.get_mut().flush()).is_err() {
                    return;
                }
            }
        }
    }
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "{what}: waited for 30 s in vain");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn furnish(admin: &mut Client) {
    ok(&admin.post("/v1/products", &json!({ "identifier": "BRIE", "name": "Brie" })));
    ok(&admin.post("/v1/locations", &json!([{ "name": "Cellar" }])));
    ok(&admin.post("/v1/journals", &json!({ "name": "Deliveries", "kind": "Delivery", "isAutoBook": true })));
}

/// Books so many deliveries, a batch each.
fn deliver(admin: &mut Client, count: usize) {
    let voucher = ok(&admin.post("/v1/vouchers", &json!({ "journal": "Deliveries" })))["id"].as_i64().unwrap();
    for _ in 0..count {
        ok(&admin.post(
            "/v1/entries",
            &json!([{
                "voucher": voucher, "product": "BRIE", "location": "Cellar", "count": 1, "costPrice": 2.5,
                "stockDate": "2026-01-01T00:00:00Z"
            }]),
        ));
    }
}

fn count_cheese(admin: &mut Client, quantity: i64) {
    ok(&admin.post(
        "/v1/counts",
        &json!({ "product": "BRIE", "location": "Cellar", "quantity": quantity, "at": "2026-01-02T00:00:00Z" }),
    ));
}

fn hook(admin: &mut Client, receiver: &Receiver, more: &Value) -> (String, String) {
    let mut body = json!({ "url": receiver.url });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = ok(&admin.post("/v1/webhooks", &body));
    (format!("/v1/webhooks/{}", made["id"]), made["secret"].as_str().unwrap().to_owned())
}

fn deliveries(admin: &mut Client, path: &str, state: &str) -> Vec<(i64, i64)> {
    let page = ok(&admin.get(&format!("{path}/deliveries?state={state}")));
    let number = |item: &Value, name: &str| item[name].as_i64().unwrap();
    page["items"].as_array().unwrap().iter().map(|item| (number(item, "position"), number(item, "attempts"))).collect()
}

fn tells_in_order(database: &str) {
    let receiver = Receiver::start(None);
    let server = Server::start_on(database, &IMPATIENT);
    let mut admin = server.admin();
    furnish(&mut admin);
    deliver(&mut admin, 1);
    // One hears of everything from the start, the other of counts from now on.
    let (everything, secret) = hook(&mut admin, &receiver, &json!({ "after": 0, "description": "the shop" }));
    let counts = Receiver::start(None);
    hook(&mut admin, &counts, &json!({ "kinds": ["count"] }));
    deliver(&mut admin, 3);
    count_cheese(&mut admin, 3);
    let arrived = receiver.wait_for(5);
    assert_eq!(receiver.positions(), [1, 2, 3, 4, 5]);
    assert!(arrived.iter().all(|message| message.is_signed_with(&secret)));
    let now = ok(&admin.get("/v1/feed?after=4"))["items"][0].clone();
    let last = arrived[4].json();
    assert_eq!((&last["type"], &last["data"]), (&json!("count"), &now), "the batch as the feed tells it");
    counts.wait_for(1);
    assert_eq!(counts.positions(), [5]);

    // The secret was told once; nothing that is read later holds it.
    let shown = ok(&admin.get(&everything));
    assert_eq!((shown.get("secret"), &shown["description"]), (None, &json!("the shop")));
    assert!(!admin.get("/v1/webhooks").text.contains("whsec_"));
    assert!(!admin.get("/v1/audit").text.contains("whsec_"));

    // It fails, and comes again under the same id; those behind it wait for it.
    receiver.forget();
    receiver.answer(503);
    deliver(&mut admin, 2);
    receiver.wait_for(1);
    let waiting = wait("a delivery that waits", || {
        Some(deliveries(&mut admin, &everything, "waiting")).filter(|found| !found.is_empty())
    });
    assert_eq!(waiting[0].0, 6);
    receiver.answer(200);
    let arrived = receiver.wait_for(3);
    assert_eq!(arrived.iter().map(Arrived::position).collect::<Vec<_>>(), [6, 6, 7]);
    assert_eq!(arrived[0].id, arrived[1].id);
    assert!(arrived.iter().all(|message| message.is_signed_with(&secret)));

    // It hangs until the last attempt: the batch is given up, and the next one has its turn.
    receiver.forget();
    receiver.answer(HANGS);
    deliver(&mut admin, 1);
    let dead =
        wait("a dead letter", || Some(deliveries(&mut admin, &everything, "dead")).filter(|found| !found.is_empty()));
    assert_eq!(dead, [(8, 3)]);
    receiver.answer(200);
    receiver.forget();
    deliver(&mut admin, 1);
    receiver.wait_for(1);
    assert_eq!(receiver.positions(), [9]);
    assert_eq!(ok(&admin.get(&everything))["dead"], 1);
    assert_eq!(
        ok(&admin.post(&format!("{everything}/redeliver"), &json!({ "state": "dead" }))),
        json!({ "redelivered": 1 })
    );
    receiver.wait_for(2);
    assert_eq!(receiver.positions(), [9, 8]);
    assert_eq!(
        ok(&admin.post(&format!("{everything}/redeliver"), &json!({ "from": 2, "to": 4 }))),
        json!({ "redelivered": 3 })
    );
    ok(&admin.post(&format!("{everything}/deliveries/9/redeliver"), &json!({})));
    receiver.wait_for(6);
    wait("nothing waits", || deliveries(&mut admin, &everything, "waiting").is_empty().then_some(()));
    assert_eq!(ok(&admin.get(&everything))["dead"], 0);
    let early = admin.post(&format!("{everything}/deliveries/999/redeliver"), &json!({}));
    assert_eq!(early.problem(), (409, "notToldYet".to_owned()));

    // Two secrets sign for a while.
    receiver.forget();
    let renewed = ok(&admin.post(&format!("{everything}/secret"), &json!({})));
    let renewed = renewed["secret"].as_str().unwrap();
    let tested = ok(&admin.post(&format!("{everything}/test"), &json!({})));
    assert_eq!((&tested["delivered"], &tested["status"]), (&json!(true), &json!(200)));
    let arrived = receiver.wait_for(1);
    assert_eq!(arrived[0].json()["type"], "test");
    assert!(arrived[0].is_signed_with(&secret) && arrived[0].is_signed_with(renewed));

    // The server ends; what happened before and after reaches the receiver all the same.
    receiver.forget();
    receiver.answer(503);
    deliver(&mut admin, 1);
    receiver.wait_for(1);
    assert!(server.stop());
    receiver.forget();
    receiver.answer(204);
    let server = Server::start_on(database, &IMPATIENT);
    let mut admin = server.admin();
    deliver(&mut admin, 1);
    receiver.wait_for(2);
    assert_eq!(receiver.positions(), [10, 11]);

    // Whoever answers "gone" is left alone.
    receiver.forget();
    receiver.answer(410);
    deliver(&mut admin, 2);
    let gone = wait("it ends", || Some(ok(&admin.get(&everything))).filter(|shown| shown["isEnabled"] == false));
    assert!(gone["stoppedBecause"].as_str().unwrap().contains("410"));
    receiver.answer(200);
    assert_eq!(receiver.arrived().len(), 1);
    ok(&admin.patch(&everything, &json!({ "isEnabled": true })));
    receiver.wait_for(3);
    assert_eq!(receiver.positions(), [12, 12, 13]);
    assert_eq!(admin.delete(&everything).status, 200);
    assert_eq!(admin.get(&everything).problem(), (404, "notFound".to_owned()));
}

#[test]
fn a_receiver_that_fails_misses_nothing_on_sqlite() {
    tells_in_order(&Scratch::new().url());
}

#[test]
fn a_receiver_that_fails_misses_nothing_on_postgres() {
    let Some(database) = PostgresDb::new() else { return };
    tells_in_order(&database.url());
}

#[test]
fn what_moves_nothing_is_told_as_the_feed_tells_it() {
    let (receiver, scratch) = (Receiver::start(None), Scratch::new());
    let server = Server::start_on(&scratch.url(), &IMPATIENT);
    let mut admin = server.admin();
    furnish(&mut admin);
    hook(&mut admin, &receiver, &json!({ "kinds": ["count", "value", "settlement", "reversal"] }));
    deliver(&mut admin, 4);
    let counted = ok(&admin
        .post("/v1/counts", &json!({ "product": "BRIE", "location": "Cellar", "quantity": 4, "at": "2026-01-02" })));
    ok(&admin.post("/v1/reversals", &json!({ "count": counted["id"], "reason": "of another cellar" })));
    let worth = json!({ "product": "BRIE", "value": 8, "at": "2026-01-03", "reason": "ripe" });
    let said = ok(&admin.post("/v1/revaluations", &worth));
    receiver.wait_for(4);
    ok(&admin.post("/v1/reversals", &json!({ "revaluation": said["id"], "reason": "not ripe" })));
    let arrived = receiver.wait_for(6);
    let told = ok(&admin.get("/v1/feed?after=4"))["items"].clone();
    let sent: Vec<Value> = arrived.iter().map(|message| message.json()["data"].clone()).collect();
    assert_eq!(json!(sent), told);
    let types: Vec<Value> = arrived.iter().map(|message| message.json()["type"].clone()).collect();
    assert_eq!(types, ["count", "reversal", "value", "settlement", "reversal", "settlement"]);
    assert_eq!(
        (&sent[1]["countsUndone"][0]["id"], &sent[4]["valueFactsUndone"]),
        (&counted["id"], &sent[2]["valueFacts"])
    );
}

#[test]
fn two_servers_tell_each_batch_once() {
    let Some(database) = PostgresDb::new() else { return };
    let receiver = Receiver::start(None);
    let one = Server::start_on(&database.url(), &IMPATIENT);
    let other = Server::start_on(&database.url(), &IMPATIENT);
    let mut admin = one.admin();
    furnish(&mut admin);
    hook(&mut admin, &receiver, &json!({}));
    let mut beside = other.admin();
    for _ in 0..10 {
        deliver(&mut admin, 3);
        deliver(&mut beside, 3);
    }
    receiver.wait_for(60);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(receiver.positions(), (1..=60).collect::<Vec<_>>());
}

#[test]
fn the_server_calls_nobody_whom_it_should_not() {
    let receiver = Receiver::start(None);
    let scratch = Scratch::new();
    let server = Server::start_on(&scratch.url(), &[]);
    let mut admin = server.admin();
    furnish(&mut admin);
    let refused = admin.post("/v1/webhooks", &json!({ "url": receiver.url, "kinds": ["gossip"] }));
    assert_eq!(refused.problem(), (422, "validationFailed".to_owned()), "{}", refused.text);
    let violations = &refused.json()["violations"];
    assert!(violations["url"][0].as_str().unwrap().contains("--webhook-private"));
    assert!(violations["kinds"][0].as_str().unwrap().contains("booking"));
    // A name is looked up when it is called, and its address is looked at then.
    let url = receiver.url.replace("127.0.0.1", "localhost");
    let made = ok(&admin.post("/v1/webhooks", &json!({ "url": url })));
    let tested = ok(&admin.post(&format!("/v1/webhooks/{}/test", made["id"]), &json!({})));
    assert_eq!(tested["delivered"], false);
    assert!(tested["failure"].as_str().unwrap().contains("private network"), "{tested}");
    assert!(receiver.arrived().is_empty());

    // Whoever may not change settings has no business with webhooks.
    support::run_ok(&server.database, &["user", "create", "kim", "--role", "operator"]);
    let mut kim = server.client_with(&server.key("kim"));
    for path in ["/v1/webhooks", "/v1/webhooks/1", "/v1/webhooks/1/deliveries"] {
        assert_eq!(kim.get(path).status, 403, "{path}");
    }
    assert_eq!(kim.post("/v1/webhooks/1/test", &json!({})).status, 403);
    assert_eq!(server.client().get("/v1/webhooks").status, 401);
}

/// The certificates are made for this test; their keys open nothing else.
#[test]
fn a_secure_receiver_is_known_by_its_certificate() {
    let pem = |name: &str| std::fs::read(format!("{}/tests/certificates/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(&pem("localhost.pem")).unwrap()],
            PrivateKeyDer::from_pem_slice(&pem("localhost.key.pem")).unwrap(),
        )
        .unwrap();
    let receiver = Receiver::start(Some(Arc::new(config)));
    let authority = format!("{}/tests/certificates/authority.pem", env!("CARGO_MANIFEST_DIR"));
    for (trusted, is_delivered) in [(authority.as_str(), true), ("/nowhere.pem", false)] {
        let scratch = Scratch::new();
        let server =
            Server::start_in(&scratch.url(), &IMPATIENT, &[("SSL_CERT_FILE", trusted), ("SSL_CERT_DIR", "/nowhere")]);
        let mut admin = server.admin();
        let (path, secret) = hook(&mut admin, &receiver, &json!({}));
        let tested = ok(&admin.post(&format!("{path}/test"), &json!({})));
        assert_eq!(tested["delivered"], is_delivered, "{tested}");
        assert_eq!(receiver.arrived().last().is_some_and(|message| message.is_signed_with(&secret)), is_delivered);
    }
}
