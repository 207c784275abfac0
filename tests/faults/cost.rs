//! What a start asks of the file system, beside what nobody can do without: counted, so that it is the same on every machine.

use devilmcp_migrate::rusqlite::{Connection, Result};
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
