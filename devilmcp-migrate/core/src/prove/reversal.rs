//! Down after up gives back the schema before, and the rows that up did not have to give up; and after it the migration can
//! be applied again.

use std::collections::BTreeSet;

use super::explain::explain;
use super::failure;
use super::loss::{Loss, losses};
use super::trial::{Effect, Trial};
use crate::diff::{Difference, TableDifference};
use crate::hazard::Hazard;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::name::Ident;
use crate::script::Script;
use crate::source::SourceFile;

/// How it ended.
pub(super) enum Outcome {
    /// The migration is applied again; the tables that the way back and the second way up touched, whose rows are to be
    /// looked at.
    Restored(BTreeSet<Ident>),
    /// The schema is not any more what the migrations make.
    Spoiled,
}

/// Tries the way back of `script`, which has just been applied with this effect, and applies it again.
pub(super) fn check(
    trial: &mut Trial,
    scripts: &[Script],
    down: &SourceFile,
    up: &Effect,
    given_up: &[Loss],
    problems: &mut Problems,
) -> rusqlite::Result<Outcome> {
    let Some(script) = scripts.last() else { return Ok(Outcome::Spoiled) };
    if let Err(failure) = trial.run(down, script.mode()) {
        let fails_anyway =
            failure.denial.is_some() || failure.is_syntax() || Trial::after(scripts)?.run(down, script.mode()).is_err();
        if fails_anyway {
            problems.push(explain(&trial.conn, &rule::DOWN_FAILS, down, &failure));
        } else if failure::hazard(&failure, down).is_some() {
            problems.push(explain(&trial.conn, &rule::DOWN_FAILS_WITH_ROWS, down, &failure));
        }
        return Ok(Outcome::Spoiled);
    }
    let back = trial.follow()?;
    let (order, left): (Vec<_>, Vec<_>) =
        up.delta.unreverted(&back.delta, &trial.catalog).into_iter().partition(is_order);
    if !order.is_empty() {
        problems.push(with_notes(Problem::at_path(&rule::COLUMN_ORDER, &*down.path), &order));
    }
    if !left.is_empty() {
        let title = format!("the way back of {} does not lead back", script.label());
        problems.push(with_notes(Problem::at_path(&rule::NOT_REVERSED, &*down.path).titled(title), &left));
        return Ok(Outcome::Spoiled);
    }
    report_losses(trial, script, down, [up, &back], given_up, problems);
    if let Err(failure) = trial.run(&script.up, script.mode()) {
        let problem = explain(&trial.conn, &rule::NOT_REPEATABLE, &script.up, &failure);
        let without_rows = Trial::after(scripts)?;
        let fails_anyway =
            without_rows.run(down, script.mode()).is_ok() && without_rows.run(&script.up, script.mode()).is_err();
        if fails_anyway {
            problems.push(problem.noted(format!("{} ran just before", down.path)));
        }
        return Ok(Outcome::Spoiled);
    }
    let (_, again) = trial.follow_schema()?;
    Ok(Outcome::Restored(back.touched.into_iter().chain(again).collect()))
}

/// What the way back loses, beyond what the migration itself gave up.
fn report_losses(
    trial: &Trial,
    script: &Script,
    down: &SourceFile,
    [up, back]: [&Effect; 2],
    given_up: &[Loss],
    problems: &mut Problems,
) {
    if script.directives.allow(Hazard::ReversalLoss) {
        return;
    }
    let known: BTreeSet<_> = given_up.iter().flat_map(|loss| &loss.marks).collect();
    // What only the way back touches is, before it, as it was before the migration.
    let touched = up.touched.union(&back.touched).cloned().collect();
    let others = back.before.of(&back.touched.difference(&up.touched).cloned().collect());
    let lost = losses(&up.before.or(&others), &trial.contents, &touched).into_iter();
    let lost: Vec<Loss> = lost.filter(|loss| loss.marks.iter().any(|mark| !known.contains(mark))).collect();
    if !lost.is_empty() {
        let title = format!("the way back of {} loses data that the migration kept", script.label());
        let mut problem = Problem::at_path(&rule::REVERSAL_LOSS, &*down.path).titled(title);
        problem.notes = lost.iter().map(ToString::to_string).collect();
        problems.push(problem);
    }
}

fn is_order(difference: &Difference) -> bool {
    matches!(difference, Difference::Table { about: TableDifference::ColumnOrder { .. }, .. })
}

/// Says what is different, in words that fit a schema that should have been restored.
fn with_notes(mut problem: Problem, differences: &[Difference]) -> Problem {
    const MOST: usize = 12;
    problem.notes.extend(differences.iter().take(MOST).map(|difference| match difference {
        Difference::Missing { key, .. } => format!("{key} was there before and is not restored"),
        Difference::Unexpected { key, .. } => format!("{key} was not there before and is not removed"),
        Difference::Table { name, about } => of_table(name, about),
        Difference::Text { key, expected, found } => format!("{key} was `{expected}` before and is now `{found}`"),
        other => other.to_string(),
    }));
    if let Some(more) = differences.len().checked_sub(MOST).filter(|more| *more > 0) {
        problem.notes.push(format!("and {more} more"));
    }
    problem
}

fn of_table(table: &Ident, about: &TableDifference) -> String {
    let what = match about {
        TableDifference::MissingColumn { column, .. } => {
            format!("column `{column}` was there before and is not restored")
        }
        TableDifference::UnexpectedColumn { column, .. } => {
            format!("column `{column}` was not there before and is not removed")
        }
        TableDifference::Column { column, expected, found } => {
            format!("column `{column}` was {expected} before and is now {found}")
        }
        TableDifference::ColumnOrder { .. } => about.to_string(),
        TableDifference::MissingConstraint(constraint) => format!("{constraint} was there before and is not restored"),
        TableDifference::UnexpectedConstraint(constraint) => {
            format!("{constraint} was not there before and is not removed")
        }
        TableDifference::Option { option, expected: true } => format!("it was {option} before and is not any more"),
        TableDifference::Option { option, expected: false } => format!("it was not {option} before and is now"),
    };
    format!("table `{table}`: {what}")
}
