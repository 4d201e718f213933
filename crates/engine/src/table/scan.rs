//! The whole ledger as streams, in the orders in which it is verified.
//!
//! Each stream follows an index or is bounded by the ids it is asked for, so that neither side sorts
//! or keeps the ledger. What was tampered with is handed over as it stands; judging is not done here.

mod account;
mod batch;
mod voucher;

pub use account::{
    Posting, instance_steps, instances, key_quantities, key_quantities_unsorted, node_counts, nodes, postings,
    postings_known_at, product_after,
};
pub use batch::{
    RawHeader, RawLink, Scanned, bookings_without_header, chain, counts, headers_by_batch, headers_without_booking,
    last_position, movement_count, movements, tail, value_entries,
};
pub use voucher::{
    batches_of_entry, booked_count, booked_in_vain, booked_lines, booked_without_voucher, counters, voucher_numbers,
    waiting_entries,
};
