//! The database in a file, upgraded while others are served.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use rusqlite::Connection;
use tokio::task::spawn_blocking;

use crate::cancel::Cancel;
use crate::error::{Error, Inner};
use crate::migrations::Migrations;
use crate::migrator::Migrator;
use crate::opening::{Absent, Opening};
use crate::report::Report;
use crate::trace;
use crate::versioned::Versioned;

impl<V: Versioned> Migrations<V> {
    /// Opens the database in a file, made if it is not there, and applies all pending migrations, without holding up the tasks of the
    /// runtime (feature `tokio`). The connection is closed before the answer comes.
    ///
    /// ```
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("notes.db");
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let report = MIGRATIONS.upgrade_file(path).await?;
    /// assert_eq!(report.to(), Some(Version::LATEST.number()));
    /// # Ok(())
    /// # })
    /// # }
    /// ```
    ///
    /// # Dropped
    /// Nothing happens before it is awaited. If the future is then dropped before the answer is there (a timeout, `select!`, a task that
    /// is aborted, a runtime that is shut down), the run is [cancelled](Migrator::cancel_with):
    ///
    /// - What is not committed is rolled back: the database is as it was before, or, if all was committed already, as it is after; where a
    ///   plan has several [segments](crate::Segment), possibly between two of them, from where the next run goes on. A migration that says
    ///   `-- migrate: no_transaction` may have to be [resolved](Migrator::resolve), as after any cancel.
    /// - The drop itself waits for nothing. On its own thread the run ends at the next look of SQLite's, which takes some tens of microseconds,
    ///   or when a [hook](Migrator::after) returns to it, and then rolls back; until then it holds the lock, for which another run waits as
    ///   for anybody's. A runtime that is dropped waits for that; one that is shut down in the background does not, and if the process ends
    ///   meanwhile SQLite rolls back when the file is next opened.
    /// - A file that was not there may be there, and be empty.
    ///
    /// # Panics
    /// Where it is awaited outside of a tokio runtime. A panic of a hook or a listener goes on in who awaits.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); [`CannotOpen`](crate::ErrorKind::CannotOpen); and [`Cancelled`](crate::ErrorKind::Cancelled) where the
    /// runtime is shut down before the run has begun.
    pub fn upgrade_file(&'static self, path: impl Into<PathBuf>) -> UpgradeFile<V> {
        self.migrator().upgrade_file(path)
    }
}

impl<V: Versioned> Migrator<'static, V> {
    /// As [`Migrations::upgrade_file`].
    pub fn upgrade_file(self, path: impl Into<PathBuf>) -> UpgradeFile<V> {
        UpgradeFile { migrator: self, path: path.into(), opening: Opening::new(Absent::Make) }
    }
}

/// How the database in a file is to be upgraded. Made by [`Migrations::upgrade_file`].
#[must_use = "nothing is done before it is awaited"]
pub struct UpgradeFile<V: 'static> {
    migrator: Migrator<'static, V>,
    path: PathBuf,
    opening: Opening<'static>,
}

impl<V: Versioned> UpgradeFile<V> {
    /// Upgrades a database that is there, and makes none.
    pub fn existing(mut self) -> Self {
        self.opening.absent = Absent::Refuse;
        self
    }

    /// How long is waited for another connection that holds the database; by default 5 seconds, as rusqlite does.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.opening.busy_timeout = timeout;
        self
    }

    /// Does something with the connection before it is used: functions and collations that the migrations need, a key, pragmas. May be
    /// said several times.
    pub fn on_open(mut self, opener: impl Fn(&Connection) -> rusqlite::Result<()> + Send + Sync + 'static) -> Self {
        self.opening.then(opener);
        self
    }

    async fn awaited(mut self) -> Result<Report, Error> {
        let cancel = self.migrator.options.cancel.take().unwrap_or_default().child();
        self.migrator.options.cancel = Some(cancel.clone());
        let _unless_answered = CancelWhenDropped(cancel);
        let caller = trace::Caller::here();
        match spawn_blocking(move || caller.within(|| self.run())).await {
            Ok(outcome) => outcome,
            // What is not a panic is that the runtime was shut down before there was a thread.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => Err(Inner::Cancelled { at: None, source: None }.into()),
            },
        }
    }

    fn run(self) -> Result<Report, Error> {
        let Self { migrator, path, opening } = self;
        // Who has gone meanwhile wants no empty file.
        if migrator.options.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
            return Err(Inner::Cancelled { at: None, source: None }.into());
        }
        migrator.upgrade(&mut opening.open(&path)?)
    }
}

impl<V: Versioned> IntoFuture for UpgradeFile<V> {
    type Output = Result<Report, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.awaited())
    }
}

/// After the answer there is no run any more that this could end.
struct CancelWhenDropped(Cancel);

impl Drop for CancelWhenDropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl<V> fmt::Debug for UpgradeFile<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { migrator, path, opening } = self;
        let mut f = f.debug_struct("UpgradeFile");
        f.field("path", path).field("options", &migrator.options).field("opening", opening).finish()
    }
}
