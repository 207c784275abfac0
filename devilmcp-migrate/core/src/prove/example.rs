//! The examples of migrations: rows before, and queries that must return none after.

use std::ops::Range;

use rusqlite::Statement;

use super::cells::cells;
use super::explain::explain;
use super::trial::Trial;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::run::{Failure, failure, statement};
use crate::script::{Example, Script};
use crate::source::SourceFile;
use crate::statement::statements;
use crate::token::significant;

/// Of the rows that should not be there so many are shown.
const MOST_ROWS: usize = 3;
/// Tries the last of `scripts`, which have worked before, on its example, if it has one: in a database of its own, without
/// synthetic rows.
pub(super) fn check(scripts: &[Script], problems: &mut Problems) -> rusqlite::Result<()> {
    let Some((script, earlier)) = scripts.split_last() else { return Ok(()) };
    let Some(Example { given, then }) = &script.example else { return Ok(()) };
    let trial = Trial::after(earlier)?;
    if let Some(given) = given
        && !trial.is_given(given, problems)
    {
        return Ok(());
    }
    if let Err(failure) = trial.run(&script.up, script.mode()) {
        let mut problem = explain(&trial.conn, &rule::FAILS_ON_EXAMPLE, &script.up, &failure);
        problem.notes.extend(given.as_ref().map(|given| format!("the rows are those of {}", given.path)));
        problems.push(problem);
        return Ok(());
    }
    for range in statements(&then.text) {
        match trial.returned(then, range.clone()) {
            Ok(Returned::Nothing) => {}
            Ok(Returned::Rows { count, notes }) => {
                let rows = if count == 1 { "a row".to_owned() } else { format!("{count} rows") };
                let label = format!("returns {rows}, and must return none");
                let mut problem = Problem::at_text(&rule::THEN_NOT_HELD, then, range, label)
                    .titled(format!("{} does not do what its example says", script.label()));
                problem.notes = notes;
                problems.push(problem);
            }
            Ok(Returned::NoQuery) => {
                problems.push(Problem::at_text(&rule::NOT_A_QUERY, then, range, "returns no rows, or changes some"));
            }
            Err(failure) => problems.push(explain(&trial.conn, &rule::THEN_FAILS, then, &failure)),
        }
    }
    Ok(())
}

/// What a statement gives back.
enum Returned {
    Nothing,
    Rows {
        count: usize,
        /// The first of them, cell by cell.
        notes: Vec<String>,
    },
    NoQuery,
}

impl Trial {
    /// Puts the rows of an example into the tables; whether it could be done.
    fn is_given(&self, given: &SourceFile, problems: &mut Problems) -> bool {
        let ranges = statements(&given.text);
        let others: Vec<_> = ranges.iter().filter(|range| !self.changes_rows(&given.text[(*range).clone()])).collect();
        problems.extend(others.iter().map(|range| {
            Problem::at_text(&rule::NOT_ROWS, given, (*range).clone(), "neither INSERT nor UPDATE nor DELETE")
        }));
        if !others.is_empty() {
            return false;
        }
        let outcome = ranges.into_iter().try_for_each(|range| statement(&self.conn, &self.watch, &given.text, range));
        problems.extend(outcome.as_ref().err().map(|failure| explain(&self.conn, &rule::GIVEN_FAILS, given, failure)));
        outcome.is_ok()
    }

    /// What is wrong in itself, or not allowed, is left for a better explanation.
    fn changes_rows(&self, sql: &str) -> bool {
        const ROWS: [&str; 4] = ["INSERT", "REPLACE", "UPDATE", "DELETE"];
        const OTHERS: [&str; 8] = ["CREATE", "ALTER", "DROP", "SELECT", "VALUES", "REINDEX", "ANALYZE", "EXPLAIN"];
        let Some(first) = significant(sql).next() else { return true };
        if first.is("WITH") {
            return self.watch.preparing(|| self.conn.prepare(sql)).map_or(true, |statement| !statement.readonly());
        }
        ROWS.iter().any(|word| first.is(word)) || !OTHERS.iter().any(|word| first.is(word))
    }

    /// Asks one query of a `then`.
    fn returned(&self, then: &SourceFile, range: Range<usize>) -> Result<Returned, Failure> {
        let fail = |error| failure(error, &self.watch, &then.text, range.clone());
        let mut query = self.watch.preparing(|| self.conn.prepare(&then.text[range.clone()])).map_err(fail)?;
        if query.column_count() == 0 || !query.readonly() {
            return Ok(Returned::NoQuery);
        }
        rows(&mut query).map_err(fail)
    }
}

fn rows(query: &mut Statement<'_>) -> rusqlite::Result<Returned> {
    let columns: Vec<String> = query.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = query.query([])?;
    let (mut count, mut notes) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        count += 1;
        if count <= MOST_ROWS {
            notes.extend(cells(&columns, row)?);
        }
    }
    if let Some(more) = count.checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        notes.push(format!("and {more} more"));
    }
    Ok(if count == 0 { Returned::Nothing } else { Returned::Rows { count, notes } })
}
