//! `/v1/lots/{lot}/trace` and `/recall`: what a lot was made of, what became of it, and who has it.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use lotbook_domain::id::{LocationId, LotId};
use lotbook_engine::Error;
use lotbook_engine::query::trace::{self, ELSEWHERE, Limits, Link, Named, Node, Sight, Way};
use lotbook_engine::security::permission::TRACE_READ;
use lotbook_engine::table::header::position;
use lotbook_engine::thing::Value;
use lotbook_engine::uid;
use serde::Serialize;
use serde_json::json;

use super::form::{Number, time};
use super::movement::PlaceShown;
use super::reference::find_lot;
use super::{reach, visible};
use crate::app::Shared;
use crate::http::call::{Call, json_text};
use crate::http::native::openapi::{Api, Operation, query, schema_ref};
use crate::http::problem::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/v1/lots/{lot}/trace", get(follow)).route("/v1/lots/{lot}/recall", get(call_back))
}

/// A lot, or one of another org unit: without id and name, and with an alias for a ULID.
#[derive(Serialize)]
struct LotShown {
    id: Option<i64>,
    uid: String,
    name: String,
}

#[derive(Serialize)]
struct Traced {
    root: LotShown,
    nodes: Vec<NodeShown>,
    edges: Vec<EdgeShown>,
    truncated: bool,
    position: i64,
}

#[derive(Serialize)]
struct NodeShown {
    lot: LotShown,
    product: ProductShown,
    quantity: Number,
    unit: String,
    depth: i64,
    terminal: bool,
    direction: &'static str,
    /// Whether the lot is not told, for it never stood where the caller may look.
    hidden: bool,
}

#[derive(Default, Serialize)]
struct ProductShown {
    id: Option<i64>,
    identifier: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EdgeShown {
    from: LotShown,
    to: LotShown,
    quantity: Number,
    unit: String,
    taken: Number,
    taken_unit: String,
    records: Vec<String>,
    /// How many records there are that the caller may not see.
    hidden_records: usize,
    first_at: String,
    last_at: String,
}

/// The lots of a trace: how they are called, and which of them the caller may know.
struct Lots {
    names: BTreeMap<LotId, Named>,
    sight: Sight,
}

impl Lots {
    fn lot(&self, id: LotId) -> LotShown {
        let named = self.names.get(&id).cloned().unwrap_or_default();
        if self.sight.knows(id) {
            LotShown { id: Some(id.0), uid: uid::print(&named.uid), name: named.name }
        } else {
            LotShown { id: None, uid: trace::alias(&named.uid), name: ELSEWHERE.to_owned() }
        }
    }

    fn unit(&self, id: LotId) -> String {
        self.names.get(&id).map(|named| named.unit.clone()).unwrap_or_default()
    }

    fn product(&self, id: LotId) -> ProductShown {
        match self.names.get(&id).cloned() {
            Some(Named { product, product_name: (identifier, name), .. }) if self.sight.knows(id) => {
                ProductShown { id: Some(product.0), identifier, name }
            }
            _ => ProductShown::default(),
        }
    }

    fn node(&self, node: Node, way: Way) -> NodeShown {
        NodeShown {
            lot: self.lot(node.lot),
            product: self.product(node.lot),
            quantity: Number(node.quantity.0),
            unit: self.unit(node.lot),
            depth: node.depth,
            terminal: node.is_terminal,
            direction: if way == Way::Input { "input" } else { "output" },
            hidden: !self.sight.knows(node.lot),
        }
    }

    fn edge(&self, link: &Link) -> EdgeShown {
        let seen = link.runs.iter().filter(|run| self.sight.sees(run.from, run.to));
        let records: Vec<String> = seen.map(|run| uid::print(&run.uid)).collect();
        EdgeShown {
            from: self.lot(link.from),
            to: self.lot(link.to),
            quantity: Number(link.to_quantity.0),
            unit: self.unit(link.to),
            taken: Number(link.from_quantity.0),
            taken_unit: self.unit(link.from),
            hidden_records: link.runs.len() - records.len(),
            records,
            first_at: link.first_at.to_string(),
            last_at: link.last_at.to_string(),
        }
    }
}

async fn follow(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let ways: &[Way] = match call.query("direction").as_deref() {
        None | Some("output") => &[Way::Output],
        Some("input") => &[Way::Input],
        Some("both") => &[Way::Input, Way::Output],
        Some(other) => {
            return Err(Problem::unreadable(format!("direction is input, output or both, not {other:?}")));
        }
    };
    let depth = match call.query("depth").as_deref() {
        None => 1,
        Some(text) => text
            .parse::<i64>()
            .ok()
            .filter(|depth| *depth >= 1)
            .ok_or_else(|| Problem::unreadable(format!("depth is a whole number from 1 on, not {text:?}")))?,
    };
    let until = call.query("until").map(std::borrow::Cow::into_owned);
    let traced = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, TRACE_READ, &structure)?;
            let places = visible(None, &reach, &structure).map(|places| places.into_iter().collect());
            let mut wrong = Vec::new();
            let until = until
                .and_then(|text| time(&Value::Text(text), &structure.settings.time_zone(), None, "until", &mut wrong));
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let root = LotId(find_lot(conn, tenant, &reference)?);
            let limits = Limits::of(&structure.settings);
            let mut found = Vec::new();
            for way in ways {
                found.push((*way, trace::trace(conn, tenant, root, *way, depth, until, limits)?));
            }
            let lots: BTreeSet<LotId> =
                found.iter().flat_map(|(_, trace)| trace.nodes.iter().map(|node| node.lot)).chain([root]).collect();
            let sight = Sight::read(conn, tenant, places, root, &lots)?;
            let shown = Lots { names: trace::names(conn, tenant, lots)?, sight };
            let truncated = found.iter().any(|(_, trace)| trace.is_truncated);
            let mut nodes = Vec::new();
            let mut edges = Vec::new();
            for (way, trace) in found {
                nodes.extend(trace.nodes.into_iter().map(|node| shown.node(node, way)));
                edges.extend(trace.links.iter().map(|link| shown.edge(link)));
            }
            Ok(Traced { root: shown.lot(root), nodes, edges, truncated, position: position(conn, tenant)? })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&traced).map_err(|_| Problem::internal())?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recalled {
    lot: LotShown,
    product: ProductShown,
    unit: String,
    made: Number,
    shipped: Number,
    on_hand: Number,
    consumed: Number,
    scrapped: Number,
    returned: Number,
    unexplained: Number,
    affected: Vec<AffectedShown>,
    customers: Vec<CustomerShown>,
    locations: Vec<StandingShown>,
    elsewhere: Vec<ElsewhereShown>,
    truncated: bool,
    position: i64,
}

#[derive(Serialize)]
struct AffectedShown {
    lot: LotShown,
    depth: i64,
}

#[derive(Serialize)]
struct CustomerShown {
    lot: LotShown,
    party: Option<PartyShown>,
    voucher: Option<VoucherShown>,
    quantity: Number,
    unit: String,
    at: String,
}

#[derive(Serialize)]
struct PartyShown {
    code: String,
    name: String,
}

#[derive(Serialize)]
struct VoucherShown {
    id: i64,
    number: i64,
}

#[derive(Serialize)]
struct StandingShown {
    lot: LotShown,
    location: PlaceShown,
    quantity: Number,
    unit: String,
}

/// What stands and was delivered in org units that the caller may not look into.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ElsewhereShown {
    lot: LotShown,
    delivered: Number,
    on_hand: Number,
    unit: String,
}

async fn call_back(Path(reference): Path<String>, call: Call) -> Result<Response, Problem> {
    let (engine, access, tenant) = (call.app.engine.clone(), call.caller.access.clone(), call.caller.tenant());
    let recalled = call
        .read(move |conn| {
            let structure = engine.structure(conn, tenant)?;
            let reach = reach(&access, TRACE_READ, &structure)?;
            let places: Option<BTreeSet<LocationId>> =
                visible(None, &reach, &structure).map(|places| places.into_iter().collect());
            let root = LotId(find_lot(conn, tenant, &reference)?);
            let found = trace::recall(conn, tenant, root, places.as_ref(), Limits::of(&structure.settings))?;
            let lots: BTreeSet<LotId> = found.affected.iter().map(|(lot, _)| *lot).chain([root]).collect();
            let sight = Sight::read(conn, tenant, places, root, &lots)?;
            let shown = Lots { names: trace::names(conn, tenant, lots)?, sight };
            let fate = found.fate;
            Ok(Recalled {
                lot: shown.lot(root),
                product: shown.product(root),
                unit: shown.unit(root),
                made: Number(fate.made.0),
                shipped: Number(fate.shipped.0),
                on_hand: Number(fate.on_hand.0),
                consumed: Number(fate.consumed.0),
                scrapped: Number(fate.scrapped.0),
                returned: Number(fate.returned.0),
                unexplained: Number(fate.unexplained.0),
                affected: found
                    .affected
                    .iter()
                    .map(|(id, depth)| AffectedShown { lot: shown.lot(*id), depth: *depth })
                    .collect(),
                customers: found
                    .customers
                    .into_iter()
                    .map(|delivered| CustomerShown {
                        lot: shown.lot(delivered.lot),
                        party: delivered.party.map(|(code, name)| PartyShown { code, name }),
                        voucher: delivered.voucher.map(|(id, number)| VoucherShown { id, number }),
                        quantity: Number(delivered.quantity.0),
                        unit: shown.unit(delivered.lot),
                        at: delivered.at.to_string(),
                    })
                    .collect(),
                locations: found
                    .locations
                    .into_iter()
                    .map(|(id, place, quantity)| StandingShown {
                        lot: shown.lot(id),
                        location: PlaceShown { id: place.0, path: structure.catalog.locations.name_of(place) },
                        quantity: Number(quantity.0),
                        unit: shown.unit(id),
                    })
                    .collect(),
                elsewhere: found
                    .elsewhere
                    .into_iter()
                    .map(|beyond| ElsewhereShown {
                        lot: shown.lot(beyond.lot),
                        delivered: Number(beyond.delivered.0),
                        on_hand: Number(beyond.on_hand.0),
                        unit: shown.unit(beyond.lot),
                    })
                    .collect(),
                truncated: found.is_truncated,
                position: position(conn, tenant)?,
            })
        })
        .await?;
    Ok(json_text(StatusCode::OK, serde_json::to_string(&recalled).map_err(|_| Problem::internal())?))
}

/// Adds the questions about a lot's past and future to the reference.
pub(super) fn describe(api: &mut Api) {
    let text = || json!({"type": "string"});
    let whole = || json!({"type": "integer"});
    let decimal = || json!({"type": "number"});
    let object = |properties: serde_json::Value| json!({"type": "object", "properties": properties});
    let many = |schema: serde_json::Value| json!({"type": "array", "items": schema});
    let nullable = |schema: serde_json::Value| json!({"anyOf": [schema, {"type": "null"}]});
    let lot = || object(json!({"id": nullable(whole()), "uid": text(), "name": text()}));
    let product = || object(json!({"id": nullable(whole()), "identifier": text(), "name": text()}));
    let place = || object(json!({"id": whole(), "path": text()}));
    let node = object(json!({
        "lot": lot(), "product": product(), "quantity": decimal(), "unit": text(), "depth": whole(),
        "terminal": {"type": "boolean", "description": "Nothing is known beyond it."},
        "direction": {"type": "string", "enum": ["input", "output"]},
        "hidden": {"type": "boolean", "description": "A lot of another org unit: its place and quantity are told, not its name."}
    }));
    let edge = object(json!({
        "from": lot(), "to": lot(), "quantity": decimal(), "unit": text(), "taken": decimal(), "takenUnit": text(),
        "records": many(text()),
        "hiddenRecords": {"type": "integer", "description": "How many runs of other org units are not among the records."},
        "firstAt": text(), "lastAt": text()
    }));
    api.schema(
        "Trace",
        object(json!({
            "root": lot(), "nodes": many(node), "edges": many(edge), "truncated": {"type": "boolean"}, "position": whole()
        })),
    );
    let customer = object(json!({
        "lot": lot(), "quantity": decimal(), "unit": text(), "at": text(),
        "party": {"anyOf": [object(json!({"code": text(), "name": text()})), {"type": "null"}]},
        "voucher": {"anyOf": [object(json!({"id": whole(), "number": whole()})), {"type": "null"}]}
    }));
    api.schema(
        "Recall",
        object(json!({
            "lot": lot(), "product": product(), "unit": text(), "made": decimal(), "shipped": decimal(),
            "onHand": decimal(), "consumed": decimal(), "scrapped": decimal(), "returned": decimal(),
            "unexplained": {"type": "number", "description": "made − shipped − on hand − consumed − scrapped − returned."},
            "affected": many(object(json!({"lot": lot(), "depth": whole()}))), "customers": many(customer),
            "locations": many(object(json!({"lot": lot(), "location": place(), "quantity": decimal(), "unit": text()}))),
            "elsewhere": many(object(json!({
                "lot": lot(), "delivered": decimal(), "onHand": decimal(), "unit": text()
            }))),
            "truncated": {"type": "boolean"}, "position": whole()
        })),
    );
    api.add(
        "get",
        "/v1/lots/{lot}/trace",
        Operation::new("lots", "traceLot", "Follow what a lot was made of, or what became of it")
            .about(
                "A lot that never stood in an org unit where the permission holds is told without id and name, as \
                 `another org unit`, so that a trace has no holes; runs are named where they came from or went to a place \
                 of such an org unit.",
            )
            .needs(TRACE_READ)
            .in_path("lot", "Its id, ULID or product/name.")
            .parameters([
                query("direction", "`output` (what became of it), `input` (what it was made of) or `both`.", text()),
                query("depth", "So many hops; 1, if left out.", whole()),
                query("until", "Leaves out what happened later.", json!({"type": "string", "format": "date-time"})),
            ])
            .answers(200, "The lots found, and what went from which into which.", schema_ref("Trace")),
    );
    api.add(
        "get",
        "/v1/lots/{lot}/recall",
        Operation::new("lots", "recallLot", "Where all of a lot went")
            .about(
                "Its mass balance, every lot that it went into, where they stand, and who has them. The balance tells sums \
                 over the whole house. Customers, vouchers and locations are named for org units where the permission \
                 holds; what others delivered and have is in `elsewhere`, as one sum a lot, without names.",
            )
            .needs(TRACE_READ)
            .in_path("lot", "Its id, ULID or product/name.")
            .answers(200, "The recall.", schema_ref("Recall")),
    );
}
