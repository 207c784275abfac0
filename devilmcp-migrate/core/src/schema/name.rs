//! Identifiers, compared as SQLite compares them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::keyword::KEYWORDS;
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
        if token.kind == Kind::Word {
            return Some(Self::new(text));
        }
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        match (token.kind, text.as_bytes().first()) {
            (Kind::Quoted, Some(b'[')) => Some(Self::new(inner)),
            (Kind::Quoted, Some(b'`')) => Some(Self::new(inner.replace("``", "`"))),
            (Kind::Quoted, _) => Some(Self::new(inner.replace("\"\"", "\""))),
            (Kind::String, _) => Some(Self::new(inner.replace("''", "'"))),
            (Kind::Space | Kind::Comment | Kind::Word | Kind::Other | Kind::Semicolon, _) => None,
        }
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name as SQL: in double quotes, whatever is in it.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name as SQL: in double quotes only where it needs them.
pub fn bare(name: &str) -> String {
    // Keywords that begin nothing where a name may stand, so that nobody quotes them.
    const FREE: [&str; 10] = ["ACTION", "DATABASE", "FIRST", "KEY", "LAST", "PLAN", "QUERY", "ROW", "ROWS", "VIEW"];
    let upper = name.to_ascii_uppercase();
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_free =
        FREE.contains(&upper.as_str()) || !["TRUE", "FALSE"].into_iter().chain(KEYWORDS).any(|word| word == upper);
    if is_word && is_free { name.to_owned() } else { quote(name) }
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Ident {}

impl Ord for Ident {
    fn cmp(&self, other: &Self) -> Ordering {
        // A plain loop: the macro, which is compiled without optimisation, spends much of its time here.
        let (ours, theirs) = (self.0.as_bytes(), other.0.as_bytes());
        let mut at = 0;
        while at < ours.len() && at < theirs.len() {
            if ours[at] != theirs[at] {
                let order = ours[at].to_ascii_lowercase().cmp(&theirs[at].to_ascii_lowercase());
                if order.is_ne() {
                    return order;
                }
            }
            at += 1;
        }
        ours.len().cmp(&theirs.len())
    }
}

impl PartialOrd for Ident {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Ident {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_ascii_only() {
        assert_eq!(Ident::new("Tasks"), Ident::new("tASKS"));
        assert_ne!(Ident::new("É"), Ident::new("é"));
        assert_eq!(Ident::new("A").cmp(&Ident::new("a")), Ordering::Equal);
    }
}
