//! What the lints say of tables and indexes as they stand at the end.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::lint::Lint;

use super::{assert_silent, found, found_after};

const USERS: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);";
const POSTS: &str = "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));";

/// A child of `p (x, y)` with the foreign key (a, b), or of `p (x)` with the foreign key (a); and its indexes.
const CHILDREN: &[(&str, &[&str])] = &[
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b)", &["a"]),
    ("CREATE TABLE c (a INTEGER PRIMARY KEY REFERENCES p (x), b)", &["a"]),
    ("CREATE TABLE c (a TEXT REFERENCES p (x), b, PRIMARY KEY (a, b))", &["a"]),
    ("CREATE TABLE c (a TEXT REFERENCES p (x), b, PRIMARY KEY (b, a))", &["a"]),
    ("CREATE TABLE c (a TEXT REFERENCES p (x), b, PRIMARY KEY (a, b)) WITHOUT ROWID", &["a"]),
    ("CREATE TABLE c (a TEXT REFERENCES p (x), b PRIMARY KEY) WITHOUT ROWID", &["a"]),
    ("CREATE TABLE c (a INTEGER UNIQUE REFERENCES p (x), b)", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b, UNIQUE (b, a))", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b); CREATE INDEX i ON c (a)", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b); CREATE INDEX i ON c (a DESC, b)", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b); CREATE INDEX i ON c (b, a)", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b); CREATE INDEX i ON c (a + 1)", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b); CREATE INDEX i ON c (a) WHERE a IS NOT NULL", &["a"]),
    ("CREATE TABLE c (a INTEGER REFERENCES p (x), b); CREATE INDEX i ON c (a) WHERE b IS NULL", &["a"]),
    ("CREATE TABLE c (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y))", &["a", "b"]),
    ("CREATE TABLE c (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y)); CREATE INDEX i ON c (a, b)", &["a", "b"]),
    ("CREATE TABLE c (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y)); CREATE INDEX i ON c (b)", &["a", "b"]),
    ("CREATE TABLE c (\"a\" INTEGER REFERENCES p (x), b); CREATE UNIQUE INDEX i ON c ([A])", &["a"]),
];

#[test]
fn a_foreign_key_has_no_index_if_sqlite_reads_the_whole_table() {
    let parent = "CREATE TABLE p (x INTEGER PRIMARY KEY, y, UNIQUE (x, y));";
    for (child, columns) in CHILDREN {
        let up = format!("{parent} {child};");
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&up).unwrap();
        let condition: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
        // As SQLite's own shell does it in `.lint fkey-indexes`.
        let query = format!("EXPLAIN QUERY PLAN SELECT 1 FROM c WHERE {}", condition.join(" AND "));
        let values = vec!["1"; columns.len()];
        let plan: String = conn
            .query_row(&query, devilmcp_migrate::rusqlite::params_from_iter(values), |row| row.get("detail"))
            .unwrap();
        let is_read_whole = plan.starts_with("SCAN");
        assert_eq!(found(Lint::UnindexedForeignKey, &[&up]).len(), usize::from(is_read_whole), "{child}: {plan}");
    }
}

#[test]
fn what_is_mended_later_is_mended() {
    let index = "CREATE INDEX posts_user ON posts (user_id);";
    let lint = Lint::UnindexedForeignKey;
    assert_eq!(found(lint, &[USERS, POSTS]), ["0002 the foreign key `posts.user_id` has no index"]);
    assert_silent(
        lint,
        &[
            &[USERS, POSTS, index],
            &[USERS, POSTS, "-- migrate: allow(data_loss) no posts any more\nDROP TABLE posts;"],
            &[USERS, "CREATE TEMP TABLE t (a REFERENCES users (id)); DROP TABLE temp.t;"],
        ],
    );
    // Who takes the index away again is to blame.
    assert_eq!(
        found(lint, &[USERS, POSTS, index, "DROP INDEX posts_user;"]),
        ["0004 the foreign key `posts.user_id` has no index"]
    );
}

#[test]
fn what_has_shipped_is_not_judged() {
    let lint = Lint::UnindexedForeignKey;
    let also = "ALTER TABLE posts ADD COLUMN editor_id INTEGER REFERENCES users (id);";
    assert_eq!(found_after(2, lint, &[USERS, POSTS, also]), ["0003 the foreign key `posts.editor_id` has no index"]);
    let rebuild = "CREATE TABLE more (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), day TEXT);
        INSERT INTO more (id, user_id) SELECT id, user_id FROM posts; DROP TABLE posts; ALTER TABLE more RENAME TO posts;";
    for (next, table) in [
        ("ALTER TABLE posts ADD COLUMN body TEXT;", "posts"),
        ("ALTER TABLE posts RENAME TO articles;", "articles"),
        ("ALTER TABLE posts RENAME COLUMN user_id TO author_id;", "posts"),
        ("ALTER TABLE posts RENAME TO a; ALTER TABLE a RENAME user_id TO u; ALTER TABLE a RENAME TO b;", "b"),
        ("CREATE INDEX posts_id ON posts (id, user_id); CREATE VIEW v AS SELECT * FROM posts;", "posts"),
        (rebuild, "posts"),
    ] {
        assert_eq!(found_after(2, lint, &[USERS, POSTS, next]), <[String; 0]>::default(), "{next}");
        let both = format!("{next}\n{}", also.replace("posts", table));
        assert_eq!(found_after(2, lint, &[USERS, POSTS, &both]).len(), 1, "{both}");
    }
    let dropped = "DROP INDEX posts_user;";
    let history = [USERS, POSTS, "CREATE INDEX posts_user ON posts (user_id);", dropped];
    assert_eq!(found_after(3, lint, &history), ["0004 the foreign key `posts.user_id` has no index"]);
    assert!(found_after(4, lint, &history).is_empty());
}

#[test]
fn a_baseline_says_what_is_there_already() {
    let baseline = "-- migrate: baseline\nCREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY);\n
        CREATE TABLE IF NOT EXISTS logs (at STRING, \"order\" REFERENCES users (id));\nCREATE INDEX IF NOT EXISTS i ON logs (at); CREATE INDEX IF NOT EXISTS j ON logs (at);";
    for lint in Lint::ALL {
        assert_silent(lint, &[&[baseline]]);
    }
    assert_eq!(found(Lint::RedundantIndex, &[baseline, "CREATE INDEX k ON logs (at);"]).len(), 1);
}

#[test]
fn a_table_with_anything_unique_has_a_key() {
    let lint = Lint::MissingPrimaryKey;
    assert_eq!(found(lint, &["CREATE TABLE t (a, b);"]), ["0001 table `t` has no key"]);
    assert_eq!(found(lint, &["CREATE TABLE t (a); CREATE INDEX i ON t (a);"]).len(), 1);
    assert_eq!(found(lint, &["CREATE TABLE t (a); CREATE UNIQUE INDEX i ON t (a) WHERE a > 1;"]).len(), 1);
    assert_eq!(found(lint, &["CREATE TABLE t AS SELECT 1 AS a;"]).len(), 1);
    assert_silent(
        lint,
        &[
            &["CREATE TABLE t (a PRIMARY KEY);"],
            &["CREATE TABLE t (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID;"],
            &["CREATE TABLE t (a UNIQUE);"],
            &["CREATE TABLE t (a);", "-- migrate: allow(unique_violation) a test\nCREATE UNIQUE INDEX i ON t (a);"],
            &["CREATE VIRTUAL TABLE f USING fts5 (a); CREATE VIRTUAL TABLE r USING rtree (id, x, y);"],
            &["CREATE TEMP TABLE t (a); CREATE VIEW v AS SELECT 1; DROP TABLE temp.t;"],
        ],
    );
}

#[test]
fn only_what_does_the_same_is_redundant() {
    let lint = Lint::RedundantIndex;
    let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT COLLATE NOCASE, c TEXT, UNIQUE (b, c));";
    for (index, count) in [
        ("CREATE INDEX i ON t (id)", 1),
        ("CREATE INDEX i ON t (a)", 1),
        ("CREATE UNIQUE INDEX i ON t (\"A\" COLLATE binary ASC)", 1),
        ("CREATE INDEX i ON t (b, c)", 1),
        ("CREATE INDEX i ON t (b COLLATE NOCASE, c)", 1),
        ("CREATE INDEX i ON t (c); CREATE INDEX j ON t (c)", 1),
        ("CREATE INDEX i ON t (c); CREATE UNIQUE INDEX j ON t (c)", 1),
        ("CREATE INDEX i ON t (lower(c)); CREATE INDEX j ON t (LOWER(c))", 1),
        ("CREATE INDEX i ON t (a DESC)", 0),
        ("CREATE INDEX i ON t (a COLLATE NOCASE)", 0),
        ("CREATE INDEX i ON t (b COLLATE BINARY, c)", 0),
        ("CREATE INDEX i ON t (a) WHERE a > 1", 0),
        ("CREATE INDEX i ON t (c) WHERE a > 1; CREATE INDEX j ON t (c)", 0),
        ("CREATE INDEX i ON t (b)", 0),
        ("CREATE INDEX i ON t (c, b)", 0),
        ("CREATE INDEX i ON t (a, c); CREATE INDEX j ON t (a, id)", 0),
    ] {
        let history = [table, &format!("-- migrate: allow(unique_violation) a test\n{index};")];
        let found = found(lint, &history);
        assert_eq!(found.len(), count, "{index}: {found:?}");
    }
}

#[test]
fn the_beginning_of_a_longer_index_is_a_lint_of_its_own() {
    let lint = Lint::PrefixIndex;
    let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b));";
    assert_eq!(
        found(lint, &[table, "CREATE INDEX i ON t (a);"]),
        ["0002 index `i` is the beginning of the UNIQUE constraint of `t`"]
    );
    // The longer one makes the shorter one so.
    assert_eq!(
        found(lint, &[table, "CREATE INDEX i ON t (b);", "CREATE INDEX j ON t (b, id);"]),
        ["0003 index `i` is the beginning of index `j`"]
    );
    assert_silent(
        lint,
        &[
            &[table, "-- migrate: allow(unique_violation) a test\nCREATE UNIQUE INDEX i ON t (a);"],
            &[table, "CREATE INDEX i ON t (a DESC); CREATE INDEX j ON t (b, a); CREATE INDEX k ON t (a, b);"],
            &[table, "CREATE INDEX i ON t (b); CREATE INDEX j ON t (b, id) WHERE b > 1;"],
        ],
    );
}

#[test]
fn types_that_are_enforced_are_no_surprise() {
    let lint = Lint::UnenforcedType;
    assert_eq!(
        found(lint, &["CREATE TABLE t (a STRING, b TEXT)", "ALTER TABLE t ADD COLUMN c FLOATING POINT;"]),
        [
            "0001 the type STRING of column `t.a` is not what it seems",
            "0002 the type FLOATING POINT of column `t.c` is not what it seems"
        ]
    );
    assert_eq!(
        found(lint, &["CREATE TABLE t (a TEXT KEY NOT NULL, b BIG INT KEY, c TEXT PRIMARY KEY, key TEXT);"]),
        [
            "0001 the type TEXT KEY of column `t.a` is not what it seems",
            "0001 the type BIG INT KEY of column `t.b` is not what it seems"
        ]
    );
    assert_silent(
        lint,
        &[
            &["CREATE TABLE t (a ANY, b TEXT) STRICT;"],
            &[
                "CREATE TABLE t (a, b VARCHAR(20), c DATETIME, d BOOLEAN, e UNSIGNED BIG INT, f DOUBLE PRECISION, g JSON, h DECIMAL(10, 2));",
            ],
            &["CREATE VIRTUAL TABLE f USING fts5 (a, b UNINDEXED);"],
        ],
    );
}

#[test]
fn names_that_need_quotes_everywhere_are_found() {
    let lint = Lint::ReservedName;
    assert_eq!(
        found(lint, &["CREATE TABLE \"group\" (id INTEGER PRIMARY KEY, [Order] TEXT, rowid TEXT); CREATE INDEX `index` ON \"group\" ([Order]);"]).len(),
        4
    );
    assert_silent(
        lint,
        &[
            &["CREATE TABLE t (key TEXT, \"date\" TEXT, \"value\" TEXT, \"Name\" TEXT, \"two words\" TEXT);"],
            &["CREATE TABLE t (rowid INTEGER PRIMARY KEY); CREATE TABLE u (oid TEXT PRIMARY KEY) WITHOUT ROWID;"],
        ],
    );
}
