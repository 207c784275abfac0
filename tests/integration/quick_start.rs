//! The quick start of the README, done as it says; and what a new user does next.

use std::fs;
use std::process::Command;

use crate::project::{Project, library, root, target};

#[test]
fn the_quick_start_prints_what_it_says_and_a_new_file_is_noticed() {
    let project = of_the_readme();
    prints(&project, "at version Some(V0001CreateNotes), 1 applied just now");
    prints(&project, "at version Some(V0001CreateNotes), 0 applied just now");

    // Nothing but the directory has changed, so only the build script can have noticed.
    project.write("migrations/0002_add_pinned.sql", "ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;");
    project.write("migrations/0002_add_pinned.down.sql", "ALTER TABLE notes DROP COLUMN pinned;");
    prints(&project, "at version Some(V0002AddPinned), 1 applied just now");

    project.write("migrations/0002_add_pinned.down.sql", "SELECT 1;");
    let refused = project.cargo("run");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("[M107]") && said.contains("column `pinned` was not there before and is not removed"),
        "{said}"
    );
    project.write("migrations/0002_add_pinned.down.sql", "ALTER TABLE notes DROP COLUMN pinned;");
    prints(&project, "at version Some(V0002AddPinned), 0 applied just now");

    project.write("migrations/0003_add_title.sql", "ALTER TABLE notes ADD COLUMN title TEXT;");
    let stale = Command::new(target().join("debug/notes")).current_dir(project.path()).output().unwrap();
    let said = String::from_utf8_lossy(&stale.stderr);
    assert!(!stale.status.success() && said.contains("0003_add_title.sql (new)"), "{said}");
}

#[test]
fn a_crate_without_a_build_script_is_told_what_that_means() {
    let project = of_the_readme();
    let manifest = fs::read_to_string(project.path().join("Cargo.toml")).unwrap();
    project.write("Cargo.toml", &manifest.replace("name = \"notes\"", "name = \"unwatched\""));
    fs::remove_file(project.path().join("build.rs")).unwrap();
    let built = project.cargo("check");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success() && said.contains("cargo does not notice new files in `migrations`"), "{said}");
}

#[test]
fn a_directory_that_comes_after_the_build_script_was_run_is_looked_at_all_the_same() {
    let project = of_the_readme();
    let manifest = fs::read_to_string(project.path().join("Cargo.toml")).unwrap();
    let manifest = manifest.replace("name = \"notes\"", "name = \"early\"");
    let build_dependency = format!("\n[build-dependencies]\ndevilmcp-migrate = {{ {} }}\n", library());
    project.write("Cargo.toml", &(manifest + &build_dependency));
    project.write("build.rs", "fn main() { devilmcp_migrate::build::watch(\"migrations\"); }");
    let [here, away] = ["migrations", "elsewhere"].map(|name| project.path().join(name));
    fs::rename(&here, &away).unwrap();
    let refused = project.cargo("check");
    assert!(!refused.status.success(), "{refused:?}");

    fs::rename(&away, &here).unwrap();
    let warned = project.cargo("check");
    let said = String::from_utf8_lossy(&warned.stderr);
    assert!(
        warned.status.success() && said.contains("it was not there when build.rs was run: save build.rs"),
        "{said}"
    );

    // The compiler itself looks at the files that it knows.
    project.write("migrations/0001_create_notes.sql", "CREATE TABLE notes (;");
    let refused = project.cargo("check");
    assert!(!refused.status.success(), "{refused:?}");
}

/// A crate of its own, as the README describes it.
fn of_the_readme() -> Project {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let project = Project::new();
    let files = files(&readme);
    assert_eq!(files.len(), 5, "{files:?}");
    for (name, text) in files {
        project.write(&name, &text.replace("{ version = \"0.1\"", &format!("{{ {}", library())));
    }
    project
}

fn prints(project: &Project, line: &str) {
    let output = project.cargo("run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((String::from_utf8_lossy(&output.stdout).trim_end(), &*stderr), (line, ""));
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
