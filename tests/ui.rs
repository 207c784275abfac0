//! What the macro refuses, and how it says so; and what it has to take.
//!
//! A case is a file of `ui/`, named as the mistake in it, beside what the compiler says of it. After a change of wording,
//! `TRYBUILD=overwrite` writes that anew, to be read as a stranger would: can the file be repaired from the text alone?

#![expect(clippy::unwrap_used, reason = "what cannot be read or made here fails the test, as it should")]

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate_core::rule;

#[test]
fn what_is_right_compiles_and_runs() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}

// Apart from those that run: as long as there is nothing to link, trybuild checks all cases at once.
#[test]
fn a_mistake_is_said() {
    let made = fixtures_that_git_cannot_keep();
    let cases = trybuild::TestCases::new();
    for case in failing_cases().filter(|case| made || !case.ends_with("case_collision.rs")) {
        cases.compile_fail(case);
    }
}

#[test]
fn every_rule_has_a_case() {
    // What only `devilmcp-migrate check --full` finds out has its case in `integration/checkpoint.rs`.
    let beyond_a_build = ["integration/snapshots/integration__checkpoint__found_by_running_everything.snap"];
    let beyond_a_build = beyond_a_build.iter().map(|path| fs::read_to_string(path).unwrap());
    let said: Vec<String> = failing_cases().map(|case| said(&case)).chain(beyond_a_build).collect();
    for rule in rule::ALL {
        let code = format!("[{}]", rule.code);
        assert!(said.iter().any(|text| text.contains(&code)), "no case in ui/ breaks the rule {code} {}", rule.title);
    }
}

/// What a stranger must not have to see: consequences of the mistake, and the paths of somebody else's machine.
#[test]
fn one_mistake_stays_one() {
    // The last is two mistakes: the foreign key, and the rows that depend on it.
    const SEVERAL: [&str; 3] = ["begin_and_commit", "several_mistakes", "renamed_parent"];
    let here = env!("CARGO_MANIFEST_DIR").trim_end_matches("tests");
    for case in failing_cases().filter(|case| SEVERAL.iter().all(|several| !case.with_extension("").ends_with(several)))
    {
        let said = said(&case);
        let errors = said.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{}: {said}", case.display());
        assert!(!said.contains(here), "{}: {said}", case.display());
    }
}

/// Every case that must not compile.
fn failing_cases() -> impl Iterator<Item = PathBuf> {
    const KINDS: [&str; 18] = [
        "call",
        "layout",
        "hook",
        "name",
        "order",
        "encoding",
        "directive",
        "lint",
        "lock",
        "sql",
        "denied",
        "references",
        "reversal",
        "rows",
        "baseline",
        "schema",
        "example",
        "warning",
    ];
    let mut cases: Vec<PathBuf> = KINDS.iter().flat_map(|kind| files(&Path::new("ui").join(kind))).collect();
    cases.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    cases.sort();
    cases.into_iter()
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
}

fn said(case: &Path) -> String {
    fs::read_to_string(case.with_extension("stderr")).unwrap_or_default()
}

/// Makes the fixtures that cannot be committed. Whether they could be made: on macOS and Windows, names that differ in case
/// are one file.
fn fixtures_that_git_cannot_keep() -> bool {
    let fixtures = Path::new("fixtures/ui");
    fs::create_dir_all(fixtures.join("empty_directory")).unwrap();
    let collision = fixtures.join("case_collision");
    fs::create_dir_all(&collision).unwrap();
    for name in ["0001_notes.sql", "0001_Notes.sql"] {
        fs::write(collision.join(name), "-- migrate: irreversible\nCREATE TABLE notes (id INTEGER PRIMARY KEY);\n")
            .unwrap();
    }
    files(&collision).count() == 2
}
