//! A migration that failed with rows in the tables: is it to blame, or are the rows?

use rusqlite::Connection;

use super::breaking::Breaking;
use super::populate::Population;
use super::remedy::remedy;
use super::shape::Guess;
use super::trial::Trial;
use crate::hazard::Hazard;
use crate::place;
use crate::problem::Problem;
use crate::rule::{self, Rule};
use crate::run::Failure;
use crate::schema::name::Ident;
use crate::script::Script;
use crate::source::SourceFile;

/// Who is to blame.
pub(super) enum Verdict {
    /// It fails without rows, too.
    Broken(Failure),
    /// Whatever the rows are like, it fails.
    Hazard(Failure, &'static Rule, Option<Hazard>, &'static str),
    /// Other rows would do; or it cannot be told.
    Undecided,
}

/// Judges the last of `scripts`, which failed with rows in the tables: without rows, then with other rows.
pub(super) fn judge(scripts: &[Script], failure: Failure) -> rusqlite::Result<Verdict> {
    let Some((script, earlier)) = scripts.split_last() else { return Ok(Verdict::Undecided) };
    if failure.denial.is_some() || failure.is_syntax() {
        return Ok(Verdict::Broken(failure));
    }
    if let Err(failure) = Trial::after(earlier)?.run(&script.up, script.mode()) {
        return Ok(Verdict::Broken(failure));
    }
    let Some((rule, hazard)) = hazard(&failure, &script.up) else { return Ok(Verdict::Undecided) };
    for guess in Guess::ALL.into_iter().filter(|guess| *guess != Guess::Digits) {
        if works(earlier, script, guess, true)? {
            return Ok(Verdict::Undecided);
        }
    }
    let rows = if works(earlier, script, Guess::Digits, false)? {
        "a row with NULL wherever it may be"
    } else {
        "every row that was tried"
    };
    Ok(Verdict::Hazard(failure, rule, hazard, rows))
}

fn works(earlier: &[Script], script: &Script, guess: Guess, nulls: bool) -> rusqlite::Result<bool> {
    let mut trial = Trial::after(earlier)?;
    trial.population = Population::new(guess, nulls);
    trial.fill_all();
    // Where the rows have undone the transaction, they are to blame.
    Ok(trial.conn.is_autocommit() || trial.run(&script.up, script.mode()).is_ok())
}

/// What a statement shows by failing where there are rows. Other failures are as often the rows' fault as the migration's.
pub(super) fn hazard(failure: &Failure, file: &SourceFile) -> Option<(&'static Rule, Option<Hazard>)> {
    let message = failure.message();
    let statement = file.text.get(failure.range.clone()).unwrap_or_default().to_ascii_uppercase();
    if message.starts_with("NOT NULL constraint failed") || message.contains("NOT NULL column with default value NULL")
    {
        Some((&rule::NULL_ROWS, Some(Hazard::NotNull)))
    } else if message == "constraint failed" && statement.contains("SET NOT NULL") {
        // Of ALTER COLUMN and ADD CONSTRAINT, SQLite does not say which it is.
        Some((&rule::NULL_ROWS, Some(Hazard::NotNull)))
    } else if message.starts_with("CHECK constraint failed")
        || (message == "constraint failed" && statement.contains("CHECK"))
    {
        Some((&rule::CHECK_ROWS, Some(Hazard::Check)))
    } else if message.starts_with("UNIQUE constraint failed") && statement.starts_with("CREATE") {
        Some((&rule::DUPLICATE_ROWS, Some(Hazard::Unique)))
    } else if message.starts_with("cannot store") {
        Some((&rule::MISFIT_ROWS, Some(Hazard::Type)))
    } else if message.starts_with("FOREIGN KEY constraint failed") {
        Some((&rule::ENFORCED_ROWS, Some(Hazard::ForeignKey)))
    } else if message.starts_with("Cannot add a") || message.contains("cannot add a") {
        Some((&rule::FAILS_WITH_ROWS, None))
    } else {
        None
    }
}

/// A hazard as a problem of `script`; none if that allows it.
pub(super) fn problem(
    rule: &'static Rule,
    hazard: Option<Hazard>,
    scripts: &[Script],
    failure: &Failure,
    rows: &str,
    like: Option<Breaking>,
) -> Option<Problem> {
    let (script, earlier) = scripts.split_last()?;
    if hazard.is_some_and(|hazard| script.directives.allow(hazard)) {
        return None;
    }
    let message = failure.message();
    let place = |label: &str| Problem::at_text(rule, &script.up, failure.range.clone(), label);
    let blamed = first_column(&message);
    let mut problem = if let Some((table, column)) = &blamed {
        let (files, label, refuses) = match hazard {
            // Rows that are alike say it better than the column that they are alike in.
            Some(Hazard::Unique) if like.is_some() => (&[][..], "no two rows may be alike here", ""),
            Some(Hazard::Unique) => (earlier, "no two rows may be alike here", "rows may be alike in this"),
            Some(Hazard::NotNull) => (std::slice::from_ref(script), message.as_str(), "refuses NULL"),
            Some(Hazard::Type) => (std::slice::from_ref(script), message.as_str(), "refuses values of another type"),
            _ => (earlier, message.as_str(), "this column"),
        };
        let label = if hazard == Some(Hazard::Unique) {
            format!("this index is unique over {}: {label}", unique_over(&message))
        } else {
            label.to_owned()
        };
        match place::declaration(place::ups(files), table, Some(column)) {
            Some((file, range)) => place(&label).with(file, range, refuses),
            None => place(&label),
        }
    } else {
        // Of a CHECK, SQLite says the name or the text.
        let check = message.strip_prefix("CHECK constraint failed: ");
        let check = check.and_then(|check| Some((script.up.text.find(check)?, check.len())));
        match check.filter(|(start, _)| !failure.range.contains(start)) {
            Some((start, length)) => place(&message).with(&script.up, start..start + length, "refuses the rows"),
            None => place(&message),
        }
    };
    problem.help = remedy(&message, &script.up.text[failure.range.clone()]).map(str::to_owned);
    problem.notes.push(format!("it fails with {rows}"));
    Some(match like {
        Some(like) => with_rows(problem, earlier, &like, blamed.map(|(_, column)| column).as_ref()),
        None => problem,
    })
}

/// Shows such rows where the migrations before declare the column of them that is refused, or make their table.
fn with_rows(problem: Problem, earlier: &[Script], like: &Breaking, column: Option<&Ident>) -> Problem {
    let Breaking { table, rows } = like;
    match place::declaration(place::ups(earlier), table, column) {
        Some((file, range)) => problem.with(file, range, format!("rows like these: {rows}")),
        None => problem.noted(format!("rows like these: `{table}` {rows}")),
    }
}

/// Table and column, of `NOT NULL constraint failed: notes.title`.
fn first_column(message: &str) -> Option<(Ident, Ident)> {
    let said = message.split_once("constraint failed: ").filter(|(rule, _)| *rule != "CHECK ").map(|(_, said)| said);
    let said = said.or_else(|| message.strip_prefix("cannot store ")?.rsplit_once(' ').map(|(_, said)| said))?;
    let (table, column) = said.split(", ").next()?.split_once('.')?;
    Some((Ident::new(table), Ident::new(column)))
}

/// `` `title`, `body` ``, of `UNIQUE constraint failed: notes.title, notes.body`.
fn unique_over(message: &str) -> String {
    let columns = message.rsplit_once(": ").map_or(message, |(_, columns)| columns).split(", ");
    let columns: Vec<String> =
        columns.map(|column| format!("`{}`", column.rsplit('.').next().unwrap_or(column))).collect();
    columns.join(", ")
}

/// Rows of `table` whose foreign keys point at nothing.
pub(super) fn dangling(conn: &Connection, table: &str) -> usize {
    let count = "SELECT count(*) FROM pragma_foreign_key_check(?1)";
    // A foreign key that cannot be checked has no unique key to point at: that is not about rows.
    conn.query_row(count, [table], |row| row.get::<_, i64>(0))
        .ok()
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0)
}

/// Their columns that point at nothing.
pub(super) fn dangling_columns(conn: &Connection, table: &str) -> Vec<Ident> {
    const COLUMNS: &str = "SELECT DISTINCT list.\"from\" FROM pragma_foreign_key_check(?1) AS found
        JOIN pragma_foreign_key_list(?1) AS list ON list.id = found.fkid ORDER BY list.id, list.seq";
    let Ok(mut statement) = conn.prepare(COLUMNS) else { return Vec::new() };
    let columns = statement.query_map([table], |row| row.get::<_, String>(0));
    columns.into_iter().flatten().flatten().map(Ident::new).collect()
}

/// The tables in which they point at nothing.
pub(super) fn missed_parents(conn: &Connection, table: &str) -> Vec<String> {
    let parents = "SELECT DISTINCT parent FROM pragma_foreign_key_check(?1) ORDER BY parent";
    let Ok(mut statement) = conn.prepare(parents) else { return Vec::new() };
    let parents = statement.query_map([table], |row| row.get::<_, String>(0));
    parents.into_iter().flatten().flatten().map(|parent| format!("`{parent}`")).collect()
}
