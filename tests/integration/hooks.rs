//! Code of the program's that runs beside its migrations.

use std::error::Error as _;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use devilmcp_migrate::rusqlite::{Connection, Error};
use devilmcp_migrate::{ErrorKind, Event, Hook, HookResult, Migrator, Target};

use crate::programs::{alone, devilmcp, enforced, notes_v1, notes_v3, orphans};
use crate::support::{Database, column, integer};

type Notes = notes_v3::Version;

#[test]
fn hooks_run_in_the_transaction_of_their_migration_in_order() {
    let database = Database::new();
    let seen = Mutex::new(Vec::new());
    let see = |sql: &Hook<'_>, note: &str| -> HookResult {
        let columns = sql.query("SELECT name FROM pragma_table_info('notes')", (), |row| row.get::<_, String>(0))?;
        seen.lock().unwrap().push(format!("{note} {:04}_{}: {}", sql.number(), sql.name(), columns.join(" ")));
        Ok(())
    };
    let migrator = notes_v3::MIGRATIONS
        .migrator()
        .after(Notes::V0002AddPinned, |sql| see(sql, "after"))
        .before(Notes::V0002AddPinned, |sql| see(sql, "before"))
        .after(Notes::V0002AddPinned, |sql| {
            see(sql, "again after")?;
            assert_eq!(sql.execute("INSERT INTO notes (body) VALUES (?1)", ["a"])?, 1);
            // Nobody else sees it yet.
            assert!(column(&database.open(), "SELECT name FROM sqlite_schema").is_empty());
            Ok(())
        });
    assert_eq!(migrator.upgrade(&mut database.open()).unwrap().done().len(), 3);
    let expected = [
        "before 0002_add_pinned: id body",
        "after 0002_add_pinned: id body pinned",
        "again after 0002_add_pinned: id body pinned",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
    assert_eq!(column(&database.open(), "SELECT body FROM notes"), ["a"]);

    assert!(migrator.upgrade(&mut database.open()).unwrap().is_noop());
    migrator.downgrade_to(&mut database.open(), Target::Empty).unwrap();
    assert_eq!(seen.lock().unwrap().len(), 3, "neither where it was applied before, nor on the way back");
}

#[test]
fn a_database_in_memory_has_what_hooks_write() {
    let migrator = notes_v3::MIGRATIONS.migrator().after(Notes::V0003UniqueBodies, two_labels);
    assert_eq!(column(&migrator.open_in_memory().unwrap(), "SELECT name FROM labels"), ["one", "two"]);
}

#[test]
fn a_plan_shows_hooks_where_they_would_run() {
    let migrator = notes_v3::MIGRATIONS.migrator().after(Notes::V0002AddPinned, |_| Ok(()));
    let shown = |conn: &Connection| {
        let plan = migrator.plan_upgrade(conn, Target::Latest).unwrap();
        plan.steps().iter().map(|step| (step.number(), step.has_hooks())).collect::<Vec<_>>()
    };
    let mut conn = Connection::open_in_memory().unwrap();
    assert_eq!(shown(&conn), [(1, false), (2, true), (3, false)]);
    migrator.upgrade_to(&mut conn, Notes::V0002AddPinned).unwrap();
    assert_eq!(shown(&conn), [(3, false)]);
    let back = migrator.plan_downgrade(&conn, Target::Empty).unwrap();
    assert!(back.steps().iter().all(|step| !step.has_hooks()));
}

#[test]
fn an_error_of_a_hook_rolls_everything_back() {
    let database = Database::new();
    let mut conn = database.open();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    let before = database.bytes();
    let error = with(|sql| {
        sql.execute("INSERT INTO notes (body) VALUES ('a')", ())?;
        Err(Tired.into())
    })
    .upgrade(&mut conn)
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Hook);
    assert_eq!(error.to_string(), "the hook after 0002_add_pinned failed, and everything was rolled back");
    assert!(error.source().unwrap().is::<Tired>(), "what it returned is the cause");
    assert!(error.sqlite_error().is_none() && conn.is_autocommit());
    drop(conn);
    assert!(database.bytes() == before);

    let error = with(|sql| Ok(sql.execute("INSERT INTO nots (body) VALUES ('a')", ()).map(drop)?))
        .upgrade(&mut database.open())
        .unwrap_err();
    assert!(error.sqlite_error().is_some());
    assert_eq!(with(|_| Ok(())).upgrade(&mut database.open()).unwrap().done().len(), 2);
}

#[test]
fn a_panic_in_a_hook_rolls_everything_back_and_leaves_the_connection_as_it_was() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON").unwrap();
    let migrator = with(|sql| {
        sql.execute("INSERT INTO notes (body) VALUES ('a')", ())?;
        panic!("meant to happen")
    });
    catch_unwind(AssertUnwindSafe(|| migrator.upgrade(&mut conn))).unwrap_err();
    assert!(conn.is_autocommit());
    assert_eq!(integer(&conn, "SELECT count(*) FROM notes"), 0);
    assert_eq!(["foreign_keys", "recursive_triggers"].map(|name| integer(&conn, &format!("PRAGMA {name}"))), [1, 1]);
    conn.execute_batch("BEGIN; COMMIT; ATTACH ':memory:' AS other; UPDATE _devilmcp_migrations SET name = name")
        .unwrap();
    assert_eq!(notes_v3::MIGRATIONS.upgrade(&mut conn).unwrap().done().len(), 2);
}

#[test]
fn a_hook_changes_rows_and_nothing_else() {
    for (sql, must_not) in [
        ("BEGIN", "begin, end or nest a transaction"),
        ("COMMIT", "begin, end or nest a transaction"),
        ("ROLLBACK", "begin, end or nest a transaction"),
        ("SAVEPOINT a", "begin, end or nest a transaction"),
        ("RELEASE a", "begin, end or nest a transaction"),
        ("ATTACH ':memory:' AS a", "reach outside its database"),
        ("DETACH a", "reach outside its database"),
        ("SELECT load_extension('a')", "reach outside its database"),
        ("INSERT INTO other.t VALUES (1)", "reach outside its database"),
        ("SELECT * FROM other.t", "reach outside its database"),
        ("PRAGMA user_version = 1", "set this pragma"),
        ("PRAGMA foreign_keys = ON", "set this pragma"),
        ("PRAGMA foreign_keys", "set this pragma"),
        ("PRAGMA optimize", "set this pragma"),
        ("PRAGMA writable_schema = ON", "set this pragma"),
        ("SELECT * FROM _devilmcp_migrations", "touch the history table"),
        ("DELETE FROM \"_DevilMCP_Migrations\"", "touch the history table"),
        ("UPDATE _devilmcp_migrations SET down = NULL", "touch the history table"),
        ("CREATE TABLE t (a)", "change the schema"),
        ("CREATE TEMP TABLE t (a)", "change the schema"),
        ("CREATE INDEX i ON notes (body)", "change the schema"),
        ("CREATE VIEW v AS SELECT 1", "change the schema"),
        ("CREATE TRIGGER tr AFTER INSERT ON notes BEGIN SELECT 1; END", "change the schema"),
        ("CREATE VIRTUAL TABLE f USING fts5(a)", "change the schema"),
        ("ALTER TABLE notes ADD COLUMN a", "change the schema"),
        ("DROP TABLE notes", "change the schema"),
        ("DROP INDEX notes_pinned", "change the schema"),
        ("ANALYZE main", "change the schema"),
        ("REINDEX notes", "change the schema"),
        ("EXPLAIN DROP TABLE notes", "change the schema"),
    ] {
        let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
        conn.execute_batch("ATTACH ':memory:' AS other; CREATE TABLE other.t (a)").unwrap();
        let error = with(|hook| Ok(hook.execute(sql, ()).map(drop)?)).upgrade(&mut conn).unwrap_err();
        let said = error.source().unwrap().to_string();
        assert!(
            error.kind() == ErrorKind::Hook && said.starts_with(&format!("a hook must not {must_not}")),
            "{sql}: {said}"
        );
        // Whoever swallows the error has done nothing.
        let migrator = with(|hook| {
            hook.prepare(sql).unwrap_err();
            Ok(())
        });
        assert_eq!(migrator.upgrade(&mut conn).unwrap().drift().len(), 0, "{sql}");
    }
}

#[test]
fn what_cannot_be_in_a_transaction_fails_by_itself() {
    for sql in ["VACUUM", "VACUUM INTO 'copy.db'"] {
        let error = with(|hook| Ok(hook.execute(sql, ()).map(drop)?)).open_in_memory().unwrap_err();
        assert!(error.kind() == ErrorKind::Hook && format!("{error:?}").contains("VACUUM"), "{error:?}");
    }
}

#[test]
fn only_one_statement_is_taken_at_a_time() {
    let error = with(|sql| Ok(sql.execute("DELETE FROM notes; COMMIT", ()).map(drop)?)).open_in_memory().unwrap_err();
    assert!(matches!(error.sqlite_error(), Some(Error::MultipleStatement)), "{error:?}");
}

#[test]
fn rows_are_read_and_written_in_every_way() {
    let conn = with(|sql| {
        let mut insert = sql.prepare("INSERT INTO notes (body) VALUES (:body)")?;
        for body in ["b", "a", "c"] {
            insert.execute(&[(":body", body)])?;
        }
        let first: String = sql.query_row("SELECT min(body) FROM notes WHERE id > ?1", [1], |row| row.get(0))?;
        assert_eq!(first, "a");
        let mut longer = sql.prepare("UPDATE notes SET body = body || ?2 WHERE id = ?1")?;
        // One at a time, while others are written.
        sql.query("SELECT id FROM notes", (), |row| longer.execute((row.get::<_, i64>(0)?, "!")).map(drop))?;
        let missing = sql.query_row("SELECT id FROM notes WHERE body = 'x'", (), |row| row.get::<_, i64>(0));
        assert_eq!(missing, Err(Error::QueryReturnedNoRows));
        Ok(())
    })
    .open_in_memory()
    .unwrap();
    assert_eq!(column(&conn, "SELECT body FROM notes ORDER BY id"), ["b!", "a!", "c!"]);
}

#[test]
fn full_text_search_is_written_like_any_table() {
    let migrator = devilmcp::MIGRATIONS.migrator().after(devilmcp::Version::V0003MemoriesFts, |sql| {
        sql.execute("INSERT INTO memories (category, content) VALUES ('fact', 'water boils')", ())?;
        sql.execute("INSERT INTO memories_fts (memories_fts) VALUES ('rebuild')", ())?;
        let found = "SELECT count(*) FROM memories_fts WHERE memories_fts MATCH ?1";
        assert_eq!(sql.query_row(found, ["boils"], |row| row.get::<_, i64>(0))?, 1);
        Ok(())
    });
    migrator.open_in_memory().unwrap();
}

/// SQLite rolls some errors back by itself, and whatever comes after that would be permanent at once.
#[test]
fn a_rollback_that_a_hook_swallows_is_no_success() {
    let mut conn = notes_v1::MIGRATIONS.open_in_memory().unwrap();
    conn.execute_batch("INSERT INTO notes (id, body) VALUES (1, 'kept')").unwrap();
    let error = with(|sql| {
        let mut delete = sql.prepare("DELETE FROM notes")?;
        sql.execute("INSERT OR ROLLBACK INTO notes (id, body) VALUES (1, 'twice')", ()).unwrap_err();
        for error in [delete.execute(()).unwrap_err(), sql.execute("DELETE FROM notes", ()).unwrap_err()] {
            assert_eq!(error.to_string(), "an error before this has rolled the transaction back");
        }
        Ok(())
    })
    .upgrade(&mut conn)
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Hook);
    assert_eq!(column(&conn, "SELECT body FROM notes"), ["kept"]);
    assert_eq!(notes_v3::MIGRATIONS.status(&conn).unwrap().current(), Some(1));
}

#[test]
fn dangling_rows_that_a_hook_makes_roll_back() {
    let insert = |sql: &Hook<'_>| -> HookResult {
        sql.execute("INSERT INTO children VALUES (1, 'nobody')", ())?;
        Ok(())
    };
    let migrator = orphans::MIGRATIONS.migrator().after(orphans::Version::V0001CreateFamilies, insert);
    assert_eq!(migrator.open_in_memory().unwrap_err().kind(), ErrorKind::ForeignKeys);
    // Where the migration has foreign keys enforced, so has its hook.
    let insert = |sql: &Hook<'_>| -> HookResult {
        sql.execute("INSERT INTO guests VALUES (1, 99)", ())?;
        Ok(())
    };
    let migrator = enforced::MIGRATIONS.migrator().after(enforced::Version::V0003WithoutTheGone, insert);
    assert_eq!(migrator.open_in_memory().unwrap_err().kind(), ErrorKind::Hook);
}

#[test]
fn a_migration_outside_of_transactions_can_have_no_hook() {
    let database = Database::new();
    let migrator = alone::MIGRATIONS.migrator().before(alone::Version::V0003Wal, |_| Ok(()));
    let said = "0003_wal runs outside of a transaction, where nothing could take a hook back: let it belong to a migration that does not";
    let error = migrator.upgrade(&mut database.open()).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Hook, said));
    assert_eq!(migrator.plan_upgrade(&database.open(), Target::Latest).unwrap_err().to_string(), said);
    assert!(database.bytes().is_empty(), "not even those before it were applied");
    alone::MIGRATIONS.upgrade(&mut database.open()).unwrap();
    assert!(migrator.upgrade(&mut database.open()).unwrap().is_noop(), "it need not run any more");
}

#[test]
fn what_is_adopted_has_what_a_hook_would_do() {
    let database = Database::from_dump("create_all.sql");
    let runs = AtomicU32::new(0);
    let count = |_: &Hook<'_>| {
        runs.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    let migrator = devilmcp::MIGRATIONS
        .migrator()
        .after(devilmcp::Version::V0001InitialSchema, count)
        .after(devilmcp::Version::V0002PerformanceIndexes, count);
    migrator.upgrade(&mut database.open()).unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 1, "only beside what was run");
}

#[test]
fn a_hook_is_told_before_it_runs() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let migrator = with(|_| Ok(())).on_event(move |event| {
        if let Event::Hook { .. } = event {
            heard.lock().unwrap().push(event.to_string());
        }
    });
    migrator.open_in_memory().unwrap();
    assert_eq!(*told.lock().unwrap(), ["the hook after 0002_add_pinned"]);
}

/// The migrations of a server are one for all its threads, and what they hold may be borrowed.
#[test]
fn one_migrator_serves_many_threads() {
    let runs = AtomicU32::new(0);
    let migrator = with(|_| {
        runs.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| migrator.open_in_memory().unwrap());
        }
    });
    assert_eq!(runs.load(Ordering::Relaxed), 4);
    assert!(format!("{migrator:?}").contains("[(After, 2)]"), "{migrator:?}");
}

/// With a hook between the second migration and the third.
pub(crate) fn with<'m>(hook: impl Fn(&Hook<'_>) -> HookResult + Send + Sync + 'm) -> Migrator<'m, Notes> {
    notes_v3::MIGRATIONS.migrator().after(Notes::V0002AddPinned, hook)
}

fn two_labels(sql: &Hook<'_>) -> HookResult {
    for name in ["one", "two"] {
        sql.execute("INSERT INTO labels (name) VALUES (?1)", [name])?;
    }
    Ok(())
}

/// An error of the program's own.
#[derive(Debug)]
struct Tired;

impl fmt::Display for Tired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tired")
    }
}

impl std::error::Error for Tired {}
