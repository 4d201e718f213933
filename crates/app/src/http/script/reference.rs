//! The reference of the functions, made from their table: as a page, and as JSON.

use lotbook_engine::thing::Value;

use super::family;
use super::function::{Family, Function, Parameter, Style};
use super::shape::{Shape, opt_text};

const INTRODUCTION: &str = "\
# Script functions

What scripts of the shop floor call: JSON-RPC 2.0 on `POST /script`, `method` is the dotted name, `params` a list or an
object. This page is made from the table that the server dispatches by; `GET /script/functions` has it as JSON.

- A *keyword* function takes a record: `fn(**record)`. A *positional* one takes its arguments in order, or by name.
- Ids print as 10-8-8. Wherever an id is expected, a name, path or symbol is accepted, and the other way round.
- A time is ISO 8601, in UTC where it says no offset, or milliseconds since 1970. Bytes travel as `{\"$bytes\": \"base64\"}`.
- A number that has more than six digits behind the point is rounded once, half to even.
- Faults by code: -32601 no such function, -32602 arguments that do not fit, -32001 `IllegalArgumentException`, -32002
  `ConstraintViolationException`, -32003 `InUseException`, -32004 `SecurityException`, -32005
  `ConcurrentModificationException`, -32603 a fault of the server. `data` holds `type` and `violations` by field.
- Any function may throw `SecurityException` where it names a permission.
";

/// The page.
pub fn page() -> String {
    let mut out = String::from(INTRODUCTION);
    for family in family::ALL {
        out.push_str(&format!("\n## {}\n\n", family.title));
        let prefixes: Vec<String> = family.prefixes.iter().map(|prefix| format!("`{prefix}`")).collect();
        out.push_str(&format!("Name space: {}.\n", prefixes.join(", also ")));
        for function in family.functions {
            describe(family, function, &mut out);
        }
    }
    out
}

fn signature(function: &Function) -> String {
    match function.style {
        Style::Keyword => "**record".to_owned(),
        Style::Positional => {
            let names: Vec<String> =
                function
                    .parameters
                    .iter()
                    .map(|parameter| {
                        if parameter.is_required {
                            parameter.name.to_owned()
                        } else {
                            format!("{}=None", parameter.name)
                        }
                    })
                    .collect();
            names.join(", ")
        }
    }
}

fn describe(family: &Family, function: &Function, out: &mut String) {
    let name = function.names[0];
    out.push_str(&format!("\n### {name}\n\n`{}.{name}({})`\n\n", family.prefixes[0], signature(function)));
    out.push_str(&format!("{} Answers {}.\n", function.about, function.returns));
    if function.names.len() > 1 {
        let others: Vec<String> = function.names[1..].iter().map(|name| format!("`{name}`")).collect();
        out.push_str(&format!("\nAlso called {}.\n", others.join(", ")));
    }
    let permission = function.permission.map_or("none".to_owned(), |permission| format!("`{permission}`"));
    let faults: Vec<String> = function.faults.iter().map(|fault| format!("`{}`", fault.name())).collect();
    let faults = if faults.is_empty() { "nothing of its own".to_owned() } else { faults.join(", ") };
    out.push_str(&format!("\nPermission: {permission}. Throws: {faults}.\n"));
    let shown: Vec<&Parameter> = function.parameters.iter().filter(|parameter| parameter.is_shown).collect();
    if shown.is_empty() {
        return;
    }
    out.push_str("\n| parameter | holds | default | meaning |\n|---|---|---|---|\n");
    for parameter in shown {
        let preset = if parameter.is_required { "required" } else { parameter.preset };
        let also =
            if parameter.also.is_empty() { String::new() } else { format!(" Also `{}`.", parameter.also.join("`, `")) };
        out.push_str(&format!(
            "| `{}` | {} | {preset} | {}{also} |\n",
            parameter.name,
            parameter.ty.name(),
            parameter.about
        ));
    }
}

/// The same as JSON, for consoles and clients.
pub fn document() -> String {
    let families = family::ALL.iter().map(|family| {
        let texts = |names: &[&str]| Value::List(names.iter().map(|name| Value::Text((*name).to_owned())).collect());
        let functions = family.functions.iter().map(|function| {
            let parameters = function.parameters.iter().filter(|parameter| parameter.is_shown).map(|parameter| {
                Shape::new()
                    .text("name", Some(parameter.name))
                    .put("also", texts(parameter.also))
                    .text("type", Some(&parameter.ty.name()))
                    .flag("required", parameter.is_required)
                    .put("default", default_of(parameter))
                    .text("about", Some(parameter.about))
                    .done()
            });
            let faults: Vec<&str> = function.faults.iter().map(|fault| fault.name()).collect();
            Shape::new()
                .text("name", Some(&format!("{}.{}", family.prefixes[0], function.names[0])))
                .put("names", texts(function.names))
                .text("signature", Some(&format!("{}({})", function.names[0], signature(function))))
                .text("style", Some(if function.style == Style::Keyword { "keyword" } else { "positional" }))
                .put("parameters", Value::List(parameters.collect()))
                .put("permission", opt_text(function.permission))
                .text("about", Some(function.about))
                .text("returns", Some(function.returns))
                .put("throws", texts(&faults))
                .done()
        });
        Shape::new()
            .text("title", Some(family.title))
            .put("prefixes", texts(family.prefixes))
            .put("functions", Value::List(functions.collect()))
            .done()
    });
    Shape::new().put("families", Value::List(families.collect())).done().to_json()
}

fn default_of(parameter: &Parameter) -> Value {
    match parameter.preset {
        "now" => Value::Text("now".to_owned()),
        json => Value::parse(json).unwrap_or(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// `LOTBOOK_BLESS=1` writes the page anew.
    #[test]
    fn the_page_is_what_the_table_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/script-functions.md");
        if std::env::var("LOTBOOK_BLESS").is_ok_and(|value| value == "1") {
            std::fs::write(path, page()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == page(), "{path} is not what the table says; LOTBOOK_BLESS=1 writes it anew");
    }

    #[test]
    fn the_table_is_in_order() {
        let mut seen = BTreeSet::new();
        for family in family::ALL {
            for function in family.functions {
                for name in function.names {
                    assert!(seen.insert((family.prefixes[0], *name)), "{name} is there twice");
                }
                assert!(!function.about.is_empty() && function.about.ends_with('.'), "{}", function.names[0]);
                let mut parameters = BTreeSet::new();
                for parameter in function.parameters {
                    for name in parameter.also.iter().chain([&parameter.name]) {
                        assert!(parameters.insert(*name), "{}.{name} is there twice", function.names[0]);
                    }
                    assert!(parameter.preset == "now" || Value::parse(parameter.preset).is_ok(), "{}", parameter.name);
                }
            }
        }
    }
}
