//! `schema`: what is shown of a schema, and in which form.

mod browser;
pub(crate) mod picture;

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::authoring::run;
use crate::site::Site;
use crate::support::Database;
use picture::Picture;

/// A directory with migrations that do each thing that is shown.
pub(crate) fn library() -> TempDir {
    let folder = TempDir::new().unwrap();
    let files = [
        (
            "0001_books.sql",
            "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, born INTEGER);
             CREATE TABLE books (
                 id INTEGER PRIMARY KEY AUTOINCREMENT,
                 author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
                 sequel_of INTEGER REFERENCES books,
                 title TEXT NOT NULL COLLATE NOCASE CHECK (title <> ''),
                 isbn VARCHAR(13) DEFAULT 'none',
                 length INTEGER AS (length(title)) STORED,
                 UNIQUE (author_id, title)
             );
             CREATE INDEX books_sequel ON books (sequel_of);
             CREATE INDEX books_author ON books (author_id);",
        ),
        ("0001_books.down.sql", "DROP TABLE books; DROP TABLE authors;"),
        (
            "0002_loans.sql",
            "-- migrate: allow(data_loss) nobody has asked for it
             CREATE TABLE loans (
                 book_id INTEGER NOT NULL REFERENCES books DEFERRABLE INITIALLY DEFERRED,
                 reader TEXT NOT NULL,
                 PRIMARY KEY (book_id, reader)
             ) STRICT, WITHOUT ROWID;
             ALTER TABLE authors DROP COLUMN born;
             ALTER TABLE books ADD COLUMN shelf TEXT;
             CREATE VIEW lent AS SELECT * FROM books JOIN loans ON loans.book_id = books.id;
             CREATE TRIGGER lend AFTER INSERT ON loans BEGIN SELECT 1; END;
             CREATE VIRTUAL TABLE titles USING fts5(title, content='books', content_rowid='id');",
        ),
        (
            "0002_loans.down.sql",
            "DROP TABLE titles; DROP VIEW lent; DROP TABLE loans; ALTER TABLE books DROP COLUMN shelf; ALTER TABLE authors ADD COLUMN born INTEGER;",
        ),
    ];
    fs::create_dir(folder.path().join("migrations")).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join("migrations").join(name), text.replace("\n             ", "\n")).unwrap();
    }
    folder
}

fn shown(folder: &TempDir, arguments: &str) -> String {
    run(folder.path(), &format!("schema {arguments}")).done()
}

#[test]
fn a_schema_is_shown_as_statements() {
    let library = library();
    let text = shown(&library, "");
    assert_eq!(text, shown(&library, "--format sql --at 0002_loans"));
    assert_snapshot!(text);
    // They make the same again.
    fs::write(library.path().join("migrations/schema.sql"), &text).unwrap();
    assert_eq!(shown(&library, "--declared"), text);
    let conn = Database::from_sql(&text);
    assert_eq!(shown(&library, &format!("--database {}", conn.path().display())), text);
}

#[test]
fn a_schema_is_shown_to_programs() {
    let library = library();
    let text = shown(&library, "--format json");
    assert_eq!(text, shown(&library, "--json"));
    assert_snapshot!(text);
    let before: Value = serde_json::from_str(&shown(&library, "--at 1 --json")).unwrap();
    assert_eq!(before["tables"].as_array().unwrap().len(), 2);
}

#[test]
fn a_schema_is_shown_as_a_diagram_for_others_to_draw() {
    let library = library();
    assert_snapshot!(shown(&library, "--format mermaid --changed-by 2"));
    assert_snapshot!(shown(&library, "--format dot --changed-by 2"));
}

#[test]
fn what_a_migration_changes_is_told_and_drawn() {
    let library = library();
    let answer: Value = serde_json::from_str(&shown(&library, "--changed-by loans --json")).unwrap();
    assert_eq!(answer["title"], "what 0002_loans changes");
    let of = |name: &str| answer["tables"].as_array().unwrap().iter().find(|table| table["name"] == name).unwrap();
    let changes: Vec<&Value> = ["authors", "books", "loans", "titles"].map(|name| &of(name)["change"]).to_vec();
    assert_eq!(changes, ["changed", "changed", "added", "added"]);
    let columns = |name: &str| -> Vec<(Value, Value)> {
        let columns = of(name)["columns"].as_array().unwrap();
        columns.iter().map(|column| (column["name"].clone(), column["change"].clone())).collect()
    };
    assert_eq!(
        columns("authors"),
        [(json!("id"), json!(null)), (json!("name"), json!(null)), (json!("born"), json!("removed"))]
    );
    assert_eq!(columns("books").last().unwrap(), &(json!("shelf"), json!("added")));
    assert_eq!(
        answer["views"][0],
        json!({ "name": "lent", "reads": ["books", "loans"], "sql": "CREATE VIEW lent AS SELECT * FROM books JOIN loans ON loans.book_id = books.id", "change": "added" })
    );

    let svg = shown(&library, "--changed-by 2 --format svg");
    for part in [
        "class=\"table added\" id=\"t2\"",
        "class=\"table changed\" id=\"t0\"",
        "class=\"removed\" x=",
        ">+</text>",
        ">−</text>",
    ] {
        assert!(svg.contains(part), "{part}");
    }
    let first = shown(&library, "--changed-by 1 --format svg");
    assert!(first.matches("<g class=\"table added\"").count() == 2 && !first.contains("loans"));
}

#[test]
fn the_picture_is_the_one_that_was_looked_at() {
    let svg = shown(&library(), "--format svg");
    assert_eq!(Picture::of(&svg).lines.len(), 3);
    assert_snapshot!(svg);
}

#[test]
fn a_picture_needs_nothing_else() {
    let site = Site::new();
    site.db("upgrade").done();
    let picture = site.db("schema --format svg").done();
    assert_eq!(picture.matches("http").count(), 1, "the name of the language, and no address");
    assert!(!picture.contains("<script") && !picture.contains("@import") && !picture.contains("url("));
    assert_eq!(Picture::of(&picture).cards.len(), 26);
}

#[test]
fn the_picture_of_the_readme_is_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let drawn = run(&root, "schema --at 1 --format svg").done();
    let shown = fs::read_to_string(root.join("devilmcp-migrate/examples/devilmcp/schema.svg")).unwrap();
    assert!(
        drawn == shown,
        "devilmcp-migrate schema --at 1 --format svg > devilmcp-migrate/examples/devilmcp/schema.svg"
    );
    assert!(shown.len() < 30 * 1024);
}

#[test]
fn the_program_shows_its_database_and_any_version() {
    let site = Site::new();
    let tables = |arguments: &str| {
        let answer = site.db(&format!("schema --json {arguments}")).json(0);
        (answer["title"].clone(), answer["tables"].as_array().unwrap().len())
    };
    assert_eq!(tables(""), (json!("devilmcp.db"), 0));
    assert!(!site.storage().exists());
    assert_eq!(tables("--at latest"), (json!("0012_file_hashes"), 25));
    site.db("upgrade 2").done();
    site.connect().execute_batch("CREATE TABLE by_hand (a)").unwrap();
    assert_eq!(tables(""), (json!("devilmcp.db"), 17));
    assert_eq!(tables("--at initial_schema"), (json!("0001_initial_schema"), 16));
    assert_eq!(tables("--changed-by 3").0, json!("what 0003_memories_fts changes"));
    let wrong = site.db("schema --at 13");
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("there are 0001_initial_schema to 0012_file_hashes"), "{}", wrong.stderr);
    for wrong in ["--at 1 --changed-by 2", "--format svg --json", "--format png"] {
        assert_eq!(site.db(&format!("schema {wrong}")).code, 2, "{wrong}");
    }
}

#[test]
fn what_cannot_be_shown_is_said_to_be() {
    let library = library();
    let run = |arguments: &str| run(library.path(), &format!("schema {arguments}"));
    assert_eq!(run("--declared").refused(), "error: there is no migrations/schema.sql\n");
    fs::write(library.path().join("migrations/schema.sql"), "CREATE TABEL a (b);").unwrap();
    let refused = run("--declared --format svg").refused();
    assert!(
        refused.contains("migrations/schema.sql:1:8") && refused.ends_with("migrations/schema.sql does not work\n"),
        "{refused}"
    );
    // Whatever is declared, the migrations are what they are.
    assert!(run("--format svg").done().starts_with("<svg "));
    assert_eq!(run("--database nowhere.db").refused(), "error: there is no database nowhere.db\n");
    fs::write(library.path().join("migrations/0003_broken.sql"), "CREATE TABEL a (b);").unwrap();
    fs::write(library.path().join("migrations/0003_broken.down.sql"), "SELECT 1;").unwrap();
    let refused = run("--format svg").refused();
    assert!(refused.contains("0003_broken.sql:1:8"), "{refused}");
    assert!(refused.ends_with("error: the migrations do not work, so nobody knows what they make\n"), "{refused}");
    let answer = run("--json").json(1);
    assert_eq!(answer["problems"][0]["code"], "M101");
}

#[test]
fn names_that_would_be_something_else_are_only_names() {
    let database = hostile();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for format in ["svg", "mermaid", "dot", "html"] {
        let text = run(folder, &format!("schema --database {} --format {format}", database.path().display())).done();
        assert!(!text.contains("<script>alert") && !text.contains("alert(2)</style>"), "{text}");
        let obeyed = |letter: char| letter.is_control() && letter != '\n' || "\u{202e}\u{2066}".contains(letter);
        assert!(!text.contains(obeyed), "{text:?}");
        if format == "svg" {
            assert_eq!(Picture::of(&text).lines.len(), 6);
        }
    }
}

/// Names that try to get out of where they are written.
pub(crate) fn hostile() -> Database {
    let names = include_str!("../../fixtures/hostile_names.sql");
    Database::from_sql(&names.replace("ESC", "\u{1b}").replace("RTL", "\u{202e}").replace("LRI", "\u{2066}"))
}
