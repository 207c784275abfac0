//! How much is tried.

use std::env;

/// Whether every single point is to be tried, which takes long.
pub(crate) fn is_all() -> bool {
    env::var("DEVILMCP_MIGRATE_FAULTS").is_ok_and(|size| size == "all")
}

/// The points that are tried, one after the other: each of the first, and then every so many-th; or each of them.
pub(crate) fn points(first: u64, stride: usize) -> impl Iterator<Item = u64> {
    let stride = if is_all() { 1 } else { stride };
    (0..first).chain((first..).step_by(stride))
}
