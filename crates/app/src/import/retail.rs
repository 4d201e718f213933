//! The public *Online Retail* transactions as stock movements.
//!
//! **Problem.** The files tell what was invoiced, not what happened in the store: sales beside
//! cancellations, write-offs, postage, samples and fees, some without a customer, a price or a
//! description, and nothing of what was there before. Every line gets a fate on purpose.
//!
//! **Choice.** [`line`](mod@line) reads, [`plan()`] decides, [`post`] does. What each product needs to
//! begin with follows from all files named together: just enough that nothing sells from thin air.
//!
//! Data: Daqing Chen, *Online Retail*, UCI Machine Learning Repository, 2015, doi 10.24432/C5BW33,
//! CC BY 4.0.

pub mod line;
pub mod plan;
pub mod post;

pub use line::{Line, read};
pub use plan::{Order, Plan, plan};
