//! What `ALTER TABLE` may be able to do.

use super::remark::explained;
use super::risk::{Risk, risks};
use super::target::Target;
use super::wishes::Wishes;
use crate::feature::Version;
use crate::schema::name::{Ident, bare};
use crate::schema::sql::Sql;
use crate::schema::table::{Column, Table, definitions};
use crate::token::{Token, significant};

/// A table that is to be another one.
pub(super) struct Alteration<'a> {
    pub(super) name: &'a Ident,
    pub(super) from: Side<'a>,
    pub(super) to: Side<'a>,
    pub(super) wishes: &'a Wishes,
    /// Whether something happens where rows are changed.
    pub(super) has_triggers: bool,
}

/// A table, and its text.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) table: &'a Table,
    pub(super) sql: &'a str,
}

/// One statement.
pub(super) struct Step {
    pub(super) sql: String,
    /// The SQLite that it needs, if not every one can.
    pub(super) since: Option<Version>,
    /// What is to be known of it.
    pub(super) note: Option<String>,
    /// What rows may stop it by.
    pub(super) risk: Option<Risk>,
}

impl Step {
    pub(super) fn plain(sql: String) -> Self {
        Self { sql, since: None, note: None, risk: None }
    }

    /// What is to be said of it.
    pub(super) fn comment(&self) -> Vec<String> {
        let risk = self.risk.as_ref().map(Risk::to_string);
        self.note.iter().cloned().chain(risk).map(|note| format!("Note: {note}.")).collect()
    }
}

impl<'a> Alteration<'a> {
    /// Statements that drop the columns that are not in the table any more, and add those that are new, as they stand in its text,
    /// and between them what becomes of NOT NULL and CHECK; none if rows stand in the way. Whether they make the table has to
    /// be seen.
    pub(super) fn steps(&self) -> Option<Vec<Step>> {
        let (from, to) = (self.from.table, self.to.table);
        let mut steps = self.loosened()?;
        for column in self.dropped() {
            self.wishes.target.has(Target::COLUMNS).then_some(())?;
            steps.push(Step::plain(self.alter(&format!("DROP COLUMN {}", bare(column.name.as_str())))));
        }
        let definitions = definitions(self.to.sql);
        for (at, column) in to.columns.iter().enumerate().filter(|(_, column)| !has(from, column)) {
            let is_told = self.wishes.default(self.name, &column.name).is_some();
            let (_, range) = definitions.iter().find(|(name, _)| *name == column.name)?;
            (can_be_added(column) && !is_told).then_some(())?;
            let definition = explained(self.to.sql, range);
            let step = Step::plain(self.alter(&format!("ADD COLUMN {definition}")));
            let next = to.columns[at..].iter().find(|next| has(from, next));
            let note = next.map(|next| format!("{0} stands last, and is declared before {1}", column.name, next.name));
            steps.push(Step { note, ..step });
        }
        let is_given = |column: &Ident| self.wishes.default(self.name, column).is_some();
        steps.extend(self.tightened(&risks(self.name, from, to, is_given))?);
        (!steps.is_empty()).then_some(steps)
    }

    pub(super) fn dropped(&self) -> impl Iterator<Item = &'a Column> {
        let (from, to) = (self.from.table, self.to.table);
        from.columns.iter().filter(|column| !has(to, column))
    }

    /// `ALTER TABLE name …`
    pub(super) fn alter(&self, what: &str) -> String {
        format!("ALTER TABLE {} {what}", bare(self.name.as_str()))
    }
}

fn has(table: &Table, column: &Column) -> bool {
    table.columns.iter().any(|other| other.name == column.name)
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
