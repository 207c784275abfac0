//! The floor: rusqlite, and no library for migrations.
//!
//! Modes: `open` only opens the file, `header` reads its `user_version`, `history` the newest row of a history table. `default`
//! and `wal` apply all migrations in one transaction; `each` one by one, each with a row of history.

use std::process::ExitCode;

use rusqlite::{Connection, TransactionBehavior};

#[path = "../../common/cli.rs"]
mod cli;
mod migrations;

use migrations::MIGRATIONS;

fn main() -> ExitCode {
    cli::run(|database, mode| {
        let mut conn = Connection::open(database)?;
        conn.busy_timeout(cli::BUSY_TIMEOUT)?;
        match mode {
            "open" => {}
            "header" => conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).map(drop)?,
            "history" => conn.query_row("SELECT max(version) FROM history", [], |row| row.get::<_, i64>(0)).map(drop)?,
            "each" => each(&mut conn)?,
            "wal" => {
                conn.pragma_update(None, "journal_mode", "WAL")?;
                together(&mut conn)?;
            }
            _ => together(&mut conn)?,
        }
        Ok(())
    })
}

fn together(conn: &mut Connection) -> cli::Outcome {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for sql in MIGRATIONS {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len())?)?;
    Ok(tx.commit()?)
}

fn each(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.execute_batch("CREATE TABLE IF NOT EXISTS history (version INTEGER PRIMARY KEY)")?;
    for (version, sql) in (1i64..).zip(MIGRATIONS) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.execute("INSERT INTO history VALUES (?1)", [version])?;
        tx.commit()?;
    }
    Ok(())
}
