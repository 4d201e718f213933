//! What was sold under documents that something came back of.

use std::collections::BTreeMap;

use super::replay::Cover;
use crate::id::{LotId, VariantId};
use crate::ledger::SoldUnder;
use crate::money::Amount;
use crate::quantity::Quantity;

/// What is sold under a document, and comes back: the variant, the lot under specific cost, the document's type and
/// number.
pub(super) type Document = (VariantId, LotId, String, i64);

/// How much was sold under documents, and what that cost by now.
#[derive(Debug, Default)]
pub(super) struct Sold {
    sums: BTreeMap<Document, SoldUnder>,
    /// Which of these sales went beyond stock, by their numbers in the replay.
    beyond: BTreeMap<u64, Document>,
}

impl Sold {
    /// A sale, by its number, whose document something came back of.
    pub(super) fn note(&mut self, document: Document, number: u64, quantity: Quantity, cost: Amount) {
        let sum = self.sums.entry(document.clone()).or_default();
        sum.quantity_e6 += i128::from(quantity.0);
        sum.amount_e6 += i128::from(cost.0);
        self.beyond.insert(number, document);
    }

    /// A part of a sale was covered, and costs something else than was provisional.
    pub(super) fn cover(&mut self, cover: &Cover) {
        if let Some(sum) = self.beyond.get(&cover.by).and_then(|document| self.sums.get_mut(document)) {
            sum.amount_e6 += i128::from(cover.amount);
        }
    }

    /// How much was sold under a document, and what that cost; `None` = nothing was.
    pub(super) fn under(&self, document: &Document) -> Option<SoldUnder> {
        self.sums.get(document).copied()
    }
}
