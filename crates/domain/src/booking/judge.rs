//! Second pass: may every balance be what it would be, at every instant from now on?

use std::collections::BTreeMap;

use super::FaultKind;
use super::expand::{Judged, Work, fault};
use crate::catalog::Catalog;
use crate::entry::Entry;
use crate::id::{LotId, ProductId, VariantId};
use crate::ledger::{AccountKey, Missing, Trial};
use crate::policy::Negative;
use crate::quantity::{ONE_E6, Quantity};
use crate::time::Time;

/// The first instant at which a balance is below zero because of what was posted, judged after all
/// movements of each instant, with the balance there. Postings are in the order of time.
///
/// A posting that leaves a shortage no deeper than it was is welcome: only stretches of time in which
/// the postings together take something away are looked at.
pub(crate) fn first_shortage(
    trial: &Trial<'_>,
    key: AccountKey,
    postings: &[(Time, i64)],
) -> Result<Option<(Time, Quantity)>, Missing> {
    let Some(account) = trial.existing(key) else { return Ok(None) };
    let mut sum: i64 = 0;
    let mut at = 0;
    while at < postings.len() {
        let instant = postings[at].0;
        while at < postings.len() && postings[at].0 == instant {
            sum = sum.checked_add(postings[at].1).ok_or(Missing::TooLarge(key))?;
            at += 1;
        }
        if sum >= 0 {
            continue;
        }
        let until = postings.get(at).map_or(Time::FOREVER, |next| next.0);
        let below = account
            .timeline
            .first_below(instant, Quantity::ZERO, Quantity::ZERO)
            .map_err(|fault| account.missing(fault))?;
        match below {
            Some((when, balance)) if when < until => return Ok(Some((when, balance))),
            _ => {}
        }
    }
    Ok(None)
}

pub(super) fn judge(trial: &mut Trial<'_>, catalog: &Catalog, entries: &[Entry], work: &mut Work) {
    let judged = std::mem::take(&mut work.judged);
    for (key, (policy, mut lines)) in judged {
        // What an entry with a fault would bring may be just what is short here.
        if lines.iter().all(|line| line.change.0 >= 0) || !work.is_known(key) {
            continue;
        }
        lines.sort_by_key(|line| line.at);
        let postings: Vec<_> = lines.iter().map(|line| (line.at, line.change.0)).collect();
        match first_shortage(trial, key, &postings) {
            Err(missing) => work.missing.push(missing),
            Ok(None) => {}
            Ok(Some((when, balance))) => {
                let found = shortage(catalog, entries, key, &lines, when, balance);
                if policy == Negative::Warn { work.warnings.push(found) } else { work.faults.push(found) }
            }
        }
    }
    let instances = std::mem::take(&mut work.instances);
    for (instance, (index, from)) in instances {
        let entry = &entries[index];
        if !work.is_known_everywhere(entry.product, entry.variant) {
            continue;
        }
        match instance_fault(trial, catalog, (entry.product, entry.variant, instance), from) {
            Err(missing) => work.missing.push(missing),
            Ok(None) => {}
            Ok(Some((code, message))) => work.fault(entry, FaultKind::Instance, code, message),
        }
    }
}

/// Names the entry that takes more than there is: the first one, in the order of entries, whose issue
/// no longer fits into what stands at the instant that breaks.
fn shortage(
    catalog: &Catalog,
    entries: &[Entry],
    key: AccountKey,
    lines: &[Judged],
    when: Time,
    balance: Quantity,
) -> super::Fault {
    let concerned = || lines.iter().filter(|line| line.at <= when);
    let ours: i128 = concerned().map(|line| i128::from(line.change.0)).sum();
    let received: i128 = concerned().map(|line| i128::from(line.change.0.max(0))).sum();
    let stock_before = i128::from(balance.0) - ours;
    let mut issues: Vec<_> = concerned().filter(|line| line.change.0 < 0).collect();
    issues.sort_by_key(|line| line.entry);
    let mut rest = stock_before + received;
    let mut culprit = issues.first().map_or(0, |line| line.entry);
    for line in &issues {
        culprit = line.entry;
        rest += i128::from(line.change.0);
        if rest < 0 {
            break;
        }
    }
    let wanted: i128 = issues.iter().map(|line| -i128::from(line.change.0)).sum();
    let held = i64::try_from(stock_before + received).unwrap_or(i64::MAX);
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    let entry = &entries[culprit];
    let mut lot = String::new();
    if let Some(found) = catalog.lots.get(&key.lot) {
        lot = format!(", lot {}", found.name);
    }
    fault(
        entry,
        FaultKind::NegativeStock,
        "insufficientStock",
        format!(
            "product {}{lot} at {}: {} are wanted, but on {when} the stock is {}, short by {}; receive more first or take less",
            catalog.product_name(key.product),
            catalog.locations.name_of(key.place),
            Quantity(wanted),
            Quantity(held),
            Quantity(-balance.0),
        ),
    )
}

/// Where an instance would be wrong at `from` or later, as a code and a sentence: it is in at most one
/// real place, whole, at every instant.
pub(crate) fn instance_fault(
    trial: &Trial<'_>,
    catalog: &Catalog,
    (product, variant, instance): (ProductId, VariantId, LotId),
    from: Time,
) -> Result<Option<(&'static str, String)>, Missing> {
    let mut changes: BTreeMap<Time, Vec<(AccountKey, i64)>> = BTreeMap::new();
    for key in trial.accounts_of_instance(product, variant, instance) {
        let Some(account) = trial.existing(key) else { continue };
        for (at, instant) in account.timeline.instants().map_err(|fault| account.missing(fault))? {
            changes.entry(at).or_default().push((key, instant.quantity.0));
        }
    }
    let name = catalog.lots.get(&instance).map_or_else(|| instance.to_string(), |lot| lot.name.clone());
    let mut standing: BTreeMap<AccountKey, i64> = BTreeMap::new();
    for (at, changes) in changes {
        for (key, change) in changes {
            *standing.entry(key).or_default() += change;
        }
        if at < from {
            continue;
        }
        if let Some((key, _)) = standing.iter().find(|(_, quantity)| **quantity < 0) {
            let message = format!(
                "instance {name} of {} is not at {} on {at}; receive it there first or name another",
                catalog.product_name(product),
                catalog.locations.name_of(key.place)
            );
            return Ok(Some(("instanceNotHere", message)));
        }
        if standing.values().sum::<i64>() > ONE_E6 {
            let places: Vec<_> = standing
                .iter()
                .filter(|(_, quantity)| **quantity > 0)
                .map(|(key, _)| catalog.locations.name_of(key.place))
                .collect();
            let message = format!(
                "instance {name} of {} would be in stock twice on {at} ({}); issue it where it is first",
                catalog.product_name(product),
                places.join(" and ")
            );
            return Ok(Some(("instanceElsewhere", message)));
        }
    }
    Ok(None)
}
