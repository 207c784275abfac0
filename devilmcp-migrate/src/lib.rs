//! Compile-time checked migrations for SQLite.

mod adopt;
mod apply;
#[cfg(feature = "cli")]
pub mod cli;
mod embedded;
mod error;
mod foreign_keys;
mod header;
mod ledger;
mod migrations;
mod migrator;
mod plan;
mod report;
mod session;
mod stale;
mod status;
mod target;
mod template;
mod versioned;

pub use rusqlite;

pub use devilmcp_migrate_macros::migrations;
pub use error::{Error, ErrorKind};
pub use foreign_keys::Violation;
pub use migrations::Migrations;
pub use migrator::Migrator;
pub use plan::{Action, Plan, Step};
pub use report::{Done, Report};
pub use status::{Applied, Status};
pub use target::Target;
pub use versioned::{UnknownVersion, Versioned};

/// For `build.rs`.
pub mod build {
    pub use devilmcp_migrate_core::watch::watch;
}

/// The design of this crate: what is decided, and why.
#[doc = include_str!("../DESIGN.md")]
pub mod _design {}

/// What generated code uses. The name carries the version, so that code of another version does not compile against it.
#[doc(hidden)]
pub mod __private {
    pub mod v0 {
        pub use crate::embedded::{Adoption, Embedded, Watched};
        pub use devilmcp_migrate_core::digest::Digest;
        pub use devilmcp_migrate_core::migration::Migration;
        pub use devilmcp_migrate_core::standing::Standing;

        use crate::migrations::Migrations;

        pub const fn migrations<V>(embedded: Embedded) -> Migrations<V> {
            Migrations::new(embedded)
        }
    }
}
