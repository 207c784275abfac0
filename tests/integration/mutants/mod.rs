//! DevilMCP's own migrations, each time with one mistake: the build must find every one of them.

mod table;

use std::path::Path;

use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::prove::replay;
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::{self, Entry, SourceFile};

use table::MUTANTS;

/// A mistake that somebody could make in one of the files.
struct Mutant {
    mistake: &'static str,
    /// Where.
    file: &'static str,
    /// What stands there, once.
    text: &'static str,
    /// What the mistake makes of it.
    instead: &'static str,
    /// Of the rule under which it must be found.
    code: &'static str,
}

#[test]
fn as_they_are_nothing_is_wrong() {
    let found: Vec<String> = problems(migrations()).iter().map(render::plain).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn every_mutant_is_found_under_its_rule() {
    let migrations = migrations();
    let missed: Vec<String> = MUTANTS.iter().filter_map(|mutant| mutant.missed(migrations.clone())).collect();
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

impl Mutant {
    /// What was found instead, if the mutant was not found for what it is.
    fn missed(&self, mut migrations: Vec<Entry>) -> Option<String> {
        let Self { mistake, file, text, instead, code } = self;
        let entry = migrations.iter_mut().find(|entry| entry.name.to_string() == *file).unwrap();
        assert_eq!(entry.file.text.matches(text).count(), 1, "{mistake}: {file} has not, once, {text}");
        entry.file = SourceFile::new(&entry.file.path, entry.file.text.replace(text, instead));
        let problems = problems(migrations);
        let is_found = problems.iter().any(|problem| problem.rule.code == *code && problem.is_error());
        let shown: Vec<String> = problems.iter().map(render::plain).collect();
        (!is_found).then(|| format!("{mistake}: not {code}, but {}: {}", problems.len(), shown.join("\n")))
    }
}

fn migrations() -> Vec<Entry> {
    let mut problems = Problems::new();
    let entries = source::read(Path::new("../migrations"), "migrations", &mut problems);
    assert!(problems.finish().is_empty());
    entries
}

fn problems(migrations: Vec<Entry>) -> Vec<Problem> {
    let mut problems = Problems::new();
    if let Some(sequence) = Sequence::new(migrations, "migrations", &mut problems).filter(|_| !problems.has_errors()) {
        replay(&sequence, &mut problems);
    }
    problems.finish()
}
