//! `import`: a directory that was written for another tool, written anew in this tool's own layout.

use std::fs;
use std::path::{Path, PathBuf};

use devilmcp_migrate_core::check::{Checked, Judged, Trust};
use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::layout::Layout;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::lockfile::Lock;
use devilmcp_migrate_core::problem::Problem;
use devilmcp_migrate_core::script::Script;
use devilmcp_migrate_core::source;
use serde_json::json;

use super::folders::Folders;
use super::rewritten::{Numbers, rewritten};
use super::{layout, migrations, read, read_layout, shown, whole};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The tool that the directory was written for
    #[arg(long, value_name = "TOOL", value_parser = layout::parser())]
    from: Layout,

    /// The directory of that tool [default: that of --dir, or migrations]
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,

    /// Where to write; nothing may be there [default: the directory's name, with _imported]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

/// What came of it.
struct Outcome {
    count: usize,
    written: Vec<String>,
    numbers: Numbers,
    problems: Vec<Problem>,
    error: Option<String>,
}

impl Import {
    /// Writes the directory, tries it, and takes it away again if it is not what the other was.
    pub(super) fn answer(&self, dir: &Path, output: Output) -> Exit {
        let from = self.directory.as_deref().unwrap_or(dir);
        let into = self.into.clone().unwrap_or_else(|| PathBuf::from(format!("{}_imported", shown(from))));
        let outcome = self.run(from, &into, output);
        say(&outcome, [from, &into], self.from, output)
    }

    fn run(&self, from: &Path, into: &Path, output: Output) -> Outcome {
        let refused = |problems, error: String| Outcome {
            count: 0,
            written: Vec::new(),
            numbers: Numbers::Kept,
            problems,
            error: Some(error),
        };
        if !is_free(into) {
            let reason = format!("there is something in {} already: name another place with --into", into.display());
            return refused(Vec::new(), reason);
        }
        // What no lock tells has shipped: that is why there is something to be taken over.
        let judged = if from.join(listing::LOCK).exists() { Judged::Unlocked } else { Judged::Nothing };
        let old = read_layout(self.from, from, judged, Trust::Nothing, Levels::default(), output);
        let (Some(sequence), Some(_)) = (&old.sequence, &old.proof) else {
            return refused(old.problems, "nothing was written".to_owned());
        };
        let scripts = sequence.scripts();
        let numbers = Numbers::of(scripts);
        let mut files = rewritten(scripts, numbers);
        let schema = old.beside.iter().find(|file| source::within(file, &shown(from)) == listing::SCHEMA);
        files.extend(schema.map(|file| (listing::SCHEMA.to_owned(), file.text.to_string())));
        let folders = match Folders::make(into) {
            Ok(folders) => folders,
            Err(error) => return refused(Vec::new(), format!("{} cannot be made: {error}", into.display())),
        };
        let written = whole::write_all(into, &files);
        let tried =
            written.map_err(|error| error.to_string()).and_then(|()| prove(&old, into, judged, numbers, output));
        let mut names: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
        let error = match tried {
            Ok(lock) => whole::write(into, listing::LOCK, &lock).map_err(|error| error.to_string()).err(),
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            for name in &names {
                // Why it is taken away is the thing to hear of.
                let _ = fs::remove_file(into.join(name));
            }
            folders.remove();
            return refused(Vec::new(), format!("{} cannot be written: {error}", into.display()));
        }
        names.push(listing::LOCK.to_owned());
        let written = names.iter().map(|name| format!("{}/{name}", shown(into))).collect();
        Outcome { count: scripts.len(), written, numbers, problems: Vec::new(), error: None }
    }
}

/// Whether nothing is there.
fn is_free(place: &Path) -> bool {
    match fs::read_dir(place) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !place.exists(),
    }
}

/// The lock of what was written, if each migration is what it was, and all of them make what they made.
fn prove(old: &Checked, into: &Path, judged: Judged, numbers: Numbers, output: Output) -> Result<String, String> {
    let new = read(
        into,
        if numbers == Numbers::Kept { judged } else { Judged::Nothing },
        Trust::Nothing,
        Levels::SILENT,
        output,
    );
    let scripts =
        |checked: &Checked| checked.sequence.as_ref().map_or(Vec::new(), |sequence| sequence.scripts().to_vec());
    let (before, after) = (scripts(old), scripts(&new));
    let says = |script: &Script| {
        let down = script.down.as_ref().map(|down| Digest::of_script(&down.text));
        (script.digest, script.mode(), down)
    };
    let is_same = before.iter().map(says).eq(after.iter().map(says));
    let made = |checked: &Checked| checked.proof.as_ref().map(|proof| proof.fingerprint);
    if !is_same || made(old) != made(&new) {
        let problem = new.problems.first().map_or_else(String::new, |problem| format!(": {}", problem.title));
        return Err(format!("what would be written is not what is there{problem}"));
    }
    let locked = match judged {
        Judged::Nothing => after.len(),
        Judged::Unlocked => before.iter().filter(|script| old.lock.has(script.number)).count(),
    };
    Ok(Lock::write(&after[..locked]))
}

fn say(outcome: &Outcome, [from, into]: [&Path; 2], layout: Layout, output: Output) -> Exit {
    let Outcome { count, written, numbers, problems, error } = outcome;
    let exit = if error.is_none() { Exit::Done } else { Exit::Failed };
    if output.is_json() {
        output.document(&json!({
            "migrations": count,
            "written": written,
            "renumbered": *numbers == Numbers::Consecutive,
            "problems": document::problems(problems),
            "error": error,
        }));
        return exit;
    }
    output.problems(problems);
    if let Some(error) = error {
        output.error(error);
        return exit;
    }
    let (from, into) = (shown(from), shown(into));
    output.line(Tone::Good, &format!("{} of {from} are written to {into}: each is what it was", migrations(*count)));
    let said = format!("layout = \"{}\"", layout.tool().map_or("", |tool| tool.name()));
    if *numbers == Numbers::Consecutive {
        let text = "they are numbered anew, from 0001: the tool's databases fit them, those that were upgraded with";
        output.line(Tone::Attention, &format!("{text} {said} do not"));
    }
    output.line(Tone::Plain, &format!("put {into} in the place of {from}, and leave {said} out of the call"));
    exit
}
