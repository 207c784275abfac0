//! Whole histories of migrations whose ways back are right, made step by step on a real SQLite.

use std::fs;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::prove::replay;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source;
use tempfile::TempDir;

use super::choices::Choices;
use super::steps::{Present, Step, script};
use super::tables::{PARENTS, Table};
use super::text::NAMES;

/// Migrations, each of a few steps.
#[derive(Debug, Clone, Default)]
pub(super) struct History(pub(super) Vec<Migration>);

/// The statements of one migration and its down.
#[derive(Debug, Clone, Default)]
pub(super) struct Migration {
    pub(super) up: Vec<String>,
    pub(super) down: Vec<String>,
    /// Statements of the down by number, each with one that makes something else.
    pub(super) wrong: Vec<(usize, String)>,
    /// What is there before and after it that can be dropped alone.
    pub(super) untouched: Vec<String>,
}

impl History {
    /// The first migration makes what foreign keys refer to.
    pub(super) fn generate(choices: &mut Choices) -> Self {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
        conn.execute_batch(PARENTS).unwrap();
        let up = PARENTS.split_inclusive(';').map(|sql| sql.trim().trim_end_matches(';').to_owned()).collect();
        let down = vec!["DROP TABLE pair".to_owned(), "DROP TABLE parent".to_owned()];
        let mut history = Self(vec![Migration { up, down, ..Migration::default() }]);
        let mut tables: Vec<Table> = Vec::new();
        let mut parents_are_whole = true;
        let mut count = 0;
        for _ in 0..=choices.below(6) {
            let before = objects(&conn);
            let mut migration = Migration::default();
            for _ in 0..=choices.below(3) {
                count += 1;
                let fresh = format!("{}{count}", choices.of(&NAMES));
                let step = Step::generate(&Present { conn: &conn, tables: &tables }, &fresh, choices);
                if let Some(step) = step.filter(|step| works(&conn, step)) {
                    for (name, table) in &step.tables {
                        tables.retain(|known| !known.name.eq_ignore_ascii_case(name));
                        // Once these are altered, what refers to them is not what it was made as, and cannot be made anew.
                        parents_are_whole &= name != "parent" && name != "pair";
                        tables.extend(table.clone());
                    }
                    if !parents_are_whole {
                        tables.clear();
                    }
                    migration.take(step);
                }
            }
            let after = objects(&conn);
            migration.untouched =
                before.into_iter().filter(|object| after.contains(object)).map(|(drop, _)| drop).collect();
            if !migration.up.is_empty() {
                history.0.push(migration);
            }
        }
        history
    }

    /// The texts in the schema after one migration and its way back, as SQLite has them; none if it refuses a statement.
    pub(super) fn after_way_back(&self, at: usize) -> Option<Vec<String>> {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
        let ups = self.0[..=at].iter().flat_map(|migration| &migration.up);
        for sql in ups.chain(&self.0[at].down) {
            conn.execute_batch(sql).ok()?;
        }
        let mut statement = conn
            .prepare("SELECT type || ' ' || name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1")
            .unwrap();
        Some(statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap())
    }

    /// Writes the history to disk and has it proved; what becomes of rows is the affair of another law, and steps that break a
    /// reference are not avoided.
    pub(super) fn problems(&self, style: &mut Choices) -> Vec<Problem> {
        let directory = TempDir::new().unwrap();
        for (at, migration) in self.0.iter().enumerate() {
            for (ending, statements) in [("sql", &migration.up), ("down.sql", &migration.down)] {
                let name = format!("{:04}_step.{ending}", at + 1);
                fs::write(directory.path().join(name), script(statements, style)).unwrap();
            }
        }
        let mut problems = Problems::new();
        let entries = source::read(directory.path(), "migrations", &mut problems);
        if let Some(sequence) = Sequence::new(entries, "migrations", &mut problems) {
            let proof = replay(&sequence, &mut problems);
            assert_eq!(proof.is_some(), !problems.has_errors());
        }
        let mut found = problems.finish();
        found.retain(|problem| !problem.rule.code.starts_with("M2") && !problem.rule.code.starts_with("M12"));
        found
    }
}

impl Migration {
    /// Adds a step, which is undone before all earlier ones.
    fn take(&mut self, step: Step) {
        let moved = step.down.len();
        self.wrong.iter_mut().for_each(|(at, _)| *at += moved);
        self.wrong.extend(step.wrong);
        self.up.extend(step.up);
        self.down.splice(0..0, step.down);
    }
}

/// Whether SQLite takes a step and its way back; it has then been done.
fn works(conn: &Connection, step: &Step) -> bool {
    let run = |statements: &[String]| statements.iter().all(|sql| conn.execute_batch(sql).is_ok());
    conn.execute_batch("SAVEPOINT step").unwrap();
    let works = run(&step.up) && run(&step.down);
    conn.execute_batch("ROLLBACK TO step").unwrap();
    let done = works && run(&step.up);
    conn.execute_batch("RELEASE step").unwrap();
    done
}

/// How to drop each object that nothing else rests on, and its text.
fn objects(conn: &Connection) -> Vec<(String, String)> {
    let query = "SELECT format('DROP %s \"%w\"', upper(type), name), sql FROM sqlite_schema
        WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL";
    let mut statement = conn.prepare(query).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}
