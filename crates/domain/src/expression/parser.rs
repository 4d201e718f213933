//! From tokens to a tree.

use super::function;
use super::lexer::Token;
use super::syntax::{Node, Operator};
use super::value::Value;
use super::{Fault, LEVELS_MAX};

/// Binds more strongly than any operator but the power.
const SIGN_BINDS: u8 = 7;

/// The tree of all tokens, and the tags in it.
pub(super) fn parse(tokens: Vec<(usize, Token)>) -> Result<(Node, Vec<String>), Fault> {
    let mut parser = Parser { tokens, next: 0, level: 0, tags: Vec::new() };
    let root = parser.chain(0)?;
    match parser.peek() {
        Token::End => Ok((root, parser.tags)),
        _ => Err(parser.fault("an operator or the end")),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    level: usize,
    tags: Vec<String>,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn take(&mut self) -> Token {
        let token = self.tokens[self.next].1.clone();
        if token != Token::End {
            self.next += 1;
        }
        token
    }

    fn fault(&self, expected: impl Into<String>) -> Fault {
        let (at, token) = &self.tokens[self.next];
        Fault { at: *at, expected: expected.into(), found: token.shown() }
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        match self.peek() {
            Token::Sign(sign) => Operator::of(sign),
            _ => None,
        }
    }

    /// Operators that bind more strongly than `floor`, with what they join.
    fn chain(&mut self, floor: u8) -> Result<Node, Fault> {
        let mut left = self.signed()?;
        while let Some((_, strength)) = self.operator().filter(|(_, strength)| *strength > floor) {
            let mut rest = Vec::new();
            while let Some((operator, _)) = self.operator().filter(|(_, own)| *own == strength) {
                self.next += 1;
                // A power is of what is right of it; the others go from left to right.
                let right = if operator == Operator::Power {
                    self.deeper(|parser| parser.chain(strength - 1))?
                } else {
                    self.chain(strength)?
                };
                rest.push((operator, right));
            }
            left = Node::Chain(Box::new(left), rest);
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Node, Fault> {
        match self.peek() {
            Token::Sign("-") => {
                self.next += 1;
                let of = self.deeper(|parser| parser.chain(SIGN_BINDS - 1))?;
                Ok(Node::Minus(Box::new(of)))
            }
            Token::Sign("+") => {
                self.next += 1;
                self.deeper(|parser| parser.chain(SIGN_BINDS - 1))
            }
            Token::Sign("!") => {
                self.next += 1;
                let of = self.deeper(|parser| parser.chain(SIGN_BINDS - 1))?;
                Ok(Node::Not(Box::new(of)))
            }
            _ => self.value(),
        }
    }

    fn value(&mut self) -> Result<Node, Fault> {
        let expected = "a value";
        match self.peek() {
            Token::Number(_) | Token::Text(_) | Token::Tag(_) | Token::Word(_) | Token::Sign("(") => {}
            Token::Sign(_) | Token::End => return Err(self.fault(expected)),
        }
        let start = self.next;
        match self.take() {
            Token::Number(number) => Ok(Node::Literal(Value::Number(number))),
            Token::Text(text) => Ok(Node::Literal(Value::Text(text))),
            Token::Tag(path) => {
                let known = self.tags.iter().position(|tag| *tag == path);
                Ok(Node::Tag(known.unwrap_or_else(|| {
                    self.tags.push(path);
                    self.tags.len() - 1
                })))
            }
            Token::Word(word) => self.word(&word, start),
            _ => {
                let inner = self.deeper(|parser| parser.chain(0))?;
                if *self.peek() != Token::Sign(")") {
                    return Err(self.fault("an operator or )"));
                }
                self.next += 1;
                Ok(inner)
            }
        }
    }

    fn word(&mut self, word: &str, start: usize) -> Result<Node, Fault> {
        for (name, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
            if word.eq_ignore_ascii_case(name) {
                return Ok(Node::Literal(value));
            }
        }
        let Some(function) = function::named(word) else {
            let names: Vec<&str> = function::TABLE.iter().map(|function| function.name).collect();
            self.next = start;
            return Err(self.fault(format!("true, false, null or a function ({})", names.join(", "))));
        };
        if *self.peek() != Token::Sign("(") {
            return Err(self.fault(format!("( after {}", function.name)));
        }
        self.next += 1;
        let mut of = Vec::new();
        if *self.peek() != Token::Sign(")") {
            loop {
                of.push(self.deeper(|parser| parser.chain(0))?);
                match self.peek() {
                    Token::Sign(",") => self.next += 1,
                    Token::Sign(")") => break,
                    _ => return Err(self.fault("an operator, a comma or )")),
                }
            }
        }
        if !(function.least..=function.most).contains(&of.len()) {
            return Err(self.fault(format!("{} in {}, not {}", function.how_many(), function.form, of.len())));
        }
        self.next += 1;
        Ok(Node::Call(function, of))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.level == LEVELS_MAX {
            return Err(self.fault(format!("at most {LEVELS_MAX} levels of parentheses, functions and signs")));
        }
        self.level += 1;
        let outcome = read(self);
        self.level -= 1;
        outcome
    }
}
