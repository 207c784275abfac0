//! What a squash has left that was killed in the middle.

use super::Lock;
use crate::digest::Digest;
use crate::directive::Directives;
use crate::name::{Name, Role, label};
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::source::{Entry, SourceFile};

/// A squash that has not come to its end.
#[derive(Debug)]
pub struct Interrupted {
    /// The file that stands for others.
    pub name: Name,
    /// The files that are too many.
    pub left: Vec<Name>,
    /// Whether the lock has the file: then only what it stands for is to be deleted. Otherwise it is nothing without the lock.
    pub is_locked: bool,
}

impl Interrupted {
    /// What `entries` have of it. A file that is not what was released is nobody's to delete.
    pub fn find(entries: &[Entry], lock: &Lock) -> Option<Self> {
        if lock.is_intact {
            return None;
        }
        if let Some(first) = lock.lines.first().filter(|_| !lock.squashed.is_empty()) {
            let is_left = |entry: &&Entry| {
                let Entry { name: Name { number, slug, role }, file } = entry;
                let line = lock.squashed.iter().find(|line| line.number == *number && line.slug == *slug);
                match (line, role) {
                    (Some(line), Role::Up) => digest(file) == line.up,
                    (Some(line), Role::Down) => line.down == Some(Digest::of_script(&file.text)),
                    (Some(_), Role::Given | Role::Then) => true,
                    // Of an earlier squash.
                    (None, role) => *role == Role::Up && *number <= first.number && is_squash(file),
                }
            };
            let is_own = |entry: &Entry| entry.name.number == first.number && entry.name.slug == first.slug;
            let left = entries.iter().filter(|entry| !is_own(entry)).filter(is_left);
            let mut left: Vec<Name> = left.map(|entry| entry.name.clone()).collect();
            left.sort_by_key(|name| (name.number, name.role != Role::Up));
            if !left.is_empty() {
                let name = Name { number: first.number, slug: first.slug.clone(), role: Role::Up };
                return Some(Self { name, left, is_locked: true });
            }
        }
        let ups = entries.iter().filter(|entry| entry.name.role == Role::Up);
        let is_other = |entry: &Entry| lock.name(entry.name.number).is_some_and(|slug| slug != entry.name.slug);
        let file = ups.filter(|entry| is_other(entry)).find(|entry| is_squash(&entry.file))?;
        Some(Self { name: file.name.clone(), left: vec![file.name.clone()], is_locked: false })
    }

    /// What to say of it.
    pub(crate) fn problem(&self, shown: &str, lock: &Lock) -> Problem {
        let path = format!("{}/{}", shown.trim_end_matches('/'), self.left[0]);
        let label = label(self.left[0].number.get(), &self.left[0].slug);
        let mut problem = match lock.lines.first().filter(|_| self.is_locked) {
            Some(first) => lock.present(&label, &path, first),
            None => Problem::at_path(&rule::SQUASH_UNKNOWN, path)
                .titled(format!("`{label}` is there, and migrations.lock does not have it yet")),
        };
        if let [other] = &self.left[1..] {
            problem = problem.noted(format!("so is {other}"));
        } else if self.left.len() > 2 {
            problem = problem.noted(format!("so are {} files more", self.left.len() - 1));
        }
        problem.helped(format!(
            "a squash was interrupted: `devilmcp-migrate squash --through {}` ends it",
            self.name.number
        ))
    }
}

fn is_squash(file: &SourceFile) -> bool {
    directives(file).squashed.is_some()
}

fn digest(file: &SourceFile) -> Digest {
    Digest::of_migration(directives(file).mode(), &file.text)
}

fn directives(file: &SourceFile) -> Directives {
    let mut faults = Problems::new();
    let directives = Directives::read(file, &mut faults);
    // Whoever reads the file for what it does says what is wrong with it.
    faults.finish();
    directives
}
