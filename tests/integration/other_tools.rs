//! Databases that other tools have made, and directories that were written for them.
//!
//! `tests/tools/make.sh` has let each tool make the databases; with the variable `DEVILMCP_MIGRATE_TOOLS` set it is done anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Action, Error, ErrorKind, Report, Status};
use tempfile::TempDir;

use crate::programs::{
    tool_alembic, tool_dbmate, tool_diesel, tool_goose, tool_refinery, tool_rusqlite_migration, tool_sea_orm,
    tool_sqlx, tool_sqlx_simple,
};
use crate::support::{Database, author, cells, column, integer, schema, tables, texts};

/// A program whose migrations another tool has applied so far.
struct Tool {
    name: &'static str,
    /// Where it keeps account, if that is a table.
    table: &'static str,
    upgrade: fn(&mut Connection) -> Result<Report, Error>,
    status: fn(&Connection) -> Status,
    fresh: fn() -> Connection,
}

macro_rules! tool {
    ($name:literal, $table:literal, $program:ident) => {
        Tool {
            name: $name,
            table: $table,
            upgrade: |conn| $program::MIGRATIONS.upgrade(conn),
            status: |conn| $program::MIGRATIONS.status(conn).unwrap(),
            fresh: || $program::MIGRATIONS.open_in_memory().unwrap(),
        }
    };
}

const TOOLS: [Tool; 9] = [
    tool!("refinery", "refinery_schema_history", tool_refinery),
    tool!("sqlx", "_sqlx_migrations", tool_sqlx),
    tool!("sqlx_simple", "_sqlx_migrations", tool_sqlx_simple),
    tool!("diesel", "__diesel_schema_migrations", tool_diesel),
    tool!("rusqlite_migration", "", tool_rusqlite_migration),
    tool!("alembic", "alembic_version", tool_alembic),
    tool!("sea_orm", "seaql_migrations", tool_sea_orm),
    tool!("dbmate", "schema_migrations", tool_dbmate),
    tool!("goose", "goose_db_version", tool_goose),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tools")
}

/// Where the databases are that the tools have made.
fn made() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        if std::env::var_os("DEVILMCP_MIGRATE_TOOLS").is_none() {
            return fixtures();
        }
        let folder = TempDir::new().unwrap().keep();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/make.sh");
        assert!(Command::new(script).arg(&folder).status().unwrap().success());
        folder
    })
}

impl Tool {
    /// A copy of a database that it has made: `applied`, or `partly`.
    fn database(&self, state: &str) -> Database {
        let database = Database::new();
        fs::copy(made().join(self.name).join(state).with_extension("db"), database.path()).unwrap();
        database
    }

    fn named(name: &str) -> &'static Self {
        TOOLS.iter().find(|tool| tool.name == name).unwrap()
    }
}

fn actions(report: &Report) -> Vec<Action> {
    report.done().iter().map(devilmcp_migrate::Done::action).collect()
}

/// The objects of a database, but for accounts.
fn objects(conn: &Connection, tool: &Tool) -> Vec<String> {
    let is_account =
        |text: &String| text.contains("_devilmcp_migrations") || (!tool.table.is_empty() && text.contains(tool.table));
    // Of its own AUTOINCREMENT a tool leaves the counters.
    let is_counters = |text: &String| text.starts_with("table sqlite_sequence ");
    texts(conn).into_iter().filter(|text| !is_account(text) && !is_counters(text)).collect()
}

#[test]
fn what_a_tool_has_applied_counts_as_applied() {
    use Action::{Adopt, Apply};
    for tool in &TOOLS {
        for (state, expected) in [("applied", [Adopt; 4]), ("partly", [Adopt, Adopt, Apply, Apply])] {
            let database = tool.database(state);
            let mut conn = database.open();
            let known = tables(&conn);
            let before = (cells(&conn, &known), integer(&conn, "PRAGMA user_version"));
            assert!(before.0.len() >= 5, "{} {state}: {before:?}", tool.name);

            let report = (tool.upgrade)(&mut conn).unwrap_or_else(|error| panic!("{} {state}: {error}", tool.name));
            assert_eq!(actions(&report), expected, "{} {state}", tool.name);
            assert!(report.drift().is_empty(), "{} {state}: {:?}", tool.name, report.drift());
            assert_eq!(objects(&conn, tool), objects(&(tool.fresh)(), tool), "{} {state}", tool.name);

            assert_eq!(cells(&conn, &known), before.0, "{} {state}: rows and account stay", tool.name);
            if tool.table.is_empty() {
                assert_eq!(integer(&conn, "PRAGMA user_version"), before.1, "{state}");
            }
        }
    }
}

#[test]
fn from_then_on_a_start_changes_nothing() {
    for tool in &TOOLS {
        let database = tool.database("partly");
        (tool.upgrade)(&mut database.open()).unwrap();
        let before = database.bytes();
        let report = (tool.upgrade)(&mut database.open()).unwrap();
        assert!(report.is_noop() && report.drift().is_empty(), "{}: {report:?}", tool.name);
        assert!((tool.status)(&database.open()).is_latest(), "{}", tool.name);
        assert!(database.bytes() == before, "{}", tool.name);
    }
}

#[test]
fn a_new_database_knows_of_no_tool() {
    for tool in &TOOLS {
        let database = Database::new();
        let mut conn = database.open();
        let report = (tool.upgrade)(&mut conn).unwrap();
        assert_eq!(actions(&report), [Action::Apply; 4], "{}", tool.name);
        assert_eq!(schema(&conn), schema(&(tool.fresh)()), "{}", tool.name);
    }
}

#[test]
fn a_tool_that_has_applied_nothing_yet_is_in_nobodys_way() {
    for tool in TOOLS.iter().filter(|tool| !tool.table.is_empty()) {
        let database = tool.database("applied");
        let mut conn = database.open();
        conn.execute_batch(&format!("DROP TABLE notes; DROP TABLE authors; DELETE FROM {}", tool.table)).unwrap();
        let report = (tool.upgrade)(&mut conn).unwrap();
        assert_eq!(actions(&report), [Action::Apply; 4], "{}", tool.name);
        assert!(report.drift().is_empty(), "{}: {:?}", tool.name, report.drift());
        assert!((tool.status)(&conn).drift().is_empty(), "{}", tool.name);
    }
}

/// What an upgrade says, which leaves everything as it was.
fn refusal(tool: &Tool, database: &Database) -> Error {
    let before = database.bytes();
    let error = (tool.upgrade)(&mut database.open()).unwrap_err();
    assert!((tool.status)(&database.open()).refusal().is_some(), "{}", tool.name);
    assert!(database.bytes() == before, "{}: {error}", tool.name);
    error
}

#[test]
fn an_account_that_the_structure_does_not_bear_out_is_refused() {
    for tool in &TOOLS {
        for damage in
            ["DROP INDEX notes_author", "ALTER TABLE authors ADD COLUMN x", "DROP TABLE notes; DROP TABLE authors"]
        {
            let database = tool.database("applied");
            database.open().execute_batch(damage).unwrap();
            let error = refusal(tool, &database);
            assert_eq!(error.kind(), ErrorKind::Contradiction, "{}: {error}", tool.name);
            assert!(!error.differences().is_empty(), "{}", tool.name);
        }
    }
}

#[test]
fn a_migration_that_only_the_tool_knows_is_refused() {
    for (name, unknown) in [
        ("refinery", "INSERT INTO refinery_schema_history VALUES (8, 'more', '', '1')"),
        (
            "sqlx",
            "INSERT INTO _sqlx_migrations SELECT 20991231000000, '', installed_on, 1, checksum, 0 FROM _sqlx_migrations LIMIT 1",
        ),
        ("diesel", "INSERT INTO __diesel_schema_migrations VALUES ('20991231000000', '')"),
        ("rusqlite_migration", "PRAGMA user_version = 5"),
        ("alembic", "UPDATE alembic_version SET version_num = '005'"),
        ("sea_orm", "INSERT INTO seaql_migrations VALUES ('m20991231_000000_more', 0)"),
        ("dbmate", "INSERT INTO schema_migrations VALUES ('20991231000000')"),
    ] {
        let tool = Tool::named(name);
        let database = tool.database("applied");
        database.open().execute_batch(unknown).unwrap();
        let error = refusal(tool, &database);
        assert_eq!(error.kind(), ErrorKind::UnknownRevision, "{name}: {error}");
    }
}

#[test]
fn a_migration_that_was_left_out_is_refused() {
    for (name, gap) in [
        ("refinery", "DELETE FROM refinery_schema_history WHERE version = 2"),
        ("sqlx", "DELETE FROM _sqlx_migrations WHERE version = 20250103120000"),
        ("diesel", "DELETE FROM __diesel_schema_migrations WHERE version = '20250103120000'"),
        ("sea_orm", "DELETE FROM seaql_migrations WHERE version LIKE '%create_notes'"),
        ("dbmate", "DELETE FROM schema_migrations WHERE version = '20250103120000'"),
    ] {
        let tool = Tool::named(name);
        let database = tool.database("applied");
        database.open().execute_batch(gap).unwrap();
        let error = refusal(tool, &database);
        assert_eq!(error.kind(), ErrorKind::OtherTool, "{name}: {error}");
        assert!(error.to_string().contains("_create_notes"), "{name}: {error}");
    }
}

/// What a message says in backticks.
fn remedies(error: &Error) -> Vec<String> {
    error.to_string().split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_text_that_has_changed_since_is_refused_with_a_way_out() {
    for (name, change, file) in [
        ("refinery", "UPDATE refinery_schema_history SET checksum = '7' WHERE version = 5", "V5__count_notes.sql"),
        ("sqlx", "UPDATE _sqlx_migrations SET checksum = x'07' WHERE version = 20250301000000", "AddPinned.up.sql"),
    ] {
        let tool = Tool::named(name);
        let database = tool.database("applied");
        let account = cells(&database.open(), &tables(&database.open()));
        database.open().execute_batch(change).unwrap();
        let error = refusal(tool, &database);
        assert_eq!(error.kind(), ErrorKind::OtherTool, "{name}: {error}");
        assert!(error.to_string().contains(file), "{name}: {error}");
        database.open().execute_batch(&remedies(&error)[0]).unwrap();
        assert_eq!(cells(&database.open(), &tables(&database.open())), account, "{name}: as the tool writes it");
        (tool.upgrade)(&mut database.open()).unwrap();
    }
}

#[test]
fn a_migration_that_was_begun_and_not_ended_is_refused_with_two_ways_out() {
    let tool = Tool::named("sqlx");
    let half = "UPDATE _sqlx_migrations SET success = 0 WHERE version = 20250301000000";
    for (way_out, undo, last) in [(0, "", Action::Adopt), (1, "ALTER TABLE notes DROP COLUMN pinned", Action::Apply)] {
        let database = tool.database("applied");
        database.open().execute_batch(half).unwrap();
        let error = refusal(tool, &database);
        assert_eq!(error.kind(), ErrorKind::OtherTool, "{error}");
        database.open().execute_batch(undo).unwrap();
        database.open().execute_batch(&remedies(&error)[way_out]).unwrap();
        let report = (tool.upgrade)(&mut database.open()).unwrap();
        assert_eq!(actions(&report).last(), Some(&last));
    }
}

#[test]
fn what_is_no_account_is_refused() {
    for (name, damage) in [
        (
            "sqlx",
            "DROP TABLE _sqlx_migrations; CREATE VIEW _sqlx_migrations AS SELECT 1 AS version, 1 AS success, x'' AS checksum",
        ),
        (
            "refinery",
            "DROP TABLE refinery_schema_history; CREATE VIRTUAL TABLE refinery_schema_history USING fts5(version, checksum)",
        ),
        ("diesel", "DROP TABLE __diesel_schema_migrations; CREATE TABLE __diesel_schema_migrations (a)"),
        ("dbmate", "DROP TABLE schema_migrations; CREATE TABLE schema_migrations (a, version AS (zeroblob(a)))"),
        (
            "sea_orm",
            "DROP TABLE seaql_migrations; CREATE TABLE seaql_migrations (version); INSERT INTO seaql_migrations VALUES (NULL)",
        ),
    ] {
        let tool = Tool::named(name);
        let database = tool.database("applied");
        database.open().execute_batch(damage).unwrap();
        let error = refusal(tool, &database);
        assert_eq!(error.kind(), ErrorKind::OtherTool, "{name}: {error}");
    }
}

/// Every error that comes of another tool's account.
pub(crate) fn errors() -> Vec<Error> {
    let damaged = [
        ("sqlx", "UPDATE _sqlx_migrations SET success = 0 WHERE version = 20250301000000"),
        ("refinery", "DELETE FROM refinery_schema_history WHERE version < 3"),
        ("refinery", "UPDATE refinery_schema_history SET checksum = '7' WHERE version = 5"),
        ("diesel", "DROP TABLE __diesel_schema_migrations; CREATE TABLE __diesel_schema_migrations (a)"),
        ("rusqlite_migration", "PRAGMA user_version = 5"),
    ];
    let refused = damaged.into_iter().map(|(name, damage)| {
        let tool = Tool::named(name);
        let database = tool.database("applied");
        database.open().execute_batch(damage).unwrap();
        refusal(tool, &database)
    });
    refused.collect()
}

#[test]
fn a_migration_that_a_tool_has_applied_can_be_undone_if_somebody_insists() {
    let database = Tool::named("sqlx").database("applied");
    let mut conn = database.open();
    tool_sqlx::MIGRATIONS.upgrade(&mut conn).unwrap();
    let down = tool_sqlx::Version::V20250103120000CreateNotes;
    let error = tool_sqlx::MIGRATIONS.downgrade_to(&mut conn, down).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BelowBaseline);
    tool_sqlx::MIGRATIONS.migrator().allow_below_baseline().downgrade_to(&mut conn, down).unwrap();
    assert_eq!(column(&conn, "SELECT name FROM pragma_table_info('authors')"), ["id", "name"]);
    tool_sqlx::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert!(tool_sqlx::MIGRATIONS.status(&conn).unwrap().is_latest());
}

#[test]
fn goose_has_its_marks() {
    let conn = tool_goose::MIGRATIONS.open_in_memory().unwrap();
    assert_eq!(schema(&conn), schema(&tool_sqlx::MIGRATIONS.open_in_memory().unwrap()));
    let mut conn = conn;
    tool_goose::MIGRATIONS.downgrade_to(&mut conn, tool_goose::Version::V0001CreateAuthors).unwrap();
    assert_eq!(
        column(&conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"),
        ["authors"]
    );
}

#[test]
fn versions_are_called_what_the_tool_calls_them() {
    let names = |versions: &[String]| versions.join(" ");
    let sqlx: Vec<String> = tool_sqlx::Version::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(
        names(&sqlx),
        "20250102030405_create_authors 20250103120000_create_notes 20250201080000_count_notes 20250301000000_add_pinned"
    );
    let diesel: Vec<String> = tool_diesel::Version::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(diesel, sqlx, "though Diesel counts one of them");
    let refinery: Vec<String> = tool_refinery::Version::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names(&refinery), "0001_create_authors 0002_create_notes 0005_count_notes 0007_add_pinned");
}

/// The directory of a tool, copied, every text of it changed.
fn copied(tool: &str, change: impl Fn(String) -> String) -> TempDir {
    fn copy(from: &Path, to: &Path, change: &dyn Fn(String) -> String) {
        for entry in fs::read_dir(from).unwrap() {
            let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
            if from.is_dir() {
                fs::create_dir(&to).unwrap();
                copy(&from, &to, change);
            } else {
                fs::write(to, change(fs::read_to_string(from).unwrap())).unwrap();
            }
        }
    }
    let folder = TempDir::new().unwrap();
    copy(&fixtures().join(tool).join("migrations"), folder.path(), &change);
    folder
}

#[test]
fn a_file_is_the_same_however_it_was_checked_out() {
    for tool in ["sqlx", "refinery"] {
        let folder = copied(tool, |text| text.replace('\n', "\r\n"));
        let database = Tool::named(tool).database("applied");
        let output = Command::new(author())
            .args(["--layout", tool, "--dir"])
            .arg(folder.path())
            .args(["upgrade", "--database"])
            .arg(database.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn new_files_are_written_in_our_own_layout_only() {
    let folder = copied("sqlx", |text| text);
    let count = || fs::read_dir(folder.path()).unwrap().count();
    let before = count();
    for verb in [&["new", "-m", "more"][..], &["diff", "-m", "more"], &["squash", "--through", "2"], &["renumber"]] {
        let output =
            Command::new(author()).args(["--layout", "sqlx", "--dir"]).arg(folder.path()).args(verb).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{verb:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("import --from sqlx"), "{output:?}");
    }
    assert_eq!(count(), before);
}

/// The program for authors, on a directory and perhaps a database; what it says, and whether it did as told.
fn author_says(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(author()).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), said.concat())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn an_imported_directory_takes_over_the_same_databases() {
    for (tool, layout) in [
        ("refinery", "refinery"),
        ("sqlx", "sqlx"),
        ("sqlx_simple", "sqlx"),
        ("diesel", "diesel"),
        ("rusqlite_migration", "rusqlite_migration"),
        ("dbmate", "dbmate"),
    ] {
        let folder = TempDir::new().unwrap();
        let (from, into) = (fixtures().join(tool).join("migrations"), folder.path().join("new/migrations"));
        let (done, said) = author_says(&["import", "--from", layout, text(&from), "--into", text(&into)]);
        assert!(done, "{tool}: {said}");
        let (done, said) = author_says(&["check", "--full", "--dir", text(&into)]);
        assert!(done && said.contains("4 of them locked"), "{tool}: {said}");
        for state in ["applied", "partly"] {
            let database = Tool::named(tool).database(state);
            let (done, said) = author_says(&["upgrade", "--dir", text(&into), "--database", text(&database.path())]);
            assert!(done, "{tool} {state}: {said}");
            assert_eq!(said.matches("adopted").count(), if state == "applied" { 4 } else { 2 }, "{said}");
            let is_as_by_layout = (Tool::named(tool).status)(&database.open()).refusal().is_none();
            // Where numbers had gaps there are others now.
            assert_eq!(is_as_by_layout, !["refinery", "sqlx_simple"].contains(&tool), "{tool}");
        }
    }
}

#[test]
fn an_import_goes_on_from_a_directory_that_was_locked_in_part() {
    let folder = copied("sqlx", |text| text);
    for last in ["20250301000000_AddPinned.up.sql", "20250301000000_AddPinned.down.sql"] {
        fs::rename(folder.path().join(last), folder.path().with_extension(last)).unwrap();
    }
    let (done, said) = author_says(&["--layout", "sqlx", "--dir", text(folder.path()), "lock", "--shipped"]);
    assert!(done, "{said}");
    for last in ["20250301000000_AddPinned.up.sql", "20250301000000_AddPinned.down.sql"] {
        fs::rename(folder.path().with_extension(last), folder.path().join(last)).unwrap();
    }
    let into = TempDir::new().unwrap();
    let (done, said) = author_says(&["import", "--from", "sqlx", text(folder.path()), "--into", text(into.path())]);
    assert!(done, "{said}");
    let (done, said) = author_says(&["check", "--dir", text(into.path())]);
    assert!(done && said.contains("4 migrations: they work, 3 of them locked"), "{said}");
}

#[test]
fn an_import_overwrites_nothing_and_leaves_nothing_half_done() {
    let folder = TempDir::new().unwrap();
    let from = fixtures().join("sqlx/migrations");
    let keep = folder.path().join("README.md");
    fs::write(&keep, "mine").unwrap();
    let (done, said) = author_says(&["import", "--from", "sqlx", text(&from), "--into", text(folder.path())]);
    assert!(!done && said.contains("there is something in"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    // A mark in a text is a mark to goose, too; what is left without it is another text.
    let wrong = folder.path().join("wrong");
    fs::create_dir(&wrong).unwrap();
    let insert = "INSERT INTO a VALUES ('\n-- +goose StatementBegin\n');\n-- +goose StatementEnd\n";
    fs::write(wrong.join("1_a.sql"), format!("-- +goose Up\nCREATE TABLE a (b TEXT);\n{insert}")).unwrap();
    let into = folder.path().join("new/deeper");
    let (done, said) = author_says(&["import", "--from", "goose", text(&wrong), "--into", text(&into)]);
    assert!(!done && said.contains("what would be written is not what is there"), "{said}");
    assert!(!folder.path().join("new").exists());
}
