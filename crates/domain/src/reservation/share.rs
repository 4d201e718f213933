//! Sharing stock out among overlapping scopes: the greatest flow from accounts to scopes.

use std::collections::VecDeque;

use super::Scope;
use crate::ledger::AccountKey;
use crate::location::LocationTree;

/// How much of the demand can not be served by the supply, however it is shared out.
///
/// Each scope is served in turn, and what was given to others is passed on where they can be served from
/// elsewhere. Cost: for scopes that do not overlap one look at each account; else at most their number
/// squared, which is small, because it counts places and lots and not reservations.
pub(super) fn shortfall(tree: &LocationTree, demand: &[(Scope, i64)], supply: &[(AccountKey, i64)]) -> i128 {
    let mut shares = Shares {
        covers: demand
            .iter()
            .map(|(scope, _)| (0..supply.len()).filter(|at| scope.covers(tree, &supply[*at].0)).collect())
            .collect(),
        given: vec![vec![0; supply.len()]; demand.len()],
        left: supply.iter().map(|(_, quantity)| (*quantity).max(0)).collect(),
    };
    // Who has the least choice first: then little has to be passed on.
    let mut order: Vec<usize> = (0..demand.len()).collect();
    order.sort_by_key(|scope| shares.covers[*scope].len());
    let mut short = 0;
    for scope in order {
        let mut rest = demand[scope].1.max(0);
        while rest > 0 {
            let served = shares.serve(scope, rest);
            if served == 0 {
                break;
            }
            rest -= served;
        }
        short += i128::from(rest);
    }
    short
}

struct Shares {
    /// The accounts that each scope covers.
    covers: Vec<Vec<usize>>,
    /// How much each scope has of each account.
    given: Vec<Vec<i64>>,
    /// What is left of each account.
    left: Vec<i64>,
}

impl Shares {
    /// Serves a scope along the shortest chain of scopes that pass something on; answers how much.
    fn serve(&mut self, scope: usize, rest: i64) -> i64 {
        // Through which scope each account was reached, and through which account each scope.
        let mut reached_account: Vec<Option<usize>> = vec![None; self.left.len()];
        let mut reached_scope: Vec<Option<usize>> = vec![None; self.covers.len()];
        let mut queue = VecDeque::from([scope]);
        let mut end = None;
        'search: while let Some(at) = queue.pop_front() {
            for account in &self.covers[at] {
                if reached_account[*account].is_some() {
                    continue;
                }
                reached_account[*account] = Some(at);
                if self.left[*account] > 0 {
                    end = Some(*account);
                    break 'search;
                }
                for (other, reached) in reached_scope.iter_mut().enumerate() {
                    if other != scope && reached.is_none() && self.given[other][*account] > 0 {
                        *reached = Some(*account);
                        queue.push_back(other);
                    }
                }
            }
        }
        let Some(end) = end else { return 0 };
        let mut steps = Vec::new();
        let mut account = end;
        let mut amount = rest.min(self.left[end]);
        loop {
            let by = reached_account[account].expect("the search came here through a scope");
            steps.push((by, account));
            if by == scope {
                break;
            }
            account = reached_scope[by].expect("the search came here through an account");
            amount = amount.min(self.given[by][account]);
        }
        self.left[end] -= amount;
        for (at, (by, account)) in steps.iter().enumerate() {
            self.given[*by][*account] += amount;
            if let Some((_, passed_on)) = steps.get(at + 1) {
                self.given[*by][*passed_on] -= amount;
            }
        }
        amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{LocationId, LotId, ProductId, VariantId};
    use crate::ledger::AccountKind;
    use crate::location::Location;

    fn tree() -> LocationTree {
        let node = |id, parent| Location { id: LocationId(id), parent: LocationId(parent), ..Location::default() };
        LocationTree::new([node(1, 0), node(10, 1), node(11, 10), node(12, 10), node(20, 1)])
    }

    fn scope(lot: i64, place: i64) -> Scope {
        Scope { product: ProductId(1), variant: VariantId(0), lot: LotId(lot), place: LocationId(place) }
    }

    fn account(lot: i64, place: i64) -> AccountKey {
        AccountKey {
            product: ProductId(1),
            place: LocationId(place),
            kind: AccountKind::Stock,
            variant: VariantId(0),
            lot: LotId(lot),
        }
    }

    #[test]
    fn what_overlaps_is_passed_on_before_anything_is_short() {
        let supply = [(account(1, 11), 5), (account(2, 11), 5), (account(1, 20), 5)];
        for (demand, short) in [
            (vec![(scope(0, 1), 15)], 0),
            (vec![(scope(0, 1), 16)], 1),
            (vec![(scope(0, 10), 10), (scope(1, 1), 5)], 0),
            (vec![(scope(0, 10), 10), (scope(1, 1), 6)], 1),
            (vec![(scope(0, 11), 6), (scope(2, 1), 4), (scope(1, 1), 5)], 0),
            (vec![(scope(0, 11), 7), (scope(2, 1), 4), (scope(1, 1), 5)], 1),
            (vec![(scope(0, 12), 3)], 3),
        ] {
            assert_eq!(shortfall(&tree(), &demand, &supply), short, "{demand:?}");
        }
    }
}
