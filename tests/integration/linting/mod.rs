//! What the lints find, and what they must not find.

mod levels;
mod schema_file;
mod statements;
mod tables;

use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::name::Name;
use devilmcp_migrate_core::problem::{Place, Problem, Problems};
use devilmcp_migrate_core::prove::judge;
use devilmcp_migrate_core::render;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::{Entry, SourceFile};

/// What one lint has to say of migrations without a way back: number and title of each problem.
fn found(lint: Lint, ups: &[&str]) -> Vec<String> {
    found_after(0, lint, ups)
}

/// The same where the first `locked` of them have shipped.
fn found_after(locked: usize, lint: Lint, ups: &[&str]) -> Vec<String> {
    let levels = Levels::SILENT.with(lint, Level::Deny);
    problems_of(locked, levels, ups).iter().map(said).collect()
}

fn said(problem: &Problem) -> String {
    let path = match &problem.place {
        Place::Text(label) => &label.file.path,
        Place::Path(path) => &**path,
    };
    format!("{} {}", &path[..4], problem.title)
}

fn problems_of(locked: usize, levels: Levels, ups: &[&str]) -> Vec<Problem> {
    let entries = || {
        let entry = |(at, up): (usize, &&str)| {
            let name = format!("{:04}_m.sql", at + 1);
            let text = format!("-- migrate: irreversible\n{up}");
            Entry { name: Name::parse(&name).unwrap(), file: SourceFile::new(&name, text) }
        };
        ups.iter().enumerate().map(entry).collect::<Vec<_>>()
    };
    let mut problems = Problems::new();
    let sequence = Sequence::new(entries(), "migrations", &mut problems).unwrap();
    let text = Lock::write(&sequence.scripts()[..locked]);
    let lock = Lock::read(&SourceFile::new("migrations.lock", text), &mut problems);
    let sequence = Sequence::locked(entries(), &lock, "migrations", levels, &mut problems).unwrap();
    let proof = judge(&sequence, levels, &mut problems);
    let problems = problems.finish();
    let others: Vec<String> =
        problems.iter().filter(|problem| Lint::of(problem.rule).is_none()).map(render::plain).collect();
    assert!(proof.is_some() && others.is_empty(), "{}", others.join("\n"));
    problems
}

/// None of these has anything that the lint should speak of.
fn assert_silent(lint: Lint, histories: &[&[&str]]) {
    for history in histories {
        assert_eq!(found(lint, history), <[String; 0]>::default(), "{history:?}");
    }
}
