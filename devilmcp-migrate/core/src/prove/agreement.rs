//! The declared schema, `schema.sql`, beside what the migrations make.

use rusqlite::Connection;

use super::explain::explain;
use super::trial::Trial;
use crate::authorizer::Watch;
use crate::diff::{Difference, TableDifference, differences};
use crate::generate::{Objects, Refusal, Renaming, Wishes, generate};
use crate::lint::{self, Levels};
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::run::{message, run};
use crate::schema::Schema;
use crate::script::Script;
use crate::source::SourceFile;
use crate::standing::Standing;
use crate::statement::statements;
use crate::token::significant;

/// What is skipped in a migration that has shipped is skipped here: a dump of a database begins and commits.
const STANDING: Standing = Standing::Locked;

/// Runs the declared schema, and compares what it makes with what the `scripts` have made, if that is known.
pub fn agree(
    declared: &SourceFile,
    scripts: &[Script],
    made: Option<&Schema>,
    levels: Levels,
    problems: &mut Problems,
) {
    if let Err(error) = compare(declared, scripts, made, levels, problems) {
        // Not a statement of theirs but one of ours: SQLite itself does not work here.
        let title = format!("SQLite cannot be used to try the declared schema: {}", message(&error));
        let problem = Problem::at_path(&rule::SCHEMA_FAILS, &*declared.path).titled(title);
        problems.push(problem.helped("report this as a defect"));
    }
}

fn compare(
    declared: &SourceFile,
    scripts: &[Script],
    made: Option<&Schema>,
    levels: Levels,
    problems: &mut Problems,
) -> rusqlite::Result<()> {
    let Some(conn) = read(declared, problems)? else { return Ok(()) };
    let mut faults = Problems::new();
    let hints = Renaming::hints(declared, &mut faults);
    let faults = faults.finish();
    let hints = faults.is_empty().then_some(hints);
    problems.extend(faults);
    let Some(made) = made else { return Ok(()) };
    let expected = lint::catch_up(&conn, declared, made, scripts, levels, problems)?;
    let (order, others): (Vec<Difference>, Vec<Difference>) =
        differences(&expected, made).into_iter().partition(Difference::is_order);
    for (rule, differences) in [(&rule::NOT_AS_DECLARED, others), (&rule::DECLARED_ORDER, order)] {
        if !differences.is_empty() {
            let mut problem = Problem::at_path(rule, &*declared.path);
            problem.notes = differences.iter().map(describe).collect();
            if rule == &rule::NOT_AS_DECLARED {
                let missing = hints.as_ref().map(|hints| missing(&conn, declared, hints, scripts)).transpose()?;
                problem.notes.extend(missing.flatten());
            }
            problems.push(problem);
        }
    }
    Ok(())
}

/// The statements that would make the difference, as far as they can be written without knowing more.
fn missing(
    conn: &Connection,
    declared: &SourceFile,
    hints: &[Renaming],
    scripts: &[Script],
) -> rusqlite::Result<Option<String>> {
    const MOST: usize = 24;
    let head = Objects::read(&Trial::after(scripts)?.conn)?;
    let wanted = objects(conn, declared)?;
    let wishes = Wishes { renamings: hints.to_vec(), reason: Some("say why".to_owned()), ..Wishes::default() };
    let generated = match generate(&head, &wanted, &wishes) {
        Ok(Some(generated)) => generated,
        Err(refusal @ Refusal::Renaming(_)) => return Ok(Some(refusal.to_string())),
        Ok(None) | Err(_) => return Ok(None),
    };
    let lines: Vec<&str> = generated.up.lines().filter(|line| !line.is_empty()).collect();
    let (shown, others) = lines.split_at(lines.len().min(MOST));
    let more = match others.len() {
        0 => String::new(),
        more => format!("\n... and {more} lines more: `devilmcp-migrate diff --print`"),
    };
    Ok(Some(format!("what is missing:\n{}{more}", shown.join("\n"))))
}

/// Everything that the declared schema makes, with its texts but for the hints in them; none if it does not work.
///
/// # Errors
/// SQLite's.
pub fn declared(file: &SourceFile, problems: &mut Problems) -> rusqlite::Result<Option<Objects>> {
    read(file, problems)?.map(|conn| objects(&conn, file)).transpose()
}

fn objects(conn: &Connection, file: &SourceFile) -> rusqlite::Result<Objects> {
    Ok(Objects::read(conn)?.without_hints().remarked(&file.text))
}

/// Of what is there or not, a difference alone does not say where.
fn describe(difference: &Difference) -> String {
    match difference {
        Difference::Missing { key, expected: _ } => format!("{key} is declared, and no migration makes it"),
        Difference::Unexpected { key, found: _ } => format!("{key} is made by the migrations, and not declared"),
        Difference::Table { name, about: TableDifference::MissingColumn { column, .. } } => {
            format!("table `{name}`: column `{column}` is declared, and no migration makes it")
        }
        Difference::Table { name, about: TableDifference::UnexpectedColumn { column, .. } } => {
            format!("table `{name}`: column `{column}` is made by the migrations, and not declared")
        }
        other => format!("what the migrations make: {other}"),
    }
}

/// A database as the file makes it; none if it does not work.
fn read(declared: &SourceFile, problems: &mut Problems) -> rusqlite::Result<Option<Connection>> {
    let mut others = statements(&declared.text).into_iter().filter(|range| {
        let statement = &declared.text[range.clone()];
        let is_definition = significant(statement).next().is_some_and(|first| first.is("CREATE"));
        !is_definition && !STANDING.skips(statement)
    });
    // The first will do: who pastes a dump with its rows need not be told of every row.
    if let Some(range) = others.next() {
        let problem = Problem::at_text(&rule::NO_DEFINITION, declared, range, "not a CREATE statement");
        let more = others.count();
        problems.push(if more == 0 { problem } else { problem.noted(format!("and {more} more")) });
        return Ok(None);
    }
    let mut conn = Connection::open_in_memory()?;
    conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
    let watch = Watch::install(&mut conn)?;
    match run(&conn, &watch, &declared.text, STANDING) {
        Ok(()) => {
            Watch::remove(&mut conn)?;
            Ok(Some(conn))
        }
        Err(failure) => {
            problems.push(explain(&conn, &rule::SCHEMA_FAILS, declared, &failure));
            Ok(None)
        }
    }
}
