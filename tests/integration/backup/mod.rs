//! Backups: what they hold, where they are, and how they are put back.

mod command;
mod kept;
mod killed;
mod places;
mod refused;
mod restored;
mod taken;

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate::rusqlite::{Connection, OpenFlags};

use crate::programs::notes_v1;
use crate::support::{Database, cells, column, integer, tables, texts};

/// All that a database says.
pub(crate) fn contents(conn: &Connection) -> (Vec<String>, Vec<String>, [i64; 3]) {
    let pragmas = ["PRAGMA user_version", "PRAGMA application_id", "PRAGMA page_size"];
    let (mut tables, without_rowid) = (tables(conn), column(conn, "SELECT name FROM pragma_table_list WHERE wr"));
    tables.retain(|(table, _)| !without_rowid.contains(table));
    let mut rows = cells(conn, &tables);
    for table in without_rowid {
        let names = column(conn, &format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')"));
        rows.extend(column(conn, &format!("SELECT {} FROM \"{table}\" ORDER BY 1", names.join(" || ', ' || "))));
    }
    (texts(conn), rows, pragmas.map(|pragma| integer(conn, pragma)))
}

/// Opens a backup in place, without leaving anything beside it.
fn open(backup: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let name: String = backup.to_str().unwrap().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Connection::open_with_flags(format!("file:{name}?immutable=1"), flags).unwrap()
}

/// A database at the first migration, with some rows.
fn notes(journal_mode: &str) -> Database {
    let database = Database::new();
    fill(&database.path(), journal_mode);
    database
}

fn fill(path: &Path, journal_mode: &str) {
    let mut conn = Connection::open(path).unwrap();
    conn.execute_batch(&format!("PRAGMA journal_mode = {journal_mode}; PRAGMA application_id = 4711")).unwrap();
    notes_v1::MIGRATIONS.upgrade(&mut conn).unwrap();
    conn.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
         INSERT INTO notes (body) SELECT hex(randomblob(1000)) FROM n; DELETE FROM notes WHERE id % 7 = 0;
         INSERT INTO notes (body) VALUES (x'ff00' || 'not UTF-8'), ('Übergröße'), ('')",
    )
    .unwrap();
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The backups in a folder, oldest first.
fn backups(folder: &Path) -> Vec<PathBuf> {
    names(folder).into_iter().filter(|name| name.ends_with(".backup")).map(|name| folder.join(name)).collect()
}
