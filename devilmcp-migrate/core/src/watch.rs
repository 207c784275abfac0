//! Tells cargo to rebuild a crate when its migrations change.

use std::path::Path;

/// The variable by which the macro knows that a build script watches `directory`: that is its value, or nothing if there was
/// no such directory when the script was run.
pub fn variable(directory: &str) -> String {
    let sign = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let directory: String = directory.trim_end_matches('/').chars().map(sign).collect();
    format!("DEVILMCP_MIGRATE_WATCHES_{directory}")
}

/// The line of a build script by which cargo looks at `directory`, without this crate.
pub fn line(directory: &str) -> String {
    format!("println!(\"{TOLD}{directory}\");")
}

/// Whether the text of a build script has that [`line()`], or calls [`watch`].
pub fn is_watched_by(script: &str, directory: &str) -> bool {
    let directory = directory.trim_end_matches('/');
    let is_it =
        |rest: &str| rest.strip_prefix(directory).is_some_and(|rest| rest.starts_with('"') || rest.starts_with("/\""));
    script.split("rerun-if-changed=").skip(1).any(is_it) || script.split("build::watch(\"").skip(1).any(is_it)
}

const TOLD: &str = "cargo::rerun-if-changed=";

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
        println!("{TOLD}{directory}");
    }
}

#[cfg(test)]
mod tests {
    use super::{is_watched_by, line};

    #[test]
    fn a_build_script_watches_what_it_names_and_nothing_else() {
        assert!(is_watched_by(&format!("fn main() {{ {} }}", line("db/migrations")), "db/migrations/"));
        assert!(is_watched_by("println!(\"cargo:rerun-if-changed=migrations/\");", "migrations"));
        assert!(is_watched_by("devilmcp_migrate::build::watch(\"migrations\");", "migrations"));
        for other in [
            "",
            "fn main() {}",
            "println!(\"cargo::rerun-if-changed=build.rs\");",
            &line("migrations_old"),
            &line("migrations/new"),
        ] {
            assert!(!is_watched_by(other, "migrations"), "{other}");
        }
    }
}
