//! What holds after every disturbance.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Error, Report, Resolution};
use devilmcp_migrate_vfs::{Disk, Image};

use crate::scenario::Scenario;
use crate::seen::Seen;

/// In what a law was broken.
pub(crate) type Broken = String;

/// The settings of a connection that a run could leave changed; the first three are not SQLite's defaults.
const SETTINGS: &str = "PRAGMA foreign_keys = 1; PRAGMA recursive_triggers = 1; PRAGMA busy_timeout = 12";
const READ: [(&str, i64); 6] = [
    ("foreign_keys", 1),
    ("recursive_triggers", 1),
    ("busy_timeout", 12),
    ("legacy_alter_table", 0),
    ("ignore_check_constraints", 0),
    ("writable_schema", 0),
];

/// Opens the database as a caller does who has settings of his own.
fn opened(disk: &Disk) -> Connection {
    let conn = disk.open().unwrap();
    conn.execute_batch(SETTINGS).unwrap();
    conn
}

impl Scenario {
    /// Does what is to be done while something fails, on a connection of its own, and closes it: no panic leaves it, and the
    /// connection is given back as it was. Whether anything has failed, and how it ended.
    pub(crate) fn disturbed(
        &self,
        disk: &Disk,
        arm: impl FnOnce(&Connection),
        disarm: impl FnOnce() -> bool,
    ) -> (bool, Result<Result<Report, Error>, Broken>) {
        let mut conn = opened(disk);
        arm(&conn);
        let outcome = self.unless_it_panics(&mut conn);
        let has_struck = disarm();
        let outcome = outcome.and_then(|outcome| {
            given_back(&conn).map_err(|broken| format!("{broken}, after {}", shown(&outcome)))?;
            Ok(outcome)
        });
        (has_struck, outcome)
    }

    /// Does what is to be done.
    pub(crate) fn unless_it_panics(&self, conn: &mut Connection) -> Result<Result<Report, Error>, Broken> {
        catch_unwind(AssertUnwindSafe(|| self.run(conn))).map_err(|_| "it panicked".to_owned())
    }

    /// The same, and what holds of the files afterwards. Whether anything has failed, or the run has.
    pub(crate) fn survives(
        &self,
        disk: &Disk,
        arm: impl FnOnce(&Connection),
        disarm: impl FnOnce() -> bool,
    ) -> (bool, Result<(), Broken>) {
        let (has_struck, outcome) = self.disturbed(disk, arm, disarm);
        let has_struck = has_struck || outcome.as_ref().is_ok_and(Result::is_err);
        let holds = self.holds(&disk.image(), outcome.as_ref().ok());
        let broken = match (outcome, holds) {
            (Err(run), Err(files)) => Err(format!("{run}; afterwards {files}")),
            (outcome, holds) => outcome.map(drop).and(holds),
        };
        (has_struck, broken)
    }

    /// What holds of the files of a database, whatever has happened: it is sound; it is as it was before or after the run, or
    /// between two of its parts, with a history that says so; and the next start completes.
    pub(crate) fn holds(&self, image: &Image, outcome: Option<&Result<Report, Error>>) -> Result<(), Broken> {
        // Most often it is as it was before, byte for byte: what holds then need be found out only once.
        if *image == self.start && outcome.is_none_or(Result::is_err) {
            return self.start_holds.get_or_init(|| self.looked_at(image, None)).clone();
        }
        self.looked_at(image, outcome)
    }

    fn looked_at(&self, image: &Image, outcome: Option<&Result<Report, Error>>) -> Result<(), Broken> {
        let disk = Disk::new(image);
        let mut conn = disk.open().map_err(|error| format!("it does not open: {error}"))?;
        let stage = self.stage(&mut conn)?;
        let last = self.stages.len() - 1;
        if outcome.is_some_and(Result::is_ok) && stage != last {
            return Err(format!("it said that it was done, and was at {stage}"));
        }
        let next = self.run(&mut conn).map_err(|error| format!("the next start failed at {stage}: {error:?}"))?;
        if !next.drift().is_empty() {
            return Err(format!("the next start found {:?}", next.drift()));
        }
        let seen = seen(&conn)?;
        if seen != self.stages[last] {
            return Err(format!("the next start ended elsewhere: {}", seen.difference(&self.stages[last])));
        }
        let start = self.run(&mut conn).map_err(|error| format!("the start after that failed: {error:?}"))?;
        if start.is_noop() { Ok(()) } else { Err("the start after that did something".to_owned()) }
    }

    /// At which of the stages the database is. A claim is resolved as somebody would who looks.
    fn stage(&self, conn: &mut Connection) -> Result<usize, Broken> {
        sound(conn)?;
        let status = self.status(conn).map_err(|error| format!("no status: {error:?}"))?;
        if !status.drift().is_empty() {
            return Err(format!("history and schema disagree: {:?}", status.drift()));
        }
        let found = seen(conn)?;
        let Some(claim) = status.claim() else {
            let stage = self.stages.iter().position(|stage| *stage == found);
            let nearest = self.stages.iter().find(|stage| stage.history == found.history);
            return stage.ok_or_else(|| match nearest {
                Some(stage) => format!("it is not what its history says: {}", found.difference(stage)),
                None => format!("its history is none of the run: {:?}", found.history),
            });
        };
        let stage = self.stages.iter().position(|stage| stage.history == found.history);
        let stage = stage.ok_or_else(|| format!("its history is none of the run: {:?}", found.history))?;
        let is_at = |stage: usize| self.stages.get(stage).is_some_and(|stage| stage.content == found.content);
        let is_done = match (is_at(stage), is_at(stage + 1)) {
            (true, _) => false,
            (false, true) => true,
            (false, false) => {
                return Err(format!(
                    "the claim {claim:?} stands for neither: {}",
                    found.difference(&self.stages[stage])
                ));
            }
        };
        // Whether it counts as applied, whichever way it was to go.
        let resolution = if is_done == self.is_down { Resolution::NotApplied } else { Resolution::Applied };
        self.resolve(conn, resolution).map_err(|error| format!("it cannot be resolved: {error:?}"))?;
        self.stage(conn)
    }
}

/// A connection as the caller had it: no transaction, no authorizer, its own settings.
fn given_back(conn: &Connection) -> Result<(), Broken> {
    if !conn.is_autocommit() {
        return Err("the connection was left in a transaction".to_owned());
    }
    for (pragma, expected) in READ {
        let found: i64 = conn
            .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
            .map_err(|error| format!("{pragma} cannot be read: {error}"))?;
        if found != expected {
            return Err(format!("the connection was left with {pragma} = {found}"));
        }
    }
    conn.execute_batch("ATTACH ':memory:' AS probe; DETACH probe")
        .map_err(|error| format!("an authorizer is left: {error}"))
}

fn sound(conn: &Connection) -> Result<(), Broken> {
    let check: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .map_err(|error| format!("no integrity_check: {error}"))?;
    if check == "ok" { Ok(()) } else { Err(format!("it is damaged: {check}")) }
}

fn seen(conn: &Connection) -> Result<Seen, Broken> {
    Seen::of(conn).map_err(|error| format!("it cannot be read: {error}"))
}

pub(crate) fn shown(outcome: &Result<Report, Error>) -> String {
    match outcome {
        Ok(_) => "success".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

/// What was tried, and what came of it.
#[derive(Default)]
pub(crate) struct Tally {
    tried: u64,
    broken: Vec<Broken>,
}

impl Tally {
    pub(crate) fn note(&mut self, at: impl fmt::Display, outcome: Result<(), Broken>) {
        self.tried += 1;
        if let Err(broken) = outcome {
            self.broken.push(format!("{at}: {broken}"));
        }
    }

    /// Every law held, as often as it was tried.
    #[expect(clippy::print_stderr, reason = "how often a law was tried is what these tests are for")]
    pub(crate) fn end(self, what: &str) {
        let shown = self.broken[..self.broken.len().min(20)].join("\n");
        assert!(self.broken.is_empty(), "{what}: {} of {} broken\n{shown}", self.broken.len(), self.tried);
        eprintln!("{what}: {} tried, nothing lost", self.tried);
    }
}
