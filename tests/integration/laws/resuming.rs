//! A checkpoint is the same as running the migrations that it stands for.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::check::{Judged, Trust};
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::histories::History;
use super::text::quoted;
use crate::checkpoint::{Migrations, compare, said};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_build_from_a_checkpoint_comes_to_the_same(mut choices in Choices::strategy(1000), mut values in Choices::strategy(600)) {
        let history = History::generate(&mut choices);
        let ups = with_rows(&history, &mut values);
        let ups: Vec<&str> = ups.iter().map(String::as_str).collect();
        let migrations = Migrations::locked(&ups);
        let text = migrations.freeze(ups.len());
        // After the largest rowid, SQLite chooses at random.
        prop_assume!(!text.as_ref().is_err_and(|reason| reason.contains("others in every run")));
        prop_assert!(text.is_ok(), "{text:?}\n{ups:#?}");
        // Renamed, the inner tables of a virtual one have their names in other quotes.
        if !ups.iter().any(|up| up.contains("RENAME TO")) {
            compare(&ups, &text.unwrap());
        }
        let proved = migrations.check(Judged::Unlocked, Trust::Proved);
        prop_assert!(proved.problems.is_empty(), "{}", said(&proved));

        let drafts = values.below(ups.len());
        migrations.lock(ups.len() - drafts);
        migrations.freeze(ups.len() - drafts).unwrap();
        for (at, up) in ups.iter().enumerate().skip(ups.len() - drafts) {
            migrations.write(&format!("{:04}_m.sql", at + 1), &format!("-- migrate: irreversible\n{up}"));
        }
        let (checked, is_used) = migrations.build();
        prop_assert!(is_used, "{}", said(&checked));
    }
}

/// The ups of a history, with rows put in between. Where they are in the way, they are deleted.
pub(super) fn with_rows(history: &History, choices: &mut Choices) -> Vec<String> {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
    let mut ups = Vec::new();
    for migration in &history.0 {
        // As files are read.
        let up: String = migration.up.iter().map(|statement| statement.replace("\r\n", "\n") + ";\n").collect();
        if !done(&conn, &up) {
            let emptied: String =
                tables(&conn).into_iter().map(|(table, _)| "DELETE FROM ".to_owned() + &table + ";\n").collect();
            if done(&conn, &emptied) {
                ups.push(emptied);
            }
            if !done(&conn, &up) {
                continue;
            }
        }
        ups.push(up);
        let rows = rows(&conn, choices);
        if !rows.is_empty() {
            ups.push(rows);
        }
    }
    ups
}

/// Statements that put rows into some tables, and have done so.
fn rows(conn: &Connection, choices: &mut Choices) -> String {
    let mut statements = String::new();
    for (table, columns) in tables(conn) {
        for _ in 0..choices.below(4) {
            let values: Vec<&str> = columns.iter().map(|_| choices.of(&VALUES)).collect();
            // Or else a constraint may undo all that was done.
            let insert =
                format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({});\n", columns.join(", "), values.join(", "));
            if done(conn, &insert) {
                statements += &insert;
            }
        }
    }
    statements
}

/// Every table that takes rows, and its columns, in quotes.
fn tables(conn: &Connection) -> Vec<(String, Vec<String>)> {
    let texts = |query: &str| -> Vec<String> {
        let mut statement = conn.prepare(query).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let tables = texts(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%' ORDER BY name",
    );
    let columns = |table: &str| {
        let list = format!("SELECT format('\"%w\"', name) FROM pragma_table_xinfo({}) WHERE hidden = 0", quoted(table));
        texts(&list)
    };
    tables.iter().map(|table| (format!("\"{}\"", table.replace('"', "\"\"")), columns(table))).collect()
}

/// Whether it works; if not, nothing has happened, or a constraint has undone all, and nothing works any more.
fn done(conn: &Connection, sql: &str) -> bool {
    if conn.is_autocommit() {
        return false;
    }
    conn.execute_batch("SAVEPOINT step").unwrap();
    let works = conn.execute_batch(sql).is_ok();
    if conn.is_autocommit() {
        return false;
    }
    if !works {
        conn.execute_batch("ROLLBACK TO step").unwrap();
    }
    conn.execute_batch("RELEASE step").unwrap();
    works
}

/// Awkward ones.
const VALUES: [&str; 26] = [
    "NULL",
    "1",
    "2",
    "-9223372036854775808",
    "9223372036854775807",
    "0.1 + 0.2",
    "1e300 / 7",
    "-1e-300 / 3",
    "5e-324",
    "9e999",
    "-9e999",
    "9e999 - 9e999",
    "-0.0",
    "123456789.0625",
    "1e16",
    "''",
    "'it''s'",
    "'12'",
    "' 1.50 '",
    "'two' || char(10) || 'lines;'",
    "'carriage' || char(13, 10)",
    "'nul' || char(0) || 'here'",
    "CAST(x'c3ff' AS TEXT)",
    "'日本 \u{feff}'",
    "x''",
    "x'00ff27'",
];
