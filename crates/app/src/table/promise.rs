//! What can be promised by which date, as people see it.

use lotbook_domain::id::{LotId, VariantId};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::violation::Violation;
use lotbook_engine::query::balance::BalanceFilter;
use lotbook_engine::query::promise::{Promise, promise};
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::{Conn, Error};

use super::asked::Asked;
use super::names::Names;
use super::{Table, decimal, maybe, record, text};

/// What it may be asked for.
pub const WORDS: [&str; 5] = ["product", "variant", "location", "orgUnit", "quantity"];

fn quantity_of(asked: &Asked) -> Result<Option<Quantity>, Error> {
    let Some(given) = asked.text("quantity") else { return Ok(None) };
    if let Ok(quantity) = given.parse() {
        return Ok(Some(quantity));
    }
    let message = format!("is {given:?}; send an exact decimal such as 2.5");
    Err(Error::Invalid(vec![Violation::new("quantity", "wrongNumber", message)]))
}

fn find(asked: &Asked, conn: &mut Conn) -> Result<Vec<(Record, Promise)>, Error> {
    asked.refuse_unknown(&WORDS)?;
    let quantity = quantity_of(asked)?;
    let structure = asked.engine.structure(conn, asked.tenant)?;
    let product = asked.product(conn)?.ok_or_else(|| {
        Error::Invalid(vec![Violation::new("product", "required", "is missing; a promise is of one product")])
    })?;
    let filter = BalanceFilter {
        variant: asked.variant(conn)?,
        places: asked.places(conn, &structure)?,
        ..BalanceFilter::default()
    };
    let tree = &structure.catalog.locations;
    let found = promise(conn, asked.tenant, tree, product, &filter, asked.engine.now())?;
    let keys = found.keys().map(|variant| (product, *variant, LotId(0)));
    let names = Names::load(conn, asked.tenant, keys.chain([(product, VariantId(0), LotId(0))]))?;
    let shown = found.into_iter().map(|(variant, promise)| {
        let mut row = record([
            ("product", names.product_of(product)),
            ("variant", names.variant_of(variant)),
            ("unit", names.unit_of(product, &structure)),
            ("stock", decimal(promise.stock.0)),
            ("reserved", decimal(promise.reserved.0)),
            ("overdue", decimal(promise.overdue.0)),
        ]);
        if let Some(quantity) = quantity {
            row.push(("quantity".to_owned(), decimal(quantity.0)));
            row.push(("promisableAt".to_owned(), maybe(promise.earliest(quantity), |at| text(at.to_string()))));
        }
        (row, promise)
    });
    Ok(shown.collect())
}

fn steps(promise: &Promise) -> impl Iterator<Item = Record> + '_ {
    promise.steps.iter().map(|step| {
        record([
            ("at", text(step.at.to_string())),
            ("booked", decimal(step.booked.0)),
            ("incoming", decimal(step.incoming.0)),
            ("released", decimal(step.released.0)),
            ("projected", decimal(step.projected.0)),
            ("availableToPromise", decimal(step.promise.0)),
        ])
    })
}

/// What can be promised, a record for each variant.
pub fn records(asked: &Asked, conn: &mut Conn) -> Result<Vec<Record>, Error> {
    let shown = find(asked, conn)?.into_iter().map(|(mut row, promise)| {
        row.push(("steps".to_owned(), Value::List(steps(&promise).map(Value::Object).collect())));
        row
    });
    Ok(shown.collect())
}

/// The same, a row for each time.
pub fn table(asked: &Asked) -> Table {
    let asked = asked.clone();
    let mut is_done = false;
    Table::new(move |conn| {
        if std::mem::replace(&mut is_done, true) {
            return Ok(None);
        }
        let mut rows = Vec::new();
        for (head, promise) in find(&asked, conn)? {
            rows.extend(steps(&promise).map(|step| head.iter().cloned().chain(step).collect::<Record>()));
        }
        Ok(Some(rows))
    })
}
