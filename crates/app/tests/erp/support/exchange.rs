//! Exchanges as committed: each request with its reply under it, in one file that a person can read.
//!
//! `LOTBOOK_BLESS=1` writes the files anew; what changed is then seen in the diff.

use std::fmt::Write;
use std::path::PathBuf;

use super::client::{Client, Reply};
use super::text::{compare, pretty};

/// The exchanges of a story, as they happen.
pub struct Exchanges {
    name: &'static str,
    database: &'static str,
    text: String,
    secrets: Vec<(String, &'static str)>,
}

impl Exchanges {
    /// The story of this name, on this database: the text is the same on all of them.
    pub fn new(name: &'static str, database: &'static str) -> Self {
        Self { name, database, text: String::new(), secrets: Vec::new() }
    }

    /// What stands for a text that differs each time.
    pub fn hide(&mut self, secret: &str, name: &'static str) {
        self.secrets.push((secret.to_owned(), name));
    }

    /// Says what the next requests are about.
    pub fn note(&mut self, text: &str) {
        write!(self.text, "# {text}\n\n").unwrap();
    }

    /// Posts and keeps the exchange.
    pub fn post(&mut self, client: &mut Client, path: &str, body: &str) -> Reply {
        let reply = client.post(path, body);
        self.keep(path, body, &reply);
        reply
    }

    /// Keeps an exchange.
    pub fn keep(&mut self, path: &str, body: &str, reply: &Reply) {
        let reply_text = pretty(&reply.text);
        write!(self.text, "POST {path}\n{}\n\n{}\n{reply_text}\n\n\n", pretty(body), reply.status).unwrap();
    }

    /// Compares with what was committed.
    pub fn finish(mut self) {
        for (secret, name) in &self.secrets {
            self.text = self.text.replace(secret, name);
        }
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/erp/exchanges").join(format!("{}.txt", self.name));
        compare(&path, &self.text, self.database);
    }
}
