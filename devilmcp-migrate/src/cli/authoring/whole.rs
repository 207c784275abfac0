//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes the file `name` of `dir`.
pub(super) fn write(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    // A dot-file, which nobody takes for a migration if it is left over.
    let draft = dir.join(format!(".{name}.{}", std::process::id()));
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&draft, dir.join(name))).inspect_err(|_| {
        // The first error is the one to hear of.
        let _ = fs::remove_file(&draft);
    })
}
