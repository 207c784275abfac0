//! Every migration up, down and up again, on a real SQLite in memory.

use rusqlite::Connection;

use super::catalog::{Catalog, Change, Delta};
use super::reversal;
use crate::authorizer::{Denial, Watch};
use crate::digest::Digest;
use crate::problem::{Problem, Problems};
use crate::rule::{self, Rule};
use crate::run::{Failure, faults, message, run};
use crate::schema::Schema;
use crate::script::Script;
use crate::sequence::Sequence;
use crate::source::SourceFile;

/// What running a sequence has shown.
#[derive(Debug, Clone)]
pub struct Proof {
    /// What each migration does to the schema, in order.
    pub changes: Vec<Vec<Change>>,
    /// Of the schema at the end.
    pub fingerprint: Digest,
}

/// Runs every migration of `sequence` as the server will, and each way back; none if something does not work.
pub fn replay(sequence: &Sequence, problems: &mut Problems) -> Option<Proof> {
    match Replay::new().and_then(|replay| replay.all(sequence.scripts(), problems)) {
        Ok(proof) => proof,
        Err(error) => {
            // Not a statement of theirs but one of ours: SQLite itself does not work here.
            let title = format!("SQLite cannot be used to try the migrations: {}", message(&error));
            let path = sequence.scripts().first().map_or("", |script| &*script.up.path);
            problems.push(Problem::at_path(&rule::FAILS, path).titled(title).helped("report this as a defect"));
            None
        }
    }
}

/// A database in memory, as far as the migrations have brought it.
pub(super) struct Replay {
    pub(super) conn: Connection,
    pub(super) watch: Watch,
    pub(super) catalog: Catalog,
}

impl Replay {
    fn new() -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        // As the server does it: foreign keys off, everything in one transaction. A build touches no file.
        conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
        let watch = Watch::install(&mut conn)?;
        Ok(Self { conn, watch, catalog: Catalog::default() })
    }

    fn all(mut self, scripts: &[Script], problems: &mut Problems) -> rusqlite::Result<Option<Proof>> {
        let mut changes = Vec::with_capacity(scripts.len());
        for (at, script) in scripts.iter().enumerate() {
            if let Err(failure) = self.run(&script.up) {
                problems.push(explain(&rule::FAILS, &script.up, &failure));
                self.check_the_rest(&scripts[at..], &failure, problems);
                return Ok(None);
            }
            let delta = self.follow()?;
            changes.push(delta.changes(&self.catalog));
            if script.directives.baseline.is_some() && !self.is_idempotent(script, problems)? {
                self = Self::after(&scripts[..=at])?;
            }
            if let Some(down) = &script.down
                && !reversal::check(&mut self, script, down, &delta, problems)?
            {
                // The schema is not what the migrations made, so the next one is tried on one that is.
                self = Self::after(&scripts[..=at])?;
            }
        }
        if problems.has_errors() {
            return Ok(None);
        }
        Ok(Some(Proof { changes, fingerprint: Schema::read(&self.conn)?.fingerprint() }))
    }

    /// A new database to which `scripts`, which have worked before, were applied.
    fn after(scripts: &[Script]) -> rusqlite::Result<Self> {
        let mut replay = Self::new()?;
        for script in scripts {
            replay.run(&script.up).map_err(|failure| failure.error)?;
        }
        replay.follow()?;
        Ok(replay)
    }

    pub(super) fn run(&self, file: &SourceFile) -> Result<(), Failure> {
        run(&self.conn, &self.watch, &file.text)
    }

    pub(super) fn follow(&mut self) -> rusqlite::Result<Delta> {
        let touched = self.watch.take_touched();
        let delta = self.catalog.follow(&self.conn, &touched);
        // Our own look is not a script's doing.
        self.watch.take_touched();
        delta
    }

    fn is_idempotent(&mut self, script: &Script, problems: &mut Problems) -> rusqlite::Result<bool> {
        if let Err(failure) = self.run(&script.up) {
            problems.push(explain(&rule::BASELINE_NOT_IDEMPOTENT, &script.up, &failure));
            return Ok(false);
        }
        let again = self.follow()?;
        if !again.is_empty() {
            let mut problem = Problem::at_path(&rule::BASELINE_NOT_IDEMPOTENT, &*script.up.path);
            problem.notes.extend(
                again.changes(&self.catalog).iter().map(|change| format!("run again, it changes {}", change.key)),
            );
            problems.push(problem);
        }
        Ok(again.is_empty())
    }

    /// After a failure only what is wrong in itself is reported, so that one mistake stays one.
    fn check_the_rest(&self, scripts: &[Script], failure: &Failure, problems: &mut Problems) {
        for (at, script) in scripts.iter().enumerate() {
            for file in std::iter::once(&script.up).chain(&script.down) {
                let known = |other: &Failure| at == 0 && *file == script.up && other.range.start <= failure.range.start;
                for fault in faults(&self.conn, &self.watch, &file.text).iter().filter(|fault| !known(fault)) {
                    let rule = if *file == script.up { &rule::FAILS } else { &rule::DOWN_FAILS };
                    problems.push(explain(rule, file, fault));
                }
            }
        }
    }
}

/// A failed statement as a problem, under the rule that fits it best.
pub(super) fn explain(otherwise: &'static Rule, file: &SourceFile, failure: &Failure) -> Problem {
    let (rule, label) = match failure.denial {
        Some(Denial::Transaction) => (&rule::TRANSACTION, "not allowed in a migration".to_owned()),
        Some(Denial::Outside) => (&rule::OUTSIDE, "not allowed in a migration".to_owned()),
        Some(Denial::Pragma) => (&rule::PRAGMA, "not a migration's to set".to_owned()),
        Some(Denial::History) => (&rule::RESERVED_NAME, "not a migration's to touch".to_owned()),
        None => (otherwise, failure.message()),
    };
    Problem::at_text(rule, file, failure.range.clone(), label)
}
