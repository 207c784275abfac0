//! What a migration's script may do, and what it did.
//!
//! SQLite asks its [authorizer](https://sqlite.org/c3ref/set_authorizer.html) about every action of every statement when it
//! is prepared, so nothing has happened yet when the answer is no. The same answers are given while the crate compiles and
//! when the server applies.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::mode::Mode;
use crate::rows;
use crate::schema::HISTORY_PREFIX;

/// Why a statement was not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT`, `RELEASE`.
    Transaction,
    /// The same in a script that is to be run in no transaction.
    OwnTransaction,
    /// `VACUUM`, which SQLite does not do in a transaction.
    Vacuum,
    /// `ATTACH`, `DETACH`, `VACUUM INTO`, `load_extension`, and whatever is in a database that was attached before.
    Outside,
    /// A pragma that does nothing in a transaction, or that is not a migration's to set.
    Pragma,
    /// The history table.
    History,
}

impl Denial {
    /// What the statement must not do.
    pub fn what(self) -> &'static str {
        match self {
            Self::Transaction | Self::OwnTransaction => "begin, end or nest a transaction",
            Self::Vacuum => "VACUUM in a transaction",
            Self::Outside => "reach outside its database",
            Self::Pragma => "set this pragma",
            Self::History => "touch the history table",
        }
    }
}

/// Which entries of `sqlite_schema` a script has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Objects that were created.
    pub created: BTreeSet<String>,
    /// Tables that were altered.
    pub altered: BTreeSet<String>,
    /// Objects that were dropped; of a table, what belongs to it has gone with it.
    pub dropped: BTreeSet<String>,
    /// Tables whose rows were inserted, updated or deleted.
    pub written: BTreeSet<String>,
    /// Something was renamed: any view, trigger or foreign key may name it, and be written anew. Or everything was written
    /// anew, by `VACUUM`.
    pub renamed: bool,
}

/// Sees what the statements on one connection do.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// In what the script is run.
    mode: Mode,
    /// Whose statement is being prepared. While one runs, SQLite's own modules prepare others: FTS opens
    /// savepoints and reads pragmas, and may.
    preparing: Option<Whose>,
    denied: Option<Denial>,
    touched: Touched,
}

/// Whose statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Script,
    Hook,
}

impl Watch {
    /// Takes the connection's one authorizer slot; whatever was there is gone.
    ///
    /// # Errors
    /// SQLite's, if the connection cannot have one.
    pub fn install(conn: &mut Connection) -> rusqlite::Result<Self> {
        let watch = Self::default();
        let seen = watch.clone();
        conn.authorizer(Some(move |context: AuthContext<'_>| seen.decide(&context)))?;
        Ok(watch)
    }

    /// Frees the connection's authorizer slot.
    ///
    /// # Errors
    /// SQLite's.
    pub fn remove(conn: &mut Connection) -> rusqlite::Result<()> {
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)
    }

    /// Prepares a statement of the script, with the answers that are for scripts only.
    pub fn preparing<T>(&self, prepare: impl FnOnce() -> T) -> T {
        self.prepare(Whose::Script, prepare)
    }

    /// Prepares a statement of a hook, which may read and write rows, and nothing else.
    pub fn preparing_hook<T>(&self, prepare: impl FnOnce() -> T) -> T {
        self.prepare(Whose::Hook, prepare)
    }

    fn prepare<T>(&self, whose: Whose, prepare: impl FnOnce() -> T) -> T {
        self.state().preparing = Some(whose);
        let prepared = prepare();
        self.state().preparing = None;
        prepared
    }

    /// Scripts are run in this mode from now on.
    pub fn enter(&self, mode: Mode) {
        self.state().mode = mode;
    }

    /// In what scripts are run.
    pub fn mode(&self) -> Mode {
        self.state().mode
    }

    /// Notes that a statement renames something, of which SQLite says only that it alters a table.
    pub fn note_rename(&self) {
        self.state().touched.renamed = true;
    }

    /// Why the last statement was not allowed, once.
    pub fn take_denial(&self) -> Option<Denial> {
        self.state().denied.take()
    }

    /// What has been touched since the last call.
    pub fn take_touched(&self) -> Touched {
        std::mem::take(&mut self.state().touched)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is sound at every moment, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decide(&self, context: &AuthContext<'_>) -> Authorization {
        // Most of what is asked is this: it is asked for each column of each statement.
        if matches!(context.action, AuthAction::Read { table_name, .. } if !is_history(table_name))
            && context.database_name == Some("main")
        {
            return Authorization::Allow;
        }
        let mut state = self.state();
        if state.preparing.is_none() && !state.mode.is_atomic() && is_within_vacuum(context) {
            return Authorization::Allow;
        }
        let denial = if is_outside(context) { Some(Denial::Outside) } else { denial(&context.action, state.mode) };
        if let Some(denial) = denial.filter(|denial| state.preparing.is_some() || *denial == Denial::Outside) {
            state.denied = Some(denial);
            return Authorization::Deny;
        }
        if state.preparing == Some(Whose::Hook) && !rows::is_about_rows(&context.action) {
            state.denied = rows::denial(&context.action);
            return Authorization::Deny;
        }
        if context.database_name != Some("temp") {
            state.touched.note(&context.action);
        }
        Authorization::Allow
    }
}

impl Touched {
    fn note(&mut self, action: &AuthAction<'_>) {
        match *action {
            AuthAction::CreateTable { table_name: name }
            | AuthAction::CreateVtable { table_name: name, .. }
            | AuthAction::CreateView { view_name: name }
            | AuthAction::CreateIndex { index_name: name, .. }
            | AuthAction::CreateTrigger { trigger_name: name, .. } => {
                self.created.insert(name.to_owned());
            }
            AuthAction::AlterTable { table_name: name, .. } => {
                self.altered.insert(name.to_owned());
            }
            AuthAction::DropTable { table_name: name }
            | AuthAction::DropVtable { table_name: name, .. }
            | AuthAction::DropView { view_name: name }
            | AuthAction::DropIndex { index_name: name, .. }
            | AuthAction::DropTrigger { trigger_name: name, .. } => {
                self.dropped.insert(name.to_owned());
            }
            AuthAction::Insert { table_name: name }
            | AuthAction::Delete { table_name: name }
            | AuthAction::Update { table_name: name, .. }
                if !name.starts_with("sqlite_") =>
            {
                self.written.insert(name.to_owned());
            }
            _ => {}
        }
    }
}

/// Whether this is about a database that the caller has attached. Names without a schema are looked up there, too.
fn is_outside(context: &AuthContext<'_>) -> bool {
    let database = match context.action {
        AuthAction::AlterTable { database_name, .. } => Some(database_name),
        _ => context.database_name,
    };
    database.is_some_and(|name| !["main", "temp"].iter().any(|inside| name.eq_ignore_ascii_case(inside)))
}

/// Whether this is what `VACUUM` does while it runs: it copies everything to a temporary file, which it attaches under a name
/// of this form. `VACUUM INTO` attaches a file that has a name.
fn is_within_vacuum(context: &AuthContext<'_>) -> bool {
    match context.action {
        AuthAction::Attach { filename } => filename.is_empty(),
        _ => context.database_name.is_some_and(|name| name.starts_with("vacuum_")),
    }
}

fn denial(action: &AuthAction<'_>, mode: Mode) -> Option<Denial> {
    match *action {
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } if mode.is_atomic() => Some(Denial::Transaction),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => Some(Denial::OwnTransaction),
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => Some(Denial::Outside),
        AuthAction::Function { function_name } if function_name.eq_ignore_ascii_case("load_extension") => {
            Some(Denial::Outside)
        }
        AuthAction::Pragma { pragma_name, pragma_value: Some(value) }
            if is_out_of_place(pragma_name) && (mode.is_atomic() || !is_of_the_file(pragma_name, value)) =>
        {
            Some(Denial::Pragma)
        }
        AuthAction::CreateTable { table_name: name }
        | AuthAction::CreateVtable { table_name: name, .. }
        | AuthAction::CreateView { view_name: name }
        | AuthAction::CreateIndex { table_name: name, .. }
        | AuthAction::CreateTrigger { table_name: name, .. }
        | AuthAction::CreateTempTable { table_name: name }
        | AuthAction::CreateTempView { view_name: name }
        | AuthAction::CreateTempTrigger { table_name: name, .. }
        | AuthAction::AlterTable { table_name: name, .. }
        | AuthAction::DropTable { table_name: name }
        | AuthAction::DropTrigger { table_name: name, .. }
        | AuthAction::DropIndex { table_name: name, .. }
        | AuthAction::Insert { table_name: name }
        | AuthAction::Delete { table_name: name }
        | AuthAction::Update { table_name: name, .. }
            if is_history(name) =>
        {
            Some(Denial::History)
        }
        _ => None,
    }
}

/// Whether the table is one of this tool's.
pub(crate) fn is_history(table: &str) -> bool {
    table.get(..HISTORY_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(HISTORY_PREFIX))
}

/// Whether there can be anything in a script that is denied: each such statement is known by one of these words. Cheaper
/// than to prepare every statement.
pub fn may_be_denied(script: &str) -> bool {
    const WORDS: [&str; 12] = [
        "ATTACH",
        "BEGIN",
        "COMMIT",
        "DETACH",
        "END",
        "LOAD_EXTENSION",
        "PRAGMA",
        "RELEASE",
        "ROLLBACK",
        "SAVEPOINT",
        "VACUUM",
        "_DEVILMCP_MIGRATIONS",
    ];
    // A plain loop: the macro, which is compiled without optimisation, looks at every way back of what is locked.
    let bytes = script.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let is_start = is_letter(bytes[at]) && (at == 0 || !is_letter(bytes[at - 1]));
        if is_start && begins_one(bytes[at]) {
            let rest = &bytes[at..];
            let is_here =
                |word: &str| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word.as_bytes());
            if WORDS.iter().any(|word| is_here(word)) {
                return true;
            }
        }
        at += 1;
    }
    false
}

fn is_letter(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_')
}

/// Whether one of the words that tell what may be denied begins so.
fn begins_one(byte: u8) -> bool {
    matches!(byte, b'a'..=b'e' | b'A'..=b'E' | b'l' | b'L' | b'p' | b'P' | b'r' | b'R' | b's' | b'S' | b'v' | b'V' | b'_')
}

/// Pragmas that a migration must not set: SQLite ignores them in a transaction, or they are the connection's and not the
/// database's, or this tool keeps its own account in them.
fn is_out_of_place(pragma: &str) -> bool {
    const OUT_OF_PLACE: [&str; 24] = [
        "auto_vacuum",
        "busy_timeout",
        "cache_size",
        "data_store_directory",
        "encoding",
        "foreign_keys",
        "hard_heap_limit",
        "ignore_check_constraints",
        "incremental_vacuum",
        "journal_mode",
        "journal_size_limit",
        "locking_mode",
        "mmap_size",
        "page_size",
        "query_only",
        "schema_version",
        "soft_heap_limit",
        "synchronous",
        "temp_store",
        "temp_store_directory",
        "trusted_schema",
        "user_version",
        "wal_autocheckpoint",
        "wal_checkpoint",
    ];
    pragma.eq_ignore_ascii_case("writable_schema")
        || OUT_OF_PLACE.iter().any(|known| pragma.eq_ignore_ascii_case(known))
}

/// Pragmas that change how the file is made, and work outside of a transaction only. A journal that is not on disk is not for a
/// migration to choose: those after it could not be taken back.
pub(crate) fn is_of_the_file(pragma: &str, value: &str) -> bool {
    let is = |names: &[&str], word: &str| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    is(&["auto_vacuum", "incremental_vacuum", "page_size", "wal_checkpoint"], pragma)
        || (is(&["journal_mode"], pragma) && is(&["delete", "persist", "truncate", "wal"], value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_has_a_word_that_says_so() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE _devilmcp_migrations (a)").unwrap();
        let watch = Watch::install(&mut conn).unwrap();
        for statement in [
            "begin",
            "COMMIT",
            "END",
            "ROLLBACK",
            "SAVEPOINT a",
            "RELEASE a",
            "EXPLAIN COMMIT",
            "ATTACH ':memory:' AS a",
            "DETACH a",
            "SELECT \"Load_Extension\"('a')",
            "PRAGMA user_version = 1",
            "UPDATE _devilmcp_migrations SET a = 1",
            "DROP TABLE [_DevilMCP_migrations]",
            "CREATE TABLE _devilmcp_migrations_too (a)",
        ] {
            assert!(may_be_denied(statement), "{statement}");
            let _ = watch.preparing(|| conn.prepare(statement).err());
            assert!(watch.take_denial().is_some(), "{statement}");
        }
        assert!(!may_be_denied("DROP INDEX a; DELETE FROM b WHERE c = 'd'; ALTER TABLE b DROP COLUMN c"));
    }
}
