//! The way that a change goes: declared, refused by the compiler, written, compiled, deployed, and taken back. With real builds.

use std::fs;
use std::path::Path;
use std::process::Command;

use devilmcp_migrate::rusqlite::Connection;

use crate::authoring;
use crate::project::{Project, library, target};
use crate::support::{Database, column, texts};

#[test]
fn a_change_of_the_declared_schema_comes_to_a_database_that_was_there_before_and_goes_again() {
    let project = tasks();
    assert_eq!(project.cargo("build").status.code(), Some(0));
    let legacy = Database::from_sql(LEGACY);
    let [rows, before] = [column(&legacy.open(), ROWS), texts(&legacy.open())];
    assert_eq!(serve(legacy.path().as_path()), "at 0001_tasks, 1 done: walk/- wash/-");

    // The models change, and the program does not build any more: what is missing is what the error shows.
    project.write("migrations/schema.sql", DECLARED);
    let missing = "ALTER TABLE tasks ADD COLUMN priority INTEGER NOT NULL DEFAULT 3 CHECK (priority > 0);";
    let index = "CREATE INDEX tasks_priority ON tasks (priority, title);";
    let refused = project.cargo("build");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("[M132]"), "{said}");
    assert!(said.contains(missing) && said.contains(index) && said.contains("`devilmcp-migrate diff`"), "{said}");
    assert_eq!(serve(legacy.path().as_path()), "at 0001_tasks, 0 done: walk/- wash/-", "the old program still runs");

    // What it shows is what is written, and with that it builds.
    let written = authoring::run_with(project.path(), &["diff", "-m", "Add priority to tasks"]).done();
    assert!(written.starts_with("written: migrations/0002_add_priority_to_tasks.sql\n"), "{written}");
    let up = fs::read_to_string(project.path().join("migrations/0002_add_priority_to_tasks.sql")).unwrap();
    assert_eq!(up, format!("{missing}\n\n{index}\n"));
    let built = project.cargo("build");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));

    // It upgrades the database, and a new one to the same.
    assert_eq!(serve(legacy.path().as_path()), "at 0002_add_priority_to_tasks, 1 done: walk/3 wash/3");
    let fresh = Database::new();
    assert_eq!(serve(fresh.path().as_path()), "at 0002_add_priority_to_tasks, 2 done: ");
    let structure = |database: &Database| devilmcp_migrate_core::schema::Schema::read(&database.open()).unwrap();
    assert_eq!(structure(&legacy), structure(&fresh));
    let told = authoring::run(project.path(), &format!("check --database {}", legacy.path().display()));
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);

    // And back: with the same tool, which needs no more than the database.
    authoring::run(legacy.path().parent().unwrap(), "downgrade tasks --database test.db").done();
    assert_eq!(column(&legacy.open(), ROWS), rows);
    let after: Vec<String> =
        texts(&legacy.open()).into_iter().filter(|text| !text.contains("_devilmcp_migrations")).collect();
    assert_eq!(after, before);
    assert_eq!(serve(legacy.path().as_path()), "at 0002_add_priority_to_tasks, 1 done: walk/3 wash/3");
}

/// A server that has taken over databases which were there before it.
fn tasks() -> Project {
    let (project, library) = (Project::new(), library());
    project.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"tasks\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             devilmcp-migrate = {{ {library}, features = [\"bundled\"] }}\n\n[build-dependencies]\n\
             devilmcp-migrate = {{ {library} }}\n"
        ),
    );
    project.write("build.rs", "fn main() { devilmcp_migrate::build::watch(\"migrations\"); }");
    project.write("src/main.rs", SERVER);
    let baseline = "-- migrate: baseline\nCREATE TABLE IF NOT EXISTS tasks (\n    id INTEGER PRIMARY KEY,\n    title TEXT NOT NULL\n);\n";
    project.write("migrations/0001_tasks.sql", baseline);
    project.write("migrations/0001_tasks.down.sql", "DROP TABLE tasks;\n");
    project.write("migrations/schema.sql", "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL);\n");
    project
}

/// Starts the program that was built last; with `priority` where the database has it.
fn serve(database: &Path) -> String {
    let output = Command::new(target().join("debug/tasks")).arg(database).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let version = String::from_utf8(output.stdout).unwrap();
    let conn = Connection::open(database).unwrap();
    let has_priority = column(&conn, "SELECT name FROM pragma_table_info('tasks')").contains(&"priority".to_owned());
    let priority = if has_priority { "priority" } else { "'-'" };
    let rows = column(&conn, &format!("SELECT title || '/' || {priority} FROM tasks ORDER BY id"));
    format!("{}: {}", version.trim_end(), rows.join(" "))
}

const SERVER: &str = r#"
use devilmcp_migrate::rusqlite::Connection;

devilmcp_migrate::migrations!("migrations");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut conn = Connection::open(std::env::args().nth(1).ok_or("no database")?)?;
    let report = MIGRATIONS.upgrade(&mut conn)?;
    let version = MIGRATIONS.version(&conn)?.ok_or("no version")?;
    println!("at {version}, {} done", report.done().len());
    Ok(())
}
"#;

const LEGACY: &str = "CREATE TABLE tasks (\n    id INTEGER PRIMARY KEY,\n    title TEXT NOT NULL\n);
    INSERT INTO tasks VALUES (7, 'walk'), (40, 'wash');";

const ROWS: &str = "SELECT id || ' ' || title FROM tasks ORDER BY id";

const DECLARED: &str = "CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 3 CHECK (priority > 0)
);
CREATE INDEX tasks_priority ON tasks (priority, title);
";
