//! What happens during a run, as it happens.

use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::hooks::When;
use crate::plan::{Action, Plan, Segment, Step};
use crate::printable::Printable;
use crate::report::{Done, Report};

/// What happens during a run, as it happens; see [`Migrator::on_event`](crate::Migrator::on_event).
///
/// A run that finds something to do raises [`Started`](Self::Started) once, and ends with [`Finished`](Self::Finished) or
/// [`Failed`](Self::Failed). One that finds nothing to do raises nothing, unless it has to wait. `Display` says each on one line.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The write lock is held, and this is going to be done. Where a plan has several [segments](crate::Segment), another process may
    /// still do some of it first.
    #[non_exhaustive]
    Started {
        /// What is going to be done.
        plan: &'a Plan,
        /// The number of the migration that this leads to; none before the first.
        to: Option<i64>,
    },
    /// The [backup](crate::Migrator::backup) that comes before the first change is being made. Told again and again, until all pages
    /// are copied.
    #[non_exhaustive]
    Backup {
        /// How many pages of the database are copied.
        copied: u64,
        /// How many it has.
        of: u64,
    },
    /// A migration is about to be applied, adopted or undone.
    #[non_exhaustive]
    MigrationStarted {
        /// Which, and what becomes of it.
        step: &'a Step,
    },
    /// A [hook](crate::Migrator::after) of it is about to be run.
    #[non_exhaustive]
    Hook {
        /// Of which migration.
        step: &'a Step,
        /// On which side of it.
        when: When,
    },
    /// A statement of it is about to be run. Of a migration that is not run, because a new database is made from the
    /// [summary](crate::Migrations#new-databases) of many, none is told.
    #[non_exhaustive]
    Statement {
        /// Of which migration.
        step: &'a Step,
        /// Where it begins in [`Step::sql`]; the first line is 1.
        line: usize,
        /// Its text.
        sql: &'a str,
        /// Which of the script's statements it is; the first is 1.
        at: usize,
        /// How many there are.
        of: usize,
    },
    /// The statement of the last [`Statement`](Self::Statement) is still being run; a few times a second.
    #[non_exhaustive]
    Progress {
        /// Of which migration.
        step: &'a Step,
        /// Where it begins in [`Step::sql`]; the first line is 1.
        line: usize,
        /// For how long.
        elapsed: Duration,
    },
    /// Another connection holds a lock, or is at a migration outside of a transaction: after a tenth of a second of waiting, and
    /// then every second. It may come before `Started`, and nothing after it, if that other one has done what was to be done.
    #[non_exhaustive]
    Waiting {
        /// For how long, so far.
        elapsed: Duration,
    },
    /// A migration has been applied, adopted or undone. It is not permanent before its segment is.
    #[non_exhaustive]
    MigrationFinished {
        /// Which, what became of it, and how long that took.
        done: &'a Done,
    },
    /// A segment is permanent, with its part of the history.
    #[non_exhaustive]
    Committed {
        /// What was done in it.
        segment: Segment<'a>,
    },
    /// All is done; the verb is about to return this.
    #[non_exhaustive]
    Finished {
        /// What the run has done.
        report: &'a Report,
    },
    /// The run ends early; the verb is about to return this. What has not been [committed](Self::Committed) is rolled back.
    #[non_exhaustive]
    Failed {
        /// Why.
        error: &'a crate::Error,
    },
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = Printable(f);
        match *self {
            Self::Started { plan, to } => {
                let count = plan.steps().len();
                let s = if count == 1 { "" } else { "s" };
                write!(f, "from {} to {}: {count} migration{s}", At(plan.current()), At(to))
            }
            Self::Backup { copied, of } => write!(f, "backup: {copied} of {of} pages"),
            Self::MigrationStarted { step } => {
                let verb = match step.action() {
                    Action::Apply => "applying",
                    Action::Adopt => "adopting",
                    Action::Revert => "undoing",
                };
                write!(f, "{verb} {}", step.label())
            }
            Self::Hook { step, when } => write!(f, "the hook {when} {}", step.label()),
            Self::Statement { step, line, sql, at, of } => {
                let first = sql.lines().next().unwrap_or_default();
                write!(f, "{}: statement {at} of {of}, line {line}: {first}", step.label())
            }
            Self::Progress { step, line, elapsed } => {
                write!(f, "{}: still at line {line}, for {elapsed:.1?}", step.label())
            }
            Self::Waiting { elapsed } => write!(f, "waiting for another connection, for {elapsed:.1?}"),
            Self::MigrationFinished { done } => {
                write!(f, "{:04}_{}: {:.1?}", done.number(), done.name(), done.duration())
            }
            Self::Committed { segment } => match segment.steps() {
                [] => f.write_str("committed"),
                [step] => write!(f, "committed {}", step.label()),
                [first, .., last] => write!(f, "committed {} to {}", first.label(), last.label()),
            },
            Self::Finished { report } => write!(f, "at {}", At(report.to())),
            Self::Failed { error } => write!(f, "failed: {error}"),
        }
    }
}

/// Where a database stands, by number.
struct At(Option<i64>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(f, "{number:04}"),
            None => f.write_str("nothing"),
        }
    }
}
