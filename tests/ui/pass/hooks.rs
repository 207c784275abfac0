//! Hooks are closures, that may borrow, or functions, and any error will do.

#![deny(warnings)]

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};

use devilmcp_migrate::rusqlite::{self, Connection};
use devilmcp_migrate::{Hook, HookResult, Migrator};

devilmcp_migrate::migrations!("fixtures/ui/clean_output");

fn main() -> Result<(), Box<dyn Error>> {
    let runs = AtomicU32::new(0);
    let migrator = MIGRATIONS
        .migrator()
        .before(Version::V0001Notes, |_| {
            runs.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
        .after(Version::V0001Notes, function)
        .after(Version::V0002Tags, |sql| Ok(of_another_kind(sql)?));
    upgrade(&migrator)?;
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    Ok(())
}

fn upgrade(migrator: &Migrator<'_, Version>) -> Result<Connection, devilmcp_migrate::Error> {
    migrator.open_in_memory()
}

fn function(sql: &Hook<'_>) -> HookResult {
    let number: i64 = sql.query_row("SELECT 40 + ?1", [2], |row| row.get(0))?;
    if number == 42 { Ok(()) } else { Err(format!("{number} is wrong").into()) }
}

fn of_another_kind(sql: &Hook<'_>) -> rusqlite::Result<()> {
    sql.prepare("SELECT 1")?.query((), |_| Ok(()))?;
    Ok(())
}
