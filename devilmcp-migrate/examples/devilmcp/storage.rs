//! Where a project's database is.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{self, Path, PathBuf};

use crate::error::StartError;

/// The place of one project's database. Nothing need exist there yet.
#[derive(Debug)]
pub(crate) struct Storage {
    project: PathBuf,
    directory: PathBuf,
    database: PathBuf,
}

impl Storage {
    /// The storage of a project, or of the current directory, unless the environment names another.
    pub(crate) fn locate(project: Option<&Path>) -> Result<Self, StartError> {
        // A misspelt project must not become a new, empty one.
        if let Some(project) = project.filter(|project| !project.is_dir()) {
            return Err(StartError::Project(project.to_owned()));
        }
        let project = project.unwrap_or(Path::new("."));
        let absolute =
            |path: &Path| path::absolute(path).map_err(|source| StartError::Path { path: path.to_owned(), source });
        let directory = absolute(&directory(env::var_os(STORAGE_PATH), project))?;
        Ok(Self { project: absolute(project)?, database: directory.join("devilmcp.db"), directory })
    }

    /// The project's own directory.
    pub(crate) fn project(&self) -> &Path {
        &self.project
    }

    /// The database file.
    pub(crate) fn database(&self) -> &Path {
        &self.database
    }

    /// Makes room for the database file.
    pub(crate) fn create(&self) -> Result<(), StartError> {
        fs::create_dir_all(&self.directory)
            .map_err(|source| StartError::Directory { path: self.directory.clone(), source })
    }
}

/// The rule itself. A variable that is set to nothing counts as not set, as shells and service files produce it.
fn directory(storage_path: Option<OsString>, project: &Path) -> PathBuf {
    match storage_path.filter(|path| !path.is_empty()) {
        Some(path) => path.into(),
        None => project.join(".devilmcp").join("storage"),
    }
}

const STORAGE_PATH: &str = "DEVILMCP_STORAGE_PATH";
