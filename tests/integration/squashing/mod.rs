//! Released migrations become one file; databases that have them do not notice, and new ones are the same.

mod databases;
mod files;

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate::Migrations;
use tempfile::TempDir;

use crate::authoring;
use crate::directory::{Any, program};
use crate::site::Run;

pub(crate) use databases::{contents, same_for_a_database_at};

/// A crate with a directory of migrations that was released.
pub(crate) struct Crate(TempDir);

impl Crate {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let made = Self(TempDir::new().unwrap());
        fs::create_dir(made.directory()).unwrap();
        for (name, text) in files {
            made.write(name, text);
        }
        made
    }

    pub(crate) fn copy_of(directory: &Path) -> Self {
        let made = Self::with(&[]);
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), made.directory().join(entry.file_name())).unwrap();
        }
        made
    }

    /// The migrations of the example, all of them released.
    fn devilmcp() -> Self {
        let made = Self::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations"));
        assert_eq!(made.run("lock").code, 0);
        made
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.0.path().join("migrations")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.directory().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.directory().join(name)).unwrap()
    }

    /// Every file with what is in it.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        let names = fs::read_dir(self.directory()).unwrap();
        let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names.into_iter().map(|name| (name.clone(), self.read(&name))).collect()
    }

    pub(crate) fn run(&self, call: &str) -> Run {
        authoring::run(self.0.path(), call)
    }

    fn program(&self) -> Migrations<Any> {
        program(&self.directory())
    }
}
