//! Whether the files that are locked are, byte for byte, what they were when the lock file was written. Then their digests are
//! those that stand in it: one value of everything is sooner taken than a digest of each.

use super::{Lock, Released};
use crate::digest::Digest;
use crate::name::{Number, Role};
use crate::script::Script;
use crate::source::{Entry, SourceFile};

/// The last line of a lock file: a comment, so that whoever does not know it reads the others. After it, the last migration
/// and SHA-256 over the files of these migrations and a checksum of the lines.
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
    are_of(&lock.lines, &files) && sealed == (last.number, value(lock, files.into_iter().map(|entry| &entry.file)))
}

/// Whether there is a file for whatever the lines have, and no other; so the names need not be part of the value.
fn are_of(lines: &[Released], files: &[&Entry]) -> bool {
    let mut at = 0;
    for line in lines {
        for role in [Role::Down, Role::Up] {
            if role == Role::Down && line.down.is_none() {
                continue;
            }
            let name = if at < files.len() { &files[at].name } else { return false };
            if name.number != line.number || name.role != role || name.slug != line.slug {
                return false;
            }
            at += 1;
        }
    }
    at == files.len()
}

/// What the last line says.
fn read(text: &str) -> Option<(Number, Digest)> {
    let (last, value) = text.trim_end().rsplit('\n').next()?.strip_prefix(LINE)?.split_once(' ')?;
    Some((Number::new(last.parse().ok()?)?, Digest::parse(value)?))
}

fn value<'a>(lock: &Lock, files: impl Iterator<Item = &'a SourceFile>) -> Digest {
    let mut bytes = checksum(lock.squashed.iter().chain(&lock.lines)).to_le_bytes().to_vec();
    for file in files {
        // No text has a zero byte, which is an error by itself: so none can end in another.
        bytes.push(0);
        bytes.extend_from_slice(file.text.as_bytes());
    }
    Digest::of_bytes(&bytes)
}

/// Of what the lines say. Whoever can change a line can work out the last one anew, so this is against accidents only, for
/// which SHA-256, unoptimised, is dear: [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/), 64 bits.
fn checksum<'a>(lines: impl Iterator<Item = &'a Released>) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325;
    for Released { number, slug, up, down, history, place: _ } in lines {
        let has_down = u8::from(down.is_some());
        let down = down.as_ref().map_or(&[][..], |down| &down.0);
        for piece in [&number.get().to_le_bytes()[..], &[has_down], down, &up.0, &history.0, slug.as_bytes(), &[0]] {
            let mut at = 0;
            while at < piece.len() {
                sum = (sum ^ u64::from(piece[at])).wrapping_mul(0x0000_0100_0000_01b3);
                at += 1;
            }
        }
    }
    sum
}
