//! Whether a database is in order.

use rusqlite::Connection;

use super::verb::Subject;
use crate::error::{Error, ErrorKind};
use crate::foreign_keys::{State, Violation};
use crate::header::Header;
use crate::ledger::{self, Record};
use crate::status::{self, Status};

/// All that can be found out about a database without changing it.
#[derive(Debug)]
pub(super) struct Health {
    pub(super) status: Status,
    /// Without the program's migrations no history is too new for it.
    is_sourceless: bool,
    pub(super) schema: Standing,
    pub(super) violations: Vec<Violation>,
    /// Foreign keys that cannot be checked, because what they point at has no unique key.
    pub(super) mismatches: Vec<String>,
    /// What SQLite finds wrong with the file; empty if nothing.
    pub(super) damage: Vec<String>,
}

/// How the schema stands to the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is what those that are applied make.
    AsMigrated,
    /// None is applied.
    Unmigrated,
    /// It is something else.
    Drifted,
    /// It has changed since somebody who knows the migrations has compared it, or nobody has.
    Unknown,
}

impl Standing {
    /// A word for programs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::AsMigrated => "as migrated",
            Self::Unmigrated => "unmigrated",
            Self::Drifted => "drifted",
            Self::Unknown => "unknown",
        }
    }
}

impl Health {
    /// What is so at the moment that the header is of.
    pub(super) fn read(conn: &Connection, header: Header, subject: Subject<'_>) -> Result<Self, Error> {
        let damage = quick_check(conn)?;
        let status = status::read(conn, subject.embedded)?;
        let State { violations, mismatches } = State::read(conn)?;
        let mismatches = mismatches.into_iter().map(|mismatch| mismatch.message).collect();
        let is_unreadable = status.refusal().is_some_and(|refusal| refusal.kind() == ErrorKind::History);
        let schema = match status.current() {
            _ if is_unreadable => Standing::Unknown,
            None => Standing::Unmigrated,
            Some(_) if !status.drift().is_empty() => Standing::Drifted,
            Some(_) if status.is_compared() || cookie(conn, subject.embedded.table)? == Some(header.cookie) => {
                Standing::AsMigrated
            }
            Some(_) => Standing::Unknown,
        };
        let is_sourceless = subject.embedded.migrations.is_empty();
        Ok(Self { status, is_sourceless, schema, violations, mismatches, damage })
    }

    /// What is wrong with the history.
    pub(super) fn refusal(&self) -> Option<&Error> {
        self.status.refusal().filter(|refusal| !(self.is_sourceless && refusal.kind() == ErrorKind::Newer))
    }

    pub(super) fn is_in_order(&self) -> bool {
        self.refusal().is_none()
            && matches!(self.schema, Standing::AsMigrated | Standing::Unmigrated)
            && self.violations.is_empty()
            && self.mismatches.is_empty()
            && self.damage.is_empty()
    }
}

/// The cookie of the schema that the last run has found to be what the migrations make.
fn cookie(conn: &Connection, table: &str) -> Result<Option<i64>, Error> {
    let history: Vec<Record> = ledger::read(conn, table)?.unwrap_or_default();
    Ok(history.last().map(|last| last.schema_cookie))
}

/// <https://sqlite.org/pragma.html#pragma_quick_check>
fn quick_check(conn: &Connection) -> Result<Vec<String>, Error> {
    let read = || {
        let mut statement = conn.prepare("PRAGMA main.quick_check")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect::<rusqlite::Result<Vec<String>>>()
    };
    let rows = read().map_err(Error::sqlite("check the file"))?;
    Ok(rows.into_iter().filter(|row| row != "ok").collect())
}
