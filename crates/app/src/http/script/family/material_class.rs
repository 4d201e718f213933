//! `system.mes.material`: the classes of materials, which are product categories.

use lotbook_engine::thing::kept::Which;
use lotbook_engine::thing::{CreateRecords, Value, kinds};

use crate::http::script::argument::Args;
use crate::http::script::declare::{REFERENCES, SPARE, VALIDATED, acts, deletes, finds, plain, reads, takes};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Family, Parameter, Type, template};
use crate::http::script::session::Session;

const GET: &str = "MATERIAL.READ.GET";
const SAVE: &str = "MATERIAL.WRITE.SAVE";
const DELETE: &str = "MATERIAL.WRITE.DELETE";

const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "Its name, unique below its parent; without `/`."),
    Parameter::optional("description", Type::Text, "What it is about."),
    Parameter::optional("path", Type::Text, "Names from the top down; follows from the name and the parent."),
    Parameter::optional("parentId", Type::Id, "The class above it.").also(&["parentPath"]),
    Parameter::optional("id", Type::Id, "The class to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
];

static CLASS: Entity = Entity {
    kind: &kinds::CATEGORIES,
    data: DATA,
    keys: &[
        ("name", Shows::Text("name")),
        ("description", Shows::Text("description")),
        ("path", Shows::Text("path")),
        ("parentId", Shows::IdOf(&kinds::CATEGORIES, "parent")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[("parentId", "parent")],
    unread: &["path"],
    by: "path",
    prepare: None,
};

const ONE: Parameter = Parameter::required("idOrPath", Type::Id, "The class.").also(&["id", "materialClassIdOrPath"]);

/// Classes of materials.
pub static FAMILY: Family = Family {
    title: "Material classes",
    prefixes: &["system.mes.material"],
    functions: &[
        plain(
            &["newMaterialClass"],
            &[],
            "A template with every key and its default.",
            "the template",
            |session, _| Ok(template(session, DATA)),
        ),
        takes(
            &["saveMaterialClass"],
            DATA,
            SAVE,
            "Makes a class, or changes the one with the given id.",
            "the class as it is then",
            |session, args| Box::pin(entity::save(session, args, &CLASS)),
        ),
        takes(
            &["validateMaterialClass"],
            DATA,
            "MATERIAL.READ.VALIDATE",
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &CLASS)),
        ),
        reads(&["getMaterialClass"], &[ONE], GET, "One class.", "the class, or nothing", |reader, args| {
            entity::one(reader, &CLASS, &args.needed("idOrPath")?)
        }),
        reads(&["getAllMaterialClasses"], &[], GET, "All classes by path.", "a list of classes", |reader, _| {
            entity::all(reader, &CLASS, Which::All)
        }),
        finds(&["findMaterialClasses"], GET, "The classes that a query request asks for.", |reader, args| {
            entity::find(reader, &CLASS, &args)
        }),
        reads(
            &["doesMaterialClassExist"],
            &[ONE],
            GET,
            "Whether there is a class.",
            "true or false",
            |reader, args| Ok(Value::Bool(reader.find(&kinds::CATEGORIES, &args.needed("idOrPath")?)?.is_some())),
        ),
        acts(
            &["createMaterialClassesForPath"],
            &[Parameter::required("path", Type::Text, "Names from the top down, joined by `/`.")],
            SAVE,
            "Makes every class of a path that there is not yet.",
            "the class at its end",
            |session, args| Box::pin(create_path(session, args)),
        ),
        reads(&["getMaterialClassReferences"], &[ONE], GET, "What refers to a class.", REFERENCES, |reader, args| {
            entity::references(reader, &CLASS, &args.needed("idOrPath")?)
        }),
        deletes(
            &["deleteMaterialClass"],
            &[ONE],
            DELETE,
            "Deletes a class that nothing refers to.",
            |session, args| Box::pin(async move { entity::delete(session, args.needed("idOrPath")?, &CLASS).await }),
        ),
        deletes(
            &["deleteMaterialClasses"],
            &[Parameter::required("idsOrPaths", Type::List, "The classes.").also(&["ids"])],
            DELETE,
            "Deletes classes one after the other, until one cannot be deleted.",
            |session, args| {
                Box::pin(async move {
                    entity::delete_all(session, args.texts("idsOrPaths")?.unwrap_or_default(), &CLASS).await
                })
            },
        ),
    ],
};

async fn create_path(session: Session, args: Args) -> Result<Value, Fault> {
    let path = args.needed("path")?.trim_matches('/').to_owned();
    let names: Vec<String> = path.split('/').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        let wrong = vec![("path".to_owned(), format!("{path} has an empty name; join names by single slashes"))];
        return Err(Fault::fields(FaultKind::ConstraintViolation, wrong));
    }
    // A list may name as a parent what stands before it in the list: one change makes them all, or none.
    let records = session
        .read(move |reader| {
            let mut records = Vec::new();
            for depth in 1..=names.len() {
                let path = names[..depth].join("/");
                if reader.find(&kinds::CATEGORIES, &path)?.is_some() {
                    continue;
                }
                let parent = if depth == 1 { Value::Null } else { Value::Text(names[..depth - 1].join("/")) };
                let name = Value::Text(names[depth - 1].clone());
                records.push(vec![("name".to_owned(), name), ("parent".to_owned(), parent)]);
            }
            Ok(records)
        })
        .await?;
    if !records.is_empty() {
        session.change(CreateRecords { kind: &kinds::CATEGORIES, records, is_list: true }).await?;
    }
    session.read(move |reader| entity::one(reader, &CLASS, &path)).await
}
