//! Tables with one thing changed.

use super::choices::Choices;
use super::tables::{CHECK_NAMES, COLLATIONS, CONFLICTS, Column, PLAIN_TYPES, Rule, STRICT_TYPES, Table, default};

impl Table {
    /// Another table, if the choice can be carried out; SQLite may not like it.
    pub(super) fn changed(&self, choices: &mut Choices) -> Self {
        let mut table = self.clone();
        let at = choices.below(self.columns.len());
        match choices.below(13) {
            0 | 1 => {
                table.columns[at].declared = choices.of(if self.strict { &STRICT_TYPES[..] } else { &PLAIN_TYPES });
            }
            2 | 3 => table.columns[at].not_null = choices.maybe(2, &CONFLICTS),
            4 if self.columns[at].generated.is_none() => {
                table.columns[at].default = choices.flag().then(|| default(choices));
            }
            5 => table.columns[at].collation = choices.maybe(2, &COLLATIONS),
            6 => table.columns[at].name.push('x'),
            7 => table.columns.push(Column::generate(&self.columns, self.strict, choices)),
            8 => drop(table.rules.pop()),
            9 => table.rules.extend(Some(self.rule(&self.plain(), choices)).filter(|rule| !self.rules.contains(rule))),
            10 => table.strict = !self.strict,
            11 => table.without_rowid = !self.without_rowid,
            _ => table.rules.iter_mut().for_each(|rule| rule.change(choices)),
        }
        table
    }

    /// Another one in what it asks of its rows only.
    pub(super) fn constrained(&self, choices: &mut Choices) -> Self {
        let mut table = self.clone();
        let at = choices.below(self.columns.len());
        let is_check = |rule: &Rule| matches!(rule, Rule::Check { .. });
        match choices.below(3) {
            0 => table.columns[at].not_null = choices.maybe(2, &CONFLICTS),
            1 if self.rules.iter().any(is_check) => {
                table.rules.iter_mut().filter(|rule| is_check(rule)).for_each(|rule| rule.change(choices));
            }
            1 => table.rules.push(self.new_check(choices)),
            _ => table.rules.retain(|rule| !is_check(rule)),
        }
        table
    }

    /// One that has room for the same rows: for a rebuild.
    pub(super) fn changed_but_for_its_columns(&self, choices: &mut Choices) -> Self {
        let changed = self.changed(choices);
        let names = |table: &Self| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        if names(&changed) == names(self) { changed } else { self.clone() }
    }
}

impl Rule {
    fn change(&mut self, choices: &mut Choices) {
        match self {
            Self::PrimaryKey { terms, autoincrement: false, conflict } | Self::Unique { terms, conflict } => {
                let at = choices.below(terms.len());
                match choices.below(3) {
                    0 => *conflict = choices.of(&CONFLICTS),
                    1 => terms.rotate_left(1),
                    _ => terms[at].collation = choices.maybe(2, &COLLATIONS),
                }
            }
            Self::PrimaryKey { autoincrement, .. } => *autoincrement = false,
            Self::Check { test, name, .. } => match choices.below(2) {
                0 => test.extend(super::text::pieces("AND 1")),
                _ => *name = choices.maybe(2, &CHECK_NAMES),
            },
            Self::ForeignKey { actions, deferred, .. } => {
                if actions.pop().is_none() || choices.flag() {
                    *deferred = !*deferred;
                }
            }
        }
    }
}
