//! The files of one number: which of them are the migration's own, and which are one too many.

use std::collections::BTreeMap;

use crate::name::{Number, Role};
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::source::{Entry, SourceFile};
use crate::statement::statements;

/// The files of one number.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) ups: Vec<Entry>,
    downs: Vec<Entry>,
    givens: Vec<Entry>,
    thens: Vec<Entry>,
}

/// The files of one migration.
pub(crate) struct Set {
    pub(crate) up: Entry,
    pub(crate) down: Option<SourceFile>,
    pub(crate) given: Option<SourceFile>,
    pub(crate) then: Option<SourceFile>,
}

impl Files {
    /// The migration and what belongs to it; what is one file too many is reported.
    pub(crate) fn sort(self, problems: &mut Problems) -> Option<Set> {
        let Self { mut ups, mut downs, givens, thens } = self;
        // As nearly always; then there is nothing to be sorted out.
        let is_plain = ups.len() == 1 && downs.len() <= 1 && givens.is_empty() && thens.is_empty();
        if is_plain && downs.first().is_none_or(|down| down.name.slug == ups[0].name.slug) {
            let down = downs.pop().map(|down| down.file);
            return ups.pop().map(|up| Set { up, down, given: None, then: None });
        }
        let slugs: Vec<String> = ups.iter().map(|up| up.name.slug.clone()).collect();
        let mut ups = ups.into_iter();
        let up = ups.next();
        if let Some(first) = &up {
            for other in ups {
                let [one, two] = apart(&first.file.path, &other.file.path);
                let title = format!("`{one}` and `{two}` share number {}", other.name.number);
                let start = |file: &SourceFile| statements(&file.text).into_iter().next().unwrap_or(0..0);
                let problem = Problem::at_text(&rule::DUPLICATE_NUMBER, &other.file, start(&other.file), "this is one");
                let problem = problem.with(&first.file, start(&first.file), "this is the other").titled(title);
                // `renumber` knows our own layout only.
                problems.push(match &other.file.origin {
                    Some(_) => problem.helped(BY_HAND),
                    None => problem,
                });
            }
        }
        let [down, given, then] = [downs, givens, thens].map(|files| own(files, &slugs, problems));
        up.map(|up| Set { up, down, given, then })
    }
}

const BY_HAND: &str = "renumber the newer one, together with its down; never renumber one that has shipped";

/// What two paths do not have in common.
fn apart<'p>(one: &'p str, other: &'p str) -> [&'p str; 2] {
    let alike = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let start = one.as_bytes()[..alike].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    [&one[start..], &other[start..]]
}

/// Of the files of one role, the one that belongs to the migration, which is the first of `slugs`.
fn own(mut files: Vec<Entry>, slugs: &[String], problems: &mut Problems) -> Option<SourceFile> {
    if files.is_empty() {
        return None;
    }
    // One that goes by the migration's name is its own; failing that, one that goes by nobody's is misnamed.
    let own = files.iter().position(|file| slugs.first() == Some(&file.name.slug));
    let misnamed = || files.iter().position(|file| !slugs.is_empty() && !slugs.contains(&file.name.slug));
    let taken = own.or_else(misnamed).map(|at| files.remove(at));
    // Those of a migration that shares the number are to be renumbered with it, which is said already.
    for orphan in taken.iter().chain(&files).filter(|file| !slugs.contains(&file.name.slug)) {
        problems.push(orphaned(orphan, slugs.first()));
    }
    taken.map(|taken| taken.file)
}

pub(crate) fn by_number(entries: Vec<Entry>) -> BTreeMap<Number, Files> {
    let mut numbers: BTreeMap<Number, Files> = BTreeMap::new();
    for entry in entries {
        let files = numbers.entry(entry.name.number).or_default();
        let list = match entry.name.role {
            Role::Up => &mut files.ups,
            Role::Down => &mut files.downs,
            Role::Given => &mut files.givens,
            Role::Then => &mut files.thens,
        };
        list.push(entry);
    }
    numbers
}

fn orphaned(file: &Entry, slug: Option<&String>) -> Problem {
    let (number, role) = (file.name.number, file.name.role);
    let (broken, what) = match role {
        Role::Up | Role::Down => (&rule::ORPHAN_DOWN, "down"),
        Role::Given | Role::Then => (&rule::ORPHAN_EXAMPLE, "example"),
    };
    let problem = Problem::at_path(broken, &*file.file.path);
    if let Some(origin) = &file.file.origin {
        let tool = origin.revision.tool.name();
        return problem.helped(format!("write its migration where {tool} looks for it, or delete its {what}"));
    }
    problem.helped(match slug {
        Some(slug) => format!("rename it to {number}_{slug}{}", role.ending()),
        None => format!("write {number}_{}.sql, or delete its {what}", file.name.slug),
    })
}
