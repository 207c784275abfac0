//! Whether the files that are locked are, byte for byte, what they were when the lock file was written. Then their digests are
//! those that stand in it: one value of everything is sooner taken than a digest of each.

use crate::digest::Digest;
use crate::name::{Number, Role};
use crate::script::Script;
use crate::source::{Entry, SourceFile};

/// The last line of a lock file: a comment, so that whoever does not know it reads the others. After it, the last migration
/// and SHA-256 over what stands above and the files up to there.
const LINE: &str = "# files ";

/// A lock file that has these lines, which are of `scripts`.
pub(super) fn seal(lines: String, scripts: &[Script]) -> String {
    let Some(last) = scripts.last() else { return lines };
    let files = scripts.iter().flat_map(|script| script.down.iter().chain([&script.up]));
    let value = value(&lines, files.map(|file| (file_name(file), file)));
    format!("{lines}{LINE}{} {value}\n", last.number)
}

/// Whether `lock` was written for just these files, as far as they are locked.
pub(super) fn fit(lock: &SourceFile, entries: &[Entry]) -> bool {
    let Some((lines, last, expected)) = read(&lock.text) else { return false };
    let is_locked = |entry: &&Entry| entry.name.number <= last && matches!(entry.name.role, Role::Up | Role::Down);
    let mut files: Vec<&Entry> = entries.iter().filter(is_locked).collect();
    files.sort_by_key(|entry| (entry.name.number, entry.name.role == Role::Up));
    value(lines, files.into_iter().map(|entry| (file_name(&entry.file), &entry.file))) == expected
}

/// What stands above the last line, and what it says.
fn read(text: &str) -> Option<(&str, Number, Digest)> {
    let end = text.strip_suffix('\n')?.rfind('\n')? + 1;
    let (lines, line) = text.split_at(end);
    let (last, value) = line.trim_end().strip_prefix(LINE)?.split_once(' ')?;
    Some((lines, Number::new(last.parse().ok()?)?, Digest::parse(value)?))
}

fn value<'a>(lines: &'a str, files: impl Iterator<Item = (&'a str, &'a SourceFile)>) -> Digest {
    let texts = files.flat_map(|(name, file)| [name, &*file.text]);
    Digest::of_pieces(std::iter::once(lines).chain(texts))
}

fn file_name(file: &SourceFile) -> &str {
    file.path.rsplit('/').next().unwrap_or(&file.path)
}
