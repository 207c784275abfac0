//! Which directory a call means.

use std::path::{Path, PathBuf};

use devilmcp_migrate_core::watch;

use crate::call::Call;

/// A migrations directory that exists.
pub(crate) struct Directory {
    /// Where it is on this machine.
    pub(crate) path: PathBuf,
    /// As it was typed, with `/`.
    pub(crate) shown: String,
    /// Whether it is where cargo says the crate is, so that generated code can name it in a way that is the same on every
    /// machine.
    pub(crate) in_manifest: bool,
    /// Whether cargo looks at it.
    pub(crate) watched: Watched,
}

/// Whether the build script of the crate has told cargo to rebuild it when something in the directory changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watched {
    Yes,
    /// It was run before the directory was there.
    TooEarly,
    No,
}

impl Watched {
    fn of(typed: &str, root: &Path) -> Self {
        match std::env::var(watch::variable(typed)) {
            Ok(directory) if directory.is_empty() => Self::TooEarly,
            Ok(directory) if directory.trim_end_matches('/') == typed.trim_end_matches('/') => Self::Yes,
            _ => {
                let script = std::fs::read_to_string(root.join("build.rs")).unwrap_or_default();
                if watch::is_watched_by(&script, typed) { Self::Yes } else { Self::No }
            }
        }
    }
}

/// Finds the directory of a call: relative to the folder of the crate's `Cargo.toml`.
///
/// A test harness like trybuild builds a copy of a crate whose sources stay where they are. So if there is no such folder,
/// it is looked for beside the `Cargo.toml` above the file in which the call is written.
pub(crate) fn directory(call: &Call) -> syn::Result<Directory> {
    let typed = call.directory();
    let mut looked = Vec::new();
    let roots = [(manifest(), true), (above_source(call), false)];
    for (root, in_manifest) in roots.into_iter().filter_map(|(root, in_manifest)| Some((root?, in_manifest))) {
        let path = root.join(&typed);
        if path.is_dir() {
            // Elsewhere it is a test harness that builds, without the crate's build script.
            let watched = if in_manifest { Watched::of(&typed, &root) } else { Watched::No };
            return Ok(Directory { path, shown: typed.trim_end_matches('/').to_owned(), in_manifest, watched });
        }
        let found = if path.exists() { "is not a directory" } else { "does not exist" };
        let line = format!("  {} {found}", shown(&path));
        if !looked.contains(&line) {
            looked.push(line);
        }
    }
    let message = format!(
        "there is no migrations directory `{typed}` [M001]\n{}\n  = help: create it, or correct the path: it is relative to the \
         folder of the crate's Cargo.toml",
        looked.join("\n")
    );
    Err(syn::Error::new(call.span(), message))
}

fn manifest() -> Option<PathBuf> {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)
}

fn above_source(call: &Call) -> Option<PathBuf> {
    let file = call.span().unwrap().local_file()?;
    let file = std::path::absolute(file).ok()?;
    file.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file()).map(Path::to_owned)
}

/// A path without what is above the place where the compiler runs, which is the workspace.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
