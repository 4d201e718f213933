//! Where a webhook is sent: an address that may be called, and the connection to it.
//!
//! Whoever may name an address could make the server call what only the server can reach. So an address is
//! looked at after its name was looked up, and the connection goes to the very address that was looked at;
//! redirects are not followed, no proxy is asked, and nothing of an answer is shown but its status.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, Response, Uri, header};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::tls;

const URL_BYTES_MAX: usize = 2_000;
/// An answer's body is read to its end up to this size, so that the connection can be used again.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// Checks an address: `http` or `https`, a host, no password, and no address of a private network unless
/// those are allowed. A name is looked up again with each connection.
pub fn check(text: &str, allows_private: bool) -> Result<Uri, (&'static str, String)> {
    if text.len() > URL_BYTES_MAX {
        return Err(("tooLong", format!("has {} bytes; at most {URL_BYTES_MAX} fit", text.len())));
    }
    let wrong = || ("notAnAddress", format!("is {text:?}; send an address such as https://example.com/lotbook"));
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let authority = uri.authority().ok_or_else(wrong)?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || authority.host().is_empty() || text.contains('#') {
        return Err(wrong());
    }
    let port = authority.as_str().rsplit('@').next().and_then(|place| place.strip_prefix(authority.host()));
    if port.is_some_and(|port| !port.is_empty()) && authority.port_u16().is_none() {
        return Err(("notAnAddress", format!("is {text:?}; a port is a number from 0 to 65535")));
    }
    if authority.as_str().contains('@') {
        return Err(("notAnAddress", "holds a user or password; receivers check the signature instead".to_owned()));
    }
    if !allows_private && let Ok(address) = host_of(&uri).parse::<IpAddr>() {
        public(address).map_err(|message| ("privateAddress", message))?;
    }
    Ok(uri)
}

/// The host without the brackets around an IPv6 address.
fn host_of(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

fn public(address: IpAddr) -> Result<(), String> {
    if is_public(address) {
        return Ok(());
    }
    Err(format!(
        "{address} is on this machine or in a private network; start the server with --webhook-private to allow it"
    ))
}

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // This network, private, loopback, multicast and reserved.
    let is_whole = matches!(a, 0 | 10 | 127 | 224..=255);
    // What one provider knows, link-local, private, benchmarks.
    let is_wide = matches!((a, b), (100, 64..=127) | (169, 254) | (172, 16..=31) | (192, 168) | (198, 18..=19));
    // Protocol assignments, documentation, the old 6to4 relay.
    let is_narrow = matches!((a, b, c), (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113));
    !(is_whole || is_wide || is_narrow)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let low = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    match parts {
        // Translated and tunnelled IPv4 is as public as the address within.
        [0x64, 0xff9b, 0, 0, 0, 0, high, last] | [0x2002, high, last, ..] => is_public_v4(low(high, last)),
        [0x2001, 0x0db8 | 0..=0x01ff, ..] => false,
        // Only this part of the addresses is given to anybody.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

/// What a receiver said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Not to be called before, as it asks.
    pub retry_after: Option<Duration>,
}

/// A receiver, and the connection to it while it is open.
pub struct Target {
    uri: Uri,
    allows_private: bool,
    open: Option<SendRequest<Body>>,
}

impl Target {
    /// A receiver that nobody has called yet.
    pub fn new(uri: Uri, allows_private: bool) -> Self {
        Self { uri, allows_private, open: None }
    }

    /// Sends a body with headers and waits for the answer; the error says what went wrong. The caller
    /// limits the time: what is not waited for any more is broken off.
    pub async fn send(&mut self, headers: &[(&'static str, String)], body: &str) -> Result<Reply, String> {
        if let Some(mut sender) = self.open.take()
            && sender.ready().await.is_ok()
            && let Ok(response) = sender.send_request(self.request(headers, body)?).await
        {
            return Ok(self.finish(sender, response).await);
        }
        // There was no connection, or the receiver has closed it meanwhile.
        let mut sender = self.connect().await?;
        let response = sender.send_request(self.request(headers, body)?).await;
        let response = response.map_err(|error| format!("the connection broke off: {error}"))?;
        Ok(self.finish(sender, response).await)
    }

    fn request(&self, headers: &[(&'static str, String)], body: &str) -> Result<Request<Body>, String> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, authority)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("lotbook/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(body.to_owned())).map_err(|error| format!("no request can be made: {error}"))
    }

    /// Reads the rest of an answer and keeps the connection where that is possible.
    async fn finish(&mut self, sender: SendRequest<Body>, response: Response<Incoming>) -> Reply {
        let after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let reply = Reply { status: response.status().as_u16(), retry_after: after.map(Duration::from_secs) };
        if axum::body::to_bytes(Body::new(response.into_body()), ANSWER_BYTES_MAX).await.is_ok() {
            self.open = Some(sender);
        }
        reply
    }

    async fn connect(&self) -> Result<SendRequest<Body>, String> {
        let host = host_of(&self.uri);
        let is_tls = self.uri.scheme_str() == Some("https");
        let port = self.uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let stream = self.open_stream(host, port).await?;
        // Small messages must not wait for more to fill a packet; where it fails they just do.
        let _ = stream.set_nodelay(true);
        if !is_tls {
            return handshake(stream).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} is no name for a certificate"))?;
        let connector = TlsConnector::from(tls::config().await?);
        let stream = connector.connect(name, stream).await;
        handshake(stream.map_err(|error| format!("no secure connection to {host}: {error}"))?).await
    }

    async fn open_stream(&self, host: &str, port: u16) -> Result<TcpStream, String> {
        let found = tokio::net::lookup_host((host, port)).await;
        let found: Vec<SocketAddr> = found.map_err(|error| format!("{host} is not found: {error}"))?.collect();
        let mut failure = format!("{host} has no address");
        for address in found {
            if !self.allows_private
                && let Err(message) = public(address.ip())
            {
                failure = message;
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = format!("{address} cannot be reached: {error}"),
            }
        }
        Err(failure)
    }
}

async fn handshake<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: S) -> Result<SendRequest<Body>, String> {
    let made = http1::handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|error| format!("the connection broke off: {error}"))?;
    // It ends with the sender; what goes wrong on it is told to who sends.
    tokio::spawn(connection);
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_server_reaches_is_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.192",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101", "2a00::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_is_checked_before_it_is_called() {
        for (text, code) in [
            ("ftp://example.com/", "notAnAddress"),
            ("example.com/hook", "notAnAddress"),
            ("/hook", "notAnAddress"),
            ("https://", "notAnAddress"),
            ("https://example.com:99999/", "notAnAddress"),
            ("https://kim:secret@example.com/", "notAnAddress"),
            ("http://127.0.0.1:80/", "privateAddress"),
            ("http://[::1]/", "privateAddress"),
        ] {
            assert_eq!(check(text, false).unwrap_err().0, code, "{text}");
        }
        for text in ["https://example.com/hook?x=1", "http://1.1.1.1", "https://[2606:4700::1111]:8443/x"] {
            assert!(check(text, false).is_ok(), "{text}");
        }
        assert!(check("http://[::1]:8080/", true).is_ok());
    }
}
