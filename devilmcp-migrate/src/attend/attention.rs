//! What is known of a run that is attended, and who is told.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::event::Event;
use crate::listeners::Listeners;
use crate::order::Options;
use crate::plan::Step;

/// Shared by the run and by the handlers that SQLite calls.
#[derive(Debug)]
pub(crate) struct Attention {
    listeners: Listeners,
    cancel: Option<Cancel>,
    /// The caller's busy timeout; zero if there is none.
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many are at something that must not be cancelled halfway.
    shields: u32,
    /// Nobody is to wait now.
    is_hurried: bool,
    statement: Option<Statement>,
    wait: Option<Wait>,
    /// With what a listener has panicked, under SQLite.
    panic: Option<Panic>,
}

type Panic = Box<dyn Any + Send>;

/// A statement that is being run.
#[derive(Debug)]
struct Statement {
    step: Arc<Step>,
    line: usize,
    since: Instant,
    told: Instant,
}

/// A wait that may not be over.
#[derive(Debug, Clone, Copy)]
struct Wait {
    since: Instant,
    /// When it was last seen to go on.
    seen: Instant,
    /// When somebody has to be told again.
    due: Instant,
}

impl Attention {
    pub(super) fn new(options: &Options<'_>, timeout: Duration) -> Self {
        let (listeners, cancel) = (options.listeners.clone(), options.cancel.clone());
        Self { listeners, cancel, timeout, state: Mutex::default() }
    }

    /// The busy timeout that the caller has set, to be given back.
    pub(super) fn setting(&self) -> Duration {
        self.timeout
    }

    /// Whether waiting is ours to do: where there is no timeout, there may be a busy handler of the caller's, which stays.
    pub(super) fn takes_waiting(&self) -> bool {
        !self.timeout.is_zero()
    }

    /// Whether long statements are ours to attend to. It takes what cannot be given back, so it is for those who were chosen by the
    /// caller: a program that happens to trace is told of waiting, and no more.
    pub(super) fn takes_progress(&self) -> bool {
        self.listeners.are_there() || self.cancel.is_some()
    }

    /// How long is to be waited for a lock now, if that is for us to say.
    pub(super) fn timeout(&self) -> Option<Duration> {
        self.takes_waiting().then(|| if self.state().is_hurried { Duration::ZERO } else { self.timeout })
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    /// Whether somebody has cancelled, and the run is where that can be heeded.
    pub(crate) fn is_ending(&self) -> bool {
        self.is_cancelled() && self.state().shields == 0
    }

    /// Does something that must not be cancelled halfway.
    pub(super) fn shielded<T>(&self, act: impl FnOnce() -> T) -> T {
        self.state().shields += 1;
        // A panic ends the run, and with it this.
        let outcome = act();
        self.state().shields -= 1;
        outcome
    }

    /// Does something without waiting for locks.
    pub(crate) fn hurried<T>(&self, act: impl FnOnce() -> T) -> T {
        self.state().is_hurried = true;
        let outcome = act();
        self.state().is_hurried = false;
        outcome
    }

    /// Runs the statement of the step that begins at this line; if it takes long, that is told.
    pub(crate) fn statement<T>(&self, step: &Arc<Step>, line: usize, run: impl FnOnce() -> T) -> T {
        let now = Instant::now();
        self.state().statement = Some(Statement { step: Arc::clone(step), line, since: now, told: now });
        let outcome = run();
        self.state().statement = None;
        outcome
    }

    /// Somebody waits, and the wait goes on. SQLite, or whoever is called here, does not know when it began.
    pub(crate) fn waits(&self) {
        if !self.listeners.hear_waiting() {
            return;
        }
        let now = Instant::now();
        let elapsed = {
            let mut state = self.state();
            let last = state.wait.filter(|wait| now.duration_since(wait.seen) < AT_ONCE);
            let wait = last.unwrap_or(Wait { since: now, seen: now, due: now + FIRST_WAIT });
            let due = if now < wait.due { wait.due } else { now + NEXT_WAIT };
            state.wait = Some(Wait { seen: now, due, ..wait });
            if now < wait.due {
                return;
            }
            now.duration_since(wait.since)
        };
        self.listeners.raise(Event::Waiting { elapsed });
    }

    /// The busy handler: whether to try again, after a pause.
    pub(super) fn is_to_wait(&self, times: i32) -> bool {
        let at = usize::try_from(times).unwrap_or_default();
        let waited: u64 = PAUSES.iter().take(at).sum::<u64>() + LAST_PAUSE * at.saturating_sub(PAUSES.len()) as u64;
        let left = self.timeout().unwrap_or_default().saturating_sub(Duration::from_millis(waited));
        if left.is_zero() || self.is_ending() {
            return false;
        }
        thread::sleep(Duration::from_millis(PAUSES.get(at).copied().unwrap_or(LAST_PAUSE)).min(left));
        self.under_sqlite(|| self.waits()) && !self.is_ending()
    }

    /// The progress handler: whether to interrupt the statement that is being run.
    pub(super) fn is_to_stop(&self) -> bool {
        self.is_ending() || !self.under_sqlite(|| self.goes_on())
    }

    fn goes_on(&self) {
        if !self.listeners.are_there() {
            return;
        }
        let now = Instant::now();
        let told = {
            let mut state = self.state();
            let due = state.statement.as_mut().filter(|statement| now.duration_since(statement.told) >= PROGRESS);
            due.map(|statement| {
                statement.told = now;
                (Arc::clone(&statement.step), statement.line, now.duration_since(statement.since))
            })
        };
        if let Some((step, line, elapsed)) = told {
            self.listeners.raise(Event::Progress { step: &step, line, elapsed });
        }
    }

    /// Keeps a panic until SQLite has returned; whether there was none.
    fn under_sqlite(&self, call: impl FnOnce()) -> bool {
        let panic = catch_unwind(AssertUnwindSafe(call)).err();
        let is_fine = panic.is_none();
        if let Some(panic) = panic {
            self.state().panic.get_or_insert(panic);
        }
        is_fine
    }

    pub(super) fn take_panic(&self) -> Option<Panic> {
        self.state().panic.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic is done while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those of SQLite's own handler, in milliseconds.
const PAUSES: [u64; 11] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50];
const LAST_PAUSE: u64 = 100;

/// Two waits with less than this between them are one.
const AT_ONCE: Duration = Duration::from_millis(500);
/// A wait that is shorter is told to nobody.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const NEXT_WAIT: Duration = Duration::from_secs(1);
const PROGRESS: Duration = Duration::from_millis(250);
