//! Count sheets and their lines.

use std::collections::BTreeSet;

use lotbook_domain::id::{BatchId, CategoryId, LocationId, LotId, ProductId, SheetId, TenantId, UserId, VariantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;

use crate::error::Error;
use crate::store::{Arg, Column, Conn, Row, Rows};

/// How far a sheet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetState {
    /// People count.
    Open,
    /// What was counted is in the ledger.
    Posted,
    /// Given up.
    Cancelled,
}

impl SheetState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Posted, Self::Cancelled];

    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::Open => 1,
            Self::Posted => 2,
            Self::Cancelled => 3,
        }
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Posted => "posted",
            Self::Cancelled => "cancelled",
        }
    }
}

/// How far a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    /// Nobody has counted it.
    ToCount,
    /// It was counted.
    Counted,
    /// It is to be counted again.
    ToRecount,
}

impl LineState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::ToCount, Self::Counted, Self::ToRecount];

    /// The number that stands for it.
    pub fn code(self) -> i64 {
        match self {
            Self::ToCount => 1,
            Self::Counted => 2,
            Self::ToRecount => 3,
        }
    }

    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToCount => "toCount",
            Self::Counted => "counted",
            Self::ToRecount => "toRecount",
        }
    }
}

/// A sheet as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its id.
    pub id: SheetId,
    /// Its ULID.
    pub uid: String,
    /// What people call it.
    pub name: String,
    /// At this place or below; 0 = everywhere.
    pub location: LocationId,
    /// Of this category or below; 0 = of any.
    pub category: CategoryId,
    /// Of this product; 0 = of any.
    pub product: ProductId,
    /// A difference up to so much is accepted …
    pub tolerance: Quantity,
    /// … or up to so many millionths of what is expected.
    pub tolerance_share: i64,
    /// How far it is.
    pub state: SheetState,
    /// The batch of counts that it became; 0 = none yet.
    pub batch: BatchId,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: UserId,
    /// When it was last changed.
    pub modified_at: Time,
    /// By whom.
    pub modified_by: UserId,
    /// Counts the changes.
    pub version: i64,
}

/// A line as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number on the sheet, from 1.
    pub line: i64,
    /// The product.
    pub product: ProductId,
    /// The product as people write it.
    pub identifier: String,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot; 0 = not tracked, or counted by instances.
    pub lot: LotId,
    /// The lot's name.
    pub lot_name: Option<String>,
    /// The place.
    pub location: LocationId,
    /// Whether it was found there and not expected.
    pub is_extra: bool,
    /// How far it is.
    pub state: LineState,
    /// How often it was counted.
    pub rounds: i64,
    /// What was counted, and when.
    pub counted: Option<(Quantity, Time)>,
    /// By whom.
    pub counted_by: UserId,
    /// What the round before found.
    pub previous: Option<Quantity>,
    /// The instances that were found, for products with serial numbers.
    pub instances: Option<Vec<LotId>>,
}

const SHEET: &str = "id, uid, name, location, category, product, tolerance, tolerance_share, state, batch, created_at, \
     created_by, modified_at, modified_by, version";

fn read_sheet(row: &Row<'_>) -> Result<Sheet, Error> {
    let state = row.int(8)?;
    let known = SheetState::ALL.into_iter().find(|known| known.code() == state);
    Ok(Sheet {
        id: SheetId(row.int(0)?),
        uid: row.text(1)?,
        name: row.text(2)?,
        location: LocationId(row.int(3)?),
        category: CategoryId(row.int(4)?),
        product: ProductId(row.int(5)?),
        tolerance: Quantity(row.int(6)?),
        tolerance_share: row.int(7)?,
        state: known.ok_or_else(|| Error::Internal(format!("there is no state {state} of count sheets")))?,
        batch: BatchId(row.int(9)?),
        created_at: Time(row.int(10)?),
        created_by: UserId(row.int(11)?),
        modified_at: Time(row.int(12)?),
        modified_by: UserId(row.int(13)?),
        version: row.int(14)?,
    })
}

/// Writes a new sheet, without lines.
pub fn insert(conn: &mut Conn, tenant: TenantId, sheet: &Sheet) -> Result<(), Error> {
    conn.execute(
        &format!(
            "insert into count_sheet (tenant, {SHEET}) values \
             ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, $10, $11, $10, $11, 1)"
        ),
        &[
            Arg::Int(tenant.0),
            Arg::Int(sheet.id.0),
            Arg::Text(&sheet.uid),
            Arg::Text(&sheet.name),
            Arg::Int(sheet.location.0),
            Arg::Int(sheet.category.0),
            Arg::Int(sheet.product.0),
            Arg::Int(sheet.tolerance.0),
            Arg::Int(sheet.tolerance_share),
            Arg::Int(sheet.created_at.0),
            Arg::Int(sheet.created_by.0),
        ],
    )?;
    Ok(())
}

/// Which lines a new sheet gets.
#[derive(Clone, Debug, Default)]
pub struct LineFilter {
    /// At these places.
    pub places: Vec<LocationId>,
    /// Of these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of these products at these places.
    pub pairs: Option<Vec<(ProductId, LocationId)>>,
}

/// Makes the lines of a sheet: one for each product, variant and lot that stands at one of the places, and
/// one for all instances of a product at a place. In the order in which people walk: by place, then by
/// product. One statement; answers how many.
pub fn fill(conn: &mut Conn, tenant: TenantId, sheet: SheetId, filter: &LineFilter) -> Result<u64, Error> {
    let places = Rows::ids(filter.places.iter().map(|id| id.0));
    let categories = Rows::ids(filter.categories.iter().flatten().map(|id| id.0));
    let pairs = filter.pairs.as_deref().unwrap_or_default();
    let pairs = Rows::new(vec![
        Column::Int(pairs.iter().map(|(product, _)| product.0).collect()),
        Column::Int(pairs.iter().map(|(_, place)| place.0).collect()),
    ]);
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(sheet.0), Arg::Rows(&places)];
    let mut only = String::new();
    if let Some(product) = filter.product {
        args.push(Arg::Int(product.0));
        only.push_str(&format!(" and a.product = ${}", args.len()));
    }
    if filter.categories.is_some() {
        args.push(Arg::Rows(&categories));
        only.push_str(&format!(" and p.category in (select c.id from {{rows ${} (id bigint) c}})", args.len()));
    }
    if filter.pairs.is_some() {
        args.push(Arg::Rows(&pairs));
        only.push_str(&format!(
            " and (a.product, a.place) in (select d.product, d.place from {{rows ${} (product bigint, place bigint) d}})",
            args.len()
        ));
    }
    conn.execute(
        &format!(
            "insert into count_line (tenant, sheet, line, product, variant, lot, location, is_extra, state, rounds, \
             counted, counted_at, counted_by, previous, instances) \
             select $1, $2, row_number() over (order by l.path, s.identifier, s.product, s.variant, s.lot), s.product, \
             s.variant, s.lot, s.place, 0, 1, 0, null, null, 0, null, null from ( \
             select distinct a.product, p.identifier, a.variant, case when p.tracking = 2 then 0 else a.lot end as lot, \
             a.place from account a join product p on p.tenant = $1 and p.id = a.product \
             where a.tenant = $1 and a.kind = 1 and a.quantity <> 0 \
             and a.place in (select r.id from {{rows $3 (id bigint) r}}){only}) s \
             join location l on l.tenant = $1 and l.id = s.place"
        ),
        &args,
    )
}

/// One sheet. `lock` keeps others from changing it until the transaction ends.
pub fn by_id(conn: &mut Conn, tenant: TenantId, id: SheetId, lock: bool) -> Result<Option<Sheet>, Error> {
    let lock = if lock { " {for update}" } else { "" };
    conn.one(
        &format!("select {SHEET} from count_sheet where tenant = $1 and id = $2{lock}"),
        &[Arg::Int(tenant.0), Arg::Int(id.0)],
        read_sheet,
    )
}

/// The id of a ULID.
pub fn id_of_uid(conn: &mut Conn, tenant: TenantId, uid: &str) -> Result<Option<SheetId>, Error> {
    conn.one(
        "select id from count_sheet where tenant = $1 and uid = $2",
        &[Arg::Int(tenant.0), Arg::Text(uid)],
        |row| Ok(SheetId(row.int(0)?)),
    )
}

/// Sheets before an id, newest first.
pub fn page(
    conn: &mut Conn,
    tenant: TenantId,
    state: Option<SheetState>,
    before: i64,
    limit: i64,
) -> Result<Vec<Sheet>, Error> {
    let only = if state.is_some() { " and state = $4" } else { "" };
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(before), Arg::Int(limit)];
    args.extend(state.map(|state| Arg::Int(state.code())));
    conn.query(
        &format!("select {SHEET} from count_sheet where tenant = $1 and id < $2{only} order by id desc limit $3"),
        &args,
        read_sheet,
    )
}

/// How many lines of each of these sheets are to count, counted, and to count again.
pub fn progress(conn: &mut Conn, tenant: TenantId, ids: &[SheetId]) -> Result<Vec<(SheetId, [i64; 3])>, Error> {
    let rows = Rows::ids(ids.iter().map(|id| id.0));
    conn.query(
        "select n.sheet, cast(sum(case n.state when 1 then 1 else 0 end) as bigint), \
         cast(sum(case n.state when 2 then 1 else 0 end) as bigint), \
         cast(sum(case n.state when 3 then 1 else 0 end) as bigint) \
         from {rows $2 (id bigint) r} cross join count_line n where n.tenant = $1 and n.sheet = r.id group by n.sheet",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| Ok((SheetId(row.int(0)?), [row.int(1)?, row.int(2)?, row.int(3)?])),
    )
}

/// Notes that something of a sheet has changed, maybe its state and batch.
pub fn touch(conn: &mut Conn, tenant: TenantId, sheet: &Sheet) -> Result<(), Error> {
    conn.execute(
        "update count_sheet set state = $3, batch = $4, modified_at = $5, modified_by = $6, version = version + 1 \
         where tenant = $1 and id = $2",
        &[
            Arg::Int(tenant.0),
            Arg::Int(sheet.id.0),
            Arg::Int(sheet.state.code()),
            Arg::Int(sheet.batch.0),
            Arg::Int(sheet.modified_at.0),
            Arg::Int(sheet.modified_by.0),
        ],
    )?;
    Ok(())
}

const LINE: &str = "n.line, n.product, p.identifier, n.variant, n.lot, t.name, n.location, n.is_extra, n.state, n.rounds, \
     n.counted, n.counted_at, n.counted_by, n.previous, n.instances";
const LINE_FROM: &str = "join product p on p.tenant = $1 and p.id = n.product \
     left join lot t on t.tenant = $1 and t.id = n.lot";

fn read_line(row: &Row<'_>) -> Result<Line, Error> {
    let state = row.int(8)?;
    let known = LineState::ALL.into_iter().find(|known| known.code() == state);
    let instances: Option<Vec<i64>> = match row.opt_text(14)? {
        None => None,
        Some(text) => Some(
            serde_json::from_str(&text)
                .map_err(|_| Error::Internal(format!("instances of a count line are not a list: {text}")))?,
        ),
    };
    Ok(Line {
        line: row.int(0)?,
        product: ProductId(row.int(1)?),
        identifier: row.text(2)?,
        variant: VariantId(row.int(3)?),
        lot: LotId(row.int(4)?),
        lot_name: row.opt_text(5)?,
        location: LocationId(row.int(6)?),
        is_extra: row.int(7)? != 0,
        state: known.ok_or_else(|| Error::Internal(format!("there is no state {state} of count lines")))?,
        rounds: row.int(9)?,
        counted: row.opt_int(10)?.map(Quantity).zip(row.opt_int(11)?.map(Time)),
        counted_by: UserId(row.int(12)?),
        previous: row.opt_int(13)?.map(Quantity),
        instances: instances.map(|ids| ids.into_iter().map(LotId).collect()),
    })
}

/// Lines of a sheet after a line, in order.
pub fn lines(
    conn: &mut Conn,
    tenant: TenantId,
    sheet: SheetId,
    state: Option<LineState>,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    let only = if state.is_some() { " and n.state = $5" } else { "" };
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(sheet.0), Arg::Int(after), Arg::Int(limit)];
    args.extend(state.map(|state| Arg::Int(state.code())));
    conn.query(
        &format!(
            "select {LINE} from count_line n {LINE_FROM} where n.tenant = $1 and n.sheet = $2 and n.line > $3{only} \
             order by n.line limit $4"
        ),
        &args,
        read_line,
    )
}

/// The lines of a sheet with these numbers.
pub fn lines_by_number(
    conn: &mut Conn,
    tenant: TenantId,
    sheet: SheetId,
    numbers: &BTreeSet<i64>,
) -> Result<Vec<Line>, Error> {
    let rows = Rows::ids(numbers.iter().copied());
    conn.query(
        &format!(
            "select {LINE} from {{rows $3 (id bigint) r}} cross join count_line n {LINE_FROM} \
             where n.tenant = $1 and n.sheet = $2 and n.line = r.id order by n.line"
        ),
        &[Arg::Int(tenant.0), Arg::Int(sheet.0), Arg::Rows(&rows)],
        read_line,
    )
}

/// What somebody counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot; 0 = not tracked, or counted by instances.
    pub lot: LotId,
    /// The place.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
    /// When.
    pub at: Time,
    /// The instances that were found.
    pub instances: Option<Vec<LotId>>,
}

/// Notes what was counted: a line that is on the sheet takes it over, a new one is added. A line that was to
/// be counted again keeps what the round before found. Two statements.
pub fn enter(conn: &mut Conn, tenant: TenantId, sheet: SheetId, found: &[Found], person: UserId) -> Result<(), Error> {
    let ints = |of: fn(&Found) -> i64| Column::Int(found.iter().map(of).collect());
    let instances = found.iter().map(|found| {
        found.instances.as_ref().map(|ids| {
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            serde_json::to_string(&ids).expect("a list of numbers can be printed")
        })
    });
    let rows = Rows::new(vec![
        ints(|found| found.product.0),
        ints(|found| found.variant.0),
        ints(|found| found.lot.0),
        ints(|found| found.location.0),
        ints(|found| found.quantity.0),
        ints(|found| found.at.0),
        Column::OptText(instances.collect()),
    ]);
    let last = conn.one(
        "select coalesce(max(line), 0) from count_line where tenant = $1 and sheet = $2",
        &[Arg::Int(tenant.0), Arg::Int(sheet.0)],
        |row| row.int(0),
    )?;
    conn.execute(
        "insert into count_line (tenant, sheet, line, product, variant, lot, location, is_extra, state, rounds, counted, \
         counted_at, counted_by, previous, instances) \
         select $1, $2, $5 + row_number() over (order by r.location, r.product, r.variant, r.lot), r.product, r.variant, \
         r.lot, r.location, 1, 2, 1, r.counted, r.counted_at, $4, null, r.instances \
         from {rows $3 (product bigint, variant bigint, lot bigint, location bigint, counted bigint, counted_at bigint, \
         instances text) r} where true \
         on conflict (tenant, sheet, product, variant, lot, location) do update set state = 2, \
         rounds = case count_line.state when 2 then count_line.rounds else count_line.rounds + 1 end, \
         previous = case count_line.state when 3 then count_line.counted else count_line.previous end, \
         counted = excluded.counted, counted_at = excluded.counted_at, counted_by = excluded.counted_by, \
         instances = excluded.instances",
        &[
            Arg::Int(tenant.0),
            Arg::Int(sheet.0),
            Arg::Rows(&rows),
            Arg::Int(person.0),
            Arg::Int(last.unwrap_or(0)),
        ],
    )?;
    Ok(())
}

/// Asks for lines to be counted again.
pub fn ask_again(conn: &mut Conn, tenant: TenantId, sheet: SheetId, numbers: &[i64]) -> Result<(), Error> {
    let rows = Rows::ids(numbers.iter().copied());
    conn.execute(
        "update count_line set state = 3 from {rows $3 (id bigint) r} \
         where count_line.tenant = $1 and count_line.sheet = $2 and count_line.line = r.id",
        &[Arg::Int(tenant.0), Arg::Int(sheet.0), Arg::Rows(&rows)],
    )?;
    Ok(())
}
