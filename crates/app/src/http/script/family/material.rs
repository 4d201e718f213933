//! `system.mes.material`: materials, which are products tracked by lot.

use lotbook_engine::thing::kept::{Kept, Which, called};
use lotbook_engine::thing::{Record, Value, kinds};

use crate::http::script::argument::Args;
use crate::http::script::declare::{FILE, REFERENCES, SPARE, VALIDATED, acts, deletes, finds, plain, reads, takes};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::fault::Fault;
use crate::http::script::file::{self, Shape as FileShape};
use crate::http::script::function::{Family, Parameter, Type, template};
use crate::http::script::permission::permissions;
use crate::http::script::session::Reader;
use crate::http::script::shape::whole;

const GET: &str = "MATERIAL.READ.GET";
const SAVE: &str = "MATERIAL.WRITE.SAVE";
const DELETE: &str = "MATERIAL.WRITE.DELETE";

const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "What it is called, unique within its class; without `/`."),
    Parameter::optional("description", Type::Text, "What it is."),
    Parameter::optional("path", Type::Text, "Its class's path and its name; follows from them."),
    Parameter::required("materialClassId", Type::Id, "The class it belongs to.").also(&["materialClassPath"]),
    Parameter::optional("erpId", Type::Text, "What another system calls it."),
    Parameter::required("unitOfMeasureId", Type::Id, "Its base unit; fixed after the first movement.")
        .also(&["unitOfMeasureName"]),
    Parameter::optional("shelfLifeDays", Type::Whole, "So many days after it was made a new lot expires."),
    Parameter::optional("quantityFormat", Type::Text, "A pattern for printing its quantities."),
    Parameter::optional("id", Type::Id, "The material to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
];

static MATERIAL: Entity = Entity {
    kind: &kinds::PRODUCTS,
    data: DATA,
    keys: &[
        ("name", Shows::Text("name")),
        ("description", Shows::Text("description")),
        ("path", Shows::Path),
        ("materialClassId", Shows::IdOf(&kinds::CATEGORIES, "category")),
        ("erpId", Shows::Text("erp_id")),
        ("unitOfMeasureId", Shows::IdOf(&kinds::UNITS, "unit")),
        ("shelfLifeDays", Shows::Whole("shelf_life_days")),
        ("quantityFormat", Shows::Text("quantity_format")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[("materialClassId", "category"), ("unitOfMeasureId", "unit")],
    unread: &["path"],
    by: "name",
    prepare: Some(prepare),
};

/// A material is told by its path, which is the product's number, too; its lots are kept apart.
fn prepare(
    reader: &mut Reader<'_>,
    before: Option<&Kept>,
    args: &Args,
    record: &mut Record,
) -> Result<Vec<(String, String)>, Fault> {
    let mut wrong = Vec::new();
    let name = match (args.text("name")?, before) {
        (Some(name), _) => name.trim().to_owned(),
        (None, Some(kept)) => kept.text("name").to_owned(),
        (None, None) => String::new(),
    };
    if name.contains('/') {
        wrong.push(("name".to_owned(), format!("{name} has a slash, which separates the names of a path")));
    }
    let class = match args.text("materialClassId")? {
        Some(text) => match reader.find(&kinds::CATEGORIES, &text)? {
            Some(id) => id,
            // The record's own check says that there is none.
            None => return Ok(wrong),
        },
        None => before.map_or(0, |kept| kept.number("category")),
    };
    let (conn, tenant) = (&mut *reader.conn, reader.tenant);
    let above = called(conn, tenant, &kinds::CATEGORIES, [class])?.remove(&class).map(|called| called.path);
    let path = above.map_or_else(|| name.clone(), |above| format!("{above}/{name}"));
    let own = before.map(|kept| kept.id);
    if !name.is_empty() && reader.find(&kinds::PRODUCTS, &path)?.is_some_and(|other| Some(other) != own) {
        wrong.push(("name".to_owned(), format!("the path {path} is taken by another material")));
    }
    let was = before.map(|kept| kept.id);
    let was = called(reader.conn, reader.tenant, &kinds::PRODUCTS, was)?.into_values().next().map(|called| called.path);
    match before {
        None => {
            record.push(("identifier".to_owned(), Value::Text(path)));
            record.push(("tracking".to_owned(), Value::Text("lot".to_owned())));
        }
        // Numbers that people gave stay as they are.
        Some(kept) if was.as_deref() == Some(kept.text("identifier")) => {
            record.push(("identifier".to_owned(), Value::Text(path)));
        }
        Some(_) => {}
    }
    Ok(wrong)
}

static IMPORT: FileShape = FileShape {
    queue: "material",
    entity: &MATERIAL,
    columns: &[
        ("path", Shows::Path),
        ("description", Shows::Text("description")),
        ("erpId", Shows::Text("erp_id")),
        ("unitOfMeasureName", Shows::NameOf(&kinds::UNITS, "unit")),
        ("shelfLifeDays", Shows::Whole("shelf_life_days")),
        ("quantityFormat", Shows::Text("quantity_format")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    named: &[("unitOfMeasureName", "unitOfMeasureId")],
    own: match_row,
};

/// A row is a material by its path, else by what another system calls it.
fn match_row(reader: &mut Reader<'_>, row: &mut Record) -> Result<Option<String>, Fault> {
    let path = file::take(row, "path")?.map(|path| path.trim_matches('/').to_owned());
    let mut known = None;
    if let Some(path) = path.filter(|path| !path.is_empty()) {
        let (class, name) = path.rsplit_once('/').map_or((None, path.as_str()), |(class, name)| (Some(class), name));
        row.push(("name".to_owned(), Value::Text(name.to_owned())));
        if let Some(class) = class {
            row.push(("materialClassId".to_owned(), Value::Text(class.to_owned())));
        }
        known = reader.find(&kinds::PRODUCTS, &path)?.map(|_| path);
    }
    if known.is_some() {
        return Ok(known);
    }
    let erp_id = row.iter().find(|(key, _)| key == "erpId").map(|(_, value)| value.clone());
    match erp_id {
        Some(Value::Text(erp_id)) if !erp_id.trim().is_empty() => Ok(by_erp_id(reader, &erp_id)?.map(|(_, uid)| uid)),
        _ => Ok(None),
    }
}

/// The material that another system calls so: its id and its ULID.
fn by_erp_id(reader: &mut Reader<'_>, erp_id: &str) -> Result<Option<(i64, String)>, Fault> {
    let found = lotbook_engine::table::catalog::products_by_erp_id(reader.conn, reader.tenant, erp_id.trim())?;
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        _ => Err(Fault::illegal(format!("several materials have the erpId {erp_id}; name one by its path"))),
    }
}

const ONE: Parameter = Parameter::required("idOrPath", Type::Id, "The material.").also(&["id", "materialIdOrPath"]);
const SOME: Parameter = Parameter::optional("idsOrPaths", Type::List, "Only these materials; all.");

/// Materials.
pub static FAMILY: Family = Family {
    title: "Materials",
    prefixes: &["system.mes.material"],
    functions: &[
        plain(&["newMaterial"], &[], "A template with every key and its default.", "the template", |session, _| {
            Ok(template(session, DATA))
        }),
        takes(
            &["saveMaterial"],
            DATA,
            SAVE,
            "Makes a material, or changes the one with the given id.",
            "the material as it is then",
            |session, args| Box::pin(entity::save(session, args, &MATERIAL)),
        ),
        takes(
            &["validateMaterial"],
            DATA,
            "MATERIAL.READ.VALIDATE",
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &MATERIAL)),
        ),
        reads(&["getMaterial"], &[ONE], GET, "One material.", "the material, or nothing", |reader, args| {
            entity::one(reader, &MATERIAL, &args.needed("idOrPath")?)
        }),
        reads(
            &["getMaterialByErpId"],
            &[Parameter::required("erpId", Type::Text, "What another system calls it.")],
            GET,
            "The material that another system calls so.",
            "the material, or nothing",
            |reader, args| match by_erp_id(reader, &args.needed("erpId")?)? {
                Some((id, _)) => entity::with_id(reader, &MATERIAL, id),
                None => Ok(Value::Null),
            },
        ),
        reads(&["getAllMaterials"], &[], GET, "All materials by name.", "a list of materials", |reader, _| {
            entity::all(reader, &MATERIAL, Which::All)
        }),
        finds(&["findMaterials"], GET, "The materials that a query request asks for.", |reader, args| {
            entity::find(reader, &MATERIAL, &args)
        }),
        reads(&["doesMaterialExist"], &[ONE], GET, "Whether there is a material.", "true or false", |reader, args| {
            Ok(Value::Bool(reader.find(&kinds::PRODUCTS, &args.needed("idOrPath")?)?.is_some()))
        }),
        reads(&["getMaterialReferences"], &[ONE], GET, "What refers to a material.", REFERENCES, |reader, args| {
            entity::references(reader, &MATERIAL, &args.needed("idOrPath")?)
        }),
        deletes(&["deleteMaterial"], &[ONE], DELETE, "Deletes a material that nothing refers to.", |session, args| {
            Box::pin(async move { entity::delete(session, args.needed("idOrPath")?, &MATERIAL).await })
        }),
        deletes(
            &["deleteMaterials"],
            &[Parameter::required("idsOrPaths", Type::List, "The materials.").also(&["ids"])],
            DELETE,
            "Deletes materials one after the other, until one cannot be deleted.",
            |session, args| {
                Box::pin(async move {
                    entity::delete_all(session, args.texts("idsOrPaths")?.unwrap_or_default(), &MATERIAL).await
                })
            },
        ),
        reads(&["exportAsCsv"], &[SOME], GET, "Materials as CSV.", "bytes", |reader, args| {
            file::export(reader, &IMPORT, args.texts("idsOrPaths")?, file::Form::Csv)
        }),
        reads(&["exportAsJson"], &[SOME], GET, "Materials as a JSON list.", "bytes", |reader, args| {
            file::export(reader, &IMPORT, args.texts("idsOrPaths")?, file::Form::Json)
        }),
        acts(
            &["importFromCsv"],
            &[FILE],
            SAVE,
            "Makes and changes materials by their paths, else by their erpId, from a file such as exportAsCsv gives.",
            "an ApiResponse with the number of rows written",
            |session, args| Box::pin(file::import(session, args, &IMPORT, true, file::Answer::Response)),
        ),
        acts(
            &["importFromJson"],
            &[FILE],
            SAVE,
            "The same from a JSON list such as exportAsJson gives.",
            "an ApiResponse with the number of rows written",
            |session, args| Box::pin(file::import(session, args, &IMPORT, false, file::Answer::Response)),
        ),
        acts(
            &["getMaterialImportQueueSize"],
            &[],
            GET,
            "How many rows of imports wait to be written.",
            "a number",
            |session, _| Box::pin(async move { Ok(whole(file::waiting(&session, &IMPORT))) }),
        ),
        acts(
            &["cancelMaterialImportQueue"],
            &[],
            SAVE,
            "Drops the rows of imports that are not written yet.",
            "how many there were",
            |session, _| Box::pin(async move { Ok(whole(file::cancel(&session, &IMPORT))) }),
        ),
        plain(
            &["clearMaterialCache", "clearMaterialClassCache"],
            &[],
            "Nothing: what is read is never older than what was saved.",
            "nothing",
            |_, _| Ok(Value::Null),
        ),
        plain(
            &["getMaterialPermissions"],
            &[],
            "The permissions of materials, their classes and reason codes.",
            "a list of texts",
            |_, _| Ok(permissions("MATERIAL")),
        ),
    ],
};
