//! `schema`: the structure of a database, or of what migrations make, as a text or as a picture.

use devilmcp_migrate_core::alteration::Alteration;
use devilmcp_migrate_core::declare::definitions;
use devilmcp_migrate_core::diagram::Diagram;
use devilmcp_migrate_core::diagram::dot::dot;
use devilmcp_migrate_core::diagram::html::{Step, html};
use devilmcp_migrate_core::diagram::mermaid::mermaid;
use devilmcp_migrate_core::diagram::svg::svg;
use devilmcp_migrate_core::generate::Objects;

use super::{Access, Format, Subject, applied};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::names::Names;
use crate::cli::output::Output;
use crate::cli::{entities, evolution};
use crate::embedded::Embedded;
use crate::error::Error;
use crate::session::moment;
use crate::template;

/// Show the schema of the database, or of a version of the migrations, as SQL, JSON or a diagram
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Schema {
    /// What the migrations make up to this one, by number or name; `latest` for all of them
    #[arg(long, value_name = "VERSION", conflicts_with = "changed_by")]
    pub at: Option<String>,

    /// The same, with what this migration has added, removed and changed
    #[arg(long, value_name = "VERSION")]
    pub changed_by: Option<String>,

    /// In which form
    #[arg(long = "format", value_name = "FORMAT", default_value = "sql", conflicts_with = "json")]
    pub notation: Notation,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

/// The forms in which a schema can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
#[non_exhaustive]
pub enum Notation {
    /// CREATE statements, each table with what is on it
    Sql,
    /// Tables, columns and keys, for programs
    Json,
    /// An `erDiagram` for mermaid, as many pages show it
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture that needs nothing else
    Svg,
    /// A page that needs nothing else: the picture to move around in, what each migration has changed, and everything as text
    Html,
}

impl Schema {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        if self.at.is_some() || self.changed_by.is_some() {
            return self.of_migrations(subject.embedded, subject.output);
        }
        let conn = subject.open(Access::Read)?;
        let objects = moment(&conn, |_| Objects::read(&conn).map_err(Error::sqlite("read the schema")))?;
        let title = subject.place.file()?.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let steps = if self.notation == Notation::Html {
            let applied = applied(&conn, subject.embedded.table)?;
            let names = subject.names().and(&applied);
            let changes = evolution::of_database(&conn, subject.embedded, &applied)?;
            steps(&names, changes.into_iter().filter_map(|(number, changes)| Some((number, changes.ok()?))))
        } else {
            Vec::new()
        };
        self.show(&Shown { title, before: None, objects, steps }, subject.output);
        Ok(Exit::Done)
    }

    /// Of what the migrations of this program make, and of all of them if nothing else is said.
    pub(in crate::cli) fn of_migrations(&self, embedded: &Embedded, output: Output) -> Result<Exit, Failure> {
        let names = Names::of(embedded);
        let latest = "latest".to_owned();
        let version = self.at.as_ref().or(self.changed_by.as_ref()).unwrap_or(&latest);
        let number = names
            .find(version)
            .or_else(|unknown| if *version == latest { Ok(embedded.latest()) } else { Err(unknown) })?;
        let before = match &self.changed_by {
            Some(_) => {
                let earlier = embedded.migrations.iter().map(|migration| migration.number).rfind(|at| *at < number);
                Some(made(embedded, earlier.unwrap_or(0))?)
            }
            None => None,
        };
        let label = embedded.label(number);
        let title = if before.is_some() { format!("what {label} changes") } else { label };
        let steps = if self.notation == Notation::Html {
            steps(&names, evolution::of_migrations(embedded, number)?.into_iter())
        } else {
            Vec::new()
        };
        self.show(&Shown { title, before, objects: made(embedded, number)?, steps }, output);
        Ok(Exit::Done)
    }

    /// Shows it.
    pub(in crate::cli) fn show(&self, shown: &Shown, output: Output) {
        let Shown { title, before, objects, steps } = shown;
        let diagram = match before {
            Some(before) => Diagram::between(before, objects),
            None => Diagram::of(objects),
        };
        let notation = if output.is_json() { Notation::Json } else { self.notation };
        match notation {
            Notation::Sql => output.script(&definitions(objects)),
            Notation::Json => output.document(&entities::document(title, &diagram)),
            Notation::Mermaid => output.script(&mermaid(&diagram)),
            Notation::Dot => output.script(&dot(&diagram)),
            Notation::Svg => output.script(&svg(&diagram, title)),
            Notation::Html => output.script(&html(&diagram, title, steps)),
        }
    }
}

/// What is shown, and what it is compared with.
pub(in crate::cli) struct Shown {
    pub(in crate::cli) title: String,
    pub(in crate::cli) before: Option<Objects>,
    pub(in crate::cli) objects: Objects,
    /// How it came to be, as far as it is known, if the page shows it.
    pub(in crate::cli) steps: Vec<Step>,
}

fn steps(names: &Names, changes: impl Iterator<Item = (i64, Vec<Alteration>)>) -> Vec<Step> {
    changes.map(|(number, alterations)| Step { label: names.label(number), alterations }).collect()
}

fn made(embedded: &Embedded, number: i64) -> Result<Objects, Error> {
    let conn = template::made(embedded, number)?;
    Objects::read(&conn).map_err(Error::sqlite("read the schema in memory"))
}
