//! A checkpoint made, and shown to be the same as running the migrations that it stands for.

use rusqlite::Batch;
use rusqlite::fallible_iterator::FallibleIterator as _;

use super::delta::Change;
use super::dump::{Dump, VIRTUAL, entries};
use super::trial::Trial;
use super::unprovable::Unprovable;
use super::{clock, pragmas};
use crate::checkpoint::{Checkpoint, HEAD_LINES};
use crate::lockfile::Lock;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::Schema;
use crate::script::Script;
use crate::source::SourceFile;

/// The text of a checkpoint that stands for `scripts`, which have worked before.
///
/// They are run, and again as if it were another time. The database is written down and made again from that, and both are
/// compared: the schema and every row.
///
/// # Errors
/// It would not be certain that they are the same.
pub fn freeze(scripts: &[Script]) -> Result<String, Unprovable> {
    pragmas::check(scripts)?;
    let mut trial = Trial::new()?;
    trial.catalog.ask();
    let changes = trial.steps(scripts)?;
    let dump = Dump::of(&trial.conn)?;
    let mut then = Trial::new()?;
    clock::turn_back(&then.conn)?;
    then.steps(scripts)?;
    if let Some(table) = dump.different_table(&Dump::of(&then.conn)?) {
        return Err(Unprovable::Unsteady(table.to_owned()));
    }
    let fingerprint = Schema::read(&trial.conn)?.fingerprint();
    let text = Checkpoint::write(scripts, &changes, fingerprint, &dump.sql).ok_or(Unprovable::Name)?;
    // As it will be read, which changes line ends.
    let file = SourceFile::new("", text.clone());
    let read = Checkpoint::read(&file, &Lock::of(scripts)).ok().filter(|_| *file.text == *text);
    let read = read.filter(|read| **read.changes() == changes).ok_or(Unprovable::Different)?;
    let again = Trial::new()?;
    again.resume(&read)?;
    let is_same = read.fingerprint() == Some(Schema::read(&again.conn)?.fingerprint())
        && entries(&again.conn)? == entries(&trial.conn)?
        && Dump::of(&again.conn)?.sql == dump.sql;
    is_same.then_some(text).ok_or(Unprovable::Different)
}

/// Runs all that the checkpoint in `file` stands for, and reports if that comes to something else.
pub fn confirm(file: &SourceFile, scripts: &[Script], checkpoint: &Checkpoint, problems: &mut Problems) {
    let end = scripts.partition_point(|script| script.number <= checkpoint.last());
    match freeze(&scripts[..end]) {
        Ok(text) => problems.extend(difference(file, &text)),
        Err(reason) => {
            let title = format!("the checkpoint cannot be shown to be what the locked migrations make: {reason}");
            problems.push(Problem::at_path(&rule::CHECKPOINT_WRONG, &*file.path).titled(title).helped(DELETE));
        }
    }
}

/// The first line of `file` that is not as `expected`.
fn difference(file: &SourceFile, expected: &str) -> Option<Problem> {
    let mut start = 0;
    let mut expected = expected.lines().skip(HEAD_LINES);
    for (at, line) in file.text.lines().enumerate() {
        let range = start..start + line.len();
        start = range.end + 1;
        // The head is bound to the rest, which says more.
        let instead = if at < HEAD_LINES { continue } else { expected.next() };
        if instead != Some(line) {
            let problem = Problem::at_text(&rule::CHECKPOINT_WRONG, file, range, "begins to be something else here");
            let instead = instead.map_or("nothing more".to_owned(), |line| format!("`{line}`"));
            return Some(problem.noted(format!("the migrations make {instead} instead")));
        }
    }
    let more = expected.next()?;
    let end = file.text.trim_end().len();
    let problem = Problem::at_text(&rule::CHECKPOINT_WRONG, file, end..end, "ends here");
    Some(problem.noted(format!("the migrations make more: `{more}`")))
}

impl Trial {
    /// Runs migrations that have worked before, and says what each does to the schema.
    pub(super) fn steps(&mut self, scripts: &[Script]) -> rusqlite::Result<Vec<Vec<Change>>> {
        scripts.iter().map(|script| self.step(script)?.map_err(|failure| failure.error)).collect()
    }

    /// Makes the database of a checkpoint, and does not look at it.
    pub(super) fn resume(&self, checkpoint: &Checkpoint) -> rusqlite::Result<()> {
        self.make(checkpoint.sql())
    }

    /// Makes the database that was written down so.
    pub(super) fn make(&self, sql: &str) -> rusqlite::Result<()> {
        let mut statements = Batch::new(&self.conn, sql);
        while let Some(mut statement) = self.watch.preparing(|| statements.next())? {
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
        }
        if sql.contains(VIRTUAL) {
            // What modules keep in memory of their tables was true before these were filled.
            self.conn.execute_batch("PRAGMA writable_schema = RESET")?;
        }
        Ok(())
    }
}

const DELETE: &str = "delete it: without it, all that is locked is run in every build";
