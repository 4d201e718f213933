//! The tree of an expression.

use super::function::{Does, Function};
use super::value::Value;

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// What it says.
    Literal(Value),
    /// The tag at this place of the expression's list.
    Tag(usize),
    /// `-x`
    Minus(Box<Node>),
    /// `!x`
    Not(Box<Node>),
    /// `a + b - c`: operators of one precedence, from left to right.
    Chain(Box<Node>, Vec<(Operator, Node)>),
    /// `if(a, b, c)`
    Call(&'static Function, Vec<Node>),
}

impl Node {
    /// Whether it calls a function that does this.
    pub fn says(&self, what: Does) -> bool {
        match self {
            Self::Literal(_) | Self::Tag(_) => false,
            Self::Minus(of) | Self::Not(of) => of.says(what),
            Self::Chain(first, rest) => first.says(what) || rest.iter().any(|(_, node)| node.says(what)),
            Self::Call(function, of) => function.does == what || of.iter().any(|node| node.says(what)),
        }
    }
}

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Over,
    Rest,
    Power,
}

impl Operator {
    /// The operator of a sign, and how strongly it binds.
    pub fn of(sign: &str) -> Option<(Self, u8)> {
        Some(match sign {
            "||" => (Self::Or, 1),
            "&&" => (Self::And, 2),
            "=" | "==" => (Self::Equal, 3),
            "!=" => (Self::Unequal, 3),
            "<" => (Self::Less, 4),
            "<=" => (Self::LessOrEqual, 4),
            ">" => (Self::Greater, 4),
            ">=" => (Self::GreaterOrEqual, 4),
            "+" => (Self::Plus, 5),
            "-" => (Self::Minus, 5),
            "*" => (Self::Times, 6),
            "/" => (Self::Over, 6),
            "%" => (Self::Rest, 6),
            "^" => (Self::Power, 7),
            _ => return None,
        })
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Rest => "%",
            Self::Power => "^",
        }
    }
}
