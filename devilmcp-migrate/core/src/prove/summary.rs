//! What released migrations make of an empty database, as one script that is much shorter than they are.
//!
//! A new database can be made by it: what is locked never changes, so nobody has to go the whole way again.

use std::sync::Arc;

use rusqlite::Connection;

use super::dump::{Dump, entries};
use super::pragmas;
use super::trial::{Trial, latest};
use super::unprovable::Unprovable;
use crate::mode::Mode;
use crate::name::Number;
use crate::script::Script;

/// A script that makes of an empty database what the migrations up to the last make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The last migration that it stands for.
    pub last: Number,
    /// The script.
    pub sql: Arc<str>,
}

/// With fewer migrations nothing is gained that anybody would notice, and a build is not to take longer for it.
const FEWEST: usize = 200;
/// So many times as much text the migrations have to be: the summary is put into the program beside them.
const SHORTER: usize = 4;

/// That of `scripts`, which have worked before, however few they are; none if there is none that is short and certain.
///
/// # Errors
/// SQLite's.
pub fn summarize(scripts: &[Script]) -> rusqlite::Result<Option<Summary>> {
    let trial = Trial::after(scripts)?;
    Ok(of(&trial.conn, scripts, 1).unwrap_or_default())
}

impl Summary {
    /// That of the checkpoint from which a build has started, if it is short: it was compared with its migrations, rows included, when
    /// it was written.
    pub(crate) fn saved(scripts: &[Script]) -> Option<Self> {
        let (at, checkpoint) = latest(scripts)?;
        let scripts = &scripts[..=at];
        let is_worth_it = scripts.len() >= FEWEST && are_plain(scripts) && is_short(checkpoint.sql().len(), scripts);
        is_worth_it.then(|| Self { last: checkpoint.last(), sql: checkpoint.sql().into() })
    }
}

impl Trial {
    /// That of `scripts`, which are locked and have just been run here; none if it would not be worth the while, or is not certain.
    pub(super) fn summary(&self, scripts: &[Script]) -> Option<Summary> {
        if scripts.len() < FEWEST || latest(scripts).is_some() {
            return None;
        }
        // Why it is not certain is nobody's concern: the migrations are there.
        let summary = of(&self.conn, scripts, SHORTER).unwrap_or_default();
        self.watch.take_touched();
        summary
    }
}

/// That of what `scripts` have made, if it is so many times shorter than they are.
///
/// Where rows are left it would have to be seen that they are the same in every run, and that costs another run: this is done when a
/// checkpoint is written.
fn of(conn: &Connection, scripts: &[Script], shorter: usize) -> Result<Option<Summary>, Unprovable> {
    let Some(last) = scripts.last().filter(|_| are_plain(scripts)) else { return Ok(None) };
    let length: i64 =
        conn.query_row("SELECT ifnull(sum(length(sql)), 0) FROM main.sqlite_master", [], |row| row.get(0))?;
    let is_short = |length: usize| length.saturating_mul(shorter) <= total(scripts);
    if !is_short(usize::try_from(length).unwrap_or(usize::MAX)) {
        return Ok(None);
    }
    pragmas::check(scripts)?;
    let dump = Dump::of(conn)?;
    if dump.has_rows() || !is_short(dump.sql.len()) {
        return Ok(None);
    }
    let again = Trial::new()?;
    again.make(&dump.sql)?;
    if entries(&again.conn)? != entries(conn)? {
        return Err(Unprovable::Different);
    }
    Ok(Some(Summary { last: last.number, sql: dump.sql.into() }))
}

fn are_plain(scripts: &[Script]) -> bool {
    scripts.iter().all(|script| script.mode() == Mode::Plain)
}

fn is_short(length: usize, scripts: &[Script]) -> bool {
    length.saturating_mul(SHORTER) <= total(scripts)
}

/// The text that a program holds of them.
fn total(scripts: &[Script]) -> usize {
    scripts.iter().flat_map(|script| std::iter::once(&script.up).chain(&script.down)).map(|file| file.text.len()).sum()
}
