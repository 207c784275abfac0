//! Every problem is explained, by examples that are what they are said to be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use devilmcp_migrate_core::check::{Judged, Trust, check};
use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::rule::{self, Rule};
use serde_json::Value;
use tempfile::TempDir;

use crate::authoring::run;
use crate::site::Run;

const PAGE: &str = include_str!("../../devilmcp-migrate/problems.md");

/// Of these there is no example: they are about bytes, folders, and what other files say of one.
const WITHOUT: [&str; 16] = [
    "M001", "M002", "M005", "M012", "M013", "M021", "M022", "M023", "M024", "M025", "M026", "M027", "M028", "M029",
    "M030", "M031",
];

/// A section of the page, by its code.
fn section(rule: &Rule) -> &'static str {
    let heading = format!("\n## {}: {}\n", rule.code, rule.title);
    let (_, after) = PAGE.split_once(&heading).unwrap_or_else(|| panic!("{heading}"));
    after.split("\n## ").next().unwrap()
}

/// The files that stand in the blocks of a text.
fn files(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap());
    let file = |block: &str| {
        let (name, text) = block.strip_prefix("-- ").unwrap().split_once('\n').unwrap();
        (name.to_owned(), text.to_owned())
    };
    blocks.map(file).collect()
}

/// The codes of what is wrong with these files, if the lint of this code speaks, too.
fn problems(files: &[(String, String)], code: &str) -> Vec<(&'static str, String)> {
    let dir = TempDir::new().unwrap();
    let first = files.iter().any(|(name, _)| name.starts_with("0001_") && !name.contains(".down."));
    let given = if first { Vec::new() } else { start(PAGE) };
    for (name, text) in given.iter().chain(files) {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let lint = Lint::ALL.into_iter().find(|lint| lint.rule().code == code);
    let mut levels = Levels::default().with(Lint::MissingDown, Level::Allow);
    if let Some(lint) = lint {
        levels = levels.with(lint, Level::Deny);
    }
    if code == "M010" {
        // The first migration of the page has no way back either.
        fs::write(dir.path().join("0001_notes.down.sql"), "DROP TABLE notes; DROP TABLE users;").unwrap();
    }
    said(&dir, levels)
}

/// The migrations that all the examples of a page begin with.
fn start(page: &str) -> Vec<(String, String)> {
    files(page.split("\n## ").next().unwrap())
}

fn said(dir: &TempDir, levels: Levels) -> Vec<(&'static str, String)> {
    let checked = check(dir.path(), "migrations", Judged::Unlocked, Trust::Proved, levels);
    checked.problems.iter().map(|problem| (problem.rule.code, render::plain(problem))).collect()
}

#[test]
fn every_rule_has_a_section_and_every_section_a_rule() {
    let titles = PAGE.lines().filter_map(|line| line.strip_prefix("## "));
    let rules: Vec<String> = rule::ALL.iter().map(|rule| format!("{}: {}", rule.code, rule.title)).collect();
    assert_eq!(titles.collect::<Vec<_>>(), rules);
}

#[test]
fn the_page_begins_with_all_codes() {
    let row = |rule: &Rule| format!("| {} | {} | {} |\n", rule.code, rule.level.name(), rule.title);
    let table: String = rule::ALL.iter().map(|rule| row(rule)).collect();
    assert!(PAGE.contains(&format!("| code | level | what is wrong |\n|---|---|---|\n{table}\n")), "{table}");
}

#[test]
fn wrong_examples_break_their_rule_and_right_ones_none() {
    let mut without = BTreeSet::new();
    for rule in rule::ALL {
        let section = section(rule);
        let Some((_, examples)) = section.split_once("\nWrong:\n") else {
            without.insert(rule.code);
            continue;
        };
        let (wrong, right) = examples.split_once("\nRight:\n").unwrap_or((examples, ""));
        let found = problems(&files(wrong), rule.code);
        let codes: BTreeSet<&str> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, BTreeSet::from([rule.code]), "{found:#?}");
        if !right.is_empty() {
            assert_eq!(problems(&files(right), rule.code), [], "{}", rule.code);
        }
    }
    assert_eq!(without, BTreeSet::from(WITHOUT));
}

#[test]
fn recipes_work() {
    let page = include_str!("../../devilmcp-migrate/cookbook.md");
    let mut tried = 0;
    for section in page.split("\n## ").skip(1) {
        let files = files(section);
        let dir = TempDir::new().unwrap();
        for (name, text) in start(page).iter().chain(&files) {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let levels = Lint::ALL.into_iter().fold(Levels::default(), |levels, lint| levels.with(lint, Level::Deny));
        assert_eq!(said(&dir, levels), [], "{section}");
        tried += usize::from(!files.is_empty());
    }
    assert!(tried > 8, "{tried}");
}

#[test]
fn the_workflow_passes_where_all_is_released_and_not_where_something_is_missing() {
    let page = include_str!("../../devilmcp-migrate/cookbook.md");
    let lines = page.split("```yaml").nth(1).unwrap().split("```").next().unwrap().lines();
    let calls: Vec<&str> = lines.filter_map(|line| line.trim().strip_prefix("- run: devilmcp-migrate ")).collect();
    assert_eq!(calls.len(), 3, "{calls:?}");
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("migrations")).unwrap();
    for (name, text) in start(page) {
        fs::write(folder.path().join("migrations").join(name), text).unwrap();
    }
    let codes = || calls.iter().map(|call| run(folder.path(), call).code).collect::<Vec<_>>();
    for verb in ["pull", "lock"] {
        assert_eq!(run(folder.path(), verb).code, 0, "{verb}");
    }
    assert_eq!(codes(), [0, 0, 0]);
    // Somebody has declared a table, and forgotten the rest.
    let declared = folder.path().join("migrations/schema.sql");
    let text = fs::read_to_string(&declared).unwrap();
    fs::write(&declared, format!("{text}\nCREATE TABLE tags (id INTEGER PRIMARY KEY);\n")).unwrap();
    assert_eq!(codes(), [1, 3, 1]);
    assert_eq!(run(folder.path(), "diff -m tags").code, 0);
    assert_eq!(codes(), [0, 0, 3]);
}

fn explain(arguments: &str) -> Run {
    run(Path::new("."), &format!("explain {arguments}"))
}

#[test]
fn the_program_explains_every_code() {
    let list = explain("").done();
    for rule in rule::ALL {
        assert!(list.lines().any(|line| line.starts_with(rule.code) && line.ends_with(rule.title)), "{list}");
    }
    let said = explain("m202").done();
    let expected = section(&rule::NULL_ROWS).trim();
    assert_eq!(
        said,
        format!("M202 (error): {}\n\n{expected}\n\nWhat to do: {}.\n", rule::NULL_ROWS.title, rule::NULL_ROWS.help)
    );
    let documents: Value = serde_json::from_str(&explain("--json").done()).unwrap();
    let documents = documents.as_array().unwrap();
    assert_eq!(documents.len(), rule::ALL.len());
    assert!(documents.iter().all(|document| document["text"].as_str().is_some_and(|text| !text.is_empty())));
    let one: Value = serde_json::from_str(&explain("M202 --json").done()).unwrap();
    assert!(documents.contains(&one));
}

#[test]
fn a_code_that_is_none_is_not_explained() {
    let run = explain("M20");
    let said = "error: there is no problem \"M20\": did you mean M201? `devilmcp-migrate explain` lists them all\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (2, "", said));
}
