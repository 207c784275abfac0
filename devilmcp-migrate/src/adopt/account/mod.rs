//! What other tools say that they have applied to a database.
//!
//! It is believed as far as the structure bears it out, which is compared afterwards. Here is decided what it says: up to which
//! migration, whether one was begun and not ended, left out, or has changed since.

mod table;

use std::collections::BTreeSet;

use devilmcp_migrate_core::diff::Difference;
use devilmcp_migrate_core::schema::Kind;
use devilmcp_migrate_core::tool::Tool;
use rusqlite::Connection;

use self::table::{Entry, Table};
use crate::embedded::{Embedded, Known};
use crate::error::{Error, Inner};
use crate::session::pragma;

/// The number of the last migration that another tool has applied; none if no tool says that it has applied any.
pub(super) fn through(conn: &Connection, embedded: &Embedded) -> Result<Option<i64>, Error> {
    let mut through = None;
    for tool in Tool::ALL {
        let account = Account { tool, embedded };
        if account.known().next().is_some() {
            through = through.max(account.through(conn)?);
        }
    }
    Ok(through)
}

/// What Alembic says that the database is at.
#[cfg(feature = "cli")]
pub(crate) fn revisions(conn: &Connection) -> Result<Vec<String>, Error> {
    let entries = Table::of(Tool::Alembic).map_or(Ok(None), |table| table.read(conn))?;
    Ok(entries.unwrap_or_default().into_iter().map(|entry| entry.id).collect())
}

/// Takes out of a list the tables in which other tools keep account of the migrations: they stay, and are nobody's change.
pub(crate) fn without_accounts(differences: &mut Vec<Difference>, embedded: &Embedded) {
    let tables = account_tables(embedded);
    differences.retain(|difference| match difference {
        Difference::Unexpected { key, found: _ } => key.kind != Kind::Table || !tables.contains(key.name.as_str()),
        _ => true,
    });
}

/// The names of those tables.
pub(crate) fn account_tables(embedded: &Embedded) -> BTreeSet<&'static str> {
    let tools = embedded.adoption.revisions.iter().map(|known| known.tool);
    tools.filter_map(|tool| Some(Table::of(tool)?.name)).collect()
}

/// One tool, and what it calls the migrations.
struct Account<'a> {
    tool: Tool,
    embedded: &'a Embedded,
}

impl<'a> Account<'a> {
    /// Its names for the migrations, oldest first.
    fn known(&self) -> impl Iterator<Item = &'a Known> + use<'a> {
        let tool = self.tool;
        self.embedded.adoption.revisions.iter().filter(move |known| known.tool == tool)
    }

    fn through(&self, conn: &Connection) -> Result<Option<i64>, Error> {
        let Some(table) = Table::of(self.tool) else { return self.counted(pragma(conn, "user_version")?) };
        let Some(entries) = table.read(conn)? else { return Ok(None) };
        let mut applied = Vec::new();
        for entry in &entries {
            let known = self.known().find(|known| known.id == entry.id).ok_or_else(|| self.unknown(&entry.id))?;
            applied.push((known, entry));
        }
        // Alembic tells the state, and not what led there.
        if self.tool != Tool::Alembic {
            self.check_ends(&table, &applied)?;
            self.check_gaps(&applied)?;
            self.check_texts(&table, &applied)?;
        }
        Ok(applied.iter().map(|(known, _)| known.number).max())
    }

    /// Where the tool keeps no more than how many it has applied.
    fn counted(&self, count: i64) -> Result<Option<i64>, Error> {
        let known: Vec<&Known> = self.known().collect();
        match usize::try_from(count).ok().filter(|count| *count <= known.len()) {
            Some(count) => Ok(known[..count].last().map(|known| known.number)),
            None => Err(self.unknown(&count.to_string())),
        }
    }

    /// Refuses what was begun and not ended.
    fn check_ends(&self, table: &Table, applied: &[(&Known, &Entry)]) -> Result<(), Error> {
        let Some((known, entry)) = applied.iter().find(|(_, entry)| !entry.is_done) else { return Ok(()) };
        let (tool, migration) = (self.tool.title(), self.embedded.label(known.number));
        let [ended, forgotten] = [table.ended(&entry.id), table.forgotten(&entry.id)];
        Err(Inner::HalfApplied { tool, migration, ended, forgotten }.into())
    }

    /// Refuses where a migration was left out that comes before one that was applied.
    fn check_gaps(&self, applied: &[(&Known, &Entry)]) -> Result<(), Error> {
        let is_applied = |known: &Known| applied.iter().any(|(other, _)| other.id == known.id);
        let Some((newest, _)) = applied.iter().max_by_key(|(known, _)| known.number) else { return Ok(()) };
        let left_out = self.known().filter(|known| known.number < newest.number && !is_applied(known));
        let migrations: Vec<String> = left_out.map(|known| self.embedded.label(known.number)).collect();
        if migrations.is_empty() {
            return Ok(());
        }
        let newest = self.embedded.label(newest.number);
        Err(Inner::LeftOut { tool: self.tool.title(), migrations, newest }.into())
    }

    /// Refuses what has another text than it had when it was applied.
    fn check_texts(&self, table: &Table, applied: &[(&Known, &Entry)]) -> Result<(), Error> {
        let changed = applied.iter().find_map(|(known, entry)| {
            let checksum = entry.checksum.as_deref()?;
            let expected = known.checksums.first()?;
            (!known.checksums.contains(&checksum)).then(|| (known.file, table.corrected(&entry.id, expected)))
        });
        match changed {
            Some((file, corrected)) => {
                Err(Inner::TextChanged { tool: self.tool.title(), file: file.to_owned(), corrected }.into())
            }
            None => Ok(()),
        }
    }

    fn unknown(&self, revision: &str) -> Error {
        Inner::UnknownRevision { tool: self.tool.title(), revision: revision.to_owned() }.into()
    }
}
