//! Who may read a copy: whoever may read the original, and nobody else.

use std::fs::{File, Metadata};
use std::io;

/// Gives a file the owner, the group and the permissions of another one, as far as this process may.
#[cfg(unix)]
pub(super) fn copy(original: &Metadata, file: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};

    let (found, mut mode) = (file.metadata()?, original.mode() & 0o777);
    if found.uid() != original.uid() {
        // Where it cannot be given to the owner it stays with who has made it, and has read the original.
        let _ = fchown(file, Some(original.uid()), None);
    }
    if found.gid() != original.gid() && fchown(file, None, Some(original.gid())).is_err() {
        // Another group is not to read what only the original's may.
        mode &= 0o707;
    }
    file.set_permissions(Permissions::from_mode(mode))
}

/// Elsewhere a new file has what its folder gives it.
#[cfg(not(unix))]
pub(super) fn copy(original: &Metadata, file: &File) -> io::Result<()> {
    file.set_permissions(original.permissions())
}
