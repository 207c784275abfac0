//! How a schema came to be, migration by migration.

use devilmcp_migrate_core::alteration::{Alteration, Told, alterations};
use devilmcp_migrate_core::generate::Objects;
use devilmcp_migrate_core::mode::Mode;
use devilmcp_migrate_core::replica::Replica;
use devilmcp_migrate_core::run::message;
use rusqlite::Connection;

use crate::embedded::Embedded;
use crate::error::Error;
use crate::session::moment;
use crate::status::Applied;
use crate::template;

/// What a migration has changed, or why nobody knows.
pub(super) type Changes = Result<Vec<Alteration>, String>;

/// What each migration of the program changes, up to and with the one with this number: they are run in memory.
pub(super) fn of_migrations(embedded: &Embedded, number: i64) -> Result<Vec<(i64, Vec<Alteration>)>, Error> {
    let attempt = || Error::sqlite("read the schema in memory");
    let mut before = Objects::default();
    let mut found = Vec::new();
    template::each(embedded, number, |migration, conn| {
        let after = Objects::read(conn).map_err(attempt())?;
        let changes = alterations(&before, &after, Told::Up(migration.up)).map_err(attempt())?;
        found.push((migration.number, changes));
        before = after;
        Ok(())
    })?;
    Ok(found)
}

/// What each migration has changed that was applied to a database, oldest first. Of those that the program does not hold, it is what
/// the way back that the database keeps takes back from a copy of its schema, newest first.
pub(super) fn of_database(
    conn: &Connection,
    embedded: &Embedded,
    applied: &[Applied],
) -> Result<Vec<(i64, Changes)>, Error> {
    let is_held = |applied: &&Applied| {
        let own = embedded.find(applied.number());
        own.is_some_and(|own| own.digest == applied.0.digest && own.name == applied.name())
    };
    let held = applied.iter().take_while(is_held).map(Applied::number).last().unwrap_or(0);
    let mut found: Vec<(i64, Changes)> =
        of_migrations(embedded, held)?.into_iter().map(|(number, changes)| (number, Ok(changes))).collect();
    let others: Vec<&Applied> = applied.iter().filter(|applied| applied.number() > held).collect();
    if !others.is_empty() {
        let objects = moment(conn, |_| Objects::read(conn).map_err(Error::sqlite("read the schema")))?;
        found.extend(backwards(&objects, &others));
    }
    Ok(found)
}

/// Oldest first.
fn backwards(objects: &Objects, applied: &[&Applied]) -> Vec<(i64, Changes)> {
    let mut replica = Replica::of(objects).map_err(|error| format!("its schema cannot be copied: {}", message(&error)));
    let mut found: Vec<(i64, Changes)> = Vec::new();
    for applied in applied.iter().rev() {
        let changes = match &mut replica {
            Ok(replica) => back(replica, applied),
            Err(reason) => Err(reason.clone()),
        };
        if changes.is_err() {
            replica = Err(format!("what {} has changed would have to be taken back first", applied.0.label()));
        }
        found.push((applied.number(), changes));
    }
    found.reverse();
    found
}

/// Takes back what a migration has changed.
fn back(replica: &mut Replica, applied: &Applied) -> Changes {
    let stored = applied.0.down.as_deref().ok_or("the database keeps no way back for it")?;
    let (mode, down) = Mode::of_stored(stored);
    let failed =
        |error: &rusqlite::Error| format!("its way back does not run on a copy of the schema: {}", message(error));
    let read = |replica: &Replica| replica.objects().map_err(|error| failed(&error));
    let after = read(replica)?;
    replica.run_in(mode, down).map_err(|failure| match failure.denial {
        Some(_) => "its way back is none that may be run".to_owned(),
        None => failed(&failure.error),
    })?;
    alterations(&read(replica)?, &after, Told::Down(down)).map_err(|error| failed(&error))
}
