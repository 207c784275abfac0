//! The program `devilmcp-migrate` on a database: with what that keeps and nothing else, or with the migrations of a directory.

use std::fs;
use std::path::Path;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Migrations, Versioned};
use serde_json::{Value, json};

use crate::authoring::run;
use crate::programs::{alembic, alone, enforced, notes_irreversible, notes_v1, notes_v3};
use crate::site::{Run, Site};
use crate::support::{Database, column, integer, schema};

#[test]
fn a_database_says_where_it_stands_and_how_it_came_there() {
    let database = migrated(&notes_irreversible::MIGRATIONS);
    assert_eq!(on(&database, "version").done(), "0004_add_labels\n");
    let status = on(&database, "status").done();
    let last = status.lines().last().unwrap();
    assert_eq!(last, "can be taken back to 0003_merge_bodies, which is irreversible");
    assert_eq!(status.lines().count(), 6, "{status}");
    let history = on(&database, "history").done();
    let ends: Vec<&str> = history.lines().map(|line| line.rsplit("  ").next().unwrap()).collect();
    assert_eq!(ends, ["WAY BACK", "stored", "stored", "none", "stored"], "{history}");

    let version = on(&database, "version --json").json(0);
    assert_eq!(version, json!({ "version": 4, "name": "add_labels", "latest": null }));
    let status = on(&database, "status --json").json(0);
    assert_eq!((&status["back_to"], &status["refusal"], &status["claim"]), (&json!(3), &Value::Null, &Value::Null));
    let history = on(&database, "--json history").json(0);
    assert_eq!(history["applied"], status["applied"]);
    let third = &history["applied"][2];
    assert_eq!((&third["name"], &third["reversible"]), (&json!("merge_bodies"), &json!(false)));
    assert_eq!((&third["adopted"], &third["app_version"]), (&json!(false), &json!(env!("CARGO_PKG_VERSION"))));
    assert!(third["duration_us"].is_i64() && third["applied_at"].as_str().is_some_and(|when| when.ends_with('Z')));
}

#[test]
fn a_database_that_was_never_migrated_says_so() {
    let database = Database::from_sql("CREATE TABLE other (a)");
    assert_eq!(on(&database, "version").done(), "none\n");
    for verb in ["status", "history"] {
        assert_eq!(on(&database, verb).done(), "no migration was applied\n", "{verb}");
    }
    assert_eq!(on(&database, "downgrade empty").done(), "nothing to do: the database is before the first migration\n");
}

#[test]
fn it_is_taken_back_by_what_it_keeps() {
    let database = migrated(&notes_v3::MIGRATIONS);
    database.open().execute_batch("INSERT INTO notes (body, pinned) VALUES ('kept', 1)").unwrap();
    let before = database.bytes();
    let plan = on(&database, "downgrade 0001_create_notes --dry-run").done_with(3);
    assert!(
        plan.ends_with("dry run: nothing was changed; afterwards, the database is at 0001_create_notes\n"),
        "{plan}"
    );
    assert!(database.bytes() == before);
    for target in ["2", "add_pinned", "0002_add_pinned"] {
        let undone = on(&database, &format!("downgrade {target}")).done();
        assert!(undone.ends_with("the database is at 0002_add_pinned\n"), "{undone}");
    }
    let report = on(&database, "downgrade create_notes --json").json(0);
    assert_eq!(
        (&report["from"], &report["to"], &report["done"][0]["action"]),
        (&json!(2), &json!(1), &json!("reverted"))
    );
    let conn = database.open();
    assert_eq!(schema(&conn), schema(&notes_v1::MIGRATIONS.open_in_memory().unwrap()));
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["kept"]);
    // The program goes on from there as if it had done it.
    let report = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert_eq!((report.done().len(), report.drift().len()), (2, 0));
    on(&database, "downgrade empty").done();
    assert_eq!(column(&database.open(), "SELECT name FROM sqlite_schema"), [""; 0]);
    assert_eq!(integer(&database.open(), "PRAGMA user_version"), 0);
}

#[test]
fn each_way_back_is_gone_in_the_mode_that_it_was_stored_with() {
    let database = migrated(&alone::MIGRATIONS);
    on(&database, "downgrade logs").done();
    let conn = database.open();
    assert_eq!((integer(&conn, "PRAGMA page_size"), integer(&conn, "PRAGMA auto_vacuum")), (4096, 0));
    assert_eq!(column(&conn, "PRAGMA journal_mode"), ["delete"]);

    let database = migrated(&enforced::MIGRATIONS);
    let families = "INSERT INTO parents (id, name) VALUES (1, 'ann'), (2, 'nobody');
        INSERT INTO children (parent, name) VALUES (1, 'bob'), (2, 'eve');";
    database.open().execute_batch(families).unwrap();
    on(&database, "downgrade 2").done();
    assert_eq!(column(&database.open(), "SELECT name FROM children"), ["bob"]);
}

#[test]
fn what_cannot_be_taken_back_is_refused_and_nothing_happens() {
    let database = migrated(&notes_irreversible::MIGRATIONS);
    let before = database.bytes();
    assert_eq!(on(&database, "downgrade 1").refused(), "error: 0003_merge_bodies is irreversible\n");
    assert!(on(&database, "downgrade 5").stderr.contains("there are 0001_create_notes to 0004_add_labels"));
    assert_eq!(on(&database, "downgrade 5").code, 2);
    assert!(database.bytes() == before);

    let adopted = Database::from_sql("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, fax TEXT)");
    alembic::MIGRATIONS.upgrade(&mut adopted.open()).unwrap();
    assert!(on(&adopted, "downgrade empty").refused().contains("was adopted"));
    assert!(on(&adopted, "status").done().contains("can be taken back to 0001_create_users, which was adopted"));
    on(&adopted, "downgrade empty --force").done();
    assert_eq!(column(&adopted.open(), "SELECT name FROM sqlite_schema"), [""; 0]);
}

#[test]
fn a_stored_way_back_reaches_nothing_but_its_database() {
    for down in ["ATTACH 'made.db' AS made", "VACUUM INTO 'made.db'", "SELECT load_extension('evil')", "COMMIT"] {
        for down in [down.to_owned(), format!("-- migrate: no_transaction\n{down}")] {
            let database = migrated(&notes_v3::MIGRATIONS);
            database.open().execute("UPDATE _devilmcp_migrations SET down = ?1 WHERE version = 3", [&down]).unwrap();
            let refused = on(&database, "downgrade 2").refused();
            assert!(refused.contains("a migration must not "), "{refused}");
            assert_eq!(fs::read_dir(folder(&database)).unwrap().count(), 1, "{down}");
            assert_eq!(on(&database, "version").done(), "0003_unique_bodies\n");
        }
    }
}

#[test]
fn what_was_interrupted_is_resolved_without_its_migration() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let claim = "CREATE TABLE _devilmcp_migrations_claim AS SELECT x'00' AS token, 'apply' AS action, 4711 AS process,
            '2026-01-01T00:00:00.000Z' AS since, version, name, digest, history, down, app_version
            FROM _devilmcp_migrations WHERE version = 3;
        DELETE FROM _devilmcp_migrations WHERE version = 3;";
    database.open().execute_batch(claim).unwrap();
    assert!(on(&database, "status").done_with(3).contains("0003_unique_bodies was begun outside of a transaction"));
    assert_eq!(on(&database, "resolve --applied").done(), "resolved: the database is at 0003_unique_bodies\n");
    assert_eq!(on(&database, "downgrade 1").code, 0);
}

#[test]
fn a_file_that_is_not_there_is_neither_made_nor_taken_for_an_empty_database() {
    let database = Database::new();
    for verb in ["version", "status", "history", "check", "downgrade empty", "resolve --applied"] {
        let refused = on(&database, verb).refused();
        assert_eq!(refused, format!("error: there is no database {}\n", database.path().display()), "{verb}");
    }
    assert!(!database.path().exists());
    fs::write(database.path(), "Dear diary, ".repeat(99)).unwrap();
    for verb in ["version", "status", "history", "check", "downgrade empty"] {
        assert!(on(&database, verb).refused().contains("not an SQLite database"), "{verb}");
    }
}

#[test]
fn a_directory_serves_as_a_program_would() {
    let database = Database::new();
    let v3 = format!("--dir {}", fixture("notes_v3"));
    let v1 = format!("--dir {}", fixture("notes_v1"));
    assert_eq!(on(&database, &format!("upgrade --dry-run {v3}")).code, 3);
    assert!(!database.path().exists());
    assert!(on(&database, &format!("upgrade 2 {v3}")).done().ends_with("the database is at 0002_add_pinned\n"));
    assert_eq!(on(&database, &format!("status {v3} --json")).json(3)["pending"][0]["name"], "unique_bodies");
    on(&database, &format!("upgrade {v3}")).done();
    assert!(on(&database, &format!("status {v3}")).done().ends_with("\nup to date\n"));
    // And so the program itself finds it.
    let report = notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert!(report.is_noop() && report.drift().is_empty());

    assert!(on(&database, &format!("upgrade {v1}")).refused().contains("newer than this program"));
    on(&database, &format!("downgrade 0001 {v1}")).done();
    assert!(on(&database, &format!("status {v1}")).done().ends_with("\nup to date\n"));

    database.open().execute_batch("CREATE INDEX by_hand ON notes (body)").unwrap();
    let status = on(&database, &format!("status {v1} --json")).json(3);
    assert_eq!(status["drift"][0]["found"], "INDEX ON notes (body)");
}

#[test]
fn a_directory_that_does_not_build_touches_no_database() {
    let database = Database::new();
    let migrations = folder(&database).join("migrations");
    fs::create_dir(&migrations).unwrap();
    fs::write(migrations.join("0001_notes.sql"), "CREATE TABLE notes (id INTEGER PRIMARY KEY)").unwrap();
    fs::write(migrations.join("0001_notes.down.sql"), "SELECT 1").unwrap();
    // As for `check`, the directory need not be named.
    let refused = run(folder(&database), "upgrade --database test.db").refused();
    assert!(refused.contains("[M107]") && refused.contains("the database was not touched"), "{refused}");
    assert!(!database.path().exists());
    fs::write(migrations.join("0001_notes.down.sql"), "DROP TABLE notes").unwrap();
    run(folder(&database), "upgrade --database test.db").done();
    assert_eq!(run(folder(&database), "version --database test.db").done(), "0001_notes\n");
}

#[test]
fn a_check_tells_what_is_in_order() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let all = "history: in order, the database is at 0003_unique_bodies\nschema: what the migrations make\n\
        foreign keys: in order\nfile: in order\n";
    let dir = format!("check --dir {}", fixture("notes_v3"));
    for verb in ["check", &dir] {
        assert_eq!(on(&database, verb).done(), all);
    }
    // Nobody who knows the migrations has seen it since.
    database.open().execute_batch("VACUUM").unwrap();
    assert_eq!(on(&database, "check --json").json(3)["schema"], "unknown");
    assert_eq!(on(&database, &dir).done(), all);

    database.open().execute_batch("DROP INDEX notes_pinned").unwrap();
    let found = on(&database, &format!("{dir} --json")).json(3);
    assert_eq!((&found["in_order"], &found["schema"]), (&json!(false), &json!("drifted")));
    assert_eq!((&found["drift"][0]["name"], &found["history"]), (&json!("notes_pinned"), &Value::Null));
    assert!(
        on(&database, &dir)
            .done_with(3)
            .contains("schema: not what the migrations make:\n  index `notes_pinned` is missing\n")
    );

    let wrong = on(&database, &format!("check --dir {} --json", fixture("notes_edited"))).json(3);
    assert_eq!((&wrong["history"]["kind"], &wrong["schema"]), (&json!("Edited"), &json!("unknown")));
    database.open().execute_batch("UPDATE _devilmcp_migrations SET name = 'other' WHERE version = 2").unwrap();
    assert_eq!(on(&database, "check --json").json(3)["history"]["kind"], "History");
}

#[test]
fn a_check_names_rows_whose_foreign_keys_point_at_nothing() {
    let database = migrated(&enforced::MIGRATIONS);
    let orphan = "PRAGMA foreign_keys = OFF; INSERT INTO children (id, parent, name) VALUES (7, 99, 'ann')";
    database.open().execute_batch(orphan).unwrap();
    let found = on(&database, "check --json").json(3);
    let violation = &found["violations"][0];
    assert_eq!(
        (&violation["table"], &violation["row"], &violation["parent"]),
        (&json!("children"), &json!(7), &json!("parents"))
    );
    let text = on(&database, "check").done_with(3);
    let line = "foreign keys: not in order:\n  children: the row with parent = 99 (rowid 7) has no parent in parents\n";
    assert!(text.contains(line), "{text}");

    let unchecked = Database::from_sql(
        "PRAGMA foreign_keys = OFF; CREATE TABLE p (a); CREATE TABLE c (a REFERENCES p (a)); INSERT INTO c VALUES (1)",
    );
    assert_eq!(on(&unchecked, "check --json").json(3)["mismatches"].as_array().unwrap().len(), 1);
}

#[test]
fn a_check_finds_damage_in_the_file() {
    let database = migrated(&notes_v3::MIGRATIONS);
    let edit = |from: &str, to: &str| {
        let sql = format!(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '{from}', '{to}') WHERE name = 'notes'"
        );
        database.open().execute_batch(&sql).unwrap();
    };
    edit("body TEXT NOT NULL", "body TEXT");
    database.open().execute_batch("INSERT INTO notes (body) VALUES (NULL)").unwrap();
    edit("body TEXT", "body TEXT NOT NULL");
    let found = on(&database, "check --json").json(3);
    assert_eq!((&found["damage"], &found["schema"]), (&json!(["NULL value in notes.body"]), &json!("as migrated")));
    assert!(on(&database, "check").done_with(3).ends_with("file: damaged:\n  NULL value in notes.body\n"));
}

#[test]
fn a_program_that_embeds_the_verbs_has_these_two() {
    let site = Site::new();
    let none = "history: in order, the database is before the first migration\nschema: no migration was applied\n\
        foreign keys: in order\nfile: in order\n";
    assert_eq!(site.db("check").done(), none);
    assert!(!site.storage().exists());
    site.db("upgrade").done();
    assert_eq!(site.db("history").done().lines().count(), 13);
    site.connect().execute_batch("CREATE INDEX by_hand ON tasks (id, status)").unwrap();
    let found = site.db("check --json").json(3);
    assert_eq!((&found["schema"], &found["drift"][0]["object"]), (&json!("drifted"), &json!("index")));
}

fn on(database: &Database, call: &str) -> Run {
    run(folder(database), &format!("{call} --database {}", database.path().display()))
}

fn migrated<V: Versioned>(migrations: &Migrations<V>) -> Database {
    let database = Database::new();
    migrations.upgrade(&mut Connection::open(database.path()).unwrap()).unwrap();
    database
}

fn folder(database: &Database) -> &'static Path {
    Box::leak(database.path().parent().unwrap().into())
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}
