//! The quick start of the README, done as it says.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

#[test]
fn the_quick_start_compiles_and_prints_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let project = TempDir::new().unwrap();
    let files = files(&readme);
    assert_eq!(files.len(), 5, "{files:?}");
    for (name, text) in files {
        let library = format!("{{ path = {:?}", root.join("devilmcp-migrate"));
        let text = text
            .replace("{ version = \"0.1\"", &library)
            .replace("devilmcp-migrate = \"0.1\"", &format!("devilmcp-migrate = {library} }}"));
        let path = project.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    // The versions that are here already: the test must not depend on a network.
    std::fs::copy(root.join("Cargo.lock"), project.path().join("Cargo.lock")).unwrap();

    for said in [
        "at version Some(V0001CreateNotes), 1 applied just now",
        "at version Some(V0001CreateNotes), 0 applied just now",
    ] {
        let output = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--offline"])
            .current_dir(project.path())
            .env("CARGO_TARGET_DIR", target())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((String::from_utf8_lossy(&output.stdout).trim_end(), &*stderr), (said, ""));
    }
}

/// The code blocks that a file name introduces.
fn files(readme: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut parts = readme.split("```");
    while let (Some(before), Some(block)) = (parts.next(), parts.next()) {
        let heading = before.trim_end().lines().last().unwrap_or_default();
        let Some((name, _)) = heading.strip_prefix('`').and_then(|rest| rest.split_once('`')) else { continue };
        if heading.ends_with(':') {
            let (_, text) = block.split_once('\n').unwrap();
            files.push((name.to_owned(), text.to_owned()));
        }
    }
    files
}

/// Its own, beside the tests': so SQLite is compiled once.
fn target() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    here.ancestors().nth(3).unwrap().join("quick-start")
}
