//! Whether the files that are locked are, byte for byte, what they were when the lock file was written. Then their digests are
//! those that stand in it: one value of everything is sooner taken than a digest of each.

use super::{Lock, Released};
use crate::digest::{Digest, Pieces};
use crate::name::{Number, Role};
use crate::script::Script;
use crate::source::{Entry, SourceFile};

/// The last line of a lock file: a comment, so that whoever does not know it reads the others. After it, the last migration
/// and SHA-256 over what the lines say and the files of these migrations.
const LINE: &str = "# files ";

/// The last line of the file of a lock, which is of `scripts`.
pub(super) fn seal(lock: &Lock, scripts: &[Script]) -> String {
    let Some(last) = lock.lines.last() else { return String::new() };
    let files = scripts.iter().flat_map(|script| script.down.iter().chain([&script.up]));
    format!("{LINE}{} {}\n", last.number, value(lock, files))
}

/// Whether the file of a lock, with this `text`, was written for just these files, as far as they are locked.
pub(super) fn fit(text: &str, lock: &Lock, entries: &[Entry]) -> bool {
    let (Some(last), Some(sealed)) = (lock.lines.last(), read(text)) else { return false };
    let is_locked =
        |entry: &&Entry| entry.name.number <= last.number && matches!(entry.name.role, Role::Up | Role::Down);
    let mut files: Vec<&Entry> = entries.iter().filter(is_locked).collect();
    files.sort_by_key(|entry| (entry.name.number, entry.name.role == Role::Up));
    sealed == (last.number, value(lock, files.into_iter().map(|entry| &entry.file)))
}

/// What the last line says.
fn read(text: &str) -> Option<(Number, Digest)> {
    let (last, value) = text.trim_end().rsplit('\n').next()?.strip_prefix(LINE)?.split_once(' ')?;
    Some((Number::new(last.parse().ok()?)?, Digest::parse(value)?))
}

fn value<'a>(lock: &Lock, files: impl Iterator<Item = &'a SourceFile>) -> Digest {
    let mut pieces = Pieces::default();
    for Released { number, slug, up, down, history, place: _ } in lock.squashed.iter().chain(&lock.lines) {
        pieces.push(&number.get().to_le_bytes());
        pieces.push(slug.as_bytes());
        pieces.push(&up.0);
        pieces.push(down.as_ref().map_or(&[], |down| &down.0));
        pieces.push(&history.0);
    }
    for file in files {
        pieces.push(file.path.rsplit('/').next().unwrap_or(&file.path).as_bytes());
        pieces.push(file.text.as_bytes());
    }
    pieces.digest()
}
