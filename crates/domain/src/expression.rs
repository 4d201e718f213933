//! Expressions over tags: what starts and stops an operation, how much it moved, what a lot is called.
//!
//! The language is a subset of Ignition's, so that configurations look alike: tags in braces
//! (`{[default]Line1/Counter}`), numbers, texts, `true`, `false`, `null`, operators and the functions of
//! [`function::TABLE`]. An expression has no effects, reads nothing but tags and the time it is given,
//! and ends: its text, its nesting and the texts it makes are bounded. Null and bad quality pass
//! through; what cannot be computed is a value of bad quality that says why, never a panic.

mod evaluate;
pub mod function;
mod lexer;
pub mod number;
mod parser;
mod syntax;
pub mod value;

#[cfg(test)]
mod tests;

pub use evaluate::Surroundings;
pub use number::Number;
pub use value::{Quality, Reading, Value};

use function::Does;
use syntax::Node;

/// Longest expression in characters.
pub const CHARS_MAX: usize = 2_048;
/// Deepest nesting of parentheses, functions and signs.
pub const LEVELS_MAX: usize = 64;
/// Longest text that an expression makes, in bytes.
pub const TEXT_BYTES_MAX: usize = 4_096;

/// Why a text is not an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The character at which it goes wrong; the first is 1.
    pub at: usize,
    /// What could have stood there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at character {}: expected {}, found {}", self.at, self.expected, self.found)
    }
}

/// An expression that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    root: Node,
    tags: Vec<String>,
}

impl Expression {
    /// Reads an expression.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let chars = text.chars().count();
        if chars > CHARS_MAX {
            return Err(Fault {
                at: CHARS_MAX + 1,
                expected: format!("at most {CHARS_MAX} characters"),
                found: format!("{chars}"),
            });
        }
        let (root, tags) = parser::parse(lexer::tokens(text)?)?;
        Ok(Self { root, tags })
    }

    /// The tags that it reads, each once, as `[provider]Path/To/Tag`.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Whether it says `now()`, and so may change while no tag does.
    pub fn follows_clock(&self) -> bool {
        self.root.says(Does::Now)
    }

    /// Its value in these surroundings.
    pub fn evaluate(&self, around: &dyn Surroundings) -> Reading {
        evaluate::evaluate(&self.root, &self.tags, around)
    }
}

/// A tag's path in one spelling: `A/B` and `[]A/B` are `[default]A/B`. `None` where it is not a path.
pub fn tag_path(text: &str) -> Option<String> {
    let text = text.trim();
    let (provider, path) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", text),
    };
    let (provider, path) = (provider.trim(), path.trim().trim_matches('/'));
    let provider = if provider.is_empty() { "default" } else { provider };
    let is_sound =
        |part: &str| !part.is_empty() && !part.contains(['{', '}', '[', ']']) && !part.contains(char::is_control);
    (is_sound(provider) && is_sound(path)).then(|| format!("[{provider}]{path}"))
}
