//! How a product is valued, as a dated fact: its method, and its standard cost.

use std::collections::BTreeSet;

use lotbook_domain::catalog::{Costing, Product, Variant};
use lotbook_domain::costing::CostingFact;
use lotbook_domain::entry::{TEXT_MAX, check_text};
use lotbook_domain::id::{AccountId, ProductId, TenantId, VariantId};
use lotbook_domain::money::{UnitCost, extend};
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::Conn;
use crate::table;
use crate::table::costing::Costed;
use crate::thing::{kinds, row};
use crate::write::{Change, Tx};

/// Values a product by another method, or at another standard cost, from a time on; the stock there is then
/// worth what the standard makes of it. Values are settled a moment later.
///
/// Errors: invalid `required`, `unknownProduct`, `outOfRange`, `dateOutOfRange`, `dateInFuture`; refused
/// `periodClosed`, `specificCost`, `amountTooLarge`. Cost: a fixed number of statements.
#[derive(Clone, Debug, Default)]
pub struct ChangeCosting {
    /// The product.
    pub product: ProductId,
    /// For this variant only; 0 = all without a word of their own.
    pub variant: VariantId,
    /// The method; `None` = as it is.
    pub method: Option<Costing>,
    /// The standard cost of one unit; `None` = as it is.
    pub standard: Option<UnitCost>,
    /// From when on; `None` = now.
    pub at: Option<Time>,
    /// Why.
    pub reason: String,
    /// What the door could not read.
    pub violations: Vec<Violation>,
}

/// What was said; costs in millionths, times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostingAnswer {
    /// Its id.
    pub id: i64,
    /// The product.
    pub product: i64,
    /// The variant; 0 = none.
    pub variant: i64,
    /// From when on; `None` = always.
    pub from: Option<i64>,
    /// The method.
    pub method: Option<String>,
    /// The standard cost.
    pub standard: Option<i64>,
    /// The position of the ledger at which it was said.
    pub since: i64,
    /// When it was said.
    pub at: i64,
    /// By whom.
    pub person: i64,
    /// Why.
    pub reason: Option<String>,
}

impl From<Costed> for CostingAnswer {
    fn from(costed: Costed) -> Self {
        Self {
            id: costed.id,
            product: costed.product.0,
            variant: costed.fact.variant.0,
            from: (costed.fact.from != Time::BEGINNING).then_some(costed.fact.from.0),
            method: costed.fact.method.map(|method| method.name().to_owned()),
            standard: costed.fact.standard.map(|cost| cost.0),
            since: costed.since,
            at: costed.at.0,
            person: costed.person.0,
            reason: costed.reason,
        }
    }
}

impl Change for ChangeCosting {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let at = self.at.unwrap_or(tx.now);
        // The record before the ledger, as by whoever changes the record itself.
        if self.variant.0 == 0 {
            row::lock(tx.conn, tx.tenant, &kinds::PRODUCTS, self.product.0)?;
        } else {
            row::lock(tx.conn, tx.tenant, &kinds::VARIANTS, self.variant.0)?;
        }
        let product = table::catalog::products(tx.conn, tx.tenant, [self.product])?.pop();
        let variant = table::catalog::variants(tx.conn, tx.tenant, [self.variant])?.pop();
        let product = self.check(product, at, tx.now)?;
        let structure = tx.engine.structure(tx.conn, tx.tenant)?;
        let policies = &structure.catalog.policies;
        if let Some(open) = policies.open_from.values().copied().max().filter(|open| at < *open) {
            let message = format!("{at} lies in a closed period; the first open instant is {open}");
            return Err(Error::refused("periodClosed", message));
        }
        let fact = CostingFact { from: at, variant: self.variant, method: self.method, standard: self.standard };
        let costed = say(tx, &product, variant.as_ref(), fact, Some(self.reason.clone()))?;
        table::catalog::set_costing(tx.conn, tx.tenant, self.product, &fact, (tx.now, tx.person))?;
        tx.audit("value", format!("product {}", self.product), Some(self.reason.clone()));
        tx.wake_worker();
        Ok(serde_json::to_string(&CostingAnswer::from(costed)).expect("an answer is plain data"))
    }
}

impl ChangeCosting {
    fn check(&self, product: Option<Product>, at: Time, now: Time) -> Result<Product, Error> {
        let mut wrong = self.violations.clone();
        if self.method.is_none() && self.standard.is_none() && wrong.is_empty() {
            wrong.push(Violation::new("costing", "required", "is missing; name a method, a standardCost, or both"));
        }
        if self.method.is_some() && self.variant.0 != 0 {
            wrong.push(Violation::new(
                "costing",
                "notPossible",
                "is of the product; only a standardCost is of a variant",
            ));
        }
        if self.standard.is_some_and(|cost| cost.0 < 0) {
            wrong.push(Violation::new("standardCost", "outOfRange", "is below 0"));
        }
        if !at.is_datable() {
            let message = format!("{at} is not between 1900-01-01 and 2199-12-31");
            wrong.push(Violation::new("at", "dateOutOfRange", message));
        } else if at > now {
            wrong.push(Violation::new("at", "dateInFuture", format!("{at} is yet to come; say it then")));
        }
        if self.reason.trim().is_empty() && wrong.iter().all(|violation| violation.field != "reason") {
            wrong.push(Violation::new("reason", "required", "is missing; say why"));
        } else if let Err((code, message)) = check_text(&self.reason, TEXT_MAX) {
            wrong.push(Violation::new("reason", code, message));
        }
        if product.is_none() && wrong.iter().all(|violation| violation.field != "product") {
            let message = format!("there is no product {}", self.product);
            wrong.push(Violation::new("product", "unknownProduct", message));
        }
        product.filter(|_| wrong.is_empty()).ok_or(Error::Invalid(wrong))
    }
}

/// Specific cost keeps a pool for each lot, the other methods one for all: what has moved stays in its pools.
pub(crate) fn refuse_other_pools(tx: &mut Tx<'_>, product: &Product, method: Costing) -> Result<(), Error> {
    let is_specific = |method: Costing| method == Costing::Specific;
    if is_specific(method) == is_specific(product.costing) {
        return Ok(());
    }
    let has_moved = tx.conn.one(
        "select 1 from account a where a.tenant = $1 and a.product = $2 and a.postings > 0 limit 1",
        &[tx.tenant.0.into(), product.id.0.into()],
        |row| row.int(0),
    )?;
    if has_moved.is_some() {
        let message = format!(
            "{} has moved already; specific cost keeps a value for each lot, so it is chosen before the first movement \
             or not at all",
            product.identifier
        );
        return Err(Error::refused("specificCost", message));
    }
    Ok(())
}

/// What stands in a pool has to be worth something that can be told, at the standard cost that holds by this word.
fn refuse_too_large(tx: &mut Tx<'_>, product: &Product, fact: &CostingFact) -> Result<(), Error> {
    let standard = fact.standard.or(product.cost_price).or(product.default_cost_price);
    let (Costing::Standard, Some(standard)) = (fact.method.unwrap_or(product.costing), standard) else { return Ok(()) };
    let scale = tx.engine.structure(tx.conn, tx.tenant)?.catalog.policies.scale;
    let most = tx.conn.one(
        "select a.quantity from account a where a.tenant = $1 and a.product = $2 and a.kind = 2 \
         and ($3 = 0 or a.variant = $3) order by abs(a.quantity) desc limit 1",
        &[tx.tenant.0.into(), product.id.0.into(), fact.variant.0.into()],
        |row| Ok(Quantity(row.int(0)?)),
    )?;
    let Some(most) = most.filter(|most| extend(*most, standard, scale).is_none()) else { return Ok(()) };
    let message = format!(
        "{} of {} at a standard cost of {} are worth more than 9,223,372,036,854, which cannot be told; choose a lower one",
        most,
        product.identifier,
        Quantity(standard.0)
    );
    Err(Error::refused("amountTooLarge", message))
}

/// Writes a word on how a product is valued; product and variant are as they were before. The first word also
/// keeps what held from the beginning. Pools wait for what follows from it.
pub(crate) fn say(
    tx: &mut Tx<'_>,
    product: &Product,
    variant: Option<&Variant>,
    fact: CostingFact,
    reason: Option<String>,
) -> Result<Costed, Error> {
    let since = mark_pools(tx, product.id, &fact)?;
    // Under the lock of the ledger's end, so that nothing moves for the first time meanwhile.
    if let Some(method) = fact.method {
        refuse_other_pools(tx, product, method)?;
    }
    refuse_too_large(tx, product, &fact)?;
    let mut words = Vec::new();
    // Asked under the lock: the first word on its variants is said by whoever holds another record.
    if table::costing::among(tx.conn, tx.tenant, &BTreeSet::from([product.id]))?.is_empty() {
        let standard = product.cost_price.or(product.default_cost_price);
        let (from, method) = (Time::BEGINNING, Some(product.costing));
        words.push((CostingFact { from, variant: VariantId(0), method, standard }, 0, None));
    }
    if let Some(variant) = variant
        && fact.variant == variant.id
        && variant.cost_price.is_some()
        && product.costings.iter().all(|said| said.variant != variant.id)
    {
        let (from, standard) = (Time::BEGINNING, variant.cost_price);
        words.push((CostingFact { from, variant: variant.id, method: None, standard }, 0, None));
    }
    words.push((fact, since, reason));
    let first = tx.ids("costing", words.len() as i64)?;
    let mut last = None;
    let mut said = Vec::with_capacity(words.len());
    for (at, (fact, since, reason)) in words.into_iter().enumerate() {
        let (id, person) = (first + at as i64, tx.person);
        let costed = Costed { id, product: product.id, fact, since, at: tx.now, person, reason };
        table::costing::insert(tx.conn, tx.tenant, &costed)?;
        said.push(table::said::of_costing(&costed));
        last = Some(costed);
    }
    table::said::link(tx.conn, tx.tenant, &said)?;
    Ok(last.expect("at least one word was written"))
}

/// Notes that the pools of a product wait for what a word on it changes; the position of the ledger's end, which is
/// locked from now on, so that no batch gets a position meanwhile.
///
/// Accounts are locked before the end of the ledger, as by whoever books. A pool that came to be before the end was
/// locked is therefore not locked after it: all of it is begun again, with that pool among the others. One that is about
/// to be sees the word when its batch comes to the end of the ledger, and waits by itself.
fn mark_pools(tx: &mut Tx<'_>, product: ProductId, fact: &CostingFact) -> Result<i64, Error> {
    let tenant = tx.tenant;
    let mut pools = pools_valued(tx.conn, tenant, product, fact.variant)?;
    loop {
        let mut fresh = BTreeSet::new();
        let marked = tx.conn.savepoint(|conn| {
            let waiting: Vec<_> = pools.iter().flat_map(|pool| [(*pool, fact.from), (*pool, Time::FOREVER)]).collect();
            table::account::await_settlement(conn, tenant, &waiting)?;
            let (since, _) = table::header::lock_tail(conn, tenant)?;
            fresh = &pools_valued(conn, tenant, product, fact.variant)? - &pools;
            if fresh.is_empty() { Ok(since) } else { Err(Error::Busy("a pool came to be meanwhile".to_owned())) }
        });
        if fresh.is_empty() {
            return marked;
        }
        pools.append(&mut fresh);
    }
}

/// The cost pools of a product; those of one variant, if it is not 0.
fn pools_valued(
    conn: &mut Conn,
    tenant: TenantId,
    product: ProductId,
    variant: VariantId,
) -> Result<BTreeSet<AccountId>, Error> {
    let found = conn.query(
        "select a.id from account a where a.tenant = $1 and a.product = $2 and a.kind = 2 \
         and ($3 = 0 or a.variant = $3)",
        &[tenant.0.into(), product.0.into(), variant.0.into()],
        |row| Ok(AccountId(row.int(0)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// How a product, or one of its variants, was valued before its record was changed.
pub(crate) struct Before {
    product: Product,
    variant: Option<Variant>,
}

impl Before {
    /// As it stands now.
    pub(crate) fn read(tx: &mut Tx<'_>, product: ProductId, variant: VariantId) -> Result<Option<Self>, Error> {
        let product = table::catalog::products(tx.conn, tx.tenant, [product])?.pop();
        let variant = table::catalog::variants(tx.conn, tx.tenant, [variant].into_iter().filter(|id| id.0 != 0))?.pop();
        Ok(product.map(|product| Self { product, variant }))
    }

    /// Says from now on what the changed record says; nothing where that is the same, or of no meaning.
    pub(crate) fn compare(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let entered = |product: &Product| product.cost_price.or(product.default_cost_price);
        let variant = self.variant.as_ref().map_or(VariantId(0), |variant| variant.id);
        let Some(after) = Self::read(tx, self.product.id, variant)? else { return Ok(()) };
        let is_standard = after.product.costing == Costing::Standard;
        let own = |before: &Self| before.variant.as_ref().and_then(|variant| variant.cost_price);
        let from = tx.now;
        let fact = if variant.0 != 0 {
            if !is_standard || own(&self) == own(&after) {
                return Ok(());
            }
            let standard = own(&after).or(entered(&after.product)).or(Some(UnitCost(0)));
            CostingFact { from, variant, method: None, standard }
        } else {
            let is_other = after.product.costing != self.product.costing;
            if !is_other && (!is_standard || entered(&self.product) == entered(&after.product)) {
                return Ok(());
            }
            let standard = entered(&after.product).or(is_standard.then_some(UnitCost(0)));
            CostingFact { from, variant, method: Some(after.product.costing), standard }
        };
        say(tx, &self.product, self.variant.as_ref(), fact, None)?;
        tx.wake_worker();
        Ok(())
    }
}
