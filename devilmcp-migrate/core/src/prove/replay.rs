//! Every migration up, down and up again, on a real SQLite in memory, with rows in the tables.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::catalog::{Catalog, Change, Delta};
use super::contents::{Contents, Readable};
use super::explain::explain;
use super::failure::{self, Verdict};
use super::loss::{self, Loss, LossKind};
use super::populate::Population;
use super::shape::Guess;
use super::{culprit, probe, reversal};
use crate::authorizer::Watch;
use crate::digest::Digest;
use crate::hazard::Hazard;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::run::{Failure, faults, message, run};
use crate::schema::Schema;
use crate::schema::name::Ident;
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
    pub(super) population: Population,
    /// What was in the tables when they were last looked at.
    pub(super) contents: Contents,
    /// Rows whose foreign keys point at nothing, by table.
    dangling: BTreeMap<Ident, usize>,
}

/// What a script has done.
pub(super) struct Effect {
    pub(super) delta: Delta,
    /// The tables whose definition or rows it has changed.
    pub(super) touched: BTreeSet<Ident>,
    /// What was in them before.
    pub(super) before: Contents,
}

/// How trying one migration ended.
enum Outcome {
    /// It works, and this is what it does.
    Applied(Vec<Change>),
    /// It fails, and nothing after it can be tried.
    Broken(Failure),
    /// It fails with the rows that are there.
    FailsWithRows(Failure),
}

impl Replay {
    fn new() -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        // As the server does it: foreign keys off, everything in one transaction. A build touches no file.
        conn.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; BEGIN")?;
        let watch = Watch::install(&mut conn)?;
        Ok(Self {
            conn,
            watch,
            catalog: Catalog::default(),
            population: Population::new(Guess::Digits, true),
            contents: Contents::default(),
            dangling: BTreeMap::new(),
        })
    }

    fn all(mut self, scripts: &[Script], problems: &mut Problems) -> rusqlite::Result<Option<Proof>> {
        let mut changes = Vec::with_capacity(scripts.len());
        for (at, script) in scripts.iter().enumerate() {
            let mut outcome = self.one(script, &scripts[..=at], problems)?;
            if let Outcome::FailsWithRows(failure) = outcome {
                let verdict = failure::judge(&scripts[..=at], failure)?;
                // Whoever is to blame, the migration is tried without rows, and the next one with new ones.
                let is_off = self.population.is_off;
                self = Self::after(&scripts[..at])?;
                self.population.is_off = true;
                outcome = match verdict {
                    Verdict::Broken(failure) => Outcome::Broken(failure),
                    Verdict::Undecided => self.one(script, &scripts[..=at], problems)?,
                    Verdict::Hazard(failure, rule, hazard, rows) => {
                        if !hazard.is_some_and(|hazard| script.directives.allowed.contains(&hazard)) {
                            problems.push(failure::problem(rule, &script.up, &failure, rows));
                        }
                        self.one(script, &scripts[..=at], problems)?
                    }
                };
                self.population.is_off = is_off;
                self.fill_all();
                self.recover(&scripts[..=at])?;
            }
            match outcome {
                Outcome::Applied(what) => changes.push(what),
                Outcome::Broken(failure) | Outcome::FailsWithRows(failure) => {
                    problems.push(explain(&rule::FAILS, &script.up, &failure));
                    self.check_the_rest(&scripts[at..], &failure, problems);
                    return Ok(None);
                }
            }
        }
        if problems.has_errors() {
            return Ok(None);
        }
        Ok(Some(Proof { changes, fingerprint: Schema::read(&self.conn)?.fingerprint() }))
    }

    /// Tries one migration, the last of `scripts`, and its way back. Afterwards it is applied, and tables have new rows.
    fn one(&mut self, script: &Script, scripts: &[Script], problems: &mut Problems) -> rusqlite::Result<Outcome> {
        let provoked = probe::try_out(self, script)?;
        if let Err(failure) = self.run(&script.up) {
            let is_empty = self.contents.is_empty();
            return Ok(if is_empty { Outcome::Broken(failure) } else { Outcome::FailsWithRows(failure) });
        }
        if let Some(provoked) = provoked
            && let Some((rule, hazard)) = failure::hazard(&provoked.failure, &script.up)
            && !hazard.is_some_and(|hazard| script.directives.allowed.contains(&hazard))
        {
            problems.push(failure::problem(rule, &script.up, &provoked.failure, &provoked.rows));
        }
        let effect = self.follow()?;
        let changes = effect.delta.changes();
        let losses = loss::losses(&effect.before, &self.contents, &effect.touched);
        self.report_losses(scripts, &losses, problems)?;
        self.report_dangling(script, &effect.touched, problems);
        if script.directives.baseline.is_some() && !self.is_idempotent(script, problems)? {
            self.renew(scripts)?;
            return Ok(Outcome::Applied(changes));
        }
        let mut touched = effect.touched.clone();
        match &script.down {
            None => self.refill(&touched),
            Some(down) => match reversal::check(self, scripts, down, &effect, &losses, problems)? {
                reversal::Outcome::Restored(more) => {
                    touched.extend(more);
                    self.refill(&touched);
                }
                // The schema is not what the migrations made, so the next one is tried on one that is.
                reversal::Outcome::Spoiled => self.renew(scripts)?,
            },
        }
        self.recover(scripts)?;
        Ok(Outcome::Applied(changes))
    }

    /// A new database to which `scripts`, which have worked before, were applied, without rows of ours.
    pub(super) fn after(scripts: &[Script]) -> rusqlite::Result<Self> {
        let mut replay = Self::new()?;
        for script in scripts {
            replay.run(&script.up).map_err(|failure| failure.error)?;
        }
        let touched = replay.watch.take_touched();
        replay.catalog.follow(&replay.conn, &touched)?;
        replay.watch.take_touched();
        Ok(replay)
    }

    /// A new database in the place of this one, which is not any more what `scripts` make.
    fn renew(&mut self, scripts: &[Script]) -> rusqlite::Result<()> {
        let is_off = self.population.is_off;
        *self = Self::after(scripts)?;
        self.population.is_off = is_off;
        self.fill_all();
        self.recover(scripts)
    }

    /// A trigger may undo the whole transaction when a row is added: then there will be no rows any more.
    fn recover(&mut self, scripts: &[Script]) -> rusqlite::Result<()> {
        if self.conn.is_autocommit() {
            *self = Self::after(scripts)?;
            self.population.is_off = true;
        }
        Ok(())
    }

    pub(super) fn run(&self, file: &SourceFile) -> Result<(), Failure> {
        run(&self.conn, &self.watch, &file.text)
    }

    /// Looks at what the last script has done.
    pub(super) fn follow(&mut self) -> rusqlite::Result<Effect> {
        let seen = self.watch.take_touched();
        let delta = self.catalog.follow(&self.conn, &seen)?;
        let mut touched = delta.tables();
        touched.extend(seen.written.into_iter().map(Ident::new));
        let before = self.contents.of(&touched);
        self.look(&touched);
        Ok(Effect { delta, touched, before })
    }

    /// Gives every table rows.
    pub(super) fn fill_all(&mut self) {
        let all = self.catalog.all_tables().into_keys().collect();
        self.refill(&all);
    }

    /// Gives these tables new rows.
    fn refill(&mut self, names: &BTreeSet<Ident>) {
        let tables = self.catalog.tables(names.iter());
        self.population.fill(&self.conn, &tables);
        // Triggers may have written elsewhere.
        let written = self.watch.take_touched().written;
        let touched: BTreeSet<Ident> = names.iter().cloned().chain(written.into_iter().map(Ident::new)).collect();
        self.look(&touched);
        for name in self.catalog.family(&touched) {
            let count = failure::dangling(&self.conn, name.as_str());
            self.dangling.insert(name, count);
        }
        self.watch.take_touched();
    }

    fn look(&mut self, names: &BTreeSet<Ident>) {
        for name in names {
            let table = self.catalog.table(name);
            let readable = match &table {
                Some(table) => Readable::Table(table),
                None if self.catalog.is_virtual(name) => Readable::Virtual,
                None => Readable::Nothing,
            };
            self.contents.read(&self.conn, name, readable);
        }
        // Our own look is not a script's doing.
        self.watch.take_touched();
    }

    fn report_losses(&self, scripts: &[Script], losses: &[Loss], problems: &mut Problems) -> rusqlite::Result<()> {
        let Some(script) = scripts.last().filter(|script| !script.directives.allowed.contains(&Hazard::DataLoss))
        else {
            return Ok(());
        };
        for (rule, is_swap) in [(&rule::DATA_LOSS, false), (&rule::SWAPPED, true)] {
            let of_kind: Vec<&Loss> =
                losses.iter().filter(|loss| matches!(loss.kind, LossKind::Swapped(_)) == is_swap).collect();
            for (statement, losses) in culprit::statements_that_lose(scripts, &of_kind)? {
                let label = if is_swap { "the values are swapped here" } else { "the values are gone after this" };
                let title = format!("{} {}", script.label(), rule.title.trim_start_matches("the migration "));
                let mut problem = Problem::at_text(rule, &script.up, statement, label).titled(title);
                problem.notes = losses.iter().map(ToString::to_string).collect();
                problems.push(problem);
            }
        }
        Ok(())
    }

    fn report_dangling(&mut self, script: &Script, touched: &BTreeSet<Ident>, problems: &mut Problems) {
        if self.contents.is_empty() || script.directives.allowed.contains(&Hazard::ForeignKey) {
            return;
        }
        // Altogether: a table that was renamed has the rows that the old one had.
        let family = self.catalog.family(touched);
        let before: usize = family.iter().filter_map(|name| self.dangling.get(name)).sum();
        let after: Vec<(&Ident, usize)> =
            family.iter().map(|name| (name, failure::dangling(&self.conn, name.as_str()))).collect();
        if after.iter().map(|(_, count)| count).sum::<usize>() > before {
            let mut problem = Problem::at_path(&rule::DANGLING_ROWS, &*script.up.path);
            let more = after.into_iter().filter(|(name, count)| *count > self.dangling.get(name).copied().unwrap_or(0));
            problem
                .notes
                .extend(more.map(|(name, count)| format!("table `{name}`: {count} of the rows that were tried")));
            problems.push(problem);
        }
        self.watch.take_touched();
    }

    fn is_idempotent(&mut self, script: &Script, problems: &mut Problems) -> rusqlite::Result<bool> {
        if let Err(failure) = self.run(&script.up) {
            problems.push(explain(&rule::BASELINE_NOT_IDEMPOTENT, &script.up, &failure));
            return Ok(false);
        }
        let again = self.follow()?.delta;
        if !again.is_empty() {
            let mut problem = Problem::at_path(&rule::BASELINE_NOT_IDEMPOTENT, &*script.up.path);
            problem.notes.extend(again.changes().iter().map(|change| format!("run again, it changes {}", change.key)));
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
