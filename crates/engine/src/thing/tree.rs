//! Records that form a tree: categories, and locations with their org units.
//!
//! A record keeps its path, the names from the top down, and is found by it. Renaming or moving one
//! changes the paths of all below it in one statement. The root of the locations is not part of any
//! path: what hangs below it begins its own.

use std::collections::{BTreeMap, HashMap};

use lotbook_domain::catalog::fold;
use lotbook_domain::id::{LocationId, TenantId};
use lotbook_domain::location::LocationTree;

use super::kind::{Cell, Kind};
use super::plan::{Pending, Plan};
use super::reference::{Found, Reference};
use crate::error::Error;
use crate::store::{Arg, Conn, Rows};
use crate::table;

/// More levels nobody can oversee, and every walk up a tree is bounded by it.
const LEVELS_MAX: usize = 60;

/// Where something hangs: the path above it, as written and folded; both empty at the top.
#[derive(Clone, Default)]
struct Above {
    path: String,
    key: String,
}

impl Above {
    fn join(&self, name: &str) -> Self {
        if self.path.is_empty() {
            return Self { path: name.to_owned(), key: fold(name) };
        }
        Self { path: format!("{}/{name}", self.path), key: format!("{}/{}", self.key, fold(name)) }
    }
}

/// The paths of records: one statement. The root of the locations has an empty one.
fn paths_of(conn: &mut Conn, tenant: TenantId, kind: &Kind, ids: Vec<i64>) -> Result<HashMap<i64, Above>, Error> {
    let mut found = HashMap::new();
    let rows = Rows::ids(ids);
    if !rows.is_empty() {
        let sql = format!(
            "select t.id, t.path, t.natural_key from {{rows $2 (id bigint) r}} cross join {} t \
             where t.tenant = $1 and t.id = r.id",
            kind.table
        );
        conn.each(&sql, &[Arg::Int(tenant.0), Arg::Rows(&rows)], |row| {
            let (id, path, key) = (row.int(0)?, row.text(1)?, row.text(2)?);
            let is_fixed = key.starts_with('/');
            found.insert(id, if is_fixed { Above::default() } else { Above { path, key } });
            Ok(())
        })?;
    }
    Ok(found)
}

/// For records whose parent is not there yet: the draft of the same request that it is, if it is one.
/// Parents may stand before or behind.
pub(super) fn parents_in_request(
    plan: &mut Plan<'_, '_>,
    wanted: &[Pending],
    found: &[Found],
) -> Result<HashMap<usize, usize>, Error> {
    let name = plan.place("name");
    let ids = found.iter().filter_map(|found| if let Found::One(id) = found { Some(*id) } else { None }).collect();
    let known = paths_of(plan.tx.conn, plan.tx.tenant, plan.kind, ids)?;
    // The folded path above each draft, as far as the request and what is there tell it.
    let mut above: HashMap<usize, String> = HashMap::new();
    let mut missing: Vec<(usize, String)> = Vec::new();
    for (one, found) in wanted.iter().zip(found) {
        match (found, &one.reference) {
            (Found::One(id), _) => {
                above.insert(one.draft, known.get(id).cloned().unwrap_or_default().key);
            }
            (Found::None, Reference::Text(text)) => {
                above.insert(one.draft, fold(text));
                missing.push((one.draft, fold(text)));
            }
            _ => {}
        }
    }
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for (at, draft) in plan.drafts.iter().enumerate() {
        if plan.is_sound(at, name) {
            let name = fold(draft.cells[name].text());
            let key = match above.get(&at) {
                Some(above) if !above.is_empty() => format!("{above}/{name}"),
                _ => name,
            };
            by_key.entry(key).or_insert(at);
        }
    }
    Ok(missing.into_iter().filter_map(|(at, text)| Some((at, *by_key.get(&text)?))).collect())
}

/// Gives each draft its path and key.
fn place(plan: &mut Plan<'_, '_>) -> Result<HashMap<i64, Above>, Error> {
    let (name, parent, path) = (plan.place("name"), plan.place("parent"), plan.place("path"));
    let mut ids: Vec<i64> =
        plan.drafts.iter().map(|draft| draft.cells[parent].number()).filter(|id| *id != 0).collect();
    ids.sort_unstable();
    ids.dedup();
    let above = paths_of(plan.tx.conn, plan.tx.tenant, plan.kind, ids)?;
    let mut placed: Vec<Option<Above>> = vec![None; plan.drafts.len()];
    for at in 0..plan.drafts.len() {
        // Up to a record whose place is known, then down again.
        let mut chain = vec![at];
        while let Some(next) = plan.drafts[chain[chain.len() - 1]].parent {
            if placed[next].is_some() || chain.len() > LEVELS_MAX {
                break;
            }
            chain.push(next);
        }
        while let Some(one) = chain.pop() {
            if placed[one].is_some() || !plan.is_sound(one, name) || !plan.is_sound(one, parent) {
                continue;
            }
            let draft = &plan.drafts[one];
            let over = match draft.parent {
                Some(next) => placed[next].clone(),
                None => Some(above.get(&draft.cells[parent].number()).cloned().unwrap_or_default()),
            };
            let Some(over) = over else { continue };
            placed[one] = Some(over.join(draft.cells[name].text()));
        }
    }
    for (at, spot) in placed.into_iter().enumerate() {
        let Some(spot) = spot else { continue };
        let levels = spot.key.matches('/').count() + 1;
        if levels > LEVELS_MAX {
            let message = format!("makes a path of {levels} levels; {LEVELS_MAX} are allowed");
            plan.complain(at, "parent", "tooDeep", message);
            continue;
        }
        plan.drafts[at].cells[path] = Cell::Text(Some(spot.path));
        plan.drafts[at].key = spot.key;
    }
    Ok(above)
}

/// Refuses to hang a record below itself.
fn check_cycle(plan: &mut Plan<'_, '_>, above: &HashMap<i64, Above>) {
    let parent = plan.place("parent");
    let Some(before) = &plan.drafts[0].before else { return };
    let id = plan.drafts[0].cells[parent].number();
    let Some(over) = above.get(&id) else { return };
    if id == before.id || over.key == before.key || over.key.starts_with(&format!("{}/", before.key)) {
        let message = format!("{} is below this {}; move that one first", over.path, plan.kind.noun);
        plan.complain(0, "parent", "cycle", message);
    }
}

/// Checks categories.
pub fn categories(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let above = place(plan)?;
    check_cycle(plan, &above);
    Ok(())
}

/// Checks locations.
pub fn locations(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (name, parent, path) = (plan.place("name"), plan.place("parent"), plan.place("path"));
    let (kind_of_place, is_org_unit) = (plan.place("type"), plan.place("is_org_unit"));
    for at in 0..plan.drafts.len() {
        let is_new = plan.drafts[at].before.is_none();
        let cells = &plan.drafts[at].cells;
        if is_new && !plan.is_given(at, is_org_unit) && cells[kind_of_place].text() == "orgUnit" {
            plan.drafts[at].cells[is_org_unit] = Cell::Int(Some(1));
        }
        let fixed =
            plan.drafts[at].before.as_ref().map(|before| before.id).filter(|id| *id <= LocationId::IN_TRANSIT.0);
        if let Some(id) = fixed {
            fixed_place(plan, id);
            return Ok(());
        }
        let above = plan.drafts[at].cells[parent].number();
        if above == 0 && plan.drafts[at].parent.is_none() {
            plan.drafts[at].cells[parent] = Cell::Int(Some(LocationId::ROOT.0));
        } else if above < 0 || above == LocationId::IN_TRANSIT.0 {
            plan.complain(at, "parent", "fixedPlace", "is not a place of the house; nothing can be below it");
        }
    }
    let above = place(plan)?;
    check_cycle(plan, &above);
    check_defaults(plan)?;
    if plan.drafts[0].before.is_some() && plan.is_sound(0, name) && plan.is_sound(0, path) {
        check_move(plan)?;
    }
    Ok(())
}

/// The root may get another name and other rules for what is kept there; the rest stays as it is.
fn fixed_place(plan: &mut Plan<'_, '_>, id: i64) {
    const FREE: [&str; 13] = [
        "name",
        "processType",
        "lotStorageStrategy",
        "lotUseStrategy",
        "capacity",
        "capacityUnit",
        "allowNegative",
        "sortOrder",
        "description",
        "notes",
        "spare1",
        "spare2",
        "spare3",
    ];
    let mut place = 0;
    for field in plan.kind.fields {
        let places = place..place + field.columns().count();
        place = places.end;
        let draft = &plan.drafts[0];
        let is_changed =
            draft.before.as_ref().is_some_and(|before| before.cells[places.clone()] != draft.cells[places]);
        if is_changed && (id != LocationId::ROOT.0 || !FREE.contains(&field.name)) {
            plan.complain(0, field.name, "fixedPlace", "cannot be changed for this place, which every tenant has");
        }
    }
    let (name, path) = (plan.place("name"), plan.place("path"));
    let draft = &mut plan.drafts[0];
    let called = draft.cells[name].text().to_owned();
    if id == LocationId::ROOT.0 {
        draft.key = format!("/{}", fold(&called));
        draft.cells[path] = Cell::Text(Some(called));
    } else if let Some(before) = &draft.before {
        draft.key.clone_from(&before.key);
    }
}

fn tree(plan: &mut Plan<'_, '_>) -> Result<LocationTree, Error> {
    Ok(LocationTree::new(table::catalog::locations(plan.tx.conn, plan.tx.tenant)?))
}

/// At most one default location for each org unit, which is itself none.
fn check_defaults(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (parent, is_org_unit, is_default) = (plan.place("parent"), plan.place("is_org_unit"), plan.place("is_default"));
    let wanted: Vec<usize> =
        (0..plan.drafts.len()).filter(|at| plan.drafts[*at].cells[is_default].number() != 0).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let tree = tree(plan)?;
    let mut taken: BTreeMap<OrgUnit, String> = BTreeMap::new();
    for node in tree.all() {
        let is_this = plan.drafts[0].before.as_ref().is_some_and(|before| before.id == node.id.0);
        if node.is_default && !node.is_org_unit && !is_this {
            taken.insert(OrgUnit::Kept(tree.org_unit_of(node.id)), node.path.clone());
        }
    }
    for at in wanted {
        if plan.drafts[at].cells[is_org_unit].number() != 0 {
            plan.complain(
                at,
                "isDefault",
                "orgUnitAsDefault",
                "an org unit is not a default location; mark a place below it",
            );
            continue;
        }
        let mut org_unit = None;
        let mut one = at;
        for _ in 0..LEVELS_MAX {
            match plan.drafts[one].parent {
                Some(next) if plan.drafts[next].cells[is_org_unit].number() != 0 => {
                    org_unit = Some(OrgUnit::Made(next));
                    break;
                }
                Some(next) => one = next,
                None => break,
            }
        }
        let org_unit = org_unit
            .unwrap_or_else(|| OrgUnit::Kept(tree.org_unit_of(LocationId(plan.drafts[one].cells[parent].number()))));
        let path = plan.drafts[at].cells[plan.place("path")].text().to_owned();
        if let Some(other) = taken.get(&org_unit) {
            let message =
                format!("its org unit has the default location {other} already; take the mark from that one first");
            plan.complain(at, "isDefault", "duplicate", message);
        } else {
            taken.insert(org_unit, path);
        }
    }
    Ok(())
}

/// An org unit that is there, or one of the same request.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum OrgUnit {
    Kept(LocationId),
    Made(usize),
}

/// Refuses a move that would take stock with a history into another cost pool.
fn check_move(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let (parent, is_org_unit) = (plan.place("parent"), plan.place("is_org_unit"));
    let draft = &plan.drafts[0];
    let Some(before) = &draft.before else { return Ok(()) };
    let id = LocationId(before.id);
    let (to, accounts) = (draft.cells[parent].number(), draft.cells[is_org_unit].number() != 0);
    let is_moved = before.cells[parent].number() != to;
    if !is_moved && (before.cells[is_org_unit].number() != 0) == accounts {
        return Ok(());
    }
    let tree = tree(plan)?;
    let Some(node) = tree.get(id) else { return Ok(()) };
    let mut moved = node.clone();
    moved.parent = LocationId(to);
    moved.is_org_unit = accounts;
    if let Some(found) = change_of_pool(plan.tx.conn, plan.tx.tenant, &tree, moved)? {
        let field = if is_moved { "parent" } else { "isOrgUnit" };
        let message = format!(
            "{found} has movements, and would belong to another stock org unit; transfer its stock to a new location instead"
        );
        plan.complain(0, field, "hasHistory", message);
    }
    Ok(())
}

/// The path of a location with movements that would be valued in another cost pool if a node changed.
pub fn change_of_pool(
    conn: &mut Conn,
    tenant: TenantId,
    tree: &LocationTree,
    changed: lotbook_domain::location::Location,
) -> Result<Option<String>, Error> {
    let mut then = tree.clone();
    then.insert(changed);
    let moved = tree.all().into_iter().filter(|node| tree.pool_unit_of(node.id) != then.pool_unit_of(node.id));
    let rows = Rows::ids(moved.map(|node| node.id.0));
    if rows.is_empty() {
        return Ok(None);
    }
    let found = conn.one(
        "with r as materialized (select * from {rows $2 (id bigint) b}) \
         select min(a.place) from account a join r on r.id = a.place \
         where a.tenant = $1 and a.kind = 1 and a.postings > 0",
        &[Arg::Int(tenant.0), Arg::Rows(&rows)],
        |row| row.opt_int(0),
    )?;
    Ok(found.flatten().map(|place| tree.name_of(LocationId(place))))
}

/// Gives everything below a renamed or moved record its new path: one statement.
pub fn repath(plan: &mut Plan<'_, '_>) -> Result<(), Error> {
    let path = plan.place("path");
    let draft = &plan.drafts[0];
    let Some(before) = &draft.before else { return Ok(()) };
    let (old_path, new_path) = (before.cells[path].text(), draft.cells[path].text());
    if old_path == new_path || before.key.starts_with('/') {
        return Ok(());
    }
    // All that begin with the key and a slash: `0` is the letter behind the slash.
    let (from, to) = (format!("{}/", before.key), format!("{}0", before.key));
    let sql = format!(
        "update {0} set path = $4 || substr(path, length($5) + 1), natural_key = $6 || substr(natural_key, length($7) + 1), \
         modified_at = $8, modified_by = $9, version = version + 1 \
         where tenant = $1 and natural_key >= $2 and natural_key < $3",
        plan.kind.table
    );
    let args = [
        Arg::Int(plan.tx.tenant.0),
        Arg::Text(&from),
        Arg::Text(&to),
        Arg::Text(new_path),
        Arg::Text(old_path),
        Arg::Text(&draft.key),
        Arg::Text(&before.key),
        Arg::Int(plan.tx.now.0),
        Arg::Int(plan.tx.person.0),
    ];
    plan.tx.conn.execute(&sql, &args)?;
    Ok(())
}
