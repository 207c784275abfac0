//! How much is tried.

use std::env;

/// How many times as many points are tried as by default; none if it is every single one.
pub(crate) fn times() -> Option<usize> {
    match env::var("DEVILMCP_MIGRATE_FAULTS") {
        Ok(all) if all == "all" => None,
        Ok(times) => Some(times.parse().unwrap()),
        Err(_) => Some(1),
    }
}

/// The points that are tried, one after the other: each of the first, and then every so many-th; or each of them.
pub(crate) fn points(first: u64, stride: usize) -> impl Iterator<Item = u64> {
    let stride = times().map_or(1, |times| (stride / times).max(1));
    (0..first).chain((first..).step_by(stride))
}
