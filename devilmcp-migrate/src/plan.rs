//! What is to be done, decided without touching a database.

use std::borrow::Cow;
use std::time::Instant;

use devilmcp_migrate_core::migration::{Migration, Past};
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::name::label;
use devilmcp_migrate_core::standing::Standing;

use crate::claim::Claim;
use crate::embedded::Embedded;
use crate::error::{Error, Inner};
use crate::ledger::Record;
use crate::order::Order;
use crate::policy::Newer;
use crate::report::Done;

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub(crate) current: i64,
    pub(crate) steps: Vec<Step>,
}

/// One migration, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub(crate) number: i64,
    pub(crate) name: Cow<'static, str>,
    pub(crate) action: Action,
    pub(crate) sql: Cow<'static, str>,
    pub(crate) standing: Standing,
    pub(crate) mode: Mode,
    /// The program runs code of its own beside it.
    pub(crate) has_hooks: bool,
}

/// Migrations that are applied or undone in one transaction: all of them, or none.
///
/// A run is one segment, unless migrations say `-- migrate: foreign_keys(on)`: SQLite lets foreign keys be switched only
/// [outside of a transaction](https://sqlite.org/pragma.html#pragma_foreign_keys). Or they say `-- migrate: no_transaction`:
/// each of those is a segment by itself, and [not atomic](Segment::is_atomic). If one segment fails, those before it stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a>(&'a [Step]);

/// What becomes of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// It is applied.
    Apply,
    /// What it makes is there already, or most of it: what is missing is made, and the whole counts as applied.
    Adopt,
    /// It is undone.
    Revert,
}

impl Plan {
    /// The number of the migration that the database is at; none before the first.
    pub fn current(&self) -> Option<i64> {
        (self.current > 0).then_some(self.current)
    }

    /// What would be done, in order; empty if nothing.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The same by the transaction that each is done in.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        segments(&self.steps)
    }

    /// All of it as one segment, as it is when it was [split off](Self::split).
    pub(crate) fn whole(&self) -> Segment<'_> {
        Segment(&self.steps)
    }

    /// In what it begins; nothing if there is nothing to do.
    pub(crate) fn mode(&self) -> Option<Mode> {
        self.steps.first().map(|step| step.mode)
    }

    /// Takes the first segment, and what is left.
    pub(crate) fn split(self) -> (Self, Vec<Step>) {
        let length = self.segments().next().map_or(0, |segment| segment.0.len());
        let Self { current, steps: mut now } = self;
        let later = now.split_off(length);
        (Self { current, steps: now }, later)
    }
}

pub(crate) fn segments(steps: &[Step]) -> impl Iterator<Item = Segment<'_>> {
    steps.chunk_by(|step, next| step.mode == next.mode && step.mode.is_atomic()).map(Segment)
}

impl<'a> Segment<'a> {
    /// What is done, in order.
    pub fn steps(self) -> &'a [Step] {
        self.0
    }

    /// Whether it is one transaction. Otherwise it is one migration that is run outside of any, statement by statement: if it
    /// is interrupted, some have been run, and [somebody has to see which](crate::Migrator::resolve).
    pub fn is_atomic(self) -> bool {
        self.0.iter().all(|step| step.mode.is_atomic())
    }

    /// Whether SQLite enforces foreign keys meanwhile. Otherwise they are checked before the commit.
    pub fn enforces_foreign_keys(self) -> bool {
        self.0.first().is_some_and(|step| step.mode.enforces_foreign_keys())
    }
}

impl Step {
    /// The migration's number.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The migration's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What becomes of it.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The script that is run for it; empty if all that it makes is there.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Whether the program runs code of its own [before](crate::Migrator::before) or [after](crate::Migrator::after) it.
    pub fn has_hooks(&self) -> bool {
        self.has_hooks
    }

    pub(crate) fn label(&self) -> String {
        label(self.number, &self.name)
    }

    /// Which of its scripts is run, as messages begin.
    pub(crate) fn direction(&self) -> &'static str {
        match self.action {
            Action::Apply | Action::Adopt => "migration",
            Action::Revert => "the way back of",
        }
    }

    /// What became of it, begun at that time.
    pub(crate) fn done(&self, started: Instant) -> Done {
        let Self { number, name, action, sql: _, standing: _, mode: _, has_hooks: _ } = self;
        Done { number: *number, name: name.clone(), action: *action, duration: started.elapsed() }
    }
}

/// Which way to go, and how far; 0 is before the first migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    Upgrade(i64),
    Downgrade(i64),
}

impl Goal {
    /// The number of the migration that it leads to; none before the first.
    pub(crate) fn to(self) -> Option<i64> {
        let (Self::Upgrade(to) | Self::Downgrade(to)) = self;
        (to > 0).then_some(to)
    }
}

/// What a database is found to be.
#[derive(Debug)]
pub(crate) struct Situation<'a> {
    /// What was applied, oldest first.
    pub(crate) history: &'a [Record],
    /// The number up to which what is there can be adopted; 0 if nothing can.
    pub(crate) adoptable: i64,
    /// What was begun outside of a transaction, and is not recorded as done.
    pub(crate) claim: Option<&'a Claim>,
}

/// Decides what leads to the goal, or why nothing does.
pub(crate) fn make(situation: &Situation<'_>, order: Order<'_>) -> Result<Plan, Error> {
    let Order { embedded, options, goal } = order;
    let history = situation.history;
    check(history, embedded)?;
    if let Some(claim) = situation.claim {
        return Err(claim.interrupted());
    }
    let current = history.last().map_or(0, |record| record.number);
    if let (Goal::Upgrade(_), Some(squash), Some(last)) = (goal, embedded.squash(), history.last())
        && last.number < squash.number
    {
        return Err(embedded.before_squash(format!("is at {}", last.label())));
    }
    let steps = match goal {
        Goal::Upgrade(target) => {
            let newer = history.last().filter(|record| record.number > embedded.latest());
            let to_latest = target == embedded.latest();
            match (newer, options.newer) {
                (Some(newer), Newer::Refuse) => return Err(newer_than(newer, embedded)),
                (Some(_), Newer::Accept) if to_latest => Vec::new(),
                (Some(_), Newer::Downgrade) if to_latest => undo(history, target, order)?,
                _ => {
                    // What is there cannot be taken for less than it is.
                    direction(current.max(situation.adoptable), target, history, embedded, true)?;
                    let is_pending = |number| number > current && number <= target;
                    let pending = embedded.migrations.iter().filter(|migration| is_pending(migration.number));
                    pending.map(|migration| apply(&migration, situation.adoptable, order)).collect::<Result<_, _>>()?
                }
            }
        }
        Goal::Downgrade(to) => {
            direction(current, to, history, embedded, false)?;
            undo(history, to, order)?
        }
    };
    Ok(Plan { current, steps })
}

/// Whether what was applied is what this program holds, as far as both go.
pub(crate) fn check(history: &[Record], embedded: &Embedded) -> Result<(), Error> {
    let is_changed = |record: &&Record| {
        embedded.recorded(record.number).is_some_and(|known| known.digest != record.digest || known.name != record.name)
    };
    let edited: Vec<String> = history.iter().filter(is_changed).map(|record| edited(record, embedded)).collect();
    if !edited.is_empty() {
        return Err(Inner::Edited { migrations: edited }.into());
    }
    let unknown =
        history.iter().filter(|record| record.number < embedded.latest() && embedded.recorded(record.number).is_none());
    let unknown: Vec<String> = unknown.map(Record::label).collect();
    if !unknown.is_empty() {
        return Err(Inner::Missing { migrations: unknown }.into());
    }
    let Some(newest) = history.last() else { return Ok(()) };
    let is_skipped = |migration: &Past| {
        migration.number < newest.number
            && history.binary_search_by_key(&migration.number, |record| record.number).is_err()
    };
    let skipped: Vec<String> = embedded.released().filter(is_skipped).map(|skipped| skipped.label()).collect();
    if !skipped.is_empty() {
        return Err(Inner::OutOfOrder { migrations: skipped, newest: newest.label() }.into());
    }
    Ok(())
}

fn edited(record: &Record, embedded: &Embedded) -> String {
    match embedded.recorded(record.number) {
        Some(known) if known.name != record.name && known.digest != record.digest => {
            format!("{} was edited and renamed to {}", record.label(), known.label())
        }
        Some(known) if known.name != record.name => format!("{} was renamed to {}", record.label(), known.label()),
        _ => format!("{} was edited", record.label()),
    }
}

pub(crate) fn newer_than(record: &Record, embedded: &Embedded) -> Error {
    let program = embedded.migrations.last().map_or_else(|| "nothing".to_owned(), |migration| migration.label());
    Inner::Newer { database: record.label(), program }.into()
}

/// Refuses a target that lies the other way: to go there is a decision, not an accident.
fn direction(current: i64, target: i64, history: &[Record], embedded: &Embedded, up: bool) -> Result<(), Error> {
    if (up && target >= current) || (!up && target <= current) {
        return Ok(());
    }
    let label = |number: i64| match (history.iter().find(|record| record.number == number), embedded.find(number)) {
        (Some(record), _) => record.label(),
        (None, Some(migration)) => migration.label(),
        (None, None) => "the state before the first migration".to_owned(),
    };
    let (side, verb) = if up { ("beyond", "downgrade") } else { ("short of", "upgrade") };
    Err(Inner::WrongDirection { current: label(current), side, target: label(target), verb }.into())
}

fn apply(migration: &Migration<'static>, adoptable: i64, order: Order<'_>) -> Result<Step, Error> {
    let Order { embedded, options, goal: _ } = order;
    let (action, sql) = match migration.number {
        number if number > adoptable => (Action::Apply, migration.up),
        number if embedded.is_baseline(number) && number == adoptable => (Action::Adopt, migration.up),
        // Everything is there; and the baseline cannot be run over what later migrations have made of it.
        _ => (Action::Adopt, ""),
    };
    let Migration { number, name, standing, mode, .. } = *migration;
    // Of what is there already nothing is run.
    let mode = if action == Action::Adopt { Mode::Plain } else { mode };
    let has_hooks = action == Action::Apply && options.hooks.are_there(number);
    if has_hooks && !mode.is_atomic() {
        return Err(Inner::HookOutside { migration: migration.label() }.into());
    }
    Ok(Step { number, name: name.into(), action, sql: sql.into(), standing, mode, has_hooks })
}

/// What undoes everything after a migration, newest first.
fn undo(history: &[Record], to: i64, order: Order<'_>) -> Result<Vec<Step>, Error> {
    let undone = history.iter().rev().take_while(|record| record.number > to);
    undone.map(|record| revert(record, order.embedded, order.options.below_baseline)).collect()
}

fn revert(record: &Record, embedded: &Embedded, below_baseline: bool) -> Result<Step, Error> {
    if let Some(squash) = embedded.squash().filter(|squash| record.number <= squash.number) {
        return Err(Inner::BelowSquash { migration: record.label(), squash: squash.label() }.into());
    }
    if record.adopted && !below_baseline {
        return Err(Inner::BelowBaseline { migration: record.label() }.into());
    }
    // This program's own way back was proved when it was compiled; the stored one serves where it has none.
    let own = embedded.find(record.number).and_then(|own| Some((own.mode, Cow::Borrowed(own.down?), own.standing)));
    let stored = || {
        let (mode, down) = Mode::of_stored(record.down.as_deref()?);
        Some((mode, Cow::Owned(down.to_owned()), Standing::Draft))
    };
    let way = own.or_else(stored).ok_or_else(|| Error::from(Inner::Irreversible { migration: record.label() }));
    let (mode, sql, standing) = way?;
    let (number, name, action) = (record.number, record.name.clone().into(), Action::Revert);
    Ok(Step { number, name, action, sql, standing, mode, has_hooks: false })
}
