//! Databases on a libSQL server (`sqld`): the same plan, one transaction a segment, the same history table.
//!
//! ```no_run
//! use devilmcp_migrate::libsql::Server;
//!
//! devilmcp_migrate::migrations!("examples/notes/migrations");
//!
//! # fn main() -> Result<(), devilmcp_migrate::Error> {
//! let server = Server::at("http://127.0.0.1:8080")?;
//! let report = MIGRATIONS.migrator().on(server).upgrade()?;
//! println!("{} applied", report.done().len());
//! # Ok(())
//! # }
//! ```
//!
//! - What is pending, adopted or drifted is decided by the same code as for a file: of the server it is given the schema and the history.
//!   A file of the server's is known to a program that opens it, and the other way round.
//! - Statements are sent one migration at a time, and each is run only if the one before it has worked and the transaction is still open.
//!   Where a connection is lost, the server rolls back; where it is lost at the commit, the history is read under the write lock, and says
//!   whether it was done.
//! - Refused before anything is done ([`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported)): `no_transaction`, temporary tables,
//!   `ANALYZE`, `VACUUM` and pragmas that the server does not take; hooks, and backups, which are the server's.
//! - While another client waits to write, the server ends a transaction that has been open for five seconds: such a run fails, and is rolled back.
//!   Every statement of a new database is run: there is no [summary](crate::Migrations#new-databases).

mod address;
mod mirror;
mod orphans;
mod protocol;
mod refusal;
mod remote;
mod run;
mod segment;
mod server;
mod stream;
mod transaction;

#[cfg(feature = "cli")]
pub(crate) use run::{mirror, plan, run};

pub use remote::Remote;
pub use server::Server;
