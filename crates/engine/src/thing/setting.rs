//! Settings: decisions about the whole tenant or about an org unit and what is below it.
//!
//! A setting is never overwritten. Each change is a decision with the ledger position from which it
//! holds, so that what was booked before can still be judged by what stood then; the newest one of a
//! key and org unit holds. `null` goes back to what the place above says, or to the default.

use lotbook_domain::id::{LocationId, TenantId};
use lotbook_domain::location::LocationTree;
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;

use super::change::decide;
use super::kinds;
use super::reference::{Reference, find};
use super::tree::change_of_pool;
use super::value::{Value, quote};
use crate::error::Error;
use crate::mqtt;
use crate::store::{Arg, Conn};
use crate::table;
use crate::table::decision::{self, Decision};
use crate::write::{Change, Tx};
use crate::zone;

/// A setting.
pub struct Setting {
    /// Its key.
    pub key: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether org units may have a word of their own.
    pub by_org_unit: bool,
    /// What holds where nothing was decided, as JSON.
    pub preset: &'static str,
    /// What it does, in a sentence for the reference.
    pub about: &'static str,
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// One of these words.
    Word(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A whole number of this range.
    Whole(i64, i64),
    /// A date or a time.
    Moment,
    /// The name of a time zone.
    Zone,
    /// How identifiers begin: an absolute URI.
    Uri,
    /// Another org unit.
    OrgUnit,
    /// Two whole numbers, first and last.
    Range,
    /// The address of an MQTT broker, shown without its password.
    Broker,
    /// What is subscribed there.
    Subscriptions,
    /// The beginning of topics.
    Prefix,
    /// Any JSON.
    Anything,
}

/// The settings that have a meaning of their own, in the order of the reference.
pub static SETTINGS: [Setting; 22] = [
    Setting {
        key: "negativeStock",
        holds: Holds::Word(&["allow", "warn", "forbid"]),
        by_org_unit: true,
        preset: "\"allow\"",
        about: "What an issue beyond stock gets: it is booked, booked and reported, or refused.",
    },
    Setting {
        key: "closedUntil",
        holds: Holds::Moment,
        by_org_unit: true,
        preset: "null",
        about: "The last day (or instant) that is closed; nothing is booked at or before it. A day ends in the tenant's zone.",
    },
    Setting {
        key: "adjustCostPrices",
        holds: Holds::Flag,
        by_org_unit: false,
        preset: "true",
        about: "Whether a product's current cost, as shown, follows the moving average of what is booked.",
    },
    Setting {
        key: "forceDefaultLocation",
        holds: Holds::Flag,
        by_org_unit: true,
        preset: "false",
        about: "Whether booking replaces the location of an entry by the org unit's default one.",
    },
    Setting {
        key: "timeZone",
        holds: Holds::Zone,
        by_org_unit: false,
        preset: "\"UTC\"",
        about: "The zone in which days end and times without an offset are meant, by its IANA name.",
    },
    Setting {
        key: "glPeriod",
        holds: Holds::Word(&["day", "month"]),
        by_org_unit: false,
        preset: "\"day\"",
        about: "What postings for the general ledger are added up by: business days or months.",
    },
    Setting {
        key: "enumStyle",
        holds: Holds::Word(&["digits", "numbers"]),
        by_org_unit: false,
        preset: "\"digits\"",
        about: "How the ERP dialect sends enumerations: as digit strings or as numbers.",
    },
    Setting {
        key: "amountScale",
        holds: Holds::Whole(0, 6),
        by_org_unit: false,
        preset: "4",
        about: "How many digits after the point an amount keeps; fixed once something has been booked.",
    },
    Setting {
        key: "stockOrgUnit",
        holds: Holds::OrgUnit,
        by_org_unit: true,
        preset: "null",
        about: "The org unit whose stock an org unit uses; nothing = its own.",
    },
    Setting {
        key: "globalSeries",
        holds: Holds::Range,
        by_org_unit: false,
        preset: "[1000000000,1999999999]",
        about: "The first and the last voucher number of journals without a series.",
    },
    Setting {
        key: "mes.strictOpenLots",
        holds: Holds::Flag,
        by_org_unit: false,
        preset: "false",
        about: "Whether lots that are still open may not be sold, shipped or used up.",
    },
    Setting {
        key: "mes.strictNames",
        holds: Holds::Flag,
        by_org_unit: false,
        preset: "false",
        about: "Whether two operations of one name may not do the same between the same locations, which an import \
                could not tell apart.",
    },
    Setting {
        key: "mes.apiResponses",
        holds: Holds::Flag,
        by_org_unit: false,
        preset: "false",
        about: "Whether deletions by script answer with an ApiResponse, also of a refusal, and not with nothing or an \
                exception.",
    },
    Setting {
        key: "mes.evaluationIntervalMs",
        holds: Holds::Whole(50, 3_600_000),
        by_org_unit: false,
        preset: "250",
        about: "How often, in milliseconds, triggers are evaluated that say `now()` and so change without a tag. All others \
                are evaluated at once when a tag changes.",
    },
    Setting {
        key: "mes.maxClockSkewSeconds",
        holds: Holds::Whole(0, 86_400),
        by_org_unit: false,
        preset: "300",
        about: "How far ahead of the server's clock, in seconds, the times may lie that people and scripts give to \
                operations and actions.",
    },
    Setting {
        key: "mes.maxTraceDepth",
        holds: Holds::Whole(1, 1_000),
        by_org_unit: false,
        preset: "100",
        about: "How many edges in a row a trace follows at most; whoever asks for more gets so many.",
    },
    Setting {
        key: "mes.maxTraceNodes",
        holds: Holds::Whole(1, 1_000_000),
        by_org_unit: false,
        preset: "10000",
        about: "How many lots a trace finds at most; one that would find more ends early and says so.",
    },
    Setting {
        key: "epcis.baseUri",
        holds: Holds::Uri,
        by_org_unit: false,
        preset: "\"urn:lotbook\"",
        about: "What the identifiers in exported EPCIS events begin with where there is no GS1 one.",
    },
    Setting {
        key: "mqtt.enabled",
        holds: Holds::Flag,
        by_org_unit: false,
        preset: "true",
        about: "Whether the MQTT broker of `mqtt.url` is talked to at all.",
    },
    Setting {
        key: "mqtt.url",
        holds: Holds::Broker,
        by_org_unit: false,
        preset: "null",
        about: "The MQTT broker, as `mqtt://user:password@host:1883`, or `mqtts://` for TLS, with a certificate that this \
                machine trusts; the password is never shown again.",
    },
    Setting {
        key: "mqtt.subscriptions",
        holds: Holds::Subscriptions,
        by_org_unit: false,
        preset: "[]",
        about: "What is taken from the broker: a list of `{topic, tag, pointer?, time?}`. `topic` is a filter with `+` and \
                `#`; `tag` is a path in which `+` and `#` stand for what they were, or to which that is added. A \
                message is a plain value or JSON; `pointer` and `time` are JSON pointers to its value and its time.",
    },
    Setting {
        key: "mqtt.publishPrefix",
        holds: Holds::Prefix,
        by_org_unit: false,
        preset: "null",
        about: "Where stock is published, retained: `PREFIX/LOCATION PATH/inventory`, and \
                `PREFIX/operations/NAME/status`; null = nowhere.",
    },
];

/// Settings whose meaning is not known here: whoever reads them gives them one.
static FREE: Setting = Setting {
    key: "",
    holds: Holds::Anything,
    by_org_unit: false,
    preset: "null",
    about: "Read by the part it is named after.",
};

/// Longest value of a free setting.
const FREE_BYTES_MAX: usize = 65_536;

/// The setting with this key; those that begin with `mes.` or `mqtt.` need not be known.
pub fn named(key: &str) -> Result<&'static Setting, Error> {
    if let Some(found) = SETTINGS.iter().find(|setting| setting.key == key) {
        return Ok(found);
    }
    let rest = key.strip_prefix("mes.").or_else(|| key.strip_prefix("mqtt."));
    let is_free = rest.is_some_and(|rest| {
        (1..=100).contains(&rest.len())
            && rest.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"._-".contains(&letter))
    });
    if is_free { Ok(&FREE) } else { Err(Error::not_found("setting", key)) }
}

/// Decides about a setting. Answers it as [`show`] does.
pub struct ChangeSetting {
    /// Its key.
    pub key: String,
    /// What is to hold; [`Value::Null`] = what holds without a decision.
    pub value: Value,
    /// For which org unit; `None` = the tenant.
    pub org_unit: Option<Reference>,
}

const AMOUNT_SCALE: &str = "amountScale";

impl Change for ChangeSetting {
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let at = apply(tx, &self.key, &self.value, self.org_unit.as_ref())?;
        show(tx.conn, tx.tenant, &self.key, (at != LocationId::NONE).then_some(at))
    }
}

/// Decides what a setting is from now on, and where.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    key: &str,
    value: &Value,
    org_unit: Option<&Reference>,
) -> Result<LocationId, Error> {
    let setting = named(key)?;
    let at = match org_unit {
        None => LocationId::NONE,
        Some(_) if !setting.by_org_unit => {
            let message = format!("{key} holds for the whole tenant; leave out the org unit");
            return Err(Error::Invalid(vec![Violation::new("orgUnit", "notByOrgUnit", message)]));
        }
        Some(reference) => org_unit_of(tx, "orgUnit", reference)?,
    };
    let json = match setting.holds {
        Holds::OrgUnit => use_stock_of(tx, at, value)?,
        _ if *value == Value::Null => None,
        _ => Some(
            checked(tx, setting, value)
                .map_err(|(code, message)| Error::Invalid(vec![Violation::new("value", code, message)]))?,
        ),
    };
    if key == AMOUNT_SCALE {
        keep_scale(tx, setting, json.as_deref())?;
    }
    decide(tx, format!("setting:{key}"), at, json.clone())?;
    tx.catalog_changed()?;
    let place = if at == LocationId::NONE { String::new() } else { format!(" of org unit {at}") };
    let detail = json.as_deref().map_or_else(|| "null".to_owned(), |json| without_password(setting, json));
    tx.audit("change", format!("setting {key}{place}"), Some(detail));
    Ok(at)
}

/// Amounts in the ledger were rounded by the scale that they are replayed with, so it stays what it is from the first
/// batch on.
fn keep_scale(tx: &mut Tx<'_>, setting: &Setting, wanted: Option<&str>) -> Result<(), Error> {
    let batches = table::header::position(tx.conn, tx.tenant)?;
    let decided = of_settings(tx.conn, tx.tenant)?;
    let held = decided.iter().find(|(key, _)| key == AMOUNT_SCALE).and_then(|(_, one)| one.value.as_deref());
    let (held, wanted) = (held.unwrap_or(setting.preset), wanted.unwrap_or(setting.preset));
    if batches == 0 || wanted == held {
        return Ok(());
    }
    let message = format!(
        "amounts were rounded to {held} digits in the {batches} batches booked so far; a tenant of its own can begin with {wanted}"
    );
    Err(Error::Invalid(vec![Violation::new("value", "alreadyUsed", message)]))
}

fn org_unit_of(tx: &mut Tx<'_>, field: &'static str, reference: &Reference) -> Result<LocationId, Error> {
    let refuse = |code, message: String| Error::Invalid(vec![Violation::new(field, code, message)]);
    let id = find(tx.conn, tx.tenant, &kinds::LOCATIONS, reference, 0).map_err(|error| match error {
        Error::NotFound { .. } => refuse("notFound", format!("there is no org unit {reference}")),
        other => other,
    })?;
    let is_org_unit = tx.conn.one(
        "select is_org_unit from location where tenant = $1 and id = $2",
        &[Arg::Int(tx.tenant.0), Arg::Int(id)],
        |row| row.int(0),
    )?;
    if is_org_unit == Some(1) {
        Ok(LocationId(id))
    } else {
        Err(refuse("notAnOrgUnit", format!("{reference} is a location, but not an org unit")))
    }
}

/// The value as it is kept, or what is wrong with it.
fn checked(tx: &mut Tx<'_>, setting: &Setting, value: &Value) -> Result<String, (&'static str, String)> {
    let wrong = |wanted: &str| ("wrongType", format!("is {}; send {wanted}", value.noun()));
    match (setting.holds, value) {
        (Holds::Word(words), Value::Text(text)) => match words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            Some(word) => Ok(format!("\"{word}\"")),
            None => Err(("unknownWord", format!("is not one of {}", words.join(", ")))),
        },
        (Holds::Word(words), _) => Err(wrong(&format!("one of {}", words.join(", ")))),
        (Holds::Flag, Value::Bool(_)) => Ok(value.to_json()),
        (Holds::Flag, _) => Err(wrong("true or false")),
        (Holds::Whole(from, to), Value::Number(text)) => match text.parse::<i64>() {
            Ok(number) if (from..=to).contains(&number) => Ok(number.to_string()),
            _ => Err(("outOfRange", format!("{text} is not a whole number from {from} to {to}"))),
        },
        (Holds::Whole(from, to), _) => Err(wrong(&format!("a whole number from {from} to {to}"))),
        (Holds::Zone, Value::Text(name)) => match zone::named(name) {
            Ok(_) => Ok(value.to_json()),
            Err(message) => Err(("unknownZone", message)),
        },
        (Holds::Zone, _) => Err(wrong("the name of a time zone such as Europe/Madrid")),
        (Holds::Uri, Value::Text(text)) if is_uri(text) => Ok(value.to_json()),
        (Holds::Uri, Value::Text(text)) => {
            let message =
                format!("{text} does not begin as a URI does; send one such as https://id.example.com or urn:example");
            Err(("malformed", message))
        }
        (Holds::Uri, _) => Err(wrong("a URI such as https://id.example.com")),
        (Holds::Moment, Value::Text(text)) => {
            let zone = time_zone(tx.conn, tx.tenant).map_err(|error| ("malformed", error.to_string()))?;
            match zone::end_of(text, &zone) {
                Ok(end) if Time(end.0 - 1).is_datable() => Ok(value.to_json()),
                Ok(_) => Err(("outOfRange", format!("{text} is not between the years 1900 and 2199"))),
                Err(message) => Err(("malformed", message)),
            }
        }
        (Holds::Moment, _) => Err(wrong("a date such as 2026-01-31, or null")),
        (Holds::Range, Value::List(ends)) => {
            let ends: Vec<Option<i64>> =
                ends.iter().map(|end| if let Value::Number(text) = end { text.parse().ok() } else { None }).collect();
            match ends.as_slice() {
                [Some(from), Some(to)] if 1 <= *from && from <= to && *to < 1 << 53 => range_is_free(tx, *from, *to),
                _ => Err((
                    "malformed",
                    "is not a list of a first and a last number from 1 to 9007199254740991".to_owned(),
                )),
            }
        }
        (Holds::Range, _) => Err(wrong("a list of the first and the last number")),
        (Holds::Broker, Value::Text(text)) => broker(tx, text).map_err(|fault| ("malformed", fault)),
        (Holds::Broker, _) => Err(wrong("an address such as mqtt://user:password@host:1883, or null")),
        (Holds::Subscriptions, value) => match mqtt::Subscription::list(value) {
            Ok(list) => Ok(serde_json::to_string(&list).expect("subscriptions are plain data")),
            Err(fault) => Err(("malformed", fault)),
        },
        (Holds::Prefix, Value::Text(text)) => match mqtt::check_prefix(text) {
            Ok(prefix) => Ok(Value::Text(prefix).to_json()),
            Err(fault) => Err(("malformed", fault)),
        },
        (Holds::Prefix, _) => Err(wrong("the beginning of topics such as plant/stock, or null")),
        (Holds::Anything | Holds::OrgUnit, value) => {
            let json = value.to_json();
            if json.contains("\\u0000") {
                return Err(("illegalText", "contains the character NUL; remove it".to_owned()));
            }
            if json.len() > FREE_BYTES_MAX {
                return Err(("tooLong", format!("has {} bytes; {FREE_BYTES_MAX} are allowed", json.len())));
            }
            Ok(json)
        }
    }
}

/// Whether a text is a scheme and something behind it, of letters that URIs have, without a query or a fragment.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"+-.".contains(&letter));
    let is_rest = |letter: u8| letter.is_ascii_alphanumeric() || b"-._~:/@!$&'()*+,;=".contains(&letter);
    is_scheme && text.len() <= 200 && !rest.trim_matches('/').is_empty() && rest.bytes().all(is_rest)
}

/// A broker's address. What was read can be sent back: the password that is not shown is the one that holds.
fn broker(tx: &mut Tx<'_>, url: &str) -> Result<String, String> {
    let mut broker = mqtt::Broker::parse(url)?;
    let mut url = url.to_owned();
    if broker.password.as_deref() == Some(mqtt::MASK) {
        let known = decision::newest(tx.conn, tx.tenant, "setting:mqtt.url", 0).map_err(|error| error.to_string())?;
        let known = known.and_then(|json| serde_json::from_str::<String>(&json).ok());
        let Some(known) = known.filter(|known| is_same_broker(known, &mut broker)) else {
            return Err(format!("has the password {}, which stands for one that is not shown; send it", mqtt::MASK));
        };
        url = known;
    }
    Ok(Value::Text(url).to_json())
}

fn is_same_broker(known: &str, masked: &mut mqtt::Broker) -> bool {
    mqtt::Broker::parse(known).is_ok_and(|known| {
        masked.password.clone_from(&known.password);
        known == *masked
    })
}

fn range_is_free(tx: &mut Tx<'_>, from: i64, to: i64) -> Result<String, (&'static str, String)> {
    let series = table::catalog::series(tx.conn, tx.tenant).map_err(|error| ("malformed", error.to_string()))?;
    match series.into_iter().find(|series| series.from <= to && from <= series.to) {
        Some(series) => {
            let message =
                format!("{from} to {to} overlaps the series {} ({} to {})", series.name, series.from, series.to);
            Err(("overlaps", message))
        }
        None => Ok(format!("[{from},{to}]")),
    }
}

/// The tenant's time zone by its IANA name.
pub fn time_zone(conn: &mut Conn, tenant: TenantId) -> Result<String, Error> {
    let json = decision::newest(conn, tenant, "setting:timeZone", 0)?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(|| "UTC".to_owned()))
}

/// Lets an org unit use the stock of another one; it stands in the tree as well, where bookings read it.
fn use_stock_of(tx: &mut Tx<'_>, at: LocationId, value: &Value) -> Result<Option<String>, Error> {
    let refuse = |field, code, message: String| Err(Error::Invalid(vec![Violation::new(field, code, message)]));
    if at == LocationId::NONE {
        return refuse(
            "orgUnit",
            "required",
            "is missing; say which org unit is to use the stock of another".to_owned(),
        );
    }
    let target = match Reference::of(value) {
        Ok(None) => LocationId::NONE,
        Ok(Some(reference)) => org_unit_of(tx, "value", &reference)?,
        Err(message) => return refuse("value", "wrongType", message),
    };
    let target = if target == at { LocationId::NONE } else { target };
    let tree = LocationTree::new(table::catalog::locations(tx.conn, tx.tenant)?);
    if target != LocationId::NONE {
        if tree.stock_org_unit_of(target) != target {
            let message = format!("{} uses the stock of another org unit itself; name that one", tree.name_of(target));
            return refuse("value", "chain", message);
        }
        if let Some(other) = tree.all().into_iter().find(|node| node.stock_org_unit == at) {
            let message = format!("{} uses the stock of this org unit; change that one first", other.path);
            return refuse("orgUnit", "chain", message);
        }
    }
    let Some(node) = tree.get(at) else { return Err(Error::not_found("location", at)) };
    let changed = lotbook_domain::location::Location { stock_org_unit: target, ..node.clone() };
    if let Some(place) = change_of_pool(tx.conn, tx.tenant, &tree, changed)? {
        let message = format!("{place} has movements, which stay in the stock org unit that they were booked in");
        return refuse("orgUnit", "hasHistory", message);
    }
    tx.conn.execute(
        "update location set stock_org_unit = $3, modified_at = $4, modified_by = $5, version = version + 1 \
         where tenant = $1 and id = $2",
        &[Arg::Int(tx.tenant.0), Arg::Int(at.0), Arg::Int(target.0), Arg::Int(tx.now.0), Arg::Int(tx.person.0)],
    )?;
    Ok((target != LocationId::NONE).then(|| target.to_string()))
}

/// All settings as `{"items": [...], "nextCursor": null}`: those of the tenant, then the words of org
/// units.
pub fn list(conn: &mut Conn, tenant: TenantId) -> Result<String, Error> {
    let decided = of_settings(conn, tenant)?;
    let tree = LocationTree::new(table::catalog::locations(conn, tenant)?);
    let mut items = Vec::new();
    for setting in &SETTINGS {
        let own = decided.iter().find(|(key, one)| key == setting.key && one.org_unit == LocationId::NONE);
        items.push(written(setting.key, setting, own.map(|(_, one)| one), LocationId::NONE, &tree));
    }
    for (key, one) in &decided {
        let is_shown = one.org_unit == LocationId::NONE && SETTINGS.iter().any(|setting| setting.key == key);
        if !is_shown && one.value.is_some() {
            items.push(written(key, named(key).unwrap_or(&FREE), Some(one), one.org_unit, &tree));
        }
    }
    Ok(format!("{{\"items\":[{}],\"nextCursor\":null}}", items.join(",")))
}

fn of_settings(conn: &mut Conn, tenant: TenantId) -> Result<Vec<(String, Decision)>, Error> {
    let current = decision::current(conn, tenant)?;
    Ok(current.into_iter().filter_map(|one| Some((one.subject.strip_prefix("setting:")?.to_owned(), one))).collect())
}

/// One setting: its `value` for the tenant or the org unit, what `holds` there, and the words of all
/// `orgUnits` where it is asked for the tenant.
pub fn show(conn: &mut Conn, tenant: TenantId, key: &str, at: Option<LocationId>) -> Result<String, Error> {
    let setting = named(key)?;
    let mut decided = of_settings(conn, tenant)?;
    decided.retain(|(found, one)| found == key && one.value.is_some());
    let tree = LocationTree::new(table::catalog::locations(conn, tenant)?);
    let org_unit = at.unwrap_or(LocationId::NONE);
    let word_of = |id: LocationId| decided.iter().map(|(_, one)| one).find(|one| one.org_unit == id);
    let mut json = written(key, setting, word_of(org_unit), org_unit, &tree);
    json.pop();
    let holds = tree
        .chain(org_unit)
        .find_map(|node| word_of(node.id))
        .or_else(|| word_of(LocationId::NONE))
        .and_then(|one| one.value.as_deref());
    json.push_str(",\"holds\":");
    json.push_str(&shown(setting, holds.unwrap_or(setting.preset), &tree));
    if at.is_none() {
        let words: Vec<String> = decided
            .iter()
            .filter(|(_, one)| one.org_unit != LocationId::NONE)
            .map(|(_, one)| written(key, setting, Some(one), one.org_unit, &tree))
            .collect();
        json.push_str(&format!(",\"orgUnits\":[{}]", words.join(",")));
    }
    json.push('}');
    Ok(json)
}

/// The org unit that an address names, for [`show`].
pub fn org_unit(conn: &mut Conn, tenant: TenantId, reference: &Reference) -> Result<LocationId, Error> {
    find(conn, tenant, &kinds::LOCATIONS, reference, 0).map(LocationId)
}

fn written(key: &str, setting: &Setting, decided: Option<&Decision>, at: LocationId, tree: &LocationTree) -> String {
    let mut out = String::from("{\"key\":");
    quote(key, &mut out);
    out.push_str(",\"value\":");
    let value = decided.and_then(|one| one.value.as_deref());
    // An org unit without a word of its own has no value; the tenant then has the default.
    let value = value.or_else(|| (at == LocationId::NONE).then_some(setting.preset));
    out.push_str(&shown(setting, value.unwrap_or("null"), tree));
    out.push_str(",\"orgUnit\":");
    place(at, tree, &mut out);
    out.push_str(&format!(
        ",\"default\":{},\"isSet\":{}",
        setting.preset,
        decided.is_some_and(|one| one.value.is_some())
    ));
    if let Some(one) = decided {
        out.push_str(&format!(
            ",\"since\":{},\"modifiedAt\":\"{}\",\"modifiedBy\":{{\"id\":{}}}",
            one.since, one.at, one.person
        ));
    }
    out.push('}');
    out
}

fn place(at: LocationId, tree: &LocationTree, out: &mut String) {
    if at == LocationId::NONE {
        out.push_str("null");
        return;
    }
    out.push_str(&format!("{{\"id\":{at},\"path\":"));
    quote(&tree.name_of(at), out);
    out.push('}');
}

fn shown(setting: &Setting, json: &str, tree: &LocationTree) -> String {
    match (setting.holds, json.parse()) {
        (Holds::OrgUnit, Ok(id)) => {
            let mut out = String::new();
            place(LocationId(id), tree, &mut out);
            out
        }
        _ => without_password(setting, json),
    }
}

/// A value as it may be shown.
fn without_password(setting: &Setting, json: &str) -> String {
    if setting.holds != Holds::Broker || json == "null" {
        return json.to_owned();
    }
    let broker = serde_json::from_str::<String>(json).ok().and_then(|url| mqtt::Broker::parse(&url).ok());
    broker.map_or_else(|| format!("\"{}\"", mqtt::MASK), |broker| Value::Text(broker.masked()).to_json())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::GLOBAL_SERIES;

    #[test]
    fn defaults_are_what_bookings_take() {
        for setting in &SETTINGS {
            assert!(Value::parse(setting.preset).is_ok(), "{}", setting.key);
        }
        let range = SETTINGS.iter().find(|setting| setting.key == "globalSeries").unwrap();
        assert_eq!(range.preset, format!("[{},{}]", GLOBAL_SERIES.0, GLOBAL_SERIES.1));
    }

    #[test]
    fn a_key_is_known_or_free_or_not_there() {
        assert_eq!(named("negativeStock").unwrap().preset, "\"allow\"");
        assert_eq!(named("mes.anything.else").unwrap().holds, Holds::Anything);
        for key in ["nonsense", "mes.", "mqtt.a b", ""] {
            assert!(named(key).is_err(), "{key}");
        }
    }
}
