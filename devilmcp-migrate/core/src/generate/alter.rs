//! What `ALTER TABLE` may be able to do.

use super::wishes::Wishes;
use crate::schema::name::{Ident, bare};
use crate::schema::sql::Sql;
use crate::schema::table::{Column, Table, definitions};
use crate::token::{Token, significant};

/// Statements that drop the columns of `from` that `to` does not have, and add those that it has, as they stand in its text;
/// none if rows stand in the way. Whether they make `to` has to be seen.
pub(super) fn statements(name: &Ident, from: &Table, to: &Table, sql: &str, wishes: &Wishes) -> Option<Vec<String>> {
    let has = |table: &Table, column: &Column| table.columns.iter().any(|other| other.name == column.name);
    let alter = format!("ALTER TABLE {}", bare(name.as_str()));
    let dropped = from.columns.iter().filter(|column| !has(to, column));
    let mut statements: Vec<String> =
        dropped.map(|column| format!("{alter} DROP COLUMN {}", bare(column.name.as_str()))).collect();
    let definitions = definitions(sql);
    for column in to.columns.iter().filter(|column| !has(from, column)) {
        let is_told = wishes.default(name, &column.name).is_some();
        let (_, range) = definitions.iter().find(|(name, _)| *name == column.name)?;
        (can_be_added(column) && !is_told).then_some(())?;
        statements.push(format!("{alter} ADD COLUMN {}", &sql[range.clone()]));
    }
    (!statements.is_empty()).then_some(statements)
}

/// Whether SQLite adds the column where there are rows: <https://sqlite.org/lang_altertable.html#alter_table_add_column>.
fn can_be_added(column: &Column) -> bool {
    if let Some(generated) = &column.generated {
        return !generated.stored;
    }
    let default = column.default.as_ref().map(Sql::as_str);
    let is_null = default.is_none_or(|default| default == "null");
    let is_constant = default.is_none_or(|default| {
        let words: Vec<Token<'_>> = significant(default).collect();
        let is_sign = |word: &Token<'_>| word.is_operator("-") || word.is_operator("+");
        let is_literal = |word: &Token<'_>| !word.text.to_ascii_lowercase().starts_with("current_");
        match words.as_slice() {
            [word] => is_literal(word),
            [sign, word] => is_sign(sign) && is_literal(word),
            _ => false,
        }
    });
    is_constant && !(is_null && column.not_null.is_some())
}
