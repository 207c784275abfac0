//! SQL for code that runs beside a migration.

use devilmcp_migrate_core::authorizer::Denial;
use devilmcp_migrate_core::statement::statements;
use rusqlite::{Error, ErrorCode, Params, Result, Row, Statement, ffi};

use crate::plan::Step;
use crate::session::Session;

/// What a [hook](crate::Migrator::after) is given: SQL in the transaction of its migration.
///
/// It reads and writes rows. It neither ends the transaction nor changes the schema, a pragma or the history, and it reaches no
/// other database: there is no method that would, and such a statement fails when it is prepared.
#[derive(Debug)]
pub struct Hook<'r> {
    session: &'r Session<'r>,
    step: &'r Step,
}

/// A statement of a hook's that can be run many times. Made by [`Hook::prepare`].
#[derive(Debug)]
pub struct Prepared<'h> {
    hook: &'h Hook<'h>,
    statement: Statement<'h>,
}

impl<'r> Hook<'r> {
    pub(crate) fn new(session: &'r Session<'r>, step: &'r Step) -> Self {
        Self { session, step }
    }

    /// The number of the migration that it belongs to.
    pub fn number(&self) -> i64 {
        self.step.number()
    }

    /// The name of that migration.
    pub fn name(&self) -> &str {
        self.step.name()
    }

    /// Runs one statement, and returns how many rows it has changed.
    ///
    /// # Errors
    /// SQLite's; or the statement is not a hook's to run, or is not one statement.
    pub fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare(sql)?.execute(params)
    }

    /// Runs one query, and reads the first row that it returns.
    ///
    /// # Errors
    /// As [`execute`](Self::execute); [`Error::QueryReturnedNoRows`] if there is none.
    pub fn query_row<T>(&self, sql: &str, params: impl Params, read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T> {
        self.prepare(sql)?.query_row(params, read)
    }

    /// Runs one query, and reads each row that it returns, one after the other.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub fn query<T>(&self, sql: &str, params: impl Params, read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        self.prepare(sql)?.query(params, read)
    }

    /// Prepares one statement, to be run many times.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub fn prepare(&self, sql: &str) -> Result<Prepared<'_>> {
        if statements(sql).len() > 1 {
            return Err(Error::MultipleStatement);
        }
        self.check_open()?;
        let watch = self.session.watch();
        let statement = watch.preparing_hook(|| self.session.prepare(sql)).map_err(|error| {
            let denial = watch.take_denial();
            let is_refused = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied);
            if is_refused || denial.is_some() {
                refused(ffi::SQLITE_AUTH, &format!("a hook must not {}", not_allowed(denial)))
            } else {
                error
            }
        })?;
        Ok(Prepared { hook: self, statement })
    }

    /// Whether what is done now would still be done in the transaction. An error may have ended it: SQLite rolls back by itself
    /// when the disk is full, or where a statement says `OR ROLLBACK`. <https://sqlite.org/lang_transaction.html>
    pub(crate) fn check_open(&self) -> Result<()> {
        if self.session.is_autocommit() {
            return Err(refused(ffi::SQLITE_ABORT_ROLLBACK, "an error before this has rolled the transaction back"));
        }
        Ok(())
    }
}

impl Prepared<'_> {
    /// As [`Hook::execute`].
    ///
    /// # Errors
    /// As there.
    pub fn execute(&mut self, params: impl Params) -> Result<usize> {
        self.hook.check_open()?;
        self.statement.execute(params)
    }

    /// As [`Hook::query_row`].
    ///
    /// # Errors
    /// As there.
    pub fn query_row<T>(&mut self, params: impl Params, read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T> {
        self.hook.check_open()?;
        self.statement.query_row(params, read)
    }

    /// As [`Hook::query`].
    ///
    /// # Errors
    /// As there.
    pub fn query<T>(&mut self, params: impl Params, read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        self.hook.check_open()?;
        self.statement.query_map(params, read)?.collect()
    }
}

fn not_allowed(denial: Option<Denial>) -> &'static str {
    match denial {
        Some(denial) => denial.what(),
        None => "change the schema: what it is is for migrations to say",
    }
}

fn refused(code: i32, reason: &str) -> Error {
    Error::SqliteFailure(ffi::Error::new(code), Some(reason.to_owned()))
}
