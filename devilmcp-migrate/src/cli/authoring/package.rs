//! The crate around a directory of migrations, and what of it makes them a part of the program.

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate_core::watch;

use super::shown;

/// A crate, by its `Cargo.toml`.
#[derive(Debug)]
pub(super) struct Package {
    root: Option<PathBuf>,
    /// How the crate calls the directory of the migrations.
    directory: String,
}

/// Something that a person has to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where.
    pub(super) place: String,
    pub(super) text: String,
}

impl Package {
    /// The nearest one that `dir` is in.
    pub(super) fn around(dir: &Path) -> Self {
        let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        let is_crate = |folder: &&Path| text(folder, MANIFEST).lines().any(|line| line.trim() == "[package]");
        let root = whole.ancestors().skip(1).find(is_crate);
        let directory = root.and_then(|root| whole.strip_prefix(root).ok()).unwrap_or(dir);
        Self { root: root.map(Path::to_owned), directory: shown(directory) }
    }

    /// A build script by which cargo notices a new migration, and where it is to be; none where there is one, or no crate.
    pub(super) fn build_script(&self) -> Option<(&Path, String)> {
        let root = self.root.as_deref().filter(|root| !root.join(BUILD).exists())?;
        Some((root, format!("fn main() {{\n    {}\n}}\n", watch::line(&self.directory))))
    }

    /// What is not there yet.
    pub(super) fn missing(&self) -> Vec<Line> {
        let text = |name: &str| self.root.as_deref().map_or_else(String::new, |root| text(root, name));
        let line = |place: &str, text: String| Line { place: place.to_owned(), text };
        let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
        let manifest = text(MANIFEST);
        let mut missing = Vec::new();
        if !depends(&manifest, "dependencies") {
            let text = format!("devilmcp-migrate = {{ version = \"{version}\", features = [\"bundled\"] }}");
            missing.push(line("Cargo.toml, [dependencies]", text));
        }
        let script = text(BUILD);
        if script.contains("devilmcp_migrate::") && !depends(&manifest, "build-dependencies") {
            missing.push(line("Cargo.toml, [build-dependencies]", format!("devilmcp-migrate = \"{version}\"")));
        }
        if !watch::is_watched_by(&script, &self.directory) {
            missing.push(line("build.rs, in main", watch::line(&self.directory)));
        }
        if !["src/main.rs", "src/lib.rs"].into_iter().any(|name| text(name).contains("migrations!(")) {
            missing.push(line(
                "src/main.rs or src/lib.rs",
                format!("devilmcp_migrate::migrations!({:?});", self.directory),
            ));
        }
        missing
    }
}

/// Whether a manifest names this crate in a section.
fn depends(manifest: &str, section: &str) -> bool {
    let (head, table) = (format!("[{section}]"), format!("[{section}.devilmcp-migrate]"));
    let mut is_in_section = false;
    manifest.lines().map(str::trim).any(|line| {
        if line.starts_with('[') {
            is_in_section = line == head;
        }
        let key = line.split(['=', '.']).next().unwrap_or_default().trim().trim_matches('"');
        line == table || is_in_section && key == "devilmcp-migrate"
    })
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

const MANIFEST: &str = "Cargo.toml";
/// What cargo calls a build script, unless the manifest says otherwise.
pub(super) const BUILD: &str = "build.rs";

#[cfg(test)]
mod tests {
    use super::depends;

    #[test]
    fn a_manifest_says_what_it_depends_on() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\ndevilmcp-migrate.workspace = true\n\n[dev-dependencies]\ndevilmcp-migrate-core = \"1\"\n";
        assert!(depends(manifest, "dependencies"));
        assert!(!depends(manifest, "build-dependencies") && !depends(manifest, "dev-dependencies"));
        assert!(depends("[build-dependencies.devilmcp-migrate]\nversion = \"0.1\"\n", "build-dependencies"));
    }
}
