//! Making vouchers.

use std::collections::{BTreeMap, HashMap, HashSet};

use lotbook_domain::entry::{IDENTIFIER_MAX, TEXT_MAX, check_text};
use lotbook_domain::id::{JournalId, VoucherId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::{Violation, joined};
use serde::{Deserialize, Serialize};

use super::Reach;
use super::vouchers::numbers;
use crate::error::Error;
use crate::structure::Structure;
use crate::table;
use crate::table::voucher::{Voucher, VoucherSource};
use crate::write::{Change, Tx};

/// Makes a voucher in a journal, numbered from the journal's series or as chosen.
///
/// Errors: not found `journal`; violations `tooLong`, `illegalText`, `numberOutOfRange`; refused
/// `numberOverlapsSeries`, `numberInUse`, `seriesExhausted`.
#[derive(Clone, Debug, Default)]
pub struct CreateVoucher {
    /// The journal.
    pub journal: JournalId,
    /// A chosen number; `None` = the next of the series.
    pub number: Option<i64>,
    /// Free text.
    pub description: Option<String>,
    /// Where it comes from.
    pub source: VoucherSource,
    /// Where the one who asks may draft.
    pub reach: Reach,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherCreated {
    /// Its id.
    pub id: i64,
    /// Its ULID.
    pub uid: String,
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub at: i64,
}

impl VoucherCreated {
    pub(crate) fn of(voucher: &Voucher) -> Self {
        Self { id: voucher.id.0, uid: voucher.uid.clone(), number: voucher.number, at: voucher.created_at.0 }
    }

    /// When it was made.
    pub fn made_at(&self) -> Time {
        Time(self.at)
    }
}

/// Makes vouchers, in one journal or several, all or none; answers a list of [`VoucherCreated`] in the order asked.
///
/// Errors: every fault of every voucher at once, with the codes of [`CreateVoucher`], and `unknownJournal`.
/// Cost: a fixed number of statements, and one for each series.
#[derive(Clone, Debug, Default)]
pub struct CreateVouchers {
    /// The vouchers, in order.
    pub vouchers: Vec<CreateVoucher>,
    /// What the door already found wrong with them; reported together with the rest.
    pub violations: Vec<Violation>,
}

/// Voucher numbers stay exact in every client.
const NUMBER_MAX: i64 = (1 << 53) - 1;

impl CreateVoucher {
    /// What is wrong with it, apart from numbers that others have taken.
    pub(crate) fn check(&self, structure: &Structure) -> Result<(), Error> {
        if structure.journal(self.journal, &self.reach).is_none() {
            return Err(Error::not_found("journal", self.journal));
        }
        let violations = self.faults(None);
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        match self.overlap(structure) {
            Some(message) => Err(Error::refused("numberOverlapsSeries", message)),
            None => Ok(()),
        }
    }

    /// What is wrong with its texts and its number.
    fn faults(&self, index: Option<usize>) -> Vec<Violation> {
        let mut violations = Vec::new();
        let texts = [
            ("description", self.description.as_deref(), TEXT_MAX),
            ("source.type", self.source.kind.as_deref(), IDENTIFIER_MAX),
            ("source.identifier", self.source.identifier.as_deref(), IDENTIFIER_MAX),
            ("source.alternativeNumber", self.source.alternative_number.as_deref(), IDENTIFIER_MAX),
        ];
        for (field, text, limit) in texts {
            if let Some(text) = text
                && let Err((code, message)) = check_text(text, limit)
            {
                violations.push(Violation { index, field, code, message });
            }
        }
        if let Some(number) = self.number
            && !(1..=NUMBER_MAX).contains(&number)
        {
            let message = format!("is {number}; a voucher number is between 1 and {NUMBER_MAX}");
            violations.push(Violation { index, field: "number", code: "numberOutOfRange", message });
        }
        violations
    }

    /// That its chosen number lies in a series.
    fn overlap(&self, structure: &Structure) -> Option<String> {
        let number = self.number?;
        let series = structure.series.values().find(|series| (series.from..=series.to).contains(&number))?;
        Some(format!(
            "number {number} lies in the series {} ({} to {}); choose one outside of every series",
            series.name, series.from, series.to
        ))
    }
}

impl Change for CreateVouchers {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        self.check(tx, &structure)?;
        if self.vouchers.is_empty() {
            return Ok("[]".to_owned());
        }
        let mut numbered: Vec<i64> = self.vouchers.iter().map(|new| new.number.unwrap_or(0)).collect();
        for places in self.by_series(&structure).into_values() {
            let first = numbers(tx, &structure, self.vouchers[places[0]].journal, places.len() as i64)?;
            for (number, place) in (first..).zip(places) {
                numbered[place] = number;
            }
        }
        let first = tx.ids("voucher", self.vouchers.len() as i64)?;
        let mut made = Vec::with_capacity(self.vouchers.len());
        for ((id, new), number) in (first..).zip(&self.vouchers).zip(numbered) {
            made.push(Voucher {
                id: VoucherId(id),
                uid: tx.uid(),
                journal: new.journal,
                number,
                description: new.description.clone(),
                source: new.source.clone(),
                created_at: tx.now,
                created_by: tx.person,
            });
            tx.audit("createVoucher", format!("voucher {number}"), None);
        }
        table::voucher::insert(tx.conn, tx.tenant, &made)?;
        let made: Vec<VoucherCreated> = made.iter().map(VoucherCreated::of).collect();
        Ok(serde_json::to_string(&made).expect("an answer is plain data"))
    }
}

impl CreateVouchers {
    /// The places of the vouchers that get their number from a series, by series.
    fn by_series(&self, structure: &Structure) -> BTreeMap<i64, Vec<usize>> {
        let mut places: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (place, new) in self.vouchers.iter().enumerate().filter(|(_, new)| new.number.is_none()) {
            let series = structure.series_of(new.journal).map_or(0, |series| series.id.0);
            places.entry(series).or_default().push(place);
        }
        places
    }

    /// All that is wrong with all of them.
    fn check(&self, tx: &mut Tx<'_>, structure: &Structure) -> Result<(), Error> {
        let mut found = Vec::new();
        let chosen: Vec<i64> = self.vouchers.iter().filter_map(|new| new.number).collect();
        let taken: HashSet<i64> = table::voucher::taken_numbers(tx.conn, tx.tenant, &chosen)?.into_iter().collect();
        let mut first: HashMap<i64, usize> = HashMap::new();
        for (index, new) in self.vouchers.iter().enumerate() {
            if structure.journal(new.journal, &new.reach).is_none() {
                let message = format!("there is no journal {}", new.journal);
                found.push(Violation::at(index, "journal", "unknownJournal", message));
            }
            found.extend(new.faults(Some(index)));
            let Some(number) = new.number else { continue };
            if let Some(message) = new.overlap(structure) {
                found.push(Violation::at(index, "number", "numberOverlapsSeries", message));
            } else if taken.contains(&number) {
                let message = format!("number {number} is in use; choose another");
                found.push(Violation::at(index, "number", "numberInUse", message));
            }
            if let Some(before) = first.insert(number, index) {
                let message = format!("number {number} is chosen for [{before}] too; each voucher has one of its own");
                found.push(Violation::at(index, "number", "numberInUse", message));
            }
        }
        let violations = joined(self.violations.clone(), found);
        if violations.is_empty() { Ok(()) } else { Err(Error::Invalid(violations)) }
    }
}
