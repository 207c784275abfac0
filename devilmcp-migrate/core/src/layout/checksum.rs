//! What tools take of a migration to notice that it has changed. None of them passes over line ends, so each value is taken of the
//! text under both: a file is the same however it was checked out.

use std::fmt::Write as _;
use std::hash::{Hash as _, Hasher as _};

use sha2::{Digest as _, Sha384};
use siphasher::sip::SipHasher13;

use crate::tool::Tool;

/// Every value under which the tool may have entered a migration with this text, that of a file with plain line ends first; none
/// if it takes none.
pub(super) fn checksums(tool: Tool, number: i64, words: &str, text: &str) -> Vec<String> {
    if !matches!(tool, Tool::Sqlx | Tool::Refinery) {
        return Vec::new();
    }
    let unix = text.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    let mut found: Vec<String> = Vec::new();
    for text in [&unix, &windows, text] {
        let values = if tool == Tool::Sqlx { vec![sqlx(text)] } else { refinery(number, words, text) };
        for value in values {
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

/// sqlx takes SHA-384 of the text, and keeps its bytes.
fn sqlx(text: &str) -> String {
    let mut value = String::new();
    for byte in Sha384::digest(text) {
        // Writing to a text does not fail.
        let _ = write!(value, "{byte:02x}");
    }
    value
}

/// refinery takes the 64 bits of `SipHash` 1-3 over name, version and text, and writes them in decimal. Versions have 32 bits, or 64
/// with its feature `int8-versions`.
fn refinery(number: i64, words: &str, text: &str) -> Vec<String> {
    let narrow = i32::try_from(number).ok();
    let hash = |version: &dyn Fn(&mut SipHasher13)| {
        let mut hasher = SipHasher13::new();
        words.hash(&mut hasher);
        version(&mut hasher);
        text.hash(&mut hasher);
        hasher.finish().to_string()
    };
    let wide = hash(&|hasher| number.hash(hasher));
    narrow.map(|narrow| hash(&|hasher| narrow.hash(hasher))).into_iter().chain([wide]).collect()
}
