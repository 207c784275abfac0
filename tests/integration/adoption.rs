//! Databases that existed before the first migration.

use std::fs;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Action, ErrorKind, Report, Target};
use devilmcp_migrate_core::diff::differences;

use crate::programs::{alembic, devilmcp};
use crate::support::{Database, cells, column, integer, schema, tables, texts};

const DUMPS: [&str; 4] = ["alembic_001.sql", "create_all.sql", "create_all_nov.sql", "v2_2.sql"];

/// A table that another program of the field keeps its own account in.
const SCHEMA_VERSION: &str = "CREATE TABLE schema_version (version INTEGER NOT NULL, applied_at DATETIME);
    INSERT INTO schema_version VALUES (2, '2025-11-30 12:34:56');";

/// Rows for the dumps that have none: every type, text that is no UTF-8, and rowids with holes.
const ROWS: [(&str, &str); 2] = [
    (
        "v2_2.sql",
        "INSERT INTO memories (id, category, content, tags, is_permanent, vector_embedding) VALUES
             (1, 'fact', 'it''s \"so\"', '[\"a\", \"b\"]', 1, x'00ff'),
             (7, 'fact', CAST(x'ff00fe' AS TEXT), 'no json', 'yes', 1.5e300),
             (9223372036854775807, '', '', NULL, NULL, '');
         INSERT INTO rules (id, \"trigger\", priority) VALUES (-5, 'always', '007');",
    ),
    (
        "alembic_001.sql",
        "INSERT INTO tools (id, name, display_name, command) VALUES (30, 'ls', 'ls', 'ls'), (40, 'cd', 'cd', x'01');
         INSERT INTO tasks (id, title, parent_id) VALUES (20, 'child', 99);",
    ),
];

#[test]
fn every_database_of_the_field_becomes_what_a_fresh_one_is_in_one_upgrade() {
    for dump in DUMPS {
        let database = Database::from_dump(dump);
        let report = devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert_eq!((report.from(), report.to()), (None, Some(12)), "{dump}");
        assert_eq!(actions(&report), [&[Action::Adopt][..], &[Action::Apply; 11]].concat(), "{dump}");
        assert_eq!(unlike_fresh(&database.open()), permitted(dump), "{dump}");
    }
}

#[test]
fn what_is_there_keeps_every_cell_and_every_rowid() {
    for dump in DUMPS {
        let database = Database::from_dump(dump);
        let mut conn = database.open();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        conn.execute_batch(ROWS.iter().find(|(of, _)| *of == dump).map_or("", |(_, rows)| rows)).unwrap();
        let tables = tables(&conn);
        let before = cells(&conn, &tables);
        assert!(before.len() > 2, "{dump}: {before:?}");
        devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(cells(&conn, &tables), before, "{dump}");
    }
}

#[test]
fn a_table_of_another_tool_is_left_alone() {
    let database = Database::from_dump("v2_2.sql");
    let mut conn = database.open();
    conn.execute_batch(SCHEMA_VERSION).unwrap();
    let report = devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(report.to(), Some(12));
    assert_eq!(unlike_fresh(&conn), ["table `schema_version` is not expected"]);
    assert_eq!(column(&conn, "SELECT version || ' ' || applied_at FROM schema_version"), ["2 2025-11-30 12:34:56"]);
    assert!(devilmcp::MIGRATIONS.status(&conn).unwrap().drift().is_empty());
}

#[test]
fn indexes_and_triggers_of_another_tools_table_are_no_drift() {
    let database = Database::from_dump("v2_2.sql");
    let mut conn = database.open();
    conn.execute_batch(SCHEMA_VERSION).unwrap();
    conn.execute_batch(
        "CREATE INDEX schema_version_applied_at ON schema_version (applied_at);
         CREATE TRIGGER schema_version_keep BEFORE DELETE ON schema_version BEGIN SELECT raise(FAIL, 'no'); END;",
    )
    .unwrap();
    assert!(devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap().drift().is_empty());
    assert!(devilmcp::MIGRATIONS.status(&conn).unwrap().drift().is_empty());
}

#[test]
fn a_file_of_no_bytes_and_a_new_path_are_fresh_databases() {
    let [empty, new] = [Database::new(), Database::new()];
    fs::write(empty.path(), "").unwrap();
    for database in [empty, new] {
        let mut conn = database.open();
        let report = devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
        assert_eq!(actions(&report), [Action::Apply; 12]);
        assert_eq!(unlike_fresh(&conn), [""; 0]);
    }
}

#[test]
fn orphan_rows_are_reported_and_kept() {
    let database = Database::from_dump("create_all_nov.sql");
    let report = devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let found: Vec<String> = report.violations().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "file_dependencies: the row with target_file_id = 404 (rowid 99) has no parent in project_files",
            "thoughts: the row with session_id = 'gone' (rowid 99) has no parent in thought_sessions",
        ]
    );
}

#[test]
fn performance_indexes_that_are_missing_are_created() {
    let database = Database::from_dump("create_all_nov.sql");
    let mut conn = database.open();
    let query = "SELECT name FROM sqlite_master WHERE name IN
        ('ix_tasks_status', 'ix_tasks_priority', 'ix_external_dependencies_package_name')";
    assert_eq!(column(&conn, query).len(), 0);
    devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(column(&conn, query).len(), 3);
}

#[test]
fn a_second_upgrade_does_nothing() {
    for dump in DUMPS {
        let database = Database::from_dump(dump);
        devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        let before = database.bytes();
        let report = devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap();
        assert!(report.is_noop() && report.drift().is_empty(), "{dump}: {report:?}");
        assert_eq!((report.from(), report.to()), (Some(12), Some(12)));
        assert!(database.bytes() == before, "{dump}");
    }
}

#[test]
fn status_tells_what_will_be_adopted_and_what_was() {
    let database = Database::from_dump("create_all.sql");
    let mut conn = database.open();
    let before = devilmcp::MIGRATIONS.status(&conn).unwrap();
    assert_eq!((before.current(), before.applied().len(), before.is_latest()), (None, 0, false));
    assert_eq!(before.pending()[0].action(), Action::Adopt);
    assert_eq!(before.pending().len(), 12);

    devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    let after = devilmcp::MIGRATIONS.status(&conn).unwrap();
    assert_eq!((after.current(), after.current_name()), (Some(12), Some("file_hashes")));
    assert!(after.is_latest() && after.drift().is_empty(), "{after:?}");
    let adopted: Vec<i64> =
        after.applied().iter().filter(|applied| applied.is_adopted()).map(devilmcp_migrate::Applied::number).collect();
    assert_eq!(adopted, [1]);
}

#[test]
fn a_revision_of_alembic_that_nobody_knows_is_refused() {
    let database = Database::from_dump("alembic_001.sql");
    database.open().execute_batch("UPDATE alembic_version SET version_num = '002'").unwrap();
    let before = database.bytes();
    let error = devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownRevision);
    assert!(error.to_string().contains("\"002\""), "{error}");
    assert!(database.bytes() == before);
}

#[test]
fn a_revision_of_alembic_may_stand_for_a_later_migration() {
    let mut conn = at_bbb();
    let report = alembic::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!(actions(&report), [Action::Adopt, Action::Adopt, Action::Apply]);
    assert_eq!(column(&conn, "SELECT name || ' ' || email FROM users"), ["ada a@b.c"]);
    assert_eq!(schema(&conn).0.len(), 4, "users, its index, groups and alembic_version");
    assert!(alembic::MIGRATIONS.status(&conn).unwrap().drift().is_empty());
}

#[test]
fn a_database_is_not_adopted_as_less_than_it_is() {
    let mut conn = at_bbb();
    let before = texts(&conn);
    let error = alembic::MIGRATIONS.upgrade_to(&mut conn, alembic::Version::V0001CreateUsers).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongDirection, "{error}");
    assert!(error.to_string().contains("0002_drop_fax"), "{error}");
    assert_eq!(texts(&conn), before);
}

#[test]
fn going_below_an_adopted_baseline_takes_insistence() {
    let database = Database::from_dump("create_all.sql");
    let mut conn = database.open();
    devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    let before = database.bytes();
    let error = devilmcp::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BelowBaseline);
    assert!(database.bytes() == before);

    devilmcp::MIGRATIONS.downgrade_to(&mut conn, devilmcp::Version::V0001InitialSchema).unwrap();
    let migrator = devilmcp::MIGRATIONS.migrator().allow_below_baseline();
    migrator.downgrade_to(&mut conn, Target::Empty).unwrap();
    assert_eq!((texts(&conn), integer(&conn, "PRAGMA user_version")), (Vec::new(), 0));
}

fn actions(report: &Report) -> Vec<Action> {
    report.done().iter().map(devilmcp_migrate::Done::action).collect()
}

/// In what a database is not as a fresh one.
fn unlike_fresh(conn: &Connection) -> Vec<String> {
    let fresh = devilmcp::MIGRATIONS.open_in_memory().unwrap();
    differences(&schema(&fresh), &schema(conn)).iter().map(ToString::to_string).collect()
}

/// The differences that an adopted database may keep.
fn permitted(dump: &str) -> Vec<String> {
    let unique = [("project_files", "file_path"), ("tool_sessions", "session_id"), ("tools", "name")];
    let index = |(table, column): &(&str, &str)| {
        format!(
            "index `ix_{table}_{column}` is UNIQUE INDEX ON {table} ({column}), expected INDEX ON {table} ({column})"
        )
    };
    let constraint = |(table, column): &(&str, &str)| format!("table `{table}`: UNIQUE ({column}) is missing");
    match dump {
        "alembic_001.sql" => vec!["table `alembic_version` is not expected".to_owned()],
        "v2_2.sql" => Vec::new(),
        _ => {
            let mut all: Vec<String> = unique.iter().map(constraint).chain(unique.iter().map(index)).collect();
            all.sort_by_key(|line| line.starts_with("index"));
            all
        }
    }
}

/// What Alembic has brought to the revision `bbb`.
fn at_bbb() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, PRIMARY KEY (version_num));
         INSERT INTO alembic_version VALUES ('bbb');
         CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, email TEXT);
         CREATE INDEX users_name ON users (name);
         INSERT INTO users VALUES (1, 'ada', 'a@b.c');",
    )
    .unwrap();
    conn
}
