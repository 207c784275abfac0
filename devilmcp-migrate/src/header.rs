//! The two fields of the database header by which a start that has nothing to do is known.
//!
//! `user_version` holds a tag made of the history digest and the schema cookie, as they were when the last run committed.
//! SQLite moves the cookie, `schema_version`, at every change of the schema. So if tag and cookie still fit the history that
//! this program holds, the history is right and nobody has changed the schema since, and no table had to be read to know it:
//! reading one makes SQLite parse the whole schema first. See <https://sqlite.org/fileformat2.html#schema_cookie>.

use devilmcp_migrate_core::digest::Digest;
use rusqlite::Connection;

use crate::error::Error;
use crate::session;

/// The cookie that the history table holds where a run has left a schema that is not what the migrations make. No schema has
/// it, so the next start looks again.
pub(crate) const UNPROVED: i64 = -1;

/// Both fields, as they were at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) tag: i64,
    pub(crate) cookie: i64,
}

impl Header {
    /// Reads both.
    pub(crate) fn read(conn: &Connection) -> Result<Self, Error> {
        session::moment(conn, Ok)
    }

    /// Whether the last run ended with this history, and the schema has not changed since.
    pub(crate) fn proves(self, history: Digest) -> bool {
        self.tag == tag(history, self.cookie)
    }
}

/// The tag for a history and a cookie; never 0, which is what a database has that nobody tagged.
pub(crate) fn tag(history: Digest, cookie: i64) -> i64 {
    let seed = history.0.chunks_exact(8).fold(0, |seed: u64, chunk| {
        let chunk = chunk.iter().fold(0, |word: u64, byte| (word << 8) | u64::from(*byte));
        mix(seed ^ chunk)
    });
    let mixed = mix(seed ^ cookie.cast_unsigned());
    // The field has 32 bits, with a sign.
    let tag = i64::from(((mixed >> 32) as u32).cast_signed());
    if tag == 0 { 1 } else { tag }
}

/// The finalizer of `SplitMix64`: every bit of the result depends on every bit of the argument.
fn mix(mut word: u64) -> u64 {
    word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_depends_on_history_and_cookie() {
        let [a, b] = [Digest::of_text("a"), Digest::of_text("b")];
        assert_ne!(tag(a, 1), tag(b, 1));
        assert_ne!(tag(a, 1), tag(a, 2));
        assert!((0..100_000).all(|cookie| tag(a, cookie) != 0 && i32::try_from(tag(a, cookie)).is_ok()));
    }

    /// Databases in the field hold these values.
    #[test]
    fn golden_vectors() {
        assert_eq!(tag(Digest::EMPTY, 0), GOLDEN_EMPTY);
        assert_eq!(tag(Digest::of_text("history"), 42), GOLDEN_HISTORY);
    }

    const GOLDEN_EMPTY: i64 = 2_024_692_378;
    const GOLDEN_HISTORY: i64 = 1_292_851_683;
}
