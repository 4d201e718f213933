//! Reports as people see them.

use lotbook_domain::id::{CategoryId, LocationId, LotId, ProductId, VariantId};
use lotbook_domain::ledger::AccountKey;
use lotbook_domain::money::{Amount, rate};
use lotbook_domain::quantity::{ONE_E6, Quantity};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use lotbook_engine::query::report::{self, Ask, Worth};
use lotbook_engine::query::settled::settled_to;
use lotbook_engine::structure::Structure;
use lotbook_engine::table::header;
use lotbook_engine::thing::{Record, Value, kinds};
use lotbook_engine::{Conn, Error};

use super::asked::{Asked, check_position, find_text};
use super::names::{Names, place};
use super::{PAGE, Table, decimal, maybe, number, record, text};

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// What stands where, with its value.
    Stock,
    /// What cost pools are worth, tied to movements and value entries.
    Valuation,
    /// Stock by age.
    Ageing,
    /// How fast stock turns.
    Turnover,
    /// Which products matter most.
    Abc,
    /// Stock of which nothing goes.
    DeadStock,
    /// Lots that expire.
    Expiry,
}

/// Where a report goes on: numbers that the report itself understands.
pub type Mark = (i64, i64);

/// A page of a report.
pub struct ReportPage {
    /// Its rows.
    pub items: Vec<Record>,
    /// Where it goes on.
    pub next: Option<Mark>,
    /// Up to which position values are settled.
    pub settled_to: i64,
    /// The position that it tells of.
    pub position: i64,
}

impl Report {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Stock, Self::Valuation, Self::Ageing, Self::Turnover, Self::Abc, Self::DeadStock, Self::Expiry];

    /// The report of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|report| report.name() == name)
    }

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Valuation => "valuation",
            Self::Ageing => "ageing",
            Self::Turnover => "turnover",
            Self::Abc => "abc",
            Self::DeadStock => "dead-stock",
            Self::Expiry => "expiry",
        }
    }

    /// What it may be asked for.
    pub fn words(self) -> Vec<&'static str> {
        let mut words = vec!["product", "category", "orgUnit", "asOf", "asKnownAt"];
        words.extend_from_slice(match self {
            Self::Stock => &["location", "lot"][..],
            Self::Valuation => &[],
            Self::Ageing | Self::DeadStock => &["location", "lot", "by", "days"],
            Self::Turnover => &["from"],
            Self::Abc => &["from", "a", "b"],
            Self::Expiry => &["location", "lot", "days"],
        });
        words
    }

    /// The names of its columns.
    pub fn columns(self, asked: &Asked) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Stock => {
                &["product", "name", "variant", "lot", "location", "orgUnit", "quantity", "unit", "value", "unitCost"]
            }
            Self::Valuation => &[
                "product",
                "name",
                "variant",
                "lot",
                "orgUnit",
                "method",
                "quantity",
                "unit",
                "value",
                "unitCost",
                "booked",
                "settlement",
                "revaluation",
                "landedCost",
                "variance",
                "difference",
            ],
            Self::Ageing => &["product", "name", "variant", "lot", "place", "quantity", "unit", "value", "oldest"],
            Self::Turnover => &[
                "product",
                "name",
                "variant",
                "lot",
                "orgUnit",
                "unit",
                "openingQuantity",
                "openingValue",
                "receivedQuantity",
                "issuedQuantity",
                "issuedCost",
                "closingQuantity",
                "closingValue",
                "turns",
                "daysOfStock",
            ],
            Self::Abc => &[
                "rank",
                "class",
                "product",
                "name",
                "variant",
                "unit",
                "issuedQuantity",
                "issuedCost",
                "share",
                "upTo",
            ],
            Self::DeadStock => &[
                "product",
                "name",
                "variant",
                "lot",
                "place",
                "quantity",
                "unit",
                "value",
                "lastReceipt",
                "lastIssue",
                "idleDays",
            ],
            Self::Expiry => &[
                "product",
                "name",
                "variant",
                "lot",
                "location",
                "quantity",
                "unit",
                "value",
                "expiresAt",
                "days",
                "isExpired",
            ],
        };
        let mut columns: Vec<String> = fixed.iter().map(|name| (*name).to_owned()).collect();
        if self == Self::Ageing {
            for label in labels(&limits(asked).unwrap_or_default()) {
                columns.extend([format!("quantity {label}"), format!("value {label}")]);
            }
        }
        columns
    }
}

/// Ages in days at which buckets end, unless others are asked for.
const AGES: [i64; 5] = [30, 60, 90, 180, 365];
/// … and not more than so many.
const AGES_MAX: usize = 24;

fn limits(asked: &Asked) -> Result<Vec<i64>, Error> {
    let Some(given) = asked.text("days") else { return Ok(AGES.to_vec()) };
    let days: Option<Vec<i64>> =
        given.split(',').map(|text| text.trim().parse().ok().filter(|day| *day >= 0)).collect();
    match days {
        Some(days) if days.is_sorted_by(|one, next| one < next) && days.len() <= AGES_MAX => Ok(days),
        _ => {
            let message = format!("is {given:?}; send up to {AGES_MAX} rising numbers of days such as 30,60,90");
            Err(Error::Invalid(vec![Violation::new("days", "wrongNumber", message)]))
        }
    }
}

fn labels(limits: &[i64]) -> Vec<String> {
    let mut from = 0;
    let mut labels = Vec::with_capacity(limits.len() + 1);
    for limit in limits {
        labels.push(format!("{from}-{limit}"));
        from = limit + 1;
    }
    labels.push(format!("over {}", from - 1));
    labels
}

fn ask(
    report: Report,
    asked: &Asked,
    conn: &mut Conn,
    structure: &Structure,
    pinned: Option<i64>,
) -> Result<Ask, Error> {
    asked.refuse_unknown(&report.words())?;
    let mut wrong = Vec::new();
    let at = asked.time_until("asOf", structure, &mut wrong).unwrap_or_else(|| asked.engine.now());
    let from = asked.time("from", structure, &mut wrong).unwrap_or(Time(at.0.saturating_sub(365 * Time::DAY)));
    let known_at = asked.whole("asKnownAt", &mut wrong);
    check_position(conn, asked.tenant, known_at, &mut wrong)?;
    let by = asked.text("by");
    let is_placed = asked.text("location").is_some();
    let by_location = match by {
        Some("location") => true,
        Some("orgUnit") => false,
        None => is_placed || matches!(report, Report::Stock | Report::Expiry),
        Some(other) => {
            wrong.push(Violation::new("by", "unknownWord", format!("is {other:?}; send location or orgUnit")));
            false
        }
    };
    if is_placed && !by_location {
        wrong.push(Violation::new("location", "wrongWord", "is no org unit's; send by=location, or orgUnit instead"));
    }
    if from > at {
        wrong.push(Violation::new("from", "wrongTime", format!("is {from}, after {at}, which the report ends with")));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let category = match asked.text("category") {
        Some(name) => Some(CategoryId(find_text(conn, asked.tenant, &kinds::CATEGORIES, name)?)),
        None => None,
    };
    Ok(Ask {
        products: asked.product(conn)?.map(|product| vec![product]),
        categories: category.map(|above| report::categories_below(structure, above)),
        lots: asked.lot(conn)?.map(|lot| vec![lot]),
        places: asked.places(conn, structure)?,
        from,
        as_of: Some(at),
        as_known_at: match known_at.or(pinned) {
            Some(position) => position,
            None => header::position(conn, asked.tenant)?,
        },
        at,
        by_location,
    })
}

type Key = (ProductId, VariantId, LotId);

fn key_of(key: &AccountKey) -> Key {
    (key.product, key.variant, key.lot)
}

/// What rows of a report are shown with.
struct Showing<'a> {
    names: Names,
    structure: &'a Structure,
}

impl Showing<'_> {
    fn load<'a, T>(
        conn: &mut Conn,
        asked: &Asked,
        structure: &'a Structure,
        rows: &[T],
        key: impl Fn(&T) -> Key + Clone,
    ) -> Result<Showing<'a>, Error> {
        let names = Names::load(conn, asked.tenant, rows.iter().map(key))?;
        Ok(Showing { names, structure })
    }

    fn head(&self, key: Key) -> Record {
        let names = &self.names;
        record([
            ("product", names.product_of(key.0)),
            ("name", names.name_of(key.0)),
            ("variant", names.variant_of(key.1)),
            ("lot", names.lot_of(key.2)),
        ])
    }

    fn place(&self, id: LocationId) -> Value {
        place(self.structure, id)
    }

    fn unit(&self, product: ProductId) -> Value {
        self.names.unit_of(product, self.structure)
    }

    /// Product, place under its name, quantity, unit and value.
    fn worth(&self, worth: &Worth, at: &str) -> Record {
        let key = worth.balance.key;
        let mut row = self.head(key_of(&key));
        row.extend(record([
            (at, self.place(key.place)),
            ("quantity", decimal(worth.balance.quantity.0)),
            ("unit", self.unit(key.product)),
            ("value", decimal(worth.value.0)),
        ]));
        row
    }
}

fn unit_cost(value: Amount, quantity: Quantity) -> Value {
    let cost = if quantity.0 > 0 { rate(value, quantity) } else { None };
    maybe(cost, |cost| decimal(cost.0))
}

fn time_of(at: Option<Time>) -> Value {
    maybe(at, |at| text(at.to_string()))
}

/// A page of a report. `is_flat`: every figure has a column of its own, for sheets.
pub fn page(
    report: Report,
    asked: &Asked,
    conn: &mut Conn,
    pinned: Option<i64>,
    after: Option<Mark>,
    limit: usize,
    is_flat: bool,
) -> Result<ReportPage, Error> {
    let tenant = asked.tenant;
    let structure = asked.engine.structure(conn, tenant)?;
    let structure = &*structure;
    let ask = ask(report, asked, conn, structure, pinned)?;
    let product = ProductId(after.map_or(0, |mark| mark.0));
    let mark = |next: Option<ProductId>| next.map(|product| (product.0, 0));
    let days = |preset: i64| -> Result<i64, Error> {
        let mut wrong = Vec::new();
        let days = asked.whole("days", &mut wrong).unwrap_or(preset);
        if wrong.is_empty() { Ok(days.min(1_000_000)) } else { Err(Error::Invalid(wrong)) }
    };
    let (items, next): (Vec<Record>, Option<Mark>) = match report {
        Report::Stock => {
            let (rows, next) = report::stock(conn, tenant, structure, &ask, product, limit)?;
            let showing = Showing::load(conn, asked, structure, &rows, |row| key_of(&row.balance.key))?;
            let show = |row: &Worth| {
                let mut shown = showing.worth(row, "location");
                let unit = structure.catalog.locations.org_unit_of(row.balance.key.place);
                shown.insert(5, ("orgUnit".to_owned(), showing.place(unit)));
                shown.push(("unitCost".to_owned(), unit_cost(row.value, row.balance.quantity)));
                shown
            };
            (rows.iter().map(show).collect(), mark(next))
        }
        Report::Valuation => {
            let (rows, next) = report::tied(conn, tenant, &ask, product, limit)?;
            let mut showing = Showing::load(conn, asked, structure, &rows, |row| key_of(&row.pool.key))?;
            showing.names.as_known_at(conn, tenant, Some(ask.as_known_at))?;
            let show = |row: &report::Tied| {
                let key = row.pool.key;
                let mut shown = showing.head(key_of(&key));
                shown.extend(record([
                    ("orgUnit", showing.place(key.place)),
                    ("method", text(showing.names.method_of(key.product, ask.at))),
                    ("quantity", decimal(row.pool.quantity.0)),
                    ("unit", showing.unit(key.product)),
                    ("value", decimal(row.pool.amount.0)),
                    ("unitCost", unit_cost(row.pool.amount, row.pool.quantity)),
                    ("booked", decimal(row.booked.0)),
                    ("settlement", decimal(row.entries[0].0)),
                    ("revaluation", decimal(row.entries[1].0)),
                    ("landedCost", decimal(row.entries[2].0)),
                    ("variance", decimal(row.entries[3].0)),
                    ("difference", decimal(row.difference.0)),
                ]));
                shown
            };
            (rows.iter().map(show).collect(), mark(next))
        }
        Report::Ageing => {
            let limits = limits(asked)?;
            let (rows, next) = report::ageing(conn, tenant, structure, &ask, &limits, product, limit)?;
            let showing = Showing::load(conn, asked, structure, &rows, |row| key_of(&row.stock.balance.key))?;
            let labels = labels(&limits);
            let show = |row: &report::Aged| {
                let mut shown = showing.worth(&row.stock, "place");
                shown.push(("oldest".to_owned(), time_of(row.oldest)));
                if is_flat {
                    for (label, bucket) in labels.iter().zip(&row.buckets) {
                        shown.push((format!("quantity {label}"), decimal(bucket.quantity.0)));
                        shown.push((format!("value {label}"), decimal(bucket.value.0)));
                    }
                } else {
                    let mut from = 0;
                    let buckets = row.buckets.iter().enumerate().map(|(at, bucket)| {
                        let to = limits.get(at).copied();
                        let fields = record([
                            ("from", number(from)),
                            ("to", maybe(to, number)),
                            ("quantity", decimal(bucket.quantity.0)),
                            ("value", decimal(bucket.value.0)),
                        ]);
                        from = to.unwrap_or(from) + 1;
                        Value::Object(fields)
                    });
                    shown.push(("buckets".to_owned(), Value::List(buckets.collect())));
                }
                shown
            };
            (rows.iter().map(show).collect(), mark(next))
        }
        Report::Turnover => {
            let (rows, next) = report::turnover(conn, tenant, &ask, product, limit)?;
            let showing = Showing::load(conn, asked, structure, &rows, |row| key_of(&row.pool))?;
            let show = |row: &report::Turned| {
                let mut shown = showing.head(key_of(&row.pool));
                shown.extend(record([
                    ("orgUnit", showing.place(row.pool.place)),
                    ("unit", showing.unit(row.pool.product)),
                    ("openingQuantity", decimal(row.opening.0.0)),
                    ("openingValue", decimal(row.opening.1.0)),
                    ("receivedQuantity", decimal(row.received.0)),
                    ("issuedQuantity", decimal(row.issued.0.0)),
                    ("issuedCost", decimal(row.issued.1.0)),
                    ("closingQuantity", decimal(row.closing.0.0)),
                    ("closingValue", decimal(row.closing.1.0)),
                    ("turns", maybe(row.turns, decimal)),
                    ("daysOfStock", maybe(row.days_of_stock, decimal)),
                ]));
                shown
            };
            (rows.iter().map(show).collect(), mark(next))
        }
        Report::Abc => {
            let (a, b) = classes(asked)?;
            let all = report::abc(conn, tenant, &ask, a, b)?;
            let skip = after.map_or(0, |mark| mark.0) as usize;
            let rows: Vec<_> = all.iter().skip(skip).take(limit).copied().collect();
            let next = (skip + rows.len() < all.len()).then_some(((skip + rows.len()) as i64, 0));
            let showing = Showing::load(conn, asked, structure, &rows, |row| (row.product, row.variant, LotId(0)))?;
            let show = |(at, row): (usize, &report::Class)| {
                record([
                    ("rank", number((skip + at + 1) as i64)),
                    ("class", text(row.class)),
                    ("product", showing.names.product_of(row.product)),
                    ("name", showing.names.name_of(row.product)),
                    ("variant", showing.names.variant_of(row.variant)),
                    ("unit", showing.unit(row.product)),
                    ("issuedQuantity", decimal(row.quantity.0)),
                    ("issuedCost", decimal(row.cost.0)),
                    ("share", decimal(row.share)),
                    ("upTo", decimal(row.upto)),
                ])
            };
            (rows.iter().enumerate().map(show).collect(), next)
        }
        Report::DeadStock => {
            let (rows, next) = report::dead_stock(conn, tenant, structure, &ask, days(180)?, product, limit)?;
            let showing = Showing::load(conn, asked, structure, &rows, |row| key_of(&row.stock.balance.key))?;
            let show = |row: &report::Idle| {
                let mut shown = showing.worth(&row.stock, "place");
                shown.extend(record([
                    ("lastReceipt", time_of(row.last_receipt)),
                    ("lastIssue", time_of(row.last_issue)),
                    ("idleDays", number(row.days)),
                ]));
                shown
            };
            (rows.iter().map(show).collect(), mark(next))
        }
        Report::Expiry => {
            let until = Time(ask.at.0.saturating_add(days(30)? * Time::DAY));
            let after = after.map(|(at, lot)| (Time(at), LotId(lot)));
            let (rows, next) = report::expiry(conn, tenant, structure, &ask, until, after, limit)?;
            let showing = Showing::load(conn, asked, structure, &rows, |row| key_of(&row.stock.balance.key))?;
            let show = |row: &report::Expiring| {
                let mut shown = showing.worth(&row.stock, "location");
                shown.extend(record([
                    ("expiresAt", text(row.expires_at.to_string())),
                    ("days", number(row.days)),
                    ("isExpired", Value::Bool(row.expires_at <= ask.at)),
                ]));
                shown
            };
            (rows.iter().map(show).collect(), next.map(|(at, lot)| (at.0, lot.0)))
        }
    };
    let position = header::position(conn, tenant)?;
    let settled_to = settled_to(conn, tenant, Some(ask.as_known_at), position)?;
    Ok(ReportPage { items, next, settled_to, position: ask.as_known_at })
}

/// The shares, in millionths, up to which products are A and B.
fn classes(asked: &Asked) -> Result<(i64, i64), Error> {
    let mut wrong = Vec::new();
    let a = asked.whole("a", &mut wrong).unwrap_or(80);
    let b = asked.whole("b", &mut wrong).unwrap_or(95);
    if a > b || b > 100 {
        let message = format!("are {a} and {b}; send percentages with a up to b and b up to 100");
        wrong.push(Violation::new("a", "wrongNumber", message));
    }
    if wrong.is_empty() { Ok((a * ONE_E6 / 100, b * ONE_E6 / 100)) } else { Err(Error::Invalid(wrong)) }
}

/// A whole report.
pub fn table(report: Report, asked: &Asked) -> Table {
    let columns = report.columns(asked);
    let asked = asked.clone();
    let (mut after, mut is_done, mut pinned) = (None, false, None);
    Table::new(move |conn| {
        if is_done {
            return Ok(None);
        }
        let page = page(report, &asked, conn, pinned, after, PAGE as usize, true)?;
        pinned = Some(page.position);
        (after, is_done) = (page.next, page.next.is_none());
        Ok(Some(page.items))
    })
    .with_columns(columns)
}
