//! Migrations that keep everything: a false alarm is worse than a miss.

use super::{USERS, prove};

#[track_caller]
fn accepted(migrations: &[(&str, &str)]) {
    let (codes, text) = prove(migrations);
    assert!(codes.is_empty(), "{text}");
}

#[test]
fn values_that_move_are_not_lost() {
    for (up, down) in [
        ("ALTER TABLE users RENAME COLUMN email TO mail", "ALTER TABLE users RENAME COLUMN mail TO email"),
        ("ALTER TABLE users RENAME TO people", "ALTER TABLE people RENAME TO users"),
        (
            "CREATE TABLE mails (user_id INTEGER PRIMARY KEY, email TEXT); INSERT INTO mails SELECT id, email FROM users;
             ALTER TABLE users DROP COLUMN email;",
            "ALTER TABLE users ADD COLUMN email TEXT; UPDATE users SET email = (SELECT email FROM mails WHERE user_id = id);
             DROP TABLE mails;",
        ),
        (
            "ALTER TABLE users ADD COLUMN profile JSON; UPDATE users SET profile = json_object('email', email, 'score', score);
             ALTER TABLE users DROP COLUMN email;",
            "",
        ),
        ("UPDATE users SET email = lower(trim(email)), age = age * 100, tags = json_insert(tags, '$[#]', 'x')", "SELECT 1"),
        ("UPDATE users SET seen = strftime('%s', seen)", "UPDATE users SET seen = datetime(seen, 'unixepoch')"),
        (
            "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT, age TEXT, tags JSON, seen INTEGER, score REAL);
             INSERT INTO new SELECT id, email, CAST(age AS TEXT), tags, strftime('%s', seen), score FROM users;
             DROP TABLE users; ALTER TABLE new RENAME TO users;",
            "",
        ),
        ("DELETE FROM posts WHERE user_id NOT IN (SELECT id FROM users)", "SELECT 1"),
        ("UPDATE users SET email = hex(randomblob(8))", "SELECT 1"),
    ] {
        let (codes, text) = prove(&[USERS, (up, down)]);
        // Another column order is said, and is no error.
        assert!(codes.iter().all(|code| *code == "M111"), "{up}\n{text}");
    }
}

#[test]
fn settings_that_move_to_their_owner_are_not_lost() {
    let tables = (
        "CREATE TABLE settings (user_id INTEGER PRIMARY KEY REFERENCES users (id), theme TEXT);
         INSERT INTO settings SELECT id, 'dark' FROM users;",
        "DROP TABLE settings",
    );
    let merge = (
        "ALTER TABLE users ADD COLUMN theme TEXT; UPDATE users SET theme = (SELECT theme FROM settings WHERE user_id = id); DROP TABLE settings;",
        "",
    );
    accepted(&[USERS, tables, merge]);
}

#[test]
fn a_renamed_table_has_no_new_orphans() {
    let left = (
        "-- migrate: allow(foreign_key_violation) cleaned up by the server\n-- migrate: allow(data_loss) likewise\nDELETE FROM users",
        "",
    );
    accepted(&[USERS, left, ("ALTER TABLE posts RENAME TO articles", "ALTER TABLE articles RENAME TO posts")]);
}

#[test]
fn a_loss_with_a_reason_is_accepted() {
    accepted(&[
        USERS,
        (
            "-- migrate: allow(data_loss) moved to the billing service\nALTER TABLE users DROP COLUMN score",
            "ALTER TABLE users ADD COLUMN score REAL",
        ),
    ]);
}

#[test]
fn duplicates_that_are_removed_first() {
    accepted(&[
        USERS,
        (
            "DELETE FROM users WHERE id NOT IN (SELECT min(id) FROM users GROUP BY ifnull(email, id));
             CREATE UNIQUE INDEX i ON users (email);",
            "DROP INDEX i",
        ),
        (
            "DROP INDEX i; CREATE UNIQUE INDEX i ON users (email) WHERE email IS NOT NULL",
            "DROP INDEX i; CREATE UNIQUE INDEX i ON users (email)",
        ),
    ]);
}

#[test]
fn nulls_that_are_filled_first() {
    accepted(&[
        USERS,
        (
            "UPDATE users SET email = '' WHERE email IS NULL;
             CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL, age INTEGER, tags JSON, seen DATETIME, score REAL);
             INSERT INTO new SELECT * FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users;",
            "",
        ),
    ]);
}

#[test]
fn rows_that_a_migration_itself_brings_stay_for_the_next_one() {
    accepted(&[
        (
            "CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT UNIQUE); INSERT INTO roles VALUES (1, 'admin')",
            "DROP TABLE roles",
        ),
        (
            "CREATE TABLE grants (role_id INTEGER NOT NULL REFERENCES roles); INSERT INTO grants SELECT id FROM roles WHERE name = 'admin'",
            "DROP TABLE grants",
        ),
        (
            "INSERT INTO grants VALUES ((SELECT id FROM roles WHERE name = 'admin'))",
            "DELETE FROM grants WHERE role_id = 1",
        ),
    ]);
}

#[test]
fn tables_that_are_hard_to_fill() {
    accepted(&[
        (
            "CREATE TABLE a (
                 id TEXT PRIMARY KEY CHECK (length(id) = 36),
                 status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
                 percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
                 mail TEXT NOT NULL CHECK (mail LIKE '%@%'),
                 doc TEXT NOT NULL CHECK (json_valid(doc)),
                 day TEXT NOT NULL CHECK (day IS date(day)),
                 twice INTEGER AS (percent * 2) STORED
             ) STRICT, WITHOUT ROWID;
             CREATE TABLE impossible (a INTEGER NOT NULL CHECK (a > 3 AND a < 2));
             CREATE TABLE log (a TEXT);
             CREATE TRIGGER keep BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'append only'); END;
             CREATE TRIGGER never BEFORE INSERT ON impossible BEGIN SELECT RAISE(ROLLBACK, 'no'); END;",
            "DROP TABLE log; DROP TABLE impossible; DROP TABLE a",
        ),
        ("ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT ''", "ALTER TABLE a DROP COLUMN b"),
        ("ALTER TABLE log ADD COLUMN b TEXT NOT NULL DEFAULT ''", "ALTER TABLE log DROP COLUMN b"),
    ]);
}

#[test]
fn circles_and_trees_of_foreign_keys() {
    accepted(&[
        (
            "CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES tree);
             CREATE TABLE x (id INTEGER PRIMARY KEY, y INTEGER NOT NULL REFERENCES y);
             CREATE TABLE y (id INTEGER PRIMARY KEY, x INTEGER NOT NULL REFERENCES x);
             CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
             CREATE TABLE of_pair (a INTEGER NOT NULL, b INTEGER NOT NULL, FOREIGN KEY (a, b) REFERENCES pair (a, b));",
            "DROP TABLE of_pair; DROP TABLE pair; DROP TABLE y; DROP TABLE x; DROP TABLE tree",
        ),
        (
            "ALTER TABLE tree ADD COLUMN n INTEGER; ALTER TABLE of_pair ADD COLUMN n INTEGER",
            "ALTER TABLE of_pair DROP COLUMN n; ALTER TABLE tree DROP COLUMN n",
        ),
    ]);
}

#[test]
fn a_series_as_long_as_a_value_says_does_not_hold_up_the_build() {
    accepted(&[
        USERS,
        (
            "CREATE TABLE birthdays (user_id INTEGER, age INTEGER, PRIMARY KEY (user_id, age));
             WITH RECURSIVE years (user_id, age) AS (
                 SELECT id, 1 FROM users
                 UNION ALL
                 SELECT user_id, years.age + 1 FROM years JOIN users ON users.id = user_id WHERE years.age < users.age
             )
             INSERT INTO birthdays SELECT user_id, age FROM years;",
            "DROP TABLE birthdays",
        ),
        ("ALTER TABLE users ADD COLUMN born TEXT", "ALTER TABLE users DROP COLUMN born"),
    ]);
}

#[test]
fn what_works_outside_of_a_transaction_only() {
    let logs =
        ("CREATE TABLE logs (line TEXT NOT NULL, at DATETIME); CREATE INDEX logs_at ON logs (at)", "DROP TABLE logs");
    let file = "-- migrate: no_transaction\nPRAGMA page_size = 8192; PRAGMA main.auto_vacuum = 1; VACUUM; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = 'wal';";
    let table = "-- migrate: no_transaction\nCREATE TABLE a (x); VACUUM; CREATE VIEW v AS SELECT x FROM a; VACUUM;";
    let after =
        ("ALTER TABLE logs ADD COLUMN level TEXT; UPDATE logs SET level = line", "ALTER TABLE logs DROP COLUMN level");
    let (codes, text) = prove(&[
        logs,
        (file, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096; VACUUM"),
        (table, "DROP VIEW v; VACUUM; DROP TABLE a"),
        after,
        (file, ""),
        ("DROP INDEX logs_at", "CREATE INDEX logs_at ON logs (at)"),
    ]);
    assert!(codes.is_empty(), "{text}");
}
