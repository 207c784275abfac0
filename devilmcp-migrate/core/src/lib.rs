//! Implementation detail of [`devilmcp-migrate`](https://docs.rs/devilmcp-migrate): what its macro, its runtime and its
//! command line all need, written once. Depend on that crate, not on this one; nothing here keeps its shape.
//!
//! A directory becomes [`source`] files, those become a [`sequence`] of [`script`]s, and [`prove`] runs them on a real
//! SQLite; [`check`](mod@check) is all of that. What is wrong is a [`problem`] under a [`rule`], and [`render`] shows it.
//! All of these are behind the feature `prove`, so that a program does not compile what only its build needs.

#![cfg_attr(
    not(feature = "prove"),
    expect(dead_code, reason = "what only the prover uses is little, and stands with what it belongs to")
)]

#[cfg(feature = "prove")]
pub mod allowance;
#[cfg(feature = "prove")]
pub mod alteration;
pub mod authorizer;
#[cfg(feature = "prove")]
pub mod check;
#[cfg(feature = "prove")]
pub mod checkpoint;
#[cfg(feature = "prove")]
pub mod declare;
#[cfg(feature = "diagram")]
pub mod diagram;
pub mod diff;
pub mod digest;
#[cfg(feature = "prove")]
pub mod directive;
pub mod feature;
#[cfg(feature = "prove")]
pub mod generate;
#[cfg(feature = "prove")]
pub mod hazard;
pub mod history;
mod keyword;
#[cfg(feature = "prove")]
pub mod layout;
#[cfg(feature = "prove")]
pub mod lint;
pub mod listing;
#[cfg(feature = "prove")]
pub mod lockfile;
pub mod migration;
pub mod mode;
pub mod name;
pub mod nearest;
#[cfg(feature = "prove")]
mod numbered;
pub mod packed;
#[cfg(feature = "prove")]
pub mod place;
pub mod position;
#[cfg(feature = "prove")]
pub mod problem;
#[cfg(feature = "prove")]
pub mod prove;
#[cfg(feature = "prove")]
pub mod remember;
#[cfg(feature = "prove")]
pub mod render;
#[cfg(feature = "prove")]
pub mod replica;
#[cfg(feature = "prove")]
pub mod revision;
mod rows;
#[cfg(feature = "prove")]
pub mod rule;
pub mod run;
pub mod schema;
#[cfg(feature = "prove")]
pub mod script;
#[cfg(feature = "prove")]
pub mod sequence;
#[cfg(feature = "prove")]
pub mod source;
#[cfg(feature = "prove")]
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
