//! I2, I5 and half of I7: accounts and their nodes, built anew from what is posted to them.

use std::collections::{BTreeMap, HashMap, VecDeque};

use lotbook_domain::id::{AccountId, TenantId};
use lotbook_domain::ledger::{Account, AccountKey, AccountKind};
use lotbook_domain::policy::Negative;
use lotbook_domain::quantity::Quantity;
use lotbook_domain::time::Time;
use lotbook_domain::timeline::{Builder, Node, Place};

use super::Ticker;
use super::finding::{Findings, Thing};
use crate::error::Error;
use crate::store::Conn;
use crate::structure::Structure;
use crate::table;
use crate::table::scan::Posting;

/// Accounts read together …
const ACCOUNTS_MAX: i64 = 2_000;
/// … of which so many nodes are looked at together …
const NODES_MAX: i64 = 50_000;
/// … and postings, unless a single account has more: as many as PostgreSQL sorts in the 4 MiB of memory that it gives
/// to that unless told otherwise.
const POSTINGS_MAX: i64 = 30_000;
/// So many balances below zero are examined more closely.
const SUSPECTS_MAX: usize = 1_000;

/// An account as stored.
struct Kept {
    key: AccountKey,
    root: Node,
    unsettled_from: Option<Time>,
    nodes: HashMap<Place, Node>,
}

/// What is seen along the way.
#[derive(Default)]
struct Seen {
    unsettled: u64,
    /// Balances that are or were below zero where that is forbidden today.
    suspects: Vec<(AccountId, AccountKey, Quantity)>,
}

pub(super) fn verify(
    conn: &mut Conn,
    tenant: TenantId,
    structure: &Structure,
    position: i64,
    found: &mut Findings,
    ticker: &mut Ticker<'_>,
) -> Result<(), Error> {
    let mut seen = Seen::default();
    let mut after = AccountId(0);
    loop {
        let stored = table::account::after(conn, tenant, after, ACCOUNTS_MAX)?;
        let is_last = (stored.len() as i64) < ACCOUNTS_MAX;
        let end = stored.last().filter(|_| !is_last).map_or(AccountId(i64::MAX), |last| last.account.id);
        let counts = table::scan::node_counts(conn, tenant, after, end)?.into_iter().collect();
        let mut rest = stored.into_iter().map(|stored| stored.account).collect::<VecDeque<_>>();
        loop {
            let accounts = take_together(&mut rest, &counts);
            let to = accounts.last().filter(|_| !rest.is_empty()).map_or(end, |last| last.id);
            let chunk = with_nodes(conn, tenant, (after, to), accounts, found)?;
            let mut rebuild = Rebuild { chunk, structure, found, seen: &mut seen, open: None };
            table::scan::postings(conn, tenant, after, to, |posting| {
                ticker.tick();
                rebuild.posting(&posting);
                Ok(())
            })?;
            rebuild.finish();
            after = to;
            if rest.is_empty() {
                break;
            }
        }
        if is_last {
            break;
        }
    }
    if seen.unsettled > 0 {
        found.note(7, format!("{} pools await the settlement of their values and are not judged", seen.unsettled));
    }
    judge_suspects(conn, tenant, position, seen.suspects, found)
}

/// The next accounts that are looked at together: one, and more while they have few nodes and postings.
fn take_together(rest: &mut VecDeque<Account>, node_counts: &HashMap<AccountId, i64>) -> Vec<Account> {
    let (mut nodes, mut postings) = (0_i64, 0_i64);
    let fits = rest.iter().take_while(|account| {
        nodes = nodes.saturating_add(node_counts.get(&account.id).copied().unwrap_or(0));
        postings = postings.saturating_add(account.timeline.root().postings.max(0));
        nodes <= NODES_MAX && postings <= POSTINGS_MAX
    });
    let count = fits.count().max(1).min(rest.len());
    rest.drain(..count).collect()
}

/// Accounts after one, up to one, with their nodes.
fn with_nodes(
    conn: &mut Conn,
    tenant: TenantId,
    (after, to): (AccountId, AccountId),
    accounts: Vec<Account>,
    found: &mut Findings,
) -> Result<BTreeMap<AccountId, Kept>, Error> {
    let mut chunk: BTreeMap<AccountId, Kept> = accounts
        .into_iter()
        .map(|account| {
            let root = *account.timeline.root();
            (account.id, Kept { key: account.key, root, unsettled_from: account.unsettled_from, nodes: HashMap::new() })
        })
        .collect();
    table::scan::nodes(conn, tenant, after, to, |account, place, node| match chunk.get_mut(&account) {
        Some(kept) => {
            kept.nodes.insert(place, node);
        }
        None => found.differs(2, Thing::Other(format!("account {account}")), || {
            format!("does not exist, but a summary is stored for its node {place}")
        }),
    })?;
    Ok(chunk)
}

/// Accounts of a chunk being built anew; postings come in the order of accounts and times.
struct Rebuild<'a> {
    chunk: BTreeMap<AccountId, Kept>,
    structure: &'a Structure,
    found: &'a mut Findings,
    seen: &'a mut Seen,
    open: Option<Open>,
}

/// The account that postings come for.
struct Open {
    id: AccountId,
    kept: Option<Kept>,
    builder: Option<Builder>,
    /// Nodes that were built and are not stored like that.
    wrong: Vec<(Place, Node, Option<Node>)>,
}

impl Rebuild<'_> {
    fn posting(&mut self, posting: &Posting) {
        if self.open.as_ref().is_none_or(|open| open.id != posting.account) {
            self.close();
            let kept = self.chunk.remove(&posting.account);
            if kept.is_none() {
                self.found.differs(2, Thing::Other(format!("account {}", posting.account)), || {
                    format!("does not exist, but movement {} is posted to it", posting.id.number())
                });
            }
            self.open = Some(Open::new(posting.account, kept));
        }
        let Some(open) = &mut self.open else { return };
        let Some(kept) = &mut open.kept else { return };
        let Some(builder) = &mut open.builder else { return };
        let (nodes, wrong) = (&mut kept.nodes, &mut open.wrong);
        let pushed = builder
            .push(posting.at, posting.quantity, posting.amount, &mut |place, node| compare(nodes, wrong, place, node));
        if let Err(fault) = pushed {
            self.found.differs(2, Thing::Account(open.id, kept.key), || format!("{fault}, at {}", posting.at));
            open.builder = None;
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            open.judge(self.structure, self.found, self.seen);
        }
    }

    /// Accounts that nothing is posted to.
    fn finish(mut self) {
        self.close();
        for (id, kept) in std::mem::take(&mut self.chunk) {
            Open::new(id, Some(kept)).judge(self.structure, self.found, self.seen);
        }
    }
}

fn compare(nodes: &mut HashMap<Place, Node>, wrong: &mut Vec<(Place, Node, Option<Node>)>, place: Place, node: Node) {
    let stored = nodes.remove(&place);
    if stored != Some(node) && wrong.len() < 10 {
        wrong.push((place, node, stored));
    }
}

impl Open {
    fn new(id: AccountId, kept: Option<Kept>) -> Self {
        Self { id, kept, builder: Some(Builder::new()), wrong: Vec::new() }
    }

    fn judge(self, structure: &Structure, found: &mut Findings, seen: &mut Seen) {
        let Self { id, kept, builder, mut wrong, .. } = self;
        let Some(mut kept) = kept else { return };
        found.checked(2, 1);
        let Some(builder) = builder else { return };
        let root = builder.finish(&mut |place, node| compare(&mut kept.nodes, &mut wrong, place, node));
        let thing = || Thing::Account(id, kept.key);
        if root != kept.root {
            found.differs(2, thing(), || difference(&kept.root, &root));
        }
        for (place, node, stored) in wrong {
            found.differs(2, thing(), || match stored {
                Some(stored) => format!("node {place}: {}", difference(&stored, &node)),
                None => format!("node {place} is missing; it holds {} postings", node.postings),
            });
        }
        let mut surplus: Vec<_> = kept.nodes.keys().copied().collect();
        surplus.sort_unstable();
        for place in surplus {
            found.differs(2, thing(), || format!("node {place} is stored and no posting leads to it"));
        }
        match kept.key.kind {
            AccountKind::Pool => {
                if kept.unsettled_from.is_some() {
                    seen.unsettled += 1;
                } else if root.quantity.0 == 0 && root.amount.0 != 0 {
                    found.differs(7, thing(), || {
                        format!("holds nothing, but a value of {} is left in it", Quantity(root.amount.0))
                    });
                }
            }
            AccountKind::Stock => {
                let policy = structure.catalog.policies.negative_at(&structure.catalog.locations, kept.key.place);
                if policy == Negative::Forbid {
                    found.checked(5, 1);
                    if root.postings > 0 && root.low.0 < 0 && seen.suspects.len() < SUSPECTS_MAX {
                        seen.suspects.push((id, kept.key, root.low));
                    }
                }
            }
        }
    }
}

/// What differs between a node as stored and as built anew.
fn difference(stored: &Node, built: &Node) -> String {
    let number = |number: i64| Quantity(number).to_string();
    let lowest = |low: Quantity| if low.0 == i64::MAX { "none".to_owned() } else { low.to_string() };
    let fields = [
        ("quantity", number(stored.quantity.0), number(built.quantity.0)),
        ("value", number(stored.amount.0), number(built.amount.0)),
        ("lowest balance", lowest(stored.low), lowest(built.low)),
        ("lowest balance but for the last instant", lowest(stored.low_before), lowest(built.low_before)),
        ("first instant", stored.instants_from.0.to_string(), built.instants_from.0.to_string()),
        ("last instant", stored.instants_to.0.to_string(), built.instants_to.0.to_string()),
        ("postings", stored.postings.to_string(), built.postings.to_string()),
        ("split", stored.is_split.to_string(), built.is_split.to_string()),
    ];
    let different: Vec<String> = fields
        .into_iter()
        .filter(|(_, stored, built)| stored != built)
        .map(|(name, stored, built)| format!("{name} is stored as {stored}, the movements make it {built}"))
        .collect();
    different.join("; ")
}

/// A balance below zero is a difference, unless it was so before negative stock was forbidden there.
fn judge_suspects(
    conn: &mut Conn,
    tenant: TenantId,
    position: i64,
    suspects: Vec<(AccountId, AccountKey, Quantity)>,
    found: &mut Findings,
) -> Result<(), Error> {
    if suspects.is_empty() {
        return Ok(());
    }
    let since = table::decision::current(conn, tenant)?
        .into_iter()
        .filter(|decision| decision.subject == "setting:negativeStock" || decision.subject.starts_with("location"))
        .map(|decision| decision.since)
        .max()
        .unwrap_or(0)
        .min(position);
    let mut older = 0;
    for (id, key, low) in suspects {
        let mut balance = 0_i64;
        let mut instant = None;
        let mut was_below = false;
        table::scan::postings_known_at(conn, tenant, id, since, |at, quantity| {
            if instant.is_some_and(|last| last != at) {
                was_below |= balance < 0;
            }
            instant = Some(at);
            balance = balance.saturating_add(quantity.0);
            Ok(())
        })?;
        if was_below || balance < 0 {
            older += 1;
        } else {
            found.differs(5, Thing::Account(id, key), || {
                format!("falls to {low}, although negative stock is forbidden there since position {since}")
            });
        }
    }
    if older > 0 {
        found.note(
            5,
            format!("{older} balances were below zero already when negative stock was forbidden, at position {since}"),
        );
    }
    Ok(())
}
