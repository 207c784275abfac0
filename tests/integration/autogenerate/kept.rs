//! What is in the tables of a database and must be there when it has another schema.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::rusqlite::types::Value;
use devilmcp_migrate_core::schema::Schema;
use devilmcp_migrate_core::schema::name::{Ident, quote};
use devilmcp_migrate_core::schema::table::{Column, Rule, Table};

/// Queries, each with what it must go on to return.
pub(crate) struct Kept(Vec<(String, Vec<String>)>);

impl Kept {
    /// Rows with rowids and counters, in the columns that are there on both sides. Where a column gets another type, its
    /// values as numbers; where a column becomes the rowid, it decides.
    pub(crate) fn of(conn: &Connection, wanted: &Connection) -> Self {
        let [here, there] = [conn, wanted].map(|conn| Schema::read(conn).unwrap());
        let mut queries = Vec::new();
        for (name, table) in here.tables() {
            let Some((_, other)) = there.tables().find(|(other, _)| *other == name) else { continue };
            let keys = [table, other].map(row_key);
            let becomes_key = keys[1].is_some()
                && keys[0] != keys[1]
                && other.columns.iter().any(|column| {
                    Some(&column.name) == keys[1] && table.columns.iter().any(|old| old.name == column.name)
                });
            let cell = |column: &Column| {
                let now = other.columns.iter().find(|other| other.name == column.name)?;
                let plain = [column, now].iter().all(|column| column.generated.is_none());
                let quoted = quote(column.name.as_str());
                let as_it_is = now.declared_type == column.declared_type && table.strict == other.strict;
                let cell = if as_it_is { quoted } else { format!("CAST({quoted} AS REAL)") };
                (plain && !(becomes_key && Some(&column.name) == keys[1])).then(|| format!("quote({cell})"))
            };
            let mut cells: Vec<String> = table.columns.iter().filter_map(cell).collect();
            let is_free = |table: &Table| !table.columns.iter().any(|column| column.name == Ident::new("rowid"));
            let counts = |table: &Table| !table.without_rowid && is_free(table);
            if counts(table) && counts(other) && !becomes_key {
                cells.push("rowid".to_owned());
            }
            if cells.is_empty() {
                continue;
            }
            queries.push(format!("SELECT {} FROM {} ORDER BY 1", cells.join(" || ',' || "), quote(name.as_str())));
            if [table, other].into_iter().all(is_counted) {
                queries.push(format!(
                    "SELECT seq FROM sqlite_sequence WHERE name = {} COLLATE NOCASE",
                    literal(name.as_str())
                ));
            }
        }
        Self(queries.into_iter().map(|query| (query.clone(), lines(conn, &query))).collect())
    }

    /// What is not as it was.
    pub(crate) fn lost(&self, conn: &Connection) -> Vec<String> {
        let changed = self.0.iter().filter_map(|(query, rows)| {
            let now = lines(conn, query);
            (now != *rows).then(|| format!("{query}: {now:?}, and should be {rows:?}"))
        });
        changed.collect()
    }
}

/// The first column of a query.
pub(crate) fn lines(conn: &Connection, query: &str) -> Vec<String> {
    let mut statement = conn.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Value>(0)).unwrap();
    rows.map(|value| match value.unwrap() {
        Value::Text(text) => text,
        other => format!("{other:?}"),
    })
    .collect()
}

pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The column that is the rowid.
fn row_key(table: &Table) -> Option<&Ident> {
    let key = table.key().filter(|key| key.len() == 1 && !table.without_rowid)?.pop()?;
    let column = table.columns.iter().find(|column| column.name == key)?;
    (column.declared_type == "INTEGER").then_some(&column.name)
}

fn is_counted(table: &Table) -> bool {
    table.constraints.iter().any(|constraint| matches!(constraint.rule, Rule::PrimaryKey { autoincrement: true, .. }))
}
