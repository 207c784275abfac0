//! `sql`: what a run would do, as a script.

use serde_json::json;

use super::{Format, Subject};
use crate::apply;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::open::Access;
use crate::cli::table::Tone;
use crate::error::Error;
use crate::header::Header;
use crate::ledger::{self, Record};
use crate::offline::script;
use crate::plan::{self, Goal, Plan, Situation};
use crate::recording;
use crate::session::moment;
use crate::status;

/// Print the SQL that an upgrade or a downgrade would run, and run nothing
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Sql {
    /// Where it leads, by number or name; `empty` for before the first migration [default: the newest]
    pub version: Option<String>,

    /// Where it begins, by number or name; `empty` for before the first migration
    #[arg(long, value_name = "VERSION")]
    pub from: Option<String>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Sql {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let output = subject.output;
        let from = self.from.as_deref();
        let (history, plan, owns_tag) = match from {
            Some(from) => self.offline(subject, from)?,
            None => self.of_database(subject)?,
        };
        let sql = script(subject.embedded, &history, &plan, owns_tag)?;
        if output.is_json() {
            let mut answer = document::plan(&plan);
            answer["sql"] = json!(sql);
            output.document(&answer);
        } else if plan.steps().is_empty() {
            let names = subject.names().and(&history.into_iter().map(status::Applied).collect::<Vec<_>>());
            output.line(Tone::Good, &format!("-- nothing to do: {}", names.standing(plan.current())));
        } else {
            output.script(&sql);
        }
        Ok(Exit::Done)
    }

    /// As if everything up to `from` were applied.
    fn offline(&self, subject: Subject<'_>, from: &str) -> Result<(Vec<Record>, Plan, bool), Failure> {
        let names = subject.names();
        let from = names.find_or_empty(from)?;
        let latest = Ok(subject.embedded.latest());
        let to = self.version.as_deref().map_or(latest, |version| names.find_or_empty(version))?;
        let mut history: Vec<Record> = Vec::new();
        for migration in subject.embedded.migrations.iter().filter(|migration| migration.number <= from) {
            history.extend(recording::records(subject.embedded, &history, migration.number)?);
        }
        let situation = Situation { history: &history, adoptable: 0, claim: None };
        let plan = plan::make(&situation, subject.order(goal(from, to), subject.options))?;
        Ok((history, plan, false))
    }

    fn of_database(&self, subject: Subject<'_>) -> Result<(Vec<Record>, Plan, bool), Failure> {
        let conn = subject.open(Access::Read)?;
        let names = subject.names_with(&conn)?;
        let latest = Ok(subject.embedded.latest());
        let to = self.version.as_deref().map_or(latest, |version| names.find_or_empty(version))?;
        let read = |header: Header| {
            let history = ledger::read(&conn, subject.embedded.table)?.unwrap_or_default();
            let at = history.last().map_or(0, |last| last.number);
            let goal = if self.version.is_some() { goal(at, to) } else { Goal::Upgrade(to) };
            let plan = status::plan(&conn, &history, subject.order(goal, subject.options))?;
            let owns_tag = apply::owns_tag(header, &history, subject.embedded.user_version);
            Ok::<_, Error>((history, plan, owns_tag))
        };
        Ok(moment(&conn, read)?)
    }
}

fn goal(from: i64, to: i64) -> Goal {
    if to < from { Goal::Downgrade(to) } else { Goal::Upgrade(to) }
}
