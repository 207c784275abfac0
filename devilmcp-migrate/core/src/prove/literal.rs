//! A value as SQL.

use std::fmt::Write as _;

use rusqlite::types::ValueRef;

/// The literal that SQLite reads as this value again. Of real numbers that is not certain, and has to be tried.
pub(super) fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        // SQLite has no word for it, but reads what is too large for a number as this.
        ValueRef::Real(number) if number.is_infinite() => if number > 0.0 { "9e999" } else { "-9e999" }.to_owned(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(plain) if plain.chars().all(is_plain) => format!("'{}'", plain.replace('\'', "''")),
            _ => format!("CAST({} AS TEXT)", blob(bytes)),
        },
        ValueRef::Blob(bytes) => blob(bytes),
    }
}

/// Whether a letter is the same after the file was checked out on another machine, and can be seen.
fn is_plain(letter: char) -> bool {
    matches!(letter, '\n' | '\t') || !letter.is_control()
}

fn blob(bytes: &[u8]) -> String {
    let mut literal = "x'".to_owned();
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(literal, "{byte:02x}");
    }
    literal + "'"
}
