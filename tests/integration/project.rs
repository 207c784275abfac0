//! Crates of their own, which cargo builds as it builds a user's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A crate in a directory that goes with it.
pub(crate) struct Project(TempDir);

impl Project {
    /// Nothing is in it but the versions that are here already: a test must not depend on a network.
    pub(crate) fn new() -> Self {
        let project = Self(TempDir::new().unwrap());
        fs::copy(root().join("Cargo.lock"), project.path().join("Cargo.lock")).unwrap();
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn cargo(&self, verb: &str) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([verb, "--quiet", "--offline"]).current_dir(self.path()).env("CARGO_TARGET_DIR", target());
        cargo.output().unwrap()
    }
}

/// Of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// How a manifest says where the library is.
pub(crate) fn library() -> String {
    format!("path = '{}'", root().join("devilmcp-migrate").display())
}

/// Its own, beside the tests', and kept: so SQLite is compiled once.
pub(crate) fn target() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    here.ancestors().nth(3).unwrap().join("quick-start")
}
