//! Account rules of the general ledger.

use super::super::kind::{Field, Key, Kind, Type};
use super::super::rule;
use super::{ANY, CATEGORIES};

/// The kinds of postings, as [`lotbook_domain::posting::PostingKind`] counts them.
const KINDS: &[(&str, i64)] = &[
    ("stock", 1),
    ("inTransit", 2),
    ("transfer", 3),
    ("supplier", 11),
    ("customer", 12),
    ("production", 13),
    ("adjustment", 14),
    ("loss", 15),
    ("internalUse", 16),
    ("revaluation", 22),
    ("landedCost", 23),
    ("variance", 24),
];

/// Account rules.
pub static GL_RULES: Kind = Kind {
    name: "gl-rules",
    one: "glRule",
    noun: "account rule",
    about: "Which account of the general ledger a kind of posting has: stock itself, or where what changes its value \
            comes from or goes to. A rule of a category holds for all below it that have none of their own.",
    table: "gl_rule",
    counter: "glRule",
    fields: &[
        Field::required("name", "name", Type::Name, "What it is called. Unique."),
        Field::optional("category", "category", Type::Reference(&CATEGORIES), "The products; any if left out."),
        Field::required("kind", "kind", Type::Choice(KINDS), "What is posted."),
        Field::required("account", "account", Type::Name, "The account, as the general ledger names it."),
    ],
    key: Key::Column("name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: false,
    check: Some(rule::gl_rules),
    uses: &[],
};

#[cfg(test)]
mod tests {
    use lotbook_domain::posting::PostingKind;

    use super::KINDS;

    #[test]
    fn rules_name_the_kinds_that_are_posted() {
        assert_eq!(KINDS, PostingKind::ALL.map(|(_, code, name)| (name, code)));
    }
}
