//! Migrations that work on empty tables, and must not be shipped.

use super::{USERS, prove};

#[track_caller]
fn refused(up: &str, down: &str, code: &str, says: &str) {
    let (codes, text) = prove(&[USERS, (up, down)]);
    assert_eq!(codes, [code], "{text}");
    assert!(text.contains(says), "{text}");
}

#[test]
fn a_not_null_column_without_a_default() {
    refused(
        "ALTER TABLE users ADD COLUMN a TEXT NOT NULL",
        "ALTER TABLE users DROP COLUMN a",
        "M202",
        "every row that was tried",
    );
}

#[test]
fn a_default_that_is_not_constant() {
    for default in ["CURRENT_TIMESTAMP", "(random())"] {
        let up = format!("ALTER TABLE users ADD COLUMN a TEXT DEFAULT {default}");
        refused(&up, "ALTER TABLE users DROP COLUMN a", "M201", "non-constant default");
    }
}

#[test]
fn a_reference_whose_default_has_no_parent() {
    refused(
        "ALTER TABLE posts ADD COLUMN editor INTEGER REFERENCES users DEFAULT 1",
        "ALTER TABLE posts DROP COLUMN editor",
        "M206",
        "posts",
    );
}

#[test]
fn a_virtual_column_that_is_null_and_must_not_be() {
    refused(
        "ALTER TABLE users ADD COLUMN a INTEGER NOT NULL AS (age + 1)",
        "ALTER TABLE users DROP COLUMN a",
        "M202",
        "NULL wherever",
    );
}

#[test]
fn a_check_that_rows_break() {
    let up = "CREATE TABLE new (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, body TEXT NOT NULL CHECK (body IN ('a', 'b')));
        INSERT INTO new SELECT * FROM posts; DROP TABLE posts; ALTER TABLE new RENAME TO posts;";
    refused(up, "", "M203", "CHECK constraint failed");
    refused(
        "ALTER TABLE users ADD COLUMN a INTEGER DEFAULT 0 CHECK (a > 0)",
        "ALTER TABLE users DROP COLUMN a",
        "M203",
        "CHECK constraint failed",
    );
}

#[test]
fn a_unique_index_over_duplicates() {
    refused(
        "CREATE UNIQUE INDEX i ON users (email)",
        "DROP INDEX i",
        "M204",
        "two rows that have the same `users.email`",
    );
}

#[test]
fn a_rebuild_that_copies_null_into_not_null() {
    let up = "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL, age INTEGER, tags JSON, seen DATETIME, score REAL);
        INSERT INTO new SELECT * FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users;";
    refused(up, "", "M202", "NULL wherever");
}

#[test]
fn a_rebuild_into_strict() {
    let up =
        "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT, age INTEGER, tags TEXT, seen TEXT, score REAL) STRICT;
        INSERT INTO new SELECT * FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users;";
    refused(up, "", "M205", "with text in `age`");
}

#[test]
fn set_not_null_where_there_are_nulls() {
    refused(
        "ALTER TABLE users ALTER COLUMN email SET NOT NULL",
        "ALTER TABLE users ALTER COLUMN email DROP NOT NULL",
        "M202",
        "NULL wherever",
    );
}

#[test]
fn children_that_are_left_behind() {
    refused("-- migrate: allow(data_loss) they are gone anyway\nDELETE FROM users", "SELECT 1", "M206", "posts");
}

#[test]
fn values_that_are_nowhere_afterwards() {
    for (up, down, says) in [
        ("ALTER TABLE users DROP COLUMN email", "ALTER TABLE users ADD COLUMN email TEXT", "users.email"),
        ("DROP TABLE posts", "", "posts.body"),
        ("DELETE FROM posts", "SELECT 1", "posts.body"),
        ("UPDATE posts SET body = ''", "SELECT 1", "posts.body"),
        ("UPDATE users SET email = NULL", "SELECT 1", "users.email"),
        ("UPDATE posts SET body = user_id", "SELECT 1", "posts.body"),
        ("UPDATE posts SET user_id = (SELECT min(id) FROM users)", "SELECT 1", "posts.user_id"),
        (
            "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT, age INTEGER, tags JSON, seen DATETIME, score REAL);
             INSERT INTO new (id, email, age, tags, seen) SELECT id, email, age, tags, seen FROM users;
             DROP TABLE users; ALTER TABLE new RENAME TO users;",
            "SELECT 1",
            "users.score",
        ),
        (
            "CREATE TABLE one (n INTEGER PRIMARY KEY, body TEXT); INSERT OR REPLACE INTO one SELECT 1, body FROM posts;
             DROP TABLE posts;",
            "",
            "posts.body",
        ),
    ] {
        let (codes, text) = prove(&[USERS, (up, down)]);
        assert!(codes.contains(&"M207") && text.contains(says), "{up}\n{codes:?}\n{text}");
    }
}

#[test]
fn a_table_that_relates_two_others() {
    let tables = (
        "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE post_tags (post_id INTEGER REFERENCES posts, tag_id INTEGER REFERENCES tags, PRIMARY KEY (post_id, tag_id));",
        "DROP TABLE post_tags; DROP TABLE tags",
    );
    let (codes, text) = prove(&[USERS, tables, ("DROP TABLE post_tags", "")]);
    assert_eq!(codes, ["M207"], "{text}");
    assert!(text.contains("post_tags.tag_id"), "{text}");
}

#[test]
fn a_rebuild_that_swaps_two_columns() {
    let up = "CREATE TABLE new (id INTEGER PRIMARY KEY, age INTEGER, email TEXT, tags JSON, seen DATETIME, score REAL);
        INSERT INTO new SELECT * FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users;";
    refused(up, "", "M208", "each other's values");
}

#[test]
fn a_trigger_that_takes_rows_along() {
    let trigger = (
        "CREATE TRIGGER t AFTER UPDATE OF age ON users BEGIN DELETE FROM posts WHERE user_id = new.id; END",
        "DROP TRIGGER t",
    );
    let (codes, text) = prove(&[USERS, trigger, ("UPDATE users SET age = age + 1", "SELECT 1")]);
    assert!(codes.contains(&"M207") && text.contains("posts.body"), "{codes:?}\n{text}");
}

#[test]
fn a_way_back_that_loses_what_was_kept() {
    let up = "ALTER TABLE users RENAME COLUMN email TO mail";
    let down = "ALTER TABLE users DROP COLUMN mail; ALTER TABLE users ADD COLUMN email TEXT";
    let (codes, text) = prove(&[USERS, (up, down)]);
    assert!(codes.contains(&"M210") && text.contains("users.email"), "{codes:?}\n{text}");
}

#[test]
fn a_way_back_that_loses_what_the_migration_never_touched() {
    let (up, down) = ("CREATE TABLE a (b)", "DROP TABLE a; DELETE FROM posts");
    let (codes, text) = prove(&[USERS, (up, down)]);
    assert!(codes.contains(&"M210") && text.contains("posts.body"), "{codes:?}\n{text}");
}

#[test]
fn rows_that_go_with_those_they_refer_to() {
    let enforced = |up: &str| format!("-- migrate: foreign_keys(on)\n{up}");
    let archived = "CREATE TABLE old AS SELECT * FROM users; DELETE FROM users;";
    refused(&enforced(archived), "", "M207", "values of `posts.body` are nowhere");
    let rebuilt =
        "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT, age INTEGER, tags JSON, seen DATETIME, score REAL);
        INSERT INTO new SELECT * FROM users; DROP TABLE users; ALTER TABLE new RENAME TO users;";
    refused(&enforced(rebuilt), "", "M207", "DROP TABLE users");
    let (codes, text) = prove(&[USERS, (rebuilt, "")]);
    assert!(codes.is_empty(), "{text}");
}

#[test]
fn rows_that_may_not_go_while_others_refer_to_them() {
    let head = "-- migrate: foreign_keys(on)\n-- migrate: allow(data_loss) they have left\n";
    let strict =
        ("CREATE TABLE tags (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users (id))", "DROP TABLE tags");
    let late = (strict.0.replace("(id))", "(id) DEFERRABLE INITIALLY DEFERRED)"), strict.1);
    for (tags, says) in [(strict, "DELETE FROM users"), ((late.0.as_str(), late.1), "SELECT 1")] {
        let up = format!("{head}DELETE FROM users; SELECT 1;");
        let (codes, text) = prove(&[USERS, tags, (&up, "")]);
        assert_eq!(codes, ["M211"], "{text}");
        assert!(text.contains(says) && text.contains("FOREIGN KEY constraint failed"), "{text}");
        let (codes, text) =
            prove(&[USERS, tags, (&format!("-- migrate: allow(foreign_key_violation) none has any\n{up}"), "")]);
        assert!(codes.is_empty(), "{text}");
        let (codes, text) = prove(&[USERS, tags, (&up.replace("DELETE", "DELETE FROM tags; DELETE"), "")]);
        assert!(codes.is_empty(), "{text}");
    }
}

#[test]
fn a_rebuild_that_forgets_a_key_of_a_circle() {
    // Whichever of the two is filled first.
    for spaces in ["spaces", "areas"] {
        let tables = format!(
            "CREATE TABLE machines (id INTEGER PRIMARY KEY, space_id INTEGER NOT NULL REFERENCES {spaces} (id));
             CREATE TABLE {spaces} (id INTEGER PRIMARY KEY, url TEXT, machine_id INTEGER REFERENCES machines (id))"
        );
        let forget = format!(
            "CREATE TABLE new (id INTEGER PRIMARY KEY, url TEXT); INSERT INTO new SELECT id, url FROM {spaces};
             DROP TABLE {spaces}; ALTER TABLE new RENAME TO {spaces}"
        );
        let (codes, text) = prove(&[(&tables, ""), (&forget, "")]);
        assert_eq!(codes, ["M207"], "{text}");
        assert!(text.contains("machine_id` are nowhere"), "{text}");
    }
}

#[test]
fn a_way_back_takes_rows_along_as_well() {
    let up = "-- migrate: foreign_keys(on)\nCREATE TABLE marks (id INTEGER PRIMARY KEY)";
    refused(up, "DELETE FROM users; DROP TABLE marks", "M210", "posts");
}

#[test]
fn outside_of_a_transaction_rows_are_as_precious() {
    let alone = |up: &str| format!("-- migrate: no_transaction\n{up}");
    refused(
        &alone("VACUUM; ALTER TABLE users DROP COLUMN age; VACUUM;"),
        "",
        "M207",
        "ALTER TABLE users DROP COLUMN age",
    );
    let up = alone("CREATE TABLE a (x TEXT); VACUUM;");
    refused(&up, "VACUUM", "M107", "table `a` was not there before");
    refused(&up, "DELETE FROM posts; DROP TABLE a; VACUUM", "M210", "posts");
    refused(&alone("ALTER TABLE users ADD COLUMN a TEXT NOT NULL; VACUUM;"), "", "M202", "every row that was tried");
}

#[test]
fn a_renamed_key_is_not_lost_where_another_table_gives_it_up() {
    let tables = (
        "CREATE TABLE tasks (id TEXT PRIMARY KEY);
         CREATE TABLE attempts (id TEXT PRIMARY KEY, task_id TEXT NOT NULL REFERENCES tasks (id));
         CREATE TABLE runs (id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), prompt TEXT NOT NULL)",
        "",
    );
    let circle = ("ALTER TABLE tasks ADD COLUMN parent TEXT REFERENCES attempts (id)", "");
    let rename = (
        "ALTER TABLE tasks RENAME COLUMN parent TO origin; CREATE TABLE turns (id TEXT PRIMARY KEY, prompt TEXT NOT NULL);
         INSERT INTO turns SELECT id, prompt FROM runs; DROP TABLE runs",
        "",
    );
    let (codes, text) = prove(&[tables, circle, rename]);
    assert_eq!(codes, ["M207"], "{text}");
    assert!(text.contains("`runs.attempt_id`") && !text.contains("tasks.parent"), "{text}");
}
