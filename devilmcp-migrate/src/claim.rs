//! The claim to a migration that is run outside of a transaction: committed before it begins, taken back when it is recorded.
//!
//! No lock can be held meanwhile, so this is what keeps others away; and if the process dies it is what is left to tell of it.
//! That the table comes and goes moves the schema cookie, so no start takes the header for a proof as long as there is a claim.

use std::process;

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::history;
use devilmcp_migrate_core::text;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::bookkeeping;
use crate::error::{Error, Inner};
use crate::header::UNPROVED;
use crate::ledger::Record;
use crate::plan::Action;

/// A migration that was begun outside of a transaction, and is not recorded as done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// No other claim has it.
    token: Vec<u8>,
    action: Action,
    process: i64,
    since: String,
    /// What the history says of the migration, or will say.
    pub(crate) record: Record,
}

/// What somebody has found out of a migration that was interrupted outside of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// The database has all that the migration does: it counts as applied.
    Applied,
    /// The database has nothing of what the migration does, or what it has does not hurt when the migration is run again: it
    /// counts as not applied.
    NotApplied,
}

impl Claim {
    /// The migration's number.
    pub fn number(&self) -> i64 {
        self.record.number
    }

    /// The migration's name.
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// What was to become of it.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The number of the process that has begun it, on whatever machine that was.
    pub fn process(&self) -> i64 {
        self.process
    }

    /// When: UTC, RFC 3339, with milliseconds.
    pub fn since(&self) -> &str {
        &self.since
    }

    /// The version of the program that has begun it.
    pub fn app_version(&self) -> Option<&str> {
        self.record.app_version.as_deref()
    }

    pub(crate) fn interrupted(&self) -> Error {
        let verb = if self.action == Action::Revert { "undone" } else { "applied" };
        let Self { token: _, action: _, process, since, record } = self;
        Inner::Interrupted { migration: record.label(), verb, process: *process, since: since.clone() }.into()
    }
}

const CREATE: &str = "(
    token BLOB NOT NULL,
    action TEXT NOT NULL,
    process INTEGER NOT NULL,
    since TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    history BLOB NOT NULL,
    down TEXT,
    app_version TEXT
) STRICT";

/// The claim that there is.
pub(crate) fn read(conn: &Connection, history: &str) -> Result<Option<Claim>, Error> {
    let attempt = || Error::sqlite("look for a claim");
    let table = history::claim(history);
    if !bookkeeping::is_there(conn, &table)? {
        return Ok(None);
    }
    let [action, since, name, down, app_version] = ["action", "since", "name", "down", "app_version"].map(text::column);
    let query = format!(
        "SELECT token, {action}, process, {since}, version, {name}, digest, history, {down}, {app_version} FROM main.{table}"
    );
    let found = conn.query_row(&query, [], |row| Ok(claim(row))).optional().map_err(attempt())?.flatten();
    found.map(Some).ok_or_else(|| damaged(history, "it does not hold a claim"))
}

/// Claims a migration. The caller commits, before it begins.
pub(crate) fn take(conn: &Connection, history: &str, record: &Record, action: Action) -> Result<Claim, Error> {
    let attempt = || Error::sqlite("claim the migration");
    let table = history::claim(history);
    conn.execute_batch(&format!("CREATE TABLE main.{table} {CREATE}")).map_err(attempt())?;
    let values = params![
        if action == Action::Revert { REVERT } else { APPLY },
        process::id(),
        record.number,
        record.name,
        record.digest.0,
        record.history.0,
        record.down,
        record.app_version,
    ];
    let insert = format!(
        "INSERT INTO main.{table}
        VALUES (randomblob(16), ?1, ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?3, ?4, ?5, ?6, ?7, ?8)"
    );
    conn.execute(&insert, values).map_err(attempt())?;
    read(conn, history)?.ok_or_else(|| damaged(history, "it does not hold a claim"))
}

/// Takes the claim back, if it is still the one that there is.
pub(crate) fn release(conn: &Connection, history: &str, claim: &Claim) -> Result<(), Error> {
    if read(conn, history)?.is_none_or(|found| found.token != claim.token) {
        return Err(Inner::Overruled { migration: claim.record.label() }.into());
    }
    let table = history::claim(history);
    conn.execute_batch(&format!("DROP TABLE main.{table}")).map_err(Error::sqlite("take back the claim"))
}

fn claim(row: &Row<'_>) -> Option<Claim> {
    let digest = |at| Digest::from_slice(&row.get::<_, Vec<u8>>(at).ok()?);
    let action = match text::read(row, 1).ok()?.as_str() {
        APPLY => Action::Apply,
        REVERT => Action::Revert,
        _ => return None,
    };
    let record = Record {
        number: row.get(4).ok()?,
        name: text::read(row, 5).ok()?,
        digest: digest(6)?,
        history: digest(7)?,
        down: text::optional(row, 8).ok()?,
        applied_at: String::new(),
        duration_us: 0,
        app_version: text::optional(row, 9).ok()?,
        schema_cookie: UNPROVED,
        adopted: false,
    };
    Some(Claim { token: row.get(0).ok()?, action, process: row.get(2).ok()?, since: text::read(row, 3).ok()?, record })
}

pub(crate) fn damaged(history: &str, reason: &str) -> Error {
    bookkeeping::damaged(&history::claim(history), reason)
}

const APPLY: &str = "apply";
const REVERT: &str = "revert";
