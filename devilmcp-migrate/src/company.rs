//! What of a program goes along with a run: who listens, and what is done beside the migrations.

use crate::cancel::Cancel;
use crate::event::Event;
use crate::hook::Hook;
use crate::hooks::{HookResult, When};
use crate::migrator::Migrator;
use crate::versioned::Versioned;

impl<'m, V: Versioned> Migrator<'m, V> {
    /// Tells `listener` what happens during a run, as it happens. May be said several times: each is told.
    ///
    /// A run that finds nothing to do tells nothing. The listener is called on the thread of the verb, under the lock for the
    /// most part: what it does, others wait for. It cannot stop the run; if it panics, the run is rolled back. If it does
    /// so at a [`Statement`](Event::Statement) of a migration outside of a transaction (`-- migrate: no_transaction`), that one's claim
    /// stays, to be [resolved](Self::resolve): what ran before cannot be taken back. What a run then needs of the connection is said at
    /// [`cancel_with`](Self::cancel_with).
    ///
    /// With the feature `tracing`, the same is told to those who subscribe to that; of a statement that takes long, only where somebody
    /// listens here, or may cancel.
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// MIGRATIONS.migrator().on_event(|event| eprintln!("{event}")).upgrade(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_event(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.options.listeners.add(listener);
        self
    }

    /// Lets somebody end runs from another thread, while they wait for a lock, are at a statement, or between two. A run that is cancelled
    /// is rolled back and ends with an error of the kind [`Cancelled`](crate::ErrorKind::Cancelled); the connection is then as it was
    /// before. One that has nothing to do, or nothing left to do but to return, is not.
    ///
    /// A statement of a `no_transaction` migration is undone by SQLite. If it is the first, nothing has happened; if not, what came before
    /// it stays, and the migration has to be [resolved](Self::resolve). Once all of it has been run, it is recorded before the run ends.
    ///
    /// Where a run can be cancelled, or [somebody listens](Self::on_event), it uses the connection's one
    /// [progress handler](https://sqlite.org/c3ref/progress_handler.html); one that the caller has set is gone afterwards. In the place of the
    /// busy timeout it uses a busy handler of its own, which waits just as long, and sets the timeout again. A busy handler of
    /// the caller's stays, and what is waited for in it is neither told nor ended.
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// use devilmcp_migrate::{Cancel, ErrorKind};
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// let cancel = Cancel::new();
    /// let upgrade = MIGRATIONS.migrator().cancel_with(&cancel);
    /// std::thread::spawn(move || cancel.cancel()).join().unwrap();
    /// assert_eq!(upgrade.upgrade(&mut conn).unwrap_err().kind(), ErrorKind::Cancelled);
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel_with(mut self, cancel: &Cancel) -> Self {
        self.options.cancel = Some(cancel.clone());
        self
    }

    /// Runs code of the program's before the first statement of a migration, whenever a run applies it; as [`after`](Self::after).
    pub fn before(mut self, version: V, hook: impl Fn(&Hook<'_>) -> HookResult + Send + Sync + 'm) -> Self {
        self.options.hooks.add(When::Before, version.number(), hook);
        self
    }

    /// Runs code of the program's after the last statement of a migration, whenever a run applies it: for what SQL cannot compute. It
    /// runs in the transaction of the migration. An error that it returns, or a panic, rolls everything back. It sees to rows; the schema
    /// is what migrations make, and a [`Hook`] does not let it be changed.
    ///
    /// It does not run where the migration has been applied already, nor where what the migration makes was there and is
    /// [adopted](crate::Action::Adopt), nor on the way back: the migration's down has to cope with what the hook has written. A migration that
    /// runs outside of a transaction can have none; a run that would apply it is refused. May be said several times: all run, in that
    /// order. The plan [shows](crate::Step::has_hooks) them.
    ///
    /// ```
    /// # use devilmcp_migrate::rusqlite::Connection;
    /// devilmcp_migrate::migrations!("examples/notes/migrations");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mut conn = Connection::open_in_memory()?;
    /// let migrator = MIGRATIONS.migrator().after(Version::V0001CreateNotes, |sql| {
    ///     let mut insert = sql.prepare("INSERT INTO notes (body) VALUES (?1)")?;
    ///     for body in std::env::args() {
    ///         insert.execute([body])?;
    ///     }
    ///     Ok(())
    /// });
    /// migrator.upgrade(&mut conn)?;
    /// # assert_eq!(conn.query_row("SELECT count(*) > 0 FROM notes", [], |row| row.get(0)), Ok(true));
    /// # Ok(())
    /// # }
    /// ```
    pub fn after(mut self, version: V, hook: impl Fn(&Hook<'_>) -> HookResult + Send + Sync + 'm) -> Self {
        self.options.hooks.add(When::After, version.number(), hook);
        self
    }
}
