//! What the macro has put into the program.

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::migration::{Migration, Past};
use devilmcp_migrate_core::packed::Packed;
use devilmcp_migrate_core::tool::Tool;

use crate::error::{Error, Inner};

/// Everything that [`migrations!`](crate::migrations!) knows, as constant data.
#[derive(Debug)]
pub struct Embedded {
    /// The migrations, oldest first.
    pub migrations: &'static Packed,
    /// What was released that the first of them stands for, oldest first; nothing, unless it was squashed.
    pub past: &'static [Past],
    /// The history after the last.
    pub head: Digest,
    /// Of the schema after the last.
    pub fingerprint: Digest,
    /// What databases that existed before may be taken for.
    pub adoption: Adoption,
    /// What makes of an empty database what the first of the migrations make of it.
    pub summary: Option<Summary>,
    /// The version of the SQLite that has run them when the program was compiled.
    pub sqlite: &'static str,
    /// The table that the history is kept in.
    pub table: &'static str,
    /// Whose the field `user_version` of a database's header is.
    pub user_version: UserVersion,
    /// The version of the program.
    pub app_version: Option<&'static str>,
    /// Where the migrations were read; in debug builds only.
    pub watched: Option<Watched>,
}

/// A script that makes of an empty database what the migrations up to the last make of it.
#[derive(Debug, Clone, Copy)]
pub struct Summary {
    /// The number of the last migration that it stands for.
    pub last: i64,
    /// The script.
    pub sql: &'static str,
}

/// What databases that existed before may be taken for.
#[derive(Debug)]
pub struct Adoption {
    /// Whether the first migration is a baseline.
    pub baseline: bool,
    /// What other tools call the migrations, oldest first.
    pub revisions: &'static [Known],
}

/// What another tool calls one migration, or the state after it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub(crate) tool: Tool,
    pub(crate) id: &'static str,
    /// What it may have entered for the text; empty if nobody knows.
    pub(crate) checksums: &'static [&'static str],
    /// The migration's number here.
    pub(crate) number: i64,
    /// The file that it is in, as the user calls it.
    pub(crate) file: &'static str,
}

/// What another tool calls a migration.
pub const fn known(
    tool: Tool,
    id: &'static str,
    checksums: &'static [&'static str],
    number: i64,
    file: &'static str,
) -> Known {
    Known { tool, id, checksums, number, file }
}

/// Whose the field `user_version` of a database's header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserVersion {
    /// The migrations': a run notes there where the database stands, unless it finds something of somebody else's.
    Migrations,
    /// The application's: it is neither read nor written.
    Application,
    /// That of whoever has used it so far. The program that knows is not at hand.
    Unknown,
}

/// A directory and the migrations that were in it.
#[derive(Debug)]
pub struct Watched {
    /// The directory.
    pub directory: &'static str,
    /// The names of the files, one a line.
    pub files: &'static str,
}

impl Embedded {
    /// The number of the last migration; 0 if there is none.
    pub(crate) fn latest(&self) -> i64 {
        self.migrations.last().map_or(0, |migration| migration.number)
    }

    /// Whether the SQLite of this process is the one that has run the migrations when they were compiled.
    pub(crate) fn has_proved_here(&self) -> bool {
        self.sqlite == rusqlite::version()
    }

    /// Whether this is the migration that can be run over what is there.
    pub(crate) fn is_baseline(&self, number: i64) -> bool {
        self.adoption.baseline && self.migrations.first().is_some_and(|first| first.number == number)
    }

    /// The migration that stands for others.
    pub(crate) fn squash(&self) -> Option<Migration<'static>> {
        self.migrations.first().filter(|_| !self.past.is_empty())
    }

    /// Why a database that is not past what was squashed cannot be upgraded; `found` is what it is.
    pub(crate) fn before_squash(&self, found: String) -> Error {
        let [first, last] =
            [self.past.first(), self.past.last()].map(|past| past.map_or_else(String::new, Past::label));
        let squash = self.squash().map_or_else(String::new, |squash| squash.label());
        Inner::BeforeSquash { found, squash, first, last }.into()
    }

    /// What databases have, oldest first, of all that this program knows: each with its name and digest.
    pub(crate) fn released(&self) -> impl Iterator<Item = Past> + use<> {
        self.past.iter().copied().chain(self.migrations.iter().skip(self.past.len().min(1)).map(as_recorded))
    }

    /// What a database has of the migration with this number.
    pub(crate) fn recorded(&self, number: i64) -> Option<Past> {
        if let Ok(at) = self.past.binary_search_by_key(&number, |past| past.number) {
            return Some(self.past[at]);
        }
        self.find(number).map(as_recorded)
    }

    /// `0007_add_tags`, as messages name it.
    pub(crate) fn label(&self, number: i64) -> String {
        self.find(number).map_or_else(|| format!("{number:04}"), |migration| migration.label())
    }

    pub(crate) fn find(&self, number: i64) -> Option<Migration<'static>> {
        self.migrations.find(number)
    }
}

fn as_recorded(Migration { number, name, digest, .. }: Migration<'static>) -> Past {
    Past { number, name, digest }
}
