//! Down after up gives back the schema before, and the rows that up did not have to give up; and after it the migration can
//! be applied again.

use std::collections::BTreeSet;

use super::culprit;
use super::explain::explain;
use super::failure;
use super::loss::{Loss, losses, with_declarations};
use super::remedy::remedy;
use super::trial::{Effect, Trial};
use crate::diff::{Difference, TableDifference};
use crate::hazard::Hazard;
use crate::place;
use crate::problem::{Problem, Problems};
use crate::rule::{self, Rule};
use crate::schema::Key;
use crate::schema::name::Ident;
use crate::script::Script;
use crate::source::SourceFile;
use crate::statement::statements;

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
            let mut problem = explain(&trial.conn, &rule::DOWN_FAILS_WITH_ROWS, down, &failure);
            problem.help =
                remedy(&failure.message(), &down.text[failure.range.clone()]).map(str::to_owned).or(problem.help);
            problems.push(problem);
        }
        return Ok(Outcome::Spoiled);
    }
    let back = trial.follow()?;
    let (order, left): (Vec<_>, Vec<_>) =
        up.delta.unreverted(&back.delta, &trial.catalog).into_iter().partition(Difference::is_order);
    if !order.is_empty() {
        problems.push(with_notes(at_difference(&rule::COLUMN_ORDER, script, down, &order), &order));
    }
    if !left.is_empty() {
        let title = format!("the way back of {} does not lead back", script.label());
        problems.push(with_notes(at_difference(&rule::NOT_REVERSED, script, down, &left).titled(title), &left));
        return Ok(Outcome::Spoiled);
    }
    report_losses(trial, scripts, down, [up, &back], given_up, problems)?;
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
    scripts: &[Script],
    down: &SourceFile,
    [up, back]: [&Effect; 2],
    given_up: &[Loss],
    problems: &mut Problems,
) -> rusqlite::Result<()> {
    let Some((script, earlier)) =
        scripts.split_last().filter(|(script, _)| !script.directives.allow(Hazard::ReversalLoss))
    else {
        return Ok(());
    };
    let known: BTreeSet<_> = given_up.iter().flat_map(|loss| &loss.marks).collect();
    // What only the way back touches is, before it, as it was before the migration.
    let touched = up.touched.union(&back.touched).cloned().collect();
    let others = back.before.of(&back.touched.difference(&up.touched).cloned().collect());
    let lost = losses(&up.before.or(&others), &trial.contents, &touched).into_iter();
    let lost: Vec<Loss> = lost.filter(|loss| loss.marks.iter().any(|mark| !known.contains(mark))).collect();
    for (statement, lost) in culprit::statements_that_lose(scripts, down, &lost.iter().collect::<Vec<_>>())? {
        let title = format!("the way back of {} loses data that the migration kept", script.label());
        let problem = Problem::at_text(&rule::REVERSAL_LOSS, down, statement, "the values are gone after this");
        let mut problem = with_declarations(problem, earlier, &lost).titled(title);
        problem.notes = lost.iter().map(ToString::to_string).collect();
        problems.push(problem);
    }
    Ok(())
}

/// A problem with a way back that leads elsewhere: at what it does too much, or not as it was, or else at the statement of the
/// migration that it does not undo.
fn at_difference(rule: &'static Rule, script: &Script, down: &SourceFile, differences: &[Difference]) -> Problem {
    let up = &script.up;
    let place = differences.iter().find_map(|difference| {
        let facts = difference.facts();
        let name = Ident::new(facts.name);
        let key = Key { kind: facts.object, name: name.clone() };
        let column = facts.column.map(Ident::new);
        let names: Vec<&Ident> = std::iter::once(&name).chain(&column).collect();
        if facts.expected.is_none() {
            // Too much is there.
            let made = match &column {
                Some(column) => place::declaration(std::iter::once(up), &name, Some(column)).map(|(_, range)| range),
                None => place::making(&up.text, &key),
            };
            made.or_else(|| place::naming(&up.text, &names)).map(|range| (up, range, "this is not undone"))
        } else {
            let declared = column.as_ref().filter(|_| facts.found.is_some());
            let declared = declared.and_then(|column| place::declaration(std::iter::once(down), &name, Some(column)));
            let undone = declared.map(|(_, range)| range).or_else(|| place::naming(&down.text, &names));
            let undone = undone.or_else(|| place::naming(&down.text, &names[..1]));
            let label = if facts.found.is_none() { "gone after this" } else { "not as it was before" };
            let not_undone = || Some((up, place::naming(&up.text, &names)?, "this is not undone"));
            undone.map(|range| (down, range, label)).or_else(not_undone)
        }
    });
    let end = statements(&down.text).pop();
    match (place, end) {
        (Some((file, range, label)), Some(end)) if file == up => {
            Problem::at_text(rule, up, range, label).with(down, end, "here the way back ends")
        }
        (Some((file, range, label)), _) if file == up => {
            Problem::at_text(rule, up, range, label).noted(format!("{} has no statement", down.path))
        }
        (Some((file, range, label)), _) => Problem::at_text(rule, file, range, label),
        (None, Some(end)) => Problem::at_text(rule, down, end, "here the way back ends"),
        (None, None) => Problem::at_path(rule, &*down.path),
    }
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
