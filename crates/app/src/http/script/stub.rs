//! The types of the Python client's functions, made from the table: `clients/python/lotbook/functions.pyi`.

use std::collections::BTreeMap;

use super::family;
use super::function::{Function, Parameter, Style, Type};

const HEAD: &str = "\
# Made from the server's table of functions by its test of the script API.
import datetime
from decimal import Decimal
from typing import Any, Optional, Sequence, Union

Text = Optional[str]
Id = Optional[str]
Word = Optional[str]
Number = Union[float, Decimal, None]
Whole = Optional[int]
Flag = Optional[bool]
Time = Union[datetime.datetime, str, int, None]
Bytes = Union[bytes, str]
List = Optional[Sequence[Any]]

class Date:
    def now(self) -> datetime.datetime: ...
    def fromMillis(self, millis: int) -> datetime.datetime: ...
    def toMillis(self, date: datetime.datetime) -> int: ...
";

/// Names that Python keeps for itself, as far as parameters have them.
const KEYWORDS: [&str; 6] = ["from", "in", "is", "class", "import", "lambda"];

#[derive(Default)]
struct Space {
    functions: BTreeMap<&'static str, &'static Function>,
    spaces: BTreeMap<&'static str, Space>,
}

fn page() -> String {
    let mut root = Space::default();
    for family in family::ALL {
        for prefix in family.prefixes {
            let mut space = &mut root;
            for part in prefix.split('.').skip(1) {
                space = space.spaces.entry(part).or_default();
            }
            for function in family.functions {
                space.functions.extend(function.names.iter().map(|name| (*name, function)));
            }
        }
    }
    let mut out = HEAD.to_owned();
    write("System", "", &root, &["date: Date".to_owned()], &mut out);
    out
}

/// The class of a name space, after those of the name spaces in it.
fn write(class: &str, path: &str, space: &Space, members: &[String], out: &mut String) {
    let mut lines = members.to_vec();
    for (part, inner) in &space.spaces {
        let (first, rest) = part.split_at(1);
        // Told apart by the dash: mes.inventory.operation is not mes.inventoryOperation.
        let name = format!("{path}{}{rest}", first.to_uppercase());
        write(&name, &format!("{name}_"), inner, &[], out);
        lines.push(format!("{part}: {name}"));
    }
    lines.extend(space.functions.iter().map(|(name, function)| signature(name, function)));
    out.push_str(&format!("\nclass {class}:\n"));
    for line in lines {
        out.push_str(&format!("    {line}\n"));
    }
}

fn signature(name: &str, function: &Function) -> String {
    let mut arguments = vec!["self".to_owned()];
    let shown: Vec<&Parameter> = function.parameters.iter().filter(|parameter| parameter.is_shown).collect();
    if shown.iter().any(|parameter| KEYWORDS.contains(&parameter.name)) {
        arguments.extend(["*args: Any".to_owned(), "**kwargs: Any".to_owned()]);
    } else {
        let is_keyword = function.style == Style::Keyword;
        if is_keyword && !shown.is_empty() {
            arguments.push("*".to_owned());
        }
        let mut may_be_left_out = is_keyword;
        for parameter in shown {
            may_be_left_out |= !parameter.is_required;
            let preset = if may_be_left_out { " = ..." } else { "" };
            arguments.push(format!("{}: {}{preset}", parameter.name, type_of(parameter.ty)));
        }
    }
    format!("def {name}({}) -> Any: ...", arguments.join(", "))
}

fn type_of(ty: Type) -> &'static str {
    match ty {
        Type::Text | Type::Expression => "Text",
        Type::Id => "Id",
        Type::Number => "Number",
        Type::Whole => "Whole",
        Type::Flag => "Flag",
        Type::Time => "Time",
        Type::Word(_) => "Word",
        Type::Bytes => "Bytes",
        Type::List => "List",
        Type::Any => "Any",
    }
}

/// `LOTBOOK_BLESS=1` writes the file anew.
#[test]
fn the_python_client_knows_every_function() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../clients/python/lotbook/functions.pyi");
    if std::env::var("LOTBOOK_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(path, page()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page(), "{path} is not what the table says; LOTBOOK_BLESS=1 writes it anew");
}
