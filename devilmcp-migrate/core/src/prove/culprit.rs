//! Which statement of a migration it is that loses values, leaves orphans or does what it has done already: found by trying it
//! again, statement by statement.

use std::collections::BTreeMap;
use std::ops::Range;

use super::failure;
use super::loss::{Loss, losses};
use super::mark::Mark;
use super::trial::Trial;
use crate::run::statement;
use crate::script::Script;
use crate::source::SourceFile;
use crate::statement::statements;

/// What `file`, one of the ways of the last of `scripts`, loses, by the statement after which the values are fewer for the last
/// time.
pub(super) fn statements_that_lose<'a>(
    scripts: &[Script],
    file: &SourceFile,
    losses: &[&'a Loss],
) -> rusqlite::Result<Vec<(Range<usize>, Vec<&'a Loss>)>> {
    let Some((script, earlier)) = scripts.split_last().filter(|_| !losses.is_empty()) else { return Ok(Vec::new()) };
    let whole = 0..file.text.trim_end().len();
    let mut trial = Trial::after(earlier)?;
    trial.fill_all();
    let marks: Vec<Vec<Mark>> = losses.iter().map(|loss| trial.contents.marks(&loss.table, &loss.column)).collect();
    if *file != script.up && trial.run(&script.up, script.mode()).is_ok() {
        trial.follow()?;
    }
    let mut left: Vec<usize> = marks.iter().map(|marks| trial.contents.occurrences(marks)).collect();
    let mut culprits: Vec<Range<usize>> = vec![whole; losses.len()];
    trial.enter(script.mode())?;
    for range in statements(&file.text) {
        if statement(&trial.conn, &trial.watch, &file.text, range.clone()).is_err() {
            break;
        }
        trial.follow()?;
        for (at, marks) in marks.iter().enumerate() {
            let now = trial.contents.occurrences(marks);
            if now < left[at] {
                culprits[at] = range.clone();
            }
            left[at] = now;
        }
    }
    let mut by_statement: BTreeMap<(usize, usize), Vec<&Loss>> = BTreeMap::new();
    for (range, loss) in culprits.into_iter().zip(losses) {
        by_statement.entry((range.start, range.end)).or_default().push(loss);
    }
    Ok(by_statement.into_iter().map(|((start, end), losses)| (start..end, losses)).collect())
}

/// The statement of the last of `scripts` after which there are more rows whose foreign keys point at nothing, for good.
pub(super) fn statement_that_orphans(scripts: &[Script]) -> rusqlite::Result<Option<Range<usize>>> {
    let Some((script, earlier)) = scripts.split_last() else { return Ok(None) };
    let mut trial = Trial::after(earlier)?;
    trial.fill_all();
    let count = |trial: &Trial| -> usize {
        trial.catalog.all_tables().keys().map(|table| failure::dangling(&trial.conn, table.as_str())).sum()
    };
    let at_first = count(&trial);
    let (mut before, mut culprit) = (at_first, None);
    trial.enter(script.mode())?;
    for range in statements(&script.up.text) {
        if statement(&trial.conn, &trial.watch, &script.up.text, range.clone()).is_err() {
            break;
        }
        trial.follow_schema()?;
        let now = count(&trial);
        if now > before {
            culprit = Some(range);
        } else if now <= at_first {
            // As where a table was away while it was rebuilt.
            culprit = None;
        }
        before = now;
    }
    Ok(culprit)
}

/// The first statement of a baseline that changes what it has made itself, or takes values away.
pub(super) fn statement_that_changes(baseline: &Script) -> rusqlite::Result<Option<Range<usize>>> {
    let mut trial = Trial::after(std::slice::from_ref(baseline))?;
    trial.fill_all();
    for range in statements(&baseline.up.text) {
        if statement(&trial.conn, &trial.watch, &baseline.up.text, range.clone()).is_err() {
            break;
        }
        let effect = trial.follow()?;
        let is_changed = !effect.delta.changes(&trial.catalog).is_empty();
        if is_changed || !losses(&effect.before, &trial.contents, &effect.touched).is_empty() {
            return Ok(Some(range));
        }
    }
    Ok(None)
}
