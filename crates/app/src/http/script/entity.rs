//! Catalog records as scripts see them: under other keys, saved, validated, found, deleted, by one description
//! each.

use std::collections::HashMap;

use lotbook_engine::thing::kept::{self, Called, Kept, Which, called};
use lotbook_engine::thing::kind::{Field, Type as Holds};
use lotbook_engine::thing::referrer;
use lotbook_engine::thing::{ChangeRecord, CreateRecords, DeleteRecord, Kind, Record, Reference, Value, kinds};
use lotbook_engine::{Error, uid};

use lotbook_domain::time::Time;

use super::argument::{self, Args};
use super::fault::{Fault, FaultKind};
use super::function::{Parameter, Type};
use super::query::{self, Row};
use super::session::{self, Reader, Session, read_answer};
use super::shape::{Shape, deleted, id, number, opt_text, time, violations, whole};

/// What a key of a record shows.
#[derive(Clone, Copy)]
pub enum Shows {
    /// The text of a column.
    Text(&'static str),
    /// The word of a column, in capital letters.
    Word(&'static str),
    /// The decimal of a column.
    Decimal(&'static str),
    /// The whole number of a column.
    Whole(&'static str),
    /// Whether a column says yes.
    Flag(&'static str),
    /// The time of a column.
    Time(&'static str),
    /// Its own id.
    Id,
    /// Its own path.
    Path,
    /// The id of the record that a column refers to.
    IdOf(&'static Kind, &'static str),
    /// The name of the record that a column refers to.
    NameOf(&'static Kind, &'static str),
    /// The path of the record that a column refers to.
    PathOf(&'static Kind, &'static str),
    /// When it was made.
    Created,
    /// Who made it.
    CreatedBy,
    /// When it was changed after that.
    Modified,
    /// Who did.
    ModifiedBy,
    /// What a function makes of it.
    Of(fn(&Kept) -> Value),
}

/// A kind of record as scripts see it.
pub struct Entity {
    /// What it is natively.
    pub kind: &'static Kind,
    /// The keys of its template, which `save…` takes.
    pub data: &'static [Parameter],
    /// The keys of an answer, in order.
    pub keys: &'static [(&'static str, Shows)],
    /// Keys whose native field has another name.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Keys that `save…` takes and does not read by itself.
    pub unread: &'static [&'static str],
    /// The column that lists are in the order of; nothing = the order of ids.
    pub by: &'static str,
    /// What else belongs into the record to be written: `before` is what it was. Answers what is wrong.
    pub prepare: Option<Prepare>,
}

/// See [`Entity::prepare`].
pub type Prepare = fn(&mut Reader<'_>, Option<&Kept>, &Args, &mut Record) -> Result<Vec<(String, String)>, Fault>;

impl Entity {
    fn native(&self, key: &'static str) -> &'static str {
        match self.renamed.iter().find(|(script, _)| *script == key) {
            Some((_, native)) => native,
            None if key == "enabled" => "isEnabled",
            None => key,
        }
    }

    fn in_script_words(&self, field: &str) -> Option<String> {
        if field == "isEnabled" {
            return Some("enabled".to_owned());
        }
        self.renamed.iter().find(|(_, native)| *native == field).map(|(script, _)| (*script).to_owned())
    }
}

/// Whether scripts see it: the places that every tenant has are none of theirs.
fn is_seen(kind: &'static Kind, id: i64) -> bool {
    kind != &kinds::LOCATIONS || id >= 100
}

/// Records with what they show, in order: a statement for them, and one for each kind that they refer to.
pub fn shown(reader: &mut Reader<'_>, entity: &Entity, which: Which<'_>) -> Result<Vec<(Kept, Value)>, Fault> {
    let found = kept::read(reader.conn, reader.tenant, entity.kind, which)?;
    show(reader, entity.kind, entity.keys, entity.by, found)
}

/// The same of records that were read, with keys of one's own.
pub fn show(
    reader: &mut Reader<'_>,
    kind: &'static Kind,
    keys: &[(&'static str, Shows)],
    by: &'static str,
    mut found: Vec<Kept>,
) -> Result<Vec<(Kept, Value)>, Fault> {
    found.retain(|kept| is_seen(kind, kept.id));
    if !by.is_empty() {
        found.sort_by(|a, b| (a.text(by), a.id).cmp(&(b.text(by), b.id)));
    }
    let mut names: HashMap<&'static str, HashMap<i64, Called>> = HashMap::new();
    for (_, shows) in keys {
        let (other, column) = match shows {
            Shows::IdOf(kind, column) | Shows::NameOf(kind, column) | Shows::PathOf(kind, column) => {
                (*kind, Some(*column))
            }
            Shows::Path => (kind, None),
            _ => continue,
        };
        let ids = found.iter().map(|kept| column.map_or(kept.id, |column| kept.number(column)));
        let ids: Vec<i64> = ids.filter(|id| is_seen(other, *id)).collect();
        let more = called(reader.conn, reader.tenant, other, ids)?;
        names.entry(other.name).or_default().extend(more);
    }
    let of = |kind: &'static Kind, id: i64| names.get(kind.name).and_then(|known| known.get(&id));
    let show = |kept: &Kept| {
        let values = keys.iter().map(|(key, shows)| {
            let value = match shows {
                Shows::Text(column) => opt_text(kept.opt_text(column)),
                Shows::Word(column) => opt_text(kept.opt_text(column).map(script_word).as_deref()),
                Shows::Decimal(column) => kept.opt_number(column).map_or(Value::Null, number),
                Shows::Whole(column) => kept.opt_number(column).map_or(Value::Null, whole),
                Shows::Flag(column) => Value::Bool(kept.flag(column)),
                Shows::Time(column) => time(kept.opt_number(column).map(Time)),
                Shows::Id => id(&kept.uid),
                Shows::Path => opt_text(of(kind, kept.id).map(|called| called.path.as_str())),
                Shows::IdOf(other, column) => of(other, kept.number(column)).map_or(Value::Null, |one| id(&one.uid)),
                Shows::NameOf(other, column) => {
                    opt_text(of(other, kept.number(column)).map(|called| called.name.as_str()))
                }
                Shows::PathOf(other, column) => {
                    opt_text(of(other, kept.number(column)).map(|called| called.path.as_str()))
                }
                Shows::Created => time(Some(kept.created.0)),
                Shows::CreatedBy => opt_text(kept.created.1.as_deref()),
                Shows::Modified => time(kept.changed()),
                Shows::ModifiedBy => opt_text(kept.modified.1.as_deref().filter(|_| kept.changed().is_some())),
                Shows::Of(make) => make(kept),
            };
            ((*key).to_owned(), value)
        });
        Value::Object(values.collect())
    };
    let values: Vec<Value> = found.iter().map(show).collect();
    Ok(found.into_iter().zip(values).collect())
}

/// A native word as scripts write it: `cellGroup` is `CELL_GROUP`.
fn script_word(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && out.ends_with(|before: char| before.is_ascii_lowercase()) {
            out.push('_');
        }
        out.push(letter);
    }
    out.to_uppercase()
}

/// All of them.
pub fn all(reader: &mut Reader<'_>, entity: &Entity, which: Which<'_>) -> Result<Value, Fault> {
    Ok(Value::List(shown(reader, entity, which)?.into_iter().map(|(_, value)| value).collect()))
}

/// The one that an argument names; nothing where there is none.
pub fn one(reader: &mut Reader<'_>, entity: &Entity, text: &str) -> Result<Value, Fault> {
    match reader.find(entity.kind, text)? {
        Some(id) => with_id(reader, entity, id),
        None => Ok(Value::Null),
    }
}

/// The one with this id.
pub fn with_id(reader: &mut Reader<'_>, entity: &Entity, id: i64) -> Result<Value, Fault> {
    Ok(shown(reader, entity, Which::Ids(&[id]))?.pop().map_or(Value::Null, |(_, value)| value))
}

/// Answers a query request.
pub fn find(reader: &mut Reader<'_>, entity: &Entity, args: &Args) -> Result<Value, Fault> {
    find_among(args, shown(reader, entity, Which::All)?)
}

/// Answers a query request about these.
pub fn find_among(args: &Args, found: Vec<(Kept, Value)>) -> Result<Value, Fault> {
    let rows = found.into_iter().map(|(kept, shown)| Row {
        beside: vec![
            ("createdDate".to_owned(), time(Some(kept.created.0))),
            ("createdBy".to_owned(), opt_text(kept.created.1.as_deref())),
            ("modifiedDate".to_owned(), time(kept.changed())),
            ("modifiedBy".to_owned(), opt_text(kept.modified.1.as_deref())),
        ],
        shown,
    });
    query::find(args, rows.collect())
}

/// What refers to the record that an argument names.
pub fn references(reader: &mut Reader<'_>, entity: &Entity, text: &str) -> Result<Value, Fault> {
    let id = reader.need(entity.kind, text)?;
    let groups = referrer::references(reader.conn, reader.tenant, entity.kind, id)?.into_iter().map(|group| {
        let references = group.references.into_iter().map(|(field, referring)| {
            Shape::new().text("fkColName", Some(field)).text("id", Some(&uid::print(&referring))).done()
        });
        Shape::new().text("tableName", Some(group.table)).put("references", Value::List(references.collect())).done()
    });
    Ok(Value::List(groups.collect()))
}

/// A word as it is kept, whichever way it is written; one that is not known stays as it is.
fn native_word(words: &[&str], text: String) -> String {
    let plain = |word: &str| word.trim().replace(['_', ' '], "").to_uppercase();
    let asked = match plain(&text).as_str() {
        "KEEPPREVIOUS" => "MERGEINTOPREVIOUS".to_owned(),
        "ANYCHANGE" => "CHANGE".to_owned(),
        other => other.to_owned(),
    };
    words.iter().find(|word| plain(word) == asked).map_or(text, |word| (*word).to_owned())
}

/// Names the words there are, as scripts write them, where a value is none of them.
fn known_word(ty: Type, value: &Value) -> Result<(), String> {
    let (Type::Word(words), Value::Text(text)) = (ty, value) else { return Ok(()) };
    if text.trim().is_empty() || words.contains(&native_word(words, text.clone()).as_str()) {
        return Ok(());
    }
    Err(format!("is {text}; there are {}", words.join(", ")))
}

/// A value as its native field takes it, or what is wrong with it.
fn native_value(field: &Field, value: &Value) -> Result<Value, String> {
    Ok(match field.ty {
        Holds::Flag => argument::flag(value)?.map_or(Value::Null, Value::Bool),
        Holds::Decimal => match argument::number(value)? {
            Some(e6) if e6 < 0 => return Err("is below 0".to_owned()),
            found => found.map_or(Value::Null, number),
        },
        Holds::Whole(..) => match argument::number(value)? {
            Some(e6) if e6 % 1_000_000 != 0 => return Err("is no whole number".to_owned()),
            found => found.map_or(Value::Null, |e6| whole(e6 / 1_000_000)),
        },
        Holds::Time => argument::time(value)?.map_or(Value::Null, |at| Value::Text(at.to_string())),
        Holds::Reference(_) => argument::text(value)?
            .map_or(Value::Null, |text| Value::Text(text.trim().trim_start_matches('/').to_owned())),
        Holds::Word(words) => argument::text(value)?.map_or(Value::Null, |text| Value::Text(native_word(words, text))),
        _ => argument::text(value)?.map_or(Value::Null, Value::Text),
    })
}

/// What is to be written: over which record, its fields, and what is wrong with arguments that make none.
type Planned = (Option<i64>, Record, Vec<(String, String)>);

fn plan(reader: &mut Reader<'_>, entity: &Entity, args: &Args) -> Result<Planned, Fault> {
    let before = match args.text("id")? {
        None => None,
        Some(text) => {
            let id = reader.need(entity.kind, &text)?;
            kept::read(reader.conn, reader.tenant, entity.kind, Which::Ids(&[id]))?.pop()
        }
    };
    let mut record = Record::new();
    let mut wrong = Vec::new();
    for (parameter, value) in args.each() {
        let key = parameter.name;
        if key == "id" || !parameter.is_shown || entity.unread.contains(&key) {
            continue;
        }
        if let Err(message) = known_word(parameter.ty, value) {
            wrong.push((key.to_owned(), message));
            continue;
        }
        let native = entity.native(key);
        let Some(field) = entity.kind.field(native) else {
            return Err(Fault::from(Error::Internal(format!("{} have no field {native}", entity.kind.name))));
        };
        match native_value(field, value) {
            Ok(value) => record.push((native.to_owned(), value)),
            Err(message) => wrong.push((key.to_owned(), message)),
        }
    }
    for parameter in entity.data.iter().filter(|parameter| parameter.is_required) {
        let is_asked = before.is_none() || args.is_given(parameter.name);
        if is_asked && matches!(argument::text(args.get(parameter.name)), Ok(None)) {
            wrong.push((parameter.name.to_owned(), "is missing".to_owned()));
        }
    }
    if let Some(prepare) = entity.prepare {
        wrong.extend(prepare(reader, before.as_ref(), args, &mut record)?);
    }
    Ok((before.map(|kept| kept.id), record, wrong))
}

/// Everything that is wrong with a record at once: what its arguments are, and what is said of the rest of it.
pub fn all_faults(mut wrong: Vec<(String, String)>, outcome: Result<String, Fault>) -> Result<String, Fault> {
    if wrong.is_empty() {
        return outcome;
    }
    let told: Vec<String> = wrong.iter().map(|(field, _)| field.clone()).collect();
    let more = outcome.err().map(|fault| fault.violations).unwrap_or_default();
    wrong.extend(more.into_iter().filter(|(field, _)| !told.contains(field)));
    Err(Fault::fields(FaultKind::ConstraintViolation, wrong))
}

async fn write(session: &Session, entity: &'static Entity, args: Args, is_trial: bool) -> Result<String, Fault> {
    let (known, record, wrong) = session.read(move |reader| plan(reader, entity, &args)).await?;
    let kind = entity.kind;
    let is_trial = is_trial || !wrong.is_empty();
    let outcome = if let Some(id) = known {
        let change = ChangeRecord { kind, reference: Reference::Id(id), patch: record, version: None };
        if is_trial { session.try_out(change).await } else { session.change(change).await }
    } else {
        let create = CreateRecords { kind, records: vec![record], is_list: false };
        if is_trial { session.try_out(create).await } else { session.change(create).await }
    };
    let outcome = outcome.map_err(|fault| {
        let has_fields = !fault.violations.is_empty();
        let mut fault = fault.renamed(|field| entity.in_script_words(field));
        // What follows from what a script says is told by that, and is nothing to be told beside it.
        let is_its_own = |field: &str| entity.data.iter().any(|parameter| parameter.name == field);
        if has_fields && (!wrong.is_empty() || fault.violations.iter().any(|(field, _)| is_its_own(field))) {
            fault.violations.retain(|(field, _)| is_its_own(field));
            fault = Fault::fields(fault.kind, fault.violations);
        }
        if has_fields { fault.as_kind(FaultKind::ConstraintViolation) } else { fault }
    });
    all_faults(wrong, outcome)
}

#[derive(serde::Deserialize)]
struct Written {
    id: i64,
}

/// Makes a record, or changes the one with the given id, and answers its native id.
pub async fn save_id(session: &Session, args: Args, entity: &'static Entity) -> Result<i64, Fault> {
    let written: Written = read_answer(&write(session, entity, args, false).await?)?;
    Ok(written.id)
}

/// The same, and answers it as it is then.
pub async fn save(session: Session, args: Args, entity: &'static Entity) -> Result<Value, Fault> {
    let id = save_id(&session, args, entity).await?;
    session.read(move |reader| with_id(reader, entity, id)).await
}

/// Says what would keep it from being saved.
pub async fn validate(session: Session, args: Args, entity: &'static Entity) -> Result<Value, Fault> {
    match write(&session, entity, args, true).await {
        Ok(_) => Ok(violations(Vec::new())),
        Err(fault) if !fault.violations.is_empty() => Ok(violations(fault.violations)),
        Err(fault) if fault.kind == FaultKind::IllegalArgument => {
            Ok(violations(vec![("id".to_owned(), fault.message)]))
        }
        Err(fault) => Err(fault),
    }
}

/// Deletes the record that an argument names.
pub async fn delete(session: Session, text: String, entity: &'static Entity) -> Result<Value, Fault> {
    let (tells, id, uid, name) = session
        .read(move |reader| {
            let id = reader.need(entity.kind, &text)?;
            let kept = kept::read(reader.conn, reader.tenant, entity.kind, Which::Ids(&[id]))?.pop();
            let kept = kept.filter(|kept| is_seen(entity.kind, kept.id));
            let kept =
                kept.ok_or_else(|| Fault::illegal(format!("there is no {} {text}", session::noun(entity.kind))))?;
            Ok((reader.answers_api_responses(), id, uid::print(&kept.uid), text.clone()))
        })
        .await?;
    let change = DeleteRecord { kind: entity.kind, reference: Reference::Id(id), version: None };
    let noun = session::noun(entity.kind);
    let outcome = session.change(change).await.map_err(|fault| {
        // As the script calls it, and not by the number it has here.
        Fault { message: fault.message.replace(&format!("the {noun} {id} "), &format!("the {noun} {name} ")), ..fault }
    });
    deleted(tells, outcome.map(|_| (uid, name)))
}

/// Deletes several, one after the other; what cannot be deleted ends it, and what went before is gone.
pub async fn delete_all(session: Session, texts: Vec<String>, entity: &'static Entity) -> Result<Value, Fault> {
    let asked = texts.clone();
    session.read(move |reader| reader.need_all(entity.kind, &asked)).await?;
    let mut last = Value::Null;
    for text in texts {
        last = delete(session.clone(), text, entity).await?;
        if matches!(&last, Value::Object(_)) && is_refusal(&last) {
            break;
        }
    }
    Ok(last)
}

fn is_refusal(answer: &Value) -> bool {
    matches!(answer, Value::Object(record) if record.iter().any(|(key, value)| key == "success" && *value == Value::Bool(false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_as_scripts_do() {
        for (native, want) in [("cellGroup", "CELL_GROUP"), ("site", "SITE"), ("NO_STORAGE", "NO_STORAGE")] {
            assert_eq!(script_word(native), want);
        }
    }
}
