//! What was sold under documents that something came back of.

use std::collections::BTreeMap;

use super::replay::Cover;
use crate::id::{LotId, VariantId};
use crate::money::Amount;
use crate::quantity::Quantity;

/// What is sold under a document, and comes back: the variant, the lot under specific cost, the document's type and
/// number.
pub(super) type Document = (VariantId, LotId, String, i64);

/// How much was sold under documents, and what that cost by now.
#[derive(Debug, Default)]
pub(super) struct Sold {
    sums: BTreeMap<Document, (Quantity, Amount)>,
    /// Which of these sales went beyond stock, by their numbers in the replay.
    beyond: BTreeMap<u64, Document>,
}

impl Sold {
    /// A sale, by its number, whose document something came back of. `None` where a sum leaves the range.
    pub(super) fn note(&mut self, document: Document, number: u64, quantity: Quantity, cost: Amount) -> Option<()> {
        let sum = self.sums.entry(document.clone()).or_default();
        sum.0 = sum.0.checked_add(quantity)?;
        sum.1 = sum.1.checked_add(cost)?;
        self.beyond.insert(number, document);
        Some(())
    }

    /// A part of a sale was covered, and costs something else than was provisional.
    pub(super) fn cover(&mut self, cover: &Cover) -> Option<()> {
        if let Some(sum) = self.beyond.get(&cover.by).and_then(|document| self.sums.get_mut(document)) {
            sum.1 = sum.1.checked_add(Amount(cover.amount))?;
        }
        Some(())
    }

    /// How much was sold under a document, and what that cost; `None` = nothing was.
    pub(super) fn under(&self, document: &Document) -> Option<(Quantity, Amount)> {
        self.sums.get(document).copied()
    }
}
