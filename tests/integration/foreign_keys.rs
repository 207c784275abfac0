//! Rows whose foreign keys point at nothing: only those that a migration makes are its fault.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{ErrorKind, Report};

use crate::programs::{mismatch, nasty, orphans, orphans_made, orphans_mismatch, orphans_moved};
use crate::support::{column, sentences, texts};

/// Of each kind of table one row with a parent and one without.
const ROWS: &str = "
    INSERT INTO parents VALUES ('ann', 'stays'), ('bob', 'gone');
    INSERT INTO children VALUES (1, 'ann'), (2, 'bob'), (3, 'lost');
    INSERT INTO pets VALUES ('rex', 'ann'), ('tom', 'bob'), ('kit', 'lost');";

#[test]
fn violations_from_before_are_reported_and_stop_nothing() {
    let mut conn = families(ROWS);
    let report = orphans::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(
        violations(&report),
        [
            "children: the row with parent = 'lost' (rowid 3) has no parent in parents",
            "pets: the row with owner = 'lost' has no parent in parents",
        ]
    );
    let [child, pet] = report.violations() else { panic!("{report:?}") };
    assert_eq!((child.table(), child.parent(), child.row()), ("children", "parents", Some(3)));
    assert_eq!((pet.table(), pet.row()), ("pets", None));
    assert!(
        orphans::MIGRATIONS.upgrade(&mut conn).unwrap().violations().is_empty(),
        "looked for when something is done"
    );
}

#[test]
fn violations_that_a_migration_makes_roll_it_back_and_only_they_are_named() {
    let mut conn = families(ROWS);
    let before = (texts(&conn), column(&conn, "SELECT name FROM parents"));
    let error = orphans_made::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeys);
    assert_eq!(
        error.to_string(),
        "the migrations would leave 2 dangling foreign keys behind, and everything was rolled back: \
         children: the row with parent = 'bob' (rowid 2) has no parent in parents; \
         pets: the row with owner = 'bob' has no parent in parents"
    );
    assert_eq!((texts(&conn), column(&conn, "SELECT name FROM parents")), before);
}

#[test]
fn a_violation_that_takes_the_place_of_another_is_new() {
    // In a table without rowids, too, where counting would find as many as before.
    let mut conn = families(
        "INSERT INTO parents VALUES ('bob', 'gone'); INSERT INTO pets VALUES ('tom', 'bob'), ('kit', 'lost');
         CREATE TRIGGER t AFTER DELETE ON parents BEGIN DELETE FROM pets WHERE owner = 'lost'; END;",
    );
    let error = orphans_made::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert!(error.to_string().contains("1 dangling foreign key behind"), "{error}");
    assert!(error.to_string().contains("pets: the row with owner = 'bob' has no parent"), "{error}");
}

#[test]
fn renumbered_rows_and_renamed_tables_and_columns_raise_no_alarm() {
    let mut conn = families(ROWS);
    let report = orphans_moved::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(
        violations(&report),
        [
            "animals: the row with master = 'lost' has no parent in parents",
            "offspring: the row with guardian = 'lost' (rowid 1003) has no parent in parents",
        ]
    );
    let first = orphans_moved::Version::V0001CreateFamilies;
    assert_eq!(orphans_moved::MIGRATIONS.downgrade_to(&mut conn, first).unwrap().violations().len(), 2);
}

#[test]
fn a_key_without_anything_unique_to_point_at_is_refused() {
    let mut conn = families(ROWS);
    let before = texts(&conn);
    let error = orphans_mismatch::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeys);
    assert_eq!(
        error.to_string(),
        "the migrations would leave a foreign key without a unique key to point at, and everything was rolled back: \
         foreign key mismatch - \"letters\" referencing \"parents\""
    );
    assert_eq!(texts(&conn), before);
}

#[test]
fn such_a_key_from_before_is_tolerated_and_hides_nothing() {
    let mut conn = Connection::open_in_memory().unwrap();
    // As made before this tool came, or with foreign keys off: the first version is not refused for it here.
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; {}",
        include_str!("../fixtures/mismatch/0001_create_letters.sql")
    ))
    .unwrap();
    conn.execute_batch(
        "INSERT INTO parents VALUES ('bob', 'gone'); INSERT INTO children VALUES (2, 'bob'), (3, 'lost');",
    )
    .unwrap();
    let report = mismatch::MIGRATIONS.upgrade_to(&mut conn, mismatch::Version::V0002RenameLetters).unwrap();
    assert_eq!(violations(&report), ["children: the row with parent = 'lost' (rowid 3) has no parent in parents"]);

    let error = mismatch::MIGRATIONS.upgrade_to(&mut conn, mismatch::Version::V0003ForgetParents).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeys, "{error}");
    assert!(error.to_string().contains("parent = 'bob'"), "{error}");

    conn.execute_batch("DELETE FROM children").unwrap();
    let error = mismatch::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeys, "{error}");
    assert!(error.to_string().contains("\"parcels\" referencing \"parents\""), "{error}");
}

#[test]
fn rows_whose_whole_parent_table_is_gone_are_violations() {
    let mut conn = families(&format!("{ROWS} DELETE FROM pets WHERE name > 'l'; DROP TABLE parents;"));
    let report = orphans::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(report.violations().len(), 4);
    assert_eq!(violations(&report)[3], "pets: the row with owner = 'lost' has no parent in parents");
    assert_eq!(sentences(report.drift()), ["table `parents` is missing"]);
}

#[test]
fn nasty_names_are_spelt_right() {
    let mut conn = Connection::open_in_memory().unwrap();
    nasty::MIGRATIONS.upgrade_to(&mut conn, nasty::Version::V0001CreateNasty).unwrap();
    conn.execute_batch(
        r#"PRAGMA foreign_keys = OFF;
           INSERT INTO "pa""rent; DROP" VALUES ('b');
           INSERT INTO [order] VALUES ('x', 'it''s'), ('y', 'b'), ('z', NULL);"#,
    )
    .unwrap();
    let report = nasty::MIGRATIONS.upgrade_to(&mut conn, nasty::Version::V0002TouchNasty).unwrap();
    assert_eq!(
        violations(&report),
        [r#"order: the row with sel"ect = 'it''s' (rowid 1) has no parent in pa"rent; DROP"#]
    );
    let error = nasty::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert!(
        error.to_string().ends_with(r#"order: the row with sel"ect = 'b' (rowid 2) has no parent in pa"rent; DROP"#)
    );
}

/// A database at the first version, with rows, made as one that does not enforce foreign keys makes them.
fn families(rows: &str) -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    orphans::MIGRATIONS.upgrade_to(&mut conn, orphans::Version::V0001CreateFamilies).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {rows}")).unwrap();
    conn
}

fn violations(report: &Report) -> Vec<String> {
    report.violations().iter().map(ToString::to_string).collect()
}
