//! Making a voucher.

use lotbook_domain::entry::{IDENTIFIER_MAX, TEXT_MAX, check_text};
use lotbook_domain::id::JournalId;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use crate::error::Error;
use crate::structure::Structure;
use crate::table::voucher::VoucherSource;

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
}

/// Voucher numbers stay exact in every client.
const NUMBER_MAX: i64 = (1 << 53) - 1;

impl CreateVoucher {
    /// What is wrong with it, apart from numbers that others have taken.
    pub(crate) fn check(&self, structure: &Structure) -> Result<(), Error> {
        if structure.journal(self.journal, &self.reach).is_none() {
            return Err(Error::not_found("journal", self.journal));
        }
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
                violations.push(Violation::new(field, code, message));
            }
        }
        if let Some(number) = self.number
            && !(1..=NUMBER_MAX).contains(&number)
        {
            let message = format!("is {number}; a voucher number is between 1 and {NUMBER_MAX}");
            violations.push(Violation::new("number", "numberOutOfRange", message));
        }
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        if let Some(number) = self.number
            && let Some(series) = structure.series.values().find(|series| (series.from..=series.to).contains(&number))
        {
            return Err(Error::refused(
                "numberOverlapsSeries",
                format!(
                    "number {number} lies in the series {} ({} to {}); choose one outside of every series",
                    series.name, series.from, series.to
                ),
            ));
        }
        Ok(())
    }
}
