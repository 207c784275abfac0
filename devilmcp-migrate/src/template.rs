//! What this program's migrations make, made in memory.

use devilmcp_migrate_core::authorizer::Watch;
use devilmcp_migrate_core::migration::Migration;
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::run::run;
use devilmcp_migrate_core::schema::Schema;
use rusqlite::Connection;

use crate::apply;
use crate::embedded::Embedded;
use crate::error::Error;

/// The schema after the migration with this number.
pub(crate) fn schema(embedded: &Embedded, number: i64) -> Result<Schema, Error> {
    Schema::read(&made(embedded, number)?).map_err(Error::sqlite("make the expected schema in memory"))
}

/// A database in memory after the migration with this number.
pub(crate) fn made(embedded: &Embedded, number: i64) -> Result<Connection, Error> {
    each(embedded, number, |_, _| Ok(()))
}

/// The same, looked at after each.
pub(crate) fn each(
    embedded: &Embedded,
    number: i64,
    mut look: impl FnMut(&Migration<'_>, &Connection) -> Result<(), Error>,
) -> Result<Connection, Error> {
    let attempt = || Error::sqlite("make the expected schema in memory");
    let mut conn = Connection::open_in_memory().map_err(attempt())?;
    let watch = Watch::install(&mut conn).map_err(attempt())?;
    let mut mode = Mode::Plain;
    mode.begin(&conn, &watch).map_err(attempt())?;
    for migration in embedded.migrations.iter().filter(|migration| migration.number <= number) {
        if migration.mode != mode {
            mode.end(&conn).map_err(attempt())?;
            mode = migration.mode;
            mode.begin(&conn, &watch).map_err(attempt())?;
        }
        run(&conn, &watch, migration.up, migration.standing)
            .map_err(|failure| apply::failed("migration", &migration.label(), migration.up, failure))?;
        look(&migration, &conn)?;
    }
    Ok(conn)
}
