//! A small HTTP/1.1 client on a connection that is kept open: it costs next to nothing beside the
//! server that it measures.

use std::net::SocketAddr;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Failure;

/// A connection.
pub struct Client {
    stream: TcpStream,
    headers: String,
    buffer: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
struct Envelope<T> {
    error_or_value: ErrorOrValue<T>,
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct ErrorOrValue<T> {
    error: Option<serde_json::Value>,
    value: Option<T>,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let headers = format!(
            "HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        );
        Ok(Self { stream, headers, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Makes a call of the ERP dialect and reads its value.
    pub async fn call<T: DeserializeOwned>(&mut self, call: &str, body: &str) -> Result<T, Failure> {
        let reply = self.send(call, body).await?;
        value(call, reply)
    }

    /// Makes a call of the ERP dialect; the whole reply, unread.
    pub async fn send(&mut self, call: &str, body: &str) -> Result<&[u8], Failure> {
        let (status, end, length) = self.exchange("POST", &format!("/api/{call}"), body).await?;
        if status != 200 {
            return Err(Failure(format!("{call}: the server answered {status}")));
        }
        Ok(&self.buffer[end..end + length])
    }

    /// Posts to an address of the native API; the status of the reply.
    pub async fn post(&mut self, path: &str, body: &str) -> Result<u16, Failure> {
        self.exchange("POST", path, body).await.map(|(status, _, _)| status)
    }

    /// Makes a request of the native API, which has to succeed.
    pub async fn request(&mut self, method: &str, path: &str, body: &str) -> Result<(), Failure> {
        let (status, end, length) = self.exchange(method, path, body).await?;
        if (200..300).contains(&status) {
            return Ok(());
        }
        let told = String::from_utf8_lossy(&self.buffer[end..end + length]).into_owned();
        Err(Failure(format!("{method} {path}: the server answered {status}: {told}")))
    }

    /// Sends and waits for the whole reply: its status, where its body begins and how long it is.
    async fn exchange(&mut self, method: &str, path: &str, body: &str) -> Result<(u16, usize, usize), Failure> {
        let head = format!("{method} {path} {}Content-Length: {}\r\n\r\n", self.headers, body.len());
        if body.len() < 16 * 1024 {
            self.stream.write_all(format!("{head}{body}").as_bytes()).await?;
        } else {
            self.stream.write_all(head.as_bytes()).await?;
            self.stream.write_all(body.as_bytes()).await?;
        }
        self.buffer.clear();
        let (status, end, length) = loop {
            if let Some(found) = head_of(&self.buffer, path)? {
                break found;
            }
            self.more(path).await?;
        };
        self.buffer.reserve((end + length).saturating_sub(self.buffer.len()));
        while self.buffer.len() < end + length {
            self.more(path).await?;
        }
        Ok((status, end, length))
    }

    async fn more(&mut self, call: &str) -> Result<(), Failure> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(Failure(format!("{call}: the server closed the connection")));
        }
        Ok(())
    }
}

/// The value in a reply.
pub fn value<T: DeserializeOwned>(call: &str, reply: &[u8]) -> Result<T, Failure> {
    let read: Envelope<T> =
        serde_json::from_slice(reply).map_err(|error| Failure(format!("{call}: the reply is unreadable: {error}")))?;
    match read.error_or_value {
        ErrorOrValue { value: Some(value), error: None } => Ok(value),
        ErrorOrValue { error, .. } => {
            let error = error.map_or_else(|| "no value".to_owned(), |error| error.to_string());
            Err(Failure(format!("{call}: {error}")))
        }
    }
}

/// The status, where the body begins and how long it is, once the head is there.
fn head_of(bytes: &[u8], call: &str) -> Result<Option<(u16, usize, usize)>, Failure> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    match (head.split(' ').nth(1).and_then(|status| status.parse().ok()), length) {
        (Some(status), Some(length)) => Ok(Some((status, end + 4, length))),
        _ => Err(Failure(format!("{call}: {}", head.lines().next().unwrap_or_default()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_where_its_body_is() {
        let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx: y\r\n\r\n{}";
        assert_eq!(head_of(reply, "x").unwrap(), Some((200, 44, 2)));
        assert_eq!(head_of(&reply[..20], "x").unwrap(), None);
        assert_eq!(head_of(b"HTTP/1.1 409 No\r\ncontent-length: 0\r\n\r\n", "x").unwrap(), Some((409, 38, 0)));
        assert!(head_of(b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n", "x").is_err());
    }

    #[test]
    fn a_value_is_taken_out_of_its_envelope() {
        let value: Result<i64, _> = value("x", br#"{"errorOrValue":{"error":null,"value":7}}"#);
        assert_eq!(value.unwrap(), 7);
        let fault: Result<i64, _> = super::value("x", br#"{"errorOrValue":{"error":{"code":"No"},"value":null}}"#);
        assert!(fault.is_err_and(|Failure(text)| text.contains("No")));
    }
}
