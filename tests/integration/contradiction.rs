//! Databases that existed before the first migration and are not what it makes.

use std::fs;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Error, ErrorKind};

use crate::programs::{alembic, devilmcp};
use crate::support::{Database, legacy, sentences};

#[test]
fn what_contradicts_the_baseline_is_named_and_not_a_byte_changes() {
    let tasks = "title VARCHAR NOT NULL, ";
    let with = |from: &str, to: &str| dump_with("create_all.sql", from, to);
    let edge = "FOREIGN KEY(parent_id) REFERENCES tasks (id)";
    for (sql, difference) in [
        (
            with(tasks, "title INTEGER NOT NULL,"),
            "table `tasks`: column `title` is INTEGER NOT NULL, expected VARCHAR NOT NULL",
        ),
        (with(tasks, "title VARCHAR,"), "table `tasks`: column `title` is VARCHAR, expected VARCHAR NOT NULL"),
        (with(tasks, "title VARCHAR NOT NULL, owner TEXT, "), "table `tasks`: column `owner` is not expected"),
        (with("assigned_to VARCHAR, ", ""), "table `tasks`: column `assigned_to` is missing"),
        (
            with(edge, "FOREIGN KEY(parent_id) REFERENCES tools (id)"),
            "table `tasks`: FOREIGN KEY (parent_id) REFERENCES tasks (id) is missing",
        ),
        (
            with(edge, &format!("{edge} ON DELETE CASCADE")),
            "table `tasks`: FOREIGN KEY (parent_id) REFERENCES tasks (id) on delete cascade is not expected",
        ),
        (with(edge, &format!("{edge}, CHECK (id > 0)")), "table `tasks`: CHECK (id > 0) is not expected"),
        (
            with("CREATE UNIQUE INDEX ix_tools_name", "CREATE INDEX ix_tools_name"),
            "table `tools`: UNIQUE (name) is missing",
        ),
        (
            with("INDEX ix_tools_name ON tools (name)", "INDEX ix_tools_name ON tools (display_name)"),
            "index `ix_tools_name` is UNIQUE INDEX ON tools (display_name), expected INDEX ON tools (name)",
        ),
        ("CREATE VIEW rules AS SELECT 1 AS id;".to_owned(), "`rules` is a view, expected a table"),
        ("CREATE TABLE rules (id INTEGER);".to_owned(), "table `rules`: column `trigger` is missing"),
    ] {
        let database = Database::from_sql(&sql);
        let before = database.bytes();
        let error = devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Contradiction, "{error}");
        assert!(sentences(error.differences()).iter().any(|found| found == difference), "{difference}: {error}");
        assert!(error.to_string().contains("not what 0001_initial_schema makes"), "{error}");
        assert!(database.bytes() == before, "{difference}");
        let status = devilmcp::MIGRATIONS.status(&database.open()).unwrap();
        assert_eq!(status.refusal().map(Error::kind), Some(ErrorKind::Contradiction));
    }
}

#[test]
fn a_unique_index_that_nobody_expects_is_not_excused_by_one_that_is_permitted() {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, fax TEXT);
         CREATE UNIQUE INDEX users_name ON users (name);
         CREATE UNIQUE INDEX users_fax ON users (fax);",
    )
    .unwrap();
    let error = alembic::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(
        sentences(error.differences()),
        ["index `users_fax` is UNIQUE INDEX ON users (fax), expected INDEX ON users (fax)"]
    );
}

/// A dump in which something is otherwise.
fn dump_with(dump: &str, from: &str, to: &str) -> String {
    let text = fs::read_to_string(legacy(dump)).unwrap();
    assert!(text.contains(from), "{from}");
    // The rows would not fit any more.
    text.replacen(from, to, 1).lines().filter(|line| !line.starts_with("INSERT")).collect::<Vec<_>>().join("\n")
}
