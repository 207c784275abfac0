//! What a start asks of the file system, beside what nobody can do without: counted, so that it is the same on every machine.

use devilmcp_migrate::rusqlite::{Connection, Result, TransactionBehavior};
use devilmcp_migrate_vfs::{Call, Calls, Disk, Image};

use crate::programs::devilmcp;

/// Each call is a system call, or a few.
const MORE: u64 = 2;

#[test]
fn a_start_that_changes_nothing_asks_for_no_more_than_reading_the_header_does() {
    for journal in ["delete", "wal"] {
        let disk = upgraded(journal);
        let floor = counted(&disk, |conn| header(conn).unwrap());
        let start = counted(&disk, |conn| assert!(devilmcp::MIGRATIONS.upgrade(conn).unwrap().is_noop()));
        assert!(start.total() <= floor.total() + MORE, "{journal}: {start:?}, the floor is {floor:?}");
        for call in [Call::Lock, Call::Write, Call::Sync, Call::ShmLock] {
            assert_eq!(start.of(call), floor.of(call), "{journal}: {call:?}");
        }
    }
}

#[test]
fn where_the_application_uses_the_field_it_asks_for_what_reading_the_history_does() {
    for journal in ["delete", "wal"] {
        let disk = upgraded(journal);
        disk.open().unwrap().execute_batch("PRAGMA user_version = 5").unwrap();
        let floor = counted(&disk, |conn| newest_row(conn).unwrap());
        let start = counted(&disk, |conn| assert!(devilmcp::MIGRATIONS.upgrade(conn).unwrap().is_noop()));
        assert!(start.total() <= floor.total() + MORE, "{journal}: {start:?}, the floor is {floor:?}");
    }
}

/// With a rollback journal and in WAL mode, on a new file and on one that is half way.
#[test]
fn an_upgrade_syncs_as_often_as_the_same_sql_in_one_transaction() {
    for journal in ["delete", "wal"] {
        for done in [0, 5] {
            let start = Disk::new(&Image::new());
            let mut conn = start.open().unwrap();
            conn.execute_batch(&format!("PRAGMA journal_mode = {journal}")).unwrap();
            if done > 0 {
                devilmcp::MIGRATIONS.upgrade_to(&mut conn, devilmcp::Version::ALL[done - 1]).unwrap();
            }
            drop(conn);
            let floor = counted(&Disk::new(&start.image()), |conn| by_hand(conn, done).unwrap());
            let upgrade = counted(&Disk::new(&start.image()), |conn| {
                assert_eq!(devilmcp::MIGRATIONS.upgrade(conn).unwrap().done().len(), UPS.len() - done);
            });
            for call in [Call::Sync, Call::Delete, Call::Truncate] {
                assert_eq!(upgrade.of(call), floor.of(call), "{journal}, {done} done: {call:?}");
            }
        }
    }
}

fn upgraded(journal: &str) -> Disk {
    let disk = Disk::new(&Image::new());
    let mut conn = disk.open().unwrap();
    conn.execute_batch(&format!("PRAGMA journal_mode = {journal}")).unwrap();
    devilmcp::MIGRATIONS.upgrade(&mut conn).unwrap();
    drop(conn);
    disk
}

/// What opening, doing this, and closing asks for.
fn counted(disk: &Disk, act: impl FnOnce(&mut Connection)) -> Calls {
    disk.disarm();
    act(&mut disk.open().unwrap());
    disk.calls()
}

/// The ups of the worked example.
const UPS: [&str; 12] = [
    include_str!("../../migrations/0001_initial_schema.sql"),
    include_str!("../../migrations/0002_performance_indexes.sql"),
    include_str!("../../migrations/0003_memories_fts.sql"),
    include_str!("../../migrations/0004_memories_pinned_archived.sql"),
    include_str!("../../migrations/0005_memories_file_path_relative.sql"),
    include_str!("../../migrations/0006_meta_table.sql"),
    include_str!("../../migrations/0007_memories_recall_count.sql"),
    include_str!("../../migrations/0008_memory_relationships.sql"),
    include_str!("../../migrations/0009_session_state.sql"),
    include_str!("../../migrations/0010_code_entities.sql"),
    include_str!("../../migrations/0011_project_links.sql"),
    include_str!("../../migrations/0012_file_hashes.sql"),
];

/// What is left to do, in one transaction.
fn by_hand(conn: &mut Connection, done: usize) -> Result<()> {
    let run = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    UPS[done..].iter().try_for_each(|up| run.execute_batch(up))?;
    run.pragma_update(None, "user_version", 1)?;
    run.commit()
}

fn header(conn: &mut Connection) -> Result<()> {
    let mut statement = conn.prepare("PRAGMA user_version")?;
    let mut rows = statement.query([])?;
    rows.next()?;
    conn.query_row("PRAGMA schema_version", [], |_| Ok(()))
}

fn newest_row(conn: &mut Connection) -> Result<()> {
    let mut statement = conn.prepare("PRAGMA user_version")?;
    let mut rows = statement.query([])?;
    rows.next()?;
    conn.query_row("SELECT history FROM _devilmcp_migrations ORDER BY version DESC LIMIT 1", [], |_| Ok(()))
}
