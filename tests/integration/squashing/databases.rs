//! What becomes of databases, and of new ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{ErrorKind, Event, Migrations, Target};

use super::Crate;
use crate::checkpoint::rows;
use crate::directory::Any;
use crate::programs::{notes_squashed, notes_v2, notes_v3};
use crate::support::{Database, column, texts};

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

/// Two short cuts at once: what was released long ago is one file, and a new database is made of what that and all after it come to.
#[test]
fn a_summary_stands_for_what_a_squash_has_left_too() {
    let turns = ["CREATE INDEX i ON notes (body);\n", "DROP INDEX i;\n"];
    let mut files = vec![("0001_m.sql".to_owned(), "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n")];
    files.extend((2..=LAST).map(|number| (format!("{number:04}_m.sql"), turns[number % 2])));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let old = Crate::with(&files);
    assert_eq!(old.run("lock --shipped").code, 0);
    let new = Crate::copy_of(&old.directory());
    new.run("squash --through 4").done();
    let (before, after) = (old.program(), new.program());
    let statements = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&statements);
    let count = move |event: &Event<'_>| {
        counted.fetch_add(usize::from(matches!(event, Event::Statement { .. })), Ordering::Relaxed);
    };
    let mut made = Connection::open_in_memory().unwrap();
    after.migrator().on_event(count).upgrade(&mut made).unwrap();
    assert_eq!(statements.load(Ordering::Relaxed), 0, "nothing but the summary was run");
    for program in [&before, &after] {
        let mut each = Connection::open_in_memory().unwrap();
        program.migrator().without_summary().upgrade(&mut each).unwrap();
        assert_eq!((objects(&each), history(&each)), (objects(&made), history(&made)));
    }
    for from in [0, 2, 4, 100, i64::try_from(LAST).unwrap()] {
        same_for_a_database_at(&before, &after, 4, from);
    }
}

/// Enough for a summary, with and without the squash.
const LAST: usize = 210;
