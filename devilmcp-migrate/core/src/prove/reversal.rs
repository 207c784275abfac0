//! Down after up gives back the schema before; and after it the migration can be applied again.

use super::catalog::Delta;
use super::replay::{Replay, explain};
use crate::diff::{Difference, TableDifference};
use crate::problem::{Problem, Problems};
use crate::rule;
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
    let (order, left): (Vec<_>, Vec<_>) = up.unreverted(&back, &replay.catalog).into_iter().partition(is_order);
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
        other => other.to_string(),
    }));
    if let Some(more) = differences.len().checked_sub(MOST).filter(|more| *more > 0) {
        problem.notes.push(format!("and {more} more"));
    }
    problem
}

#[cfg(test)]
mod tests {
    use crate::name::Name;
    use crate::problem::Problems;
    use crate::prove::replay;
    use crate::sequence::Sequence;
    use crate::source::{Entry, SourceFile};

    /// The codes of what is wrong with these migrations, each an up and a down.
    fn codes(migrations: &[[&str; 2]]) -> Vec<&'static str> {
        let mut problems = Problems::new();
        let entry = |file_name: String, text: &str| {
            let file = SourceFile::new(&file_name, text.to_owned());
            Entry { name: Name::parse(&file_name).unwrap(), file }
        };
        let entries = migrations.iter().enumerate().flat_map(|(at, [up, down])| {
            let number = at + 1;
            [entry(format!("{number:04}_a.sql"), up), entry(format!("{number:04}_a.down.sql"), down)]
        });
        let sequence = Sequence::new(entries.collect(), "migrations", &mut problems).unwrap();
        replay(&sequence, &mut problems);
        problems.finish().iter().map(|problem| problem.rule.code).collect()
    }

    #[test]
    fn a_key_that_is_referred_to_may_be_named_or_not() {
        let parent = ["CREATE TABLE p(id INTEGER PRIMARY KEY)", "DROP TABLE p"];
        let child = ["CREATE TABLE c(p_id INT REFERENCES p)", "DROP TABLE c"];
        let drop = ["DROP TABLE c", "CREATE TABLE c(p_id INT REFERENCES p (id))"];
        assert_eq!(codes(&[parent, child, drop]), [""; 0]);
        let wrong = ["DROP TABLE c", "CREATE TABLE c(p_id INT REFERENCES p (rowid))"];
        assert_eq!(codes(&[parent, child, wrong]), ["M107"]);
    }
}
