//! The hash chain: each batch carries the hash of the one before it, so that changed history is found.
//!
//! The content of a batch is hashed as canonical bytes: each movement's, value entry's and count's
//! fields in one fixed order (movements, then counts, then value entries, then value facts, then value facts undone, then cost links), numbers as 8 bytes little-endian, texts as their length and UTF-8, an
//! absent value as one byte 0. It does not depend on the database. At the end comes what the header says of the batch: who
//! booked it, when and why.
//!
//! What decides (settings, closed periods, how products are valued) is said between batches; such a word is linked
//! to what came before it, and the next batch to it.

use crate::id::{BatchId, BookingId, UserId};
use crate::movement::{Count, Movement, ValueEntry, ValueFact};
use crate::time::Time;

/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// The hash before the first batch.
pub const GENESIS: Hash = [0; 32];

/// What the header of a batch says of it, beside its place in the ledger.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Its ULID.
    pub uid: &'a str,
    /// The number of what made it.
    pub kind: i64,
    /// The booking that it came of; 0 = none.
    pub booking: BookingId,
    /// How many movements it has.
    pub lines: i64,
    /// When it was booked.
    pub booked_at: Time,
    /// By whom.
    pub booked_by: UserId,
    /// Why, if that was said.
    pub reason: Option<&'a str>,
}

/// Hashes the content of one batch, a line at a time.
pub struct Content {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

impl Content {
    /// Begins a batch.
    pub fn new(batch: BatchId) -> Self {
        let mut content = Self { buffer: Vec::with_capacity(64 * 1024), ..Self::empty() };
        content.number(batch.0);
        content
    }

    fn empty() -> Self {
        Self { hasher: blake3::Hasher::new(), buffer: Vec::new() }
    }

    fn number(&mut self, number: i64) {
        self.buffer.extend_from_slice(&number.to_le_bytes());
    }

    fn optional(&mut self, number: Option<i64>) {
        self.buffer.push(u8::from(number.is_some()));
        if let Some(number) = number {
            self.number(number);
        }
    }

    fn text(&mut self, text: Option<&str>) {
        self.buffer.push(u8::from(text.is_some()));
        if let Some(text) = text {
            self.number(text.len() as i64);
            self.buffer.extend_from_slice(text.as_bytes());
        }
    }

    fn flush(&mut self) {
        if self.buffer.len() >= 60 * 1024 {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// Adds a movement.
    pub fn movement(&mut self, movement: &Movement) {
        self.buffer.push(b'm');
        for number in [
            movement.line,
            movement.effective_at.0,
            movement.kind.code(),
            movement.product.0,
            movement.variant.0,
            movement.lot.0,
            movement.from.location.0,
            movement.to.location.0,
            movement.from.account.0,
            movement.to.account.0,
            movement.from.pool.0,
            movement.to.pool.0,
            movement.quantity.0,
            movement.amount.0,
            movement.entered_count.0,
            movement.entered_unit.0,
            movement.journal.0,
            movement.voucher.0,
            movement.entry.0,
            movement.org_unit.0,
            movement.customer.0,
            movement.supplier.0,
            movement.reason.0,
        ] {
            self.number(number);
        }
        self.optional(movement.unit_cost.map(|cost| cost.0));
        self.optional(movement.fallback_cost.map(|cost| cost.0));
        self.optional(movement.sales_price.map(|price| price.0));
        for reference in [&movement.external, &movement.credit_note] {
            self.text(reference.as_ref().map(|reference| reference.kind.as_str()));
            self.optional(reference.as_ref().map(|reference| reference.id));
        }
        self.optional(movement.source_kind);
        self.text(movement.source_identifier.as_deref());
        self.text(movement.description.as_deref());
        self.optional(movement.reverses.map(|id| id.batch.0));
        self.optional(movement.reverses.map(|id| id.line));
        self.flush();
    }

    /// Adds a count.
    pub fn count(&mut self, count: &Count) {
        self.buffer.push(b'c');
        for number in [
            count.line,
            count.effective_at.0,
            count.account.0,
            count.product.0,
            count.variant.0,
            count.lot.0,
            count.location.0,
            count.counted.0,
            count.expected.0,
            count.movement_line,
            count.journal.0,
            count.voucher.0,
            count.entry.0,
            count.org_unit.0,
        ] {
            self.number(number);
        }
        self.optional(count.unit_cost.map(|cost| cost.0));
        self.text(count.description.as_deref());
        self.flush();
    }

    /// Adds a value fact.
    pub fn value_fact(&mut self, fact: &ValueFact) {
        self.buffer.push(b'f');
        for number in [
            fact.line,
            fact.kind.code(),
            fact.product.0,
            fact.variant.0,
            fact.lot.0,
            fact.pool.0,
            fact.org_unit.0,
            fact.effective_at.0,
            fact.movement.map_or(0, |id| id.batch.0),
            fact.movement.map_or(0, |id| id.line),
            i64::from(fact.by_value),
            fact.quantity.0,
            fact.amount.0,
        ] {
            self.number(number);
        }
        self.flush();
    }

    /// Adds that a line takes over the cost of another of its batch.
    pub fn cost_link(&mut self, line: i64, source: i64) {
        self.buffer.push(b'l');
        self.number(line);
        self.number(source);
        self.flush();
    }

    /// Adds that a value fact holds no longer: its batch and its line there.
    pub fn value_undone(&mut self, batch: BatchId, line: i64) {
        self.buffer.push(b'u');
        self.number(batch.0);
        self.number(line);
        self.flush();
    }

    /// Adds a value entry.
    pub fn value_entry(&mut self, entry: &ValueEntry) {
        self.buffer.push(b'v');
        for number in [entry.line, entry.pool.0, entry.effective_at.0, entry.counterpart.0, entry.kind, entry.amount.0]
        {
            self.number(number);
        }
        self.flush();
    }

    /// The hash of all that was added and of what the header says.
    pub fn finish(mut self, head: &Head<'_>) -> Hash {
        self.head(head);
        self.finish_bare()
    }

    /// The hash of all that was added, without the header: that of batches that were booked before headers were hashed.
    pub fn finish_bare(mut self) -> Hash {
        self.hasher.update(&self.buffer);
        *self.hasher.finalize().as_bytes()
    }

    /// Whether this is the hash of all that was added, with what the header says or, as it was at first, without it.
    pub fn is_hashed_as(self, head: &Head<'_>, hash: &[u8]) -> bool {
        let bare = Self { hasher: self.hasher.clone(), buffer: self.buffer.clone() };
        self.finish(head)[..] == *hash || bare.finish_bare()[..] == *hash
    }

    fn head(&mut self, head: &Head<'_>) {
        self.buffer.push(b'h');
        self.text(Some(head.uid));
        for number in [head.kind, head.booking.0, head.lines, head.booked_at.0, head.booked_by.0] {
            self.number(number);
        }
        self.text(head.reason);
    }
}

/// The hash of a word that decides: of its numbers, then its texts, and how many they are, for a number that is
/// not there looks like such a text.
pub fn word(numbers: &[Option<i64>], texts: &[Option<&str>]) -> Hash {
    let mut content = Content::empty();
    content.buffer.push(b'w');
    content.number(numbers.len() as i64);
    for number in numbers {
        content.optional(*number);
    }
    for text in texts {
        content.text(*text);
    }
    content.finish_bare()
}

/// The chain hash of a word that decides: of what comes before it, its number among such words and its content.
pub fn link_word(before: &Hash, number: i64, content: &Hash) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before);
    hasher.update(b"word");
    hasher.update(&number.to_le_bytes());
    hasher.update(content);
    *hasher.finalize().as_bytes()
}

/// The chain hash of a batch: of the one before it, its position and its content.
pub fn link(before: &Hash, position: i64, content: &Hash) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before);
    hasher.update(&position.to_le_bytes());
    hasher.update(content);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_hashed_with_what_its_header_says() {
        let head = Head {
            uid: "01J0000000000000000000000A",
            kind: 1,
            booking: BookingId(2),
            lines: 3,
            booked_at: Time(4),
            booked_by: UserId(5),
            reason: None,
        };
        let hash = |head: &Head<'_>| Content::new(BatchId(1)).finish(head);
        let changed = [
            Head { uid: "01J0000000000000000000000B", ..head },
            Head { kind: 2, ..head },
            Head { booking: BookingId(0), ..head },
            Head { lines: 2, ..head },
            Head { booked_at: Time(5), ..head },
            Head { booked_by: UserId(4), ..head },
            Head { reason: Some(""), ..head },
        ];
        for other in &changed {
            assert_ne!(hash(other), hash(&head), "{other:?}");
            assert!(!Content::new(BatchId(1)).is_hashed_as(other, &hash(&head)), "{other:?}");
        }
        assert!(Content::new(BatchId(1)).is_hashed_as(&head, &hash(&head)));
        assert!(Content::new(BatchId(1)).is_hashed_as(&head, &Content::new(BatchId(1)).finish_bare()));
        assert!(!Content::new(BatchId(2)).is_hashed_as(&head, &hash(&head)));
    }

    #[test]
    fn a_word_is_hashed_with_all_that_it_says() {
        let hash = word(&[Some(1), None], &[Some("a"), None]);
        let others = [
            word(&[Some(2), None], &[Some("a"), None]),
            word(&[Some(1), Some(0)], &[Some("a"), None]),
            word(&[Some(1), None], &[Some("a"), Some("")]),
            word(&[Some(1), None], &[Some(""), Some("a")]),
            word(&[Some(1)], &[None, Some("a"), None]),
        ];
        assert!(others.iter().all(|other| *other != hash));
        let links = [link_word(&GENESIS, 1, &hash), link_word(&GENESIS, 2, &hash), link_word(&hash, 1, &hash)];
        assert!(links[0] != links[1] && links[0] != links[2]);
        // A word is no batch.
        assert!(!links.contains(&link(&GENESIS, 1, &hash)));
    }
}
