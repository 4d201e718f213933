//! `system.mes.trackandtrace`: which lots became which.

use std::collections::BTreeSet;

use lotbook_domain::id::{LocationId, LotId};
use lotbook_engine::query::trace::{self, ELSEWHERE, Limits, Sight, Way};
use lotbook_engine::table::run;
use lotbook_engine::thing::kept::{self, Which, called};
use lotbook_engine::thing::{Value, kinds};
use lotbook_engine::uid;

use crate::http::script::argument::{self, Args};
use crate::http::script::declare::{plain, reads};
use crate::http::script::fault::Fault;
use crate::http::script::function::{Family, Parameter, Type};
use crate::http::script::permission::permissions;
use crate::http::script::session::Reader;
use crate::http::script::shape::{Shape, id, number, opt_text, time, whole};

const GET: &str = "TRACK_AND_TRACE.READ.GET";

/// The family.
pub static FAMILY: Family = Family {
    title: "Track and trace",
    prefixes: &["system.mes.trackandtrace", "system.mes.trackAndTrace"],
    functions: &[
        reads(
            &["getLotTraceGraph"],
            &[
                Parameter::required("rootNodeId", Type::Id, "The lot.").also(&["lotId"]),
                Parameter::required(
                    "direction",
                    Type::Word(&["INPUT", "OUTPUT"]),
                    "What it was made of, or what became of it.",
                ),
                Parameter::optional(
                    "depth",
                    Type::Whole,
                    "So many edges in a row, up to the setting `mes.maxTraceDepth`.",
                )
                .preset("1"),
                Parameter::optional("includeRoot", Type::Flag, "Whether the lot itself is among the nodes.")
                    .preset("false"),
            ],
            GET,
            "The lots around a lot. Records between the same two lots are one edge: its id is that of the first, \
             `recordIds` names all, and its quantity is their sum.",
            "`{nodes, edges, rootNodeId, direction, truncated}`",
            |reader, args| graph(reader, &args),
        ),
        reads(
            &["getLotTraceTable"],
            &[Parameter::required("inventoryLotRecordIds", Type::List, "Lot records, such as the edges of a graph.")],
            GET,
            "Lot records by what went from where into what.",
            "a list of rows, in the order of the ids",
            |reader, args| table(reader, &args),
        ),
        plain(&["getTrackAndTracePermissions"], &[], "The permissions of traces.", "a list of texts", |_, _| {
            Ok(permissions("TRACK_AND_TRACE"))
        }),
    ],
};

fn lot_named(reader: &mut Reader<'_>, text: &str) -> Result<LotId, Fault> {
    for kind in [&kinds::LOTS, &kinds::INSTANCES] {
        if let Some(id) = reader.find(kind, text)? {
            return Ok(LotId(id));
        }
    }
    Err(Fault::illegal(format!("there is no lot {text}")))
}

/// The places that the caller may look at; `None` = all.
fn places(reader: &Reader<'_>) -> Result<Option<BTreeSet<LocationId>>, Fault> {
    let reach = reader.reach(GET)?;
    Ok(reader.structure.visible(None, &reach).map(|places| places.into_iter().collect()))
}

fn graph(reader: &mut Reader<'_>, args: &Args) -> Result<Value, Fault> {
    let root = lot_named(reader, &args.needed("rootNodeId")?)?;
    let (way, direction) = match args.needed("direction")?.trim().to_uppercase().as_str() {
        "INPUT" | "IN" => (Way::Input, "INPUT"),
        "OUTPUT" | "OUT" => (Way::Output, "OUTPUT"),
        other => return Err(Fault::illegal(format!("direction is {other}; send INPUT or OUTPUT"))),
    };
    let illegal = |message: String| Fault::illegal(format!("depth {message}"));
    let depth = match argument::number(args.get("depth")).map_err(illegal)? {
        None => 1,
        Some(e6) if e6 >= 1_000_000 && e6 % 1_000_000 == 0 => e6 / 1_000_000,
        Some(_) => return Err(illegal("is a whole number from 1 on".to_owned())),
    };
    let with_root = argument::flag(args.get("includeRoot"))
        .map_err(|message| Fault::illegal(format!("includeRoot {message}")))?
        .unwrap_or(false);
    let limits = Limits::of(&reader.structure.settings);
    let found = trace::trace(reader.conn, reader.tenant, root, way, depth, None, limits)?;
    let lots: BTreeSet<LotId> = found.nodes.iter().map(|node| node.lot).chain([root]).collect();
    let sight = Sight::read(reader.conn, reader.tenant, places(reader)?, root, &lots)?;
    let names = trace::names(reader.conn, reader.tenant, lots)?;
    let products: Vec<i64> = names.values().map(|named| named.product.0).collect::<BTreeSet<_>>().into_iter().collect();
    let products = kept::read(reader.conn, reader.tenant, &kinds::PRODUCTS, Which::Ids(&products))?;
    let classes = products.iter().map(|kept| kept.number("category"));
    let classes = called(reader.conn, reader.tenant, &kinds::CATEGORIES, classes)?;
    // What stands for a lot of another org unit joins nodes and edges like an id, and names nothing.
    let uid_of = |lot: LotId| match names.get(&lot) {
        Some(named) if sight.knows(lot) => id(&named.uid),
        Some(named) => Value::Text(trace::alias(&named.uid)),
        None => Value::Null,
    };
    let node = |lot: LotId, quantity: i64| {
        if !sight.knows(lot) {
            let unit = names.get(&lot).map(|named| named.unit.as_str());
            let data =
                Shape::new().text("lotName", Some(ELSEWHERE)).put("quantity", number(quantity)).text("uom", unit);
            return Shape::new().put("id", uid_of(lot)).put("data", data.done()).done();
        }
        let named = names.get(&lot);
        let product = named.and_then(|named| products.iter().find(|kept| kept.id == named.product.0));
        let class = product.and_then(|kept| classes.get(&kept.number("category")));
        let data = Shape::new()
            .text("lotName", named.map(|named| named.name.as_str()))
            .text("materialName", named.map(|named| named.product_name.1.as_str()))
            .text("materialClassName", class.map(|class| class.name.as_str()))
            .text("materialDescription", product.and_then(|kept| kept.opt_text("description")))
            .put("quantity", number(quantity))
            .text("uom", named.map(|named| named.unit.as_str()))
            .done();
        Shape::new().put("id", uid_of(lot)).put("data", data).done()
    };
    let mut nodes: Vec<Value> = found.nodes.iter().map(|one| node(one.lot, one.quantity.0)).collect();
    if with_root {
        let sum = |of: fn(&trace::Link) -> (LotId, i64)| -> i64 {
            found.links.iter().map(of).filter(|(lot, _)| *lot == root).map(|(_, quantity)| quantity).sum()
        };
        let quantity = match way {
            Way::Output => sum(|link| (link.from, link.from_quantity.0)),
            Way::Input => sum(|link| (link.to, link.to_quantity.0)),
        };
        nodes.insert(0, node(root, quantity));
    }
    let edges = found.links.iter().map(|link| {
        let seen = link.runs.iter().filter(|run| sight.sees(run.from, run.to));
        let records: Vec<Value> = seen.map(|run| id(&run.uid)).collect();
        Shape::new()
            .put("id", records.first().cloned().unwrap_or(Value::Null))
            .put("source", uid_of(link.from))
            .put("target", uid_of(link.to))
            .flag("animated", true)
            .put("quantity", number(link.to_quantity.0))
            .text("uom", names.get(&link.to).map(|named| named.unit.as_str()))
            .put("recordIds", Value::List(records))
            .done()
    });
    Ok(Shape::new()
        .put("nodes", Value::List(nodes))
        .put("edges", Value::List(edges.collect()))
        .put("rootNodeId", uid_of(root))
        .text("direction", Some(direction))
        .flag("truncated", found.is_truncated)
        .done())
}

/// `STATUS_CHANGE` as people read it: `Status Change`.
fn title(word: &str) -> String {
    let words = word.split('_').map(|part| {
        let (first, rest) = part.split_at(1.min(part.len()));
        format!("{first}{}", rest.to_lowercase())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn table(reader: &mut Reader<'_>, args: &Args) -> Result<Value, Fault> {
    let Some(texts) = args.texts("inventoryLotRecordIds")? else {
        return Err(Fault::illegal("inventoryLotRecordIds is missing; send a list of lot records"));
    };
    let places = places(reader)?;
    let (conn, tenant) = (&mut *reader.conn, reader.tenant);
    let uids: Vec<String> = texts.iter().map(|text| uid::parse(text.trim()).unwrap_or_default()).collect();
    let mut runs = run::by_uids(conn, tenant, uids.iter().cloned())?;
    if let Some(places) = places {
        runs.retain(|run| places.contains(&run.from) || places.contains(&run.to));
    }
    if let Some((text, _)) = texts.iter().zip(&uids).find(|(_, uid)| !runs.iter().any(|run| run.uid == **uid)) {
        return Err(Fault::illegal(format!("there is no lot record {text}")));
    }
    runs.sort_by_key(|run| uids.iter().position(|uid| *uid == run.uid));
    let lots: BTreeSet<LotId> =
        runs.iter().flat_map(|run| [run.lot, run.secondary_lot]).filter(|lot| lot.0 != 0).collect();
    let names = trace::names(conn, tenant, lots)?;
    let products = runs.iter().flat_map(|run| [run.product.0, run.secondary_product.0]);
    let materials = called(conn, tenant, &kinds::PRODUCTS, products.clone())?;
    let products: Vec<i64> = products.filter(|id| *id != 0).collect::<BTreeSet<_>>().into_iter().collect();
    let base = kept::read(conn, tenant, &kinds::PRODUCTS, Which::Ids(&products))?;
    let unit_of = |run: &run::Run| match run.unit.0 {
        0 => base.iter().find(|kept| kept.id == run.product.0).map_or(0, |kept| kept.number("unit")),
        unit => unit,
    };
    let units = called(conn, tenant, &kinds::UNITS, runs.iter().map(unit_of).collect::<Vec<_>>())?;
    let places = called(conn, tenant, &kinds::LOCATIONS, runs.iter().flat_map(|run| [run.from.0, run.to.0]))?;
    let rows = runs.iter().map(|run| {
        let (primary, secondary) = ((run.lot, run.product.0), (run.secondary_lot, run.secondary_product.0));
        let (source, target) = if run.kind.takes_from_primary() { (primary, secondary) } else { (secondary, primary) };
        let mut shape = Shape::new().put("id", id(&run.uid)).text("lotRecordType", Some(&title(run.kind.name())));
        for (lot, by_id, by_name) in [
            (source.0, "sourceInventoryLotId", "sourceInventoryLotName"),
            (target.0, "targetInventoryLotId", "targetInventoryLotName"),
        ] {
            let named = names.get(&lot);
            shape = shape
                .put(by_id, named.map_or(Value::Null, |named| id(&named.uid)))
                .put(by_name, opt_text(named.map(|named| named.name.as_str())));
        }
        let unit = units.get(&unit_of(run));
        shape = shape
            .at("sourceLocationId", "sourceLocationPath", places.get(&run.from.0))
            .at("destinationLocationId", "destinationLocationPath", places.get(&run.to.0))
            .put("quantity", number(run.quantity.0))
            .called("unitOfMeasureId", "unitOfMeasureName", unit)
            .text("unitOfMeasureSymbol", unit.map(|unit| unit.path.as_str()))
            .put("startDate", time(Some(run.started_at)))
            .put("endDate", time(run.ended_at))
            .put("durationInMillis", run.ended_at.map_or(Value::Null, |end| whole((end.0 - run.started_at.0) / 1_000)));
        shape
            .called("sourceMaterialId", "sourceMaterialName", materials.get(&source.1))
            .called("targetMaterialId", "targetMaterialName", materials.get(&target.1))
            .done()
    });
    Ok(Value::List(rows.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_titles() {
        for (word, want) in [("CONSUME", "Consume"), ("STATUS_CHANGE", "Status Change")] {
            assert_eq!(title(word), want);
        }
    }
}
