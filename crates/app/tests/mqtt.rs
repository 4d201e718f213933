//! Tags from a real broker, and what is published there: nothing is lost and nothing counted twice, whoever
//! is killed.
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

mod support;

use std::cell::RefCell;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use rumqttc::{Client as Mqtt, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use support::{Client, PostgresDb, Reply, Scratch, Server, run_ok};

const PATIENCE: Duration = Duration::from_mins(1);
const PASSWORD: &str = "ge:h/eim";

fn ok(reply: &Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.900}", reply.status, reply.text);
    reply.json()
}

/// A program that Debian may keep out of PATH.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/bin")]);
    let found = all.map(|directory| directory.join(name)).find(|file| file.exists());
    found.unwrap_or_else(|| panic!("{name} is not installed; ./test installs it, or `apt-get install mosquitto`"))
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A mosquitto of a test's own, which keeps what it has on disk.
struct Broker {
    scratch: Scratch,
    port: u16,
    child: Child,
}

impl Broker {
    fn start() -> Self {
        Self::start_with("")
    }

    /// With more in its configuration.
    fn start_with(more: &str) -> Self {
        let scratch = Scratch::new();
        let port = free_port();
        let passwords = scratch.0.join("passwords");
        let mut command = Command::new(program("mosquitto_passwd"));
        command.args(["-b", "-c"]).arg(&passwords).args(["lotbook", PASSWORD]).stdout(Stdio::null());
        let made = command.stderr(Stdio::null()).status().unwrap();
        assert!(made.success());
        let conf = format!(
            "listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {}\nuser root\npersistence true\n\
             persistence_location {}/\nautosave_interval 1\nautosave_on_changes true\nmax_queued_messages 0\n\
             log_dest none\n{more}",
            passwords.display(),
            scratch.0.display()
        );
        std::fs::write(scratch.0.join("conf"), conf).unwrap();
        let child = Self::spawn(&scratch.0, port);
        Self { scratch, port, child }
    }

    fn spawn(directory: &Path, port: u16) -> Child {
        let mut command = Command::new(program("mosquitto"));
        command.arg("-c").arg(directory.join("conf")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let started = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "mosquitto does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }

    fn url(&self) -> String {
        format!("mqtt://lotbook:ge%3Ah%2Feim@127.0.0.1:{}", self.port)
    }

    /// SIGKILL, as when the power fails, and up again.
    fn kill_and_start(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = Self::spawn(&self.scratch.0, self.port);
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A machine that says something, and one who hears.
struct Machine {
    client: Mqtt,
    heard: Receiver<()>,
    told: Receiver<(String, String)>,
    unread: RefCell<Vec<(String, Value)>>,
}

impl Machine {
    fn new(broker: &Broker, name: &str) -> Self {
        let mut options = MqttOptions::new(name, "127.0.0.1", broker.port);
        options.set_credentials("lotbook", PASSWORD).set_clean_session(false).set_keep_alive(Duration::from_secs(5));
        let (client, mut connection) = Mqtt::new(options, 1_000);
        let (sender, heard) = mpsc::channel();
        let (teller, told) = mpsc::channel();
        std::thread::spawn(move || {
            for event in connection.iter() {
                match event {
                    Ok(Event::Incoming(Packet::PubAck(_))) if sender.send(()).is_err() => return,
                    Ok(Event::Incoming(Packet::Publish(one))) => {
                        let text = String::from_utf8_lossy(&one.payload).into_owned();
                        if teller.send((one.topic, text)).is_err() {
                            return;
                        }
                    }
                    Ok(_) => {}
                    // The broker was killed: it is back in a moment. A test that has ended asks no more.
                    Err(rumqttc::ConnectionError::RequestsDone) => return,
                    Err(_) => std::thread::sleep(Duration::from_millis(50)),
                }
            }
        });
        Self { client, heard, told, unread: RefCell::default() }
    }

    /// Says it, and waits until the broker has it.
    fn say(&self, topic: &str, payload: &(impl ToString + ?Sized)) {
        self.client.publish(topic, QoS::AtLeastOnce, false, payload.to_string()).unwrap();
        self.heard.recv_timeout(PATIENCE).unwrap();
    }

    /// Says much at once.
    fn pour<T: ToString>(&self, topic: &str, payloads: impl IntoIterator<Item = T>) {
        let mut count = 0;
        for payload in payloads {
            self.client.publish(topic, QoS::AtLeastOnce, false, payload.to_string()).unwrap();
            count += 1;
        }
        for _ in 0..count {
            self.heard.recv_timeout(PATIENCE).unwrap();
        }
    }

    /// The next message of a topic that says this.
    fn hears(&self, topic: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        let mut unread = self.unread.borrow_mut();
        loop {
            let found = unread.iter().position(|(found, value)| found == topic && is_it(value));
            if let Some(at) = found {
                return unread.remove(at).1;
            }
            let left = PATIENCE.checked_sub(started.elapsed()).expect("nobody says so");
            let (found, text) = self.told.recv_timeout(left).unwrap();
            unread.push((found, serde_json::from_str(&text).unwrap()));
        }
    }
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "it never happens: {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn is_connected(admin: &mut Client) -> bool {
    ok(&admin.get("/v1/mqtt"))["isConnected"] == true
}

fn set(admin: &mut Client, key: &str, value: &Value) {
    ok(&admin.patch(&format!("/v1/settings/{key}"), &json!({ "value": value })));
}

/// A silo that a valve fills, with a meter that goes to 100.
fn furnish(admin: &mut Client) -> i64 {
    ok(&admin.post("/v1/products", &json!({ "identifier": "MILK", "name": "Milk", "tracking": "lot" })));
    ok(&admin.post("/v1/locations", &json!([{ "name": "Plant" }, { "name": "Silo", "parent": "Plant" }])));
    let fill = json!({
        "name": "Fill", "operationType": "RECEIVE", "destinationLocation": "Plant/Silo", "material": "MILK",
        "startTriggerExpression": "{[default]Silo/Valve}", "stopTriggerExpression": "{[default]Silo/Valve}",
        "primaryLotResolutionStrategy": "EXPRESSION", "primaryLotCodeExpression": "'M1'",
        "createLotIfNotFound": true, "quantityExpression": "{[default]Silo/Meter}", "quantityOverflowValue": 100
    });
    ok(&admin.post("/v1/operations", &fill))["id"].as_i64().unwrap()
}

fn connect(admin: &mut Client, broker: &Broker, subscriptions: &Value) {
    set(admin, "mqtt.subscriptions", subscriptions);
    set(admin, "mqtt.url", &json!(broker.url()));
    eventually("the server is connected", || {
        is_connected(admin) && !ok(&admin.get("/v1/mqtt"))["filters"].as_array().unwrap().is_empty()
    });
}

fn tag(admin: &mut Client, path: &str) -> Value {
    let found = ok(&admin.get(&format!("/v1/tags?search={path}")));
    found["items"].as_array().unwrap().first().map_or(Value::Null, |tag| tag["value"].clone())
}

fn runs(admin: &mut Client, operation: i64) -> Vec<Value> {
    let found = ok(&admin.get(&format!("/v1/runs?operation={operation}&limit=500")));
    found["items"].as_array().unwrap().clone()
}

fn status(admin: &mut Client, operation: i64) -> String {
    ok(&admin.get(&format!("/v1/operations/{operation}")))["status"].as_str().unwrap().to_owned()
}

fn values_arrive(database: &str) {
    let broker = Broker::start();
    let server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    let operation = furnish(&mut admin);
    assert_eq!(ok(&admin.get("/v1/mqtt"))["isWanted"], false);
    let wrong = admin.patch("/v1/settings/mqtt.url", &json!({ "value": "http://broker" }));
    assert!(wrong.status == 422 && wrong.text.contains("mqtt://user"), "{}", wrong.text);
    let wrong = admin.patch("/v1/settings/mqtt.subscriptions", &json!({ "value": [{ "topic": "a/#/b", "tag": "T" }] }));
    assert!(wrong.status == 422 && wrong.text.contains("last level"), "{}", wrong.text);
    let subscriptions = json!([
        { "topic": "plant/+/valve", "tag": "[default]+/Valve" },
        { "topic": "plant/+/meter", "tag": "+/Meter", "pointer": "/reading/0/v" },
        { "topic": "lab/#", "tag": "[lab]Values" }
    ]);
    connect(&mut admin, &broker, &subscriptions);

    // The password is kept, and never shown again.
    for path in ["/v1/settings", "/v1/settings/mqtt.url", "/v1/mqtt", "/v1/audit"] {
        let shown = admin.get(path).text;
        assert!(!shown.contains("eim"), "{path}: {shown}");
    }
    let shown = ok(&admin.get("/v1/settings/mqtt.url"))["value"].clone();
    assert_eq!(shown, format!("mqtt://lotbook:***@127.0.0.1:{}", broker.port));
    set(&mut admin, "mqtt.url", &shown);
    let other = admin.patch("/v1/settings/mqtt.url", &json!({ "value": "mqtt://lotbook:***@elsewhere" }));
    assert!(other.status == 422 && other.text.contains("not shown"), "{}", other.text);
    eventually("the server is connected", || is_connected(&mut admin));

    let machine = Machine::new(&broker, "machine");
    machine.say("plant/Silo/valve", "false");
    machine.say("plant/Silo/meter", &json!({ "reading": [{ "v": 90 }] }));
    machine.say("plant/Silo/valve", &true);
    eventually("the valve starts the operation", || status(&mut admin, operation) == "RUNNING");
    machine.say("plant/Silo/meter", &json!({ "reading": [{ "v": 10 }] }));
    machine.say("plant/Silo/meter", &json!({ "other": true }));
    machine.say("plant/Silo/meter", "not JSON");
    machine.say("plant/Silo/valve", &false);
    eventually("the valve stops it", || status(&mut admin, operation) == "COMPLETED");
    assert_eq!(runs(&mut admin, operation)[0]["quantity"], 20, "90 and 10 at 100 are 20");
    machine.say("lab/a/b", "ready");
    machine.say("lab", &json!({ "value": 0.1, "quality": "uncertain", "time": "2026-01-05T08:00:00Z" }));
    eventually("what follows is added to the tag", || tag(&mut admin, "Values/a/b") == "ready");
    eventually("both arrive", || ok(&admin.get("/v1/mqtt"))["received"] == 9);
    let lab = ok(&admin.get("/v1/tags?search=[lab]"));
    let lab = lab["items"].as_array().unwrap();
    assert_eq!((&lab[0]["value"], &lab[0]["quality"]), (&json!(0.1), &json!("uncertain")));
    assert_eq!(lab[0]["time"], "2026-01-05T08:00:00.000Z");
    let shown = ok(&admin.get("/v1/mqtt"));
    assert_eq!((&shown["received"], &shown["unreadable"]), (&json!(9), &json!(2)), "{shown}");
    assert!(shown["unreadableBecause"].as_str().unwrap().contains("is not JSON"), "{shown}");
    let metrics = server.client().get("/metrics").text;
    assert!(metrics.contains("lotbook_mqtt_connected 1"), "{metrics}");
    assert!(metrics.contains("lotbook_mqtt_messages_total{outcome=\"received\"} 9"), "{metrics}");

    publishes(&broker, &mut admin, operation);
    set(&mut admin, "mqtt.url", &Value::Null);
    eventually("it is let go", || ok(&admin.get("/v1/mqtt"))["isWanted"] == false);
    assert!(server.stop());
    run_ok(database, &["verify"]);
}

/// The certificates are made for tests; their keys open nothing else.
#[test]
fn a_secure_broker_is_known_by_its_certificate() {
    let file = |name: &str| format!("{}/tests/certificates/{name}", env!("CARGO_MANIFEST_DIR"));
    let port = free_port();
    let (certificate, key) = (file("localhost.pem"), file("localhost.key.pem"));
    let broker = Broker::start_with(&format!("listener {port} 127.0.0.1\ncertfile {certificate}\nkeyfile {key}\n"));
    let url = |scheme: &str| format!("{scheme}://lotbook:ge%3Ah%2Feim@localhost:{port}");
    let subscriptions = json!([{ "topic": "plant/#", "tag": "Plant" }]);
    for (trusted, is_known) in [(file("authority.pem"), true), (certificate.clone(), false)] {
        let scratch = Scratch::new();
        let trust = [("SSL_CERT_FILE", trusted.as_str()), ("SSL_CERT_DIR", "/nowhere")];
        let server = Server::start_in(&scratch.url(), &[], &trust);
        let mut admin = server.admin();
        set(&mut admin, "mqtt.subscriptions", &subscriptions);
        set(&mut admin, "mqtt.url", &json!(url("mqtts")));
        let shown = ok(&admin.get("/v1/settings/mqtt.url"))["value"].clone();
        assert_eq!(shown, format!("mqtts://lotbook:***@localhost:{port}"));
        if is_known {
            eventually("the server is connected", || {
                is_connected(&mut admin) && !ok(&admin.get("/v1/mqtt"))["filters"].as_array().unwrap().is_empty()
            });
            // What others say to it in the clear arrives over the secure line.
            Machine::new(&broker, "machine").say("plant/Weight", "12.5");
            eventually("the value arrives", || tag(&mut admin, "Plant/Weight") == 12.5);
            // Without TLS there is nobody to talk to.
            set(&mut admin, "mqtt.url", &json!(url("mqtt")));
        }
        eventually("it is told why not", || {
            ok(&admin.get("/v1/mqtt"))["lastFault"].is_object() && !is_connected(&mut admin)
        });
        let told = ok(&admin.get("/v1/mqtt"))["lastFault"]["message"].as_str().unwrap().to_owned();
        assert!(is_known || told.contains("certificate"), "{told}");
    }
}

/// What stands where, and how operations do, is there for whoever comes later.
fn publishes(broker: &Broker, admin: &mut Client, operation: i64) {
    set(admin, "mqtt.publishPrefix", &json!("stock/eu"));
    eventually("the server is connected", || is_connected(admin));
    let reader = Machine::new(broker, "reader");
    reader.client.subscribe("stock/eu/#", QoS::AtLeastOnce).unwrap();
    let topic = "stock/eu/Plant/Silo/inventory";
    let state = reader.hears(topic, |state| state["inventory"][0]["quantity"] == 20);
    assert_eq!(state["inventory"][0]["product"]["identifier"], "MILK");
    assert_eq!(state["inventory"][0]["lot"]["name"], "M1");
    let told = "stock/eu/operations/Fill/status";
    assert_eq!(reader.hears(told, |told| told["status"] == "COMPLETED")["run"], Value::Null);
    let execute = json!({ "lot": "M1", "quantity": 2.5 });
    ok(&admin.post(&format!("/v1/operations/{operation}/execute"), &execute));
    reader.hears(topic, |state| state["inventory"][0]["quantity"] == 22.5);
    let machine = Machine::new(broker, "machine2");
    machine.say("plant/Silo/valve", &true);
    let running = reader.hears(told, |told| told["status"] == "RUNNING");
    assert!(running["run"].is_string(), "{running}");
    machine.say("plant/Silo/valve", &false);
    reader.hears(told, |told| told["status"] == "COMPLETED");
    let later = Machine::new(broker, "later");
    later.client.subscribe("stock/eu/#", QoS::AtLeastOnce).unwrap();
    later.hears(topic, |state| state["inventory"][0]["quantity"] == 22.5);
}

/// The steps of a meter that wraps at 100.
fn steps(from: &mut i64, count: usize) -> Vec<i64> {
    (0..count)
        .map(|_| {
            *from += 7;
            *from % 100
        })
        .collect()
}

fn nothing_is_lost(database: &str) {
    let mut broker = Broker::start();
    let mut server = Server::start_on(database, &[]);
    let mut admin = server.admin();
    let operation = furnish(&mut admin);
    let subscriptions = json!([
        { "topic": "valve", "tag": "Silo/Valve" }, { "topic": "meter", "tag": "Silo/Meter" },
        { "topic": "tick", "tag": "Tick" }
    ]);
    connect(&mut admin, &broker, &subscriptions);
    let machine = Machine::new(&broker, "machine");
    let mut meter = 90;
    machine.say("valve", &false);
    machine.say("meter", &meter);
    machine.say("valve", &true);
    eventually("it runs", || status(&mut admin, operation) == "RUNNING");
    // The server is killed while values pour in, each time a little later.
    for after in [0, 5, 15, 40, 90, 150] {
        let values = steps(&mut meter, 120);
        let (more, rest) = values.split_at(60);
        machine.pour("meter", more);
        std::thread::sleep(Duration::from_millis(after));
        drop(server);
        machine.pour("meter", rest);
        server = Server::start_on(database, &[]);
    }
    // The broker is killed while the server is away, with messages that only it has …
    drop(server);
    machine.pour("meter", steps(&mut meter, 50));
    std::thread::sleep(Duration::from_millis(2_500));
    broker.kill_and_start();
    server = Server::start_on(database, &[]);
    admin = server.admin();
    machine.pour("tick", [1]);
    eventually("what it had arrives", || tag(&mut admin, "Tick") == 1);
    // … and while it is there.
    std::thread::sleep(Duration::from_millis(2_500));
    broker.kill_and_start();
    machine.pour("meter", steps(&mut meter, 50));
    machine.say("valve", &false);
    eventually("it ends", || status(&mut admin, operation) == "COMPLETED");
    let found = runs(&mut admin, operation);
    assert_eq!(found.len(), 1, "one edge up and one down are one run: {found:?}");
    assert_eq!(found[0]["quantity"], meter - 90, "every step counts once");

    // Edges, one run each, with the server killed in between.
    for round in 0..3 {
        machine.pour("valve", [true, false].repeat(10));
        std::thread::sleep(Duration::from_millis(20 * round));
        drop(server);
        server = Server::start_on(database, &[]);
    }
    machine.pour("tick", [2]);
    admin = server.admin();
    eventually("all of it arrives", || tag(&mut admin, "Tick") == 2);
    let found = runs(&mut admin, operation);
    assert_eq!(found.len(), 31, "each edge is one run");
    assert!(found.iter().all(|run| run["status"] == "COMPLETED"), "{found:?}");
    assert!(server.stop());
    run_ok(database, &["verify"]);
}

const STORIES: [fn(&str); 2] = [values_arrive, nothing_is_lost];

#[test]
fn mqtt_on_sqlite() {
    for story in STORIES {
        let scratch = Scratch::new();
        story(&scratch.url());
    }
}

#[test]
fn mqtt_on_postgresql() {
    for story in STORIES {
        let Some(database) = PostgresDb::new() else { return };
        story(&database.url());
    }
}

#[test]
fn of_two_servers_one_talks_and_the_other_takes_over() {
    let Some(database) = PostgresDb::new() else { return };
    let broker = Broker::start();
    let first = Server::start_on(&database.url(), &[]);
    let mut admin = first.admin();
    let operation = furnish(&mut admin);
    let subscriptions = json!([{ "topic": "valve", "tag": "Silo/Valve" }, { "topic": "meter", "tag": "Silo/Meter" }]);
    connect(&mut admin, &broker, &subscriptions);
    let second = Server::start_on(&database.url(), &[]);
    let mut other = second.admin();
    let machine = Machine::new(&broker, "machine");
    machine.say("valve", &false);
    machine.say("meter", &90);
    machine.say("valve", &true);
    eventually("the first takes it", || status(&mut other, operation) == "RUNNING");
    let shown = ok(&other.get("/v1/mqtt"));
    assert_eq!((&shown["isWanted"], &shown["isLeading"]), (&json!(true), &json!(false)), "{shown}");
    let mut meter = 90;
    machine.pour("meter", steps(&mut meter, 100));
    drop(first);
    machine.pour("meter", steps(&mut meter, 100));
    machine.say("valve", &false);
    eventually("the second takes over", || status(&mut other, operation) == "COMPLETED");
    assert_eq!(runs(&mut other, operation)[0]["quantity"], meter - 90);
    assert_eq!(ok(&other.get("/v1/mqtt"))["isLeading"], true);
    assert!(second.stop());
    run_ok(&database.url(), &["verify"]);
}
