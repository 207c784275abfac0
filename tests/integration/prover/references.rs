//! Views, triggers and foreign keys: what names nothing is found, and nothing else.

use super::prove;

/// What is wrong, where no migration has a way back.
#[track_caller]
fn codes(ups: &[&str]) -> Vec<&'static str> {
    let migrations: Vec<(&str, &str)> = ups.iter().map(|up| (*up, "")).collect();
    prove(&migrations).0
}

#[track_caller]
fn said(ups: &[&str]) -> String {
    let migrations: Vec<(&str, &str)> = ups.iter().map(|up| (*up, "")).collect();
    prove(&migrations).1
}

const NOTES: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, author INTEGER UNIQUE);";

#[test]
fn what_resolves_is_not_reported() {
    for up in [
        "CREATE VIEW v AS SELECT n.id, \"body\" AS \"b\" FROM notes AS n ORDER BY \"b\"",
        "CREATE VIEW v AS SELECT * FROM notes; CREATE VIEW w AS SELECT body FROM v",
        "CREATE TRIGGER t AFTER UPDATE OF body ON notes BEGIN UPDATE notes SET author = NULL WHERE id = new.id; END",
        "CREATE VIEW v AS SELECT * FROM notes; CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN INSERT INTO notes (body) VALUES (new.body); END;
         CREATE TRIGGER u INSTEAD OF UPDATE ON v BEGIN UPDATE notes SET body = new.body WHERE id = old.id; END;
         CREATE TRIGGER d INSTEAD OF DELETE ON v BEGIN DELETE FROM notes WHERE id = old.id; END;",
        "CREATE TRIGGER \"update\" BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'no'); END",
        // A table that is its own parent; the INTEGER PRIMARY KEY, said and left out; UNIQUE; columns in another order.
        "CREATE TABLE a (id INTEGER PRIMARY KEY, up REFERENCES a, note REFERENCES notes (ID), author REFERENCES Notes (author))",
        "CREATE TABLE p (x, y, PRIMARY KEY (x, y)); CREATE TABLE c (a, b, FOREIGN KEY (a, b) REFERENCES p (y, x))",
        "CREATE TABLE p (x, y); CREATE UNIQUE INDEX i ON p (y, x); CREATE TABLE c (a, b, FOREIGN KEY (a, b) REFERENCES p (x, y))",
        "CREATE TABLE p (x TEXT PRIMARY KEY) WITHOUT ROWID; CREATE TABLE c (x REFERENCES p)",
        // In one migration, the order does not matter.
        "CREATE TABLE c (x REFERENCES p); CREATE VIEW v AS SELECT x FROM p; CREATE TABLE p (x TEXT PRIMARY KEY)",
        "CREATE TABLE \"q\" (\"a b\" TEXT CHECK (\"a b\" <> '') REFERENCES \"notes\" (\"id\"), \"c\" AS (\"a b\" || '!'));
         CREATE INDEX \"i\" ON \"q\" (\"a b\", lower(\"c\")) WHERE \"c\" IS NOT NULL",
        // What the application brings is not for a compiler to judge.
        "CREATE VIEW v AS SELECT slug(body) FROM notes",
        "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT embed(new.body); END",
        "CREATE VIEW v AS SELECT body FROM notes ORDER BY body COLLATE german",
        "CREATE VIEW v AS SELECT value FROM notes, text_series(1, 3); CREATE VIEW w AS SELECT * FROM v",
        "CREATE VIEW v AS SELECT name, pgsize FROM dbstat; CREATE VIEW w AS SELECT * FROM sqlite_stat1",
        "CREATE VIEW v AS SELECT number FROM _devilmcp_migrations",
        "CREATE VIRTUAL TABLE f USING fts5 (body, content = 'notes'); CREATE VIEW v AS SELECT rowid, rank FROM f WHERE f MATCH 'x';
         CREATE TRIGGER t AFTER DELETE ON notes BEGIN INSERT INTO f (f, rowid, body) VALUES ('delete', old.id, old.body); END",
    ] {
        let (codes, text) = prove(&[(NOTES, ""), (up, "")]);
        assert!(codes.is_empty(), "{up}\n{text}");
    }
}

#[test]
fn what_names_nothing_is_reported() {
    for (up, code) in [
        ("CREATE VIEW v AS SELECT * FROM note", "M121"),
        ("CREATE VIEW v AS SELECT title FROM notes", "M121"),
        ("CREATE VIEW v (a, b) AS SELECT id FROM notes", "M121"),
        ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN INSERT INTO log VALUES (new.id); END", "M122"),
        (
            "CREATE TRIGGER t AFTER UPDATE OF body ON notes BEGIN UPDATE notes SET title = '' WHERE id = new.id; END",
            "M122",
        ),
        ("CREATE TRIGGER t BEFORE DELETE ON notes WHEN old.title = '' BEGIN SELECT 1; END", "M122"),
        ("CREATE TABLE c (x REFERENCES note (id))", "M123"),
        ("CREATE VIEW v AS SELECT id FROM notes; CREATE TABLE c (x REFERENCES v (id))", "M123"),
        ("CREATE TABLE c (x REFERENCES notes (body))", "M124"),
        ("CREATE TABLE p (x UNIQUE); CREATE TABLE c (x REFERENCES p)", "M124"),
        (
            "CREATE TABLE p (x TEXT); CREATE UNIQUE INDEX i ON p (x) WHERE x <> ''; CREATE TABLE c (x REFERENCES p (x))",
            "M124",
        ),
        (
            "CREATE TABLE p (x TEXT COLLATE NOCASE); CREATE UNIQUE INDEX i ON p (x COLLATE BINARY); CREATE TABLE c (x REFERENCES p (x))",
            "M124",
        ),
        ("CREATE TABLE p (x, y, UNIQUE (x, y)); CREATE TABLE c (x REFERENCES p (x))", "M124"),
        ("CREATE INDEX i ON notes (\"boddy\")", "M126"),
        ("CREATE INDEX i ON notes (id) WHERE \"titel\" IS NOT NULL", "M127"),
        ("CREATE TABLE c (kind TEXT CHECK (\"knid\" IN ('a', 'b')))", "M127"),
        ("CREATE VIEW v AS SELECT id FROM notes WHERE \"titel\" IS NOT NULL", "M127"),
        ("CREATE TRIGGER t AFTER INSERT ON notes WHEN \"titel\" BEGIN SELECT 1; END", "M127"),
    ] {
        assert_eq!(codes(&[NOTES, up]), [code], "{up}");
    }
}

#[test]
fn a_broken_trigger_is_the_only_one_to_blame() {
    let up = "CREATE TRIGGER a AFTER INSERT ON notes BEGIN INSERT INTO other VALUES (1); END;
              CREATE TABLE other (x);
              CREATE TRIGGER b AFTER INSERT ON other BEGIN INSERT INTO log VALUES (1); END;
              CREATE TRIGGER c AFTER INSERT ON notes BEGIN SELECT 1; END;";
    let text = said(&[NOTES, up]);
    assert!(text.contains("trigger `b` fails whenever it fires"), "{text}");
    assert!(!text.contains("`a`") && !text.contains("`c`"), "{text}");
}

#[test]
fn a_broken_view_is_the_only_one_to_blame() {
    let up = "CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT title FROM notes;
              CREATE TRIGGER t INSTEAD OF INSERT ON a BEGIN SELECT 1; END;";
    let text = said(&[NOTES, up]);
    assert!(text.contains("view `b` cannot be read"), "{text}");
    assert!(!text.contains("`a`") && !text.contains("`t`"), "{text}");
}

#[test]
fn a_view_of_a_view_notices_what_changes_below() {
    let views = "CREATE VIEW v AS SELECT * FROM notes; CREATE VIEW w AS SELECT author FROM v;";
    let rebuild = "-- migrate: allow(data_loss) nobody signs\nDROP TABLE notes; CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);";
    let text = said(&[NOTES, views, rebuild]);
    assert!(text.contains("view `w` cannot be read [M121]") && text.contains("0003_m.sql"), "{text}");
}

#[test]
fn what_a_later_migration_repairs_is_a_warning() {
    let child = "CREATE TABLE child (note REFERENCES notes (body));";
    let unique =
        "-- migrate: allow(unique_violation) the server has merged them\nCREATE UNIQUE INDEX i ON notes (body)";
    for repair in [unique, "-- migrate: allow(data_loss) nobody has written there\nDROP TABLE child"] {
        let migrations = [NOTES, child, "CREATE TABLE apart (id INTEGER PRIMARY KEY)", repair];
        assert_eq!(codes(&migrations), ["M125"], "{}", said(&migrations));
    }
}

#[test]
fn dropping_the_key_that_a_foreign_key_needs_is_reported_where_it_is_dropped() {
    let text = said(&[
        NOTES,
        "CREATE UNIQUE INDEX i ON notes (body); CREATE TABLE child (note REFERENCES notes (body));",
        "CREATE TABLE apart (id INTEGER PRIMARY KEY)",
        "DROP INDEX i",
    ]);
    assert!(text.contains("[M124]") && text.contains("0004_m.sql"), "{text}");
}

#[test]
fn what_is_allowed_is_not_reported() {
    let allowed =
        "-- migrate: allow(broken_reference) the application makes it\nCREATE VIEW v AS SELECT * FROM made_later";
    assert!(codes(&[NOTES, allowed, "CREATE TABLE apart (id INTEGER PRIMARY KEY)"]).is_empty());
}
