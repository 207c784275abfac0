//! `stamp`: the history is told what a database is.

use serde_json::json;

use super::{Format, Subject, report};
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::names::id;
use crate::cli::open::{Access, there};
use crate::cli::table::Tone;
use crate::ledger::Record;
use crate::stamp::{Stamped, Wish, stamp};

/// Record that the database is at a migration, and run nothing; refused if its schema is another one
#[derive(Debug, Clone, clap::Args)]
#[non_exhaustive]
pub struct Stamp {
    /// The last migration that is to count as applied, by number or name; `empty` for none
    pub version: String,

    /// Record it even if the schema is not what the migrations make; each start reports the difference then
    #[arg(long)]
    pub force: bool,

    /// Only say what would be recorded; exit with 3 if there is something
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap takes documentation for help")]
    pub format: Format,
}

impl Stamp {
    pub(in crate::cli) fn answer(&self, subject: Subject<'_>) -> Result<Exit, Failure> {
        let names = subject.names();
        let to = names.find_or_empty(&self.version)?;
        there(subject.place.file()?)?;
        let mut conn = subject.open(Access::Read)?;
        let wish = Wish { to, insists: self.force, is_dry: self.dry_run };
        let stamped = stamp(&mut conn, subject.embedded, wish)?;
        let Stamped { recorded, forgotten, report } = &stamped;
        let is_noop = recorded.is_empty() && forgotten.is_empty();
        let exit = if self.dry_run && !is_noop { Exit::Pending } else { Exit::Done };
        let output = subject.output;
        if output.is_json() {
            let list = |records: &[Record]| {
                let items = records.iter().map(|record| json!({ "version": record.number, "name": record.name }));
                items.collect::<Vec<_>>()
            };
            output.document(&json!({
                "from": (report.from > 0).then_some(report.from),
                "to": (report.to > 0).then_some(report.to),
                "recorded": list(recorded),
                "forgotten": list(forgotten),
                "drift": report.drift.iter().map(document::difference).collect::<Vec<_>>(),
                "dry_run": self.dry_run,
            }));
            return Ok(exit);
        }
        let standing = names.and(&forgotten.iter().cloned().map(crate::status::Applied).collect::<Vec<_>>());
        let standing = standing.standing((report.to > 0).then_some(report.to));
        let rows = |records: &[Record], was: &str| {
            let row = |record: &Record| (Tone::Plain, [id(record.number), record.name.clone(), was.to_owned()]);
            records.iter().map(row).collect::<Vec<_>>()
        };
        let head = if self.dry_run { "WOULD BE" } else { "WAS" };
        output.table(["VERSION", "NAME", head], &[rows(forgotten, "forgotten"), rows(recorded, "recorded")].concat());
        match (is_noop, self.dry_run) {
            (true, _) => output.line(Tone::Good, &format!("nothing to record: {standing}")),
            (false, false) => output.line(Tone::Good, &format!("nothing was run; {standing}")),
            (false, true) => {
                output.line(Tone::Attention, &format!("dry run: nothing was changed; afterwards, {standing}"));
            }
        }
        report::show_drift(report.drift(), output);
        Ok(exit)
    }
}
