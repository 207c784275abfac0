//! Folders that are made for files, and taken away again where these come to nothing.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Folders that were not there.
pub(super) struct Folders(Vec<PathBuf>);

impl Folders {
    pub(super) fn make(dir: &Path) -> io::Result<Self> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let missing = dir.ancestors().take_while(is_missing).map(Path::to_owned).collect();
        fs::create_dir_all(dir)?;
        Ok(Self(missing))
    }

    /// Takes them away again, as far as nobody has put anything there.
    pub(super) fn remove(&self) {
        for folder in &self.0 {
            // Why there is nothing in them is the thing to hear of.
            let _ = fs::remove_dir(folder);
        }
    }
}
