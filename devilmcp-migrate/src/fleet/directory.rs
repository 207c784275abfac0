//! What of a directory is a database.

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::pattern;
use super::report::Failure;
use crate::error::{Error, Inner};
use crate::printable::Printable;

/// A directory of databases: the files in it whose names end in `.db`, `.db3`, `.sqlite` or `.sqlite3`, or fit a [pattern](Self::pattern).
///
/// Names decide, and no file is looked into beforehand: closing it would take away [the locks](https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_)
/// of other connections of the process. So a file that has such a name and is no database is one that failed, and not one that was
/// passed over. What SQLite puts beside a database (`-wal`, `-shm`, `-journal`) is none, whatever the pattern. Links to files are
/// followed, links to folders are not, and a database that has several names there is upgraded once.
#[derive(Debug, Clone)]
#[must_use = "this only says where the databases are"]
pub struct Directory {
    path: PathBuf,
    patterns: Vec<String>,
    is_recursive: bool,
}

/// What lies in a directory.
#[derive(Debug)]
pub(crate) struct Listing {
    /// The databases, in the order of their names.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) skipped: Vec<Skipped>,
    /// What could not be read.
    pub(crate) failures: Vec<Failure>,
}

/// A file that was not taken for a database of its own, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    path: PathBuf,
    why: Why,
}

/// Why a file was not taken for a database of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// Its name is not that of a database.
    Name,
    /// It is a database that another name before it is of, too.
    Twice,
}

impl Directory {
    /// The directory with this path, without what is in its folders.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), patterns: Vec::new(), is_recursive: false }
    }

    /// Databases are the files whose names fit this, instead of the usual ones: `*` stands for any letters, `?` for one. Where it is said
    /// several times, one is enough.
    pub fn pattern(mut self, pattern: impl Into<String>) -> Self {
        self.patterns.push(pattern.into());
        self
    }

    /// With what is in its folders, and in theirs.
    pub fn recursive(mut self) -> Self {
        self.is_recursive = true;
        self
    }

    /// What is there now.
    pub(crate) fn list(&self) -> Result<Listing, Error> {
        let mut listing = Listing { files: Vec::new(), skipped: Vec::new(), failures: Vec::new() };
        let mut seen = HashSet::new();
        let mut folders = self.read(&self.path, &mut seen, &mut listing).map_err(unreadable(&self.path))?;
        while let Some(folder) = folders.pop() {
            match self.read(&folder, &mut seen, &mut listing) {
                Ok(more) => folders.extend(more),
                Err(error) => listing.failures.push(Failure::new(folder.clone(), unreadable(&folder)(error))),
            }
        }
        listing.files.sort();
        listing.skipped.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(listing)
    }

    /// One folder; those in it that are to be read, too, the last first.
    fn read(&self, folder: &Path, seen: &mut HashSet<Identity>, listing: &mut Listing) -> io::Result<Vec<PathBuf>> {
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry.path();
            // This does not follow links, so no folder is read twice, or for ever.
            if entry.file_type()?.is_dir() {
                folders.extend(self.is_recursive.then_some(path));
                continue;
            }
            let is_wanted = self.is_wanted(&entry.file_name().to_string_lossy());
            match fs::metadata(&path) {
                // Sockets and pipes would be waited for.
                Ok(metadata) if !metadata.is_file() => {}
                Ok(_) if !is_wanted => listing.skipped.push(Skipped { path, why: Why::Name }),
                Ok(metadata) if seen.insert(Identity::of(&path, &metadata)?) => listing.files.push(path),
                Ok(_) => listing.skipped.push(Skipped { path, why: Why::Twice }),
                // A link that leads nowhere is no database, unless it has the name of one.
                Err(error) if is_wanted => {
                    let error = unreadable(&path)(error);
                    listing.failures.push(Failure::new(path, error));
                }
                Err(_) => listing.skipped.push(Skipped { path, why: Why::Name }),
            }
        }
        folders.reverse();
        Ok(folders)
    }

    fn is_wanted(&self, name: &str) -> bool {
        if BESIDE.iter().any(|end| name.ends_with(end)) {
            return false;
        }
        if self.patterns.is_empty() {
            let extension = Path::new(name).extension().unwrap_or_default();
            return EXTENSIONS.iter().any(|usual| extension.eq_ignore_ascii_case(usual));
        }
        self.patterns.iter().any(|pattern| pattern::fits(pattern, name))
    }
}

impl<P: Into<PathBuf>> From<P> for Directory {
    fn from(path: P) -> Self {
        Self::new(path)
    }
}

impl Skipped {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why.
    pub fn why(&self) -> Why {
        self.why
    }

    /// Whether SQLite has put it beside a database: of that nobody needs to hear.
    #[cfg(feature = "cli")]
    pub(crate) fn is_beside(&self) -> bool {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        BESIDE.iter().any(|end| name.ends_with(end))
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Name => "not the name of a database",
            Why::Twice => "another name of a database that is listed already",
        };
        write!(Printable(f), "{}: {why}", self.path.display())
    }
}

/// What tells files apart, whatever they are called.
#[cfg(unix)]
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity(u64, u64);

#[cfg(unix)]
impl Identity {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it has to be asked for")]
    fn of(_: &Path, metadata: &Metadata) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Ok(Self(metadata.dev(), metadata.ino()))
    }
}

#[cfg(not(unix))]
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity(PathBuf);

#[cfg(not(unix))]
impl Identity {
    fn of(path: &Path, _: &Metadata) -> io::Result<Self> {
        fs::canonicalize(path).map(Self)
    }
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |error| Inner::Unreadable { path, source: error.into() }.into()
}

/// How files are called that are databases.
const EXTENSIONS: [&str; 4] = ["db", "db3", "sqlite", "sqlite3"];

/// What SQLite puts beside them: <https://sqlite.org/tempfiles.html>
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];
