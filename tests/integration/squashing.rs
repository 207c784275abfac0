//! Released migrations become one file; databases that have them do not notice, and new ones are the same.

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{ErrorKind, Migrations, Target};
use serde_json::Value;
use tempfile::TempDir;

use crate::authoring;
use crate::checkpoint::rows;
use crate::directory::{Any, program};
use crate::programs::{notes_squashed, notes_v2, notes_v3};
use crate::site::Run;
use crate::support::{Database, column, texts};

/// A crate with a directory of migrations that was released.
pub(crate) struct Crate(TempDir);

impl Crate {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let made = Self(TempDir::new().unwrap());
        fs::create_dir(made.directory()).unwrap();
        for (name, text) in files {
            made.write(name, text);
        }
        made
    }

    pub(crate) fn copy_of(directory: &Path) -> Self {
        let made = Self::with(&[]);
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), made.directory().join(entry.file_name())).unwrap();
        }
        made
    }

    fn devilmcp() -> Self {
        let made = Self::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations"));
        assert_eq!(made.run("lock").code, 0);
        made
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.0.path().join("migrations")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.directory().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.directory().join(name)).unwrap()
    }

    /// Every file with what is in it.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        let names = fs::read_dir(self.directory()).unwrap();
        let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names.into_iter().map(|name| (name.clone(), self.read(&name))).collect()
    }

    pub(crate) fn run(&self, call: &str) -> Run {
        authoring::run(self.0.path(), call)
    }

    fn program(&self) -> Migrations<Any> {
        program(&self.directory())
    }
}

/// What a database says of its past, but for the time.
fn history(conn: &Connection) -> Vec<String> {
    column(conn, "SELECT version || name || hex(digest) || hex(history) || adopted FROM _devilmcp_migrations")
}

/// The texts of everything but the inner tables of virtual ones, which modules write with other quotes after a renaming, and the one for
/// the counters of AUTOINCREMENT, which SQLite leaves there when nothing is counted any more.
fn objects(conn: &Connection) -> Vec<String> {
    let query = "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_master
        WHERE name <> 'sqlite_sequence' AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY type, name";
    column(conn, query)
}

/// Every row, but for the history, and for what modules keep in their own way.
pub(crate) fn contents(conn: &Connection) -> Vec<String> {
    let inner = "SELECT replace(name, '\"', '\"\"') || ':' FROM pragma_table_list WHERE type = 'shadow' OR name LIKE '\\_devilmcp%' ESCAPE '\\'";
    let inner = column(conn, inner);
    let mut rows = rows(conn);
    rows.retain(|row| !inner.iter().any(|table| row.starts_with(table)));
    rows
}

/// What a new release with a squash does to a database at `from` is what the one before it does; or it refuses, and changes nothing.
pub(crate) fn same_for_a_database_at(
    old: &Migrations<Any>,
    new: &Migrations<Any>,
    through: i64,
    from: i64,
) -> Connection {
    let [mut conn, mut other] = [(); 2].map(|()| {
        let mut conn = Connection::open_in_memory().unwrap();
        if from > 0 {
            old.upgrade_to(&mut conn, Any(from)).unwrap();
        }
        conn
    });
    let before = conn.serialize(devilmcp_migrate::rusqlite::MAIN_DB).unwrap().to_vec();
    let upgraded = new.upgrade(&mut conn);
    if (1..through).contains(&from) {
        assert_eq!(upgraded.unwrap_err().kind(), ErrorKind::BeforeSquash);
        assert!(conn.serialize(devilmcp_migrate::rusqlite::MAIN_DB).unwrap().to_vec() == before);
        // The way out that it names.
        old.upgrade_to(&mut conn, Any(through)).unwrap();
        new.upgrade(&mut conn).unwrap();
    } else {
        assert!(upgraded.unwrap().drift().is_empty());
    }
    old.upgrade(&mut other).unwrap();
    assert_eq!(objects(&conn), objects(&other), "from {from}");
    assert_eq!(history(&conn), history(&other), "from {from}");
    let [one, two] = [contents(&conn), contents(&other)];
    let unlike: Vec<&String> = one.iter().chain(&two).filter(|row| !one.contains(row) || !two.contains(row)).collect();
    assert!(one == two, "from {from}: {unlike:#?}");
    // Each release takes it for its own, by the header alone.
    for release in [old, new] {
        assert!(release.upgrade(&mut conn).unwrap().is_noop());
        let status = release.status(&conn).unwrap();
        assert!(status.is_latest() && status.drift().is_empty() && status.is_compared(), "{status:?}");
    }
    conn
}

/// The way back ends where it begins; and only for this release.
fn goes_back(old: &Migrations<Any>, new: &Migrations<Any>, through: i64, mut conn: Connection) {
    let before = history(&conn);
    new.downgrade_to(&mut conn, Any(through)).unwrap();
    assert_eq!(history(&conn), before[..usize::try_from(through).unwrap()]);
    let refused = new.downgrade_to(&mut conn, Target::Empty).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Irreversible, "{refused}");
    new.upgrade(&mut conn).unwrap();
    assert_eq!(history(&conn), before);
    old.downgrade_to(&mut conn, Target::Empty).unwrap();
    assert_eq!(texts(&conn), Vec::<String>::new());
}

#[test]
fn databases_of_devilmcp_go_on_as_before_wherever_it_is_squashed() {
    let old = Crate::devilmcp();
    let before = old.program();
    for through in 2..=12 {
        let new = Crate::copy_of(&old.directory());
        new.run(&format!("squash --through {through}")).done();
        let after = new.program();
        for from in 0..=12 {
            let conn = same_for_a_database_at(&before, &after, through, from);
            goes_back(&before, &after, through, conn);
        }
        assert_eq!(new.run("lock --check").code, 0);
    }
}

#[test]
fn what_was_squashed_is_squashed_again() {
    let old = Crate::devilmcp();
    let new = Crate::copy_of(&old.directory());
    for through in [4, 9, 12] {
        new.run(&format!("squash --through {through}")).done();
    }
    let names: Vec<String> = new.all().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["0012_baseline.sql", "migrations.lock", "schema.sql"]);
    for from in 0..=12 {
        same_for_a_database_at(&old.program(), &new.program(), 12, from);
    }
}

#[test]
fn databases_that_were_there_before_are_adopted_by_the_release_before() {
    let old = Crate::devilmcp();
    let new = Crate::copy_of(&old.directory());
    new.run("squash --through file_hashes").done();
    let (before, after) = (old.program(), new.program());
    for dump in ["alembic_001.sql", "create_all.sql", "create_all_nov.sql", "v2_2.sql"] {
        let database = Database::from_dump(dump);
        let bytes = database.bytes();
        let refused = after.upgrade(&mut database.open()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::BeforeSquash);
        assert!(refused.to_string().contains("existed before and has no history"), "{refused}");
        assert!(database.bytes() == bytes, "{dump}");
        before.upgrade(&mut database.open()).unwrap();
        let bytes = database.bytes();
        assert!(after.upgrade(&mut database.open()).unwrap().is_noop());
        assert!(after.status(&database.open()).unwrap().drift().is_empty());
        assert!(database.bytes() == bytes, "{dump}");
    }
    // Tables of others are none of its business.
    let other = Database::from_sql("CREATE TABLE schema_version (version INTEGER)");
    assert_eq!(after.upgrade(&mut other.open()).unwrap().to(), Some(12));
}

#[test]
fn a_program_that_was_compiled_goes_on_as_before() {
    use notes_squashed::Version;
    let rows = "INSERT INTO notes (body) VALUES ('a'); INSERT INTO labels VALUES ('b')";
    let mut conn = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch(rows).unwrap();
    let report = notes_squashed::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.from(), report.to(), report.done().len()), (Some(3), Some(4), 1));
    let mut fresh = Connection::open_in_memory().unwrap();
    let report = notes_squashed::MIGRATIONS.upgrade(&mut fresh).unwrap();
    assert_eq!((report.from(), report.to(), report.done().len()), (None, Some(4), 2));
    assert_eq!((texts(&fresh), history(&fresh)), (texts(&conn), history(&conn)));
    assert_eq!(notes_squashed::MIGRATIONS.version(&fresh).unwrap(), Some(Version::V0004Colors));
    assert_eq!(column(&conn, "SELECT body FROM notes UNION ALL SELECT name FROM labels"), ["a", "b"]);
    for conn in [&mut fresh, &mut conn] {
        notes_squashed::MIGRATIONS.downgrade_to(conn, Version::V0003Baseline).unwrap();
        // A deployment that is rolled back finds its own history, and can go on from there.
        assert!(notes_v3::MIGRATIONS.upgrade(conn).unwrap().is_noop());
        notes_v3::MIGRATIONS.downgrade_to(conn, notes_v3::Version::V0002AddPinned).unwrap();
        let refused = notes_squashed::MIGRATIONS.upgrade(conn).unwrap_err();
        assert!(refused.to_string().contains("upgrade it to 0003_unique_bodies first"), "{refused}");
        assert!(notes_v2::MIGRATIONS.upgrade(conn).unwrap().is_noop());
    }
}

#[test]
fn a_history_that_is_written_without_a_program_is_the_same() {
    let old = Crate::devilmcp();
    let new = Crate::copy_of(&old.directory());
    new.run("squash --through 5").done();
    let (before, after) = (old.program(), new.program());
    let expected = before.open_in_memory().unwrap();
    let script = Database::from_sql(&new.run("sql --from empty").done());
    let stamped = Database::new();
    before.upgrade(&mut stamped.open()).unwrap();
    stamped.open().execute_batch("DROP TABLE _devilmcp_migrations; PRAGMA user_version = 0").unwrap();
    new.run(&format!("stamp 12 --dir migrations --database {}", stamped.path().display())).done();
    for database in [script, stamped] {
        let mut conn = database.open();
        let found: Vec<String> = history(&conn).iter().map(|row| row[..row.len() - 1].to_owned()).collect();
        let rows: Vec<String> = history(&expected).iter().map(|row| row[..row.len() - 1].to_owned()).collect();
        assert_eq!(found, rows);
        for release in [&before, &after] {
            assert!(release.upgrade(&mut conn).unwrap().is_noop());
            assert!(release.status(&conn).unwrap().drift().is_empty());
        }
    }
}

const SEEDED: [(&str, &str); 6] = [
    (
        "0001_a.sql",
        "CREATE TABLE kinds (name TEXT PRIMARY KEY, rank REAL);\nINSERT INTO kinds VALUES ('it''s', 0.1), ('b', NULL);\n\
         CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT);\nINSERT INTO log (id, what) VALUES (7, 'x');\n",
    ),
    (
        "0002_b.sql",
        "CREATE TRIGGER more AFTER INSERT ON kinds BEGIN INSERT INTO log (what) VALUES (new.name); END;\n\
         INSERT INTO kinds VALUES ('c', x'00ff');\nDELETE FROM log;\n\
         CREATE VIRTUAL TABLE words USING fts5 (name, content = 'kinds');\nINSERT INTO words (words) VALUES ('rebuild');\n\
         CREATE VIRTUAL TABLE alone USING fts5 (body);\nINSERT INTO alone VALUES ('one two'), ('three');\n\
         CREATE VIEW ranks AS SELECT rank FROM kinds -- all\n;\n",
    ),
    ("0003_c.sql", "-- migrate: irreversible\nCREATE TABLE c (a);\n"),
    ("0003_c.given.sql", "INSERT INTO kinds VALUES ('d', 1);\n"),
    ("0003_c.then.sql", "SELECT * FROM c;\n"),
    ("README.md", "Read me.\n"),
];

fn seeded() -> Crate {
    let made = Crate::with(&SEEDED);
    assert_eq!(made.run("lock --shipped").code, 0);
    made
}

#[test]
fn rows_that_migrations_put_in_are_in_the_file() {
    let old = seeded();
    let new = Crate::copy_of(&old.directory());
    let shown = new.run("squash --through 0003_c --print").done();
    assert_eq!(new.all(), old.all());
    let told = new.run("squash --through c --dry-run").done();
    assert!(told.contains("would be squashed: 3 migrations, 0001_a to 0003_c\n") && told.contains("5 files"), "{told}");
    assert_eq!(new.all(), old.all());
    let answer: Value = new.run("squash --through 3 --json -m everything").json(0);
    assert_eq!(
        (&answer["written"], &answer["path"]),
        (&Value::Bool(true), &Value::from("migrations/0003_everything.sql"))
    );
    let text = new.read("0003_everything.sql");
    assert_eq!(shown, format!("-- migrations/0003_baseline.sql\n{text}"));
    assert!(text.contains("(1, 'it''s', 0.1)") && text.contains("(1, 'one two')"), "{text}");
    let names: Vec<String> = new.all().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["0003_everything.sql", "README.md", "migrations.lock"]);
    let mut conn = Connection::open_in_memory().unwrap();
    new.program().upgrade(&mut conn).unwrap();
    assert_eq!(column(&conn, "SELECT name FROM kinds ORDER BY rowid"), ["it's", "b", "c"]);
    assert_eq!(column(&conn, "SELECT seq || '' FROM sqlite_sequence"), ["8"]);
    let found = "SELECT rowid || '' FROM words('c') UNION ALL SELECT body FROM alone('two')";
    assert_eq!(column(&conn, found), ["3", "one two"]);
    conn.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')").unwrap();
    assert!(old.program().upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn a_counter_that_was_dropped_is_no_obstacle() {
    let old = Crate::with(&[
        ("0001_a.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);\nINSERT INTO a VALUES (7);\n"),
        ("0002_b.sql", "CREATE TABLE b (c);\nINSERT INTO b VALUES (1);\nDROP TABLE a;\n"),
    ]);
    assert_eq!(old.run("lock --shipped").code, 0);
    let new = Crate::copy_of(&old.directory());
    new.run("squash --through 2").done();
    for from in 0..=2 {
        same_for_a_database_at(&old.program(), &new.program(), 2, from);
    }
}

#[test]
fn a_checkpoint_is_written_anew() {
    let made = seeded();
    assert_eq!(made.run("lock --checkpoint").code, 0);
    let told = made.run("squash --through 2").done();
    assert!(told.contains("written: migrations/migrations.checkpoint\n"), "{told}");
    let told = made.run("check --full").done();
    assert_eq!(told, "2 migrations: they work, 2 of them locked\nmigrations.checkpoint: it is what they make\n");
    assert_eq!(made.run("lock --check").code, 0);
}

#[test]
fn what_cannot_be_squashed_stays_as_it_is() {
    let unsteady = ("0002_b.sql", "CREATE TABLE b (a);\nINSERT INTO b VALUES (unixepoch());\n");
    let kept = ("0002_b.sql", "CREATE VIRTUAL TABLE b USING fts5 (a, content = '');\nINSERT INTO b VALUES ('one');\n");
    let config = (
        "0002_b.sql",
        "CREATE VIRTUAL TABLE b USING fts5 (a);\nINSERT INTO b VALUES ('one');\nINSERT INTO b (b, rank) VALUES ('pgsz', 64);\n",
    );
    let boxes = ("0002_b.sql", "CREATE VIRTUAL TABLE b USING rtree (id, x0, x1);\nINSERT INTO b VALUES (1, 2, 3);\n");
    let pragma = ("0002_b.sql", "PRAGMA case_sensitive_like = ON;\nCREATE TABLE b (a);\n");
    for (second, reason) in [
        (unsteady, "cannot become one file: the rows of `b` are others in every run"),
        (config, "cannot become one file: virtual table `b` keeps what cannot be written down"),
        (boxes, "cannot become one file: virtual table `b` keeps what cannot be written down"),
        (kept, "cannot become one file: virtual table `b` keeps what cannot be written down"),
        (pragma, "cannot become one file: 0002_b sets a pragma"),
    ] {
        let made = Crate::with(&[SEEDED[0], second]);
        assert_eq!(made.run("lock --shipped").code, 0, "{second:?}");
        let before = made.all();
        let refused = made.run("squash --through 2").refused();
        assert!(refused.contains(reason) && refused.contains("  = help: "), "{refused}");
        assert_eq!(made.all(), before);
    }
    let made = seeded();
    made.write("0004_d.sql", "-- migrate: irreversible\nCREATE TABLE d (a);\n");
    let before = made.all();
    for (call, said) in [
        ("squash --through 4", "0004_d is not locked, and only what was released is squashed"),
        ("squash --through 1", "there is nothing before it"),
        ("squash --through 5", "there is no migration \"5\": there are 0001_a to 0004_d"),
        ("squash --through 3 -m c", "the file cannot be called 0003_c.sql"),
        ("squash --through 3 -m ?", "the file cannot be called"),
    ] {
        let refused = made.run(call).refused();
        assert!(refused.contains(said), "{refused}");
        assert_eq!(made.all(), before);
    }
    made.write("0004_d.sql", "-- migrate: irreversible\nCREATE TABEL d (a);\n");
    assert!(made.run("squash --through 3").refused().contains("[M101]"));
}

#[test]
fn what_is_left_over_is_named() {
    let made = seeded();
    let left = made.read("0002_b.sql");
    made.run("squash --through 3").done();
    made.write("0002_b.sql", &left);
    let refused = made.run("check").refused();
    assert!(refused.contains("`0002_b` is there, and `0003_baseline` stands for it [M030]"), "{refused}");
    fs::remove_file(made.directory().join("0002_b.sql")).unwrap();
    // What is released afterwards goes on in the same history, and in the same file.
    made.write("0004_d.sql", "-- migrate: irreversible\nCREATE TABLE d (a);\n");
    assert_eq!(made.run("lock").code, 0);
    let lock = made.read("migrations.lock");
    assert!(
        lock.contains("\n0003 c ") && lock.contains("\nsquashed 0003 baseline ") && lock.contains("\n0004 d "),
        "{lock}"
    );
    made.write("0003_baseline.sql", &(made.read("0003_baseline.sql") + "CREATE TABLE e (a);\n"));
    assert!(made.run("check").refused().contains("`0003_baseline` is locked, and has changed [M023]"));
}
