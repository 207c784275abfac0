//! Down after up gives back the schema before; and after it the migration can be applied again.

use super::catalog::Delta;
use super::explain::explain;
use super::replay::Replay;
use crate::diff::{Difference, TableDifference};
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::name::Ident;
use crate::script::Script;
use crate::source::SourceFile;

/// Tries the way back of `script`, which has just been applied and did `up`, and applies it again. Whether the schema is
/// now again what the migration makes.
pub(super) fn check(
    replay: &mut Replay,
    script: &Script,
    down: &SourceFile,
    up: &Delta,
    problems: &mut Problems,
) -> rusqlite::Result<bool> {
    if let Err(failure) = replay.run(down) {
        problems.push(explain(&rule::DOWN_FAILS, down, &failure));
        return Ok(false);
    }
    let back = replay.follow()?;
    let (order, left): (Vec<_>, Vec<_>) = up.unreverted(&back).into_iter().partition(is_order);
    if !order.is_empty() {
        problems.push(with_notes(Problem::at_path(&rule::COLUMN_ORDER, &*down.path), &order));
    }
    if !left.is_empty() {
        let title = format!("the way back of {} does not lead back", script.label());
        problems.push(with_notes(Problem::at_path(&rule::NOT_REVERSED, &*down.path).titled(title), &left));
        return Ok(false);
    }
    if let Err(failure) = replay.run(&script.up) {
        let problem = explain(&rule::NOT_REPEATABLE, &script.up, &failure);
        problems.push(problem.noted(format!("{} ran just before", down.path)));
        return Ok(false);
    }
    replay.follow()?;
    Ok(true)
}

fn is_order(difference: &Difference) -> bool {
    matches!(difference, Difference::Table { about: TableDifference::ColumnOrder, .. })
}

/// Says what is different, in words that fit a schema that should have been restored.
fn with_notes(mut problem: Problem, differences: &[Difference]) -> Problem {
    const MOST: usize = 12;
    problem.notes.extend(differences.iter().take(MOST).map(|difference| match difference {
        Difference::Missing { key, .. } => format!("{key} was there before and is not restored"),
        Difference::Unexpected { key } => format!("{key} was not there before and is not removed"),
        Difference::Table { name, about } => of_table(name, about),
        other => other.to_string(),
    }));
    if let Some(more) = differences.len().checked_sub(MOST).filter(|more| *more > 0) {
        problem.notes.push(format!("and {more} more"));
    }
    problem
}

fn of_table(table: &Ident, about: &TableDifference) -> String {
    let what = match about {
        TableDifference::MissingColumn(column) => format!("column `{column}` was there before and is not restored"),
        TableDifference::UnexpectedColumn(column) => {
            format!("column `{column}` was not there before and is not removed")
        }
        TableDifference::Column { column, expected, found } => {
            format!("column `{column}` was {expected} before and is now {found}")
        }
        TableDifference::ColumnOrder => about.to_string(),
        TableDifference::MissingConstraint(constraint) => format!("{constraint} was there before and is not restored"),
        TableDifference::UnexpectedConstraint(constraint) => {
            format!("{constraint} was not there before and is not removed")
        }
        TableDifference::Option { option, expected: true } => format!("it was {option} before and is not any more"),
        TableDifference::Option { option, expected: false } => format!("it was not {option} before and is now"),
    };
    format!("table `{table}`: {what}")
}
