//! `upgrade --all`: every database of a directory.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::Subject;
use crate::cli::bar::Bar;
use crate::cli::document;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::outline::Outline;
use crate::cli::output::Output;
use crate::cli::table::Tone;
use crate::fleet::{Directory, Event, Report, Skipped, Upgrade, Why};
use crate::order::Options;
use crate::plan::Goal;
use crate::printable::printable;

/// Many databases instead of one.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Many databases")]
#[non_exhaustive]
pub struct Fleet {
    /// Upgrade every database of a directory, each by itself: the files called *.db, *.db3, *.sqlite or *.sqlite3; exit with 1 if any
    /// failed
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    pub all: Option<PathBuf>,

    /// So many at a time [default: four for each processor]
    #[arg(long, value_name = "N", requires = "all")]
    pub jobs: Option<NonZeroUsize>,

    /// The files called like this instead: * stands for any letters, ? for one; may be repeated
    #[arg(long, value_name = "PATTERN", requires = "all")]
    pub pattern: Vec<String>,

    /// Those in the folders of the directory, too
    #[arg(long, requires = "all")]
    pub recursive: bool,
}

impl Fleet {
    /// What was asked for, if many databases are meant.
    pub(super) fn answer(
        &self,
        subject: Subject<'_>,
        goal: Goal,
        options: &Options<'_>,
    ) -> Option<Result<Exit, Failure>> {
        self.all.as_deref().map(|all| self.upgrade(all, subject, goal, options))
    }

    fn upgrade(&self, all: &Path, subject: Subject<'_>, goal: Goal, options: &Options<'_>) -> Result<Exit, Failure> {
        let Subject { embedded, output, .. } = subject;
        let directory = Directory::new(all);
        let directory = self.pattern.iter().fold(directory, Directory::pattern);
        let directory = if self.recursive { directory.recursive() } else { directory };
        let listing = directory.list()?;
        let bar = output.terminal().map(|terminal| Bar::new(terminal, listing.files.len() + listing.failures.len()));
        let upgrade = Upgrade::new(embedded, options, goal);
        let upgrade = self.jobs.into_iter().fold(upgrade, Upgrade::jobs);
        let report = upgrade.on_event(|event| show(event, bar.as_ref(), output)).listed(listing);
        drop(bar);
        summary(&report, all, output);
        Ok(if report.failures().is_empty() { Exit::Done } else { Exit::Failed })
    }
}

/// What fails is a line, as it does.
fn show(event: &Event<'_>, bar: Option<&Bar>, output: Output) {
    let complain = || {
        if let Event::Failed { path, error } = event {
            let outline = Outline::of(error);
            output.error(&format!("{}: {outline}", printable(&path.display().to_string())));
        }
    };
    match bar {
        Some(bar) => bar.show(event, complain),
        None => complain(),
    }
}

fn summary(report: &Report, all: &Path, output: Output) {
    if output.is_json() {
        return output.document(&document::fleet(report));
    }
    let failed = report.failures().len();
    let counts = [(report.upgraded(), "upgraded"), (report.unchanged(), "already there"), (failed, "failed")];
    let counts = counts.map(|(count, what)| format!("{count} {what}")).join(", ");
    let databases = if report.all() == 1 { "1 database".to_owned() } else { format!("{} databases", report.all()) };
    let tone = if failed > 0 { Tone::Attention } else { Tone::Good };
    output.line(tone, &printable(&format!("{databases} in {}: {counts}", all.display())));
    let twice = report.skipped().iter().filter(|skipped| skipped.why() == Why::Twice);
    output.list("names of databases that have another one:", &twice.map(file).collect::<Vec<_>>());
    let others: Vec<String> = report
        .skipped()
        .iter()
        .filter(|skipped| skipped.why() == Why::Name && !skipped.is_beside())
        .map(file)
        .collect();
    output.list("not called like a database, and left alone:", &some(others));
}

fn file(skipped: &Skipped) -> String {
    skipped.path().display().to_string()
}

/// No more than are read: a directory may be full of other things.
fn some(mut names: Vec<String>) -> Vec<String> {
    const MOST: usize = 10;
    if let Some(more @ 1..) = names.len().checked_sub(MOST) {
        names.truncate(MOST);
        names.push(format!("and {more} more"));
    }
    names
}
