//! CHECKs that are never NULL.

use crate::schema::name::Ident;
use crate::schema::table::Table;
use crate::token::{Kind, Token, significant};

/// Whether an expression over a row of `table` is true or false whatever the row, as far as its words show. What is not known
/// to be so is taken to be NULL for some.
pub(super) fn is_never_null(expression: &str, table: &Table) -> bool {
    let words: Vec<Token<'_>> = significant(expression).collect();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = &words[at..];
        let width = match word.kind {
            Kind::String => Some(1),
            Kind::Word | Kind::Quoted => known(rest, table),
            Kind::Other if is_number(word) || OPERATORS.contains(&word.text) || word.text.starts_with(['x', 'X']) => {
                Some(1)
            }
            // The sign of a number that nothing stands before: sums of what is infinite can be NULL.
            Kind::Other if ["-", "+"].contains(&word.text) => {
                let ends_value = |word: &Token<'_>| {
                    let is_keyword = ["AND", "BETWEEN", "OR", "NOT", "IN"].iter().any(|keyword| word.is(keyword));
                    !is_keyword && (word.kind != Kind::Other || word.is_operator(")") || is_number(word))
                };
                let is_sign = at.checked_sub(1).is_none_or(|before| !ends_value(&words[before]));
                (is_sign && rest.get(1).is_some_and(is_number)).then_some(2)
            }
            Kind::Other | Kind::Space | Kind::Comment | Kind::Semicolon => None,
        };
        match width {
            Some(width) => at += width,
            None => return false,
        }
    }
    true
}

/// How many words are known to make no NULL, of those that begin with a name or a keyword.
fn known(words: &[Token<'_>], table: &Table) -> Option<usize> {
    let (word, rest) = words.split_first()?;
    let name = Ident::from_token(word)?;
    let is_call = rest.first().is_some_and(|next| next.is_operator("("));
    if let Some(column) = table.columns.iter().find(|column| !is_call && column.name == name) {
        // Whatever is before it, too, is asked there whether it is NULL.
        let asked = ASKED
            .iter()
            .find(|asked| rest.len() >= asked.len() && asked.iter().zip(rest).all(|(word, token)| token.is(word)));
        return asked
            .map(|asked| 1 + asked.len())
            .or_else(|| (column.not_null.is_some() && column.generated.is_none()).then_some(1));
    }
    if word.is("COLLATE") {
        Some(2)
    } else if KEYWORDS.iter().any(|keyword| word.is(keyword))
        || is_call && FUNCTIONS.iter().any(|function| word.is(function))
    {
        Some(1)
    } else {
        None
    }
}

fn is_number(word: &Token<'_>) -> bool {
    word.kind == Kind::Other && word.text.starts_with(|first: char| first.is_ascii_digit())
}

/// None of these makes a NULL of what is none. Division does, and JSON's arrows do.
const OPERATORS: [&str; 11] = ["(", ")", ",", "=", "<>", "<", "<=", ">", ">=", "||", "=="];
const KEYWORDS: [&str; 9] = ["AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "GLOB", "TRUE", "FALSE"];
const FUNCTIONS: [&str; 7] = ["length", "lower", "upper", "trim", "ltrim", "rtrim", "typeof"];
const ASKED: [&[&str]; 5] = [&["IS", "NULL"], &["IS", "NOT", "NULL"], &["ISNULL"], &["NOTNULL"], &["NOT", "NULL"]];

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::schema::{Object, Schema};

    #[test]
    fn what_can_be_null_is_told_from_what_cannot() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE t (a TEXT NOT NULL, n REAL NOT NULL, b TEXT, g AS (b) NOT NULL, \"nullif\" NOT NULL)",
        )
        .unwrap();
        let schema = Schema::read(&conn).unwrap();
        let Some(Object::Table(table)) = schema.0.values().next() else { panic!("{schema:?}") };
        for (expression, expected) in [
            ("a <> ''", true),
            ("n > - 1 AND n BETWEEN +0 AND 1.5", true),
            ("length(trim(a)) > 0 AND a NOT IN ('x', x'00')", true),
            ("b IS NOT NULL OR a LIKE 'x%' AND NOT b ISNULL", true),
            ("a = b IS NULL", true),
            ("a COLLATE nocase = 'B'", true),
            ("b <> ''", false),
            ("g <> ''", false),
            ("b IS NULL OR b <> ''", false),
            ("n / 2 > 1", false),
            ("n - 1 > 1", false),
            ("(n) - 1 > 1", false),
            ("1 - n > 1", false),
            ("a = NULL", false),
            ("a -> '$' = 1", false),
            ("nullif(a, 'x')", false),
            ("CASE a WHEN 1 THEN 1 END", false),
            ("lower = 1", false),
        ] {
            assert_eq!(is_never_null(expression, table), expected, "{expression}");
        }
    }
}
