//! In what a migration is run.

use rusqlite::Connection;

use crate::authorizer::Watch;

/// In what a migration is run, as its directives say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In the transaction of the run, foreign keys off until it ends.
    #[default]
    Plain,
    /// In a transaction with foreign keys enforced: `-- migrate: foreign_keys(on)`.
    Enforced,
    /// By itself, outside of any transaction, foreign keys off: `-- migrate: no_transaction`.
    Alone,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Plain, Self::Enforced, Self::Alone];

    /// The directive that asks for it; none for what is usual.
    pub fn directive(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Enforced => Some("-- migrate: foreign_keys(on)"),
            Self::Alone => Some("-- migrate: no_transaction"),
        }
    }

    /// Whether SQLite enforces foreign keys meanwhile.
    pub fn enforces_foreign_keys(self) -> bool {
        self == Self::Enforced
    }

    /// Whether a script is done whole or not at all.
    pub fn is_atomic(self) -> bool {
        self != Self::Alone
    }

    /// A way back as a database keeps it: under the directive of its migration, because whoever goes that way may not have
    /// the migration.
    pub fn stored(self, down: &str) -> String {
        match self.directive() {
            Some(directive) => format!("{directive}\n{down}"),
            None => down.to_owned(),
        }
    }

    /// Reads what [`stored`](Self::stored) has made: no way back begins so by itself, because directives stand in ups.
    pub fn of_stored(text: &str) -> (Self, &str) {
        let under = |mode: Self| Some((mode, text.strip_prefix(mode.directive()?)?.strip_prefix('\n')?));
        Self::ALL.into_iter().find_map(under).unwrap_or((Self::Plain, text))
    }

    /// Begins what scripts of this mode are run in, on a database that nobody else has.
    ///
    /// # Errors
    /// SQLite's.
    pub fn begin(self, conn: &Connection, watch: &Watch) -> rusqlite::Result<()> {
        watch.enter(self);
        // SQLite ignores the pragma inside a transaction: https://sqlite.org/pragma.html#pragma_foreign_keys
        let foreign_keys = if self.enforces_foreign_keys() { "ON" } else { "OFF" };
        let begin = if self.is_atomic() { "BEGIN" } else { "" };
        conn.execute_batch(&format!("PRAGMA foreign_keys = {foreign_keys}; {begin}"))
    }

    /// Makes permanent what was done in it.
    ///
    /// # Errors
    /// A deferred foreign key is not satisfied; nothing is then left of what was done.
    pub fn end(self, conn: &Connection) -> rusqlite::Result<()> {
        if conn.is_autocommit() {
            return Ok(());
        }
        conn.execute_batch("COMMIT").or_else(|error| conn.execute_batch("ROLLBACK").and(Err(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn a_way_back_is_stored_with_its_mode() {
        for mode in Mode::ALL {
            for down in ["DROP TABLE a;", "", "-- migrate: foreign_keys(on)", "\n-- why\nSELECT 1"] {
                assert_eq!(Mode::of_stored(&mode.stored(down)), (mode, down));
            }
        }
    }
}
