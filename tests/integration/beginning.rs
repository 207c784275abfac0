//! `devilmcp-migrate init`: a crate that has no migrations yet, and a database that was there before.

use std::fs;
use std::path::Path;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::diff::differences;
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::{Key, Kind};
use serde_json::Value;
use tempfile::TempDir;

use crate::authoring::run_with;
use crate::project::{Project, library};
use crate::support::{cells, database_from_dump, legacy, schema, tables};

const MANIFEST: &str = "[package]\nname = \"begun\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n";

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_crate_begins_with_a_declared_schema_and_nothing_is_overwritten() {
    let made = TempDir::new().unwrap();
    let run = |arguments: &[&str]| run_with(made.path(), arguments);
    fs::write(made.path().join("Cargo.toml"), MANIFEST).unwrap();
    let said = run(&["init", "--dir", "db/migrations"]).done();
    assert_eq!(
        said,
        "written: db/migrations/schema.sql\nwritten: build.rs\nstill to be written, where they are not:\n  \
         Cargo.toml, [dependencies]: devilmcp-migrate = { version = \"0.1\", features = [\"bundled\"] }\n  \
         src/main.rs or src/lib.rs: devilmcp_migrate::migrations!(\"db/migrations\");\n\
         then put CREATE statements into schema.sql, and `devilmcp-migrate diff -m \"first tables\"` writes the migration\n"
    );
    let build = "fn main() {\n    println!(\"cargo::rerun-if-changed=db/migrations\");\n}\n";
    assert_eq!(fs::read_to_string(made.path().join("build.rs")).unwrap(), build);
    let path = made.path().join("db/migrations/schema.sql");
    let declared = fs::read_to_string(&path).unwrap() + "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n";
    fs::write(&path, &declared).unwrap();
    fs::write(made.path().join("build.rs"), "fn main() {}\n").unwrap();
    let said = run(&["init", "--dir", "db/migrations"]).done();
    assert!(said.starts_with("nothing to write: db/migrations is there\n"), "{said}");
    assert!(said.contains("  build.rs, in main: println!(\"cargo::rerun-if-changed=db/migrations\");\n"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), declared);
    assert_eq!(fs::read_to_string(made.path().join("build.rs")).unwrap(), "fn main() {}\n");
    run(&["diff", "--dir", "db/migrations", "-m", "first tables"]).done();
    assert_eq!(run(&["check", "--dir", "db/migrations"]).done(), "1 migration: they work\n");
    // Where no crate is, only the directory is made.
    let bare = TempDir::new().unwrap();
    assert_eq!(run_with(bare.path(), &["init", "--json"]).json(0)["written"][0], "migrations/schema.sql");
    assert_eq!(files(bare.path()), ["migrations"]);
}

#[test]
fn databases_of_the_field_are_adopted_by_a_baseline_made_of_one() {
    for dump in ["alembic_001.sql", "create_all.sql", "create_all_nov.sql", "v2_2.sql"] {
        let made = TempDir::new().unwrap();
        let run = |arguments: &[&str]| run_with(made.path(), arguments);
        let database = made.path().join("legacy.db");
        database_from_dump(&legacy(dump), &database);
        let before = fs::read(&database).unwrap();
        let answer = run(&["init", "--from-database", "legacy.db", "--json"]).json(0);
        assert!(fs::read(&database).unwrap() == before, "{dump}");
        let written = ["0001_baseline.down.sql", "0001_baseline.sql", "schema.sql"];
        assert_eq!(files(&made.path().join("migrations")), written, "{answer}");
        let baseline = fs::read_to_string(made.path().join("migrations/0001_baseline.sql")).unwrap();
        let is_alembic = dump == "alembic_001.sql";
        assert_eq!(baseline.contains("\n-- migrate: revision(alembic, \"001\")\n"), is_alembic);
        assert!(!baseline.contains("alembic_version"));
        assert_eq!(run(&["check"]).done(), "1 migration: they work\n");
        assert_eq!(run(&["diff", "--check"]).code, 0);

        let conn = Connection::open(&database).unwrap();
        let (tables, texts) = (tables(&conn), schema(&conn));
        let rows = cells(&conn, &tables);
        let said = run(&["upgrade", "--database", "legacy.db"]).done();
        assert!(said.lines().nth(1).unwrap().starts_with("0001     baseline  adopted "), "{said}");
        assert_eq!(cells(&conn, &tables), rows, "{dump}");
        let status = run(&["status", "--database", "legacy.db", "--dir", "migrations"]).done();
        assert!(status.ends_with("up to date\n"), "{status}");
        assert_eq!(schema(&conn).0, texts.0);

        // A new one is made the same.
        run(&["upgrade", "--database", "new.db"]).done();
        let new = Connection::open(made.path().join("new.db")).unwrap();
        let mut wanted = texts;
        wanted.0.remove(&Key { kind: Kind::Table, name: Ident::new("alembic_version") });
        assert_eq!(differences(&wanted, &schema(&new)), []);
        run(&["downgrade", "empty", "--database", "new.db"]).done();
        assert_eq!(schema(&new).0.len(), 0);
    }
}

#[test]
fn what_cannot_be_a_baseline_leaves_nothing_behind() {
    let made = TempDir::new().unwrap();
    let run = |arguments: &[&str]| run_with(made.path(), arguments);
    let database = |name: &str, sql: &str| {
        Connection::open(made.path().join(name)).unwrap().execute_batch(sql).unwrap();
    };
    fs::write(made.path().join("letter.db"), "This is a letter, and not a database. ".repeat(40)).unwrap();
    database("empty.db", "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('a')");
    database("broken.db", "CREATE TABLE notes (a); CREATE VIEW v AS SELECT b FROM notes;");
    let missing = "CREATE TABLE notes (a); CREATE VIEW v AS SELECT * FROM missing;
        CREATE TRIGGER t AFTER INSERT ON notes BEGIN INSERT INTO gone VALUES (1); END";
    database("missing.db", missing);
    database(
        "odd.db",
        "CREATE TABLE t (a); CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('a\")')",
    );
    let cases = [
        ("letter.db", "not an SQLite database"),
        ("nowhere.db", "there is no database nowhere.db"),
        ("empty.db", "has nothing in it that a migration could make"),
        ("broken.db", "view `v` cannot be read [M121]"),
        ("broken.db", "correct or drop it there"),
        ("missing.db", "no such table: missing"),
        ("missing.db", "no such table: gone"),
        ("odd.db", "which is no revision"),
    ];
    for (name, reason) in cases {
        let refused = run(&["init", "--from-database", name, "--dir", "deep/migrations"]).refused();
        assert!(refused.contains(reason), "{name}: {refused}");
        assert!(!made.path().join("deep").exists(), "{name}");
    }
    database("good.db", "CREATE TABLE notes (a)");
    run(&["init", "--from-database", "good.db"]).done();
    run(&["upgrade", "--database", "good.db"]).done();
    let again = run(&["init", "--from-database", "good.db"]).refused();
    assert!(again.contains("migrations has migrations or a schema.sql already"), "{again}");
    let migrated = run(&["init", "--from-database", "good.db", "--dir", "other"]).refused();
    assert!(migrated.contains("a history of migrations, up to 0001_baseline"), "{migrated}");
    assert!(!made.path().join("other").exists());
}

#[test]
fn a_program_that_begins_with_a_database_adopts_it() {
    let project = Project::new();
    project.write("Cargo.toml", MANIFEST);
    project.write("src/main.rs", "");
    database_from_dump(&legacy("create_all_nov.sql"), &project.path().join("legacy.db"));
    let answer = run_with(project.path(), &["init", "--from-database", "legacy.db", "--json"]).json(0);
    assert_eq!(answer["written"][3], "build.rs");
    let to_do = |place: &str| {
        let lines = answer["to_do"].as_array().unwrap();
        let line: Option<&Value> = lines.iter().find(|line| line["place"].as_str().unwrap().starts_with(place));
        let text = line.unwrap()["text"].as_str().unwrap();
        text.replace("{ version = \"0.1\"", &format!("{{ {}", library()))
    };
    project.write("Cargo.toml", &format!("{MANIFEST}{}\n", to_do("Cargo.toml, [dependencies]")));
    let program = "fn main() -> Result<(), Box<dyn std::error::Error>> {
        let mut conn = devilmcp_migrate::rusqlite::Connection::open(\"legacy.db\")?;
        let report = MIGRATIONS.upgrade(&mut conn)?;
        println!(\"{:?} {:?}\", report.done()[0].action(), report.drift());
        Ok(())
    }";
    project.write("src/main.rs", &format!("{}\n{program}\n", to_do("src/main.rs")));
    let output = project.cargo("run");
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!([said[0].as_str(), &said[1]], ["Adopt []\n", ""]);
    // All that is to be written is there.
    assert_eq!(run_with(project.path(), &["init", "--json"]).json(0)["to_do"], serde_json::json!([]));
}
