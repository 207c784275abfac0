//! Migrations in order: what can be known without running them.

use std::collections::BTreeSet;

use crate::checkpoint::Checkpoint;
use crate::digest::Digest;
use crate::directive::Directives;
use crate::lint::{Level, Levels, Lint};
use crate::lockfile::Lock;
use crate::numbered::{Set, by_number};
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::script::{Example, Script};
use crate::source::{Entry, SourceFile};
use crate::standing::Standing;
use crate::statement::statements;
use crate::token::{Kind, tokens};
use crate::tool::Tool;

/// Migrations in strictly increasing order, each with its way back or a word that there is none. [`Sequence::new`] is the
/// only way to get one.
#[derive(Debug, Clone)]
pub struct Sequence(Vec<Script>);

impl Sequence {
    /// Puts the files of a directory, which the user calls `shown`, in order; none if that cannot be done.
    pub fn new(entries: Vec<Entry>, shown: &str, problems: &mut Problems) -> Option<Self> {
        Self::locked(entries, &Lock::default(), shown, Levels::default(), problems)
    }

    /// The same where some of them have shipped, and with these levels of the lints.
    pub fn locked(
        entries: Vec<Entry>,
        lock: &Lock,
        shown: &str,
        levels: Levels,
        problems: &mut Problems,
    ) -> Option<Self> {
        let mut scripts = Vec::new();
        let mut history = Digest::EMPTY;
        let mut orphans = BTreeSet::new();
        for (number, mut files) in by_number(entries) {
            // Of several, the new one is to give way.
            files.ups.sort_by_key(|up| lock.name(number).is_some_and(|name| name != up.name.slug));
            let standing = lock.standing(number);
            let Some(Set { up: Entry { name, file }, down, given, then }) = files.sort(problems) else {
                orphans.insert(number.get());
                continue;
            };
            let directives = Directives::read(&file, problems);
            check_comments([&file].into_iter().chain(&down).chain(&given).chain(&then), problems);
            match (&down, &directives.irreversible) {
                (None, None) if directives.garbled || standing == Standing::Locked || directives.squashed.is_some() => {
                }
                (None, None) if directives.silence(Lint::MissingDown) => {}
                // Other tools have it so: nobody is asked for what they never wanted.
                (None, None) if file.origin.is_some() => {
                    let levels = levels.by_default(Lint::MissingDown, Level::Allow);
                    let problem = Problem::at_path(&rule::MISSING_DOWN, &*file.path);
                    let help = "write it where its tool looks for it, or put `-- migrate: irreversible` at the top";
                    problems.extend(levels.apply(Lint::MissingDown, problem.helped(help)));
                }
                (None, None) => {
                    let problem = levels.apply(Lint::MissingDown, missing_down(&file.path));
                    let counts = "as it is, it counts as irreversible";
                    problems.extend(problem.map(|one| if one.is_error() { one } else { one.noted(counts) }));
                }
                (Some(_), Some(at)) => {
                    problems.push(Problem::at_text(&rule::UNUSED_DOWN, &file, at.clone(), "but a .down.sql is there"));
                }
                (Some(down), None) => Directives::forbid(down, problems),
                (None, Some(_)) => {}
            }
            let example = example(given, then, problems);
            if let Some(at) = directives.baseline.clone().filter(|_| !scripts.is_empty()) {
                problems.push(Problem::at_text(&rule::LATE_BASELINE, &file, at, "not the first migration"));
            }
            problems.extend(directives.contradiction(&file));
            let is_squash = directives.squashed.is_some();
            let stands_for = if is_squash { lock.squashed_into(number).to_vec() } else { Vec::new() };
            if let Some(at) = directives.squashed.clone().filter(|_| stands_for.is_empty() && !lock.is_unknown()) {
                problems.push(Problem::at_text(&rule::SQUASH_UNKNOWN, &file, at, "of nothing that was released"));
            }
            let (digest, after) = lock.digests(number).unwrap_or_else(|| {
                let text = &file.text;
                let digest =
                    if is_squash { Digest::of_squash(text) } else { Digest::of_migration(directives.mode(), text) };
                // Databases have the history of what it stands for.
                let after = stands_for.last().map(|last| last.history);
                (digest, after.unwrap_or_else(|| history.then(number, &name.slug, digest)))
            });
            history = after;
            scripts.push(Script {
                number,
                slug: name.slug,
                up: file,
                down,
                example,
                directives,
                digest,
                history,
                stands_for,
                standing,
                checkpoint: None,
            });
        }
        // A locked migration that is missing is so for more than its number.
        orphans.extend(lock.numbers());
        check_numbers(&scripts, &orphans, problems);
        lock.compare(&scripts, problems);
        if scripts.is_empty() && !problems.has_errors() {
            problems.push(Problem::at_path(&rule::NO_MIGRATIONS, shown));
        }
        for script in scripts.iter().filter(|script| script.standing == Standing::Draft && script.is_empty()) {
            problems.push(Problem::at_path(&rule::EMPTY, &*script.up.path));
        }
        (!scripts.is_empty()).then_some(Self(scripts))
    }

    /// With nothing up to and with the migration that the checkpoint is of to be run; or with everything, if it is none.
    pub fn start_from(&mut self, checkpoint: Option<&Checkpoint>) {
        for script in &mut self.0 {
            script.checkpoint = checkpoint.filter(|checkpoint| checkpoint.last() == script.number).cloned();
        }
    }

    /// The checkpoint that stands for all of them, if there is one to start from.
    pub(crate) fn end(&self) -> Option<&Checkpoint> {
        self.0.last()?.checkpoint.as_ref()
    }

    /// The migrations, first to last; at least one.
    pub fn scripts(&self) -> &[Script] {
        &self.0
    }
}

/// The example that the files make, if they make one.
fn example(given: Option<SourceFile>, then: Option<SourceFile>, problems: &mut Problems) -> Option<Example> {
    for file in given.iter().chain(&then) {
        Directives::forbid(file, problems);
    }
    let Some(then) = then else {
        problems.extend(given.map(|given| Problem::at_path(&rule::NOTHING_EXPECTED, &*given.path)));
        return None;
    };
    if statements(&then.text).is_empty() {
        let problem = Problem::at_path(&rule::NOTHING_EXPECTED, &*then.path);
        problems.push(problem.helped("write a query that returns what must not be there after the migration"));
        return None;
    }
    Some(Example { given, then })
}

fn missing_down(path: &str) -> Problem {
    let name = path.rsplit('/').next().unwrap_or(path);
    let down = name.strip_suffix(".sql").unwrap_or(name);
    let help = format!("write {down}.down.sql, or put `-- migrate: irreversible` at the top of {name}");
    Problem::at_path(&rule::MISSING_DOWN, path).helped(help)
}

/// SQLite takes the rest of the file for a comment, and says nothing.
fn check_comments<'a>(files: impl Iterator<Item = &'a SourceFile>, problems: &mut Problems) {
    for file in files {
        // Looked for first because it is one byte, which is found sooner.
        if !(file.text.contains('*') && file.text.contains("/*")) {
            continue;
        }
        let is_open = |comment: &str| comment.starts_with("/*") && (comment.len() < 4 || !comment.ends_with("*/"));
        let last = tokens(&file.text).last();
        if let Some(last) = last.filter(|token| token.kind == Kind::Comment && is_open(token.text)) {
            let range = last.start..last.start + 2;
            problems.push(Problem::at_text(&rule::OPEN_COMMENT, file, range, "begins here"));
        }
    }
}

fn check_numbers(scripts: &[Script], orphans: &BTreeSet<i64>, problems: &mut Problems) {
    let Some(first) = scripts.first() else { return };
    // Most tools take any numbers, as long as they grow.
    if first.up.origin.as_ref().is_some_and(|origin| origin.revision.tool != Tool::RusqliteMigration) {
        return;
    }
    let timestamps = first.number.is_timestamp();
    if let Some(other) = scripts.iter().find(|script| script.number.is_timestamp() != timestamps) {
        problems.push(Problem::at_path(&rule::MIXED_NUMBERS, &*other.up.path));
        return;
    }
    // A number that seems to be missing may be that of a file whose name could not be read, or that another one stands for, which is
    // said already.
    if timestamps || problems.has(&[&rule::UNKNOWN_FILE, &rule::BAD_NAME, &rule::SQUASH_UNKNOWN]) {
        return;
    }
    let mut expected = 1;
    for script in scripts {
        let number = script.number.get();
        while expected < number && orphans.contains(&expected) {
            expected += 1;
        }
        if number > expected {
            problems.push(gap(script, expected, number));
        }
        expected = number.saturating_add(1);
    }
}

fn gap(script: &Script, expected: i64, number: i64) -> Problem {
    let (from, to) = (Missing(expected), Missing(number - 1));
    let title = if expected == number - 1 {
        format!("there is no migration {from} before {}", script.label())
    } else {
        format!("there are no migrations {from} to {to} before {}", script.label())
    };
    let problem = Problem::at_path(&rule::GAP, &*script.up.path).titled(title);
    if number >= SHORTEST_DATE {
        problem.helped("a timestamp has 14 digits, YYYYMMDDhhmmss; other numbers are consecutive from 0001")
    } else {
        problem
    }
}

/// A number that no migration has.
struct Missing(i64);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// A number from here on is hardly meant as one of a series: it is YYMMDD, if not more.
const SHORTEST_DATE: i64 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    fn problems_of(file_names: &[&str]) -> Vec<Problem> {
        let mut problems = Problems::new();
        let entry = |file_name: &&str| {
            let text = "-- migrate: irreversible\nSELECT 1;".to_owned();
            Entry { name: Name::parse(file_name).unwrap(), file: SourceFile::new(file_name, text) }
        };
        Sequence::new(file_names.iter().map(entry).collect(), "migrations", &mut problems);
        problems.finish()
    }

    #[test]
    fn numbers_grow_a_fifth_digit() {
        let names: Vec<String> = (1..=10_001).map(|number| format!("{number:04}_a.sql")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(problems_of(&names).is_empty());
        let gap = problems_of(&names[..9_999]).len() + problems_of(&[&names[..9_999], &names[10_000..]].concat()).len();
        assert_eq!(gap, 1);
    }

    #[test]
    fn every_gap_is_named() {
        let problems = problems_of(&["0002_a.sql", "0003_b.sql", "0007_c.sql"]);
        let titles: Vec<&str> = problems.iter().map(|problem| problem.title.as_str()).collect();
        assert_eq!(
            titles,
            ["there is no migration 0001 before 0002_a", "there are no migrations 0004 to 0006 before 0007_c"]
        );
    }
}
