//! The id of the request at hand: in its reply, in a problem's text and in every line of the log.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 26 characters of a ULID: the time in milliseconds, then 80 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId([u8; 26]);

tokio::task_local! {
    static CURRENT: Cell<RequestId>;
}

impl RequestId {
    /// A fresh one.
    pub fn fresh() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut random = [0; 16];
        // Without randomness the id is only the time, which is still of use in a log.
        let _ = getrandom::fill(&mut random[6..]);
        random[..6].copy_from_slice(&since.as_millis().to_be_bytes()[10..]);
        Self::from_bits(u128::from_be_bytes(random))
    }

    fn from_bits(bits: u128) -> Self {
        let mut text = [0; 26];
        for (place, letter) in text.iter_mut().enumerate() {
            *letter = CROCKFORD[(bits >> (5 * (25 - place)) & 31) as usize];
        }
        Self(text)
    }

    /// The id of the request that this task answers, if it answers one.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Cell::get).ok()
    }

    /// Runs a future in whose course [`Self::current`] answers this id.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(Cell::new(self), future).await
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_ulid() {
        assert_eq!(RequestId::from_bits(0).as_str(), "00000000000000000000000000");
        assert_eq!(RequestId::from_bits(u128::MAX).as_str(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        let (one, two) = (RequestId::fresh(), RequestId::fresh());
        assert_ne!(one, two);
        assert_eq!(one.as_str()[..8], two.as_str()[..8], "made in the same half minute");
    }

    #[test]
    fn an_id_holds_within_its_scope_only() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let id = RequestId::fresh();
        assert_eq!(runtime.block_on(id.scope(async { RequestId::current() })), Some(id));
        assert_eq!(RequestId::current(), None);
    }
}
