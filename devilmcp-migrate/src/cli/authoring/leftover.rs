//! What a squash that was killed in the middle has left in its directory.

use std::fs;
use std::path::Path;

use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::{Interrupted, Lock, Released};
use devilmcp_migrate_core::problem::Problems;
use devilmcp_migrate_core::source;
use serde_json::json;

use super::{migrations, shown};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// Files that are too many, and what the lock says of them.
pub(super) struct Leftover {
    squash: Interrupted,
    released: Vec<Released>,
}

impl Leftover {
    /// What there is of it.
    pub(super) fn of(dir: &Path) -> Option<Self> {
        let mut problems = Problems::new();
        let entries = source::read(dir, &shown(dir), &mut problems);
        let lock = source::read_beside(dir, &shown(dir), listing::LOCK, &mut problems);
        let lock = lock.map_or_else(Lock::default, |file| Lock::read_beside(&file, &entries, &mut problems));
        // Whoever reads the directory for what it does says what is wrong with it.
        problems.finish();
        let squash = Interrupted::find(&entries, &lock)?;
        let released = lock.squashed_into(squash.name.number).to_vec();
        Some(Self { squash, released })
    }

    /// Whether nothing is left to be done for `squash --through` this once it is gone.
    pub(super) fn is_all_of(&self, through: &str) -> bool {
        let last = self.released.last().filter(|_| self.squash.is_locked);
        let is_number = through.parse() == Ok(self.squash.name.number.get());
        last.is_some_and(|last| is_number || last.slug == through || last.label() == through)
    }

    /// Deletes it: what stands for it, or will, is proved.
    pub(super) fn delete(&self, dir: &Path) -> Result<(), String> {
        for name in self.squash.left.iter().map(|name| dir.join(name.to_string())) {
            fs::remove_file(&name).map_err(|error| format!("{} cannot be deleted: {error}", name.display()))?;
        }
        Ok(())
    }

    /// Says that with it the squash has come to its end.
    pub(super) fn say(&self, dir: &Path, output: Output) -> Exit {
        let [first, last] = [self.released.first(), self.released.last()].map(|one| one.map(Released::label));
        let deleted: Vec<String> = self.squash.left.iter().map(|name| format!("{}/{name}", shown(dir))).collect();
        if output.is_json() {
            output.document(&json!({
                "squashed": { "first": first, "last": last, "migrations": self.released.len() },
                "written": true,
                "path": format!("{}/{}", shown(dir), self.squash.name),
                "text": null,
                "deleted": deleted,
                "checkpoint": { "written": false, "impossible": null },
                "error": null,
            }));
            return Exit::Done;
        }
        let [first, last] = [first, last].map(Option::unwrap_or_default);
        let squashed = format!("squashed: {}, {first} to {last}", migrations(self.released.len()));
        output.line(Tone::Good, &format!("{squashed}, by a run before this one that was interrupted"));
        output.line(Tone::Good, &format!("deleted: {}", deleted.join(", ")));
        Exit::Done
    }
}
