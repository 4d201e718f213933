//! A small HTTP client: one kept connection, bodies of known length.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

/// A client.
pub struct Client {
    address: SocketAddr,
    /// Sent with each request.
    pub token: Option<String>,
    connection: Option<BufReader<TcpStream>>,
}

/// A reply.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub text: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|fault| panic!("{fault}: {}", self.text))
    }

    /// The value in the envelope; panics where there is an error.
    pub fn value(&self) -> Value {
        let mut json = self.json();
        assert!(self.status == 200 && json["errorOrValue"]["error"].is_null(), "{} {}", self.status, self.text);
        json["errorOrValue"]["value"].take()
    }

    /// The code of the error in the envelope; panics where there is none.
    pub fn code(&self) -> String {
        self.error()["code"].as_str().unwrap_or_else(|| panic!("no error: {}", self.text)).to_owned()
    }

    /// The error in the envelope.
    pub fn error(&self) -> Value {
        self.json()["errorOrValue"]["error"].take()
    }

    /// `(index, field, code)` of each violation.
    pub fn violations(&self) -> Vec<(Option<u64>, String, String)> {
        let error = self.error();
        let list = error["details"]["violations"].as_array().unwrap_or_else(|| panic!("{}", self.text));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list.iter().map(|found| (found["index"].as_u64(), text(&found["field"]), text(&found["code"]))).collect()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// A client without a token.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, token: None, connection: None }
    }

    /// Another connection of the same person.
    pub fn twin(&self) -> Self {
        Self { token: self.token.clone(), ..Self::new(self.address) }
    }

    /// Posts JSON.
    pub fn post(&mut self, path: &str, body: &str) -> Reply {
        self.send("POST", path, &[], body.as_bytes())
    }

    /// Posts JSON under an idempotency key.
    pub fn post_once(&mut self, path: &str, key: &str, body: &str) -> Reply {
        self.send("POST", path, &[("Idempotency-Key", key)], body.as_bytes())
    }

    /// Sends a request and reads the reply.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.write(method, path, headers, body);
        self.read()
    }

    /// Sends a request without waiting for the reply.
    pub fn write(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: test\r\n");
        let length = body.len().to_string();
        let token = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let usual = [
            ("Content-Length", Some(length.as_str())),
            ("Content-Type", Some("application/json")),
            ("Authorization", token.as_deref()),
        ];
        for (name, value) in usual {
            if let Some(value) = value
                && !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
            {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let address = self.address;
        let connection = self.connection.get_or_insert_with(|| {
            let stream = TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            BufReader::new(stream)
        });
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        // A server that refuses a large body early closes while we are still writing; it has answered.
        let _ = connection.get_mut().write_all(&bytes);
    }

    /// Closes the connection, whatever is under way on it.
    pub fn hang_up(&mut self) {
        self.connection = None;
    }

    /// Reads the reply to what was sent.
    pub fn read(&mut self) -> Reply {
        let mut connection = self.connection.take().expect("something was sent");
        let mut line = String::new();
        connection.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("no reply: {line:?}")).parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            connection.read_line(&mut line).unwrap();
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap();
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let length: usize = header("content-length").map_or(0, |value| value.parse().unwrap());
        let is_last = header("connection") == Some("close");
        let mut body = vec![0; length];
        connection.read_exact(&mut body).unwrap();
        if !is_last {
            self.connection = Some(connection);
        }
        Reply { status, headers, text: String::from_utf8(body).unwrap() }
    }
}
