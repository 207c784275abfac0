//! A place in a list of tokens, and the few moves that reading a definition takes.

use super::name::Ident;
use super::sql::{Names, Sql};
use crate::token::{Kind, Token};

/// Reads tokens from left to right. A method that returns an `Option` has not moved when it returns none.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a, 't> {
    rest: &'a [Token<'t>],
}

impl<'a, 't> Cursor<'a, 't> {
    pub(super) fn new(tokens: &'a [Token<'t>]) -> Self {
        Self { rest: tokens }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'a Token<'t>> {
        self.rest.first()
    }

    pub(super) fn next(&mut self) -> Option<&'a Token<'t>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Whether the next tokens are these keywords.
    pub(super) fn sees(&self, keywords: &[&str]) -> bool {
        // Plain loops here and below: see `token`.
        if keywords.len() > self.rest.len() {
            return false;
        }
        let mut at = 0;
        while at < keywords.len() {
            if !self.rest[at].is(keywords[at]) {
                return false;
            }
            at += 1;
        }
        true
    }

    /// Steps over these keywords if they come next.
    pub(super) fn take(&mut self, keywords: &[&str]) -> bool {
        let seen = self.sees(keywords);
        if seen {
            self.rest = &self.rest[keywords.len()..];
        }
        seen
    }

    pub(super) fn ident(&mut self) -> Option<Ident> {
        let name = Ident::from_token(self.peek()?)?;
        self.next();
        Some(name)
    }

    /// What stands between the parenthesis that comes next and its partner.
    pub(super) fn parenthesized(&mut self) -> Option<&'a [Token<'t>]> {
        let mut depth = 0_usize;
        for (at, token) in self.rest.iter().enumerate() {
            if token.is_operator("(") {
                depth += 1;
            } else if token.is_operator(")") {
                depth = depth.checked_sub(1)?;
            }
            if depth == 0 {
                let inner = self.rest.get(1..at)?;
                self.rest = &self.rest[at + 1..];
                return Some(inner);
            }
        }
        None
    }

    /// An expression in parentheses, over these columns.
    pub(super) fn expression(&mut self, columns: &[Ident]) -> Option<Sql> {
        self.parenthesized().map(|tokens| Sql::naming(tokens, Names::Of(columns)))
    }

    /// Names in parentheses, separated by commas.
    pub(super) fn names(&mut self) -> Option<Vec<Ident>> {
        let inner = self.parenthesized()?;
        split_at_commas(inner).into_iter().map(|item| Cursor::new(item).ident()).collect()
    }

    /// The value of a `DEFAULT`: an expression in parentheses, or one token that may have a sign. It can name nothing, so a
    /// word is a string.
    pub(super) fn default_value(&mut self) -> Option<Sql> {
        if let Some(expression) = self.expression(&[]) {
            return Some(expression);
        }
        let first = self.next()?;
        if first.is_operator("-") || first.is_operator("+") {
            return Some(Sql::new(&[first.clone(), self.next()?.clone()]));
        }
        let is_keyword = ["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"]
            .iter()
            .any(|keyword| first.is(keyword));
        Some(match Ident::from_token(first) {
            Some(string) if !is_keyword => Sql::string(&string),
            _ => Sql::new(std::slice::from_ref(first)),
        })
    }

    /// Everything that is left.
    pub(super) fn remainder(&mut self) -> &'a [Token<'t>] {
        std::mem::take(&mut self.rest)
    }

    /// The words and numbers of a declared type, up to the first constraint, as SQLite writes a type.
    pub(super) fn declared_type(&mut self) -> Option<String> {
        static ENDS: [&str; 11] = [
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "AS",
            "DEFERRABLE",
        ];
        let mut declared = String::new();
        while let Some(token) = self.peek() {
            // Most types begin with none of their letters.
            let first = token.text.as_bytes()[0].to_ascii_uppercase();
            let may_end = matches!(first, b'A' | b'C' | b'D' | b'N' | b'P' | b'R' | b'U');
            let mut end = if may_end { 0 } else { ENDS.len() };
            while end < ENDS.len() && !token.is(ENDS[end]) {
                end += 1;
            }
            if end < ENDS.len() || self.sees(&["GENERATED", "ALWAYS"]) {
                break;
            }
            if token.is_operator("(") {
                let inner: Vec<_> = self.parenthesized()?.iter().map(|token| token.text).collect();
                declared.push('(');
                declared.push_str(&inner.concat());
                declared.push(')');
                continue;
            }
            if !matches!(token.kind, Kind::Word | Kind::Quoted | Kind::String) {
                return None;
            }
            if !declared.is_empty() {
                declared.push(' ');
            }
            declared.push_str(self.ident()?.as_str());
        }
        declared.make_ascii_uppercase();
        Some(declared)
    }
}

/// The parts of a list, which commas in parentheses do not separate.
pub(super) fn split_at_commas<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            if token.is_operator("(") {
                depth += 1;
            } else if token.is_operator(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_operator(",")
        })
        .collect()
}
