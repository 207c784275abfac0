//! Implementation detail of [`devilmcp-migrate`](https://docs.rs/devilmcp-migrate): what its macro, its runtime and its
//! command line all need, written once. Depend on that crate, not on this one; nothing here keeps its shape.
//!
//! A directory becomes [`source`] files, those become a [`sequence`] of [`script`]s, and [`prove`] runs them on a real
//! SQLite; [`check`](mod@check) is all of that. What is wrong is a [`problem`] under a [`rule`], and [`render`] shows it.

pub mod allowance;
pub mod alteration;
pub mod authorizer;
pub mod check;
pub mod checkpoint;
pub mod declare;
#[cfg(feature = "diagram")]
pub mod diagram;
pub mod diff;
pub mod digest;
pub mod directive;
pub mod feature;
pub mod generate;
pub mod hazard;
pub mod history;
mod keyword;
pub mod layout;
pub mod lint;
pub mod lockfile;
pub mod migration;
pub mod mode;
pub mod name;
pub mod nearest;
mod numbered;
pub mod packed;
pub mod place;
pub mod problem;
pub mod prove;
pub mod remember;
pub mod render;
pub mod replica;
pub mod revision;
mod rows;
pub mod rule;
pub mod run;
pub mod schema;
pub mod script;
pub mod sequence;
pub mod source;
mod stamp;
pub mod standing;
pub mod statement;
pub mod text;
pub mod token;
pub mod tool;
pub mod watch;

/// The version of the SQLite that is linked: in a macro, of the one that runs migrations while a crate is compiled.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
