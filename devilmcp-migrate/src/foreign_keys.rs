//! Rows whose foreign keys point at nothing: which were there before, and which a migration has made.

use std::collections::HashMap;
use std::fmt;

use rusqlite::{Connection, OptionalExtension as _};

use crate::error::Error;

/// A row whose foreign key points at nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    table: String,
    parent: String,
    row: Option<i64>,
    reference: Option<String>,
}

impl Violation {
    /// The table the row is in.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The table it points into.
    pub fn parent(&self) -> &str {
        &self.parent
    }

    /// Its rowid; none in a `WITHOUT ROWID` table.
    pub fn row(&self) -> Option<i64> {
        self.row
    }
}

/// All that is wrong with the foreign keys of a database.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) violations: Vec<Violation>,
    /// A foreign key that cannot be checked at all, because what it points at has no unique key.
    pub(crate) mismatch: Option<String>,
}

impl State {
    /// Asks SQLite: <https://sqlite.org/pragma.html#pragma_foreign_key_check>.
    pub(crate) fn read(conn: &Connection) -> Result<Self, Error> {
        match violations(conn) {
            Ok(violations) => Ok(Self { violations, mismatch: None }),
            Err(rusqlite::Error::SqliteFailure(error, Some(message))) if message.contains("foreign key mismatch") => {
                debug_assert_eq!(error.code, rusqlite::ErrorCode::Unknown);
                Ok(Self { violations: Vec::new(), mismatch: Some(message) })
            }
            Err(error) => Err(Error::sqlite("check foreign keys")(error)),
        }
    }

    /// The violations that were not there `before`. A row is known by what it refers to, not by its rowid: rebuilding a
    /// table may renumber rows, and renaming one moves them.
    pub(crate) fn new_since(&self, before: &Self) -> Vec<Violation> {
        if before.mismatch.is_some() {
            return Vec::new();
        }
        let exact =
            |violation: &Violation| (violation.table.clone(), violation.parent.clone(), violation.reference.clone());
        let (new, gone) = unmatched(&self.violations, &before.violations, exact);
        unmatched(&new, &gone, |violation| violation.reference.clone()).0
    }
}

/// What is in only one of two multisets, by a key.
fn unmatched<K: Eq + std::hash::Hash>(
    after: &[Violation],
    before: &[Violation],
    key: impl Fn(&Violation) -> K,
) -> (Vec<Violation>, Vec<Violation>) {
    let mut counts: HashMap<K, Vec<&Violation>> = HashMap::new();
    for violation in before {
        counts.entry(key(violation)).or_default().push(violation);
    }
    let is_new = |violation: &&Violation| counts.get_mut(&key(violation)).and_then(Vec::pop).is_none();
    let new = after.iter().filter(is_new).cloned().collect();
    (new, counts.into_values().flatten().cloned().collect())
}

fn violations(conn: &Connection) -> rusqlite::Result<Vec<Violation>> {
    let mut statement = conn.prepare("PRAGMA main.foreign_key_check")?;
    let mut rows = statement.query([])?;
    let mut queries: HashMap<(String, i64), Option<String>> = HashMap::new();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let (row, key): (Option<i64>, i64) = (row.get(1)?, row.get(3)?);
        let query = match queries.entry((table.clone(), key)) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => new.insert(reference_query(conn, &table, key)?),
        };
        let reference = match (query, row) {
            (Some(query), Some(row)) => conn.prepare(query)?.query_row([row], |row| row.get(0)).optional()?,
            _ => None,
        };
        found.push(Violation { table, parent, row, reference });
    }
    Ok(found)
}

/// A query for what a row of `table` refers to by its foreign key `key`: `session_id = 'gone'`.
fn reference_query(conn: &Connection, table: &str, key: i64) -> rusqlite::Result<Option<String>> {
    let columns = |query: &str, parameters: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<Vec<String>> {
        conn.prepare(query)?.query_map(parameters, |row| row.get(0))?.collect()
    };
    let from = r#"SELECT "from" FROM pragma_foreign_key_list(?1, 'main') WHERE id = ?2 ORDER BY seq"#;
    let from = columns(from, &[&table, &key])?;
    let all = columns("SELECT lower(name) FROM pragma_table_xinfo(?1, 'main')", &[&table])?;
    let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(|name| !all.iter().any(|column| column == name));
    let terms: Vec<String> =
        from.iter().map(|column| format!("{} || ' = ' || quote({})", literal(column), quote(column))).collect();
    Ok(rowid
        .map(|rowid| format!("SELECT {} FROM main.{} WHERE {rowid} = ?1", terms.join(" || ', ' || "), quote(table))))
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `thoughts: the row with session_id = 'gone' (rowid 99) has no parent in thought_sessions`
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, parent, row, reference } = self;
        write!(f, "{table}: ")?;
        match (reference, row) {
            (Some(reference), Some(row)) => write!(f, "the row with {reference} (rowid {row})")?,
            (_, Some(row)) => write!(f, "the row with rowid {row}")?,
            (_, None) => f.write_str("a row")?,
        }
        write!(f, " has no parent in {parent}")
    }
}
