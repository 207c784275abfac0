//! Files that are not what they should be: databases, and migrations.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{ErrorKind, Target};
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::prove::replay;
use devilmcp_migrate_core::rule;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source;
use tempfile::TempDir;

use crate::programs::{devilmcp, notes_v1, notes_v3};
use crate::support::Database;

#[test]
fn a_file_that_is_no_database_is_said_to_be_none_and_not_touched() {
    let good = Database::new();
    notes_v1::MIGRATIONS.upgrade(&mut good.open()).unwrap();
    let good = good.bytes();
    let mut scratched = good.clone();
    scratched[..100].fill(0xff);
    for (what, bytes) in [
        ("text", b"Dear diary, this is not a database, but it is longer than a header.\n".repeat(99)),
        ("a few bytes", b"hello".to_vec()),
        ("half a database", good[..good.len() / 2].to_vec()),
        ("half a header", good[..50].to_vec()),
        ("a scratched header", scratched),
        ("zeros", vec![0; 8192]),
    ] {
        let database = Database::new();
        fs::write(database.path(), &bytes).unwrap();
        let mut conn = database.open();
        let error = notes_v3::MIGRATIONS.upgrade(&mut conn).expect_err(what);
        assert_eq!(error.kind(), ErrorKind::NotADatabase, "{what}: {error:?}");
        assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap_err().kind(), ErrorKind::NotADatabase, "{what}");
        assert_eq!(notes_v3::MIGRATIONS.version(&conn).unwrap_err().kind(), ErrorKind::NotADatabase, "{what}");
        assert_eq!(notes_v3::MIGRATIONS.plan(&conn, Target::Latest).unwrap_err().kind(), ErrorKind::NotADatabase);
        drop(conn);
        assert!(database.bytes() == bytes, "{what}");
    }
}

#[test]
fn a_damaged_page_stops_a_migration_that_meets_it_and_changes_nothing() {
    let database = Database::new();
    let mut conn = database.open();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO notes (body) SELECT 'note ' || i FROM n",
    )
    .unwrap();
    drop(conn);
    let mut file = fs::OpenOptions::new().write(true).open(database.path()).unwrap();
    file.seek(SeekFrom::Start(4096 * 6)).unwrap();
    file.write_all(&[0xff; 4096]).unwrap();
    drop(file);
    let before = database.bytes();
    let mut conn = database.open();
    let error = notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotADatabase | ErrorKind::Apply), "{error:?}");
    assert!(format!("{error:?}").ends_with("database disk image is malformed"), "{error:?}");
    drop(conn);
    assert!(database.bytes() == before);
}

#[test]
fn a_file_of_no_bytes_is_a_new_database_and_a_directory_is_none() {
    let database = Database::new();
    fs::write(database.path(), "").unwrap();
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut database.open()).unwrap().to(), Some(3));
    Connection::open(database.path().parent().unwrap()).unwrap_err();
}

#[test]
fn a_database_in_utf_16_with_its_own_page_size_and_journal_is_one_like_any_other() {
    let database =
        Database::from_sql("PRAGMA encoding = 'UTF-16be'; PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL;");
    let mut conn = database.open();
    conn.execute_batch(
        "PRAGMA encoding = 'UTF-16be'; PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL; PRAGMA journal_mode = WAL",
    )
    .unwrap();
    devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    assert!(devilmcp::MIGRATIONS.upgrade(&mut database.open()).unwrap().is_noop());
    assert!(devilmcp::MIGRATIONS.status(&conn).unwrap().drift().is_empty());
    let encoding: String = conn.query_row("PRAGMA encoding", [], |row| row.get(0)).unwrap();
    assert_eq!(encoding, "UTF-16be");
    devilmcp::MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap();
}

#[test]
fn bytes_that_are_no_sql_text_are_reported_with_their_place() {
    for (bytes, rule) in [
        (&b"CREATE TABLE a (b);\0 DROP TABLE a;"[..], &rule::NUL_BYTE),
        (b"\xff\xfeC\0R\0E\0A\0T\0E\0", &rule::NOT_UTF8),
        (b"\xfe\xff\0C\0R\0E\0A\0T\0E", &rule::NOT_UTF8),
        (b"SELECT 'caf\xe9';", &rule::NOT_UTF8),
    ] {
        let directory = directory(&[("0001_a.sql", bytes), ("0001_a.down.sql", b"DROP TABLE a;")]);
        assert!(problems(directory.path()).iter().any(|problem| problem.rule == rule), "{}", rule.code);
    }
}

#[test]
fn numbers_beyond_the_largest_integer_are_reported_and_the_largest_is_not() {
    for name in ["9223372036854775808_a.sql", "99999999999999999999999999_a.sql"] {
        let found = problems(directory(&[(name, b"CREATE TABLE a (b);")]).path());
        assert!(
            found.iter().any(|problem| problem.title.contains("larger than SQLite's largest integer")),
            "{found:?}"
        );
    }
    let largest = "9223372036854775807_a";
    let found = problems(
        directory(&[
            (&format!("{largest}.sql"), b"CREATE TABLE a (b);"),
            (&format!("{largest}.down.sql"), b"DROP TABLE a;"),
        ])
        .path(),
    );
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_migration_of_ten_megabytes_is_replayed_in_seconds() {
    let mut up = b"CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT);\n".to_vec();
    let mut at = 0;
    while up.len() < 10_000_000 {
        at += 1;
        writeln!(up, "INSERT INTO words VALUES ({at}, 'a word that is ''quoted'' -- and not; a comment');").unwrap();
    }
    let directory = directory(&[("0001_a.sql", &up), ("0001_a.down.sql", b"DROP TABLE words;")]);
    let started = Instant::now();
    assert!(problems(directory.path()).is_empty());
    // A debug build on a busy machine; what must not happen is a cost that grows with the square.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// Were the schema read whole for each migration, this would take thousands of times as long as the statements alone.
#[test]
fn ten_thousand_files_cost_a_small_factor_over_their_statements() {
    let directory = TempDir::new().unwrap();
    let floor = Connection::open_in_memory().unwrap();
    floor.execute_batch("BEGIN").unwrap();
    let mut plain = Duration::ZERO;
    for number in 1..=5000 {
        let name = directory.path().join(format!("{number:04}_t{number}"));
        let up = format!("CREATE TABLE t{number} (a INTEGER PRIMARY KEY);");
        let started = Instant::now();
        floor.execute_batch(&up).unwrap();
        plain += started.elapsed();
        fs::write(name.with_extension("sql"), up).unwrap();
        fs::write(name.with_extension("down.sql"), format!("DROP TABLE t{number};")).unwrap();
    }
    let started = Instant::now();
    assert!(problems(directory.path()).is_empty());
    let tried = started.elapsed();
    assert!(tried < plain * 60, "{tried:?} where the statements alone take {plain:?}");
}

fn directory(files: &[(&str, &[u8])]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(directory.path().join(name), bytes).unwrap();
    }
    directory
}

/// What a build would complain about.
fn problems(directory: &Path) -> Vec<Problem> {
    let mut problems = devilmcp_migrate_core::problem::Problems::new();
    let entries = source::read(directory, "migrations", &mut problems);
    if let Some(sequence) = Sequence::new(entries, "migrations", &mut problems).filter(|_| !problems.has_errors()) {
        replay(&sequence, &mut problems);
    }
    problems.finish()
}
