//! The code that a program wants to run beside its migrations.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::hook::Hook;

/// What a hook returns: any error will do, and `?` takes each.
pub type HookResult = Result<(), Box<dyn StdError + Send + Sync>>;

/// Everything that was given to [`before`](crate::Migrator::before) and [`after`](crate::Migrator::after), in that order.
#[derive(Clone, Default)]
pub(crate) struct Hooks<'m>(Vec<Registered<'m>>);

#[derive(Clone)]
struct Registered<'m> {
    number: i64,
    when: When,
    run: Arc<Run<'m>>,
}

pub(crate) type Run<'m> = dyn Fn(&Hook<'_>) -> HookResult + Send + Sync + 'm;

/// On which side of its migration a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Before the first statement of the migration.
    Before,
    /// After the last one.
    After,
}

impl<'m> Hooks<'m> {
    pub(crate) fn add(&mut self, when: When, number: i64, run: impl Fn(&Hook<'_>) -> HookResult + Send + Sync + 'm) {
        self.0.push(Registered { number, when, run: Arc::new(run) });
    }

    /// Whether there is one for this migration.
    pub(crate) fn are_there(&self, number: i64) -> bool {
        self.0.iter().any(|hook| hook.number == number)
    }

    /// Those that belong on this side of the migration.
    pub(crate) fn of(&self, number: i64, when: When) -> impl Iterator<Item = &Run<'m>> {
        let belong = move |hook: &&Registered<'m>| hook.number == number && hook.when == when;
        self.0.iter().filter(belong).map(|hook| &*hook.run)
    }
}

impl fmt::Debug for Hooks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|hook| (hook.when, hook.number))).finish()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before",
            Self::After => "after",
        })
    }
}
