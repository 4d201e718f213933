//! The functions of the language: one table from which reading, computing and the reference follow.

/// A function.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name; it may be written in any case.
    pub name: &'static str,
    /// Other names.
    pub also: &'static [&'static str],
    /// How it is called.
    pub form: &'static str,
    /// Fewest arguments.
    pub least: usize,
    /// Most arguments.
    pub most: usize,
    /// What it gives, in a sentence.
    pub about: &'static str,
    pub(super) does: Does,
}

/// What a function computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    If,
    IsNull,
    Coalesce,
    IsGood,
    IsBad,
    QualityOf,
    Now,
    ToInt,
    ToFloat,
    ToStr,
    ToBoolean,
    Abs,
    Min,
    Max,
    Round,
    Floor,
    Ceil,
    Concat,
    Left,
    Right,
    Substring,
    Upper,
    Lower,
    Trim,
    Replace,
    IndexOf,
    Len,
    DateFormat,
}

/// Any number of arguments.
const MANY: usize = 256;

const fn function(
    name: &'static str,
    form: &'static str,
    (least, most): (usize, usize),
    does: Does,
    about: &'static str,
) -> Function {
    Function { name, also: &[], form, least, most, about, does }
}

impl Function {
    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// How many arguments it takes, in words.
    pub fn how_many(&self) -> String {
        match (self.least, self.most) {
            (least, MANY) => format!("{least} or more arguments"),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }
}

/// All functions, in the order of the reference.
pub static TABLE: [Function; 28] = [
    function(
        "if",
        "if(condition, then, else)",
        (3, 3),
        Does::If,
        "`then` where the condition is true, else `else`; the other one is not looked at.",
    ),
    function("isNull", "isNull(value)", (1, 1), Does::IsNull, "Whether the value is null."),
    function(
        "coalesce",
        "coalesce(value, …)",
        (1, MANY),
        Does::Coalesce,
        "The first value that is neither null nor bad.",
    ),
    function("isGood", "isGood(value)", (1, 1), Does::IsGood, "Whether the quality is good."),
    function(
        "isBad",
        "isBad(value)",
        (1, 1),
        Does::IsBad,
        "Whether the quality is bad, as of what cannot be computed.",
    ),
    function(
        "qualityOf",
        "qualityOf(value)",
        (1, 1),
        Does::QualityOf,
        "The quality as a text: `good`, `uncertain` or `bad`.",
    ),
    function(
        "now",
        "now()",
        (0, 1),
        Does::Now,
        "The time at which the expression is evaluated. An argument (a polling rate elsewhere) is passed over.",
    ),
    function(
        "toInt",
        "toInt(value)",
        (1, 1),
        Does::ToInt,
        "The number without what is behind the point; a text is read.",
    )
    .also(&["toInteger", "toLong"]),
    function("toFloat", "toFloat(value)", (1, 1), Does::ToFloat, "The number; a text is read.").also(&["toDouble"]),
    function("toStr", "toStr(value)", (1, 1), Does::ToStr, "The value as a text; a number as its shortest decimal.")
        .also(&["toString"]),
    function(
        "toBoolean",
        "toBoolean(value)",
        (1, 1),
        Does::ToBoolean,
        "True or false; a number is true unless it is 0.",
    )
    .also(&["toBool"]),
    function("abs", "abs(number)", (1, 1), Does::Abs, "The number without its sign."),
    function("min", "min(number, …)", (1, MANY), Does::Min, "The smallest number."),
    function("max", "max(number, …)", (1, MANY), Does::Max, "The largest number."),
    function(
        "round",
        "round(number[, digits])",
        (1, 2),
        Does::Round,
        "The number with so many digits behind the point (none if not said), half up.",
    ),
    function("floor", "floor(number)", (1, 1), Does::Floor, "The next whole number at or below."),
    function("ceil", "ceil(number)", (1, 1), Does::Ceil, "The next whole number at or above.").also(&["ceiling"]),
    function("concat", "concat(value, …)", (1, MANY), Does::Concat, "The values as texts, one behind the other."),
    function("left", "left(text, count)", (2, 2), Does::Left, "The first characters."),
    function("right", "right(text, count)", (2, 2), Does::Right, "The last characters."),
    function(
        "substring",
        "substring(text, start[, end])",
        (2, 3),
        Does::Substring,
        "The characters from `start` (the first is 0) up to before `end`.",
    ),
    function("upper", "upper(text)", (1, 1), Does::Upper, "The text in capitals."),
    function("lower", "lower(text)", (1, 1), Does::Lower, "The text in small letters."),
    function("trim", "trim(text)", (1, 1), Does::Trim, "The text without blanks around it."),
    function("replace", "replace(text, part, by)", (3, 3), Does::Replace, "The text with each `part` replaced."),
    function(
        "indexOf",
        "indexOf(text, part)",
        (2, 2),
        Does::IndexOf,
        "Where the part begins (the first character is 0); -1 where it is not there.",
    ),
    function("len", "len(text)", (1, 1), Does::Len, "How many characters the text has."),
    function(
        "dateFormat",
        "dateFormat(time, pattern)",
        (2, 2),
        Does::DateFormat,
        "The time by a pattern of `yyyy`, `yy`, `MM`, `dd`, `HH`, `mm`, `ss`, `SSS`; other letters go between single quotes. In the tenant's time zone.",
    ),
];

/// The function with this name.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| {
        function.name.eq_ignore_ascii_case(name) || function.also.iter().any(|also| also.eq_ignore_ascii_case(name))
    })
}

/// The table as a part of the reference, in Markdown.
pub fn reference() -> String {
    let mut text = String::from("| function | takes | gives |\n|---|---|---|\n");
    for function in &TABLE {
        let also: String = function.also.iter().map(|also| format!(" Also `{also}`.")).collect();
        text.push_str(&format!("| `{}` | {} | {}{also} |\n", function.form, function.how_many(), function.about));
    }
    text
}
