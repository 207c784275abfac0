//! Whether the files of a directory are those that they were, told without reading them.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::listing::DEEPEST;

/// Of each file, what the file system changes when somebody changes the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamps(Vec<(OsString, Stamp)>);

/// Programs can set the time of a file's last change, and some do; the time of the last change to its *inode* they cannot.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: SystemTime,
    #[cfg(unix)]
    inode: [u64; 2],
    #[cfg(unix)]
    changed: (i64, i64),
}

/// File systems take the time from a clock that ticks this slowly, or faster: of two changes in one tick, only the first
/// can be seen.
const TICK: Duration = Duration::from_millis(20);

impl Stamps {
    /// As of now; none if it cannot be told. Dot-files are nobody's business.
    pub(crate) fn take(directory: &Path) -> Option<Self> {
        let mut stamps = Vec::new();
        let mut folders = vec![(directory.to_owned(), DEEPEST)];
        while let Some((folder, depth)) = folders.pop() {
            for entry in fs::read_dir(folder).ok()? {
                let entry = entry.ok()?;
                if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    continue;
                }
                let is_link = entry.file_type().ok()?.is_symlink();
                let metadata = if is_link { fs::metadata(entry.path()) } else { entry.metadata() }.ok()?;
                if metadata.is_dir() && depth > 0 {
                    folders.push((entry.path(), depth - 1));
                }
                stamps.push((entry.path().into_os_string(), Stamp::of(&metadata)?));
            }
        }
        Some(Self(stamps))
    }

    /// These, once a change from now on is sure to be seen; none if it may not be. Waits a moment if a file has just been
    /// written.
    pub(crate) fn settled(self, directory: &Path) -> Option<Self> {
        let newest = self.0.iter().map(|(_, stamp)| stamp.newest()).max().unwrap_or_default();
        let age = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.checked_sub(newest)?;
        if age >= TICK {
            return Some(self).filter(|stamps| age >= COARSE || stamps.are_fine());
        }
        std::thread::sleep(TICK.saturating_sub(age));
        Self::take(directory).filter(|now| *now == self && now.are_fine())
    }

    /// Whether the file system counts in less than seconds.
    fn are_fine(&self) -> bool {
        self.0.iter().any(|(_, stamp)| stamp.newest().subsec_nanos() != 0)
    }
}

/// Where it does not, a tick is two seconds at the most.
const COARSE: Duration = Duration::from_secs(3);

impl Stamp {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Self {
            length: metadata.len(),
            modified: metadata.modified().ok()?,
            inode: [metadata.dev(), metadata.ino()],
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    fn of(metadata: &Metadata) -> Option<Self> {
        Some(Self { length: metadata.len(), modified: metadata.modified().ok()? })
    }

    /// When the file was last changed, as far as is known, since 1970.
    #[cfg(unix)]
    fn newest(&self) -> Duration {
        let (seconds, nanoseconds) = self.changed;
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
            .saturating_add(Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0)))
    }

    #[cfg(not(unix))]
    fn newest(&self) -> Duration {
        self.modified.duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}
