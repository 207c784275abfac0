//! `history -v`: what each migration has changed, from the migrations or from what a database keeps.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::authoring::run;
use crate::command_line::applied_by_a_newer_program;
use crate::drawing::library;
use crate::programs::{notes_irreversible, notes_v3};
use crate::site::Site;
use crate::support::Database;

#[test]
fn each_migration_says_what_it_changes() {
    assert_snapshot!(run(library().path(), "history -v").done(), @r"
    VERSION  NAME   WAY BACK
    0001     books  proved
        + table authors (3 columns)
        + table books (6 columns)
        + index books_author ON books (author_id)
        + index books_sequel ON books (sequel_of)
    0002     loans  proved
        ~ authors: - column born INTEGER
        ~ books: + column shelf TEXT
        + table loans (2 columns)
        + virtual table titles (fts5)
        + view lent
        + trigger lend ON loans
    ");
    let plain = run(library().path(), "history").done();
    assert_eq!(plain.lines().count(), 3, "{plain}");
    let answer = run(library().path(), "history -v --json").json(0);
    let second = &answer["migrations"][1];
    assert_eq!(
        (&second["name"], &second["reversible"], &second["unknown"]),
        (&json!("loans"), &json!(true), &Value::Null)
    );
    let shelf = json!({
        "change": "changed", "object": "table", "name": "books", "owner": "books", "message": "~ books: + column shelf TEXT",
    });
    assert_eq!(second["changes"][1], shelf);
    assert_eq!(run(library().path(), "history --json").json(0)["migrations"][0].get("changes"), None);
}

#[test]
fn what_is_renamed_is_not_dropped_and_made() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("migrations")).unwrap();
    let files = [
        ("0001_a.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, y TEXT); CREATE INDEX i ON a (x); CREATE TABLE c (a REFERENCES a)"),
        ("0001_a.down.sql", "DROP TABLE c; DROP TABLE a"),
        ("0002_b.sql", "ALTER TABLE a RENAME TO \"b b\"; ALTER TABLE [b b] RENAME COLUMN x TO z; ALTER TABLE \"b b\" ADD COLUMN w"),
        ("0002_b.down.sql", "ALTER TABLE \"b b\" DROP COLUMN w; ALTER TABLE \"b b\" RENAME z TO x; ALTER TABLE \"b b\" RENAME TO a"),
        (
            "0003_anew.sql",
            "-- migrate: allow(data_loss) nobody wants y
             CREATE TABLE fresh (id INTEGER PRIMARY KEY, z TEXT NOT NULL DEFAULT '', w);
             INSERT INTO fresh SELECT id, ifnull(z, ''), w FROM \"b b\"; DROP TABLE \"b b\"; ALTER TABLE fresh RENAME TO \"b b\";
             CREATE UNIQUE INDEX i ON \"b b\" (id)",
        ),
        (
            "0003_anew.down.sql",
            "CREATE TABLE fresh (id INTEGER PRIMARY KEY, z TEXT, y TEXT, w); INSERT INTO fresh (id, z, w) SELECT id, z, w FROM \"b b\";
             DROP TABLE \"b b\"; ALTER TABLE fresh RENAME TO \"b b\"; CREATE INDEX i ON \"b b\" (z)",
        ),
        ("0004_nothing.sql", "UPDATE \"b b\" SET z = 'a' WHERE id < 0"),
        ("0004_nothing.down.sql", "SELECT 1"),
    ];
    for (name, text) in files {
        fs::write(folder.path().join("migrations").join(name), text.replace("\n             ", "\n")).unwrap();
    }
    let text = run(folder.path(), "history -v").done();
    assert_snapshot!(text, @r#"
    VERSION  NAME     WAY BACK
    0001     a        proved
        + table a (3 columns)
        + table c (1 column)
        + index i ON a (x)
    0002     b        proved
        ~ table a is now "b b"
        ~ "b b": column x is now z
        ~ "b b": + column w untyped
    0003     anew     proved
        ~ "b b": column z is TEXT NOT NULL DEFAULT '', was TEXT
        ~ "b b": - column y TEXT
        ~ index i is UNIQUE INDEX ON b b (id), was INDEX ON b b (z)
    0004     nothing  proved
        the schema is the same
    "#);
    // A database alone knows it, too.
    let database = folder.path().join("test.db").display().to_string();
    run(folder.path(), &format!("upgrade --database {database}")).done();
    let kept = run(folder.path(), &format!("history -v --database {database}")).done();
    assert_eq!(below(&kept), below(&text));
    let known = run(folder.path(), &format!("history -v --dir migrations --database {database}")).done();
    assert_eq!(below(&known), below(&text));
}

#[test]
fn a_database_knows_as_much_as_the_program_that_has_migrated_it() {
    let site = Site::new();
    site.db("upgrade").done();
    let told = site.db("history -v").done();
    assert_eq!(below(&told).len(), 67);
    let alone = run(Path::new("."), &format!("history -v --database {}", site.database().display())).done();
    assert_eq!(below(&alone), below(&told));
    assert_eq!(site.db("history -v --json").json(0)["applied"][3]["changes"].as_array().unwrap().len(), 2);
    // Of a newer program's migration the program itself knows what the database does.
    applied_by_a_newer_program(&site.connect(), "later", "DROP TABLE extra; DROP INDEX ix_tasks_status");
    site.connect().execute_batch("CREATE TABLE extra (a, b)").unwrap();
    let told = site.db("history -v").done();
    assert!(
        told.ends_with("\n    + table extra (2 columns)\n    + index ix_tasks_status ON tasks (status)\n"),
        "{told}"
    );
}

#[test]
fn what_cannot_be_known_is_said_not_to_be() {
    let database = Database::new();
    notes_irreversible::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    let alone = || run(Path::new("."), &format!("history -v --database {}", database.path().display())).done();
    let lines: Vec<String> =
        alone().lines().skip(1).map(|line| line.split("  20").next().unwrap().to_owned()).collect();
    assert_snapshot!(lines.join("\n"), @r"
    0001     create_notes  applied
        not known: what 0002_add_pinned has changed would have to be taken back first
    0002     add_pinned    applied
        not known: what 0003_merge_bodies has changed would have to be taken back first
    0003     merge_bodies  applied
        not known: the database keeps no way back for it
    0004     add_labels    applied
        + table labels (1 column)
    ");
    // What somebody has done by hand may stand in the way.
    let drifted = Database::new();
    notes_v3::MIGRATIONS.upgrade(&mut drifted.open()).unwrap();
    drifted.open().execute_batch("DROP TABLE notes").unwrap();
    let told = run(Path::new("."), &format!("history -v --database {}", drifted.path().display())).done();
    assert!(told.contains("    not known: its way back does not run on a copy of the schema: "), "{told}");
}

#[test]
fn a_way_back_that_an_enemy_has_written_does_nothing_and_ends() {
    let folder = TempDir::new().unwrap();
    let other = folder.path().join("other.db");
    for (down, reason) in [
        (format!("ATTACH '{}' AS o; CREATE TABLE o.t (a)", other.display()), "its way back is none that may be run"),
        (
            "WITH RECURSIVE n AS (SELECT 1 UNION ALL SELECT * FROM n) SELECT count(*) FROM n".to_owned(),
            "its way back does not run on a copy of the schema: interrupted",
        ),
    ] {
        let site = Site::new();
        site.db("upgrade").done();
        applied_by_a_newer_program(&site.connect(), "later", &down);
        let told = site.db("history -v").done();
        assert!(told.ends_with(&format!("\n    not known: {reason}\n")), "{told}");
        assert!(!other.exists());
    }
}

/// What stands below the migrations.
fn below(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("    ")).collect()
}
