//! Arguments: which parameter gets which value, and what the values mean.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lotbook_domain::expression::Number;
use lotbook_domain::time::Time;
use lotbook_engine::thing::{Record, Value};
use lotbook_engine::zone;

use super::fault::{Fault, FaultKind};
use super::function::{Function, Parameter, Style, Type};

/// The arguments of a call, by parameter.
#[derive(Clone)]
pub struct Args {
    parameters: &'static [Parameter],
    given: Vec<Option<Value>>,
}

impl Args {
    /// Gives the parameters of a function what a call says, and names what does not fit.
    pub fn bind(function: &'static Function, name: &str, params: Option<Value>) -> Result<Self, Fault> {
        let wrong = |message: String| Err(Fault::new(FaultKind::Arguments, message));
        let parameters = function.parameters;
        let mut given: Vec<Option<Value>> = parameters.iter().map(|_| None).collect();
        match params {
            None | Some(Value::Null) => {}
            Some(Value::List(values)) if is_one_record(function, &values) => {
                let Some(Value::Object(record)) = values.into_iter().next() else { return wrong(String::new()) };
                name_fields(function, name, record, &mut given)?;
            }
            Some(Value::List(values)) => {
                if values.len() > parameters.len() {
                    let most = parameters.len();
                    return wrong(format!("{name} takes {most} arguments at most, and {} were given", values.len()));
                }
                for (place, value) in given.iter_mut().zip(values) {
                    *place = Some(value);
                }
            }
            Some(Value::Object(record)) => name_fields(function, name, record, &mut given)?,
            Some(other) => return wrong(format!("params is {}; send a list or an object", other.noun())),
        }
        if function.style == Style::Positional {
            let missing: Vec<&str> = parameters
                .iter()
                .zip(&given)
                .filter(|(parameter, value)| parameter.is_required && value.is_none())
                .map(|(parameter, _)| parameter.name)
                .collect();
            if !missing.is_empty() {
                return wrong(format!("{name} needs the argument {}", missing.join(" and ")));
            }
        }
        Ok(Self { parameters, given })
    }

    /// The fields of a record as if they had been the keyword arguments of a function with these parameters.
    pub fn of_record(parameters: &'static [Parameter], record: Record) -> Result<Self, Fault> {
        let mut given: Vec<Option<Value>> = parameters.iter().map(|_| None).collect();
        for (key, value) in record {
            let at = parameters.iter().position(|parameter| parameter.is_called(&key));
            let at = at.ok_or_else(|| Fault::illegal(format!("there is no field {key}; a template names them all")))?;
            given[at] = Some(value);
        }
        Ok(Self { parameters, given })
    }

    fn place(&self, name: &str) -> Option<usize> {
        let place = self.parameters.iter().position(|parameter| parameter.name == name);
        debug_assert!(place.is_some(), "there is no parameter {name}");
        place
    }

    /// What was given; null where nothing was.
    pub fn get(&self, name: &str) -> &Value {
        self.place(name).and_then(|at| self.given[at].as_ref()).unwrap_or(&Value::Null)
    }

    /// Whether it was given at all, be it as null.
    pub fn is_given(&self, name: &str) -> bool {
        self.place(name).is_some_and(|at| self.given[at].is_some())
    }

    /// What was given, by parameter, without what was not.
    pub fn each(&self) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        self.parameters.iter().zip(&self.given).filter_map(|(parameter, value)| Some((parameter, value.as_ref()?)))
    }

    /// Reads several, noting all that is wrong.
    pub fn reading(&self) -> Reading<'_> {
        Reading { args: self, wrong: Vec::new(), is_malformed: false }
    }

    /// The text of one argument that has to be given: an id, a name, a path.
    pub fn needed(&self, name: &str) -> Result<String, Fault> {
        match text(self.get(name)) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => {
                let is_record = self.place(name).is_some_and(|at| self.parameters[at].ty == Type::Id);
                let way_out = if is_record { "; name the record by its id, name or path" } else { "" };
                Err(Fault::illegal(format!("{name} is missing{way_out}")))
            }
            Err(message) => Err(Fault::illegal(format!("{name} {message}"))),
        }
    }

    /// The text of one argument; empty counts as nothing.
    pub fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        text(self.get(name)).map_err(|message| Fault::illegal(format!("{name} {message}")))
    }

    /// The texts of a list; `None` where nothing was given.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        match self.get(name) {
            Value::Null => Ok(None),
            Value::List(values) => {
                let texts = values.iter().map(|value| match text(value) {
                    Ok(Some(text)) => Ok(text),
                    Ok(None) => Err(Fault::illegal(format!("{name} holds an empty entry; name records"))),
                    Err(message) => Err(Fault::illegal(format!("an entry of {name} {message}"))),
                });
                texts.collect::<Result<_, _>>().map(Some)
            }
            other => Err(Fault::illegal(format!("{name} is {}; send a list", other.noun()))),
        }
    }

    /// The bytes of one argument that has to be given; text counts as its UTF-8.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, Fault> {
        match self.get(name) {
            Value::Text(text) => Ok(text.clone().into_bytes()),
            Value::Object(record) => match record.as_slice() {
                [(key, Value::Text(text))] if key == "$bytes" => STANDARD
                    .decode(text.as_bytes())
                    .map_err(|_| Fault::illegal(format!("{name} is not base64 under $bytes"))),
                _ => Err(Fault::illegal(format!("{name} is an object; send bytes as {{\"$bytes\": \"base64\"}}"))),
            },
            Value::Null => Err(Fault::illegal(format!("{name} is missing; send bytes or text"))),
            other => Err(Fault::illegal(format!("{name} is {}; send bytes or text", other.noun()))),
        }
    }
}

/// Whether a keyword function was given its dictionary as it is.
fn is_one_record(function: &Function, values: &[Value]) -> bool {
    function.style == Style::Keyword
        && matches!(values, [Value::Object(_)])
        && function.parameters.first().is_none_or(|first| first.name != "requests")
}

fn name_fields(function: &Function, name: &str, record: Record, given: &mut [Option<Value>]) -> Result<(), Fault> {
    for (key, value) in record {
        let Some(at) = function.parameters.iter().position(|parameter| parameter.is_called(&key)) else {
            let message = format!("{name} has no argument {key}");
            let kind = match function.style {
                Style::Positional => FaultKind::Arguments,
                Style::Keyword => FaultKind::IllegalArgument,
            };
            return Err(Fault { violations: vec![(key, "is not known".to_owned())], ..Fault::new(kind, message) });
        };
        // Of two names for the same, the one with a value counts.
        if given[at].as_ref().is_none_or(|known| *known == Value::Null) {
            given[at] = Some(value);
        }
    }
    Ok(())
}

/// Reads arguments one after the other, and remembers all that is wrong.
pub struct Reading<'a> {
    args: &'a Args,
    wrong: Vec<(String, String)>,
    is_malformed: bool,
}

impl Reading<'_> {
    /// Notes what is wrong with a field's form.
    pub fn complain(&mut self, name: &str, message: impl Into<String>) {
        self.is_malformed = true;
        self.wrong.push((name.to_owned(), message.into()));
    }

    /// Notes what is wrong with what a field asks for.
    pub fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.wrong.push((name.to_owned(), message.into()));
    }

    fn read<T>(&mut self, name: &str, read: impl Fn(&Value) -> Result<Option<T>, String>) -> Option<T> {
        match read(self.args.get(name)) {
            Ok(found) => found,
            Err(message) => {
                self.complain(name, message);
                None
            }
        }
    }

    /// A text; empty counts as nothing.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.read(name, text)
    }

    /// A decimal in millionths, rounded once, half to even.
    pub fn number(&mut self, name: &str) -> Option<i64> {
        self.read(name, number)
    }

    /// True or false.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.read(name, flag)
    }

    /// A time.
    pub fn time(&mut self, name: &str) -> Option<Time> {
        self.read(name, time)
    }

    /// A word in its capital spelling.
    pub fn word(&mut self, name: &str) -> Option<String> {
        self.read(name, |value| Ok(text(value)?.map(|word| word.to_uppercase())))
    }

    /// Notes that a field is missing, if it is.
    pub fn need(&mut self, name: &str) {
        let is_missing = match self.args.get(name) {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        if is_missing {
            self.complain(name, "is missing");
        }
    }

    /// Everything that is wrong.
    pub fn wrong(self) -> Vec<(String, String)> {
        self.wrong
    }

    /// The fault, if anything is wrong.
    pub fn finish(self) -> Result<(), Fault> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        let kind = if self.is_malformed { FaultKind::ConstraintViolation } else { FaultKind::IllegalArgument };
        Err(Fault::fields(kind, self.wrong))
    }
}

/// A text; a number counts as its digits, an empty text as nothing.
pub fn text(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Text(text) if text.trim().is_empty() => Ok(None),
        Value::Text(text) if text.contains('\0') => Err("contains the character NUL; remove it".to_owned()),
        Value::Text(text) => Ok(Some(text.clone())),
        Value::Number(digits) => Ok(Some(digits.clone())),
        // A record as it was answered, where its id is wanted.
        Value::Object(record) => match record.iter().find(|(key, _)| key == "id") {
            Some((_, Value::Text(id))) => Ok(Some(id.clone())),
            _ => Err("is an object; send a text".to_owned()),
        },
        other => Err(format!("is {}; send a text", other.noun())),
    }
}

/// A decimal in millionths from its decimal text, rounded once, half to even.
pub fn number(value: &Value) -> Result<Option<i64>, String> {
    let digits = match value {
        Value::Null => return Ok(None),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        Value::Number(digits) => digits.as_str(),
        Value::Text(text) => text.trim(),
        other => return Err(format!("is {}; send a number", other.noun())),
    };
    let number = Number::parse(digits).ok_or_else(|| format!("is {digits}, which is no number or leaves the range"))?;
    let quantity = number.to_quantity().ok_or_else(|| format!("is {digits}, which leaves the range"))?;
    Ok(Some(quantity.0))
}

/// True or false; 0 and 1 do as well.
pub fn flag(value: &Value) -> Result<Option<bool>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(yes) => Ok(Some(*yes)),
        Value::Number(digits) if digits == "0" || digits == "1" => Ok(Some(digits == "1")),
        Value::Text(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::Text(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        other => Err(format!("is {}; send true or false", other.to_json())),
    }
}

/// A time: milliseconds since 1970, or ISO 8601, without an offset in UTC.
pub fn time(value: &Value) -> Result<Option<Time>, String> {
    let at = match value {
        Value::Null => return Ok(None),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        Value::Number(digits) => of_millis(digits)?,
        Value::Text(text) => {
            let text = text.trim();
            if text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) && text.len() > 8 {
                of_millis(text)?
            } else {
                zone::instant(text, "UTC")?
            }
        }
        other => return Err(format!("is {}; send a time", other.noun())),
    };
    if !at.is_datable() {
        return Err(format!("is {at}, which is not between the years 1900 and 2199"));
    }
    Ok(Some(at))
}

fn of_millis(digits: &str) -> Result<Time, String> {
    let thousand = Number::whole(1_000).unwrap_or(Number::ONE);
    let micros =
        Number::parse(digits).and_then(|millis| millis.times(thousand)).and_then(|micros| micros.cut().to_whole());
    micros.map(Time).ok_or_else(|| format!("is {digits}, which is no time; send milliseconds since 1970 or ISO 8601"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_rounded_once_half_to_even() {
        for (sent, want) in [
            ("100", 100_000_000),
            ("0.30000000000000004", 300_000),
            ("0.0000005", 0),
            ("0.0000015", 2),
            ("0.00000050000000000000001", 1),
            ("1e3", 1_000_000_000),
            ("\" 12.5 \"", 12_500_000),
        ] {
            assert_eq!(number(&json(sent)), Ok(Some(want)), "{sent}");
        }
        for sent in ["true", "\"a\"", "1e300", "[]"] {
            assert!(number(&json(sent)).is_err(), "{sent}");
        }
    }

    #[test]
    fn times_come_in_every_shape() {
        for sent in [
            "1737741519824",
            "1737741519824.0",
            "\"1737741519824\"",
            "\"2025-01-24T17:58:39.824Z\"",
            "\"2025-01-24T17:58:39.824\"",
            "\"2025-01-24 17:58:39.824\"",
            "\"2025-01-24T18:58:39.824+01:00\"",
        ] {
            assert_eq!(time(&json(sent)).unwrap().unwrap().to_string(), "2025-01-24T17:58:39.824Z", "{sent}");
        }
        assert_eq!(time(&json("\"2025-01-24\"")).unwrap().unwrap().to_string(), "2025-01-24T00:00:00.000Z");
        for sent in ["true", "\"soon\"", "1e30"] {
            assert!(time(&json(sent)).is_err(), "{sent}");
        }
    }
}
