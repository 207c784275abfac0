//! A new database that is made of a summary is one of which each migration was run.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::check::{Judged, Trust};
use devilmcp_migrate_core::prove::summarize;
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::histories::History;
use super::resuming::with_rows;
use crate::checkpoint::{Migrations, rows};
use crate::generated;
use crate::support::schema;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_new_database_is_the_same_whether_each_migration_was_run_or_none(mut choices in Choices::strategy(1000), mut values in Choices::strategy(600)) {
        let history = History::generate(&mut choices);
        let ups = if values.below(2) == 0 {
            with_rows(&history, &mut values)
        } else {
            let script = |statements: &Vec<String>| statements.iter().map(|one| one.replace("\r\n", "\n") + ";\n").collect();
            history.0.iter().map(|migration| script(&migration.up)).collect()
        };
        let texts: Vec<&str> = ups.iter().map(String::as_str).collect();
        let migrations = Migrations::locked(&texts);
        let checked = migrations.check(Judged::Unlocked, Trust::Nothing);
        let (sequence, proof) = (checked.sequence.unwrap(), checked.proof.unwrap());
        // The whole file is SQL: what stands above it is a comment.
        let checkpoint = migrations.freeze(ups.len()).ok();
        let summary = summarize(sequence.scripts()).unwrap().map(|summary| summary.sql.to_string());
        let has_rows = checkpoint.as_ref().is_some_and(|text| text.lines().any(|line| line.starts_with("INSERT INTO ")));
        prop_assert!(summary.is_none() || !has_rows, "{summary:?}");
        let scripts: Vec<_> = ups.iter().map(|up| (up.clone(), None)).collect();
        let last = i64::try_from(ups.len()).unwrap();
        for sql in [checkpoint, summary].into_iter().flatten() {
            let program = generated::of(&scripts, proof.fingerprint, Some((last, &sql))).unwrap();
            let [mut each, mut none] = [(); 2].map(|()| Connection::open_in_memory().unwrap());
            let run = program.migrator().without_summary().upgrade(&mut each).map_err(|error| error.to_string());
            let report = program.upgrade(&mut none).map_err(|error| error.to_string());
            // Rows may be left that point at nothing.
            if let Err(error) = run {
                prop_assert_eq!(report.err(), Some(error));
                continue;
            }
            prop_assert_eq!(report.unwrap().done().len(), ups.len());
            prop_assert_eq!(seen(&none), seen(&each));
            prop_assert_eq!(schema(&none).fingerprint(), proof.fingerprint);
            prop_assert!(program.upgrade(&mut none).unwrap().is_noop());
            prop_assert!(program.status(&none).unwrap().drift().is_empty());
        }
    }
}

/// Schema in its order, rows, the history but for times and cookies, and settings.
fn seen(conn: &Connection) -> Vec<String> {
    let texts = |query: &str| -> Vec<String> {
        let mut statement = conn.prepare(query).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    // Of inner tables of virtual ones that were renamed, names stand in other quotes.
    let mut seen = texts(
        "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || iif(type = 'table', replace(replace(sql, '\"', ''), '''', ''), ifnull(sql, ''))
         FROM sqlite_schema ORDER BY rowid",
    );
    seen.extend(texts(
        "SELECT format('%d %s %s %s %s %s %d', version, name, hex(digest), hex(history), down, app_version, adopted)
         FROM _devilmcp_migrations ORDER BY version",
    ));
    seen.extend(["encoding", "application_id", "auto_vacuum"].map(|pragma| texts_of(conn, pragma)));
    seen.extend(rows(conn).into_iter().filter(|row| !row.contains("_devilmcp_migrations")));
    seen
}

fn texts_of(conn: &Connection, pragma: &str) -> String {
    let value: devilmcp_migrate::rusqlite::types::Value =
        conn.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0)).unwrap();
    format!("{pragma} {value:?}")
}
