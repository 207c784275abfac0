//! `NOT NULL` and `CHECK`, which a newer SQLite adds to a table and drops from it as it is:
//! <https://sqlite.org/lang_altertable.html>.

use std::ops::Range;

use super::alter::{Alteration, Side, Step};
use super::rebuild::{has_conflict_clause, is_required};
use super::risk::{Kind, Risk};
use super::target::Target;
use super::truth::is_never_null;
use crate::feature::Version;
use crate::schema::checks::checks;
use crate::schema::name::{Ident, bare};
use crate::schema::table::{Column, Constraint, Rule, definitions};

impl<'a> Alteration<'a> {
    /// What is not asked of rows any more, and values for those that have none; none if it cannot be said of a constraint.
    pub(super) fn loosened(&self) -> Option<Vec<Step>> {
        let (from, to) = (self.from.table, self.to.table);
        let mut steps = Vec::new();
        for constraint in from.constraints.difference(&to.constraints) {
            if is_check(constraint) && !is_within(self.from, constraint, |column| !self.to.has(column)) {
                let name = constraint.name.as_ref()?;
                steps.push(self.needing(Target::CONSTRAINTS, &format!("DROP CONSTRAINT {}", bare(name.as_str())))?);
            }
        }
        for (_, column) in self.changed()?.filter(|(_, column)| column.not_null.is_none()) {
            let name = bare(column.name.as_str());
            steps.push(self.needing(Target::CONSTRAINTS, &format!("ALTER COLUMN {name} DROP NOT NULL"))?);
        }
        if let Some(update) = self.filled() {
            // What triggers would do, and a column that goes might mind, is not done where the table is made anew.
            (!self.has_triggers && self.dropped().next().is_none()).then_some(())?;
            steps.push(Step::plain(update));
        }
        Some(steps)
    }

    /// What is asked of rows that was not; none if it cannot be said.
    pub(super) fn tightened(&self, risks: &[Risk]) -> Option<Vec<Step>> {
        let (from, to) = (self.from.table, self.to.table);
        let mut steps = Vec::new();
        for (_, column) in self.changed()? {
            let Some(conflict) = &column.not_null else { continue };
            let clause = match conflict.as_str() {
                "" => String::new(),
                conflict => format!(" ON CONFLICT {}", conflict.to_ascii_uppercase()),
            };
            let name = bare(column.name.as_str());
            let step = self.needing(Target::CONSTRAINTS, &format!("ALTER COLUMN {name} SET NOT NULL{clause}"))?;
            let is_it = |risk: &&Risk| matches!(&risk.kind, Kind::Null { column: other } if *other == column.name);
            steps.push(Step { risk: risks.iter().find(is_it).cloned(), ..step });
        }
        for constraint in to.constraints.difference(&from.constraints) {
            let Rule::Check(expression) = &constraint.rule else { continue };
            if is_within(self.to, constraint, |column| !self.from.has(column)) {
                continue;
            }
            let (_, range) = checks(self.to.sql).into_iter().find(|(found, _)| found == constraint)?;
            let since = if is_never_null(expression.as_str(), to) { Target::CONSTRAINTS } else { Target::CHECKS };
            let step = self.needing(since, &format!("ADD {}", &self.to.sql[range]))?;
            let is_it = |risk: &&Risk| matches!(&risk.kind, Kind::Constraint(other) if other == constraint);
            steps.push(Step { risk: risks.iter().find(is_it).cloned(), ..step });
        }
        Some(steps)
    }

    /// The columns that rows get a value for where they have none.
    pub(super) fn valued(&self) -> impl Iterator<Item = &'a Column> {
        let (from, to) = (self.from.table, self.to.table);
        let changed = self.changed().into_iter().flatten();
        let is_new = move |(old, column): &(&Column, &Column)| !is_required(from, old) && is_required(to, column);
        let is_told = |column: &&Column| self.wishes.default(self.name, &column.name).is_some();
        changed.filter(is_new).map(|(_, column)| column).filter(is_told).collect::<Vec<_>>().into_iter()
    }

    /// All in one statement, so that each value is that of the row as it was.
    fn filled(&self) -> Option<String> {
        let (mut values, mut conditions) = (Vec::new(), Vec::new());
        for column in self.valued() {
            let name = bare(column.name.as_str());
            let value = self.wishes.default(self.name, &column.name)?;
            values.push(format!("{name} = coalesce({name}, {value})"));
            conditions.push(format!("{name} IS NULL"));
        }
        let update = if has_conflict_clause(self.from.table) { "UPDATE OR ABORT" } else { "UPDATE" };
        let table = bare(self.name.as_str());
        let (values, conditions) = (values.join(", "), conditions.join(" OR "));
        (!values.is_empty()).then(|| format!("{update} {table} SET {values} WHERE {conditions}"))
    }

    /// The columns that are other ones, each as it was and as it is to be; none if one differs in more than NOT NULL.
    fn changed(&self) -> Option<impl Iterator<Item = (&'a Column, &'a Column)>> {
        let (from, to) = (self.from.table, self.to.table);
        let pairs = to
            .columns
            .iter()
            .filter_map(|column| Some((from.columns.iter().find(|old| old.name == column.name)?, column)));
        let changed: Vec<(&Column, &Column)> = pairs.filter(|(old, column)| old != column).collect();
        let is_alike = |(old, column): &(&Column, &Column)| {
            Column { not_null: old.not_null.clone(), ..(*column).clone() } == **old
        };
        changed.iter().all(is_alike).then(|| changed.into_iter())
    }

    /// The statement, if the SQLite that is to run it can do it.
    fn needing(&self, since: Version, what: &str) -> Option<Step> {
        self.wishes.target.has(since).then(|| Step { since: Some(since), ..Step::plain(self.alter(what)) })
    }
}

impl Side<'_> {
    fn has(&self, column: &Ident) -> bool {
        self.table.columns.iter().any(|other| other.name == *column)
    }
}

fn is_check(constraint: &Constraint) -> bool {
    matches!(constraint.rule, Rule::Check(_))
}

/// Whether a CHECK stands in the definition of such a column, and so comes or goes with it.
fn is_within(side: Side<'_>, check: &Constraint, is_such: impl Fn(&Ident) -> bool) -> bool {
    let columns: Vec<Range<usize>> =
        definitions(side.sql).into_iter().filter(|(name, _)| is_such(name)).map(|(_, range)| range).collect();
    let is_inside = |range: &Range<usize>| columns.iter().any(|column| column.contains(&range.start));
    checks(side.sql).iter().any(|(found, range)| found == check && is_inside(range))
}
