//! The stock card as people see it.

use lotbook_domain::id::{LotId, MovementId, VariantId};
use lotbook_domain::violation::Violation;
use lotbook_engine::query::stock_card::{CardFilter, CardLine, Cause, Mark, Stand, stock_card};
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::{Conn, Error, uid};

use super::asked::{Asked, check_position};
use super::names::{Names, place};
use super::{PAGE, Table, decimal, maybe, number, record, some, text};

/// What a stock card may be asked for.
pub const WORDS: [&str; 9] = ["product", "variant", "lot", "location", "orgUnit", "from", "to", "asOf", "asKnownAt"];

/// The columns of a stock card.
pub const COLUMNS: [&str; 23] = [
    "id",
    "position",
    "kind",
    "effectiveAt",
    "bookedAt",
    "product",
    "variant",
    "lot",
    "from",
    "to",
    "quantity",
    "amount",
    "currentAmount",
    "change",
    "runningQuantity",
    "runningValue",
    "voucher",
    "run",
    "counted",
    "customer",
    "supplier",
    "description",
    "reverses",
];

/// A page of a stock card.
pub struct CardPage {
    /// Its lines.
    pub items: Vec<Record>,
    /// Where it goes on.
    pub next: Option<Mark>,
    /// What it begins with.
    pub opening: Value,
    /// What it ends with.
    pub closing: Value,
    /// Up to which position values are settled.
    pub settled_to: i64,
    /// The newest position.
    pub position: i64,
}

/// A page of the stock card that is asked for.
pub fn page(
    asked: &Asked,
    conn: &mut Conn,
    known_at: Option<i64>,
    after: Option<Mark>,
    limit: usize,
) -> Result<CardPage, Error> {
    let structure = asked.engine.structure(conn, asked.tenant)?;
    let mut wrong = Vec::new();
    let filter = CardFilter {
        product: asked.product(conn)?.ok_or_else(|| {
            Error::Invalid(vec![Violation::new("product", "required", "is missing; a stock card is of one product")])
        })?,
        variant: asked.variant(conn)?,
        lot: asked.lot(conn)?,
        places: asked.places(conn, &structure)?,
        effective: (asked.time("from", &structure, &mut wrong), asked.until(&structure, &mut wrong)),
        as_known_at: asked.whole("asKnownAt", &mut wrong).or(known_at),
    };
    check_position(conn, asked.tenant, filter.as_known_at, &mut wrong)?;
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let card = stock_card(conn, asked.tenant, &structure, &filter, after, limit)?;
    let keys = card.lines.iter().filter_map(|line| match &line.cause {
        Cause::Moved(posted) => Some((posted.movement.product, posted.movement.variant, posted.movement.lot)),
        Cause::Valued { .. } => None,
    });
    let names = Names::load(conn, asked.tenant, keys.chain([(filter.product, VariantId(0), LotId(0))]))?;
    let items = card.lines.into_iter().map(|line| show(line, &filter, &names, &structure)).collect();
    let (opening, closing) = (stand(card.opening), stand(card.closing));
    Ok(CardPage { items, next: card.next, opening, closing, settled_to: card.settled_to, position: card.position })
}

fn stand((quantity, value): Stand) -> Value {
    Value::Object(record([("quantity", decimal(quantity.0)), ("value", decimal(value.0))]))
}

fn show(line: CardLine, filter: &CardFilter, names: &Names, structure: &Structure) -> Record {
    let running = (decimal(line.change.0), decimal(line.quantity.0), decimal(line.value.0));
    match line.cause {
        Cause::Moved(posted) => {
            let moved = posted.movement;
            let voucher = (moved.voucher.0 != 0).then(|| {
                Value::Object(record([("id", number(moved.voucher.0)), ("number", number(posted.voucher_number))]))
            });
            record([
                ("id", number(posted.number)),
                ("position", number(posted.position)),
                ("kind", text(moved.kind.name())),
                ("effectiveAt", text(moved.effective_at.to_string())),
                ("bookedAt", text(posted.booked_at.to_string())),
                ("product", names.product_of(moved.product)),
                ("variant", names.variant_of(moved.variant)),
                ("lot", names.lot_of(moved.lot)),
                ("from", place(structure, moved.from.location)),
                ("to", place(structure, moved.to.location)),
                ("quantity", decimal(moved.quantity.0)),
                ("amount", decimal(moved.amount.0)),
                ("currentAmount", maybe(line.current, |amount| decimal(amount.0))),
                ("change", running.0),
                ("runningQuantity", running.1),
                ("runningValue", running.2),
                ("voucher", voucher.unwrap_or(Value::Null)),
                ("run", maybe(posted.run, |run| text(uid::print(&run)))),
                ("counted", maybe(posted.counted, |counted| decimal(counted.0))),
                ("customer", some(moved.customer.0)),
                ("supplier", some(moved.supplier.0)),
                ("description", maybe(moved.description, text)),
                ("reverses", maybe(moved.reverses, |id| number(MovementId::number(id)))),
            ])
        }
        Cause::Valued { org_unit, counterpart, kind, amount } => record([
            ("id", Value::Null),
            ("position", number(line.mark.1)),
            ("kind", text(kind.name())),
            ("effectiveAt", text(lotbook_domain::time::Time(line.mark.0).to_string())),
            ("bookedAt", Value::Null),
            ("product", names.product_of(filter.product)),
            ("variant", Value::Null),
            ("lot", Value::Null),
            ("from", place(structure, counterpart)),
            ("to", place(structure, org_unit)),
            ("quantity", decimal(0)),
            ("amount", decimal(amount.0)),
            ("currentAmount", Value::Null),
            ("change", running.0),
            ("runningQuantity", running.1),
            ("runningValue", running.2),
            ("voucher", Value::Null),
            ("run", Value::Null),
            ("counted", Value::Null),
            ("customer", Value::Null),
            ("supplier", Value::Null),
            ("description", Value::Null),
            ("reverses", Value::Null),
        ]),
    }
}

/// A whole stock card.
pub fn table(asked: &Asked) -> Table {
    let asked = asked.clone();
    let (mut after, mut is_done, mut pinned) = (None, false, None);
    Table::new(move |conn| {
        if is_done {
            return Ok(None);
        }
        let page = page(&asked, conn, pinned, after, PAGE as usize)?;
        pinned = pinned.or(Some(page.position));
        (after, is_done) = (page.next, page.next.is_none());
        Ok(Some(page.items))
    })
    .with_columns(COLUMNS)
}
