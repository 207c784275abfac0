//! A transaction on a server.

use std::time::Instant;

use rusqlite::types::Value;

use super::protocol::{Guard, Outcome, Statement};
use super::server::Server;
use super::stream::Stream;
use crate::error::{Cause, Error, Inner, is_locked};

/// A transaction on a server; rolled back when it is dropped.
#[derive(Debug)]
pub(super) struct Transaction<'s>(Stream<'s>);

impl<'s> Transaction<'s> {
    /// Looks at the database as it is at one moment.
    pub(super) fn read(server: &'s Server) -> Result<Self, Error> {
        Self::begin(server, &["BEGIN READONLY"])
    }

    /// Takes the write lock; foreign keys are enforced in it, or not.
    pub(super) fn write(server: &'s Server, enforces_foreign_keys: bool) -> Result<Self, Error> {
        // SQLite ignores the pragma inside a transaction: https://sqlite.org/pragma.html#pragma_foreign_keys
        let pragma = if enforces_foreign_keys { "PRAGMA foreign_keys = ON" } else { "PRAGMA foreign_keys = OFF" };
        let mut transaction = Self::begin(server, &[pragma, "BEGIN IMMEDIATE"])?;
        let found = transaction.query("read a pragma", [Statement::query("PRAGMA foreign_keys")])?;
        if found != [[[Value::Integer(enforces_foreign_keys.into())]]] {
            let wanted = if enforces_foreign_keys { "on" } else { "off" };
            let reason = format!("it does not let foreign keys be switched {wanted}");
            return Err(Inner::NotOnServer { subject: "this run".to_owned(), reason }.into());
        }
        Ok(transaction)
    }

    fn begin(server: &'s Server, statements: &[&str]) -> Result<Self, Error> {
        let started = Instant::now();
        loop {
            let mut stream = Stream::new(server);
            let statements = statements.iter().map(|sql| (Guard::Previous, Statement::act(*sql)));
            let failed = stream.run(&statements.collect::<Vec<_>>())?.into_iter().find_map(|outcome| match outcome {
                Outcome::Failed(error) => Some(error),
                Outcome::Done { .. } | Outcome::Skipped => None,
            });
            match failed {
                None => return Ok(Self(stream)),
                // The server has waited for the other one itself.
                Some(error) if is_locked(&error) && started.elapsed() < server.waits() => {}
                Some(error) => {
                    return Err(Error::sqlite("begin a transaction")(error).waited(server.waits()));
                }
            }
        }
    }

    /// Runs statements up to the first that fails.
    pub(super) fn run(&mut self, statements: impl IntoIterator<Item = Statement>) -> Result<Vec<Outcome>, Error> {
        let guarded: Vec<_> = statements.into_iter().map(|statement| (Guard::InTransaction, statement)).collect();
        if guarded.is_empty() { Ok(Vec::new()) } else { self.0.run(&guarded) }
    }

    /// The rows of each statement.
    pub(super) fn query<const N: usize>(
        &mut self,
        attempt: &'static str,
        statements: [Statement; N],
    ) -> Result<[Vec<Vec<Value>>; N], Error> {
        let outcomes = self.run(statements)?.into_iter().map(|outcome| rows(attempt, outcome));
        let all: Vec<_> = outcomes.collect::<Result<_, _>>()?;
        all.try_into().map_err(|_| self.0.server().odd("what does not answer the statements"))
    }

    /// Makes everything permanent; whether there was an answer. Without one nobody knows whether it is.
    pub(super) fn commit(mut self) -> Result<bool, Error> {
        match self.run([Statement::act("COMMIT")]) {
            Ok(outcomes) => {
                for outcome in outcomes {
                    match outcome {
                        Outcome::Failed(error) if error.to_string().contains("FOREIGN KEY") => {
                            return Err(Inner::Deferred { source: Cause::Sqlite(error) }.into());
                        }
                        outcome => drop(rows("commit", outcome)?),
                    }
                }
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }
}

/// What a statement has returned.
pub(super) fn rows(attempt: &'static str, outcome: Outcome) -> Result<Vec<Vec<Value>>, Error> {
    match outcome {
        Outcome::Done { rows, duration: _ } => Ok(rows),
        Outcome::Failed(error) => Err(Error::sqlite(attempt)(error)),
        Outcome::Skipped => Err(Inner::TransactionEnded.into()),
    }
}
