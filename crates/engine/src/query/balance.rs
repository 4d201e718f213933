//! What stands where: now, as of a time, and as it was known at a position.

use std::collections::{BTreeSet, HashMap};
use std::panic::resume_unwind;

use lotbook_domain::id::{AccountId, LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind};
use lotbook_domain::money::Amount;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Instant, Need, Span};

use super::range;
use crate::desk::ROUNDS_MAX;
use crate::error::Error;
use crate::store::{Arg, Conn, Rows, long_sum};
use crate::table;

/// Which balances. All that is given must hold; lists are already widened to descendants, and an
/// empty list matches nothing.
#[derive(Clone, Debug, Default)]
pub struct BalanceFilter {
    /// Of these products.
    pub products: Option<Vec<ProductId>>,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Of these lots or instances.
    pub lots: Option<Vec<LotId>>,
    /// At these places; for pools, of these stock org units.
    pub places: Option<Vec<LocationId>>,
    /// As of this time; `None` = after everything.
    pub as_of: Option<Time>,
    /// As it was known at this position; `None` = now.
    pub as_known_at: Option<i64>,
    /// After this account, for paging.
    pub after: AccountId,
    /// Balances that are 0 as well.
    pub with_zero: bool,
}

impl BalanceFilter {
    /// Whether every product, variant, lot and place is meant.
    fn names_none(&self) -> bool {
        self.products.is_none() && self.variant.is_none() && self.lots.is_none() && self.places.is_none()
    }
}

/// A balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The account.
    pub account: AccountId,
    /// What it stands for.
    pub key: AccountKey,
    /// How much stands there.
    pub quantity: Quantity,
    /// What it is worth; pools only.
    pub amount: Amount,
}

/// How many accounts at most are read and brought to a time together, and how many at least.
const CHUNK: i64 = 2_000;
const CHUNK_MIN: i64 = 64;
/// So many products or lots are few.
const FEW: usize = 1_000;

/// Balances in the order of accounts, at most `limit`; the account to go on after, if there are more.
///
/// Cost: one read for accounts whose movements all lie before the time asked for; for the others a
/// handful of summaries and one leaf of movements each, read together. `as_known_at` adds the movements
/// learned since. Long lists are read by two threads where the database lets two connections see the same.
pub fn balances(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    filter: &BalanceFilter,
    limit: usize,
) -> Result<(Vec<Balance>, Option<AccountId>), Error> {
    let list = List { tenant, kind, filter };
    let mut found = Vec::new();
    let mut after = filter.after;
    let mut beside = None;
    let is_past = filter.as_of.is_some() || filter.as_known_at.is_some();
    if filter.names_none() && is_past && limit > CHUNK as usize {
        beside = conn.twin()?;
    }
    let add = |found: &mut Vec<Balance>, part: Vec<Balance>| {
        let room = limit - found.len();
        let is_cut = part.len() > room;
        found.extend(part.into_iter().take(room));
        is_cut.then(|| found.last().map_or(filter.after, |balance| balance.account))
    };
    loop {
        // Whoever asks for a page does not pay for the pages after it.
        let wanted = i64::try_from(limit - found.len()).unwrap_or(CHUNK).saturating_add(1);
        let stretch = Stretch { after, up_to: None, most: wanted.clamp(CHUNK_MIN, CHUNK) };
        let (first, second) = match &mut beside {
            Some(beside) if wanted > CHUNK => match table::account::nth_after(conn, tenant, after, CHUNK)? {
                Some(middle) => std::thread::scope(|scope| {
                    let next = scope.spawn(|| list.part(beside, Stretch { after: middle, ..stretch }));
                    let first = list.part(conn, Stretch { up_to: Some(middle), ..stretch });
                    (first, Some(next.join().unwrap_or_else(|panic| resume_unwind(panic))))
                }),
                None => (list.part(conn, stretch), None),
            },
            _ => (list.part(conn, stretch), None),
        };
        let mut last = None;
        for part in [Some(first), second].into_iter().flatten() {
            let (balances, end) = part?;
            if let Some(last_kept) = add(&mut found, balances) {
                return Ok((found, Some(last_kept)));
            }
            last = end;
        }
        match last {
            Some(last) => after = last,
            None => return Ok((found, None)),
        }
    }
}

/// Some of the accounts of a list: those after one, up to one that is known, or so many at most.
#[derive(Clone, Copy)]
struct Stretch {
    after: AccountId,
    up_to: Option<AccountId>,
    most: i64,
}

/// Some accounts that match, in the order of ids.
struct Chunk {
    accounts: Vec<Account>,
    /// The account to go on after; `None` = there are no more.
    last: Option<AccountId>,
}

/// What is listed.
#[derive(Clone, Copy)]
struct List<'a> {
    tenant: TenantId,
    kind: AccountKind,
    filter: &'a BalanceFilter,
}

impl List<'_> {
    /// The balances of some of its accounts, and the account to go on after, if there are more.
    fn part(self, conn: &mut Conn, stretch: Stretch) -> Result<(Vec<Balance>, Option<AccountId>), Error> {
        let Self { tenant, kind, filter } = self;
        let Chunk { accounts, last } = self.accounts(conn, stretch)?;
        let balances = balances_of(conn, tenant, kind, filter, accounts)?;
        let is_told = |balance: &Balance| filter.with_zero || balance.quantity.0 != 0 || balance.amount.0 != 0;
        Ok((balances.into_iter().filter(is_told).collect(), last))
    }

    fn accounts(self, conn: &mut Conn, stretch: Stretch) -> Result<Chunk, Error> {
        let (Self { tenant, kind, filter }, Stretch { after, up_to, most }) = (self, stretch);
        // Few products or lots are looked up by these, whatever the database believes; their accounts are few as well.
        let are_few = |len: Option<usize>| len.is_some_and(|len| len <= FEW);
        let is_narrow = are_few(filter.products.as_ref().map(Vec::len)) || are_few(filter.lots.as_ref().map(Vec::len));
        let id = if is_narrow { "a.id + 0" } else { "a.id" };
        // The kind is told in words, as there are indexes of one kind.
        let mut sql = format!("a.tenant = $1 and a.kind = {} and {id} > $2 and a.postings > 0", kind.code());
        let mut args = vec![Arg::Int(tenant.0), Arg::Int(after.0)];
        if filter.lots.as_ref().is_some_and(|lots| lots.iter().all(|lot| lot.0 > 0)) {
            sql.push_str(" and a.lot > 0");
        }
        let products = filter.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
        let lots = filter.lots.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
        let places = filter.places.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
        if let Some(variant) = filter.variant {
            args.push(Arg::Int(variant.0));
            sql.push_str(&format!(" and a.variant = ${}", args.len()));
        }
        // One is a constant for the planner, several are a set.
        let place = if is_narrow && products.is_none() { "a.place + 0" } else { "a.place" };
        for (column, rows) in [("a.product", &products), ("a.lot", &lots), (place, &places)] {
            let Some(rows) = rows else { continue };
            if let Some(id) = rows.only_id() {
                args.push(Arg::Int(id));
                sql.push_str(&format!(" and {column} = ${}", args.len()));
            } else {
                args.push(Arg::Rows(rows));
                sql.push_str(&format!(" and {column} in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
            }
        }
        if !filter.with_zero && filter.as_known_at.is_none() {
            sql.push_str(" and (a.quantity <> 0 or a.amount <> 0");
            // What is 0 now may have held something before its last posting.
            if let Some(at) = filter.as_of {
                args.push(Arg::Int(at.0));
                sql.push_str(&format!(" or a.instants_to > ${}", args.len()));
            }
            sql.push(')');
        }
        if filter.names_none() {
            let last =
                up_to.map_or_else(|| table::account::nth_after(conn, tenant, after, most), |up_to| Ok(Some(up_to)))?;
            let up_to = last.unwrap_or(AccountId(i64::MAX));
            let accounts = table::account::select_between(conn, tenant, (after, up_to), &sql, &args)?;
            return Ok(Chunk { accounts, last });
        }
        args.push(Arg::Int(most));
        let accounts = table::account::select_by(conn, id, &sql, &args)?;
        let is_full = accounts.len() as i64 == most;
        let last = accounts.last().filter(|_| is_full).map(|account| account.id);
        Ok(Chunk { accounts, last })
    }
}

/// What stands in accounts at the times of a filter, in their order.
pub(super) fn balances_of(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    filter: &BalanceFilter,
    mut accounts: Vec<Account>,
) -> Result<Vec<Balance>, Error> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let learned_since = match filter.as_known_at {
        Some(position) => learned_since(conn, tenant, kind, position, filter.as_of, &accounts)?,
        None => HashMap::new(),
    };
    let standing = standing(conn, tenant, &mut accounts, filter.as_of)?;
    let mut balances = Vec::with_capacity(accounts.len());
    for (account, (quantity, amount)) in accounts.iter().zip(standing) {
        let mut balance = Balance { account: account.id, key: account.key, quantity, amount };
        if let Some((later_quantity, later_amount)) = learned_since.get(&account.id) {
            let product = account.key.product;
            let stood = i128::from(quantity.0) - later_quantity;
            balance.quantity = range::quantity(conn, tenant, product, "what stood there", stood)?;
            let worth = i128::from(amount.0) - later_amount;
            balance.amount = range::amount(conn, tenant, product, "the values of what stood there", worth)?;
        }
        balances.push(balance);
    }
    Ok(balances)
}

/// What stands in each account at a time, loading what that takes.
pub(crate) fn standing(
    conn: &mut Conn,
    tenant: TenantId,
    accounts: &mut [Account],
    as_of: Option<Time>,
) -> Result<Vec<(Quantity, Amount)>, Error> {
    let times = vec![as_of.unwrap_or(Time::FOREVER); accounts.len()];
    standing_each(conn, tenant, accounts, &times)
}

/// [`standing`] where each account is asked for at a time of its own.
///
/// Of the leaf of movements that a time lies in, the database adds up those until then or, where that is shorter,
/// those after it: of a whole list, most of what is read is in such leaves.
pub(crate) fn standing_each(
    conn: &mut Conn,
    tenant: TenantId,
    accounts: &mut [Account],
    times: &[Time],
) -> Result<Vec<(Quantity, Amount)>, Error> {
    for _ in 0..ROUNDS_MAX {
        let mut standing: Vec<Instant> = Vec::with_capacity(accounts.len());
        let mut leaves: Vec<Leaf> = Vec::new();
        let mut needs: BTreeSet<(AccountId, Need)> = BTreeSet::new();
        for (account, at) in accounts.iter().zip(times) {
            match account.timeline.before_leaf(*at) {
                Ok(partly) => {
                    let (sum, span) = partly
                        .shorter(*at)
                        .map_err(|fault| Error::Internal(format!("account {}: {fault}; run verify", account.id)))?;
                    if let Some(Span { from, to, is_added }) = span {
                        let (no, kind, root) = (standing.len(), account.key.kind, account.timeline.root());
                        // Most timelines are one leaf: one bound is told by there being nothing beyond it.
                        let from = if from <= root.instants_from { Time::BEGINNING } else { from };
                        let to = if to >= root.instants_to { Time::FOREVER } else { to };
                        leaves.push(Leaf { no, account: account.id, kind, from, to, is_added });
                    }
                    standing.push(sum);
                }
                Err(fault) => match account.missing(fault) {
                    lotbook_domain::ledger::Missing::Part(id, need) => {
                        needs.insert((id, need));
                    }
                    _ => return Err(Error::Internal(format!("account {}: {fault}; run verify", account.id))),
                },
            }
        }
        if needs.is_empty() {
            add_leaves(conn, tenant, &leaves, &mut standing)?;
            return Ok(standing.into_iter().map(|sum| (sum.quantity, sum.amount)).collect());
        }
        table::account::part::load(conn, tenant, accounts.iter_mut(), &needs)?;
    }
    Err(Error::Internal("a timeline keeps asking for the same part".to_owned()))
}

/// A part of a leaf of movements that is to be added up.
struct Leaf {
    /// To which of the sums.
    no: usize,
    account: AccountId,
    kind: AccountKind,
    from: Time,
    to: Time,
    /// Added to the sum, or taken off it.
    is_added: bool,
}

fn add_leaves(conn: &mut Conn, tenant: TenantId, leaves: &[Leaf], sums: &mut [Instant]) -> Result<(), Error> {
    let mut is_added = vec![true; sums.len()];
    for leaf in leaves {
        is_added[leaf.no] = leaf.is_added;
    }
    for kind in [AccountKind::Stock, AccountKind::Pool] {
        let asked: Vec<(i64, AccountId, Time, Time)> = leaves
            .iter()
            .filter(|leaf| leaf.kind == kind)
            .map(|leaf| (leaf.no as i64, leaf.account, leaf.from, leaf.to))
            .collect();
        table::account::part::sums(conn, tenant, kind, &asked, |no, quantity, amount| {
            let sum = &mut sums[no as usize];
            let added = if is_added[no as usize] {
                (sum.quantity.0.checked_add(quantity), sum.amount.0.checked_add(amount))
            } else {
                (sum.quantity.0.checked_sub(quantity), sum.amount.0.checked_sub(amount))
            };
            let (Some(quantity), Some(amount)) = added else {
                return Err(Error::Internal("a balance leaves the range of 64 bits; run verify".to_owned()));
            };
            (sum.quantity, sum.amount) = (Quantity(quantity), Amount(amount));
            Ok(())
        })?;
    }
    Ok(())
}

/// So many headers are counted at most to see how much was learned.
const HEADERS_MAX: i64 = 10_000;

/// Whether what was learned after a position is less than these accounts hold, so that it is found sooner by its
/// headers than by the accounts; `None` = nothing was learned.
fn is_found_by_header(
    conn: &mut Conn,
    tenant: TenantId,
    position: i64,
    accounts: &[Account],
) -> Result<Option<bool>, Error> {
    let held: i64 = accounts.iter().map(|account| account.timeline.root().postings).sum();
    let most = held.min(HEADERS_MAX);
    let (headers, lines) = table::header::counted_after(conn, tenant, position, most + 1)?;
    Ok((headers > 0).then_some(headers <= most && lines <= held))
}

/// What was learned after a position about these accounts, effective up to a time. Cost: the movements of that time, or
/// those of the accounts, whichever are fewer.
fn learned_since(
    conn: &mut Conn,
    tenant: TenantId,
    kind: AccountKind,
    position: i64,
    as_of: Option<Time>,
    accounts: &[Account],
) -> Result<HashMap<AccountId, (i128, i128)>, Error> {
    let mut found: HashMap<AccountId, (i128, i128)> = HashMap::new();
    let Some(is_by_header) = is_found_by_header(conn, tenant, position, accounts)? else { return Ok(found) };
    let ids = Rows::ids(accounts.iter().map(|account| account.id.0));
    let args = [Arg::Int(tenant.0), Arg::Int(position), Arg::Int(as_of.unwrap_or(Time::FOREVER).0), Arg::Rows(&ids)];
    // Stock is counted, pools are worth something: an account of stock never holds an amount.
    let sources: &[(&str, &str, &str, &str, i128)] = match kind {
        AccountKind::Stock => {
            &[("movement", "to_account", "x.quantity", "0", 1), ("movement", "from_account", "x.quantity", "0", -1)]
        }
        AccountKind::Pool => &[
            ("movement", "to_pool", "x.quantity", "x.amount", 1),
            ("movement", "from_pool", "x.quantity", "x.amount", -1),
            ("value_entry", "pool", "0", "x.amount", 1),
        ],
    };
    for (table, column, quantity, amount, sign) in sources {
        let from = if is_by_header {
            format!(
                "header h {{look up {table} x}} x.tenant = $1 and x.batch = h.batch {{looked up x}} \
                 where h.tenant = $1 and h.position > $2 and x.effective_at <= $3 \
                 and x.{column} in (select r.id from {{rows $4 (id bigint) r}})"
            )
        } else {
            format!(
                "{{rows $4 (id bigint) r}} {{look up {table} x}} x.tenant = $1 and x.{column} = r.id and x.{column} > 0 \
                 and x.effective_at <= $3 {{looked up x}} {{look up header h}} h.tenant = $1 and h.batch = x.batch \
                 {{looked up h}} where h.position > $2"
            )
        };
        conn.each(
            &format!(
                "select x.{column}, {}, {} from {from} \
                 group by x.{column}",
                long_sum(quantity),
                long_sum(amount)
            ),
            &args,
            |row| {
                let sum = found.entry(AccountId(row.int(0)?)).or_default();
                sum.0 += sign * row.sum(1)?;
                sum.1 += sign * row.sum(3)?;
                Ok(())
            },
        )?;
    }
    Ok(found)
}

/// What stands in the places outside the house: the other side of every balance, by product, variant,
/// lot and place. Reads every movement that matches.
///
/// Errors: refused `quantityTooLarge`, where more went to one of them than a figure can tell.
pub fn outside(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &BalanceFilter,
) -> Result<Vec<(AccountKey, Quantity)>, Error> {
    let products = filter.products.as_ref().map(|ids| Rows::ids(ids.iter().map(|id| id.0)));
    let mut sql = String::from("m.tenant = $1 and m.effective_at <= $2");
    let mut args = vec![Arg::Int(tenant.0), Arg::Int(filter.as_of.unwrap_or(Time::FOREVER).0)];
    if let Some(rows) = &products {
        args.push(Arg::Rows(rows));
        sql.push_str(&format!(" and m.product in (select r.id from {{rows ${} (id bigint) r}})", args.len()));
    }
    if let Some(position) = filter.as_known_at {
        args.push(Arg::Int(position));
        sql.push_str(&format!(
            " and m.batch in (select h.batch from header h where h.tenant = $1 and h.position <= ${})",
            args.len()
        ));
    }
    let text = format!(
        "select b.product, b.place, b.variant, b.lot, {} from ( \
         select m.product, m.to_location as place, m.variant, m.lot, m.quantity from movement m \
         where {sql} and m.to_location < 0 \
         union all \
         select m.product, m.from_location as place, m.variant, m.lot, -m.quantity from movement m \
         where {sql} and m.from_location < 0) b group by b.product, b.place, b.variant, b.lot \
         order by b.product, b.place, b.variant, b.lot",
        long_sum("b.quantity")
    );
    let found = conn.query(&text, &args, |row| {
        let key = AccountKey {
            product: ProductId(row.int(0)?),
            place: LocationId(row.int(1)?),
            kind: AccountKind::Stock,
            variant: VariantId(row.int(2)?),
            lot: LotId(row.int(3)?),
        };
        Ok((key, row.sum(4)?))
    })?;
    let told = |(key, sum): (AccountKey, i128)| {
        Ok((key, range::quantity(conn, tenant, key.product, "what went to a place outside", sum)?))
    };
    found.into_iter().map(told).collect()
}
