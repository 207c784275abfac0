//! The words by which a statement is known that may be denied.

/// Whether there can be anything in a script that is denied: each such statement is known by one of these words. Cheaper
/// than to prepare every statement.
pub fn may_be_denied(script: &str) -> bool {
    static WORDS: [&str; 12] = [
        "ATTACH",
        "BEGIN",
        "COMMIT",
        "DETACH",
        "END",
        "LOAD_EXTENSION",
        "PRAGMA",
        "RELEASE",
        "ROLLBACK",
        "SAVEPOINT",
        "VACUUM",
        "_DEVILMCP_MIGRATIONS",
    ];
    // A plain loop: the macro, which is compiled without optimisation, looks at every way back of what is locked.
    let bytes = script.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let is_start = is_letter(bytes[at]) && (at == 0 || !is_letter(bytes[at - 1]));
        if is_start && begins_one(bytes[at]) {
            let rest = &bytes[at..];
            let mut word = 0;
            while word < WORDS.len() {
                let (first, length) = (WORDS[word].as_bytes()[0], WORDS[word].len());
                let may_be_here = rest[0].eq_ignore_ascii_case(&first) && rest.len() >= length;
                if may_be_here && rest[..length].eq_ignore_ascii_case(WORDS[word].as_bytes()) {
                    return true;
                }
                word += 1;
            }
        }
        at += 1;
    }
    false
}

fn is_letter(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_')
}

/// Whether one of the words that tell what may be denied begins so.
fn begins_one(byte: u8) -> bool {
    matches!(byte, b'a'..=b'e' | b'A'..=b'E' | b'l' | b'L' | b'p' | b'P' | b'r' | b'R' | b's' | b'S' | b'v' | b'V' | b'_')
}
