//! The value of an expression: total, and bounded by its text and [`TEXT_BYTES_MAX`].

use super::TEXT_BYTES_MAX;
use super::function::{Does, Function};
use super::number::Number;
use super::syntax::{Node, Operator};
use super::value::{Quality, Reading, Value};
use crate::time::Time;

/// What an expression may look at.
pub trait Surroundings {
    /// What a tag holds; its path is `[provider]Path/To/Tag`.
    fn tag(&self, path: &str) -> Reading;
    /// The time.
    fn now(&self) -> Time;
    /// How far local time is ahead of UTC then, in microseconds.
    fn ahead_of_utc(&self, at: Time) -> i64 {
        let _ = at;
        0
    }
}

pub(super) fn evaluate(root: &Node, tags: &[String], around: &dyn Surroundings) -> Reading {
    Evaluation { tags, around }.node(root)
}

struct Evaluation<'e> {
    tags: &'e [String],
    around: &'e dyn Surroundings,
}

/// A value, or why there is none.
type Computed = Result<Value, String>;

impl Evaluation<'_> {
    fn node(&self, node: &Node) -> Reading {
        match node {
            Node::Literal(value) => Reading::good(value.clone()),
            Node::Tag(at) => self.tag(&self.tags[*at]),
            Node::Minus(of) => strict(&[self.node(of)], |values| Ok(Value::Number(number(&values[0])?.negated()))),
            Node::Not(of) => strict(&[self.node(of)], |values| Ok(Value::Bool(!truth(&values[0])?))),
            Node::Chain(first, rest) => {
                let mut left = self.node(first);
                for (operator, right) in rest {
                    left = self.join(left, *operator, right);
                }
                left
            }
            Node::Call(function, of) => self.call(function, of),
        }
    }

    fn tag(&self, path: &str) -> Reading {
        let mut reading = self.around.tag(path);
        if reading.quality == Quality::Bad {
            let why = reading.why.unwrap_or_else(|| "is of bad quality".to_owned());
            reading.why = Some(format!("the tag {path} {why}"));
        }
        reading
    }

    fn join(&self, left: Reading, operator: Operator, right: &Node) -> Reading {
        // What decides alone is enough, so that `{Ready} && {Count} > 3` is false while Ready is.
        if let Operator::Or | Operator::And = operator {
            let decided = left.usable().and_then(Value::truth) == Some(operator == Operator::Or);
            if decided {
                return Reading { value: Value::Bool(operator == Operator::Or), ..left };
            }
        }
        strict(&[left, self.node(right)], |values| binary(&values[0], operator, &values[1], self))
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Time(at) => self.formatted(*at, "yyyy-MM-dd HH:mm:ss.SSS"),
        }
    }

    fn formatted(&self, at: Time, pattern: &str) -> String {
        let local = Time(at.0.saturating_add(self.around.ahead_of_utc(at)).clamp(Time::EARLIEST.0, Time::LATEST.0));
        let (year, month, day) = local.civil();
        let of_day = local.0.rem_euclid(Time::DAY) / 1_000;
        let (second, millis) = (of_day / 1_000, of_day % 1_000);
        let mut out = String::new();
        let mut chars = pattern.chars().peekable();
        let mut is_quoted = false;
        while let Some(c) = chars.next() {
            if c == '\'' {
                is_quoted = !is_quoted;
                continue;
            }
            if is_quoted || !c.is_ascii_alphabetic() {
                out.push(c);
                continue;
            }
            let mut width = 1;
            while chars.next_if_eq(&c).is_some() {
                width += 1;
            }
            let number = match c {
                'y' if width == 2 => year.rem_euclid(100),
                'y' => year,
                'M' => month,
                'd' => day,
                'H' => second / 3_600,
                'h' => (second / 3_600 + 11) % 12 + 1,
                'm' => second / 60 % 60,
                's' => second % 60,
                'S' => millis,
                _ => {
                    out.extend(std::iter::repeat_n(c, width));
                    continue;
                }
            };
            out.push_str(&format!("{number:0width$}"));
        }
        out
    }

    fn call(&self, function: &Function, of: &[Node]) -> Reading {
        match function.does {
            Does::If => {
                let condition = self.node(&of[0]);
                let chosen = match condition.usable().map(Value::truth) {
                    Some(Some(true)) => &of[1],
                    Some(Some(false)) => &of[2],
                    Some(None) => return Reading::bad("the condition of if is neither true nor false"),
                    None => return Reading { value: Value::Null, ..condition },
                };
                let mut reading = self.node(chosen);
                reading.quality = reading.quality.max(condition.quality);
                reading
            }
            Does::IsNull => {
                let reading = self.node(&of[0]);
                if reading.quality == Quality::Bad {
                    return reading;
                }
                Reading::good(Value::Bool(reading.value == Value::Null))
            }
            Does::Coalesce => {
                let mut last = Reading::default();
                for node in of {
                    last = self.node(node);
                    if last.usable().is_some() {
                        break;
                    }
                }
                last
            }
            Does::IsGood => Reading::good(Value::Bool(self.node(&of[0]).quality == Quality::Good)),
            Does::IsBad => Reading::good(Value::Bool(self.node(&of[0]).quality == Quality::Bad)),
            Does::QualityOf => Reading::good(Value::Text(self.node(&of[0]).quality.name().to_owned())),
            Does::Now => Reading::good(Value::Time(self.around.now())),
            does => {
                let readings: Vec<Reading> = of.iter().map(|node| self.node(node)).collect();
                strict(&readings, |values| self.compute(does, values))
            }
        }
    }

    fn compute(&self, does: Does, values: &[Value]) -> Computed {
        let text = |at: usize| self.text(&values[at]);
        Ok(match does {
            Does::ToInt => Value::Number(number(&values[0])?.cut()),
            Does::ToFloat => Value::Number(number(&values[0])?),
            Does::ToStr => Value::Text(text(0)),
            Does::ToBoolean => Value::Bool(truth(&values[0])?),
            Does::Abs => Value::Number(number(&values[0])?.abs()),
            Does::Floor => Value::Number(number(&values[0])?.floor()),
            Does::Ceil => Value::Number(number(&values[0])?.ceil()),
            Does::Min | Does::Max => {
                let mut best = number(&values[0])?;
                for value in &values[1..] {
                    let other = number(value)?;
                    best = if does == Does::Min { best.min(other) } else { best.max(other) };
                }
                Value::Number(best)
            }
            Does::Round => {
                let digits = values.get(1).map_or(Ok(0), count)?;
                Value::Number(number(&values[0])?.rounded(digits as u32))
            }
            Does::Concat => made(values.iter().map(|value| self.text(value)).collect())?,
            Does::Left => Value::Text(text(0).chars().take(count(&values[1])?).collect()),
            Does::Right => {
                let (text, wanted) = (text(0), count(&values[1])?);
                Value::Text(text.chars().skip(text.chars().count().saturating_sub(wanted)).collect())
            }
            Does::Substring => {
                let (start, end) = (count(&values[1])?, values.get(2).map_or(Ok(usize::MAX), count)?);
                if end < start {
                    return Err(format!("substring ends at {end}, before it begins at {start}"));
                }
                Value::Text(text(0).chars().skip(start).take(end - start).collect())
            }
            Does::Upper => made(text(0).to_uppercase())?,
            Does::Lower => made(text(0).to_lowercase())?,
            Does::Trim => Value::Text(text(0).trim().to_owned()),
            Does::Replace => {
                let (text, part, by) = (text(0), text(1), text(2));
                if part.is_empty() {
                    return Ok(Value::Text(text));
                }
                let longer = text.matches(part.as_str()).count() * by.len();
                if longer > TEXT_BYTES_MAX {
                    return Err(too_long());
                }
                made(text.replace(part.as_str(), &by))?
            }
            Does::IndexOf => {
                let text = text(0);
                let found = text.find(self.text(&values[1]).as_str()).map(|bytes| text[..bytes].chars().count() as i64);
                whole(found.unwrap_or(-1))?
            }
            Does::Len => whole(text(0).chars().count() as i64)?,
            Does::DateFormat => {
                let pattern = text(1);
                match &values[0] {
                    Value::Time(at) => made(self.formatted(*at, &pattern))?,
                    // Milliseconds, as tags carry them.
                    other => match number(other)?.cut().to_whole().and_then(|millis| millis.checked_mul(1_000)) {
                        Some(at) if Time(at).is_datable() => made(self.formatted(Time(at), &pattern))?,
                        _ => return Err("dateFormat needs a time or milliseconds since 1970".to_owned()),
                    },
                }
            }
            Does::If | Does::IsNull | Does::Coalesce | Does::IsGood | Does::IsBad | Does::QualityOf | Does::Now => {
                return Err("a function of unevaluated arguments came here".to_owned());
            }
        })
    }
}

/// What is computed of values that are all there: bad quality goes before null, null before a value.
fn strict(readings: &[Reading], compute: impl FnOnce(&[Value]) -> Computed) -> Reading {
    if let Some(bad) = readings.iter().find(|reading| reading.quality == Quality::Bad) {
        let why = bad.why.clone().or_else(|| Some("a value is of bad quality".to_owned()));
        return Reading { value: Value::Null, quality: Quality::Bad, why };
    }
    let quality = readings.iter().map(|reading| reading.quality).max().unwrap_or_default();
    if readings.iter().any(|reading| reading.value == Value::Null) {
        return Reading { value: Value::Null, quality, why: None };
    }
    let values: Vec<Value> = readings.iter().map(|reading| reading.value.clone()).collect();
    match compute(&values) {
        Ok(value) => Reading { value, quality, why: None },
        Err(why) => Reading::bad(why),
    }
}

fn binary(left: &Value, operator: Operator, right: &Value, evaluation: &Evaluation<'_>) -> Computed {
    let arithmetic = |f: fn(Number, Number) -> Option<Number>| {
        let (a, b) = (number(left)?, number(right)?);
        f(a, b).map(Value::Number).ok_or_else(|| {
            let what = if b.is_zero() && matches!(operator, Operator::Over | Operator::Rest) {
                "divides by 0"
            } else {
                "leaves the range of numbers"
            };
            format!("{a} {} {b} {what}", operator.sign())
        })
    };
    match operator {
        Operator::Or => Ok(Value::Bool(truth(left)? | truth(right)?)),
        Operator::And => Ok(Value::Bool(truth(left)? & truth(right)?)),
        Operator::Plus if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) => {
            made(evaluation.text(left) + &evaluation.text(right))
        }
        Operator::Plus => arithmetic(Number::plus),
        Operator::Minus => arithmetic(Number::minus),
        Operator::Times => arithmetic(Number::times),
        Operator::Over => arithmetic(Number::over),
        Operator::Rest => arithmetic(Number::rest),
        Operator::Power => arithmetic(Number::power),
        Operator::Equal => Ok(Value::Bool(is_equal(left, right))),
        Operator::Unequal => Ok(Value::Bool(!is_equal(left, right))),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            let order = match (left, right) {
                (Value::Text(a), Value::Text(b)) => a.cmp(b),
                _ => number(left)?.cmp(&number(right)?),
            };
            Ok(Value::Bool(match operator {
                Operator::Less => order.is_lt(),
                Operator::LessOrEqual => order.is_le(),
                Operator::Greater => order.is_gt(),
                _ => order.is_ge(),
            }))
        }
    }
}

fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Bool(a), other) | (other, Value::Bool(a))
            if other.truth().is_some() && !matches!(other, Value::Number(_)) =>
        {
            other.truth() == Some(*a)
        }
        _ => left.number().is_some() && left.number() == right.number(),
    }
}

fn number(value: &Value) -> Result<Number, String> {
    value.number().ok_or_else(|| match value {
        Value::Text(text) => format!("{:?} is not a number", text.chars().take(40).collect::<String>()),
        other => format!("{} is not a number", other.noun()),
    })
}

fn truth(value: &Value) -> Result<bool, String> {
    value.truth().ok_or_else(|| match value {
        Value::Text(text) => format!("{:?} is neither true nor false", text.chars().take(40).collect::<String>()),
        other => format!("{} is neither true nor false", other.noun()),
    })
}

/// A count of characters or digits.
fn count(value: &Value) -> Result<usize, String> {
    let number = number(value)?.cut();
    let whole = number.to_whole().and_then(|whole| usize::try_from(whole).ok());
    whole.ok_or_else(|| format!("{number} is not a count from 0 on"))
}

fn whole(value: i64) -> Computed {
    Number::whole(value).map(Value::Number).ok_or_else(|| "the number leaves the range".to_owned())
}

fn made(text: String) -> Computed {
    if text.len() > TEXT_BYTES_MAX { Err(too_long()) } else { Ok(Value::Text(text)) }
}

fn too_long() -> String {
    format!("the text is longer than {TEXT_BYTES_MAX} bytes")
}
