//! Query requests, which all `find…` functions share: filters, sorting, pages.
//!
//! They work in memory on what the family lists: its records are read by a fixed number of statements, then
//! filtered here. That is meant for master data and lots of a plant, thousands and not millions of them.

use std::cmp::Ordering;

use lotbook_engine::thing::{Record, Value};

use super::argument::{self, Args};
use super::fault::{Fault, FaultKind};
use super::function::{Parameter, Type};
use super::shape::{Shape, whole};

const CONDITIONS: Type = Type::Word(&[
    "EQUALS",
    "NOT_EQUALS",
    "TRUE",
    "FALSE",
    "CONTAINS",
    "STARTS_WITH",
    "ENDS_WITH",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL_TO",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL_TO",
    "BETWEEN",
    "IN",
    "NOT_IN",
]);

/// The fields of a query request.
pub const REQUEST: &[Parameter] = &[
    Parameter::optional("pageSize", Type::Whole, "Records on a page; pages only where both are given."),
    Parameter::optional("pageIndex", Type::Whole, "Which page, from 0."),
    Parameter::optional("sortFields", Type::List, "The fields to sort by, the first one first."),
    Parameter::optional("sortDirections", Type::List, "Ascending or Descending for each of them; ascending.")
        .also(&["sortDirection"]),
    Parameter::optional("filters", Type::List, "Filter requests, all of which have to hold."),
];

/// The fields of a filter request.
pub const FILTER: &[Parameter] = &[
    Parameter::required("field", Type::Text, "The key of the records."),
    Parameter::optional(
        "type",
        Type::Word(&["STRING", "NUMBER", "DATE", "BOOLEAN"]),
        "What it is compared as; told by the value if nothing is said.",
    ),
    Parameter::required("condition", CONDITIONS, "How it is compared; case, blanks and underscores do not matter."),
    Parameter::optional("stringValue", Type::Text, "A text to compare with."),
    Parameter::optional("numberValue", Type::Number, "A number to compare with."),
    Parameter::optional("dateValue", Type::Time, "A time to compare with."),
    Parameter::optional("minNumberValue", Type::Number, "Where BETWEEN begins; belongs to it."),
    Parameter::optional("maxNumberValue", Type::Number, "Where BETWEEN ends; belongs to it."),
    Parameter::optional("minDateValue", Type::Time, "Where BETWEEN begins; belongs to it."),
    Parameter::optional("maxDateValue", Type::Time, "Where BETWEEN ends; belongs to it."),
    Parameter::optional("stringListValue", Type::List, "The texts of IN and NOT_IN."),
    Parameter::optional("numberListValue", Type::List, "The numbers of IN and NOT_IN."),
    Parameter::optional("dateListValue", Type::List, "The times of IN and NOT_IN."),
];

/// A record that may be found.
pub struct Row {
    /// As it is answered.
    pub shown: Value,
    /// What it can be filtered and sorted by beside its own keys, such as `createdDate`.
    pub beside: Record,
}

impl Row {
    fn field(&self, name: &str) -> Option<&Value> {
        let own = if let Value::Object(record) = &self.shown { record.as_slice() } else { &[] };
        own.iter().chain(&self.beside).find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// Answers a query request over these records, which are in the order that holds without sorting.
pub fn find(args: &Args, rows: Vec<Row>) -> Result<Value, Fault> {
    let (query, wrong) = Query::read(args);
    if !wrong.is_empty() {
        return Err(Fault::fields(FaultKind::ConstraintViolation, wrong));
    }
    if let Some(first) = rows.first() {
        let asked = query.filters.iter().map(|filter| &filter.field).chain(query.sort.iter().map(|(field, _)| field));
        for field in asked {
            if first.field(field).is_none() {
                return Err(Fault::illegal(format!("there is no field {field} to filter or sort by")));
            }
        }
    }
    let mut found: Vec<Row> =
        rows.into_iter().filter(|row| query.filters.iter().all(|filter| filter.holds(row))).collect();
    if !query.sort.is_empty() {
        found.sort_by(|a, b| {
            let orders = query.sort.iter().map(|(field, is_descending)| {
                let order = compare(a.field(field), b.field(field));
                if *is_descending { order.reverse() } else { order }
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
    }
    let total = found.len();
    let (size, index, pages) = match query.page {
        Some((size, index)) => (size, index, total.div_ceil(size)),
        None => (total, 0, 1),
    };
    let content: Vec<Value> =
        found.into_iter().skip(size.saturating_mul(index)).take(size).map(|row| row.shown).collect();
    let has_next = index + 1 < pages;
    let has_content = !content.is_empty();
    let count = |number: usize| whole(i64::try_from(number).unwrap_or(i64::MAX));
    Ok(Shape::new()
        .put("content", Value::List(content))
        .put("totalPages", count(pages))
        .put("totalElements", count(total))
        .put("pageSize", count(size))
        .put("pageIndex", count(index))
        .flag("hasContent", has_content)
        .flag("isFirst", index == 0)
        .flag("isLast", !has_next)
        .flag("hasNext", has_next)
        .flag("hasPrevious", index > 0)
        .done())
}

/// What is wrong with a query request, by field.
pub fn faults_of_request(args: &Args) -> Vec<(String, String)> {
    Query::read(args).1
}

/// What is wrong with a filter request, by field.
pub fn faults_of_filter(args: &Args) -> Vec<(String, String)> {
    let record = args.each().map(|(parameter, value)| (parameter.name.to_owned(), value.clone())).collect();
    Filter::read(&record).err().unwrap_or_default()
}

struct Query {
    page: Option<(usize, usize)>,
    sort: Vec<(String, bool)>,
    filters: Vec<Filter>,
}

impl Query {
    fn read(args: &Args) -> (Self, Vec<(String, String)>) {
        let mut wrong = Vec::new();
        let mut complain = |field: &str, message: String| wrong.push((field.to_owned(), message));
        let mut count = |name: &str, least: i64| match argument::number(args.get(name)) {
            Ok(None) => None,
            Ok(Some(e6)) if e6 % 1_000_000 == 0 && e6 / 1_000_000 >= least => usize::try_from(e6 / 1_000_000).ok(),
            _ => {
                complain(name, format!("is {}; send a whole number from {least} on", args.get(name).to_json()));
                None
            }
        };
        let (size, index) = (count("pageSize", 1), count("pageIndex", 0));
        let mut texts = |name: &str| match args.get(name) {
            Value::Null => Vec::new(),
            Value::Text(text) if text.trim().is_empty() => Vec::new(),
            Value::Text(text) => vec![text.clone()],
            Value::List(values) if values.iter().all(|value| matches!(value, Value::Text(_))) => {
                values.iter().map(|value| argument::text(value).ok().flatten().unwrap_or_default()).collect()
            }
            other => {
                complain(name, format!("is {}; send a list of texts", other.noun()));
                Vec::new()
            }
        };
        let (fields, directions) = (texts("sortFields"), texts("sortDirections"));
        let mut sort = Vec::with_capacity(fields.len());
        for (at, field) in fields.into_iter().enumerate() {
            // One direction for all fields is the older form.
            let direction = directions.get(at).or(directions.first().filter(|_| directions.len() == 1));
            let is_descending = match direction.map(|direction| direction.trim().to_uppercase()).as_deref() {
                None | Some("ASCENDING" | "ASC") => false,
                Some("DESCENDING" | "DESC") => true,
                Some(other) => {
                    complain("sortDirections", format!("is {other}; send Ascending or Descending"));
                    false
                }
            };
            sort.push((field, is_descending));
        }
        let mut filters = Vec::new();
        match args.get("filters") {
            Value::Null => {}
            Value::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    match value {
                        Value::Object(record) => match Filter::read(record) {
                            Ok(filter) => filters.push(filter),
                            Err(faults) => {
                                for (field, message) in faults {
                                    complain(&format!("filters[{at}].{field}"), message);
                                }
                            }
                        },
                        other => complain(&format!("filters[{at}]"), format!("is {}; send an object", other.noun())),
                    }
                }
            }
            other => complain("filters", format!("is {}; send a list of filter requests", other.noun())),
        }
        let page = size.zip(index);
        (Self { page, sort, filters }, wrong)
    }
}

/// What a field is compared with.
enum Operand {
    Texts(Vec<String>),
    Numbers(Vec<i64>),
    Times(Vec<i64>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    Equals,
    NotEquals,
    True,
    False,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Between,
    In,
    NotIn,
}

impl Condition {
    fn named(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
        Some(match plain.to_uppercase().as_str() {
            "EQUALS" => Self::Equals,
            "NOTEQUALS" => Self::NotEquals,
            "TRUE" => Self::True,
            "FALSE" => Self::False,
            "CONTAINS" => Self::Contains,
            "STARTSWITH" => Self::StartsWith,
            "ENDSWITH" => Self::EndsWith,
            "GREATERTHAN" => Self::Greater,
            "GREATERTHANOREQUALTO" => Self::GreaterOrEqual,
            "LESSTHAN" => Self::Less,
            "LESSTHANOREQUALTO" => Self::LessOrEqual,
            "BETWEEN" => Self::Between,
            "IN" => Self::In,
            "NOTIN" => Self::NotIn,
            _ => return None,
        })
    }

    fn is_of_text(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }

    fn is_of_order(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual | Self::Between)
    }
}

struct Filter {
    field: String,
    condition: Condition,
    operand: Operand,
}

impl Filter {
    fn read(record: &Record) -> Result<Self, Vec<(String, String)>> {
        let get = |name: &str| record.iter().find(|(key, _)| key == name).map_or(&Value::Null, |(_, value)| value);
        let mut wrong: Vec<(String, String)> = Vec::new();
        let field = argument::text(get("field")).ok().flatten();
        if field.is_none() {
            wrong.push(("field".to_owned(), "is missing".to_owned()));
        }
        // The filter of a table's column keeps its condition under the type of the column.
        let nested = ["string", "number", "date", "boolean"].into_iter().find_map(|kind| match get(kind) {
            Value::Object(inner) => {
                let of = |name: &str| inner.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
                let condition =
                    of("condition").filter(|value| matches!(value, Value::Text(text) if !text.is_empty()))?;
                Some((kind, condition, of("value").unwrap_or(Value::Null)))
            }
            _ => None,
        });
        let said = match (get("condition"), &nested) {
            (Value::Null, Some((_, condition, _))) => condition.clone(),
            (value, _) => value.clone(),
        };
        let condition = match argument::text(&said) {
            Ok(Some(text)) => Condition::named(&text).or_else(|| {
                wrong.push(("condition".to_owned(), format!("is {text}; there are {}", CONDITIONS.name())));
                None
            }),
            _ => {
                wrong.push(("condition".to_owned(), "is missing".to_owned()));
                None
            }
        };
        let value_of = |name: &str, kind: &str| match (get(name), &nested) {
            (Value::Null, Some((found, _, value))) if *found == kind => value.clone(),
            (value, _) => value.clone(),
        };
        let (text, number, date) =
            (value_of("stringValue", "string"), value_of("numberValue", "number"), value_of("dateValue", "date"));
        let kind = argument::text(get("type")).ok().flatten().map(|kind| kind.to_uppercase());
        let is_given = |value: &Value| *value != Value::Null;
        let any = |names: &[&str]| names.iter().any(|name| is_given(get(name)));
        let is_number = match kind.as_deref() {
            Some("NUMBER") => true,
            Some(_) => false,
            None => is_given(&number) || any(&["minNumberValue", "maxNumberValue", "numberListValue"]),
        };
        let is_date = match kind.as_deref() {
            Some("DATE") => true,
            Some(_) => false,
            None => !is_number && (is_given(&date) || any(&["minDateValue", "maxDateValue", "dateListValue"])),
        };
        let list = |name: &str| match get(name) {
            Value::List(values) => values.clone(),
            Value::Null => Vec::new(),
            other => vec![other.clone()],
        };
        let wanted: Vec<(&str, Value)> = match condition {
            Some(Condition::True | Condition::False) | None => Vec::new(),
            Some(Condition::Between) if is_date => {
                vec![("minDateValue", get("minDateValue").clone()), ("maxDateValue", get("maxDateValue").clone())]
            }
            Some(Condition::Between) => {
                vec![
                    ("minNumberValue", get("minNumberValue").clone()),
                    ("maxNumberValue", get("maxNumberValue").clone()),
                ]
            }
            Some(Condition::In | Condition::NotIn) => {
                let name = match (is_number, is_date) {
                    (true, _) => "numberListValue",
                    (_, true) => "dateListValue",
                    _ => "stringListValue",
                };
                list(name).into_iter().map(|value| (name, value)).collect()
            }
            Some(_) if is_number => vec![("numberValue", number)],
            Some(_) if is_date => vec![("dateValue", date)],
            Some(_) => vec![("stringValue", text)],
        };
        for (name, value) in &wanted {
            if *value == Value::Null {
                wrong.push(((*name).to_owned(), "is missing; the condition compares with it".to_owned()));
            }
        }
        if let Some(condition) = condition {
            if condition.is_of_text() && (is_number || is_date) {
                wrong.push(("condition".to_owned(), "is for texts".to_owned()));
            }
            if condition.is_of_order() && !is_number && !is_date {
                wrong.push(("condition".to_owned(), "is for numbers and times; give one".to_owned()));
            }
        }
        let mut e6 = |read: fn(&Value) -> Result<Option<i64>, String>| -> Vec<i64> {
            let mut found = Vec::new();
            for (name, value) in &wanted {
                match read(value) {
                    Ok(number) => found.extend(number),
                    Err(message) => wrong.push(((*name).to_owned(), message)),
                }
            }
            found
        };
        let operand = if is_number {
            Operand::Numbers(e6(argument::number))
        } else if is_date {
            Operand::Times(e6(|value| Ok(argument::time(value)?.map(|at| at.0))))
        } else {
            Operand::Texts(wanted.iter().map(|(_, value)| plain(value)).collect())
        };
        match (field, condition) {
            (Some(field), Some(condition)) if wrong.is_empty() => Ok(Self { field, condition, operand }),
            _ => Err(wrong),
        }
    }

    fn holds(&self, row: &Row) -> bool {
        let value = row.field(&self.field).unwrap_or(&Value::Null);
        let negative = matches!(self.condition, Condition::NotEquals | Condition::NotIn);
        if *value == Value::Null {
            return negative || self.condition == Condition::False;
        }
        if matches!(self.condition, Condition::True | Condition::False) {
            return *value == Value::Bool(self.condition == Condition::True);
        }
        match &self.operand {
            Operand::Texts(wanted) => self.holds_text(&plain(value), wanted),
            Operand::Numbers(wanted) => match argument::number(value) {
                Ok(Some(number)) => self.holds_number(number, wanted),
                _ => negative,
            },
            Operand::Times(wanted) => match argument::time(value) {
                Ok(Some(at)) => self.holds_number(at.0, wanted),
                _ => negative,
            },
        }
    }

    fn holds_text(&self, text: &str, wanted: &[String]) -> bool {
        let folded = || text.to_lowercase();
        let first = || wanted.first().map(|wanted| wanted.to_lowercase()).unwrap_or_default();
        match self.condition {
            Condition::Contains => folded().contains(&first()),
            Condition::StartsWith => folded().starts_with(&first()),
            Condition::EndsWith => folded().ends_with(&first()),
            Condition::NotEquals | Condition::NotIn => !wanted.iter().any(|wanted| wanted == text),
            _ => wanted.iter().any(|wanted| wanted == text),
        }
    }

    fn holds_number(&self, number: i64, wanted: &[i64]) -> bool {
        let Some(first) = wanted.first().copied() else { return self.condition == Condition::NotIn };
        match self.condition {
            Condition::Greater => number > first,
            Condition::GreaterOrEqual => number >= first,
            Condition::Less => number < first,
            Condition::LessOrEqual => number <= first,
            Condition::Between => number >= first && wanted.get(1).is_none_or(|last| number <= *last),
            Condition::NotEquals | Condition::NotIn => !wanted.contains(&number),
            _ => wanted.contains(&number),
        }
    }
}

/// A value as text to compare with.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => other.to_json(),
    }
}

/// Nothing before something, numbers by size, texts by their letters whatever the case.
fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    let (a, b) = (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null));
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Number(_), Value::Number(_)) => {
            argument::number(a).ok().flatten().cmp(&argument::number(b).ok().flatten())
        }
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => {
            let (a, b) = (plain(a), plain(b));
            a.to_lowercase().cmp(&b.to_lowercase()).then_with(|| a.cmp(&b))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        [
            r#"{"name":"Milk","amount":2.5,"at":"2026-01-01T00:00:00.000Z","on":true,"note":null}"#,
            r#"{"name":"cream","amount":10,"at":"2026-01-02T00:00:00.000Z","on":false,"note":"x"}"#,
            r#"{"name":"Salt","amount":-1,"at":"2026-01-03T00:00:00.000Z","on":true,"note":"y"}"#,
        ]
        .into_iter()
        .map(|json| Row { shown: Value::parse(json).unwrap(), beside: Record::new() })
        .collect()
    }

    fn ask(request: &str) -> Result<Value, Fault> {
        let Value::Object(record) = Value::parse(request).unwrap() else { panic!("it is an object") };
        find(&Args::of_record(REQUEST, record)?, rows())
    }

    fn names(request: &str) -> String {
        let answer = ask(request).unwrap().to_json();
        let names = answer.split("\"name\":\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn filters_compare_texts_numbers_times_and_flags() {
        for (filter, want) in [
            (r#"{"field":"name","condition":"equals","stringValue":"Milk"}"#, "Milk"),
            (r#"{"field":"name","condition":"NOT_EQUALS","stringValue":"Milk"}"#, "cream Salt"),
            (r#"{"field":"name","condition":"contains","stringValue":"L"}"#, "Milk Salt"),
            (r#"{"field":"name","condition":"Starts With","stringValue":"c"}"#, "cream"),
            (r#"{"field":"name","condition":"EndsWith","stringValue":"t"}"#, "Salt"),
            (r#"{"field":"amount","condition":"GREATER_THAN","numberValue":2.5}"#, "cream"),
            (r#"{"field":"amount","condition":"greater_than_or_equal_to","numberValue":2.5}"#, "Milk cream"),
            (r#"{"field":"amount","condition":"LESS_THAN","numberValue":0}"#, "Salt"),
            (r#"{"field":"amount","condition":"BETWEEN","minNumberValue":-1,"maxNumberValue":2.5}"#, "Milk Salt"),
            (r#"{"field":"amount","condition":"EQUALS","numberValue":10.0}"#, "cream"),
            (r#"{"field":"amount","condition":"IN","numberListValue":[10,-1]}"#, "cream Salt"),
            (
                r#"{"field":"at","condition":"LESS_THAN_OR_EQUAL_TO","dateValue":"2026-01-02T01:00:00+01:00"}"#,
                "Milk cream",
            ),
            (
                r#"{"field":"at","condition":"between","minDateValue":"2026-01-02","maxDateValue":1767398400000}"#,
                "cream Salt",
            ),
            (r#"{"field":"on","condition":"TRUE"}"#, "Milk Salt"),
            (r#"{"field":"on","condition":"equals","stringValue":"false"}"#, "cream"),
            (r#"{"field":"note","condition":"not in","stringListValue":["x"]}"#, "Milk Salt"),
            (r#"{"field":"name","string":{"condition":"contains","value":"cr"},"enabled":true}"#, "cream"),
        ] {
            assert_eq!(names(&format!("{{\"filters\":[{filter}]}}")), want, "{filter}");
        }
    }

    #[test]
    fn pages_and_orders() {
        assert_eq!(names(r#"{"sortFields":["name"]}"#), "cream Milk Salt");
        assert_eq!(names(r#"{"sortFields":["amount"],"sortDirection":"desc"}"#), "cream Milk Salt");
        assert_eq!(names(r#"{"sortFields":["on","amount"],"sortDirections":["Descending","asc"]}"#), "Salt Milk cream");
        assert_eq!(names(r#"{"pageSize":2,"pageIndex":1}"#), "Salt");
        let page = ask(r#"{"pageSize":2,"pageIndex":0}"#).unwrap().to_json();
        let tail = "\"totalPages\":2,\"totalElements\":3,\"pageSize\":2,\"pageIndex\":0,\"hasContent\":true,\
                    \"isFirst\":true,\"isLast\":false,\"hasNext\":true,\"hasPrevious\":false}";
        assert!(page.ends_with(tail), "{page}");
        assert_eq!(names(r#"{"pageSize":2}"#), "Milk cream Salt", "pages only where both are given");
        let whole = ask("{}").unwrap().to_json();
        assert!(whole.contains("\"totalPages\":1,\"totalElements\":3,\"pageSize\":3"), "{whole}");
    }

    #[test]
    fn what_is_wrong_with_a_request_is_told_at_once() {
        let request = r#"{"pageSize":0,"sortDirections":["up"],"sortFields":["name"],"filters":[
            {"condition":"equals"}, {"field":"name","condition":"sounds like"}, 5,
            {"field":"amount","condition":"GREATER_THAN","stringValue":"x"}]}"#;
        let fault = ask(request).unwrap_err();
        let fields: Vec<&str> = fault.violations.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "pageSize",
                "sortDirections",
                "filters[0].field",
                "filters[0].stringValue",
                "filters[1].condition",
                "filters[2]",
                "filters[3].condition"
            ]
        );
        let unknown = ask(r#"{"filters":[{"field":"colour","condition":"TRUE"}]}"#).unwrap_err();
        assert_eq!(unknown.kind, FaultKind::IllegalArgument);
    }
}
