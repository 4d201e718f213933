//! `system.mes.material`: reason codes of lot records.

use lotbook_engine::thing::kept::Which;
use lotbook_engine::thing::kinds;

use crate::http::script::declare::{SPARE, VALIDATED, deletes, finds, plain, reads, takes};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::function::{Family, Parameter, Type, template};

const GET: &str = "MATERIAL.READ.GET";

const DATA: &[Parameter] = &[
    Parameter::required(
        "lotRecordType",
        Type::Word(&[
            "CONSUME",
            "UNCONSUME",
            "PRODUCE",
            "MOVE",
            "SPLIT",
            "MERGE",
            "SCRAP",
            "RETURN",
            "STATUS_CHANGE",
            "EDIT",
            "RECEIVE",
            "SHIP",
        ]),
        "The type of lot records that it is for.",
    ),
    Parameter::required("reasonCode", Type::Text, "The code. Unique."),
    Parameter::optional("description", Type::Text, "What it means."),
    Parameter::optional("requireComments", Type::Flag, "Whether a record with it needs notes.").preset("false"),
    Parameter::optional("id", Type::Id, "The reason code to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
    Parameter::optional("createdDate", Type::Time, "Shown only.").hidden(),
    Parameter::optional("createdBy", Type::Text, "Shown only.").hidden(),
    Parameter::optional("modifiedDate", Type::Time, "Shown only.").hidden(),
    Parameter::optional("modifiedBy", Type::Text, "Shown only.").hidden(),
];

static REASON: Entity = Entity {
    kind: &kinds::REASON_CODES,
    data: DATA,
    keys: &[
        ("lotRecordType", Shows::Word("record_type")),
        ("reasonCode", Shows::Text("name")),
        ("description", Shows::Text("description")),
        ("requireComments", Shows::Flag("requires_comment")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
        ("createdDate", Shows::Created),
        ("createdBy", Shows::CreatedBy),
        ("modifiedDate", Shows::Modified),
        ("modifiedBy", Shows::ModifiedBy),
    ],
    renamed: &[("lotRecordType", "recordType"), ("reasonCode", "name"), ("requireComments", "requiresComment")],
    unread: &[],
    by: "name",
    prepare: None,
};

const ONE: Parameter =
    Parameter::required("idOrCode", Type::Id, "The reason code.").also(&["id", "materialReasonCodeIdOrCode"]);

/// Reason codes.
pub static FAMILY: Family = Family {
    title: "Material reason codes",
    prefixes: &["system.mes.material"],
    functions: &[
        plain(
            &["newMaterialReasonCode"],
            &[],
            "A template with every key and its default.",
            "the template",
            |session, _| Ok(template(session, DATA)),
        ),
        takes(
            &["saveMaterialReasonCode"],
            DATA,
            "MATERIAL.WRITE.SAVE",
            "Makes a reason code, or changes the one with the given id.",
            "the reason code as it is then",
            |session, args| Box::pin(entity::save(session, args, &REASON)),
        ),
        takes(
            &["validateMaterialReasonCode"],
            DATA,
            "MATERIAL.READ.VALIDATE",
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &REASON)),
        ),
        reads(
            &["getMaterialReasonCode"],
            &[ONE],
            GET,
            "One reason code, with who made and changed it.",
            "the reason code, or nothing",
            |reader, args| entity::one(reader, &REASON, &args.needed("idOrCode")?),
        ),
        reads(&["getAllMaterialReasonCodes"], &[], GET, "All reason codes.", "a list of reason codes", |reader, _| {
            entity::all(reader, &REASON, Which::All)
        }),
        finds(&["findMaterialReasonCodes"], GET, "The reason codes that a query request asks for.", |reader, args| {
            entity::find(reader, &REASON, &args)
        }),
        deletes(
            &["deleteMaterialReasonCode"],
            &[ONE],
            "MATERIAL.WRITE.DELETE",
            "Deletes a reason code that nothing refers to.",
            |session, args| Box::pin(async move { entity::delete(session, args.needed("idOrCode")?, &REASON).await }),
        ),
    ],
};
