//! Count sheets: what people are sent to count, what they enter, and the counts that it becomes.
//!
//! A sheet is blind: nothing that is read of it tells what is expected, also not which way a line differs
//! that is to be counted again. What was entered says what stood there when it was entered, so that stock
//! may move while people count.

use std::collections::{BTreeMap, BTreeSet};

use lotbook_domain::entry::{EntryDraft, TEXT_MAX, check_text};
use lotbook_domain::id::{BatchId, CategoryId, LocationId, LotId, ProductId, SheetId, VariantId};
use lotbook_domain::ledger::{AccountKey, AccountKind};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::Reach;
use super::count::{CountAnswer, TakeCounts};
use crate::desk::Desk;
use crate::error::Error;
use crate::query::balance::standing_each;
use crate::query::count_plan::{PlanFilter, plan};
use crate::table;
use crate::table::count_sheet::{self, Found, Line, LineFilter, LineState, Sheet, SheetState};
use crate::write::{Change, Tx};

/// A sheet has at most so many lines.
pub const SHEET_LINES_MAX: u64 = 100_000;
/// A whole, as a share.
const WHOLE: i64 = ONE_E6;

/// Makes a sheet with a line for all that stands where it is to be counted.
///
/// Errors: invalid; refused `nothingToCount`, `sheetTooLong`; forbidden.
#[derive(Clone, Debug)]
pub struct MakeSheet {
    /// What people call it.
    pub name: Option<String>,
    /// At this place or below; `None` = everywhere.
    pub location: Option<LocationId>,
    /// Of this category or below.
    pub category: Option<CategoryId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Only what is due by the plan: days from one count to the next by class, and from when on use counts.
    pub due: Option<([i64; 3], Time)>,
    /// A difference up to so much is accepted …
    pub tolerance: Quantity,
    /// … or up to so many millionths of what is expected.
    pub tolerance_share: i64,
    /// What the door found wrong.
    pub violations: Vec<Violation>,
    /// Where the one who asks may count.
    pub reach: Reach,
}

/// A sheet that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetMade {
    /// Its id.
    pub id: i64,
    /// How many lines it has.
    pub lines: i64,
}

impl Change for MakeSheet {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        self.check()?;
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let catalog = &structure.catalog;
        let tree = &catalog.locations;
        let root = self.location.unwrap_or(LocationId::ROOT);
        let places: Vec<LocationId> = tree
            .with_descendants(&[root])
            .into_iter()
            .filter(|id| id.is_real() && *id != LocationId::IN_TRANSIT && self.reach.includes(tree.org_unit_of(*id)))
            .collect();
        if places.is_empty() {
            return Err(Error::Forbidden { message: format!("you may not count in {}", tree.name_of(root)) });
        }
        let categories = self.category.map(|above| {
            let known = catalog.category_parents.keys().copied();
            let mut within: Vec<CategoryId> = known.filter(|id| catalog.category_is_within(*id, above)).collect();
            within.push(above);
            within
        });
        let pairs = match self.due {
            None => None,
            Some((every, used_from)) => {
                let filter = PlanFilter { places: places.clone(), used_from, every, now: tx.now, is_due_only: true };
                let due = plan(tx.conn, tx.tenant, &filter, (0, i64::MAX))?;
                Some(due.into_iter().map(|planned| (planned.product, planned.location)).collect())
            }
        };
        let id = SheetId(tx.ids("countSheet", 1)?);
        let sheet = Sheet {
            id,
            uid: tx.uid(),
            name: self.name.as_deref().map_or_else(|| format!("Count {id}"), |name| name.trim().to_owned()),
            location: self.location.unwrap_or_default(),
            category: self.category.unwrap_or_default(),
            product: self.product.unwrap_or_default(),
            tolerance: self.tolerance,
            tolerance_share: self.tolerance_share,
            state: SheetState::Open,
            batch: BatchId(0),
            created_at: tx.now,
            created_by: tx.person,
            modified_at: tx.now,
            modified_by: tx.person,
            version: 1,
        };
        count_sheet::insert(tx.conn, tx.tenant, &sheet)?;
        let filter = LineFilter { places, categories, product: self.product, pairs };
        let lines = count_sheet::fill(tx.conn, tx.tenant, id, &filter)?;
        if lines == 0 {
            let message = "nothing stands there that is to be counted; choose another place, category or product";
            return Err(Error::refused("nothingToCount", message));
        }
        if lines > SHEET_LINES_MAX {
            return Err(Error::refused(
                "sheetTooLong",
                format!("the sheet would have {lines} lines; at most {SHEET_LINES_MAX} fit, so make several"),
            ));
        }
        tx.audit("makeCountSheet", format!("count sheet {id}"), Some(format!("{}: {lines} lines", sheet.name)));
        Ok(print(&SheetMade { id: id.0, lines: lines as i64 }))
    }
}

impl MakeSheet {
    fn check(&self) -> Result<(), Error> {
        let mut violations = self.violations.clone();
        if let Some(name) = &self.name
            && let Err((code, message)) = check_text(name, TEXT_MAX)
        {
            violations.push(Violation::new("name", code, message));
        }
        if self.tolerance.0 < 0 {
            violations.push(Violation::new("tolerance", "wrongNumber", format!("is {}, less than 0", self.tolerance)));
        }
        if !(0..=WHOLE).contains(&self.tolerance_share) {
            violations.push(Violation::new("tolerancePercent", "wrongNumber", "is not from 0 to 100"));
        }
        if self.due.is_some_and(|(every, _)| every.iter().any(|days| *days < 1)) {
            violations.push(Violation::new("due", "wrongNumber", "counts every so many days, at least 1"));
        }
        if violations.is_empty() { Ok(()) } else { Err(Error::Invalid(violations)) }
    }
}

fn print<T: Serialize>(answer: &T) -> String {
    serde_json::to_string(answer).expect("an answer is plain data")
}

/// The sheet, locked, while people may count on it.
fn open(tx: &mut Tx<'_>, id: SheetId) -> Result<Sheet, Error> {
    let found = count_sheet::by_id(tx.conn, tx.tenant, id, true)?;
    let found = found.ok_or_else(|| Error::not_found("count sheet", id))?;
    if found.state == SheetState::Open {
        return Ok(found);
    }
    let message = format!("count sheet {id} is {}; make another", found.state.name());
    Err(Error::refused("sheetNotOpen", message))
}

fn touch(tx: &mut Tx<'_>, sheet: &mut Sheet) -> Result<(), Error> {
    sheet.modified_at = tx.now;
    sheet.modified_by = tx.person;
    count_sheet::touch(tx.conn, tx.tenant, sheet)
}

/// Enters what was counted: of lines of the sheet, or of what was found beside them.
///
/// Errors: not found `count sheet`; invalid; refused `sheetNotOpen`.
#[derive(Clone, Debug)]
pub struct EnterCounts {
    /// On which sheet.
    pub sheet: SheetId,
    /// What was counted, in the fields of an entry of a Settlement journal.
    pub drafts: Vec<EntryDraft>,
    /// What the door could not read.
    pub violations: Vec<Violation>,
    /// Where the one who asks may count.
    pub reach: Reach,
}

/// What became of an entering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// How many counts were entered.
    pub entered: i64,
    /// How many lines of the sheet are still to count, for the first time or again.
    pub left: i64,
}

impl Change for EnterCounts {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut sheet = open(tx, self.sheet)?;
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let mut desk = Desk::new(tx.tenant, structure, false);
        desk.load_catalog(
            tx.conn,
            self.drafts.iter().filter_map(|draft| draft.product).collect(),
            self.drafts.iter().filter_map(|draft| draft.variant).collect(),
            self.drafts.iter().flat_map(|draft| draft.instances.iter().flatten().copied().chain(draft.lot)).collect(),
            BTreeSet::new(),
        )?;
        let mut violations = self.violations.clone();
        for (index, draft) in self.drafts.iter().enumerate() {
            if draft.unit.is_some() {
                let message = "leave it out; on a sheet everything is counted in the product's own unit";
                violations.push(Violation::at(index, "unit", "unitNotAllowed", message));
            }
            if let Some(name) = &draft.lot_name {
                let message = format!("there is no lot {name} of the product; make it first");
                violations.push(Violation::at(index, "lot", "unknownLot", message));
            }
        }
        let counts = TakeCounts { drafts: self.drafts.clone(), violations, reach: self.reach.clone() };
        let entries = counts.check(&desk)?;
        let mut known: BTreeMap<(ProductId, VariantId, LotId, LocationId), usize> = BTreeMap::new();
        let mut twice = Vec::new();
        let mut found = Vec::with_capacity(entries.len());
        for (index, entry) in entries.into_iter().enumerate() {
            let lot = if entry.has_instances { LotId(0) } else { entry.lot };
            if let Some(first) = known.insert((entry.product, entry.variant, lot, entry.location), index) {
                let message = format!("is the same as [{first}]; send one count for each");
                twice.push(Violation::at(index, "product", "countedTwice", message));
            }
            found.push(Found {
                product: entry.product,
                variant: entry.variant,
                lot,
                location: entry.location,
                quantity: entry.count,
                at: entry.effective_at,
                instances: entry.has_instances.then_some(entry.instances),
            });
        }
        if !twice.is_empty() {
            return Err(Error::Invalid(twice));
        }
        count_sheet::enter(tx.conn, tx.tenant, self.sheet, &found, tx.person)?;
        touch(tx, &mut sheet)?;
        let progress = count_sheet::progress(tx.conn, tx.tenant, &[self.sheet])?;
        let left = progress.first().map_or(0, |(_, [to_count, _, to_recount])| to_count + to_recount);
        let entered = found.len() as i64;
        tx.audit("enterCounts", format!("count sheet {}", self.sheet), Some(format!("{entered} lines")));
        Ok(print(&Entered { entered, left }))
    }
}

/// Asks for those lines to be counted again that differ by more than the sheet accepts. A line that was
/// counted twice alike is not asked for a third time.
///
/// Errors: not found `count sheet`; refused `sheetNotOpen`.
#[derive(Clone, Debug)]
pub struct AskRecount {
    /// On which sheet.
    pub sheet: SheetId,
}

/// The lines that are to be counted again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recount {
    /// Their numbers.
    pub lines: Vec<i64>,
}

impl Change for AskRecount {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut sheet = open(tx, self.sheet)?;
        let lines = all_lines(tx, self.sheet, Some(LineState::Counted))?;
        let expected = expected(tx, &lines)?;
        let mut asked = Vec::new();
        for (line, expected) in lines.iter().zip(expected) {
            let Some((counted, _)) = line.counted else { continue };
            let differs_by = i128::from(counted.0) - i128::from(expected.0);
            let share = i128::from(expected.0.abs()) * i128::from(sheet.tolerance_share) / i128::from(WHOLE);
            let accepted = share.max(i128::from(sheet.tolerance.0));
            if differs_by.abs() > accepted && line.previous != Some(counted) {
                asked.push(line.line);
            }
        }
        count_sheet::ask_again(tx.conn, tx.tenant, self.sheet, &asked)?;
        touch(tx, &mut sheet)?;
        tx.audit("askRecount", format!("count sheet {}", self.sheet), Some(format!("{} lines", asked.len())));
        Ok(print(&Recount { lines: asked }))
    }
}

fn all_lines(tx: &mut Tx<'_>, sheet: SheetId, state: Option<LineState>) -> Result<Vec<Line>, Error> {
    count_sheet::lines(tx.conn, tx.tenant, sheet, state, 0, i64::from(i32::MAX))
}

/// What the ledger says of each line at the time when it was counted. Cost: one read of the accounts, and
/// of their timelines what their times need, read together.
fn expected(tx: &mut Tx<'_>, lines: &[Line]) -> Result<Vec<Quantity>, Error> {
    let key = |line: &Line, lot: LotId| AccountKey {
        product: line.product,
        place: line.location,
        kind: AccountKind::Stock,
        variant: line.variant,
        lot,
    };
    let counted_at = |line: &Line| line.counted.map_or(tx.now, |(_, at)| at);
    let mut at: BTreeMap<AccountKey, (usize, Time)> = BTreeMap::new();
    let mut serial: BTreeMap<AccountKey, (usize, Time)> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        let of = if line.instances.is_some() { &mut serial } else { &mut at };
        of.insert(key(line, line.lot), (index, counted_at(line)));
    }
    let places: BTreeSet<_> = serial.keys().map(|key| (key.product, key.variant, key.place)).collect();
    for found in table::account::lots_at(tx.conn, tx.tenant, &places)? {
        if let Some(of) = serial.get(&AccountKey { lot: LotId(0), ..found }) {
            at.insert(found, *of);
        }
    }
    let keys: BTreeSet<AccountKey> = at.keys().copied().collect();
    let mut accounts: Vec<_> =
        table::account::by_keys(tx.conn, tx.tenant, &keys, false)?.into_iter().map(|stored| stored.account).collect();
    let of: Vec<(usize, Time)> = accounts.iter().map(|account| at[&account.key]).collect();
    let times: Vec<Time> = of.iter().map(|(_, time)| *time).collect();
    let standing = standing_each(tx.conn, tx.tenant, &mut accounts, &times)?;
    let mut sums = vec![Quantity::ZERO; lines.len()];
    for ((index, _), (quantity, _)) in of.iter().zip(standing) {
        sums[*index].0 = sums[*index].0.saturating_add(quantity.0);
    }
    Ok(sums)
}

/// What becomes of lines that nobody has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uncounted {
    /// The sheet is not posted while there are any.
    #[default]
    Refuse,
    /// They say nothing.
    Skip,
    /// Nothing stands there.
    Zero,
}

/// Posts a sheet: all that was counted becomes counts of one batch, or nothing does.
///
/// Errors: not found `count sheet`; invalid; refused `sheetNotOpen`, `linesToCount`, or with the code of the
/// first fault of the counts.
#[derive(Clone, Debug)]
pub struct PostSheet {
    /// Which.
    pub sheet: SheetId,
    /// What becomes of lines that nobody has counted.
    pub uncounted: Uncounted,
    /// Where the one who asks may count.
    pub reach: Reach,
}

/// What a sheet became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The batch of counts.
    pub batch: i64,
    /// Its position in the ledger.
    pub position: i64,
    /// The counts.
    pub counts: Vec<CountAnswer>,
}

impl Change for PostSheet {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut sheet = open(tx, self.sheet)?;
        let lines = all_lines(tx, self.sheet, None)?;
        let left = lines.iter().filter(|line| line.state != LineState::Counted).count();
        if left > 0 && self.uncounted == Uncounted::Refuse {
            return Err(Error::Refused {
                code: "linesToCount",
                message: format!(
                    "{left} of {} lines are still to be counted; count them, or say what becomes of them: skip or zero",
                    lines.len()
                ),
                details: vec![("left", (left as i64).into()), ("lines", (lines.len() as i64).into())],
            });
        }
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let tree = &structure.catalog.locations;
        let serial = Self::serial_products(tx, &lines)?;
        let mut drafts = Vec::with_capacity(lines.len());
        for line in &lines {
            let (count, at) = match (line.state, line.counted, self.uncounted) {
                (LineState::Counted, Some(counted), _) => counted,
                (_, _, Uncounted::Zero) => (Quantity::ZERO, tx.now),
                _ => continue,
            };
            let is_serial = serial.contains(&line.product);
            let instances = line.instances.clone().filter(|_| line.state == LineState::Counted);
            drafts.push(EntryDraft {
                org_unit: Some(tree.org_unit_of(line.location)),
                effective_at: Some(at),
                product: Some(line.product),
                variant: (line.variant.0 != 0).then_some(line.variant),
                lot: (line.lot.0 != 0).then_some(line.lot),
                instances: is_serial.then(|| instances.unwrap_or_default()),
                location: Some(line.location),
                count: Some(count),
                description: Some(format!("count sheet {}, line {}", sheet.id, line.line)),
                ..EntryDraft::default()
            });
        }
        if drafts.is_empty() {
            return Err(Error::refused("nothingCounted", "nothing of this sheet was counted; cancel it instead"));
        }
        let mut counts = TakeCounts { drafts, violations: Vec::new(), reach: self.reach.clone() };
        let answers = counts.run(tx)?;
        let counts: Vec<CountAnswer> = serde_json::from_str(&answers)
            .map_err(|error| Error::Internal(format!("the answer of counts cannot be read: {error}")))?;
        let (batch, position) = counts.first().map_or((0, 0), |count| (count.batch, count.position));
        sheet.state = SheetState::Posted;
        sheet.batch = BatchId(batch);
        touch(tx, &mut sheet)?;
        tx.audit("postCountSheet", format!("count sheet {}", sheet.id), Some(format!("{} counts", counts.len())));
        Ok(print(&Posted { batch, position, counts }))
    }
}

impl PostSheet {
    /// The products of lines that are counted by instances.
    fn serial_products(tx: &mut Tx<'_>, lines: &[Line]) -> Result<BTreeSet<ProductId>, Error> {
        let products: BTreeSet<ProductId> = lines.iter().map(|line| line.product).collect();
        let found = table::catalog::products(tx.conn, tx.tenant, products)?;
        let serial = found.into_iter().filter(|one| one.tracking == lotbook_domain::catalog::Tracking::Serial);
        Ok(serial.map(|product| product.id).collect())
    }
}

/// Gives a sheet up. Answers `{}`.
///
/// Errors: not found `count sheet`; refused `sheetNotOpen`.
#[derive(Clone, Debug)]
pub struct CancelSheet {
    /// Which.
    pub sheet: SheetId,
}

impl Change for CancelSheet {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let mut sheet = open(tx, self.sheet)?;
        sheet.state = SheetState::Cancelled;
        touch(tx, &mut sheet)?;
        tx.audit("cancelCountSheet", format!("count sheet {}", sheet.id), None);
        Ok("{}".to_owned())
    }
}
