//! Every id has its own type, so that a product can never be passed for a location.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// One enterprise; first in every key.
    TenantId,
    /// A person or program that acts.
    UserId,
    /// A named set of permissions.
    RoleId,
    /// A session, refresh token or API key.
    TokenId,
    /// A unit of measure.
    UnitId,
    /// A product category.
    CategoryId,
    /// A product.
    ProductId,
    /// A variant of a product; 0 = the product has none.
    VariantId,
    /// A lot; a serial-numbered instance is a lot of one unit. 0 = not tracked.
    LotId,
    /// A place in the one tree of org units and locations; below 0 = a place outside the house; 0 = none.
    LocationId,
    /// A customer or supplier; 0 = none.
    PartyId,
    /// A reason code; 0 = none.
    ReasonId,
    /// A number series; 0 = the tenant's global one.
    SeriesId,
    /// A journal.
    JournalId,
    /// A voucher of a journal.
    VoucherId,
    /// An entry of a voucher, not booked yet.
    EntryId,
    /// One booking of a journal's entries; also the requisition to poll.
    BookingId,
    /// A reservation; 0 = none.
    ReservationId,
    /// A run: what was consumed, made, moved … from start to stop; 0 = none.
    RunId,
    /// An operation of the shop floor; 0 = none.
    OperationId,
    /// A process of the shop floor, which operations can be part of; 0 = none.
    ProcessId,
    /// A process from one start to its stop; 0 = none.
    ProcessRecordId,
    /// A production order; 0 = none.
    OrderId,
    /// A count sheet.
    SheetId,
    /// Somebody outside who is told of batches.
    WebhookId,
    /// A batch of movements that enters the ledger as a whole.
    BatchId,
    /// What a timeline is kept for: the stock of a key at a place, or a cost pool. 0 = none.
    AccountId,
}

/// A batch holds at most this many movements, so that [`MovementId`] stays below 2^53.
pub const LINES_PER_BATCH_MAX: i64 = 1 << 20;

/// A movement: its batch and its line in it, printed as one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MovementId {
    /// The batch that brought it.
    pub batch: BatchId,
    /// Its place in the batch, counting from 0.
    pub line: i64,
}

impl MovementId {
    /// The movement as one number below 2^53: `batch × 2^20 + line`.
    pub fn number(self) -> i64 {
        (self.batch.0 << 20) | self.line
    }

    /// The reverse of [`Self::number`].
    pub fn from_number(number: i64) -> Self {
        Self { batch: BatchId(number >> 20), line: number & (LINES_PER_BATCH_MAX - 1) }
    }
}
