//! Another time: what a script asks for now, it gets of then.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// No part of it is like a part of any time at which this runs.
const THEN: &str = "1969-12-31 23:58:57.765";
/// <https://sqlite.org/lang_datefunc.html>: each with the place of its first time.
const FUNCTIONS: [(&str, usize); 7] =
    [("date", 0), ("time", 0), ("datetime", 0), ("julianday", 0), ("unixepoch", 0), ("strftime", 1), ("timediff", 0)];

/// From now on it is then for this connection. Random numbers are others anyway.
pub(super) fn turn_back(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    for (name, function) in [("current_date", "date"), ("current_time", "time"), ("current_timestamp", "datetime")] {
        let then: String = conn.query_row(&format!("SELECT {function}(?1)"), [THEN], |row| row.get(0))?;
        conn.create_scalar_function(name, 0, flags, move |_| Ok(then.clone()))?;
    }
    for (name, first) in FUNCTIONS {
        // SQLite's own function is out of reach where it is replaced.
        let other = Connection::open_in_memory()?;
        conn.create_scalar_function(name, -1, flags, move |call| {
            let values = then(call, first)?;
            let places = vec!["?"; values.len()].join(", ");
            let query = format!("SELECT {name}({places})");
            other.query_row(&query, params_from_iter(values), |row| row.get::<_, Value>(0))
        })?;
    }
    Ok(())
}

/// The arguments of a call whose first time is at `first`, with every now made then.
fn then(call: &Context<'_>, first: usize) -> rusqlite::Result<Vec<Value>> {
    let mut values: Vec<Value> = (0..call.len()).map(|at| call.get(at)).collect::<Result<_, _>>()?;
    let is = |value: &Value, words: &[&str]| matches!(value, Value::Text(text) if words.iter().any(|word| text.eq_ignore_ascii_case(word)));
    // Where no time is said, it is now.
    if values.get(first).map_or(values.len() == first, |value| is(value, &["subsec", "subsecond"])) {
        values.insert(first, Value::Text(THEN.to_owned()));
    }
    for value in values.iter_mut().skip(first).filter(|value| is(value, &["now"])) {
        *value = Value::Text(THEN.to_owned());
    }
    Ok(values)
}
