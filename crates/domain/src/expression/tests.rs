use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::time::Time;

struct Plant(HashMap<&'static str, Reading>);

impl Surroundings for Plant {
    fn tag(&self, path: &str) -> Reading {
        self.0.get(path).cloned().unwrap_or_else(|| Reading::bad("has no value yet"))
    }

    fn now(&self) -> Time {
        Time(1_760_510_799_762_000)
    }
}

fn plant() -> Plant {
    let number = |text| Value::Number(Number::parse(text).unwrap());
    Plant(HashMap::from([
        ("[default]Count", Reading::good(number("90"))),
        ("[default]Ready", Reading::good(Value::Bool(true))),
        ("[default]Off", Reading::good(Value::Bool(false))),
        ("[default]Name", Reading::good(Value::Text("Milk".into()))),
        ("[default]Old", Reading { value: number("5"), quality: Quality::Uncertain, why: None }),
        ("[default]Broken", Reading { value: number("5"), quality: Quality::Bad, why: None }),
        ("[default]Nothing", Reading::good(Value::Null)),
    ]))
}

fn shown(text: &str) -> String {
    let reading = Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}")).evaluate(&plant());
    let value = match reading.value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Time(at) => at.to_string(),
    };
    match reading.quality {
        Quality::Good => value,
        quality => format!("{value} {quality}"),
    }
}

#[test]
fn operators_bind_as_in_mathematics() {
    for (text, want) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("2 ^ 3 ^ 2", "512"),
        ("-2 ^ 2", "-4"),
        ("7 % 4 + 0.5", "3.5"),
        ("1 / 4", "0.25"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("1 < 2 && 2 <= 2 || 1 / 0 > 1", "true"),
        ("!true || !false", "true"),
        ("1 == 1 != false", "true"),
        ("'a' + 1 + 2", "\"a12\""),
        ("1 + 2 + 'a'", "\"3a\""),
        ("'it''s'", ""),
        ("\"a\\\"b\\n\"", "\"a\\\"b\\n\""),
        ("'abc' < 'abd'", "true"),
        ("'5' > 4", "true"),
        ("true = 1", "true"),
        ("TRUE && {Ready}", "true"),
        ("null", "null"),
    ] {
        if want.is_empty() {
            assert!(Expression::parse(text).is_err(), "{text}");
        } else {
            assert_eq!(shown(text), want, "{text}");
        }
    }
}

#[test]
fn functions_do_what_the_table_says() {
    for (text, want) in [
        ("if({Ready}, 'yes', 1/0)", "\"yes\""),
        ("if({Count} = 0, 1, 2)", "2"),
        ("isNull({Nothing})", "true"),
        ("isNull({Count})", "false"),
        ("coalesce({Broken}, {Nothing}, 7)", "7"),
        ("isGood({Old})", "false"),
        ("isBad({Broken})", "true"),
        ("isBad(1/0)", "true"),
        ("qualityOf({Old})", "\"uncertain\""),
        ("'raw lot ' + now()", "\"raw lot 2025-10-15 06:46:39.762\""),
        ("now() > 0", "true"),
        ("toInt('12.9')", "12"),
        ("toInt(-12.9)", "-12"),
        ("toFloat(' 1.50 ')", "1.5"),
        ("toStr(1.50)", "\"1.5\""),
        ("TOSTRING(true)", "\"true\""),
        ("toBoolean('0')", "false"),
        ("abs(-3)", "3"),
        ("min(3, 1, 2)", "1"),
        ("max({Count}, 100)", "100"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(1.005, 2)", "1.01"),
        ("floor(-1.5) + ceil(1.2)", "0"),
        ("concat('a', 1, true)", "\"a1true\""),
        ("left('Milch', 3) + right('Milch', 2)", "\"Milch\""),
        ("substring('Käse', 1, 3)", "\"äs\""),
        ("substring('Käse', 2)", "\"se\""),
        ("upper('ä') + lower('Ä') + trim('  x ')", "\"Ääx\""),
        ("replace('a-b-c', '-', '/')", "\"a/b/c\""),
        ("replace('abc', '', '/')", "\"abc\""),
        ("indexOf('Käse', 's')", "2"),
        ("indexOf('Käse', 'x')", "-1"),
        ("len({Name})", "4"),
        ("dateFormat(now(), 'yyyyMMdd-HHmm')", "\"20251015-0646\""),
        ("dateFormat(0, \"dd.MM.yy 'at' HH:mm:ss\")", "\"01.01.70 at 00:00:00\""),
    ] {
        assert_eq!(shown(text), want, "{text}");
    }
}

#[test]
fn null_and_quality_pass_through() {
    for (text, want) in [
        ("{Nothing} + 1", "null"),
        ("{Old} + 1", "6 uncertain"),
        ("{Old} + {Nothing}", "null uncertain"),
        ("{Broken} + 1", "null bad"),
        ("{Unknown}", "null bad"),
        ("1 / 0", "null bad"),
        ("5 % 0", "null bad"),
        ("toInt('ten')", "null bad"),
        ("'a' * 2", "null bad"),
        ("2 ^ 0.5", "null bad"),
        ("10 ^ 30", "null bad"),
        ("{Off} && {Broken}", "false"),
        ("{Broken} && {Off}", "null bad"),
        ("{Ready} || {Broken}", "true"),
        ("if({Nothing}, 1, 2)", "null"),
        ("if({Old}, 1, 2)", "1 uncertain"),
        ("left('abc', -1)", "null bad"),
    ] {
        assert_eq!(shown(text), want, "{text}");
    }
    let why = |text| Expression::parse(text).unwrap().evaluate(&plant()).why.unwrap();
    assert_eq!(why("1 + 2 / 0"), "2 / 0 divides by 0");
    assert_eq!(why("{Unknown} + 1"), "the tag [default]Unknown has no value yet");
    assert_eq!(why("toInt('ten')"), "\"ten\" is not a number");
}

#[test]
fn a_fault_says_where_and_what_was_expected() {
    for (text, at, expected, found) in [
        ("", 1, "a value", "the end"),
        ("1 +", 4, "a value", "the end"),
        ("1 2", 3, "an operator or the end", "2"),
        ("(1", 3, "an operator or )", "the end"),
        ("1 + * 2", 5, "a value", "*"),
        ("'abc", 5, "the text's closing '", "the end"),
        ("{abc", 5, "the tag's closing }", "the end"),
        ("{}", 2, "a tag such as", "\"\""),
        ("ä + 1", 1, "true, false, null or a function (if,", "ä"),
        ("1 # 1", 3, "a value, an operator or a function", "#"),
        ("foo(1)", 1, "true, false, null or a function (if,", "foo"),
        ("abs", 4, "( after abs", "the end"),
        ("if(1, 2)", 8, "3 arguments in if(condition, then, else), not 2", ")"),
        ("max()", 5, "1 or more arguments", ")"),
        ("abs(1 2)", 7, "an operator, a comma or )", "2"),
        ("1.2.3", 1, "a number", "1.2.3"),
        ("12abc", 1, "a number", "12abc"),
    ] {
        let fault = Expression::parse(text).expect_err(text);
        assert_eq!((fault.at, fault.found.as_str()), (at, found), "{text}: {fault}");
        assert!(fault.expected.starts_with(expected), "{text}: {fault}");
    }
    let fault = Expression::parse(&"1".repeat(2_049)).unwrap_err();
    assert_eq!(fault.to_string(), "at character 2049: expected at most 2048 characters, found 2049");
    for (open, close) in [("(", ")"), ("abs(", ")"), ("-", ""), ("!", ""), ("2^", "")] {
        let nested = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(Expression::parse(&nested(64)).is_ok(), "{open}");
        assert!(Expression::parse(&nested(65)).unwrap_err().expected.starts_with("at most 64 levels"), "{open}");
    }
    assert_eq!(shown(&format!("1{}", "+1".repeat(1_000))), "1001");
}

#[test]
fn tags_have_one_spelling() {
    let expression = Expression::parse("{Count} + {[default]Count} + {[edge]A/B c}").unwrap();
    assert_eq!(expression.tags(), ["[default]Count", "[edge]A/B c"]);
    for (text, want) in [
        ("A", Some("[default]A")),
        ("[]A/B", Some("[default]A/B")),
        ("[ p ] /A/B/", Some("[p]A/B")),
        ("", None),
        ("[p]", None),
        ("[p", None),
        ("a]b", None),
        ("a\nb", None),
    ] {
        assert_eq!(tag_path(text).as_deref(), want, "{text:?}");
    }
}

#[test]
fn texts_stay_bounded() {
    let mut text = "concat('aaaaaaaa', 'b')".to_owned();
    for _ in 0..20 {
        text = format!("replace({text}, 'a', 'aaaaaaaaaaaaaaaaaaaa')");
    }
    assert_eq!(shown(&text), "null bad");
}

#[test]
fn the_reference_lists_every_function() {
    let reference = function::reference();
    for function in &function::TABLE {
        assert!(reference.contains(&format!("| `{}` |", function.form)), "{}", function.name);
        assert!(function.form.starts_with(function.name));
        assert!(std::ptr::eq(function::named(&function.name.to_uppercase()).unwrap(), function));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is written, reading it ends, and so does computing it.
    #[test]
    fn nothing_panics(text in "[ -~äß€]{0,80}") {
        if let Ok(expression) = Expression::parse(&text) {
            expression.evaluate(&plant());
        }
    }

    /// The same over pieces that are likelier to be right.
    #[test]
    fn nothing_likely_panics(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "1", "0", "999999999999999999", "0.000000000001", "'a'", "'äöü€'", "{Count}", "{Broken}", "{Nothing}", "{Old}", "true", "null",
        "+", "-", "*", "/", "%", "^", "=", "!=", "<", ">=", "&&", "||", "!", "(", ")", ",",
        "if(", "min(", "round(", "left(", "substring(", "replace(", "dateFormat(", "now()", "toInt(", "len(", "concat(",
    ]), 0..40)) {
        if let Ok(expression) = Expression::parse(&pieces.join(" ")) {
            let reading = expression.evaluate(&plant());
            if let Value::Text(text) = &reading.value {
                prop_assert!(text.len() <= TEXT_BYTES_MAX);
            }
            prop_assert!(reading.quality != Quality::Bad || reading.usable().is_none());
        }
    }

    /// Arithmetic agrees with whole numbers.
    #[test]
    fn whole_arithmetic_is_exact(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000) {
        prop_assert_eq!(shown(&format!("{a} + {b}").replace("+ -", "- ")), (a + b).to_string());
        prop_assert_eq!(shown(&format!("{a} * {b}")), (a * b).to_string());
        if b != 0 {
            prop_assert_eq!(shown(&format!("toInt({a} / {b}) * {b} + {a} % {b}")), a.to_string());
        }
    }
}
