//! A database in memory with the structure of another one, and without its rows.

use rusqlite::Connection;

use crate::authorizer::Watch;
use crate::generate::Objects;
use crate::mode::Mode;
use crate::run::{Failure, run};
use crate::standing::Standing;

/// It, under the eyes of the authorizer: what it is made from may be anybody's.
#[derive(Debug)]
pub struct Replica {
    conn: Connection,
    watch: Watch,
}

/// So many instructions of SQLite's, in thousands, are enough for everything that somebody has meant to be run.
const MOST: u32 = 50_000;

impl Replica {
    /// Makes one.
    ///
    /// # Errors
    /// SQLite's, where a text does not make anything in another database.
    pub fn of(objects: &Objects) -> rusqlite::Result<Self> {
        let mut conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA temp_store = MEMORY")?;
        let mut spent = 0;
        conn.progress_handler(
            1000,
            Some(move || {
                spent += 1;
                spent > MOST
            }),
        )?;
        let watch = Watch::install(&mut conn)?;
        Mode::Plain.begin(&conn, &watch)?;
        let replica = Self { conn, watch };
        for entry in objects.iter() {
            replica.run(&entry.sql).map_err(|failure| failure.error)?;
        }
        Ok(replica)
    }

    /// Runs a script.
    ///
    /// # Errors
    /// A statement fails, or is not allowed, or takes longer than anybody means it to.
    pub fn run(&self, script: &str) -> Result<(), Failure> {
        run(&self.conn, &self.watch, script, Standing::Locked)
    }

    /// Runs a script in what it is to be run in.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_in(&self, mode: Mode, script: &str) -> Result<(), Failure> {
        let at_end = |error| Failure::at_end(script, error);
        Mode::Plain.end(&self.conn).map_err(at_end)?;
        mode.begin(&self.conn, &self.watch).map_err(at_end)?;
        self.run(script)?;
        mode.end(&self.conn).map_err(at_end)?;
        Mode::Plain.begin(&self.conn, &self.watch).map_err(at_end)
    }

    /// What it has now.
    ///
    /// # Errors
    /// SQLite's.
    pub fn objects(&self) -> rusqlite::Result<Objects> {
        Objects::read(&self.conn)
    }
}
