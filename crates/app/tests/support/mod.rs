//! A Lotbook server of a test's own, started as users start it, and a small HTTP client.
#![allow(dead_code)] // not every test file needs everything
#![allow(clippy::unwrap_used)] // the helpers of a test file are tests, too

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

/// The password of admin on every test server.
pub const PASSWORD: &str = "a password for tests";

/// A directory that is gone when the test ends.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("lotbook_app_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// A database in it.
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.0.join("lotbook.db").display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The program with arguments, on a database.
pub fn lotbook(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotbook"));
    command.args(arguments).env("LOTBOOK_DATABASE", database).env("LOTBOOK_ADMIN_PASSWORD", PASSWORD);
    command.env("LOTBOOK_LOG", "warn").stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(database: &str, arguments: &[&str]) -> Output {
    lotbook(database, arguments).output().unwrap()
}

/// Runs a command that is expected to succeed, and answers what it printed.
pub fn run_ok(database: &str, arguments: &[&str]) -> String {
    let output = run(database, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert!(output.status.success(), "{arguments:?}: {}\n{}", text(output.stderr), text(output.stdout));
    text(output.stdout).trim_end().to_owned()
}

/// A database on the PostgreSQL server that `LOTBOOK_TEST_POSTGRES` names; gone when the test ends.
pub struct PostgresDb {
    server: String,
    name: String,
}

impl PostgresDb {
    /// `None` where no server is named and `LOTBOOK_TEST_SQLITE_ONLY=1` says that this is meant.
    pub fn new() -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let Ok(server) = std::env::var("LOTBOOK_TEST_POSTGRES") else {
            let is_meant = std::env::var("LOTBOOK_TEST_SQLITE_ONLY").is_ok_and(|value| value == "1");
            assert!(is_meant, "set LOTBOOK_TEST_POSTGRES, or LOTBOOK_TEST_SQLITE_ONLY=1 to leave PostgreSQL out");
            return None;
        };
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("lotbook_app_test_{}_{}_{next}", std::process::id(), since.as_micros() % 1_000_000_000);
        let db = Self { server, name };
        db.order(&format!("create database {}", db.name));
        Some(db)
    }

    pub fn url(&self) -> String {
        let base = self.server.rsplit_once('/').expect("LOTBOOK_TEST_POSTGRES ends in /database").0;
        format!("{base}/{}", self.name)
    }

    fn order(&self, sql: &str) {
        postgres::Client::connect(&self.server, postgres::NoTls).unwrap().batch_execute(sql).unwrap();
    }
}

impl Drop for PostgresDb {
    fn drop(&mut self) {
        self.order(&format!("drop database if exists {} with (force)", self.name));
    }
}

/// A running server.
pub struct Server {
    child: Child,
    address: String,
    pub database: String,
    scratch: Option<Scratch>,
}

impl Server {
    /// On an empty SQLite database.
    pub fn start() -> Self {
        let scratch = Scratch::new();
        let mut server = Self::start_on(&scratch.url(), &[]);
        server.scratch = Some(scratch);
        server
    }

    /// On a database, with further arguments.
    pub fn start_on(database: &str, arguments: &[&str]) -> Self {
        Self::start_in(database, arguments, &[])
    }

    /// The same, in an environment with more.
    pub fn start_in(database: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = lotbook(database, &["serve", "--listen", "127.0.0.1:0"]);
        command.envs(environment.iter().copied());
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").expect("the server says where it listens");
        Self { address: address.to_owned(), child, database: database.to_owned(), scratch: None }
    }

    /// An API key of a user.
    pub fn key(&self, user: &str) -> String {
        run_ok(&self.database, &["token", "create", "--user", user])
    }

    /// A connection to it.
    pub fn client(&self) -> Client {
        Client { stream: self.connect(), headers: Vec::new() }
    }

    /// A connection on which every request carries a token.
    pub fn client_with(&self, token: &str) -> Client {
        Client { stream: self.connect(), headers: vec![("Authorization".into(), format!("Bearer {token}"))] }
    }

    /// A connection of admin.
    pub fn admin(&self) -> Client {
        self.client_with(&self.key("admin"))
    }

    pub fn connect(&self) -> BufReader<TcpStream> {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.set_nodelay(true).unwrap();
        BufReader::new(stream)
    }

    /// Tells it to end, and answers whether it did so well.
    #[cfg(unix)]
    pub fn stop(mut self) -> bool {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        killed.success() && self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A connection that is kept open, with the headers that each request carries.
pub struct Client {
    stream: BufReader<TcpStream>,
    pub headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
    /// As it came, where it is no text.
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The status and the code of a problem.
    pub fn problem(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

impl Client {
    /// The same connection with another header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, "")
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &body.to_string())
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> Reply {
        self.send("PATCH", path, &body.to_string())
    }

    pub fn delete(&mut self, path: &str) -> Reply {
        self.send("DELETE", path, "")
    }

    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Reply {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n", body.len());
        if !body.is_empty() {
            request.push_str("Content-Type: application/json\r\n");
        }
        for (name, value) in &self.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        self.read(method)
    }

    fn read(&mut self, method: &str) -> Reply {
        let status = self.line();
        let status = status.split(' ').nth(1).unwrap_or_else(|| panic!("no status in {status:?}")).parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut reply = Reply { status, headers, text: String::new(), bytes: Vec::new() };
        let mut body = Vec::new();
        if method != "HEAD" {
            if reply.header("transfer-encoding") == Some("chunked") {
                loop {
                    let size = usize::from_str_radix(&self.line(), 16).unwrap();
                    let from = body.len();
                    body.resize(from + size, 0);
                    self.stream.read_exact(&mut body[from..]).unwrap();
                    self.line();
                    if size == 0 {
                        break;
                    }
                }
            } else if let Some(length) = reply.header("content-length") {
                body.resize(length.parse().unwrap(), 0);
                self.stream.read_exact(&mut body).unwrap();
            }
        }
        match String::from_utf8(body) {
            Ok(text) => reply.text = text,
            Err(error) => reply.bytes = error.into_bytes(),
        }
        reply
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
