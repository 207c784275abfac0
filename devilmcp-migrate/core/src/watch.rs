//! Tells cargo to rebuild a crate when its migrations change.

use std::path::Path;

/// The variable by which the macro knows that a build script watches `directory`: that is its value, or nothing if there was
/// no such directory when the script was run.
pub fn variable(directory: &str) -> String {
    let sign = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let directory: String = directory.trim_end_matches('/').chars().map(sign).collect();
    format!("DEVILMCP_MIGRATE_WATCHES_{directory}")
}

/// To be called from `build.rs`: from then on a file added to, changed in or removed from `directory` rebuilds the crate.
///
/// `directory` is written as in `migrations!`, relative to the crate. Where it does not exist, as in a crate that was
/// published without it, nothing is watched: cargo would take it for changed at every build.
#[expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
pub fn watch(directory: &str) {
    let is_there = Path::new(directory).exists();
    println!("cargo::rustc-env={}={}", variable(directory), if is_there { directory } else { "" });
    println!("cargo::rerun-if-changed=build.rs");
    if is_there {
        println!("cargo::rerun-if-changed={directory}");
    }
}
