//! `migrations.checkpoint`: the database as the locked migrations make it, so that a build need not run them again.
//!
//! It is SQL that a person can read, bound to what is locked, to the version of SQLite that made it, and to its own hash.
//! [`prove`](crate::prove) writes it, and shows that it is the same as running the migrations.

mod changes;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use crate::digest::Digest;
use crate::lockfile::Lock;
use crate::name::Number;
use crate::problem::Problem;
use crate::prove::Change;
use crate::rule;
use crate::script::Script;
use crate::source::SourceFile;

/// A database that stands for locked migrations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Checkpoint(Arc<Contents>);

#[derive(Debug)]
struct Contents {
    path: Arc<str>,
    last: Number,
    fingerprint: Option<Digest>,
    changes: Arc<Vec<Vec<Change>>>,
    sql: String,
}

/// Why a checkpoint does not stand for what is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It is of another format.
    Format,
    /// It is not any more what was written.
    Changed,
    /// Another SQLite has made it, of this version.
    Sqlite(String),
    /// It is of other migrations, or of others of their ways back.
    Lock,
}

/// Raised whenever a checkpoint written before would not be written so again: then none of those is used any more.
const FORMAT: &str = "2";
const FIRST: &str = "-- devilmcp-migrate checkpoint ";
const HEAD: &str = "\
-- The database as the locked migrations make it, written by `devilmcp-migrate lock`. A build starts from it and does not run
-- them again; `devilmcp-migrate check --full` does, and compares. It can be deleted at any time.
-- sqlite ";
const LOCKED: &str = "\n-- locked ";
const HASH: &str = "\n-- sha256 ";
/// The first line of the body: of the schema, the fingerprint, which is one only to this version of the crate.
const SCHEMA: &str = concat!("-- schema ", env!("CARGO_PKG_VERSION"), " ");
/// From the first line to that of the hash.
pub(crate) const HEAD_LINES: usize = 6;

impl Checkpoint {
    /// Reads the file, if it stands for migrations that are locked.
    ///
    /// # Errors
    /// It does not, or is not what was written. Then the migrations have to be run.
    pub fn read(file: &SourceFile, lock: &Lock) -> Result<Self, Unfit> {
        let (format, rest) =
            file.text.strip_prefix(FIRST).and_then(|text| text.split_once('\n')).ok_or(Unfit::Changed)?;
        if format != FORMAT {
            return Err(Unfit::Format);
        }
        let (head, body) = head(rest).ok_or(Unfit::Changed)?;
        if Digest::of_text(body) != head.hash {
            return Err(Unfit::Changed);
        }
        if head.sqlite != rusqlite::version() {
            return Err(Unfit::Sqlite(head.sqlite.to_owned()));
        }
        let (schema, body) = body.split_once('\n').ok_or(Unfit::Changed)?;
        let fingerprint = schema.strip_prefix(SCHEMA).and_then(Digest::parse);
        let (changes, sql) = changes::read(body).ok_or(Unfit::Changed)?;
        if lock.seal(head.last) != Some((changes.len(), head.seal)) {
            return Err(Unfit::Lock);
        }
        let (path, last, changes, sql) = (Arc::clone(&file.path), head.last, Arc::new(changes), sql.to_owned());
        Ok(Self(Arc::new(Contents { path, last, fingerprint, changes, sql })))
    }

    /// The file for these migrations, which change the schema so, and whose database, with a schema of that fingerprint, is made by
    /// `sql`; none if that cannot be written down.
    pub(crate) fn write(scripts: &[Script], changes: &[Vec<Change>], fingerprint: Digest, sql: &str) -> Option<String> {
        let last = scripts.last()?.number;
        let (_, seal) = Lock::of(scripts).seal(last)?;
        let body = format!("{SCHEMA}{fingerprint}\n{}{sql}", changes::write(scripts, changes)?);
        let (sqlite, hash) = (rusqlite::version(), Digest::of_text(&body));
        Some(format!("{FIRST}{FORMAT}\n{HEAD}{sqlite}{LOCKED}{last} {seal}{HASH}{hash}\n{body}"))
    }

    /// Says that it is not used after all.
    pub(crate) fn unused(&self, reason: &str) -> Problem {
        unused(&self.0.path, reason)
    }

    /// The last migration that need not be run.
    pub fn last(&self) -> Number {
        self.0.last
    }

    /// What each migration up to the last does to the schema.
    pub fn changes(&self) -> &Arc<Vec<Vec<Change>>> {
        &self.0.changes
    }

    /// Of the schema of the database; none if another version of this crate has taken it.
    pub(crate) fn fingerprint(&self) -> Option<Digest> {
        self.0.fingerprint
    }

    /// Makes the database.
    pub(crate) fn sql(&self) -> &str {
        &self.0.sql
    }
}

/// Says that the checkpoint at `path` is not used.
pub(crate) fn unused(path: &str, reason: &str) -> Problem {
    Problem::at_path(&rule::CHECKPOINT_UNUSED, path).titled(format!("the checkpoint is not used: {reason}"))
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => f.write_str("it is of another format"),
            Self::Changed => f.write_str("it is not any more what was written"),
            Self::Sqlite(version) => write!(f, "SQLite {version} has made it, and this is {}", rusqlite::version()),
            Self::Lock => f.write_str("it is not of the migrations that are locked"),
        }
    }
}

/// What stands above the body.
struct Head<'a> {
    sqlite: &'a str,
    last: Number,
    seal: Digest,
    hash: Digest,
}

fn head(text: &str) -> Option<(Head<'_>, &str)> {
    let (sqlite, rest) = text.strip_prefix(HEAD)?.split_once(LOCKED)?;
    let (locked, rest) = rest.split_once(HASH)?;
    let (hash, body) = rest.split_once('\n')?;
    let (last, seal) = locked.split_once(' ')?;
    let last = last.parse().ok().and_then(Number::new).filter(|number| number.to_string() == last)?;
    Some((Head { sqlite, last, seal: Digest::parse(seal)?, hash: Digest::parse(hash)? }, body))
}
