//! A migration that is not in its directory yet.

use std::io;
use std::path::Path;

use devilmcp_migrate_core::check::{Checked, Judged, Revision, Trust};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::name::{Name, Number, Role};
use devilmcp_migrate_core::source::{Entry, SourceFile};

use super::{read_with, shown, whole};
use crate::cli::output::Output;

/// Its name and its texts.
#[derive(Debug)]
pub(super) struct Draft {
    number: Number,
    slug: String,
    up: String,
    down: String,
}

impl Draft {
    /// The one that comes after the migration numbered `last`.
    pub(super) fn after(last: Option<Number>, slug: String, up: String, down: String) -> rusqlite::Result<Self> {
        let number = match last {
            Some(last) if last.is_timestamp() => later(last, now()?),
            Some(last) => later(last, Number::FIRST),
            None => Number::FIRST,
        };
        Ok(Self { number, slug, up, down })
    }

    /// Each file's name and text. The way back comes first: alone, it is only an error.
    pub(super) fn files(&self) -> [(Name, &str); 2] {
        let name = |role| Name { number: self.number, slug: self.slug.clone(), role };
        [(name(Role::Down), &self.down), (name(Role::Up), &self.up)]
    }

    /// Tries the directory as it would be with it.
    pub(super) fn tried(&self, dir: &Path, levels: Levels, output: Output) -> Checked {
        let files = self.files().into_iter().map(|(name, text)| {
            let path = format!("{}/{name}", shown(dir));
            Entry { name, file: SourceFile::new(&path, text.to_owned()) }
        });
        let revision = Revision { files: files.collect(), ..Revision::default() };
        read_with(dir, Judged::Unlocked, Trust::Taken, levels, revision, output)
    }

    /// Writes both files, or none.
    pub(super) fn write(&self, dir: &Path) -> io::Result<()> {
        whole::write_all(dir, &self.files().map(|(name, text)| (name.to_string(), text)))
    }
}

/// A number that is larger than the last, and not smaller than the other.
fn later(last: Number, other: Number) -> Number {
    Number::new(last.get().saturating_add(1)).map_or(other, |next| next.max(other))
}

/// `YYYYMMDDhhmmss`, in UTC.
pub(super) fn now() -> rusqlite::Result<Number> {
    let conn = rusqlite::Connection::open_in_memory()?;
    let now = "SELECT CAST(strftime('%Y%m%d%H%M%S', 'now') AS INTEGER)";
    conn.query_row(now, [], |row| row.get(0)).map(|now| Number::new(now).unwrap_or(Number::FIRST))
}
