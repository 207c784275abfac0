//! `squash`: released migrations become one file that makes the same.

use std::fs;
use std::path::Path;

use devilmcp_migrate_core::check::{Judged, Revision, Trust};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::{Lock, Released};
use devilmcp_migrate_core::name::{Name, Role, slug_of};
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::prove;
use devilmcp_migrate_core::script::Script;
use devilmcp_migrate_core::source::{Entry, SourceFile};
use serde_json::json;

use super::frozen::Frozen;
use super::leftover::Leftover;
use super::{migrations, read, read_with, shown, whole};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::names::Names;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Squash {
    /// The last migration that goes into the file: its number, its name, or both. It has to be locked
    #[arg(long, value_name = "VERSION")]
    through: String,

    /// What the file is called, behind the number of the last migration that it stands for
    #[arg(short, long, value_name = "TEXT", default_value = "baseline")]
    message: String,

    /// Try everything, say what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Show the file, and change nothing
    #[arg(long, conflicts_with = "dry_run")]
    print: bool,
}

/// What is to be done, once it was tried.
struct Squashed {
    name: Name,
    text: String,
    lock: String,
    checkpoint: Frozen,
    /// What it stands for: first and last.
    ends: [String; 2],
    count: usize,
    /// The files that are of no use any more.
    gone: Vec<Name>,
}

/// Why nothing is done.
enum Refusal {
    Problems(Vec<Problem>),
    Words { what: String, help: &'static str },
}

impl Squash {
    /// Tries it, and does it unless something else was asked or something is wrong.
    pub(super) fn answer(self, dir: &Path, output: Output) -> Exit {
        let is_asked = !self.dry_run && !self.print;
        if is_asked && let Some(leftover) = Leftover::of(dir) {
            if let Err(what) = leftover.delete(dir) {
                return Refusal::Words { what, help: "see whether the directory can be written" }.say(output);
            }
            if leftover.is_all_of(&self.through) {
                return leftover.say(dir, output);
            }
        }
        let squashed = match self.squashed(dir, output) {
            Ok(squashed) => squashed,
            Err(refusal) => return refusal.say(output),
        };
        let failure = if is_asked { squashed.carry_out(dir).err() } else { None };
        let exit = if failure.is_some() { Exit::Failed } else { Exit::Done };
        if output.is_json() {
            squashed.say_in_json(dir, is_asked, failure.as_deref(), output);
        } else if self.print {
            output.line(Tone::Plain, &format!("-- {}/{}\n{}", shown(dir), squashed.name, squashed.text.trim_end()));
        } else if let Some(failure) = failure {
            output.error(&failure);
        } else {
            squashed.say(dir, is_asked, output);
        }
        exit
    }

    fn squashed(&self, dir: &Path, output: Output) -> Result<Squashed, Refusal> {
        let refused = |what: String, help| Err(Refusal::Words { what, help });
        // What is not locked has to work, and is not what this is about.
        let checked = read(dir, Judged::Unlocked, Trust::Nothing, Levels::SILENT, output);
        let (Some(sequence), Some(proof)) = (&checked.sequence, &checked.proof) else {
            return Err(Refusal::Problems(checked.problems));
        };
        let scripts = sequence.scripts();
        let number = match Names::of_scripts(scripts).find(&self.through) {
            Ok(number) => number,
            Err(unknown) => return refused(unknown.to_string(), "say the number or the name of one that is there"),
        };
        let end = scripts.partition_point(|script| script.number.get() <= number);
        let (squashed, left) = scripts.split_at(end);
        let [first, .., last] = squashed else {
            return refused(
                "there is nothing before it that it could stand for".to_owned(),
                "squash through a later one",
            );
        };
        if !checked.lock.has(last.number) {
            let what = format!("{} is not locked, and only what was released is squashed", last.label());
            return refused(what, "edit migrations that were not released; `devilmcp-migrate lock` when they are");
        }
        let ends = [first.stands_for.first().map_or_else(|| first.label(), Released::label), last.label()];
        let name = Name { number: last.number, slug: slug_of(&self.message), role: Role::Up };
        let gone: Vec<Name> = squashed.iter().flat_map(Script::files).filter_map(name_of).collect();
        if name.slug.is_empty() || gone.contains(&name) {
            let what = format!("the file cannot be called {name}");
            return refused(
                what,
                "give it a name of letters and digits that the last one does not have: -m \"everything\"",
            );
        }
        let body = prove::squash(squashed).map_err(|reason| Refusal::Words {
            what: format!("{} to {} cannot become one file: {reason}", ends[0], ends[1]),
            help: "squash through an earlier one",
        })?;
        let head =
            "-- migrate: squashed\n\n-- What these make in a new database, where they were released one by one:\n";
        let text =
            format!("{head}-- {} to {}. migrations.lock has what databases know of them.\n\n{body}", ends[0], ends[1]);
        let file = SourceFile::new(&format!("{}/{name}", shown(dir)), text.clone());
        let released = left.iter().take_while(|script| checked.lock.has(script.number)).cloned();
        let locked: Vec<Script> =
            Script::standing_for(squashed, &name.slug, file.clone()).into_iter().chain(released).collect();
        let lock = Lock::write(&locked);
        let revision = Revision {
            without: gone.clone(),
            files: vec![Entry { name: name.clone(), file }],
            lock: Some(lock.clone()),
        };
        let tried = read_with(dir, Judged::Unlocked, Trust::Nothing, Levels::SILENT, revision, output);
        match tried.proof {
            None => Err(Refusal::Problems(tried.problems)),
            Some(new) if new.fingerprint != proof.fingerprint => {
                refused("the schema would not be the same".to_owned(), "report this as a defect")
            }
            Some(_) => {
                let checkpoint = Frozen::of(dir, &locked, false);
                let count = squashed.len() + first.stands_for.len().saturating_sub(1);
                Ok(Squashed { name, text, lock, checkpoint, ends, count, gone })
            }
        }
    }
}

impl Squashed {
    /// Nothing is deleted before all is written. A directory that is left half-way does not build, and says how this is ended.
    fn carry_out(&self, dir: &Path) -> Result<(), String> {
        let cannot = |name: &str, verb: &str, error: &std::io::Error| {
            format!("{} cannot be {verb}: {error}", dir.join(name).display())
        };
        let name = self.name.to_string();
        whole::write(dir, &name, &self.text).map_err(|error| cannot(&name, "written", &error))?;
        if let Err(error) = whole::write(dir, listing::LOCK, &self.lock) {
            // The first error is the one to hear of.
            let _ = fs::remove_file(dir.join(&name));
            return Err(cannot(listing::LOCK, "written", &error));
        }
        let mut failures = Vec::new();
        if let Some(text) = self.checkpoint.text() {
            failures.extend(
                whole::write(dir, listing::CHECKPOINT, text)
                    .err()
                    .map(|error| cannot(listing::CHECKPOINT, "written", &error)),
            );
        }
        for name in self.gone.iter().map(Name::to_string) {
            failures.extend(fs::remove_file(dir.join(&name)).err().map(|error| cannot(&name, "deleted", &error)));
        }
        if failures.is_empty() { Ok(()) } else { Err(failures.join("\nerror: ")) }
    }

    fn say(&self, dir: &Path, is_done: bool, output: Output) {
        let Self { name, checkpoint, ends: [first, last], count, gone, .. } = self;
        let [squashed, written, deleted] = if is_done {
            ["squashed", "written", "deleted"]
        } else {
            ["would be squashed", "would be written", "would be deleted"]
        };
        output.line(Tone::Good, &format!("{squashed}: {}, {first} to {last}", migrations(*count)));
        output.line(Tone::Good, &format!("{written}: {0}/{name}, {0}/{1}", shown(dir), listing::LOCK));
        if checkpoint.text().is_some() {
            output.line(Tone::Good, &format!("{written}: {}/{}", shown(dir), listing::CHECKPOINT));
        }
        if let Some(reason) = checkpoint.reason() {
            output.line(Tone::Attention, &format!("no checkpoint: {reason}"));
        }
        output.line(Tone::Good, &format!("{deleted}: {} files", gone.len()));
        let before = format!("databases that are not at {last} yet need a release that holds what was deleted");
        output.line(Tone::Attention, &before);
    }

    fn say_in_json(&self, dir: &Path, is_asked: bool, failure: Option<&str>, output: Output) {
        let Self { name, text, checkpoint, ends, count, gone, lock: _ } = self;
        output.document(&json!({
            "squashed": { "first": ends[0], "last": ends[1], "migrations": count },
            "written": is_asked && failure.is_none(),
            "path": format!("{}/{name}", shown(dir)),
            "text": text,
            "deleted": gone.iter().map(|name| format!("{}/{name}", shown(dir))).collect::<Vec<_>>(),
            "checkpoint": { "written": checkpoint.text().is_some(), "impossible": checkpoint.reason() },
            "error": failure,
        }));
    }
}

impl Refusal {
    fn say(&self, output: Output) -> Exit {
        let (problems, words) = match self {
            Self::Problems(problems) => (problems.as_slice(), None),
            Self::Words { what, help } => (&[][..], Some((what, help))),
        };
        if output.is_json() {
            output.document(&json!({
                "written": false,
                "problems": document::problems(problems),
                "error": words.map(|(what, _)| what),
                "help": words.map(|(_, help)| help),
            }));
        } else {
            output.problems(problems);
            match words {
                Some((what, help)) => output.refusal(what, help),
                None => output.error("nothing was changed"),
            }
        }
        Exit::Failed
    }
}

/// Of a migration's file.
fn name_of(file: &SourceFile) -> Option<Name> {
    Name::parse(file.path.rsplit('/').next().unwrap_or(&file.path)).ok()
}
