//! What a synthetic value looks like, and which others may be tried in its place.

use rusqlite::types::Value;

use super::mark::Mark;
use crate::schema::sql::Sql;
use crate::schema::table::{Column, Constraint, Rule, Table};
use crate::token::{Kind, significant};

/// What is taken for granted about text whose declared type says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// Digits: they survive a cast, and are valid JSON.
    Digits,
    /// Dates.
    Dates,
    /// JSON arrays.
    Json,
}

impl Guess {
    pub(super) const ALL: [Self; 3] = [Self::Digits, Self::Dates, Self::Json];
}

/// Values for one column, most telling first: recognisable ones, then those that its CHECKs name.
pub(super) fn candidates(table: &Table, column: &Column, mark: Mark, guess: Guess) -> Vec<Value> {
    let mut values = vec![natural(column, mark, guess)];
    for check in checks(table, column) {
        values.extend(named(check, column, mark));
    }
    values
}

/// Whether a CHECK names the column: then other candidates may be needed.
pub(super) fn is_checked(table: &Table, column: &Column) -> bool {
    checks(table, column).next().is_some()
}

fn checks<'a>(table: &'a Table, column: &'a Column) -> impl Iterator<Item = &'a Sql> {
    let checks = table.constraints.iter().filter_map(|Constraint { rule, .. }| match rule {
        Rule::Check(expression) => Some(expression),
        Rule::PrimaryKey { .. } | Rule::Unique(_) | Rule::ForeignKey { .. } => None,
    });
    checks.filter(|check| {
        let name = Sql::name(&column.name);
        significant(check.as_str()).any(|token| token.text == name.as_str())
    })
}

/// By declared type and, where that says only text, by name: <https://sqlite.org/datatype3.html#determination_of_column_affinity>.
fn natural(column: &Column, mark: Mark, guess: Guess) -> Value {
    let declared = column.declared_type.as_str();
    let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    let name = column.name.as_str().to_ascii_lowercase();
    let named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if has(&["BOOL"]) {
        Value::Integer(mark.number() % 2)
    } else if has(&["JSON"]) {
        json(mark)
    } else if has(&["DATETIME", "TIMESTAMP"]) {
        Value::Text(mark.timestamp())
    } else if has(&["DATE"]) {
        Value::Text(mark.day())
    } else if has(&["INT"]) {
        Value::Integer(mark.number())
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        match guess {
            Guess::Digits if named(&["_at", "_on", "time", "timestamp"]) => Value::Text(mark.timestamp()),
            Guess::Digits if named(&["date", "_day"]) => Value::Text(mark.day()),
            Guess::Digits => Value::Text(mark.number().to_string()),
            Guess::Dates => Value::Text(mark.timestamp()),
            Guess::Json => json(mark),
        }
    } else if has(&["BLOB"]) {
        Value::Blob(mark.number().to_string().into_bytes())
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        #[expect(clippy::cast_precision_loss, reason = "ten digits fit")]
        Value::Real(mark.number() as f64 + 0.5)
    } else {
        Value::Integer(mark.number())
    }
}

fn json(mark: Mark) -> Value {
    Value::Text(format!("[\"{}\"]", mark.number()))
}

/// What a CHECK itself suggests: the literals in it, numbers beside them, and text of the lengths and patterns in it.
fn named(check: &Sql, column: &Column, mark: Mark) -> Vec<Value> {
    let declared = |words: &[&str]| words.iter().any(|word| column.declared_type.contains(word));
    let [is_text, is_blob] = [declared(&["CHAR", "CLOB", "TEXT"]), declared(&["BLOB"])];
    let digits = mark.number().to_string();
    let mut values = vec![json(mark), Value::Text(mark.timestamp()), Value::Text(mark.day())];
    for token in significant(check.as_str()) {
        if token.kind == Kind::String {
            let literal = token.text.trim_matches('\'').replace("''", "'");
            let filled = literal.replace(['%', '*'], &digits).replace(['_', '?'], "7");
            values.extend([Value::Text(literal), Value::Text(filled)]);
        } else if let Ok(number) = token.text.parse::<i64>() {
            values.extend([number, number - 1, number + 1, number / 2].map(Value::Integer));
            let length = usize::try_from(number).ok().filter(|length| (1..=256).contains(length));
            if let Some(length) = length.filter(|_| is_text || is_blob) {
                let filled = format!("{digits:0<length$}")[..length].to_owned();
                values.push(if is_blob { Value::Blob(filled.into_bytes()) } else { Value::Text(filled) });
            }
        } else if let Ok(number) = token.text.parse::<f64>() {
            values.extend([number, number / 2.0].map(Value::Real));
        }
    }
    values
}
