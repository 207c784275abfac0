//! A project of the example program's, and its command line at work there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use devilmcp_migrate::rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::support;

/// A directory for one project.
pub(crate) struct Site(TempDir);

impl Site {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn legacy() -> Self {
        let site = Self::new();
        fs::create_dir(site.storage()).unwrap();
        let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/legacy/create_all_nov.sql");
        support::database_from_dump(&dump, &site.database());
        site
    }

    pub(crate) fn storage(&self) -> PathBuf {
        self.0.path().join("storage")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.storage().join("devilmcp.db")
    }

    pub(crate) fn connect(&self) -> Connection {
        fs::create_dir_all(self.storage()).unwrap();
        Connection::open(self.database()).unwrap()
    }

    pub(crate) fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(support::example("devilmcp"));
        command.arg("db").args(verb.split_whitespace()).env("DEVILMCP_STORAGE_PATH", self.storage());
        command
    }

    pub(crate) fn db(&self, verb: &str) -> Run {
        let output = self.command(verb).output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        Run { code: output.status.code().unwrap(), stdout, stderr }
    }
}

/// How a call has ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// What was answered; nothing else was said.
    pub(crate) fn done(self) -> String {
        self.done_with(0)
    }

    /// What was answered by a call that ends with this code; nothing else was said.
    pub(crate) fn done_with(self, code: i32) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (code, ""), "{}", self.stdout);
        self.stdout
    }

    /// Why it failed; nothing else was said.
    pub(crate) fn refused(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (1, ""), "{}", self.stderr);
        self.stderr
    }

    /// The answer of a call that ends with this code.
    pub(crate) fn json(self, code: i32) -> Value {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stderr.is_empty(), code == 0 || code == 3, "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }
}
