//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use devilmcp_migrate_core::source::SourceFile;

/// What is in the file `name` of `dir`, however it was checked out.
pub(super) fn read(dir: &Path, name: &str) -> io::Result<Arc<str>> {
    let bytes = fs::read(dir.join(name))?;
    Ok(SourceFile::new(name, String::from_utf8_lossy(&bytes).into_owned()).text)
}

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

/// Writes files, each with its text, or none of them.
pub(super) fn write_all<T: AsRef<str>>(dir: &Path, files: &[(String, T)]) -> io::Result<()> {
    for (at, (name, text)) in files.iter().enumerate() {
        if let Err(error) = write(dir, name, text.as_ref()) {
            for (name, _) in &files[..at] {
                // The first error is the one to hear of.
                let _ = fs::remove_file(dir.join(name));
            }
            return Err(error);
        }
    }
    Ok(())
}
