//! `pull`: what there is, written down as the declared schema.

use std::path::{Path, PathBuf};

use devilmcp_migrate_core::check::{Checked, Judged, Trust};
use devilmcp_migrate_core::declare::{declaration, without_accounts};
use devilmcp_migrate_core::diff::{Difference, differences};
use devilmcp_migrate_core::generate::Objects;
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::problem::{Place, Problem, Problems};
use devilmcp_migrate_core::prove::{declared, head};
use devilmcp_migrate_core::rule;
use devilmcp_migrate_core::run::message;
use devilmcp_migrate_core::schema::Key;
use devilmcp_migrate_core::sequence::Sequence;
use devilmcp_migrate_core::source::{self, SourceFile};
use serde_json::json;

use super::on::failed;
use super::{read, shown, whole};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::{Access, open, there};
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::error::Error;
use crate::printable::printable;
use crate::session::moment;

/// What is asked of it.
#[derive(Debug, clap::Args)]
pub(super) struct Pull {
    /// Take it from this database, which is only read; not from the migrations
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    /// Show it, and write no file
    #[arg(long)]
    print: bool,

    /// Write it even if there is a schema.sql that declares something else
    #[arg(long, conflicts_with = "print")]
    overwrite: bool,
}

/// What has become of it.
enum Outcome {
    /// The file declares it already.
    Same,
    Written,
    Shown(String),
}

/// Why there is nothing to write.
enum Refusal {
    /// The migrations do not work, or what a database has does not work in another one.
    Unusable(Vec<Problem>),
    /// The file declares something else, in this.
    Declared(Vec<String>),
    /// It cannot be written.
    Unwritten(String),
}

impl Pull {
    /// Writes `schema.sql`, or says why not.
    pub(super) fn answer(&self, dir: &Path, output: Output) -> Exit {
        let (found, left_out) = match &self.database {
            Some(database) => match of_database(database) {
                Ok(found) => without_accounts(found),
                Err(failure) => return failed(&failure, output),
            },
            None => match of_migrations(dir, output) {
                Ok(found) => (found, Vec::new()),
                Err(problems) => return say(dir, &Err(Refusal::Unusable(problems)), &[], output),
            },
        };
        say(dir, &self.outcome(dir, found.without_hints()), &left_out, output)
    }

    fn outcome(&self, dir: &Path, found: Objects) -> Result<Outcome, Refusal> {
        let mut problems = Problems::new();
        let there = source::read_beside(dir, &shown(dir), listing::SCHEMA, &mut problems);
        let unread = problems.finish();
        // What somebody has said above a statement is said again.
        let found = match &there {
            Some(there) => found.remarked(&there.text),
            None => found,
        };
        let text = declaration(&found);
        let path = format!("{}/{}", shown(dir), listing::SCHEMA);
        let differences = in_what(&SourceFile::new(&path, text.clone()), &found).map_err(Refusal::Unusable)?;
        if !differences.is_empty() {
            let differences = differences.join("; ");
            let defect = format!("SQLite takes it for something else, which is a defect to report: {differences}");
            return Err(Refusal::Unwritten(defect));
        }
        if self.print {
            return Ok(Outcome::Shown(text));
        }
        let differences = match there {
            None if unread.is_empty() => Vec::new(),
            None => return Err(Refusal::Unusable(unread)),
            // One that does not work is somebody's, too.
            Some(there) => match in_what(&there, &found) {
                Ok(differences) if differences.is_empty() => return Ok(Outcome::Same),
                Ok(differences) => differences,
                Err(problems) => problems.into_iter().map(|problem| problem.title).collect(),
            },
        };
        if !differences.is_empty() && !self.overwrite {
            return Err(Refusal::Declared(differences));
        }
        let written = whole::write(dir, listing::SCHEMA, &text);
        written.map_err(|error| Refusal::Unwritten(format!("{path} cannot be written: {error}")))?;
        Ok(Outcome::Written)
    }
}

/// What is in a database, but for SQLite's own tables and ours.
pub(super) fn of_database(database: &Path) -> Result<Objects, Failure> {
    there(database)?;
    let conn = open(database, Access::Read)?;
    Ok(moment(&conn, |_| Objects::read(&conn).map_err(Error::sqlite("read the schema")))?)
}

/// What the migrations make, if they work.
fn of_migrations(dir: &Path, output: Output) -> Result<Objects, Vec<Problem>> {
    // What is wrong with the file that is to be written is no reason not to.
    let made = undeclared(dir, Levels::default(), output)?.as_ref().map(head).transpose();
    let path = format!("{}/{}", shown(dir), listing::SCHEMA);
    made.map(Option::unwrap_or_default).map_err(|error| vec![unusable(&path, &error)])
}

/// The migrations, if they work, whatever is declared.
pub(super) fn undeclared(dir: &Path, levels: Levels, output: Output) -> Result<Option<Sequence>, Vec<Problem>> {
    let path = format!("{}/{}", shown(dir), listing::SCHEMA);
    let Checked { sequence, mut problems, .. } = read(dir, Judged::Unlocked, Trust::Taken, levels, output);
    let is_about_it = |problem: &Problem| match &problem.place {
        Place::Path(at) => *at == path,
        Place::Text(label) => *label.file.path == *path,
    };
    problems.retain(|problem| !is_about_it(problem) && problem.is_error());
    if problems.is_empty() { Ok(sequence) } else { Err(problems) }
}

/// In what a declared schema is not this one.
fn in_what(file: &SourceFile, found: &Objects) -> Result<Vec<String>, Vec<Problem>> {
    let mut problems = Problems::new();
    let made = declared(file, &mut problems);
    let problems = problems.finish();
    match made {
        Ok(Some(made)) => Ok(differences(found.schema(), made.schema()).iter().map(Difference::to_string).collect()),
        Ok(None) => Err(problems),
        Err(error) => Err(vec![unusable(&file.path, &error)]),
    }
}

fn unusable(path: &str, error: &rusqlite::Error) -> Problem {
    let title = format!("SQLite cannot be used to try the declared schema: {}", message(error));
    Problem::at_path(&rule::SCHEMA_FAILS, path).titled(title).helped("report this as a defect")
}

fn say(dir: &Path, outcome: &Result<Outcome, Refusal>, left_out: &[Key], output: Output) -> Exit {
    let exit = if outcome.is_ok() { Exit::Done } else { Exit::Failed };
    let path = format!("{}/{}", shown(dir), listing::SCHEMA);
    let (mut problems, mut differences) = (&[][..], &[][..]);
    let (mut error, mut help) = (None, None);
    match outcome {
        Ok(_) => {}
        Err(Refusal::Unusable(found)) => {
            problems = found;
            error = Some("nothing was written".to_owned());
        }
        Err(Refusal::Declared(found)) => {
            differences = found;
            error = Some(format!("{path} declares something else, and was left as it is"));
            help = Some(
                "`devilmcp-migrate diff` makes a migration of what it declares; --overwrite writes it anew, without what only it has",
            );
        }
        Err(Refusal::Unwritten(reason)) => error = Some(reason.clone()),
    }
    if output.is_json() {
        output.document(&json!({
            "same": matches!(outcome, Ok(Outcome::Same)),
            "written": matches!(outcome, Ok(Outcome::Written)).then_some(&path),
            "text": if let Ok(Outcome::Shown(text)) = outcome { Some(text) } else { None },
            "left_out": left_out.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(),
            "differences": differences,
            "problems": document::problems(problems),
            "error": error,
            "help": help,
        }));
        return exit;
    }
    output.problems(problems);
    if let Some(error) = error {
        let colon = if differences.is_empty() { "" } else { ":" };
        let mut lines = vec![format!("{error}{colon}")];
        lines.extend(differences.iter().map(|difference| format!("  {}", printable(difference))));
        lines.extend(help.map(|help| format!("  = help: {help}")));
        output.error(&lines.join("\n"));
        return exit;
    }
    match outcome {
        Ok(Outcome::Shown(text)) => output.script(text),
        Ok(Outcome::Same) => output.line(Tone::Good, &format!("{path} declares it already")),
        Ok(Outcome::Written) => output.line(Tone::Good, &format!("written: {path}")),
        Err(_) => {}
    }
    if !left_out.is_empty() && !matches!(outcome, Ok(Outcome::Shown(_))) {
        let names: Vec<String> = left_out.iter().map(|key| printable(&key.to_string())).collect();
        output.line(Tone::Plain, &format!("left out: {}, where another tool keeps its account", names.join(", ")));
    }
    exit
}
