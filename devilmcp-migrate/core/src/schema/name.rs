//! Identifiers and expressions in the one form in which they can be compared.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::token::{Kind, Token};

/// A name as somebody wrote it, compared as SQLite compares it: without regard to the case of ASCII letters.
#[derive(Clone)]
pub struct Ident(String);

impl Ident {
    /// A name that is already without quotes.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name that a token spells, its quotes taken off; none if it spells no name.
    pub(crate) fn from_token(token: &Token<'_>) -> Option<Self> {
        let text = token.text;
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        match (token.kind, text.as_bytes().first()) {
            (Kind::Word, _) => Some(Self::new(text)),
            (Kind::Quoted, Some(b'[')) => Some(Self::new(inner)),
            (Kind::Quoted, Some(b'`')) => Some(Self::new(inner.replace("``", "`"))),
            (Kind::Quoted, _) => Some(Self::new(inner.replace("\"\"", "\""))),
            (Kind::String, _) => Some(Self::new(inner.replace("''", "'"))),
            (Kind::Space | Kind::Comment | Kind::Other | Kind::Semicolon, _) => None,
        }
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Ident {}

impl Ord for Ident {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl PartialOrd for Ident {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Ident {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|byte| state.write_u8(byte));
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Folded: fingerprints are made of this.
impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.to_ascii_lowercase())
    }
}

/// A piece of SQL with one space between its tokens, words in lower case, and quotes only where they are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sql(String);

impl Sql {
    /// The normal form of `tokens`, which may lie in superfluous parentheses.
    pub(crate) fn new(tokens: &[Token<'_>]) -> Self {
        let mut text = String::new();
        for token in without_parentheses(tokens) {
            if !text.is_empty() {
                text.push(' ');
            }
            push(&mut text, token);
        }
        Self(text)
    }

    /// The normal form of a name.
    pub(crate) fn name(name: &Ident) -> Self {
        let mut text = String::new();
        push_name(&mut text, name);
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn push(text: &mut String, token: &Token<'_>) {
    match (token.kind, token.text) {
        (Kind::Word | Kind::Quoted, _) => Ident::from_token(token).iter().for_each(|name| push_name(text, name)),
        (_, "==") => text.push('='),
        (_, "!=") => text.push_str("<>"),
        (_, other) => text.push_str(other),
    }
}

fn push_name(text: &mut String, name: &Ident) {
    let name = name.0.to_ascii_lowercase();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80);
    if plain && name.bytes().next().is_some_and(|first| !first.is_ascii_digit()) {
        text.push_str(&name);
    } else {
        text.push('"');
        text.push_str(&name.replace('"', "\"\""));
        text.push('"');
    }
}

fn without_parentheses<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let mut rest = tokens;
    while let [open, inner @ .., close] = rest {
        let enclosing = open.is_operator("(") && close.is_operator(")") && balanced(inner);
        if !enclosing {
            break;
        }
        rest = inner;
    }
    rest
}

/// Whether no parenthesis in `tokens` closes one that was opened before them.
fn balanced(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for token in tokens {
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::significant;

    fn normal(sql: &str) -> String {
        Sql::new(&significant(sql).collect::<Vec<_>>()).0
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(normal("((\"Status\" != 'A''b') /* ! */)"), "status <> 'A''b'");
        assert_eq!(normal("(a) + (b)"), "( a ) + ( b )");
        assert_eq!(normal("[two words] == \"1\" "), "\"two words\" = \"1\"");
    }

    #[test]
    fn names_fold_ascii_only() {
        assert_eq!(Ident::new("Tasks"), Ident::new("tASKS"));
        assert_ne!(Ident::new("É"), Ident::new("é"));
        assert_eq!(Ident::new("A").cmp(&Ident::new("a")), Ordering::Equal);
    }
}
