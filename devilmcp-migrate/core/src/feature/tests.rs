use rusqlite::Connection;

use super::*;
use crate::problem::Problem;
use crate::rule;
use crate::source::SourceFile;

/// A statement for each feature, on the tables below.
const EXAMPLES: &[(u32, &str)] = &[
    (24, "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING"),
    (24, "INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING"),
    (25, "SELECT row_number() OVER (ORDER BY a) FROM t"),
    (25, "SELECT row_number() OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY a)"),
    (25, "SELECT sum(a) FILTER (WHERE a > 1) OVER (ORDER BY a) FROM t"),
    (25, "ALTER TABLE t RENAME COLUMN b TO c"),
    (25, "alter table t rename b to c"),
    (27, "VACUUM INTO 'x'"),
    (28, "SELECT sum(a) OVER (ORDER BY a GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t"),
    (28, "SELECT sum(a) OVER (ORDER BY a ROWS UNBOUNDED PRECEDING EXCLUDE TIES) FROM t"),
    (30, "SELECT sum(a) FILTER (WHERE a > 1) FROM t"),
    (30, "SELECT a FROM t ORDER BY a NULLS LAST"),
    (31, "CREATE TABLE u (a, b AS (a + 1))"),
    (31, "CREATE TABLE u (a, b INTEGER GENERATED ALWAYS AS (a + 1) STORED)"),
    (31, "ALTER TABLE t ADD COLUMN c AS (a + 1)"),
    (32, "SELECT iif(a, 1, 2) FROM t"),
    (33, "UPDATE t SET b = p.d FROM p WHERE p.d = t.a"),
    (33, "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET b = d FROM p; END"),
    (34, "SELECT substring(b, 1) FROM t"),
    (35, "DELETE FROM t RETURNING a"),
    (35, "ALTER TABLE t DROP COLUMN b"),
    (35, "ALTER TABLE t DROP b"),
    (35, "WITH c AS MATERIALIZED (SELECT 1) SELECT * FROM c"),
    (35, "WITH c (x) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM c"),
    (35, "UPDATE t SET b = sqrt(a)"),
    (37, "CREATE TABLE u (a INTEGER) STRICT"),
    (37, "CREATE TABLE u (a INTEGER PRIMARY KEY) WITHOUT ROWID, STRICT"),
    (38, "SELECT b ->> '$.x' FROM t"),
    (38, "SELECT unixepoch()"),
    (38, "SELECT format('%d', a) FROM t"),
    (39, "SELECT * FROM t FULL OUTER JOIN p ON d = a"),
    (39, "UPDATE t SET b = a IS DISTINCT FROM 1"),
    (41, "SELECT unhex('00')"),
    (42, "SELECT json_error_position('{}')"),
    (43, "SELECT octet_length(b) FROM t"),
    (43, "SELECT timediff('now', 'now')"),
    (44, "SELECT concat_ws(',', a, b) FROM t"),
    (44, "SELECT string_agg(b, ',') FROM t"),
    (44, "SELECT group_concat(b, ',' ORDER BY a) FROM t"),
    (45, "UPDATE t SET b = jsonb('[]')"),
    (46, "INSERT INTO t (a) VALUES (1_000)"),
    (46, "SELECT json_pretty('[]')"),
    (48, "SELECT if(a, 1) FROM t"),
    (50, "SELECT unistr('x')"),
    (51, "SELECT * FROM jsonb_each('[]')"),
    (53, "ALTER TABLE t ALTER COLUMN b SET NOT NULL"),
    (53, "ALTER TABLE t ALTER b DROP NOT NULL"),
    (53, "ALTER TABLE t ADD CONSTRAINT n CHECK (a > 0)"),
    (53, "ALTER TABLE t DROP CONSTRAINT k"),
    (53, "REINDEX EXPRESSIONS"),
    (53, "SELECT json_array_insert('[]', '$[0]', 1)"),
];

const TABLES: &str = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT CONSTRAINT k CHECK (b <> '')); CREATE TABLE p (d)";

#[test]
fn every_feature_is_found_in_sql_that_sqlite_takes() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(TABLES).unwrap();
    for (since, sql) in EXAMPLES {
        assert_eq!(Feature::newest_in(sql).map(|feature| feature.since), Some(Version(*since)), "{sql}");
        // The bundled SQLite is built without these.
        if Version(*since) <= Version::linked() && !sql.contains("sqrt(") {
            conn.prepare(sql).unwrap();
        }
    }
    for feature in FEATURES {
        let is_in = |sql: &str| Feature::all_in(sql).any(|found| found.name == feature.name);
        assert!(EXAMPLES.iter().any(|(_, sql)| is_in(sql)), "no example of {}", feature.name);
    }
    assert!(FEATURES.windows(2).all(|pair| pair[0].since <= pair[1].since));
}

#[test]
fn nothing_is_found_in_what_only_looks_like_it() {
    for sql in [
        "CREATE TABLE log (strict, returning_at, format TEXT ON CONFLICT FAIL)",
        "CREATE TABLE IF NOT EXISTS log (id REFERENCES format (a) ON UPDATE SET NULL)",
        "INSERT INTO log (id) VALUES (1)",
        "INSERT INTO main.log (id) SELECT a FROM t",
        "CREATE INDEX i ON log (id)",
        "WITH log (x) AS (SELECT 1), power (y) AS (SELECT 2) SELECT * FROM log, power",
        "CREATE TABLE u AS SELECT a FROM t",
        "CREATE VIEW v AS SELECT CAST(a AS TEXT) AS \"log\" FROM (SELECT a FROM t ORDER BY a)",
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t ADD COLUMN c TEXT NOT NULL DEFAULT 'AS (1) STRICT' CHECK (c <> 'x')",
        "UPDATE t SET b = (SELECT d FROM p WHERE d = a) WHERE a IN (SELECT d FROM p)",
        "CREATE TRIGGER tr AFTER UPDATE ON t BEGIN UPDATE t SET b = 1; DELETE FROM p; END",
        "INSERT INTO t SELECT a, b FROM t -- RETURNING a -> b",
        "DROP TABLE IF EXISTS t",
        "VACUUM",
        "",
    ] {
        assert_eq!(Feature::newest_in(sql).map(|feature| feature.name), None, "{sql}");
    }
}

#[test]
fn a_problem_says_which_sqlite_its_statement_needs() {
    let text = "-- first\nCREATE TABLE t (a);\nALTER TABLE t DROP COLUMN b;\nALTER TABLE t RENAME b TO c;";
    let file = SourceFile::new("0001_a.sql", text.to_owned());
    let said = |at: &str, own| {
        let at = text.find(at).unwrap();
        note(&Problem::at_text(&rule::FAILS, &file, at..at + 1, ""), own)
    };
    let needs = "the statement needs SQLite 3.35 or newer: DROP COLUMN";
    assert_eq!(said("DROP", Version(53)).as_deref(), Some(needs));
    assert_eq!(said("DROP", Version(34)), Some(format!("{needs}; it was tried on 3.34")));
    // What every SQLite knows that can be linked, and what is no statement, needs no word.
    for at in ["CREATE", "RENAME", "-- first"] {
        assert_eq!(said(at, Version(53)), None, "{at}");
    }
    assert_eq!(note(&Problem::at_path(&rule::FAILS, "0001_a.sql"), Version(53)), None);
}
