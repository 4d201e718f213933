//! The text of a statement, cut into what a translation looks at.

/// A part of a statement's text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A name or a key word.
    Word(&'a str),
    /// `$n`, counted from 1.
    Parameter(usize),
    /// What stands between braces.
    Marker(&'a str),
    /// Everything else as it stands: strings, quoted names, comments, signs, space.
    Other(&'a str),
}

/// Cuts a statement so that nothing inside strings, quoted names and comments is taken for more.
pub(super) fn pieces(sql: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match first {
            '\'' | '"' => rest[1..].find(first).map(|at| at + 2),
            '-' if rest.starts_with("--") => rest.find('\n'),
            '/' if rest.starts_with("/*") => rest.find("*/").map(|at| at + 2),
            '{' => rest.find('}').map(|at| at + 1),
            '$' => rest[1..].find(|c: char| !c.is_ascii_digit()).map(|at| at + 1),
            c if is_word(c) => rest.find(|c: char| !is_word(c)),
            c => Some(c.len_utf8()),
        };
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(match first {
            '{' => Piece::Marker(text.trim_start_matches('{').trim_end_matches('}').trim()),
            '$' => match text[1..].parse() {
                Ok(number) if number > 0 => Piece::Parameter(number),
                _ => Piece::Other(text),
            },
            c if is_word(c) => Piece::Word(text),
            _ => Piece::Other(text),
        })
    })
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
