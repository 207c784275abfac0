//! A database in memory on which migrations are tried.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::Connection;

use super::catalog::Catalog;
use super::contents::{Contents, Readable};
use super::delta::{Change, Delta};
use super::failure;
use super::patience::Patience;
use super::populate::Population;
use super::shape::Guess;
use crate::authorizer::{Touched, Watch};
use crate::checkpoint::Checkpoint;
use crate::mode::Mode;
use crate::run::{Failure, faults, kept, run, statement};
use crate::schema::name::Ident;
use crate::script::Script;
use crate::source::SourceFile;
use crate::standing::Standing;

/// A database in memory, as far as the migrations have brought it.
pub(super) struct Trial {
    pub(super) conn: Connection,
    pub(super) watch: Watch,
    patience: Patience,
    pub(super) catalog: Catalog,
    pub(super) population: Population,
    /// What was in the tables when they were last looked at.
    pub(super) contents: Contents,
    /// Rows whose foreign keys point at nothing, by table.
    pub(super) dangling: BTreeMap<Ident, usize>,
}

/// What a script has done.
pub(super) struct Effect {
    pub(super) delta: Delta,
    /// The tables whose definition or rows it has changed.
    pub(super) touched: BTreeSet<Ident>,
    /// What was in them before.
    pub(super) before: Contents,
}

impl Trial {
    pub(super) fn new() -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        // A build touches no file.
        conn.execute_batch("PRAGMA temp_store = MEMORY")?;
        let watch = Watch::install(&mut conn)?;
        Mode::Plain.begin(&conn, &watch)?;
        let patience = Patience::install(&mut conn)?;
        Ok(Self {
            conn,
            watch,
            patience,
            catalog: Catalog::default(),
            population: Population::new(Guess::Digits, true),
            contents: Contents::default(),
            dangling: BTreeMap::new(),
        })
    }

    /// A new database to which `scripts`, which have worked before, were applied, without rows of ours.
    pub(super) fn after(scripts: &[Script]) -> rusqlite::Result<Self> {
        let mut trial = Self::new()?;
        let checkpoint = latest(scripts);
        let rest = checkpoint.map_or(scripts, |(at, _)| &scripts[at + 1..]);
        if let Some((_, checkpoint)) = checkpoint {
            trial.resume(checkpoint)?;
        }
        for script in rest {
            trial.apply(script).map_err(|failure| failure.error)?;
        }
        // Nothing has been looked at, so nothing is gained by looking here and there.
        let touched = Touched { renamed: true, ..trial.watch.take_touched() };
        trial.catalog.follow(&trial.conn, &touched)?;
        trial.watch.take_touched();
        Ok(trial)
    }

    /// A new database in the place of this one, which is not any more what `scripts` make.
    pub(super) fn renew(&mut self, scripts: &[Script]) -> rusqlite::Result<()> {
        let is_off = self.population.is_off;
        *self = Self::after(scripts)?;
        self.population.is_off = is_off;
        self.fill_all();
        self.recover(scripts)
    }

    /// A trigger may undo the whole transaction when a row is added: then there will be no rows any more.
    pub(super) fn recover(&mut self, scripts: &[Script]) -> rusqlite::Result<()> {
        if self.conn.is_autocommit() {
            *self = Self::after(scripts)?;
            self.population.is_off = true;
        }
        Ok(())
    }

    /// Runs a script that is judged, as the server will.
    pub(super) fn run(&self, file: &SourceFile, mode: Mode) -> Result<(), Failure> {
        self.within(mode, &file.text, || self.execute(file))
    }

    /// Runs a script that is judged, in whatever mode the database is.
    pub(super) fn execute(&self, file: &SourceFile) -> Result<(), Failure> {
        self.patiently(|| run(&self.conn, &self.watch, &file.text, Standing::Draft))
    }

    /// Runs the way up of a migration that has shipped, or was judged.
    pub(super) fn apply(&self, script: &Script) -> Result<(), Failure> {
        self.apply_statements(script, kept(&script.up.text, script.standing))
    }

    fn apply_statements(&self, script: &Script, statements: impl Iterator<Item = Range<usize>>) -> Result<(), Failure> {
        let up = &*script.up.text;
        let mut each = statements.map(|range| statement(&self.conn, &self.watch, up, range));
        self.within(script.mode(), up, || self.patiently(|| each.try_for_each(|outcome| outcome)))
    }

    /// What is wrong in itself with a file of `script`.
    pub(super) fn faults(&self, script: &Script, file: &SourceFile) -> Vec<Failure> {
        self.watch.enter(script.mode());
        let faults = faults(&self.conn, &self.watch, &file.text, script.standing);
        self.watch.enter(Mode::Plain);
        faults
    }

    fn within(&self, mode: Mode, script: &str, act: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        let failed = |error| Failure::at_end(script, error);
        self.enter(mode).map_err(failed)?;
        let outcome = act();
        let left = self.leave(mode).map_err(failed);
        outcome.and(left)
    }

    /// Between scripts, as in most of them, the database is in a transaction without foreign keys. This ends it, for a script
    /// that is run in something else.
    pub(super) fn enter(&self, mode: Mode) -> rusqlite::Result<()> {
        if mode == Mode::Plain {
            return Ok(());
        }
        Mode::Plain.end(&self.conn)?;
        mode.begin(&self.conn, &self.watch)
    }

    /// Goes back from what [`enter`](Self::enter) went to.
    pub(super) fn leave(&self, mode: Mode) -> rusqlite::Result<()> {
        if mode == Mode::Plain {
            return Ok(());
        }
        let ended = mode.end(&self.conn);
        Mode::Plain.begin(&self.conn, &self.watch).and(ended)
    }

    /// Applies a migration that is not judged, and looks at what it does.
    pub(super) fn step(&mut self, script: &Script) -> rusqlite::Result<Result<Vec<Change>, Failure>> {
        let statements: Vec<Range<usize>> = kept(&script.up.text, script.standing).collect();
        if let Err(failure) = self.apply_statements(script, statements.iter().cloned()) {
            return Ok(Err(failure));
        }
        let seen = self.watch.take_touched();
        let texts = statements.into_iter().map(|range| &script.up.text[range]);
        let changes = self.catalog.follow_statements(&self.conn, &seen, texts)?;
        self.watch.take_touched();
        Ok(Ok(changes))
    }

    /// Over rows that are made up, nothing may take for ever.
    fn patiently<T>(&self, act: impl FnOnce() -> T) -> T {
        if !self.contents.is_empty() {
            self.patience.limit();
        }
        let outcome = act();
        self.patience.lift();
        outcome
    }

    /// Looks at what the last script has done.
    pub(super) fn follow(&mut self) -> rusqlite::Result<Effect> {
        let (delta, touched) = self.follow_schema()?;
        let before = self.contents.of(&touched);
        self.look(&touched);
        Ok(Effect { delta, touched, before })
    }

    /// Looks at what the last script has done to the schema, and to which tables, but not at their rows: they are to be
    /// looked at anyway.
    pub(super) fn follow_schema(&mut self) -> rusqlite::Result<(Delta, BTreeSet<Ident>)> {
        let seen = self.watch.take_touched();
        let delta = self.catalog.follow(&self.conn, &seen)?;
        let mut touched = delta.tables();
        touched.extend(seen.written.into_iter().map(Ident::new));
        self.watch.take_touched();
        Ok((delta, touched))
    }

    /// Gives every table rows.
    pub(super) fn fill_all(&mut self) {
        let all = self.catalog.all_tables().into_keys().collect();
        self.refill(&all);
    }

    /// Gives these tables new rows.
    pub(super) fn refill(&mut self, names: &BTreeSet<Ident>) {
        let tables = self.catalog.tables(names.iter());
        self.patience.limit();
        self.population.fill(&self.conn, &tables);
        self.patience.lift();
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
}

/// The last checkpoint that stands for some of `scripts`, and where it is.
pub(super) fn latest(scripts: &[Script]) -> Option<(usize, &Checkpoint)> {
    let mut places = scripts.iter().enumerate().rev();
    places.find_map(|(at, script)| Some((at, script.checkpoint.as_ref()?)))
}
