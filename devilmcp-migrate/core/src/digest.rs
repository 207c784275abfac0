//! What a script says, as one value that its formatting cannot change.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::mode::Mode;
use crate::name::Number;
use crate::token::{Kind, significant};

/// A SHA-256 value: of one script, or of a whole history.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The history before the first migration.
    pub const EMPTY: Self = Self([0; 32]);

    /// Of a script: SHA-256 over its tokens, each preceded by its length in bytes (64 bits, little-endian).
    ///
    /// Comments, white space, a byte-order mark and trailing `;` do not count; a line break inside a literal counts as LF,
    /// however the file was checked out. So reformatting a migration that has shipped breaks nobody.
    pub fn of_script(sql: &str) -> Self {
        Self::hash(None, sql)
    }

    fn hash(directive: Option<&str>, sql: &str) -> Self {
        // Hashed in one go: a macro that is compiled without optimisation pays for each piece.
        let mut bytes = Vec::with_capacity(3 * sql.len());
        if let Some(directive) = directive {
            push(&mut bytes, directive.as_bytes());
        }
        let mut semicolons = 0_usize;
        for token in significant(sql) {
            if token.kind == Kind::Semicolon {
                semicolons += 1;
                continue;
            }
            for _ in 0..std::mem::take(&mut semicolons) {
                push(&mut bytes, b";");
            }
            if token.text.contains("\r\n") {
                push(&mut bytes, token.text.replace("\r\n", "\n").as_bytes());
            } else {
                push(&mut bytes, token.text.as_bytes());
            }
        }
        Self::of_bytes(&bytes)
    }

    /// Of a migration: as of its script, under the directive that makes the statements do something else than they do
    /// without it, where it has one. No token of a script begins like that.
    pub fn of_migration(mode: Mode, sql: &str) -> Self {
        Self::hash(mode.directive(), sql)
    }

    /// Of a file that stands for other migrations: as of a script under the directive that says so.
    pub fn of_squash(sql: &str) -> Self {
        Self::hash(Some("-- migrate: squashed"), sql)
    }

    /// Of the history that ends with this migration: SHA-256 over the history before it, its number, its name and the
    /// digest of its script. One value proves the whole past.
    #[must_use]
    pub fn then(self, number: Number, name: &str, script: Self) -> Self {
        let mut bytes = self.0.to_vec();
        bytes.extend_from_slice(&number.get().to_le_bytes());
        push(&mut bytes, name.as_bytes());
        bytes.extend_from_slice(&script.0);
        Self::of_bytes(&bytes)
    }

    /// Of any text, byte for byte.
    pub fn of_text(text: &str) -> Self {
        Self::of_bytes(text.as_bytes())
    }

    /// Of any bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        // Whether all are digits is asked once, in the end: a lock file has three of these a line, and the macro is compiled
        // without optimisation.
        let text: &[u8; 64] = text.as_bytes().try_into().ok()?;
        let mut bytes = [0; 32];
        let mut seen = 0;
        let mut at = 0;
        while at < 32 {
            let (high, low) = (DIGITS[text[2 * at] as usize], DIGITS[text[2 * at + 1] as usize]);
            seen |= high | low;
            bytes[at] = high << 4 | low;
            at += 1;
        }
        (seen <= 15).then_some(Self(bytes))
    }

    /// The digest in `bytes`, if there are just as many as one has.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Adds a piece, preceded by its length.
fn push(bytes: &mut Vec<u8>, piece: &[u8]) {
    bytes.extend_from_slice(&(piece.len() as u64).to_le_bytes());
    bytes.extend_from_slice(piece);
}

/// Of each byte, which hexadecimal digit it is.
static DIGITS: [u8; 256] = {
    let mut digits = [u8::MAX; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[b"0123456789abcdef"[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};

#[cfg(test)]
mod tests {
    use super::Digest;
    use crate::mode::Mode;
    use crate::name::Number;

    /// Databases in the field hold these values: a change here would call every one of them edited.
    #[test]
    fn golden_vectors() {
        let golden = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("SELECT 1", GOLDEN_SELECT),
            (
                "CREATE TABLE \"a\" (b TEXT DEFAULT 'x;''y' CHECK (b->>'$.c' <> 0x1F)); INSERT INTO a VALUES (1.5e-3, x'00');",
                GOLDEN_TABLE,
            ),
        ];
        for (sql, digest) in golden {
            assert_eq!(Digest::of_script(sql).to_string(), digest, "{sql}");
        }
        let script = Digest::of_script("SELECT 1");
        assert_eq!(Digest::EMPTY.then(Number::FIRST, "first", script).to_string(), GOLDEN_HISTORY);
    }

    #[test]
    fn formatting_does_not_count() {
        let plain = Digest::of_script("CREATE TABLE a (b, c); SELECT 'x\ny'");
        assert_eq!(
            Digest::of_script("\u{feff}-- new\r\nCREATE TABLE a(b,c)/**/;\r\n\tSELECT 'x\r\ny' ;; -- end"),
            plain
        );
    }

    #[test]
    fn meaning_counts() {
        let plain = Digest::of_script("SELECT 'a b', a <= b");
        for other in ["SELECT 'a  b', a <= b", "SELECT 'a b', a < = b", "SELECT 'a b', A <= b", "SELECT 'a b'; a <= b"]
        {
            assert_ne!(Digest::of_script(other), plain, "{other}");
        }
    }

    #[test]
    fn a_directive_by_which_statements_do_something_else_counts() {
        let sql = "-- why\nSELECT 1;";
        assert_eq!(Digest::of_migration(Mode::Plain, sql), Digest::of_script(sql));
        assert_eq!(Digest::of_migration(Mode::Enforced, sql).to_string(), GOLDEN_ENFORCED);
        assert_eq!(Digest::of_migration(Mode::Alone, sql).to_string(), GOLDEN_ALONE);
        assert_eq!(Digest::of_squash(sql).to_string(), GOLDEN_SQUASH);
    }

    #[test]
    fn a_history_depends_on_every_part_of_every_migration() {
        let [one, two] = [Digest::of_script("SELECT 1"), Digest::of_script("SELECT 2")];
        let history = Digest::EMPTY.then(Number::FIRST, "a", one);
        assert_ne!(history, Digest::EMPTY.then(Number::FIRST, "b", one));
        assert_ne!(history, Digest::EMPTY.then(Number::FIRST, "a", two));
        assert_ne!(history, Digest::EMPTY.then(Number::new(2).unwrap(), "a", one));
        assert_ne!(history, history.then(Number::FIRST, "a", one));
    }

    const GOLDEN_SELECT: &str = "c34d57f2b86f3afead8011bb01c8dcaa7349599b29ee33912b3f05e0b3b092e2";
    const GOLDEN_TABLE: &str = "04151135c4b8b55a21c0cf610f687257fe599482852f5da3c829b22ef23a74b9";
    const GOLDEN_ALONE: &str = "ee0a87aafe3b6d684ec4c0358c9dd4275456e0c976578a74cd9d5dad340a7473";
    const GOLDEN_SQUASH: &str = "8263ceb6c59a2796762348b3a7da92c58b51cad9a69304cb5e893557d6d9ccfb";
    const GOLDEN_ENFORCED: &str = "284d8f38a9bc609bdba763a398c42d39fc0b9a6eb796b60500034389e84940c7";
    const GOLDEN_HISTORY: &str = "fd04e2f973da2885fb84e50656a20226b3a61b3cd7bf87fa62a708a4e858242b";
}
