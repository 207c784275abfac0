//! Text out of a database, read so that want of memory is an error.
//!
//! A database may hold its text in UTF-16, and SQLite need not have ended it with a zero byte: then it is made anew when it is asked for
//! as UTF-8, which [takes memory](https://sqlite.org/c3ref/column_blob.html). rusqlite panics if there is none. Bytes are handed out as
//! they are, so it is bytes that queries ask for here; two letters before them say how they are to be read.

use rusqlite::types::{Type, ValueRef};
use rusqlite::{Error, Result, Row};

/// An expression whose value is text, as [`read`] and its like want it.
pub fn expression(text: &str) -> String {
    format!("CAST('ab' || {text} AS BLOB)")
}

/// The same of a column that may hold anything; what is no text, [`read`] refuses.
pub fn column(name: &str) -> String {
    format!("CASE typeof({name}) WHEN 'text' THEN {} ELSE {name} END AS {name}", expression(name))
}

/// The text in a column of a row.
///
/// # Errors
/// It is no text, or not UTF-8.
pub fn read(row: &Row<'_>, at: usize) -> Result<String> {
    let text = bytes(row, at)?.ok_or_else(|| unexpected(row, at, Type::Null))?;
    text.map_err(|bytes| match String::from_utf8(bytes) {
        Err(error) => Error::FromSqlConversionFailure(at, Type::Text, error.utf8_error().into()),
        Ok(_) => unexpected(row, at, Type::Blob),
    })
}

/// Whether that is why text could not be read. rusqlite's own error has another shape in 0.38 than since, so [`read`] makes none of that.
pub fn is_not_utf8(error: &Error) -> bool {
    match error {
        Error::Utf8Error(..) => true,
        Error::FromSqlConversionFailure(_, Type::Text, source) => source.is::<std::str::Utf8Error>(),
        _ => false,
    }
}

/// The same; none where it is NULL.
///
/// # Errors
/// As [`read`].
pub fn optional(row: &Row<'_>, at: usize) -> Result<Option<String>> {
    if row.get_ref(at)? == ValueRef::Null { Ok(None) } else { read(row, at).map(Some) }
}

/// The same; what is not UTF-8 is shown as far as it can be.
///
/// # Errors
/// It is no text.
pub fn lossy(row: &Row<'_>, at: usize) -> Result<String> {
    let text = bytes(row, at)?.ok_or_else(|| unexpected(row, at, Type::Null))?;
    Ok(text.unwrap_or_else(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// The text, or the bytes that are none; none where it is NULL.
fn bytes(row: &Row<'_>, at: usize) -> Result<Option<std::result::Result<String, Vec<u8>>>> {
    let marked = match row.get_ref(at)? {
        ValueRef::Null => return Ok(None),
        ValueRef::Blob(marked) => marked,
        other => return Err(unexpected(row, at, other.data_type())),
    };
    let text = if let Some(wide) = marked.strip_prefix(b"a\0b\0") {
        Ok(wide_text(wide, u16::from_le_bytes))
    } else if let Some(wide) = marked.strip_prefix(b"\0a\0b") {
        Ok(wide_text(wide, u16::from_be_bytes))
    } else if let Some(text) = marked.strip_prefix(b"ab") {
        String::from_utf8(text.to_owned()).map_err(std::string::FromUtf8Error::into_bytes)
    } else {
        return Err(unexpected(row, at, Type::Blob));
    };
    Ok(Some(text))
}

/// As SQLite does, puts a mark where something is no character.
fn wide_text(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn unexpected(row: &Row<'_>, at: usize, found: Type) -> Error {
    let name = row.as_ref().column_name(at).unwrap_or_default().to_owned();
    Error::InvalidColumnType(at, name, found)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn text_is_the_same_in_every_encoding() {
        let texts = ["", "a", "ab", "Zoë", "𝄞 クレフ", "a\nb\u{1}"];
        for encoding in ["UTF-8", "UTF-16le", "UTF-16be"] {
            let conn = Connection::open_in_memory().unwrap();
            conn.execute_batch(&format!("PRAGMA encoding = '{encoding}'; CREATE TABLE t (x)")).unwrap();
            for text in texts {
                conn.execute("DELETE FROM t", []).unwrap();
                conn.execute("INSERT INTO t VALUES (?1)", [text]).unwrap();
                let query = format!("SELECT {}, {} FROM t", column("x"), expression("lower(x)"));
                let both = conn.query_row(&query, [], |row| Ok((read(row, 0)?, lossy(row, 1)?))).unwrap();
                assert_eq!(both, (text.to_owned(), text.to_ascii_lowercase()), "{encoding}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let conn = Connection::open_in_memory().unwrap();
        let read = |value: &str| {
            let query = format!("SELECT {} FROM (SELECT {value} AS x)", column("x"));
            conn.query_row(&query, [], |row| read(row, 0))
        };
        assert!(read("'a'").is_ok());
        for (value, found) in [("NULL", Type::Null), ("1", Type::Integer), ("0.5", Type::Real), ("x'00'", Type::Blob)] {
            let error = read(value).unwrap_err();
            assert_eq!(error, Error::InvalidColumnType(0, "x".to_owned(), found), "{value}");
        }
        assert!(is_not_utf8(&read("CAST(x'ff' AS TEXT)").unwrap_err()));
        let query = format!("SELECT {}, {}", expression("CAST(x'61ff' AS TEXT)"), expression("NULL"));
        let both = conn.query_row(&query, [], |row| Ok((lossy(row, 0)?, optional(row, 1)?))).unwrap();
        assert_eq!(both, ("a\u{fffd}".to_owned(), None));
    }
}
