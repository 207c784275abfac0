//! Migrations in order: what can be known without running them.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::directive::Directives;
use crate::name::{Direction, Number};
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::script::Script;
use crate::source::Entry;

/// Migrations in strictly increasing order, each with its way back or a word that there is none. [`Sequence::new`] is the
/// only way to get one.
#[derive(Debug, Clone)]
pub struct Sequence(Vec<Script>);

impl Sequence {
    /// Puts the files of a directory, which the user calls `shown`, in order; none if that cannot be done.
    pub fn new(entries: Vec<Entry>, shown: &str, problems: &mut Problems) -> Option<Self> {
        let mut scripts = Vec::new();
        let mut history = Digest::EMPTY;
        for (number, files) in by_number(entries) {
            let Some((Entry { name, file }, down)) = files.pair(problems) else { continue };
            let directives = Directives::read(&file, problems);
            match (&down, &directives.irreversible) {
                (None, None) => problems.push(missing_down(&file.path)),
                (Some(_), Some(at)) => {
                    problems.push(Problem::at_text(&rule::UNUSED_DOWN, &file, at.clone(), "but a .down.sql is there"));
                }
                (Some(down), None) => Directives::forbid(&down.file, problems),
                (None, Some(_)) => {}
            }
            if let Some(at) = directives.baseline.clone().filter(|_| !scripts.is_empty()) {
                problems.push(Problem::at_text(&rule::LATE_BASELINE, &file, at, "not the first migration"));
            }
            let digest = Digest::of_script(&file.text);
            history = history.then(number, &name.slug, digest);
            let down = down.map(|down| down.file);
            scripts.push(Script { number, slug: name.slug, up: file, down, directives, digest, history });
        }
        check_numbers(&scripts, problems);
        if scripts.is_empty() && !problems.has_errors() {
            problems.push(Problem::at_path(&rule::NO_MIGRATIONS, shown));
        }
        for script in scripts.iter().filter(|script| script.is_empty()) {
            problems.push(Problem::at_path(&rule::EMPTY, &*script.up.path));
        }
        (!scripts.is_empty()).then_some(Self(scripts))
    }

    /// The migrations, first to last; at least one.
    pub fn scripts(&self) -> &[Script] {
        &self.0
    }
}

/// The files of one number.
#[derive(Default)]
struct Files {
    ups: Vec<Entry>,
    downs: Vec<Entry>,
}

impl Files {
    /// The migration and its way back; what is one file too many is reported.
    fn pair(mut self, problems: &mut Problems) -> Option<(Entry, Option<Entry>)> {
        let slugs: Vec<String> = self.ups.iter().map(|up| up.name.slug.clone()).collect();
        let mut ups = self.ups.into_iter();
        let up = ups.next();
        if let Some(first) = &up {
            for other in ups {
                let title = format!("`{}` and `{}` share number {}", first.name, other.name, other.name.number);
                problems.push(Problem::at_path(&rule::DUPLICATE_NUMBER, &*other.file.path).titled(title));
            }
        }
        // A down that goes by the migration's name is its own; failing that, one that goes by nobody's is misnamed.
        let own = self.downs.iter().position(|down| slugs.first() == Some(&down.name.slug));
        let misnamed = || self.downs.iter().position(|down| up.is_some() && !slugs.contains(&down.name.slug));
        let taken = own.or_else(misnamed).map(|at| self.downs.remove(at));
        // Those of a migration that shares the number are to be renumbered with it, which is said already.
        for orphan in taken.iter().chain(&self.downs).filter(|down| !slugs.contains(&down.name.slug)) {
            problems.push(orphan_down(orphan, slugs.first()));
        }
        up.map(|up| (up, taken))
    }
}

fn by_number(entries: Vec<Entry>) -> BTreeMap<Number, Files> {
    let mut numbers: BTreeMap<Number, Files> = BTreeMap::new();
    for entry in entries {
        let files = numbers.entry(entry.name.number).or_default();
        let list = if entry.name.direction == Direction::Up { &mut files.ups } else { &mut files.downs };
        list.push(entry);
    }
    numbers
}

fn orphan_down(down: &Entry, slug: Option<&String>) -> Problem {
    let problem = Problem::at_path(&rule::ORPHAN_DOWN, &*down.file.path);
    match slug {
        Some(slug) => problem.helped(format!("rename it to {}_{slug}.down.sql", down.name.number)),
        None => problem,
    }
}

fn missing_down(path: &str) -> Problem {
    let down = path.strip_suffix(".sql").unwrap_or(path);
    let help = format!("write {down}.down.sql, or put `-- migrate: irreversible` at the top of {path}");
    Problem::at_path(&rule::MISSING_DOWN, path).helped(help)
}

fn check_numbers(scripts: &[Script], problems: &mut Problems) {
    let Some(first) = scripts.first() else { return };
    let timestamps = first.number.is_timestamp();
    if let Some(other) = scripts.iter().find(|script| script.number.is_timestamp() != timestamps) {
        problems.push(Problem::at_path(&rule::MIXED_NUMBERS, &*other.up.path));
        return;
    }
    let mut expected = 1;
    for script in scripts.iter().filter(|_| !timestamps) {
        let number = script.number.get();
        if number != expected {
            let (from, to) = (Missing(expected), Missing(number - 1));
            let title = if expected == number - 1 {
                format!("there is no migration {from} before {}", script.label())
            } else {
                format!("there are no migrations {from} to {to} before {}", script.label())
            };
            problems.push(Problem::at_path(&rule::GAP, &*script.up.path).titled(title));
        }
        expected = number.saturating_add(1);
    }
}

/// A number that no migration has.
struct Missing(i64);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.0)
    }
}
