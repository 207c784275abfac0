//! What of a program goes along with a run: who listens, and what is done beside the migrations.

use crate::event::Event;
use crate::hook::Hook;
use crate::hooks::{HookResult, When};
use crate::migrator::Migrator;
use crate::versioned::Versioned;

impl<'m, V: Versioned> Migrator<'m, V> {
    /// Tells `listener` what happens during a run, as it happens. May be said several times: each is told.
    ///
    /// A run that finds nothing to do tells nothing. The listener is called on the thread of the verb, under the lock for the
    /// most part: what it does, others wait for. It cannot stop the run; if it panics, the run is rolled back.
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
