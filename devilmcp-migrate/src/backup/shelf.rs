//! The folder that holds the backups of one database.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use devilmcp_migrate_core::digest::Digest;

use super::name::{Kind, Name};
use super::original::Original;
use crate::error::Error;

/// Where the backups of one database are, and how to know them.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    folder: PathBuf,
    name: Name,
}

impl Shelf {
    /// The folder of the database, or another one.
    pub(super) fn of(original: &Original, folder: Option<&Path>) -> Result<Self, Error> {
        let database = original.file_name()?.to_owned();
        let (given, id) = match folder {
            None => (original.folder(), None),
            // In a folder for many databases the name of the file does not tell them apart.
            Some(folder) => {
                let digest = Digest::of_bytes(original.path.as_os_str().as_encoded_bytes()).to_string();
                (folder, Some(digest.chars().take(12).collect()))
            }
        };
        let folder = resolved(given).map_err(Error::backup_of("find the folder", given))?;
        Ok(Self { folder, name: Name { database, id } })
    }

    /// A file of this name in the folder.
    pub(super) fn file(&self, time: &str, version: i64) -> PathBuf {
        self.folder.join(self.name.of(time, version))
    }

    /// Deletes what processes have left that were killed while they made a backup. The database is locked, so none is at it.
    pub(super) fn clear(&self) -> Result<(), Error> {
        for (_, file) in self.files()?.into_iter().filter(|(kind, _)| *kind == Kind::Draft) {
            fs::remove_file(&file).map_err(Error::backup_of("delete the unfinished backup", &file))?;
        }
        Ok(())
    }

    /// Deletes the oldest backups until `count` are left, and never the `newest`.
    pub(super) fn keep(&self, count: usize, newest: &Path) -> Result<(), Error> {
        let mut backups: Vec<(String, PathBuf)> = self.files()?.into_iter().filter_map(dated).collect();
        backups.sort();
        backups.retain(|(_, file)| file != newest);
        let surplus = (backups.len() + 1).saturating_sub(count.max(1));
        for (_, file) in backups.into_iter().take(surplus) {
            fs::remove_file(&file).map_err(Error::backup_of("delete the old backup", &file))?;
        }
        Ok(())
    }

    /// What is ours in the folder.
    fn files(&self) -> Result<Vec<(Kind, PathBuf)>, Error> {
        let list = || -> io::Result<Vec<(Kind, PathBuf)>> {
            let mut files = Vec::new();
            for entry in fs::read_dir(&self.folder)? {
                let entry = entry?;
                // This does not follow links: what is one is none of ours.
                if let Some(kind) = self.name.read(&entry.file_name()).filter(|_| is_file(&entry)) {
                    files.push((kind, entry.path()));
                }
            }
            Ok(files)
        };
        list().map_err(Error::backup_of("list the folder", &self.folder))
    }
}

fn dated((kind, file): (Kind, PathBuf)) -> Option<(String, PathBuf)> {
    match kind {
        Kind::Backup { time } => Some((time, file)),
        Kind::Draft => None,
    }
}

fn is_file(entry: &fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// A folder without links on the way: SQLite is then told to follow none.
#[cfg(unix)]
pub(super) fn resolved(folder: &Path) -> io::Result<PathBuf> {
    let folder = fs::canonicalize(folder)?;
    if folder.is_dir() { Ok(folder) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

/// Elsewhere a path without links has a form that not every program takes.
#[cfg(not(unix))]
pub(super) fn resolved(folder: &Path) -> io::Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    if folder.is_dir() { Ok(folder) } else { Err(io::ErrorKind::NotADirectory.into()) }
}
