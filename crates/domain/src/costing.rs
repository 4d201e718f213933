//! How a product is valued over time: its method and its standard cost are dated facts.
//!
//! A fact holds from its time on, for whatever is effective then or later, whenever that is learned. Of two
//! facts of one time the later word holds.

use crate::catalog::{Costing, Product, Variant};
use crate::id::VariantId;
use crate::money::UnitCost;
use crate::time::Time;

/// A word on how a product is valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostingFact {
    /// From when on; [`Time::BEGINNING`] = always.
    pub from: Time,
    /// For this variant only; 0 = for all that have no word of their own.
    pub variant: VariantId,
    /// The method; `None` = as before.
    pub method: Option<Costing>,
    /// The standard cost of one unit; `None` = as before.
    pub standard: Option<UnitCost>,
}

/// By what a pool is valued at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The method.
    pub method: Costing,
    /// The standard cost of one unit; of meaning under [`Costing::Standard`] alone.
    pub standard: UnitCost,
}

/// The terms of a product, or of one of its variants, over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    first: Terms,
    changes: Vec<(Time, Terms)>,
}

impl Plan {
    /// The same terms for ever.
    pub fn always(method: Costing, standard: UnitCost) -> Self {
        Self { first: Terms { method, standard }, changes: Vec::new() }
    }

    /// The plan of a product's variant, or of the product itself. The product's facts are in the order in
    /// which they were said.
    pub fn of(product: &Product, variant: Option<&Variant>) -> Self {
        let entered = product.cost_price.or(product.default_cost_price);
        let own = variant.and_then(|variant| variant.cost_price);
        let mut facts: Vec<&CostingFact> = product.costings.iter().collect();
        facts.sort_by_key(|fact| fact.from);
        let id = variant.map_or(VariantId(0), |variant| variant.id);
        let has_own = id.0 != 0 && facts.iter().any(|fact| fact.variant == id);
        let entered = if has_own { entered } else { own.or(entered) };
        let mut terms = Terms { method: product.costing, standard: entered.unwrap_or_default() };
        // Until a variant has a word of its own it goes by the product's.
        let mut has_spoken = own.is_some() && !has_own;
        let mut plan = Self { first: terms, changes: Vec::new() };
        for fact in facts {
            if fact.variant.0 == 0 {
                terms.method = fact.method.unwrap_or(terms.method);
            }
            let is_own = id.0 != 0 && fact.variant == id;
            let speaks = is_own || (fact.variant.0 == 0 && !has_spoken);
            has_spoken |= is_own;
            if let Some(standard) = fact.standard.filter(|_| speaks) {
                terms.standard = standard;
            }
            if fact.from == Time::BEGINNING {
                plan.first = terms;
                continue;
            }
            // Of two words of one time the later one alone holds.
            plan.changes.pop_if(|(at, _)| *at == fact.from);
            if plan.changes.last().map_or(plan.first, |(_, before)| *before) != terms {
                plan.changes.push((fact.from, terms));
            }
        }
        plan
    }

    /// The terms at a time.
    pub fn at(&self, time: Time) -> Terms {
        let after = self.changes.partition_point(|(from, _)| *from <= time);
        after.checked_sub(1).map_or(self.first, |last| self.changes[last].1)
    }

    /// From a time on, each change with its time.
    pub fn changes_from(&self, from: Time) -> &[(Time, Terms)] {
        &self.changes[self.changes.partition_point(|(at, _)| *at < from)..]
    }

    /// Whether it ever changes.
    pub fn is_constant(&self) -> bool {
        self.changes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(from: i64, variant: i64, method: Option<Costing>, standard: Option<i64>) -> CostingFact {
        let from = if from == 0 { Time::BEGINNING } else { Time(from) };
        CostingFact { from, variant: VariantId(variant), method, standard: standard.map(UnitCost) }
    }

    #[test]
    fn without_a_fact_the_record_says_it() {
        let product =
            Product { costing: Costing::Standard, default_cost_price: Some(UnitCost(3)), ..Product::default() };
        let plan = Plan::of(&product, None);
        assert_eq!(plan.at(Time(0)), Terms { method: Costing::Standard, standard: UnitCost(3) });
        let variant = Variant { id: VariantId(7), cost_price: Some(UnitCost(5)), ..Variant::default() };
        assert_eq!(Plan::of(&product, Some(&variant)).at(Time(0)).standard, UnitCost(5));
    }

    #[test]
    fn of_each_time_the_last_word_holds() {
        let product = Product {
            costing: Costing::Standard,
            cost_price: Some(UnitCost(9)),
            costings: vec![
                fact(0, 0, Some(Costing::Average), Some(1)),
                fact(20, 0, Some(Costing::Standard), Some(9)),
                // Said later, of an earlier time.
                fact(10, 0, Some(Costing::Fifo), None),
                fact(20, 0, None, Some(8)),
            ],
            ..Product::default()
        };
        let plan = Plan::of(&product, None);
        let method = |at| plan.at(Time(at)).method;
        assert_eq!([method(9), method(10), method(20)], [Costing::Average, Costing::Fifo, Costing::Standard]);
        assert_eq!(plan.at(Time(20)).standard, UnitCost(8));
        assert_eq!(plan.changes_from(Time(11)).len(), 1);
    }

    #[test]
    fn a_variant_with_a_word_of_its_own_keeps_it() {
        let product = Product {
            costing: Costing::Standard,
            costings: vec![fact(0, 0, None, Some(1)), fact(0, 7, None, Some(2)), fact(10, 0, None, Some(3))],
            ..Product::default()
        };
        let of = |id: i64| {
            let variant = Variant { id: VariantId(id), ..Variant::default() };
            Plan::of(&product, Some(&variant)).at(Time(10)).standard
        };
        assert_eq!((of(7), of(8)), (UnitCost(2), UnitCost(3)));
    }
}
