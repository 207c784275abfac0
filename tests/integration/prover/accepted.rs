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

#[test]
fn what_went_into_a_new_value_is_not_lost() {
    let tables = (
        "CREATE TABLE txs (block INTEGER NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL, reverted SMALLINT NOT NULL);
         CREATE TABLE keys (id_hex TEXT NOT NULL, secret BLOB NOT NULL)",
        "",
    );
    for up in [
        "ALTER TABLE txs ADD COLUMN uid INTEGER NOT NULL DEFAULT 0; UPDATE txs SET uid = (block << 16) | at;
         ALTER TABLE txs DROP COLUMN at",
        "CREATE TABLE slots (block INTEGER, at INTEGER, hash BLOB, status INTEGER);
         INSERT INTO slots SELECT block, at, hash, reverted + 1 FROM txs; DROP TABLE txs",
        "ALTER TABLE txs ADD COLUMN reason INTEGER NOT NULL DEFAULT 0; UPDATE txs SET reason = 1 WHERE reverted;
         ALTER TABLE txs DROP COLUMN reverted",
        "CREATE TABLE new (hash_hex TEXT NOT NULL UNIQUE, block INTEGER, at INTEGER, reverted SMALLINT);
         INSERT INTO new SELECT lower(hex(hash)), block, at, reverted FROM txs;
         DROP TABLE txs; ALTER TABLE new RENAME TO txs",
        "CREATE TABLE new (id BLOB, secret BLOB); INSERT INTO new SELECT unhex(id_hex), secret FROM keys;
         DROP TABLE keys; ALTER TABLE new RENAME TO keys",
    ] {
        accepted(&[tables, (up, "")]);
    }
}

#[test]
fn a_key_that_is_said_once_less_is_not_lost_where_it_is_still_said() {
    let tables = (
        "CREATE TABLE attempts (id TEXT PRIMARY KEY);
         CREATE TABLE merges (id INTEGER PRIMARY KEY, attempt_id TEXT REFERENCES attempts (id));
         CREATE TABLE runs (id INTEGER PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id));
         CREATE TABLE turns (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs (id), attempt_id TEXT NOT NULL)",
        "",
    );
    let refactor = (
        "ALTER TABLE attempts RENAME TO spaces; ALTER TABLE merges RENAME COLUMN attempt_id TO space_id;
         CREATE TABLE sessions (id INTEGER PRIMARY KEY, space_id TEXT NOT NULL REFERENCES spaces (id));
         INSERT INTO sessions (space_id) SELECT id FROM spaces;
         CREATE TABLE new (id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES sessions (id));
         INSERT INTO new SELECT runs.id, sessions.id FROM runs JOIN sessions ON sessions.space_id = runs.attempt_id;
         DROP TABLE runs; ALTER TABLE new RENAME TO runs",
        "",
    );
    accepted(&[tables, refactor]);
}

#[test]
fn one_migration_that_leaves_orphans_is_not_two() {
    let tables = (
        "CREATE TABLE configs (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE spaces (id INTEGER PRIMARY KEY, config_id INTEGER NOT NULL REFERENCES configs (id), url TEXT NOT NULL)",
        "",
    );
    let renumber = (
        "CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO new (name) SELECT name FROM configs;
         DROP TABLE configs; ALTER TABLE new RENAME TO configs",
        "",
    );
    let join = (
        "CREATE TABLE new (id INTEGER PRIMARY KEY, config_id INTEGER NOT NULL REFERENCES configs (id), url TEXT, name TEXT);
         INSERT INTO new SELECT s.id, config_id, url, name FROM spaces s JOIN configs c ON c.id = config_id;
         DROP TABLE spaces; ALTER TABLE new RENAME TO spaces",
        "",
    );
    let (codes, text) = prove(&[tables, renumber, join]);
    assert_eq!(codes, ["M206"], "{text}");
}

#[test]
fn rows_that_no_foreign_key_allows_are_not_tried() {
    accepted(&[
        (
            "CREATE TABLE leaves (id INTEGER PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32));
             CREATE TABLE impossible (id INTEGER PRIMARY KEY, a INTEGER NOT NULL CHECK (a > 3 AND a < 2));
             CREATE TABLE kinds (name TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO kinds VALUES ('only');
             CREATE TABLE things (id INTEGER PRIMARY KEY, kind TEXT NOT NULL REFERENCES kinds (name));
             CREATE TABLE log (id INTEGER PRIMARY KEY, leaf_id INTEGER NOT NULL REFERENCES leaves (id), at INTEGER);
             CREATE TABLE empty (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES impossible (id))",
            "",
        ),
        ("DELETE FROM log WHERE leaf_id NOT IN (SELECT id FROM leaves)", ""),
        ("DELETE FROM things WHERE kind NOT IN (SELECT name FROM kinds)", ""),
        ("DELETE FROM empty WHERE a NOT IN (SELECT id FROM impossible)", ""),
    ]);
}

#[test]
fn an_index_of_texts_that_are_kept_elsewhere_can_go() {
    let notes = (
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
         CREATE VIRTUAL TABLE found USING fts5 (body, content = 'notes', content_rowid = 'id');
         CREATE TRIGGER t AFTER INSERT ON notes BEGIN INSERT INTO found (rowid, body) VALUES (new.id, new.body); END",
        "",
    );
    accepted(&[notes, ("DROP TRIGGER t; DROP TABLE found", "")]);
    accepted(&[notes, ("DROP TRIGGER t; DROP TABLE found; CREATE VIRTUAL TABLE found USING fts5 (body, day)", "")]);
}
