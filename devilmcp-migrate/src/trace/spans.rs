//! A span for each run, and in it one for each migration.

use std::cell::RefCell;
use std::error::Error as StdError;
use std::marker::PhantomData;
use std::path::Path;
use std::time::Duration;

use tracing::span::EnteredSpan;
use tracing::{Level, Span, debug, error, event_enabled, info, info_span, warn};

use crate::event::Event;

/// The spans of the run that this thread has begun; whatever becomes of it, they end with this.
#[derive(Debug)]
pub(crate) struct Spans(PhantomData<*const ()>);

thread_local! {
    /// The spans that are open, of each run of this thread; a hook may begin another run.
    static OPEN: RefCell<Vec<Vec<EnteredSpan>>> = const { RefCell::new(Vec::new()) };
}

impl Spans {
    pub(crate) fn begin() -> Self {
        OPEN.with_borrow_mut(|runs| runs.push(Vec::new()));
        Self(PhantomData)
    }
}

impl Drop for Spans {
    fn drop(&mut self) {
        while close() {}
        OPEN.with_borrow_mut(Vec::pop);
    }
}

/// A span for what is done with one database of many, as long as this is there.
pub(crate) fn database(path: &Path) -> EnteredSpan {
    info_span!(target: TARGET, "database", path = %path.display()).entered()
}

/// In what span, and told to whom, something is done that goes on on another thread.
#[cfg(feature = "tokio")]
#[derive(Debug)]
pub(crate) struct Caller {
    span: Span,
    subscriber: tracing::Dispatch,
}

#[cfg(feature = "tokio")]
impl Caller {
    pub(crate) fn here() -> Self {
        Self { span: Span::current(), subscriber: tracing::dispatcher::get_default(Clone::clone) }
    }

    pub(crate) fn within<T>(self, act: impl FnOnce() -> T) -> T {
        let Self { span, subscriber } = self;
        tracing::dispatcher::with_default(&subscriber, || span.in_scope(act))
    }
}

/// Tells of an event; it is in the span of what it is about.
pub(crate) fn tell(event: &Event<'_>) {
    match *event {
        Event::Started { plan, to } => {
            open(info_span!(target: TARGET, "migrate", from = plan.current(), to));
            info!(target: TARGET, migrations = plan.steps().len(), "{event}");
        }
        Event::Backup { copied, of } => debug!(target: TARGET, copied, of, "{event}"),
        Event::MigrationStarted { step } => {
            let (number, name, action) = (step.number(), step.name(), step.action());
            open(info_span!(target: TARGET, "migration", number, name, ?action));
            debug!(target: TARGET, "{event}");
        }
        Event::Hook { step: _, when } => debug!(target: TARGET, %when, "{event}"),
        Event::Statement { step: _, line, sql, at, of } => debug!(target: TARGET, line, at, of, sql, "{event}"),
        Event::Progress { step: _, line, elapsed } => {
            debug!(target: TARGET, line, elapsed_ms = milliseconds(elapsed), "{event}");
        }
        Event::Waiting { elapsed } => warn!(target: TARGET, elapsed_ms = milliseconds(elapsed), "{event}"),
        Event::MigrationFinished { done } => {
            info!(target: TARGET, elapsed_ms = milliseconds(done.duration()), "{event}");
            close();
        }
        Event::Committed { segment } => info!(target: TARGET, migrations = segment.steps().len(), "{event}"),
        Event::Finished { report } => {
            let (drift, violations) = (report.drift().len(), report.violations().len());
            info!(target: TARGET, drift, violations, backup = report.backup().map(tracing::field::debug), "{event}");
        }
        Event::Failed { error } => {
            error!(target: TARGET, error = error as &(dyn StdError + 'static), kind = ?error.kind(), "{event}");
        }
    }
}

/// Whether anybody is told which statement is run.
pub(crate) fn hears_statements() -> bool {
    event_enabled!(target: TARGET, Level::DEBUG)
}

/// Whether anybody is told that a run waits.
pub(crate) fn hears_waiting() -> bool {
    event_enabled!(target: TARGET, Level::WARN)
}

fn open(span: Span) {
    let entered = span.entered();
    OPEN.with_borrow_mut(|runs| runs.last_mut().map(|run| run.push(entered)));
}

/// Ends the innermost span of the run, if there is one.
fn close() -> bool {
    // Who is told that it ends is told when nothing is borrowed.
    OPEN.with_borrow_mut(|runs| runs.last_mut().and_then(Vec::pop)).is_some()
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

const TARGET: &str = "devilmcp_migrate";
