//! `system.mes.unitOfMeasure`: units, and the exact ratios between them.

use lotbook_domain::id::{ProductId, UnitId};
use lotbook_domain::money::convert as turn;
use lotbook_domain::quantity::Quantity;
use lotbook_engine::thing::kept::{self, Kept, Which};
use lotbook_engine::thing::{CreateRecords, Record, Value, kinds};

use crate::http::script::argument::{self, Args};
use crate::http::script::declare::{REFERENCES, SAVING, SPARE, VALIDATED, acts, deletes, finds, plain, reads, takes};
use crate::http::script::entity::{self, Entity, Shows};
use crate::http::script::fault::{Fault, FaultKind};
use crate::http::script::function::{Family, Function, Parameter, Type, template};
use crate::http::script::permission::permissions;
use crate::http::script::session::{Reader, Session};
use crate::http::script::shape::{number, whole};

const GET: &str = "UNIT_OF_MEASURE.READ.GET";
const VALIDATE: &str = "UNIT_OF_MEASURE.READ.VALIDATE";
const SAVE: &str = "UNIT_OF_MEASURE.WRITE.SAVE";
const DELETE: &str = "UNIT_OF_MEASURE.WRITE.DELETE";
const QUEUE: &str = "unitOfMeasure";

const DATA: &[Parameter] = &[
    Parameter::required("name", Type::Text, "What it is called: kilogram. Unique."),
    Parameter::required("symbol", Type::Text, "How it is written behind a number: kg. Unique."),
    Parameter::optional("id", Type::Id, "The unit to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
];

static UNIT: Entity = Entity {
    kind: &kinds::UNITS,
    data: DATA,
    keys: &[
        ("name", Shows::Text("name")),
        ("symbol", Shows::Text("symbol")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[],
    unread: &[],
    by: "name",
    prepare: Some(only_name),
};

/// Names are unique here, beside symbols.
fn only_name(
    reader: &mut Reader<'_>,
    before: Option<&Kept>,
    args: &Args,
    _: &mut Record,
) -> Result<Vec<(String, String)>, Fault> {
    let Some(name) = args.text("name")? else { return Ok(Vec::new()) };
    let name = name.trim().to_lowercase();
    let known = kept::read(reader.conn, reader.tenant, &kinds::UNITS, Which::All)?;
    let own = before.map(|kept| kept.id);
    let taken = known.iter().find(|kept| Some(kept.id) != own && kept.text("name").to_lowercase() == name);
    Ok(taken
        .map(|kept| ("name".to_owned(), format!("is taken by the unit {}", kept.text("symbol"))))
        .into_iter()
        .collect())
}

const ONE: Parameter = Parameter::required("idOrName", Type::Id, "The unit; its symbol does as well.").also(&["id"]);

/// Units.
pub static FAMILY: Family = Family {
    title: "Units of measure",
    prefixes: &["system.mes.unitOfMeasure"],
    functions: &[
        plain(
            &["newUnitOfMeasure"],
            &[],
            "A template with every key and its default.",
            "the template",
            |session, _| Ok(template(session, DATA)),
        ),
        takes(
            &["saveUnitOfMeasure"],
            DATA,
            SAVE,
            "Makes a unit, or changes the one with the given id.",
            "the unit as it is then",
            |session, args| Box::pin(entity::save(session, args, &UNIT)),
        ),
        takes(
            &["validateUnitOfMeasure"],
            DATA,
            VALIDATE,
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &UNIT)),
        ),
        reads(&["getUnitOfMeasure"], &[ONE], GET, "One unit.", "the unit, or nothing", |reader, args| {
            entity::one(reader, &UNIT, &args.needed("idOrName")?)
        }),
        acts(
            &["getUnitOfMeasureOrCreateNew"],
            &[
                Parameter::required("name", Type::Text, "Its name."),
                Parameter::optional("symbol", Type::Text, "Its symbol, if it is made; the name."),
            ],
            SAVE,
            "The unit with this name, which is made if there is none.",
            "the unit",
            |session, args| Box::pin(get_or_create(session, args)),
        ),
        reads(&["getAllUnitsOfMeasure"], &[], GET, "All units by name.", "a list of units", |reader, _| {
            entity::all(reader, &UNIT, Which::All)
        }),
        finds(&["findUnitsOfMeasure"], GET, "The units that a query request asks for.", |reader, args| {
            entity::find(reader, &UNIT, &args)
        }),
        reads(&["doesUnitOfMeasureExist"], &[ONE], GET, "Whether there is a unit.", "true or false", |reader, args| {
            Ok(Value::Bool(reader.find(&kinds::UNITS, &args.needed("idOrName")?)?.is_some()))
        }),
        reads(&["getUnitOfMeasureReferences"], &[ONE], GET, "What refers to a unit.", REFERENCES, |reader, args| {
            entity::references(reader, &UNIT, &args.needed("idOrName")?)
        }),
        deletes(&["deleteUnitOfMeasure"], &[ONE], DELETE, "Deletes a unit that nothing refers to.", |session, args| {
            Box::pin(async move { entity::delete(session, args.needed("idOrName")?, &UNIT).await })
        }),
        acts(
            &["getUnitOfMeasureImportQueueSize"],
            &[],
            GET,
            "How many rows of imports wait to be written.",
            "a number",
            |session, _| Box::pin(async move { Ok(whole(session.app().imports.size(session.tenant(), QUEUE))) }),
        ),
        acts(
            &["cancelUnitOfMeasureImportQueue"],
            &[],
            SAVE,
            "Drops the rows of imports that are not written yet.",
            "how many there were",
            |session, _| Box::pin(async move { Ok(whole(session.app().imports.cancel(session.tenant(), QUEUE))) }),
        ),
        plain(
            &["clearUnitOfMeasureCache"],
            &[],
            "Nothing: what is read is never older than what was saved.",
            "nothing",
            |_, _| Ok(Value::Null),
        ),
        plain(&["getUnitOfMeasurePermissions"], &[], "The permissions of units.", "a list of texts", |_, _| {
            Ok(permissions("UNIT_OF_MEASURE"))
        }),
    ],
};

async fn get_or_create(session: Session, args: Args) -> Result<Value, Fault> {
    let name = args.needed("name")?;
    let symbol = args.text("symbol")?.unwrap_or_else(|| name.clone());
    let (asked, by_symbol) = (name.clone(), symbol.clone());
    let known = session
        .read(move |reader| match entity::one(reader, &UNIT, &asked)? {
            Value::Null => match reader.find(&kinds::UNITS, &by_symbol)? {
                Some(_) => {
                    Err(Fault::illegal(format!("the symbol {by_symbol} is that of another unit; choose another")))
                }
                None => Ok(Value::Null),
            },
            known => Ok(known),
        })
        .await?;
    if known != Value::Null {
        return Ok(known);
    }
    let record = vec![("name".to_owned(), Value::Text(name.clone())), ("symbol".to_owned(), Value::Text(symbol))];
    session.change(CreateRecords { kind: &kinds::UNITS, records: vec![record], is_list: false }).await?;
    session.read(move |reader| entity::one(reader, &UNIT, &name)).await
}

const RATIO: &[Parameter] = &[
    Parameter::required("fromId", Type::Id, "The unit to convert from."),
    Parameter::required("toId", Type::Id, "The unit to convert to."),
    Parameter::required(
        "conversionFactor",
        Type::Number,
        "How many of the second are one of the first: a decimal, or an exact ratio such as \"1/3\".",
    ),
    Parameter::optional("materialId", Type::Id, "The only material it holds for; it goes before the general one."),
    Parameter::optional("id", Type::Id, "The conversion to be changed; nothing = a new one."),
    Parameter::optional("notes", Type::Text, "Free text."),
    Parameter::optional("enabled", Type::Flag, "Whether it may be used.").preset("true"),
    Parameter::optional("spare1", Type::Text, SPARE),
    Parameter::optional("spare2", Type::Text, SPARE),
    Parameter::optional("spare3", Type::Text, SPARE),
];

static CONVERSION: Entity = Entity {
    kind: &kinds::UNIT_CONVERSIONS,
    data: RATIO,
    keys: &[
        ("fromId", Shows::IdOf(&kinds::UNITS, "from_unit")),
        ("toId", Shows::IdOf(&kinds::UNITS, "to_unit")),
        ("conversionFactor", Shows::Of(factor_of)),
        ("materialId", Shows::IdOf(&kinds::PRODUCTS, "product")),
        ("id", Shows::Id),
        ("notes", Shows::Text("notes")),
        ("enabled", Shows::Flag("is_enabled")),
        ("spare1", Shows::Text("spare1")),
        ("spare2", Shows::Text("spare2")),
        ("spare3", Shows::Text("spare3")),
    ],
    renamed: &[("fromId", "from"), ("toId", "to"), ("materialId", "product")],
    unread: &["conversionFactor"],
    by: "",
    prepare: Some(exact),
};

/// The factor as a decimal of up to eighteen places, cut where it does not end.
fn factor_of(kept: &Kept) -> Value {
    Value::Number(decimal(kept.number("numerator"), kept.number("denominator")))
}

fn decimal(numerator: i64, denominator: i64) -> String {
    let (numerator, denominator) = (i128::from(numerator), i128::from(denominator.max(1)));
    let (whole, mut rest) = (numerator / denominator, numerator % denominator);
    let mut places = String::new();
    while rest != 0 && places.len() < 18 {
        rest *= 10;
        places.push(char::from(b'0' + u8::try_from(rest / denominator).unwrap_or(0)));
        rest %= denominator;
    }
    if places.is_empty() { format!("{whole}.0") } else { format!("{whole}.{places}") }
}

/// The exact ratio of a factor: a decimal, or `a/b`.
fn ratio(text: &str) -> Option<(i64, i64)> {
    let part = |text: &str| -> Option<(i128, i128)> {
        let text = text.trim();
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 18)?),
            None => (text, 0),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{}", places.trim_end_matches('0'));
        if all.is_empty() || all.len() > 36 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let scale = i32::try_from(places.trim_end_matches('0').len()).ok()? - exponent;
        let power = 10_i128.checked_pow(scale.unsigned_abs())?;
        let number: i128 = all.parse().ok()?;
        if scale >= 0 { Some((number, power)) } else { Some((number.checked_mul(power)?, 1)) }
    };
    let (above, below) = match text.split_once('/') {
        Some((above, below)) => (part(above)?, part(below)?),
        None => (part(text)?, (1, 1)),
    };
    let (mut numerator, mut denominator) = (above.0.checked_mul(below.1)?, above.1.checked_mul(below.0)?);
    if numerator <= 0 || denominator <= 0 {
        return None;
    }
    let (mut a, mut b) = (numerator, denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (numerator, denominator) = (numerator / a, denominator / a);
    Some((i64::try_from(numerator).ok()?, i64::try_from(denominator).ok()?))
}

fn exact(
    _: &mut Reader<'_>,
    before: Option<&Kept>,
    args: &Args,
    record: &mut Record,
) -> Result<Vec<(String, String)>, Fault> {
    let complain = |message: &str| Ok(vec![("conversionFactor".to_owned(), message.to_owned())]);
    let text = match argument::text(args.get("conversionFactor")) {
        Ok(None) => return Ok(Vec::new()),
        Ok(Some(text)) => text,
        Err(message) => return complain(&message),
    };
    // What was read and is sent back is no change, though a third had to be cut on the way.
    if before.is_some_and(|kept| is_same(&text, kept)) {
        return Ok(Vec::new());
    }
    let Some((numerator, denominator)) = ratio(&text) else {
        return complain("is no factor; send a decimal above 0, or a ratio such as \"1/3\", of at most 18 digits");
    };
    record.push(("numerator".to_owned(), whole(numerator)));
    record.push(("denominator".to_owned(), whole(denominator)));
    Ok(Vec::new())
}

/// Whether a factor is what a conversion shows, or as near to it as a binary double is.
fn is_same(text: &str, kept: &Kept) -> bool {
    let Some((numerator, denominator)) = ratio(text) else { return false };
    let own = (i128::from(kept.number("numerator")), i128::from(kept.number("denominator")));
    let (left, right) = (i128::from(numerator) * own.1, i128::from(denominator) * own.0);
    (left - right).abs() <= right / 100_000_000_000_000
}

const FROM: Parameter = Parameter::required("from", Type::Id, "The unit to convert from.").also(&["fromId"]);
const TO: Parameter = Parameter::required("to", Type::Id, "The unit to convert to.").also(&["toId"]);
const OF: Parameter = Parameter::optional("materialId", Type::Id, "The material; nothing = the general conversion.")
    .also(&["materialIdOrPath", "material"]);
const ID: Parameter = Parameter::required("id", Type::Id, "The conversion.");

/// Conversions.
pub static CONVERSIONS: Family = Family {
    title: "Unit conversions",
    prefixes: &["system.mes.unitOfMeasure"],
    functions: &[
        plain(
            &["newUnitOfMeasureConversion"],
            &[],
            "A template with every key and its default.",
            "the template",
            |session, _| Ok(template(session, RATIO)),
        ),
        takes(
            &["saveUnitOfMeasureConversion"],
            RATIO,
            SAVE,
            "Makes a conversion, or changes the one with the given id. It is read in both directions.",
            "the conversion as it is then",
            |session, args| Box::pin(entity::save(session, args, &CONVERSION)),
        ),
        takes(
            &["validateUnitOfMeasureConversion"],
            RATIO,
            VALIDATE,
            "Says what would keep it from being saved.",
            VALIDATED,
            |session, args| Box::pin(entity::validate(session, args, &CONVERSION)),
        ),
        Function {
            faults: SAVING,
            ..acts(
                &["addConversion"],
                &[
                    FROM,
                    TO,
                    Parameter::required("conversionFactor", Type::Number, "A decimal, or a ratio such as \"1/3\".")
                        .also(&["factor"]),
                    OF,
                ],
                SAVE,
                "Makes a conversion.",
                "the conversion",
                |session, args| Box::pin(add(session, args)),
            )
        },
        reads(
            &["convert"],
            &[Parameter::required("amount", Type::Number, "How much."), FROM, TO, OF],
            GET,
            "An amount in another unit, rounded once, half to even, to the millionth: by the material's own conversion, \
             else by the general one, each in either direction.",
            "a number",
            |reader, args| convert(reader, &args),
        ),
        reads(
            &["getUnitOfMeasureConversion", "getConversion"],
            &[ID],
            GET,
            "One conversion.",
            "the conversion, or nothing",
            |reader, args| entity::one(reader, &CONVERSION, &args.needed("id")?),
        ),
        reads(
            &["getConversionFor"],
            &[FROM, TO, OF],
            GET,
            "The conversion between two units, in this direction, of a material or in general.",
            "the conversion, or nothing",
            |reader, args| match between(reader, &args)? {
                Some(id) => entity::with_id(reader, &CONVERSION, id),
                None => Ok(Value::Null),
            },
        ),
        reads(
            &["doesConversionExist"],
            &[FROM, TO, OF],
            GET,
            "Whether there is such a conversion.",
            "true or false",
            |reader, args| Ok(Value::Bool(between(reader, &args)?.is_some())),
        ),
        reads(&["getAllConversions"], &[], GET, "All conversions.", "a list of conversions", |reader, _| {
            entity::all(reader, &CONVERSION, Which::All)
        }),
        reads(
            &["getAllConversionsForMaterial"],
            &[Parameter::required("id", Type::Id, "The material.").also(&["materialId", "materialIdOrPath"])],
            GET,
            "The conversions that hold for one material only.",
            "a list of conversions",
            |reader, args| {
                let product = reader.need(&kinds::PRODUCTS, &args.needed("id")?)?;
                entity::all(reader, &CONVERSION, Which::With("product", product))
            },
        ),
        finds(
            &["findUnitOfMeasureConversions"],
            GET,
            "The conversions that a query request asks for.",
            |reader, args| entity::find(reader, &CONVERSION, &args),
        ),
        reads(
            &["getUnitOfMeasureConversionReferences"],
            &[ID],
            GET,
            "What refers to a conversion: nothing does.",
            REFERENCES,
            |reader, args| entity::references(reader, &CONVERSION, &args.needed("id")?),
        ),
        deletes(&["deleteUnitOfMeasureConversion"], &[ID], DELETE, "Deletes a conversion.", |session, args| {
            Box::pin(async move { entity::delete(session, args.needed("id")?, &CONVERSION).await })
        }),
    ],
};

async fn add(session: Session, args: Args) -> Result<Value, Fault> {
    let record =
        [("fromId", "from"), ("toId", "to"), ("conversionFactor", "conversionFactor"), ("materialId", "materialId")];
    let record = record.map(|(key, given)| (key.to_owned(), args.get(given).clone()));
    entity::save(session, Args::of_record(RATIO, record.into())?, &CONVERSION).await
}

/// The two units and the material that arguments name.
fn named(reader: &mut Reader<'_>, args: &Args) -> Result<(i64, i64, i64), Fault> {
    let from = reader.need(&kinds::UNITS, &args.needed("from")?)?;
    let to = reader.need(&kinds::UNITS, &args.needed("to")?)?;
    let product = match args.text("materialId")? {
        Some(text) => reader.need(&kinds::PRODUCTS, &text)?,
        None => 0,
    };
    Ok((from, to, product))
}

fn between(reader: &mut Reader<'_>, args: &Args) -> Result<Option<i64>, Fault> {
    let (from, to, product) = named(reader, args)?;
    let known = kept::read(reader.conn, reader.tenant, &kinds::UNIT_CONVERSIONS, Which::With("from_unit", from))?;
    let found = known.iter().find(|kept| kept.number("to_unit") == to && kept.number("product") == product);
    Ok(found.map(|kept| kept.id))
}

fn convert(reader: &mut Reader<'_>, args: &Args) -> Result<Value, Fault> {
    let amount = argument::number(args.get("amount"))
        .and_then(|amount| amount.ok_or_else(|| "is missing; say how much".to_owned()))
        .map_err(|message| Fault::fields(FaultKind::IllegalArgument, vec![("amount".to_owned(), message)]))?;
    let (from, to, product) = named(reader, args)?;
    let ratio = reader.structure.catalog.ratio(ProductId(product), UnitId(from), UnitId(to));
    let Some((numerator, denominator)) = ratio else {
        let message = format!("there is no conversion from {} to {}", args.needed("from")?, args.needed("to")?);
        return Err(Fault::illegal(message));
    };
    let turned = turn(Quantity(amount), numerator, denominator);
    let turned = turned.ok_or_else(|| Fault::illegal("the converted amount leaves the range"))?;
    Ok(number(turned.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_exact() {
        for (text, want) in [
            ("2000", Some((2000, 1))),
            ("2000.0", Some((2000, 1))),
            ("0.45359237", Some((45_359_237, 100_000_000))),
            ("1/3", Some((1, 3))),
            ("0.5/1.5", Some((1, 3))),
            ("1e-3", Some((1, 1000))),
            ("2.5e2", Some((250, 1))),
            ("0", None),
            ("-1", None),
            ("1/0", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(ratio(text), want, "{text}");
        }
        assert_eq!(decimal(1, 3), "0.333333333333333333");
        assert_eq!(decimal(2000, 1), "2000.0");
        assert_eq!(decimal(45_359_237, 100_000_000), "0.45359237");
    }
}
