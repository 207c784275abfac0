//! Migrations for SQLite that are tried before they ship.
//!
//! You write `.sql` files. [`migrations!`] runs every one of them on a real SQLite while your crate compiles, with rows in the
//! tables: up, down, and up again. What would fail, lose data or not come back does not build. A program then applies, in one
//! transaction, exactly what was run.
//!
//! ```
//! use devilmcp_migrate::rusqlite::Connection;
//!
//! devilmcp_migrate::migrations!("examples/notes/migrations");
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = ":memory:";
//! let mut conn = Connection::open(path)?;
//! MIGRATIONS.upgrade(&mut conn)?;
//! assert_eq!(MIGRATIONS.version(&conn)?, Some(Version::LATEST));
//! # Ok(())
//! # }
//! ```
//!
//! - [`Migrations`] has the verbs: [`upgrade`](Migrations::upgrade), [`downgrade_to`](Migrations::downgrade_to),
//!   [`plan`](Migrations::plan), [`status`](Migrations::status); [`Migrator`] has them with options.
//! - [`Error`] says what went wrong, [`ErrorKind`] tells the kinds apart; after any of them the database is as it was before the
//!   [segment](Segment) that failed, which is nearly always the whole run. [`Migrator::resolve`] is for what was interrupted outside of a
//!   transaction.
//! - [`Backup`] keeps a database as it was before a run; [`restore()`] puts it back.
//! - [`fleet`] upgrades many databases, several at a time.
//! - `Migrations::upgrade_file` upgrades the database in a file, awaited (feature `tokio`).
//! - `libsql` has the verbs for a database on a libSQL server (feature `libsql`).
//! - [`build::watch`] makes cargo notice a new migration, where the directory may be missing.
//! - `cli::Db` is the command line `db version | upgrade | downgrade | resolve | restore | stamp | sql | status | history | check | schema`, for any program to
//!   embed (feature `cli`).
//! - [`Event`] is what a run tells while it goes on, to [listeners](Migrator::on_event), and with the feature `tracing` to whoever subscribes
//!   to that: a span `migrate` for each run that has something to do, a span `migration` for each migration in it, and the events in them, all
//!   with the target `devilmcp_migrate`; what is done at `INFO`, waiting at `WARN`, a failure at `ERROR`, the rest at `DEBUG`.
//! - [`_guide`] is a tour through all of this; [`_coming_from`] is for those who have migrations of another tool's.
//! - [`_cookbook`] has whole migrations for what comes up again and again; [`_problems`] tells what is behind every problem that a build may report; [`_design`], what is decided, and why.
//!
//! SQLite comes from the system; with the feature `bundled` it is compiled from source. The proof always uses the latter.

mod adopt;
mod alone;
mod apply;
mod attend;
mod backup;
mod bookkeeping;
mod cancel;
mod claim;
#[cfg(feature = "cli")]
pub mod cli;
mod company;
mod difference;
mod embedded;
mod error;
mod event;
pub mod fleet;
mod foreign_keys;
mod header;
mod hook;
mod hooks;
mod image;
mod ledger;
#[cfg(feature = "libsql")]
pub mod libsql;
mod listeners;
mod migrations;
mod migrator;
#[cfg(feature = "cli")]
mod offline;
mod opening;
mod order;
mod plan;
mod policy;
mod printable;
mod recording;
mod report;
mod run;
mod script;
mod session;
mod stale;
#[cfg(feature = "cli")]
mod stamp;
mod status;
mod summary;
mod target;
mod template;
mod too_old;
mod trace;
#[cfg(feature = "tokio")]
mod upgrade_file;
mod versioned;
mod wait;

pub use rusqlite;

pub use backup::{Backup, Restored, restore};
pub use cancel::Cancel;
pub use claim::{Claim, Resolution};
/// Runs the migrations of a directory while the crate compiles, and puts them into it.
///
/// ```
/// devilmcp_migrate::migrations!("examples/notes/migrations");
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// assert_eq!(Version::ALL, [Version::V0001CreateNotes, Version::V0002AddPinned]);
/// assert_eq!(Version::LATEST.name(), "add_pinned");
/// assert_eq!("0001_create_notes".parse::<Version>()?, Version::V0001CreateNotes);
/// let conn = MIGRATIONS.open_in_memory()?;
/// # assert_eq!(MIGRATIONS.version(&conn)?, Some(Version::LATEST));
/// # Ok(())
/// # }
/// ```
///
/// The directory is relative to the folder of the crate's `Cargo.toml`. The macro stands where items stand: at the top of a
/// file or in a `mod`, one call each, and not where an expression is expected. It makes two items:
///
/// - `pub enum Version`: one variant for each migration, in order, documented with its SQL and what it does to the schema; see
///   [`Versioned`] for what it can do.
/// - `pub static MIGRATIONS: Migrations<Version>`: constant data, with the verbs of [`Migrations`].
///
/// # The directory
///
/// `NNNN_name.sql` is a migration, `NNNN_name.down.sql` its way back. Numbers are consecutive from `0001`, or timestamps
/// (`YYYYMMDDhhmmss`) that only grow. Beside them may stand
///
/// - `NNNN_name.given.sql` and `NNNN_name.then.sql`: rows before the migration, and queries that must return no row after it;
/// - `schema.sql`: the declared schema, which the migrations have to make;
/// - `migrations.lock`: the record of what was released, written by `devilmcp-migrate lock`. What is locked must not change,
///   and is run but not judged;
/// - `migrations.checkpoint`: the database as what is locked makes it, written by `devilmcp-migrate lock --checkpoint`, from which
///   a build starts instead.
///
/// Comments at the top of a migration direct it:
///
/// | directive | meaning |
/// |---|---|
/// | `-- migrate: irreversible` | there is no way back, and no `.down.sql` |
/// | `-- migrate: baseline` | the first migration only: databases that existed before may have what it makes |
/// | `-- migrate: foreign_keys(on)` | foreign keys are enforced while it runs, or is undone: rows are deleted along with those they refer to, where the schema says so. It gets a transaction of its own, or shares one with neighbours that say the same |
/// | `-- migrate: no_transaction` | for `VACUUM`, `PRAGMA journal_mode`, `page_size`, `auto_vacuum` and `wal_checkpoint`, which work outside of transactions only: it is run by itself, statement by statement, and not undone if it is interrupted; let it be one statement, or statements that may be run twice |
/// | `-- migrate: revision(alembic, "001")` | this is what Alembic calls the state after it; `dbmate`, `diesel`, `goose`, `refinery`, `rusqlite_migration`, `sea_orm` and `sqlx` call migrations something, too: a database where that one was applied has it |
/// | `-- migrate: allow(data_loss) reason` | it may lose values; likewise `not_null_violation`, `check_violation`, `unique_violation`, `type_violation`, `foreign_key_violation`, `reversal_loss`, `broken_reference`; or the name of a lint, which then says nothing of it |
///
/// # Directories of other tools
///
/// ```
/// # mod schema {
/// devilmcp_migrate::migrations!("../tests/fixtures/tools/sqlx/migrations", layout = "sqlx");
/// # }
/// # fn main() {}
/// ```
///
/// | layout | files |
/// |---|---|
/// | `"dbmate"` | `N_name.sql`, cut by `-- migrate:up` and `-- migrate:down` |
/// | `"diesel"` | `N_name/up.sql`, `down.sql` and `metadata.toml` |
/// | `"goose"` | `N_name.sql`, cut by `-- +goose Up` and `-- +goose Down` |
/// | `"refinery"` | `VN__name.sql` and `UN__name.sql`, in any folder |
/// | `"rusqlite_migration"` | `N-name/up.sql` and `down.sql`, consecutive from 1 |
/// | `"sqlx"` | `N_name.sql`, or `N_name.up.sql` and `N_name.down.sql` |
///
/// Numbers need only grow, except where it says otherwise; a migration without a way back counts as irreversible. A database to which that tool
/// has applied migrations is taken over at the first upgrade, if its structure is what they make: [`ErrorKind::OtherTool`] and
/// [`ErrorKind::Contradiction`] say why not. What has shipped is best locked first: `devilmcp-migrate --layout sqlx lock --shipped`.
///
/// # Lints
///
/// What works, and is seldom meant, is said by lints. The call chooses for each whether it stops the build (`"deny"`), is a compiler
/// warning (`"warn"`) or is let pass (`"allow"`):
///
/// ```
/// devilmcp_migrate::migrations!(
///     "examples/notes/migrations",
///     lints(unindexed_foreign_key = "deny", missing_down = "warn"),
/// );
/// # fn main() {}
/// ```
///
/// | lint | code | level | what it speaks of |
/// |---|---|---|---|
/// | `missing_down` | M010 | deny | a migration without a way back that does not call itself irreversible; below `deny` it counts as irreversible |
/// | `unindexed_foreign_key` | M301 | allow | a foreign key none of whose columns an index or a key begins with, so that [SQLite reads the whole table](https://sqlite.org/foreignkeys.html#fk_indexes) when a row that it may point at is deleted |
/// | `missing_primary_key` | M302 | allow | a table without a primary key or anything else that is unique |
/// | `redundant_index` | M303 | warn | an index over exactly what another, a primary key or a `UNIQUE` is over |
/// | `hidden_drift` | M304 | allow | `IF NOT EXISTS` and `IF EXISTS` |
/// | `unrepeatable_value` | M305 | allow | rows written with `random()`, `randomblob()` or the current time, which differ in every database |
/// | `unenforced_type` | M306 | warn | a type that is not what [SQLite takes it for](https://sqlite.org/datatype3.html#determination_of_column_affinity): `STRING` makes a number of `'007'`, `FLOATING POINT` is an integer, `ANY` outside of `STRICT`, `SERIAL`, `KEY` without `PRIMARY`, one that is misspelt, one that has swallowed the next column |
/// | `reserved_name` | M307 | allow | a table, column, index, view or trigger that has to stand in quotes wherever it is used, and a column that hides the rowid |
/// | `stale_declaration` | M308 | deny | what `schema.sql` declares and a migration has dropped, renamed or left out of a rebuild |
/// | `ignored_definition` | M309 | warn | `CREATE … IF NOT EXISTS` of something that is there already, and is otherwise |
/// | `prefix_index` | M310 | allow | an index with which a longer one, a primary key or a `UNIQUE` begins |
///
/// Lints judge migrations that are not locked, and of those only what is left at the end: an index that a later one adds is there.
/// A baseline is not judged either. `-- migrate: allow(unindexed_foreign_key) reason` lets one pass in one migration; one that turns
/// out not to be needed is not reported. `devilmcp-migrate check` and `lock` have `--deny`, `--warn` and `--allow`.
///
/// # The application's `user_version`
///
/// A run writes a tag into the header field [`user_version`](https://sqlite.org/pragma.html#pragma_user_version), by which the next start
/// knows without a look at the schema that it has nothing to do. What an application has put there stays: then a start reads the newest
/// row of the history instead, for which SQLite parses the schema. But 0 is also what a field has that nobody uses. An application that
/// means something by it says that the field is its own, and it is neither read nor written:
///
/// ```
/// devilmcp_migrate::migrations!("examples/notes/migrations", user_version = "application");
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let conn = MIGRATIONS.open_in_memory()?;
/// assert_eq!(conn.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))?, 0);
/// # Ok(())
/// # }
/// ```
///
/// # Several histories
///
/// A library that keeps tables of its own in the database of a program brings its own migrations, with a history of their own:
///
/// ```
/// devilmcp_migrate::migrations!("examples/notes/migrations", table = "_devilmcp_migrations_notes");
/// # fn main() {}
/// ```
///
/// Program and library upgrade in any order, and each goes back by itself. What one makes is no drift to the other; of a table that no
/// history knows, nobody can then say whose it should be, and it is no drift either. The name begins with `_devilmcp_migrations_`, in small
/// letters: so no migration can touch the table, and whoever looks at the database sees whose it is. Two libraries that choose one name
/// refuse each other's history. The field `user_version` is the program's, so the start of a library that has nothing to do reads the newest
/// row of its history. [`Status::other_histories`] says which there are.
///
/// # Errors
///
/// Every problem is a compiler error of its own with a code, file, line, snippet and remedy, or a compiler warning. The two items
/// are there even then, so that nothing else fails to compile.
///
/// # Notes
///
/// The migrations are run on the bundled SQLite, in memory, and no file is touched. In a debug build, a start of the program
/// compares the directory with what was compiled in, if it is still there.
pub use devilmcp_migrate_macros::migrations;
pub use difference::Difference;
pub use error::{Error, ErrorKind};
pub use event::Event;
pub use foreign_keys::Violation;
pub use hook::{Hook, Prepared};
pub use hooks::{HookResult, When};
pub use migrations::Migrations;
pub use migrator::Migrator;
pub use plan::{Action, Plan, Segment, Step};
pub use policy::{Drift, Newer};
pub use report::{Done, Report};
pub use status::{Applied, Status};
pub use target::Target;
#[cfg(feature = "tokio")]
pub use upgrade_file::UpgradeFile;
pub use versioned::{UnknownVersion, Versioned};

/// For `build.rs`: `fn main() { devilmcp_migrate::build::watch("migrations"); }`, of a crate that is published without its migrations. Where they
/// are always there, `println!("cargo::rerun-if-changed=migrations");` does the same, and needs no build-dependency.
pub mod build {
    pub use devilmcp_migrate_core::watch::watch;
}

/// The design of this crate: what is decided, and why.
#[doc = include_str!("../DESIGN.md")]
pub mod _design {}

/// A guided tour.
#[doc = include_str!("../guide.md")]
pub mod _guide {}

pub mod _coming_from;

/// Migrations for what comes up again and again.
#[doc = include_str!("../cookbook.md")]
pub mod _cookbook {}

/// Every problem that a build may report: what is behind it, and what to do.
#[doc = include_str!("../problems.md")]
pub mod _problems {}

/// What generated code uses. The name carries the version, so that code of another version does not compile against it.
#[doc(hidden)]
pub mod __private {
    pub mod v0 {
        pub use crate::embedded::{Adoption, Embedded, Known, Summary, UserVersion, Watched, known};
        pub use crate::versioned::debug;
        pub use devilmcp_migrate_core::digest::Digest;
        pub use devilmcp_migrate_core::migration::past;
        pub use devilmcp_migrate_core::packed::Packed;
        pub use devilmcp_migrate_core::tool::Tool;

        use crate::migrations::Migrations;

        pub use crate::__track as track;

        pub const fn migrations<V>(embedded: Embedded) -> Migrations<V> {
            Migrations::new(embedded)
        }
    }
}

/// Makes the compiler depend on files, so that a change to one of them rebuilds the crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __track {
    ($directory:expr, $($file:literal),+) => {
        const _: &[&[u8]] = &[$(::core::include_bytes!(::core::concat!($directory, "/", $file))),+];
    };
}
