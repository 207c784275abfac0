//! What is locked is not run: a checkpoint stands for it.

#![deny(warnings, missing_docs)]

use devilmcp_migrate::rusqlite::Result;

/// Notes, and a search over them.
pub mod notes {
    devilmcp_migrate::migrations!("fixtures/ui/from_a_checkpoint");
}

fn main() -> Result<()> {
    let conn = notes::MIGRATIONS.open_in_memory().expect("the migrations work");
    let found: i64 = conn.query_row("SELECT count(*) FROM search WHERE search MATCH 'welcome'", [], |row| row.get(0))?;
    assert_eq!(found, 1);
    Ok(())
}
