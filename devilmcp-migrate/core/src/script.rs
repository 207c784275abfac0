//! One migration as written: its name, its way up, its way down.

use crate::checkpoint::Checkpoint;
use crate::digest::Digest;
use crate::directive::Directives;
use crate::lockfile::Released;
use crate::migration::Migration;
use crate::mode::Mode;
use crate::name::Number;
use crate::problem::Problems;
use crate::source::SourceFile;
use crate::standing::Standing;
use crate::token::{Kind, significant};

/// One migration, every file of it read and understood.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its number.
    pub number: Number,
    /// Its name: `add_tags`.
    pub slug: String,
    /// `NNNN_slug.sql`
    pub up: SourceFile,
    /// `NNNN_slug.down.sql`; none if it is irreversible.
    pub down: Option<SourceFile>,
    /// What it is to be tried with, if anything.
    pub example: Option<Example>,
    /// What the top of the up says.
    pub directives: Directives,
    /// Of the up.
    pub digest: Digest,
    /// Of all migrations up to and with this one.
    pub history: Digest,
    /// The released migrations that it stands for; nothing, unless they were squashed into it.
    pub stands_for: Vec<Released>,
    /// Whether the lock file has it.
    pub standing: Standing,
    /// The database after it, where neither it nor what comes before it need be run.
    pub checkpoint: Option<Checkpoint>,
}

/// A test of what a migration does to rows. It counts in no digest: it is not applied anywhere.
#[derive(Debug, Clone)]
pub struct Example {
    /// `NNNN_slug.given.sql`: puts rows into the tables that the migration finds; without it they are as they are made.
    pub given: Option<SourceFile>,
    /// `NNNN_slug.then.sql`: queries, each of which must return no row afterwards.
    pub then: SourceFile,
}

impl Script {
    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        let example = self.example.iter().flat_map(|example| example.given.iter().chain([&example.then]));
        std::iter::once(&self.up).chain(&self.down).chain(example)
    }

    /// What a program needs of it.
    pub fn migration(&self) -> Migration<'_> {
        Migration {
            number: self.number.get(),
            name: &self.slug,
            up: &self.up.text,
            down: self.down.as_ref().map(|down| &*down.text),
            digest: self.digest,
            standing: self.standing,
            mode: self.mode(),
        }
    }

    /// In what it is run, and undone.
    pub fn mode(&self) -> Mode {
        self.directives.mode()
    }

    /// The one that stands for `scripts`, which were released, in the file `up`, and has the number of the last; none if they are none.
    pub fn standing_for(scripts: &[Self], slug: &str, up: SourceFile) -> Option<Self> {
        let (first, last) = (scripts.first()?, scripts.last()?);
        let mut stands_for = first.stands_for.clone();
        let released = scripts.iter().filter(|script| script.stands_for.is_empty());
        stands_for.extend(released.enumerate().map(|(at, script)| Released::of(script, at + 1)));
        let mut problems = Problems::new();
        let directives = Directives::read(&up, &mut problems);
        problems.finish();
        Some(Self {
            number: last.number,
            slug: slug.to_owned(),
            digest: Digest::of_squash(&up.text),
            up,
            down: None,
            example: None,
            directives,
            history: last.history,
            stands_for,
            standing: Standing::Locked,
            checkpoint: None,
        })
    }

    /// Whether there is no statement in it.
    pub fn is_empty(&self) -> bool {
        significant(&self.up.text).all(|token| token.kind == Kind::Semicolon)
    }

    /// `0007_add_tags`, as messages name it.
    pub fn label(&self) -> String {
        format!("{}_{}", self.number, self.slug)
    }
}
