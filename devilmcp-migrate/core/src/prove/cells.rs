//! A row as messages show it.

use rusqlite::Row;
use rusqlite::types::ValueRef;

/// Of a value so many letters are shown.
const MOST_LETTERS: usize = 60;

/// `id = 1`, `name = 'Ada'`
pub(super) fn cells(columns: &[String], row: &Row<'_>) -> rusqlite::Result<Vec<String>> {
    let cell = |(at, column): (usize, &String)| Ok(format!("{column} = {}", literal(row.get_ref(at)?)));
    columns.iter().enumerate().map(cell).collect()
}

/// A value as SQL writes it, cut short.
fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(bytes) => format!("'{}'", short(&String::from_utf8_lossy(bytes).replace('\'', "''"))),
        ValueRef::Blob(bytes) => {
            let digits: Vec<String> = bytes.iter().take(MOST_LETTERS).map(|byte| format!("{byte:02x}")).collect();
            format!("x'{}'", short(&digits.concat()))
        }
    }
}

fn short(text: &str) -> String {
    let line = text.replace('\n', "\\n");
    match line.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line,
    }
}
