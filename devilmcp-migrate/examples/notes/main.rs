//! The smallest program that migrates: `cargo run --example notes -- notes.db`.

use std::error::Error;

use devilmcp_migrate::rusqlite::Connection;

devilmcp_migrate::migrations!("../devilmcp-migrate/examples/notes/migrations");

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: notes FILE")?;
    let mut conn = Connection::open(path)?;
    MIGRATIONS.upgrade(&mut conn)?;
    conn.execute("INSERT INTO notes (body, pinned) VALUES ('migrated', 1)", [])?;
    Ok(())
}
