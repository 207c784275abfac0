//! Expressions and other pieces of SQL in the one form in which they can be compared.

use std::fmt;

use super::name::{Ident, quote};
use crate::token::{Kind, Token, significant};

/// A piece of SQL with one space between its tokens, words in lower case, and quotes only where they are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sql(String);

/// What a text in double quotes can be: a name, unless there is none such; then SQLite takes it for a string.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Names<'a> {
    /// Not known here: every one counts as a name.
    Any,
    /// These.
    Of(&'a [Ident]),
}

impl Names<'_> {
    /// Whether the token at this place is a string in spite of its quotes.
    fn deny(self, tokens: &[Token<'_>], at: usize) -> bool {
        if !tokens[at].text.starts_with('"') {
            return false;
        }
        let (Self::Of(names), Some(name)) = (self, Ident::from_token(&tokens[at])) else { return false };
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let after = tokens.get(at + 1);
        let qualified = |token: &Token<'_>| token.is_operator(".");
        !names.contains(&name)
            && !after.is_some_and(|after| qualified(after) || after.is_operator("("))
            && !before.is_some_and(|before| qualified(before) || before.is("COLLATE") || before.is("AS"))
    }
}

impl Sql {
    /// The normal form of `tokens`, which may lie in superfluous parentheses.
    pub(crate) fn new(tokens: &[Token<'_>]) -> Self {
        Self::naming(tokens, Names::Any)
    }

    /// The same where it is known what can be named.
    pub(crate) fn naming(tokens: &[Token<'_>], names: Names<'_>) -> Self {
        let tokens = without_parentheses(tokens);
        let mut text = String::new();
        for (at, token) in tokens.iter().enumerate() {
            if !text.is_empty() {
                text.push(' ');
            }
            match Ident::from_token(token) {
                Some(string) if names.deny(tokens, at) => push_string(&mut text, &string),
                _ => push(&mut text, token),
            }
        }
        Self(text)
    }

    /// The normal form of a name.
    pub(crate) fn name(name: &Ident) -> Self {
        let mut text = String::new();
        push_name(&mut text, name);
        Self(text)
    }

    /// The normal form of a string.
    pub(crate) fn string(string: &Ident) -> Self {
        let mut text = String::new();
        push_string(&mut text, string);
        Self(text)
    }

    /// This under a collation.
    pub(crate) fn collated(self, collation: &Self) -> Self {
        Self(format!("{self} collate {collation}"))
    }

    /// The column that a term of a key names, whatever its collation.
    pub(crate) fn column(&self) -> Option<Ident> {
        let mut tokens = significant(&self.0);
        let name = tokens.next().filter(|token| token.kind != Kind::String)?;
        tokens.next().is_none_or(|token| token.is("COLLATE")).then(|| Ident::from_token(&name)).flatten()
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
        (Kind::Word, word) => text.push_str(&word.to_ascii_lowercase()),
        (Kind::Quoted, _) => Ident::from_token(token).iter().for_each(|name| push_name(text, name)),
        (_, "==") => text.push('='),
        (_, "!=") => text.push_str("<>"),
        (_, other) => text.push_str(other),
    }
}

fn push_name(text: &mut String, name: &Ident) {
    let name = name.as_str().to_ascii_lowercase();
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80);
    let begins = name.bytes().next().is_some_and(|first| !first.is_ascii_digit() && first != b'$');
    // A keyword in quotes is a name, and without them something else.
    if plain && begins && !is_keyword(&name) {
        text.push_str(&name);
    } else {
        text.push_str(&quote(&name));
    }
}

/// Whether a name in small letters has to stand in quotes, or would be taken for a word of the language.
pub(crate) fn is_keyword(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

fn push_string(text: &mut String, string: &Ident) {
    text.push('\'');
    text.push_str(&string.as_str().replace('\'', "''"));
    text.push('\'');
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

/// The words that mean something else without quotes, in the order of their letters: all of <https://sqlite.org/lang_keywords.html>
/// that SQLite does not take for a name where it needs one, and the literals.
const RESERVED: &[&str] = &[
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "current_date",
    "current_time",
    "current_timestamp",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "except",
    "exists",
    "false",
    "foreign",
    "from",
    "group",
    "having",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "limit",
    "not",
    "nothing",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "returning",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "true",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
];

#[cfg(test)]
mod tests {
    use super::*;

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
    fn quotes_matter_where_they_make_a_name_of_a_keyword() {
        assert_eq!(normal("\"Key\" + [left] + `a$`"), "key + left + a$");
        assert_eq!(normal("\"null\" IS NULL AND \"True\""), "\"null\" is null and \"true\"");
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_string_in_double_quotes_is_one_where_it_can_name_nothing() {
        let tokens: Vec<_> = significant("\"A\" = \"It's\" OR \"t\".\"X\" = \"f\" (1) COLLATE \"C\"").collect();
        let sql = Sql::naming(&tokens, Names::Of(&[Ident::new("a")]));
        assert_eq!(sql.as_str(), "a = 'It''s' or t . x = f ( 1 ) collate c");
    }
}
