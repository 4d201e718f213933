//! Values against a second, naive reading of the definition: see [`lotbook_story::naive`].

use std::collections::{BTreeMap, HashMap};

use lotbook_domain::id::{AccountId, LocationId, MovementId};
use lotbook_domain::ledger::AccountKind;
use lotbook_domain::movement::{Movement, ValueFact};
use lotbook_domain::time::Time;
use lotbook_story::memory::Memory;
use lotbook_story::naive::{Facts, worth};
use lotbook_story::random::{Act, booking, build, close, dense, history, say, time};
use lotbook_story::{Floor, Outcome};
use proptest::prelude::*;

/// What every pool holds and is worth by the definition, as of a time: nothing after it has happened.
fn model(memory: &Memory, at: Time) -> BTreeMap<AccountId, (i128, i128)> {
    let mut products = memory.catalog.products.clone();
    for product in products.values_mut() {
        product.costings.retain(|fact| fact.from <= at);
    }
    // A cost that landed is one of its movement, whenever it was said, and is taken out by what undoes that, also where
    // it does so at a time before.
    let is_of =
        |id: &MovementId, of: &MovementId, movement: &Movement| id == of || movement.reverses.as_ref() == Some(id);
    let moved = |id: &MovementId| {
        memory.movements.iter().any(|(of, movement)| is_of(id, of, movement) && movement.effective_at <= at)
    };
    let is_fact = |fact: &ValueFact| match &fact.movement {
        Some(id) => moved(id),
        None => fact.effective_at <= at,
    };
    let movements = memory.movements.iter().filter(|(_, movement)| movement.effective_at <= at);
    // In memory batches are learned in the order of their numbers.
    worth(&Facts {
        movements: movements.map(|(id, movement)| (id.batch.0, *id, movement)).collect(),
        value_facts: memory
            .value_facts
            .iter()
            .filter(|(_, fact)| is_fact(fact))
            .map(|(batch, fact)| (batch.0, fact))
            .collect(),
        products: products.iter().map(|(id, product)| (*id, product)).collect(),
        made_of: HashMap::new(),
    })
}

/// What every pool holds and is worth by the ledger, up to a time.
fn standing(memory: &Memory, at: Time) -> BTreeMap<AccountId, (i128, i128)> {
    let pools = memory.ledger.accounts.values().filter(|account| account.key.kind == AccountKind::Pool);
    let standing = pools.map(|pool| {
        let (quantity, value) = pool.at(at).expect("everything is loaded");
        (pool.id, (i128::from(quantity.0), i128::from(value.0)))
    });
    standing.filter(|(_, standing)| *standing != (0, 0)).collect()
}

/// Carries a history out. While books are closed, nothing changes in what they say.
fn live(memory: &mut Memory, acts: &[Act]) -> Result<(), TestCaseError> {
    let mut handles = Vec::new();
    let mut booked = Vec::new();
    let mut closed = None;
    for act in acts {
        let outcome = match act {
            Act::Book(kind, lines) => memory.book(&booking(*kind, lines)),
            Act::Reverse(which, minute) => match handles.get(which % handles.len().max(1)) {
                Some(handle) => memory.reverse(*handle, None, minute.map(time)),
                None => continue,
            },
            Act::Land(which, ..) => match say(memory, act, booked.get(which % booked.len().max(1)).copied()) {
                Some(outcome) => outcome,
                None => continue,
            },
            Act::Revalue(..) | Act::Cost(..) => say(memory, act, None).expect("nothing has to be there before"),
            Act::Close(day) => {
                memory.define(&close(*day));
                let until = Time(memory.catalog.policies.open_from[&LocationId::NONE].0 - 1);
                closed = Some((until, standing(memory, until)));
                continue;
            }
            Act::Settle => {
                memory.settle();
                continue;
            }
        };
        if let Outcome::Booked(done) = outcome
            && !matches!(act, Act::Cost(..))
        {
            handles.push(done.handle);
            if matches!(act, Act::Book(..)) {
                booked.push(done.handle);
            }
        }
        if let Some((until, stood)) = &closed {
            prop_assert_eq!(&standing(memory, *until), stood, "after {:?}, in what was closed", act);
        }
    }
    memory.settle();
    if let Some((until, stood)) = &closed {
        prop_assert_eq!(&standing(memory, *until), stood, "after settling, in what was closed");
    }
    Ok(())
}

fn agree(acts: &[Act], forbids: bool) -> Result<(), TestCaseError> {
    let mut memory = Memory::new();
    build(&mut memory, forbids);
    live(&mut memory, acts)?;
    prop_assert_eq!(standing(&memory, Time::FOREVER), model(&memory, Time::FOREVER));
    if !acts.iter().any(|act| matches!(act, Act::Close(_))) {
        for day in 0..4 {
            let end = Time(time((day + 1) * 24 * 60).0 - 1);
            prop_assert_eq!(standing(&memory, end), model(&memory, end), "at the end of day {}", day);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Backdating, transfers, counts, reversals, returns, landed costs, revaluations and changes of method, in any
    /// order and settled at any time: in the end each pool holds and is worth what the definition says of all that is
    /// known.
    #[test]
    fn pools_are_worth_what_the_definition_says(acts in history(1..60), forbids in any::<bool>()) {
        agree(&acts, forbids)?;
    }

    /// The same of a single product, so that everything concerns everything else, while books close.
    #[test]
    fn the_pools_of_one_product_are_worth_what_the_definition_says(acts in dense(1..60), forbids in any::<bool>()) {
        agree(&acts, forbids)?;
    }
}
