//! What stands where: by the accounts, and by a naive sum of all that was known.

use std::collections::BTreeSet;

use lotbook_domain::catalog::{Costing, fold};
use lotbook_domain::id::{AccountId, LocationId};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use super::Memory;
use crate::Question;

impl Memory {
    pub(super) fn look(&self, question: &Question) -> (Quantity, Amount) {
        let summed = self.summed(question);
        if question.known_at.is_none() {
            let at = question.as_of.unwrap_or(Time::FOREVER);
            let (is_stock, is_pool) = self.asked(question);
            let mut found = (Quantity::ZERO, Amount::ZERO);
            for account in self.ledger.accounts.values() {
                let (quantity, amount) = account.at(at).expect("everything is loaded");
                if is_stock(&account.key) {
                    found.0.0 += quantity.0;
                }
                if is_pool(&account.key) {
                    found.1.0 += amount.0;
                }
            }
            assert_eq!(found, summed, "{question:?}, by accounts and by movements");
        }
        summed
    }

    /// Which accounts of stock a question is about, and which pools.
    fn asked(&self, question: &Question) -> (impl Fn(&AccountKey) -> bool, impl Fn(&AccountKey) -> bool) {
        let tree = &self.catalog.locations;
        let product = self.names.products[&question.product];
        let key = |name: &String| (question.product.clone(), name.clone());
        let variant = question.variant.as_ref().map(|name| self.names.variants[&key(name)]);
        let lot = question.lot.as_ref().map(|name| {
            let found = self.catalog.lots_by_name.get(&(product, fold(name)));
            *found.unwrap_or_else(|| panic!("there is no lot {name}"))
        });
        let place = self.names.place(&question.place);
        let places: BTreeSet<LocationId> = tree.with_descendants(&[place]).into_iter().collect();
        let pool = tree.pool_unit_of(place).expect("balances are read of real places");
        let is_specific = self.catalog.products[&product].costing == Costing::Specific;
        let is_it = move |key: &AccountKey, of_lot: bool| {
            key.product == product
                && variant.is_none_or(|variant| variant == key.variant)
                && (!of_lot || lot.is_none_or(|lot| lot == key.lot))
        };
        let is_stock =
            move |key: &AccountKey| key.kind == AccountKind::Stock && is_it(key, true) && places.contains(&key.place);
        let is_pool =
            move |key: &AccountKey| key.kind == AccountKind::Pool && is_it(key, is_specific) && key.place == pool;
        (is_stock, is_pool)
    }

    /// The sum of all that was known when something was booked: movements of batches up to that one, and what
    /// settlements before it made of values.
    fn summed(&self, question: &Question) -> (Quantity, Amount) {
        let at = question.as_of.unwrap_or(Time::FOREVER);
        let known_at = question.known_at.map_or(i64::MAX, |batch| batch as i64);
        let (is_stock, is_pool) = self.asked(question);
        let of = |is_it: &dyn Fn(&AccountKey) -> bool| -> BTreeSet<AccountId> {
            let found = self.ledger.accounts.values().filter(|account| is_it(&account.key));
            found.map(|account| account.id).collect()
        };
        let (stock, pools) = (of(&is_stock), of(&is_pool));
        let mut found = (Quantity::ZERO, Amount::ZERO);
        for (id, movement) in &self.movements {
            if id.batch.0 > known_at || movement.effective_at > at {
                continue;
            }
            for (end, sign) in [(movement.from, -1), (movement.to, 1)] {
                if stock.contains(&end.account) {
                    found.0.0 += sign * movement.quantity.0;
                }
                if pools.contains(&end.pool) {
                    found.1.0 += sign * movement.amount.0;
                }
            }
        }
        for (entry, after) in self.value_entries.iter().zip(&self.settled_after) {
            if after.0 < known_at && entry.at <= at && pools.contains(&entry.pool) {
                found.1.0 += entry.amount;
            }
        }
        found
    }
}
