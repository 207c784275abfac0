//! `init`: the files that a crate begins with.

use std::io;
use std::path::{Path, PathBuf};

use devilmcp_migrate_core::declare::declaration;
use devilmcp_migrate_core::generate::Objects;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::schema::Key;
use devilmcp_migrate_core::source;
use serde_json::json;

use super::baseline::{Baseline, Refusal};
use super::folders::Folders;
use super::package::{BUILD, Package};
use super::{advised, on, shown, whole};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::printable::printable;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// Begin with this database, which is only read: its schema becomes a baseline, by which databases like it are adopted
    #[arg(long, value_name = "FILE")]
    from_database: Option<PathBuf>,
}

/// What was written, and what was there.
#[derive(Debug, Default)]
struct Begun {
    written: Vec<String>,
    /// Of a database, what another tool keeps in it.
    left_out: Vec<Key>,
}

impl Init {
    /// Writes what is not there, and shows what else is to be done.
    pub(super) fn answer(&self, dir: &Path, output: Output) -> Exit {
        let made = Folders::make(dir)
            .map_err(|error| Refusal::Unwritten(format!("{} cannot be made: {error}", dir.display())));
        let begun = made.and_then(|folders| self.begin(dir, output).inspect_err(|_| folders.remove()));
        let (begun, problems, error) = match begun {
            Ok(begun) => (begun, Vec::new(), None),
            Err(Refusal::Failed(failure)) => return on::failed(&failure, output),
            Err(Refusal::Unusable(problems)) => (Begun::default(), problems, Some("nothing was written".to_owned())),
            Err(Refusal::Unwritten(reason)) => (Begun::default(), Vec::new(), Some(reason)),
        };
        say(dir, &begun, &problems, error.as_deref(), output)
    }

    fn begin(&self, dir: &Path, output: Output) -> Result<Begun, Refusal> {
        let mut problems = Problems::new();
        let is_begun = !source::read(dir, &shown(dir), &mut problems).is_empty();
        let problems = advised(dir, problems.finish());
        if !problems.is_empty() {
            return Err(Refusal::Unusable(problems));
        }
        let has_schema = dir.join(listing::SCHEMA).exists();
        let mut left_out = Vec::new();
        let files = match &self.from_database {
            Some(_) if is_begun || has_schema => {
                let reason = format!(
                    "{0} has migrations or a {1} already, and a baseline is the first of them; `pull --database` compares {1} with a database",
                    shown(dir),
                    listing::SCHEMA
                );
                return Err(Refusal::Unwritten(reason));
            }
            Some(database) => {
                let baseline = Baseline::of(database)?;
                left_out.clone_from(&baseline.left_out);
                baseline.files(dir, output)?
            }
            // Where migrations are, `pull` declares what they make.
            None if is_begun || has_schema => Vec::new(),
            None => vec![(listing::SCHEMA.to_owned(), declaration(&Objects::default()))],
        };
        let unwritten = |error: io::Error| Refusal::Unwritten(format!("the files cannot be written: {error}"));
        whole::write_all(dir, &files).map_err(unwritten)?;
        let mut written: Vec<String> = files.iter().map(|(name, _)| format!("{}/{name}", shown(dir))).collect();
        if let Some((root, script)) = Package::around(dir).build_script() {
            whole::write(root, BUILD, &script).map_err(unwritten)?;
            written.push(BUILD.to_owned());
        }
        Ok(Begun { written, left_out })
    }
}

fn say(dir: &Path, begun: &Begun, problems: &[Problem], error: Option<&str>, output: Output) -> Exit {
    let exit = if error.is_none() { Exit::Done } else { Exit::Failed };
    let missing = if error.is_none() { Package::around(dir).missing() } else { Vec::new() };
    if output.is_json() {
        output.document(&json!({
            "written": begun.written,
            "to_do": missing.iter().map(|line| json!({ "place": line.place, "text": line.text })).collect::<Vec<_>>(),
            "left_out": begun.left_out.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(),
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
    for path in &begun.written {
        output.line(Tone::Good, &format!("written: {path}"));
    }
    if begun.written.is_empty() {
        output.line(Tone::Good, &format!("nothing to write: {} is there", shown(dir)));
    }
    for key in &begun.left_out {
        let text = format!("left out: {key}, where another tool keeps its account");
        output.line(Tone::Plain, &printable(&text));
    }
    let lines: Vec<String> = missing.iter().map(|line| format!("{}: {}", line.place, line.text)).collect();
    output.list("still to be written, where they are not:", &lines);
    let is_declared = begun.written.len() < 3;
    output.line(Tone::Plain, if is_declared { DECLARE } else { ADOPT });
    exit
}

const DECLARE: &str =
    "then put CREATE statements into schema.sql, and `devilmcp-migrate diff -m \"first tables\"` writes the migration";
const ADOPT: &str =
    "a database like that one is adopted by the first upgrade, and keeps every row; a new one is made the same";
