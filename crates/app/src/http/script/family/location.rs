//! `system.mes.location`: the tree of places.

use std::collections::HashMap;

use lotbook_engine::thing::kept::{Kept, Which};
use lotbook_engine::thing::{Record, Value, kinds};

use crate::http::script::argument::Args;
use crate::http::script::declare::{
    FILE, REFERENCES, SAVING, SPARE, VALIDATED, acts, deletes, finds, plain, reads, takes,
};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::fault::Fault;
use crate::http::script::file::{self, Shape as FileShape};
use crate::http::script::function::{Family, Function, Parameter, Type, template};
use crate::http::script::permission::permissions;
use crate::http::script::session::Reader;
use crate::http::script::shape::whole;

const GET: &str = "LOCATION.READ.GET";
const SAVE: &str = "LOCATION.WRITE.SAVE";

const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "Its name, unique below its parent; without `/`."),
    Parameter::optional("description", Type::Text, "What it is about."),
    Parameter::optional("parentId", Type::Id, "The location above it.").also(&["parentPath"]),
    Parameter::optional(
        "type",
        Type::Word(&["ENTERPRISE", "COMPANY", "SITE", "AREA", "LINE", "CELL_GROUP", "CELL", "UNIT"]),
        "What kind of place it is.",
    )
    .preset("\"ENTERPRISE\""),
    Parameter::optional(
        "processType",
        Type::Word(&["STORAGE", "CONTINUOUS", "BATCH", "DISCRETE", "NONE"]),
        "What is done there.",
    )
    .preset("\"NONE\""),
    Parameter::optional("sortOrder", Type::Whole, "Its place among its neighbours.").preset("0"),
    Parameter::optional("allowNegativeInventory", Type::Flag, "Whether stock may go below zero there.").preset("false"),
    Parameter::optional("storageCapacity", Type::Number, "How much fits in; nothing = any quantity."),
    Parameter::optional("storageCapacityUnitId", Type::Id, "What the capacity is counted in."),
    Parameter::optional(
        "lotStorageStrategy",
        Type::Word(&["ALLOW_MULTIPLE", "ALLOW_SINGLE_OR_THROW", "MERGE_INTO_PREVIOUS", "MERGE_INTO_NEW", "NO_STORAGE"]),
        "What happens to a lot that arrives where another one is.",
    )
    .preset("\"ALLOW_MULTIPLE\""),
    Parameter::optional("lotUseStrategy", Type::Word(&["FIFO", "LIFO", "FEFO"]), "Which lot is taken first.")
        .preset("\"FIFO\""),
    Parameter::optional("path", Type::Text, "Names from the top down; follows from the name and the parent."),
    Parameter::optional("id", Type::Id, "The location to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
    Parameter::optional("children", Type::List, "Of a node of the tree; shown only.").hidden(),
];

static LOCATION: Entity = Entity {
    kind: &kinds::LOCATIONS,
    data: DATA,
    keys: &[
        ("name", Shows::Text("name")),
        ("description", Shows::Text("description")),
        ("parentId", Shows::IdOf(&kinds::LOCATIONS, "parent")),
        ("type", Shows::Word("type")),
        ("processType", Shows::Word("process_type")),
        ("sortOrder", Shows::Whole("sort_order")),
        ("allowNegativeInventory", Shows::Flag("allow_negative")),
        ("storageCapacity", Shows::Decimal("capacity")),
        ("storageCapacityUnitId", Shows::IdOf(&kinds::UNITS, "capacity_unit")),
        ("lotStorageStrategy", Shows::Word("lot_storage_strategy")),
        ("lotUseStrategy", Shows::Word("lot_use_strategy")),
        ("path", Shows::Text("path")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[
        ("parentId", "parent"),
        ("allowNegativeInventory", "allowNegative"),
        ("storageCapacity", "capacity"),
        ("storageCapacityUnitId", "capacityUnit"),
    ],
    unread: &["path"],
    by: "path",
    prepare: Some(prepare),
};

/// Stock may not go below zero where nothing else is said, and a place that scripts make is of the type that
/// their template shows.
#[allow(clippy::unnecessary_wraps, reason = "the preparations of all kinds have one signature")]
fn prepare(
    _: &mut Reader<'_>,
    before: Option<&Kept>,
    _: &Args,
    record: &mut Record,
) -> Result<Vec<(String, String)>, Fault> {
    if before.is_none() {
        for (native, preset) in [("allowNegative", Value::Bool(false)), ("type", Value::Text("enterprise".to_owned()))]
        {
            match record.iter_mut().find(|(name, _)| name == native) {
                None => record.push((native.to_owned(), preset)),
                Some((_, value @ Value::Null)) => *value = preset,
                Some(_) => {}
            }
        }
    }
    Ok(Vec::new())
}

static IMPORT: FileShape = FileShape {
    queue: "location",
    entity: &LOCATION,
    columns: &[
        ("path", Shows::Text("path")),
        ("description", Shows::Text("description")),
        ("type", Shows::Word("type")),
        ("processType", Shows::Word("process_type")),
        ("sortOrder", Shows::Whole("sort_order")),
        ("allowNegativeInventory", Shows::Flag("allow_negative")),
        ("storageCapacity", Shows::Decimal("capacity")),
        ("storageCapacityUnitName", Shows::NameOf(&kinds::UNITS, "capacity_unit")),
        ("lotStorageStrategy", Shows::Word("lot_storage_strategy")),
        ("lotUseStrategy", Shows::Word("lot_use_strategy")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    named: &[("storageCapacityUnitName", "storageCapacityUnitId")],
    own: match_row,
};

/// A row is a location by its path, which also says its name and its parent.
fn match_row(reader: &mut Reader<'_>, row: &mut Record) -> Result<Option<String>, Fault> {
    let path = file::take(row, "path")?.map(|path| path.trim_matches('/').to_owned());
    let Some(path) = path.filter(|path| !path.is_empty()) else { return Ok(None) };
    let (parent, name) = path.rsplit_once('/').map_or((None, path.as_str()), |(parent, name)| (Some(parent), name));
    row.push(("name".to_owned(), Value::Text(name.to_owned())));
    row.push(("parentId".to_owned(), parent.map_or(Value::Null, |parent| Value::Text(parent.to_owned()))));
    Ok(reader.find(&kinds::LOCATIONS, &path)?.map(|_| path))
}

const ONE: Parameter = Parameter::required("idOrPath", Type::Id, "The location.").also(&["id", "locationIdOrPath"]);
const FILTER: Parameter = Parameter::optional("filter", Type::Text, "Only branches with a name that contains this.");
const SOME: Parameter =
    Parameter::optional("locationIdOrPaths", Type::List, "Only these locations; all.").also(&["locationIdsOrPaths"]);

/// The family.
pub static FAMILY: Family = Family {
    title: "Locations",
    prefixes: &["system.mes.location"],
    functions: &[
        plain(&["newLocation"], &[], "A template with every key and its default.", "the template", |session, _| {
            Ok(template(session, DATA))
        }),
        takes(
            &["saveLocation"],
            DATA,
            SAVE,
            "Makes a location, or changes the one with the given id.",
            "the location as it is then",
            |session, args| Box::pin(entity::save(session, args, &LOCATION)),
        ),
        takes(
            &["validateLocation"],
            DATA,
            "LOCATION.READ.VALIDATE",
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &LOCATION)),
        ),
        reads(&["getLocation"], &[ONE], GET, "One location.", "the location, or nothing", |reader, args| {
            entity::one(reader, &LOCATION, &args.needed("idOrPath")?)
        }),
        reads(&["getAllLocations"], &[], GET, "All locations by path.", "a list of locations", |reader, _| {
            entity::all(reader, &LOCATION, Which::All)
        }),
        reads(
            &["getLocationTree"],
            &[FILTER],
            GET,
            "All locations as a tree, each with its `children`.",
            "a list of the topmost locations",
            |reader, args| tree(reader, &args),
        ),
        reads(
            &["getChildren"],
            &[Parameter::required("locationIdOrPath", Type::Id, "The location.").also(&["id", "idOrPath"])],
            GET,
            "The locations right below one.",
            "a list of locations",
            |reader, args| {
                let parent = reader.need(&kinds::LOCATIONS, &args.needed("locationIdOrPath")?)?;
                entity::all(reader, &LOCATION, Which::With("parent", parent))
            },
        ),
        reads(
            &["getLocationsByPartialPath"],
            &[Parameter::required("path", Type::Text, "A part of a path, in any case.").also(&["partialPath"])],
            GET,
            "The locations whose path contains this.",
            "a list of locations",
            |reader, args| by_part(reader, &args),
        ),
        finds(&["findLocations"], GET, "The locations that a query request asks for.", |reader, args| {
            entity::find(reader, &LOCATION, &args)
        }),
        reads(&["getLocationReferences"], &[ONE], GET, "What refers to a location.", REFERENCES, |reader, args| {
            entity::references(reader, &LOCATION, &args.needed("idOrPath")?)
        }),
        deletes(
            &["deleteLocation"],
            &[ONE],
            "LOCATION.WRITE.DELETE",
            "Deletes a location that nothing refers to.",
            |session, args| Box::pin(async move { entity::delete(session, args.needed("idOrPath")?, &LOCATION).await }),
        ),
        reads(&["exportAsCsv"], &[SOME], GET, "Locations as CSV.", "text", |reader, args| {
            file::export(reader, &IMPORT, args.texts("locationIdOrPaths")?, file::Form::CsvText)
        }),
        reads(&["exportAsJson"], &[SOME], GET, "Locations as a JSON list.", "text", |reader, args| {
            file::export(reader, &IMPORT, args.texts("locationIdOrPaths")?, file::Form::JsonText)
        }),
        reads(&["exportAsCsvBytes"], &[SOME], GET, "Locations as CSV.", "bytes", |reader, args| {
            file::export(reader, &IMPORT, args.texts("locationIdOrPaths")?, file::Form::Csv)
        }),
        reads(&["exportAsJsonBytes"], &[SOME], GET, "Locations as a JSON list.", "bytes", |reader, args| {
            file::export(reader, &IMPORT, args.texts("locationIdOrPaths")?, file::Form::Json)
        }),
        Function {
            faults: SAVING,
            ..acts(
                &["importFromCsv"],
                &[FILE],
                SAVE,
                "Makes and changes locations by their paths, from a file such as exportAsCsv gives.",
                "how many rows were written; rows with faults are thrown",
                |session, args| Box::pin(file::import(session, args, &IMPORT, true, file::Answer::Count)),
            )
        },
        Function {
            faults: SAVING,
            ..acts(
                &["importFromJson"],
                &[FILE],
                SAVE,
                "The same from a JSON list such as exportAsJson gives.",
                "how many rows were written; rows with faults are thrown",
                |session, args| Box::pin(file::import(session, args, &IMPORT, false, file::Answer::Count)),
            )
        },
        acts(
            &["getLocationImportQueueSize"],
            &[],
            GET,
            "How many rows of imports wait to be written.",
            "a number",
            |session, _| Box::pin(async move { Ok(whole(file::waiting(&session, &IMPORT))) }),
        ),
        acts(
            &["cancelLocationImportQueue"],
            &[],
            SAVE,
            "Drops the rows of imports that are not written yet.",
            "how many there were",
            |session, _| Box::pin(async move { Ok(whole(file::cancel(&session, &IMPORT))) }),
        ),
        plain(
            &["clearLocationCache"],
            &[],
            "Nothing: what is read is never older than what was saved.",
            "nothing",
            |_, _| Ok(Value::Null),
        ),
        plain(&["getLocationPermissions"], &[], "The permissions of locations.", "a list of texts", |_, _| {
            Ok(permissions("LOCATION"))
        }),
    ],
};

fn by_part(reader: &mut Reader<'_>, args: &Args) -> Result<Value, Fault> {
    let part = args.needed("path")?.trim_start_matches('/').to_lowercase();
    let found = entity::shown(reader, &LOCATION, Which::All)?;
    let found = found.into_iter().filter(|(kept, _)| kept.text("path").to_lowercase().contains(&part));
    Ok(Value::List(found.map(|(_, value)| value).collect()))
}

/// The tree, from what is below up; a branch stays for the sake of what it holds.
fn tree(reader: &mut Reader<'_>, args: &Args) -> Result<Value, Fault> {
    let filter = args.text("filter")?.map(|text| text.to_lowercase());
    let mut found = entity::shown(reader, &LOCATION, Which::All)?;
    let known: std::collections::HashSet<i64> = found.iter().map(|(kept, _)| kept.id).collect();
    // Children come after their parents in the order of paths, so that from the end all children are known.
    found.sort_by_key(|(kept, _)| kept.text("path").matches('/').count());
    let mut below: HashMap<i64, Vec<(i64, String, Value)>> = HashMap::new();
    for (kept, value) in found.into_iter().rev() {
        let mut children = below.remove(&kept.id).unwrap_or_default();
        let is_asked = filter.as_ref().is_none_or(|filter| kept.text("name").to_lowercase().contains(filter.as_str()));
        if !is_asked && children.is_empty() {
            continue;
        }
        children.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let Value::Object(mut record) = value else { continue };
        let children = children.into_iter().map(|(_, _, child)| child).collect();
        record.push(("children".to_owned(), Value::List(children)));
        let parent = Some(kept.number("parent")).filter(|parent| known.contains(parent)).unwrap_or(0);
        let place = (kept.number("sort_order"), kept.text("name").to_owned(), Value::Object(record));
        below.entry(parent).or_default().push(place);
    }
    let mut roots = below.remove(&0).unwrap_or_default();
    roots.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Ok(Value::List(roots.into_iter().map(|(_, _, root)| root).collect()))
}
