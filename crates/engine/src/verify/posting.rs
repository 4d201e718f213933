//! I7, for the general ledger: documents balance and follow each other, each tells what its batches came to, and
//! stock stands in the accounts by as much as was posted.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::chain::{GENESIS, Hash};
use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::posting::{Document, DocumentKind, PostingKind, Sums};
use lotbook_domain::quantity::Quantity;

use super::finding::{Findings, Thing};
use super::report::NAMED_MAX;
use crate::error::Error;
use crate::general_ledger::{Told, told};
use crate::store::{Conn, Rows};
use crate::structure::Structure;
use crate::table;

/// Documents looked at together.
const DOCUMENTS: i64 = 500;
/// Batches looked at together, unless a single run of the outbox took more.
const BATCHES: i64 = 10_000;

pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    found: &mut Findings,
) -> Result<(), Error> {
    let tail = table::general_ledger::tail(conn, tenant)?;
    let position = table::header::position(conn, tenant)?;
    if tail.position > position {
        found.differs(7, outbox(), || {
            format!("says that it tells of batches up to position {}; the ledger ends at {position}", tail.position)
        });
    }
    let zone_since = table::general_ledger::zone_since(conn, tenant)?;
    let mut books = Books { found, structure, zone_since, posted: BTreeMap::new(), stock: BTreeMap::new() };
    let (mut number, mut reached, mut before) = (0, 0, Some(GENESIS));
    let mut run: Vec<Document> = Vec::new();
    loop {
        let chunk = table::general_ledger::hashed_after(conn, tenant, number, DOCUMENTS)?;
        let is_last = (chunk.len() as i64) < DOCUMENTS;
        for (document, hash) in chunk {
            before = books.document(&document, hash, number, before);
            number = document.number;
            if document.kind == DocumentKind::Reclassification {
                continue;
            }
            if run.last().is_some_and(|last| last.positions != document.positions) {
                reached = books.run(conn, tenant, &run, reached)?;
                run.clear();
            }
            run.push(document);
        }
        if is_last {
            break;
        }
    }
    if !run.is_empty() {
        reached = books.run(conn, tenant, &run, reached)?;
    }
    if number != tail.number {
        books.found.differs(7, outbox(), || {
            format!("made {} documents for the general ledger; the last that is there is {number}", tail.number)
        });
    }
    if reached > tail.position {
        books.found.differs(7, outbox(), || {
            format!(
                "says that it tells of batches up to position {}; the last document there is tells of those up to {reached}, \
                 which would be told again",
                tail.position
            )
        });
    }
    books.silence(conn, tenant, (reached + 1, tail.position.min(position)))?;
    books.stock(conn, tenant)
}

fn outbox() -> Thing {
    Thing::Other("the outbox of the general ledger".to_owned())
}

fn thing(document: &Document) -> Thing {
    Thing::Other(format!("document {} of the general ledger ({})", document.number, document.period))
}

/// What is added up along the way.
struct Books<'a> {
    found: &'a mut Findings,
    structure: &'a Structure,
    /// The position from which the zone is what it is now: periods before it were cut by another.
    zone_since: i64,
    /// By account and org unit, what documents say.
    posted: BTreeMap<(String, LocationId), i128>,
    /// By product and org unit, what batches did to stock.
    stock: BTreeMap<(ProductId, LocationId), i128>,
}

impl Books<'_> {
    /// What a document is by itself and after the one before it; its hash, if it has one.
    fn document(
        &mut self,
        document: &Document,
        hash: Option<Vec<u8>>,
        number: i64,
        before: Option<Hash>,
    ) -> Option<Hash> {
        self.found.checked(7, 1);
        let is_next = document.number == number + 1;
        if !is_next {
            self.found.differs(7, outbox(), || {
                format!("has document {} after document {number}; what was between is missing", document.number)
            });
        }
        let sum = |of: fn(&Sums) -> i64| document.lines.iter().map(|(_, sums)| i128::from(of(sums))).sum::<i128>();
        let (debit, credit) = (sum(|sums| sums.debit), sum(|sums| sums.credit));
        if debit != credit {
            self.found.differs(7, thing(document), || {
                format!("debits {} and credits {}, which is not the same", shown(debit), shown(credit))
            });
        }
        if document.lines.iter().any(|(_, sums)| sums.debit < 0 || sums.credit < 0) {
            self.found.differs(7, thing(document), || "has a debit or a credit below 0".to_owned());
        }
        for (side, sums) in &document.lines {
            let sum = self.posted.entry((side.account.clone(), side.org_unit)).or_default();
            *sum += i128::from(sums.debit) - i128::from(sums.credit);
        }
        // Those of before there were hashes have none.
        let hash = Hash::try_from(hash?.as_slice()).ok();
        let before = before.unwrap_or(GENESIS);
        if is_next && hash != Some(document.link(&before)) {
            self.found.differs(7, thing(document), || {
                "is not what was hashed when it was made: a line, an account or an amount was changed or lost"
                    .to_owned()
            });
        }
        hash
    }

    /// The documents of one run against what its batches came to; up to which position that is.
    fn run(&mut self, conn: &mut Conn, tenant: TenantId, run: &[Document], reached: i64) -> Result<i64, Error> {
        let (from, to) = run[0].positions;
        if from <= reached {
            self.found.differs(7, thing(&run[0]), || {
                format!("tells of position {from} again; documents before it told of all up to {reached}")
            });
        }
        self.silence(conn, tenant, (reached + 1, from - 1))?;
        let is_monthly = run[0].period.len() == "2026-02".len();
        let told = self.told(conn, tenant, (from, to), is_monthly)?;
        // Where periods were cut by another clock, what they come to together is compared.
        let by_period = from > self.zone_since;
        let key =
            |period: &str, org_unit: LocationId| (if by_period { period.to_owned() } else { String::new() }, org_unit);
        let mut differences: BTreeMap<(String, LocationId), (i128, i128)> = BTreeMap::new();
        for ((period, org_unit), sums) in &told.sums {
            let sum = differences.entry(key(period, *org_unit)).or_default();
            *sum = (sum.0 + i128::from(sums.debit), sum.1 + i128::from(sums.credit));
        }
        let expected = differences.clone();
        for document in run {
            for (side, sums) in &document.lines {
                let sum = differences.entry(key(&document.period, side.org_unit)).or_default();
                *sum = (sum.0 - i128::from(sums.debit), sum.1 - i128::from(sums.credit));
            }
        }
        // Before reclassifications had documents of their own they stood among the rest, debit against credit.
        let has_own = table::general_ledger::is_hashed(conn, tenant, run[0].number)?;
        for ((period, org_unit), (debit, credit)) in differences {
            if (debit, credit) == (0, 0) || (!has_own && debit == credit && debit < 0) {
                continue;
            }
            let (due, owed) = expected.get(&(period.clone(), org_unit)).copied().unwrap_or_default();
            let document = run.iter().find(|document| document.period == period).unwrap_or(&run[0]);
            let place = self.structure.catalog.locations.name_of(org_unit);
            self.found.differs(7, thing(document), || {
                format!(
                    "debits {} and credits {} for {place}; the batches from position {from} to {to} come to {} and {}",
                    shown(due - debit),
                    shown(owed - credit),
                    shown(due),
                    shown(owed)
                )
            });
        }
        Ok(to.max(reached))
    }

    /// Positions that no document tells of moved no value.
    fn silence(&mut self, conn: &mut Conn, tenant: TenantId, (mut from, to): (i64, i64)) -> Result<(), Error> {
        while from <= to {
            let until = to.min(from + BATCHES - 1);
            let told = self.told(conn, tenant, (from, until), false)?;
            if !told.sums.is_empty() {
                self.found.differs(7, outbox(), || {
                    format!("has no document for the batches from position {from} to {until}, which moved value")
                });
            }
            from = until + 1;
        }
        Ok(())
    }

    fn told(
        &mut self,
        conn: &mut Conn,
        tenant: TenantId,
        (from, to): (i64, i64),
        is_monthly: bool,
    ) -> Result<Told, Error> {
        let batches = table::general_ledger::batches_between(conn, tenant, from, to)?;
        let told = told(conn, self.structure, tenant, &Rows::ids(batches), is_monthly)?;
        for (key, amount) in &told.stock {
            *self.stock.entry(*key).or_default() += i128::from(*amount);
        }
        Ok(told)
    }

    /// What is kept of the value of products against batches, and by account against documents.
    fn stock(self, conn: &mut Conn, tenant: TenantId) -> Result<(), Error> {
        let Self { found, structure, mut posted, mut stock, .. } = self;
        let mut kept: BTreeMap<(String, LocationId), i128> = BTreeMap::new();
        let places = &structure.catalog.locations;
        table::general_ledger::each_stock(conn, tenant, |product, _, side, amount| {
            found.checked(7, 1);
            let follows = stock.remove(&(product, side.org_unit)).unwrap_or_default();
            if follows != i128::from(amount) {
                let place = places.name_of(side.org_unit);
                found.differs(7, Thing::Key(product, VariantId(0), LotId(0)), || {
                    format!(
                        "{} is kept as posted for it at {place} in account {}; its batches come to {}",
                        Quantity(amount),
                        side.account,
                        shown(follows)
                    )
                });
            }
            *kept.entry((side.account, side.org_unit)).or_default() += i128::from(amount);
            Ok(())
        })?;
        for ((product, org_unit), amount) in stock.into_iter().filter(|(_, amount)| *amount != 0).take(NAMED_MAX) {
            let place = places.name_of(org_unit);
            found.differs(7, Thing::Key(product, VariantId(0), LotId(0)), || {
                format!("nothing is kept as posted for it at {place}; its batches come to {}", shown(amount))
            });
        }
        // An account that rules name for something else as well holds more than stock.
        let others = others(conn, tenant)?;
        for ((account, org_unit), amount) in kept {
            let said = posted.remove(&(account.clone(), org_unit)).unwrap_or_default();
            if said != amount && !others.contains(&account) {
                let place = places.name_of(org_unit);
                found.differs(7, Thing::Other(format!("account {account} of {place}")), || {
                    format!("holds {} by its documents; the products in it come to {}", shown(said), shown(amount))
                });
            }
        }
        Ok(())
    }
}

/// Accounts that are, or may have been, of something else than stock.
fn others(conn: &mut Conn, tenant: TenantId) -> Result<BTreeSet<String>, Error> {
    let is_stock = |kind: PostingKind| matches!(kind, PostingKind::Stock | PostingKind::InTransit);
    let mut others: BTreeSet<String> = PostingKind::ALL
        .into_iter()
        .filter(|(kind, _, _)| !is_stock(*kind))
        .map(|(_, _, name)| name.to_owned())
        .collect();
    others.extend(table::general_ledger::accounts_of_others(conn, tenant)?);
    Ok(others)
}

fn shown(millionths: i128) -> String {
    i64::try_from(millionths).map_or_else(|_| format!("{millionths} millionths"), |n| Quantity(n).to_string())
}
