//! `renumber`: two branches have both added a migration of the same number.

mod halves;
mod order;

use std::fs;
use std::path::Path;

use devilmcp_migrate_core::check::{Judged, Revision, Trust};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::name::{Name, Number};
use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::source::{self, Entry, SourceFile};
use serde_json::json;

use super::draft::now;
use super::{advised, read_with, shown};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;
use halves::Halves;
use order::{Named, Undecided, numbers};

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Renumber {
    /// The migrations that come later, in this order: a file, `0007_add_tags`, or its name. Without any, those that are not locked
    /// come after those that are
    #[arg(value_name = "MIGRATION")]
    later: Vec<String>,

    /// The number of the one that they come after [default: the last one]
    #[arg(long, value_name = "NUMBER", requires = "later")]
    after: Option<i64>,

    /// Try it, say what would be renamed, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Rename even if the migrations do not work in the new order, so that they can be mended there
    #[arg(long)]
    unproved: bool,
}

/// Why nothing is renamed.
enum Refusal {
    Problems(Vec<Problem>),
    Words(Undecided),
}

/// Files and what they are to be called.
struct Renamed {
    names: Vec<(Name, Name)>,
    problems: Vec<Problem>,
}

impl Renumber {
    /// Renames files unless something else was asked or something is wrong.
    pub(super) fn answer(self, dir: &Path, output: Output) -> Exit {
        let (renamed, refusal) = match self.renamed(dir, output) {
            Ok(renamed) => {
                let is_right = self.unproved || !renamed.problems.iter().any(Problem::is_error);
                let outcome = if self.dry_run || !is_right { Ok(()) } else { carry_out(dir, &renamed.names) };
                let refusal = match outcome {
                    Ok(()) if is_right => None,
                    Ok(()) => Some(Undecided {
                        what: "the migrations would not work in the new order, and nothing was renamed".to_owned(),
                        help: "mend them first; or rename them as they are with --unproved, and mend them then"
                            .to_owned(),
                    }),
                    Err(refusal) => Some(refusal),
                };
                (renamed, refusal)
            }
            Err(Refusal::Problems(problems)) => {
                let (what, help) = ("nothing was renamed".to_owned(), "see what is wrong above".to_owned());
                (Renamed { names: Vec::new(), problems }, Some(Undecided { what, help }))
            }
            Err(Refusal::Words(undecided)) => (Renamed { names: Vec::new(), problems: Vec::new() }, Some(undecided)),
        };
        self.say(dir, &renamed, refusal.as_ref(), output);
        if refusal.is_some() { Exit::Failed } else { Exit::Done }
    }

    fn say(&self, dir: &Path, renamed: &Renamed, refusal: Option<&Undecided>, output: Output) {
        let Renamed { names, problems } = renamed;
        if output.is_json() {
            let renamed = names.iter().map(|(from, to)| json!({ "from": from.to_string(), "to": to.to_string() }));
            output.document(&json!({
                "renamed": renamed.collect::<Vec<_>>(),
                "done": refusal.is_none() && !self.dry_run,
                "problems": document::problems(problems),
                "error": refusal.map(|refusal| &refusal.what),
                "help": refusal.map(|refusal| &refusal.help),
            }));
            return;
        }
        output.problems(problems);
        if let Some(Undecided { what, help }) = refusal {
            output.refusal(what, help);
            return;
        }
        let verb = if self.dry_run { "would be renamed" } else { "renamed" };
        for (from, to) in names {
            output.line(Tone::Good, &format!("{verb}: {}/{from} to {to}", shown(dir)));
        }
        if names.is_empty() {
            output
                .line(Tone::Good, "nothing to renumber: each migration has a number of its own, behind what is locked");
        }
    }

    fn renamed(&self, dir: &Path, output: Output) -> Result<Renamed, Refusal> {
        let mut problems = Problems::new();
        let entries = source::read(dir, &shown(dir), &mut problems);
        let locked = source::read_beside(dir, &shown(dir), listing::LOCK, &mut problems);
        let lock = locked.map_or_else(Lock::default, |file| Lock::read(&file, &mut problems));
        let problems = advised(dir, problems.finish());
        if problems.iter().any(Problem::is_error) {
            return Err(Refusal::Problems(problems));
        }
        let halves = Halves::of(&entries, &lock);
        let all = named(&entries, &halves, &lock);
        let later = self.later.iter().map(|text| find(&all, text)).collect::<Result<Vec<_>, _>>();
        let words = |what: String, help: &str| Refusal::Words(Undecided { what, help: help.to_owned() });
        let now = now().map_err(|error| words(error.to_string(), "SQLite does not say what time it is"))?;
        let after = self.after.map(|after| Number::new(after).unwrap_or(Number::FIRST));
        let numbers = numbers(&all, &later.map_err(Refusal::Words)?, after, now).map_err(Refusal::Words)?;
        let number = |name: &Name| {
            let home = halves.home(name);
            let at = all.iter().position(|named| named.number == home && named.slug == name.slug);
            // What belongs to no migration stays.
            at.map_or(name.number, |at| numbers[at])
        };
        let files: Vec<(Entry, Name)> = entries
            .into_iter()
            .map(|entry| {
                let name = Name { number: number(&entry.name), ..entry.name.clone() };
                (entry, name)
            })
            .filter(|(entry, name)| entry.name != *name)
            .collect();
        let names: Vec<(Name, Name)> = files.iter().map(|(entry, name)| (entry.name.clone(), name.clone())).collect();
        if names.is_empty() {
            return Ok(Renamed { names, problems: Vec::new() });
        }
        let files = files.into_iter().map(|(entry, name)| {
            let file = SourceFile::new(&format!("{}/{name}", shown(dir)), entry.file.text.to_string());
            Entry { name, file }
        });
        let without = names.iter().map(|(from, _)| from.clone()).collect();
        let revision = Revision { without, files: files.collect(), lock: None };
        let tried = read_with(dir, Judged::Unlocked, Trust::Taken, Levels::default(), revision, output);
        Ok(Renamed { names, problems: tried.problems })
    }
}

/// The migrations of these files, in the order of their numbers and names.
fn named(entries: &[Entry], halves: &Halves, lock: &Lock) -> Vec<Named> {
    let mut all: Vec<Named> = entries
        .iter()
        .map(|Entry { name, .. }| {
            let (number, slug) = (halves.home(name), name.slug.clone());
            let is_locked = lock.name(number) == Some(&slug);
            Named { number, slug, is_locked }
        })
        .collect();
    all.sort_by(|one, other| (one.number, &one.slug).cmp(&(other.number, &other.slug)));
    all.dedup();
    all
}

/// The one that is meant by a file, by number and name, or by its name alone.
fn find(all: &[Named], text: &str) -> Result<usize, Undecided> {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let stem = name.split('.').next().unwrap_or(name);
    let meant: Vec<usize> = (0..all.len()).filter(|at| all[*at].label() == stem || all[*at].slug == stem).collect();
    match meant.as_slice() {
        [at] => Ok(*at),
        [] => Err(Undecided {
            what: format!("there is no migration {text:?}"),
            help: "name it as its file is called: 0007_add_tags".to_owned(),
        }),
        _ => Err(Undecided {
            what: format!("more than one migration is called {text:?}"),
            help: "name it with its number: 0007_add_tags".to_owned(),
        }),
    }
}

/// Renames one file after the other, each to a name that no file has; or takes back what was renamed. The last go up first, so that
/// whoever is killed in between leaves them in their order.
fn carry_out(dir: &Path, names: &[(Name, Name)]) -> Result<(), Undecided> {
    let is_there = |name: &str| fs::symlink_metadata(dir.join(name)).is_ok();
    let mut left: Vec<&(Name, Name)> = names.iter().collect();
    left.sort_by_key(|(from, _)| from.number);
    let mut done: Vec<[String; 2]> = Vec::new();
    while !left.is_empty() {
        let is_free = |(_, to): &&(Name, Name)| !is_there(&to.to_string());
        let goes_up = |pair: &&(Name, Name)| pair.1.number > pair.0.number && is_free(pair);
        let outcome = match left.iter().rposition(goes_up).or_else(|| left.iter().position(is_free)) {
            Some(at) => {
                let (from, to) = left.remove(at);
                let [from, to] = [from, to].map(Name::to_string);
                let renamed = fs::rename(dir.join(&from), dir.join(&to));
                renamed
                    .map(|()| done.push([from.clone(), to]))
                    .map_err(|error| format!("{from} cannot be renamed: {error}"))
            }
            None => Err(format!("{} cannot be renamed: there is a file {}", left[0].0, left[0].1)),
        };
        if let Err(what) = outcome {
            for [from, to] in done.iter().rev() {
                // The first error is the one to hear of.
                let _ = fs::rename(dir.join(to), dir.join(from));
            }
            let help = "nothing was renamed: see whether the directory can be written, and what is in it".to_owned();
            return Err(Undecided { what, help });
        }
    }
    Ok(())
}
