//! Whether a value that is nowhere went into another one. What was computed from it cannot be recognised; but had it been
//! different, that would be different, too.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::contents::{marks, text};
use super::loss::{Loss, LossKind};
use super::mark::{Counts, Mark};
use super::trial::Trial;
use crate::schema::name::{Ident, quote};
use crate::script::Script;

/// What is in each column of each table, in order.
type Dump = BTreeMap<(Ident, Ident), Vec<Option<String>>>;

/// So many rows of a table are looked at.
const MOST_ROWS: usize = 200;

/// Those of the losses of the last of `scripts` that leave no trace. A column that stays where it is leaves none: it was
/// judged by what is in it afterwards.
pub(super) fn without_trace<'a>(scripts: &[Script], losses: &'a [Loss]) -> rusqlite::Result<Vec<&'a Loss>> {
    let all: Vec<&Loss> = losses.iter().collect();
    let Some((script, earlier)) = scripts.split_last().filter(|_| !losses.is_empty()) else { return Ok(all) };
    let mut trial = Trial::after(earlier)?;
    trial.fill_all();
    // What runs outside of transactions cannot be tried again and taken back.
    trial.enter(script.mode())?;
    let before = dump(&trial.conn)?;
    let Some(after) = outcome(&trial, script, &[])? else { return Ok(all) };
    let lost = fewer(&before, &after);
    let mut suspects = Vec::new();
    for loss in &all {
        let is_gone = loss.kind == LossKind::Gone && !after.contains_key(&(loss.table.clone(), loss.column.clone()));
        suspects.push(if is_gone { cells(&trial.conn, loss, &lost)? } else { Vec::new() });
    }
    // All at once: nearly always nothing comes of any of them.
    if !matter(&trial, script, &suspects.concat(), &after)? {
        return Ok(all);
    }
    let mut kept = Vec::new();
    for (loss, cells) in all.into_iter().zip(suspects) {
        if !matter(&trial, script, &cells, &after)? {
            kept.push(loss);
        }
    }
    Ok(kept)
}

/// A value in a column of a table.
#[derive(Debug, Clone)]
struct Cell {
    table: Ident,
    column: Ident,
    value: Value,
}

/// The values in the column of `loss` that have one of the marks.
fn cells(conn: &Connection, loss: &Loss, fewer: &BTreeSet<Mark>) -> rusqlite::Result<Vec<Cell>> {
    let Loss { table, column, .. } = loss;
    let query = format!("SELECT DISTINCT {} FROM main.{}", quote(column.as_str()), quote(table.as_str()));
    let Ok(mut statement) = conn.prepare(&query) else { return Ok(Vec::new()) };
    let values = statement.query_map([], |row| row.get::<_, Value>(0))?.collect::<rusqlite::Result<Vec<Value>>>()?;
    let has_lost = |value: &Value| marks(value).keys().any(|mark| fewer.contains(mark));
    let cell = |value| Cell { table: table.clone(), column: column.clone(), value };
    Ok(values.into_iter().filter(has_lost).map(cell).collect())
}

/// Whether the migration leaves anything else where these values are others.
fn matter(trial: &Trial, script: &Script, cells: &[Cell], after: &Dump) -> rusqlite::Result<bool> {
    if cells.is_empty() {
        return Ok(false);
    }
    // A little more; and what is no number, false, and valid hex.
    for instead in [nudged, |_: &Value| Value::Text("00".to_owned())] {
        let changes: Vec<(&Cell, Value)> = cells.iter().map(|cell| (cell, instead(&cell.value))).collect();
        let Some(other) = outcome(trial, script, &changes)? else { continue };
        let found = differences(after, &other);
        if found.is_empty() {
            continue;
        }
        // What is random, or what time it is, is never the same.
        let unstable = outcome(trial, script, &[])?.map(|again| differences(after, &again));
        if unstable.is_some_and(|unstable| !found.is_subset(&unstable)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn nudged(value: &Value) -> Value {
    let nudge = |bytes: &mut [u8]| {
        if let Some(digit) = bytes.iter_mut().rev().find(|byte| byte.is_ascii_digit()) {
            *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
        }
    };
    match value.clone() {
        Value::Integer(number) => Value::Integer(number.wrapping_add(1)),
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Text(text) => {
            let mut bytes = text.into_bytes();
            nudge(&mut bytes);
            Value::Text(String::from_utf8_lossy(&bytes).into_owned())
        }
        Value::Blob(mut bytes) => {
            nudge(&mut bytes);
            Value::Blob(bytes)
        }
        Value::Null => Value::Null,
    }
}

/// What `script` leaves where these values are others; none if it fails then. All is as it was afterwards.
fn outcome(trial: &Trial, script: &Script, changes: &[(&Cell, Value)]) -> rusqlite::Result<Option<Dump>> {
    let conn = &trial.conn;
    if conn.is_autocommit() {
        return Ok(None);
    }
    conn.execute_batch("SAVEPOINT trace")?;
    // What a trigger would do about the change is not the migration's doing.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let update = changes.iter().try_for_each(|(Cell { table, column, value }, instead)| {
        let [table, column] = [quote(table.as_str()), quote(column.as_str())];
        let sql = format!("UPDATE OR IGNORE main.{table} SET {column} = ?1 WHERE {column} IS ?2");
        conn.execute(&sql, params![instead, value]).map(|_| ())
    });
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    let dump = if update.is_ok() && trial.execute(&script.up).is_ok() { Some(dump(conn)?) } else { None };
    if conn.is_autocommit() {
        return Ok(None);
    }
    conn.execute_batch("ROLLBACK TO trace; RELEASE trace")?;
    trial.watch.take_touched();
    Ok(dump)
}

fn dump(conn: &Connection) -> rusqlite::Result<Dump> {
    let mut names = conn.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'")?;
    let names = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let mut dump = Dump::new();
    for name in names {
        let query = format!("SELECT * FROM main.{} LIMIT {MOST_ROWS}", quote(&name));
        // A virtual table may have nothing to read.
        let Ok(mut statement) = conn.prepare(&query) else { continue };
        let columns: Vec<Ident> = statement.column_names().into_iter().map(Ident::new).collect();
        let mut values = vec![Vec::new(); columns.len()];
        let Ok(mut rows) = statement.query([]) else { continue };
        while let Ok(Some(row)) = rows.next() {
            for (at, values) in values.iter_mut().enumerate() {
                values.push(text(row.get_ref(at)?));
            }
        }
        let table = Ident::new(name);
        for (column, mut values) in columns.into_iter().zip(values) {
            values.sort_unstable();
            dump.insert((table.clone(), column), values);
        }
    }
    Ok(dump)
}

/// The marks of which there are fewer afterwards.
fn fewer(before: &Dump, after: &Dump) -> BTreeSet<Mark> {
    let count = |dump: &Dump| {
        let mut counts = Counts::new();
        for text in dump.values().flatten().flatten() {
            Mark::find_all(text, &mut counts);
        }
        counts
    };
    let has = count(after);
    let is_less = |mark: &Mark, count: usize| has.get(mark).copied().unwrap_or(0) < count;
    count(before).into_iter().filter(|(mark, count)| is_less(mark, *count)).map(|(mark, _)| mark).collect()
}

/// The columns that have not the same in both.
fn differences(one: &Dump, other: &Dump) -> BTreeSet<(Ident, Ident)> {
    one.keys().chain(other.keys()).filter(|key| one.get(*key) != other.get(*key)).cloned().collect()
}
