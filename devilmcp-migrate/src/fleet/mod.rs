//! Many databases of one program, such as one for each project, tenant or user: all are upgraded, several at a time.
//!
//! ```
//! use devilmcp_migrate::fleet;
//!
//! devilmcp_migrate::migrations!("examples/notes/migrations");
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let tenants = folder.path();
//! # devilmcp_migrate::rusqlite::Connection::open(tenants.join("ada.db"))?.execute_batch("VACUUM")?;
//! let report = fleet::upgrade(&MIGRATIONS.migrator()).directory(tenants)?;
//! for failure in report.failures() {
//!     eprintln!("{failure}");
//! }
//! assert_eq!(report.upgraded() + report.unchanged() + report.failures().len() + report.left(), report.all());
//! # assert_eq!((report.upgraded(), report.all()), (1, 1));
//! # Ok(())
//! # }
//! ```
//!
//! - Each database is upgraded as [`Migrator::upgrade`](crate::Migrator::upgrade) does it, and by itself: one that fails stops no other.
//! - Where one stands is in it, and nowhere else. A fleet that was interrupted, however it was, is upgraded again: what was done is
//!   found at the cost of reading a header, and the rest is done.
//! - A program that serves a fleet may upgrade each database when it opens it, just as well, and this before: who comes second finds
//!   nothing to do.

mod crew;
mod directory;
mod event;
mod pattern;
mod report;
mod upgrade;

pub use directory::{Directory, Skipped, Why};
pub use event::Event;
pub use report::{Failure, Report};
pub use upgrade::{Upgrade, upgrade, upgrade_to};
