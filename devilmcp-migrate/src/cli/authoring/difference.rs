//! `diff`: the migration that makes what `schema.sql` declares.

use std::path::Path;

use devilmcp_migrate_core::allowance::Allowance;
use devilmcp_migrate_core::check::{Checked, Judged, Trust};
use devilmcp_migrate_core::diff::{Difference, differences};
use devilmcp_migrate_core::generate::{Generated, Objects, Order, Refusal, Renaming, Risk, Target, Wishes, generate};
use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use devilmcp_migrate_core::listing;
use devilmcp_migrate_core::name::slug_of;
use devilmcp_migrate_core::problem::{Problem, Problems};
use devilmcp_migrate_core::prove::{declared, head};
use devilmcp_migrate_core::rule;
use devilmcp_migrate_core::schema::name::Ident;

use super::draft::Draft;
use super::outcome::{Goal, Outcome};
use super::questions::Questions;
use super::{read, shown};
use crate::cli::exit::Exit;
use crate::cli::output::Output;

/// What is asked of it.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Diff {
    /// What the migration does, in a few words: they become its name
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,

    /// Only say whether there is a difference; exit with 3 if there is
    #[arg(long, conflicts_with = "print")]
    check: bool,

    /// Show the migration and its way back, and write no file
    #[arg(long)]
    print: bool,

    /// Why data may go that the declared schema has no place for: stands at the top as `-- migrate: allow(data_loss) TEXT`
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: Option<String>,

    /// What else the build would refuse, for the same reason: what may happen to rows, or what a lint finds
    #[arg(long, value_name = "HAZARD", requires = "reason", value_parser = Allowance::named)]
    allow: Vec<Allowance>,

    /// The value in rows that are there of a column that is new or becomes NOT NULL; it may name columns of the row
    #[arg(long = "default", value_name = "TABLE.COLUMN=EXPR", value_parser = Wishes::value)]
    defaults: Vec<((Ident, Ident), String)>,

    /// A table or a column that has another name now, as `-- migrate: renamed_from(OLD)` beside it in schema.sql says
    #[arg(long = "rename", value_name = "[TABLE.]OLD=NEW", value_parser = Renaming::parse)]
    renamings: Vec<Renaming>,

    /// Make tables anew, too, whose columns only stand in another order
    #[arg(long)]
    reorder: bool,

    /// The oldest SQLite that is to run the migration: from 3.53 on, ALTER TABLE adds and drops NOT NULL and CHECK without making
    /// the table anew [default: 3.35]
    #[arg(long, value_name = "VERSION", value_parser = Target::parse)]
    target_sqlite: Option<Target>,
}

impl Diff {
    /// One of which nothing is known but what it does.
    pub(super) fn named(message: String, target_sqlite: Option<Target>) -> Self {
        Self { message: Some(message), target_sqlite, ..Self::default() }
    }

    /// Compares, and writes the migration unless something else was asked or something is wrong.
    pub(super) fn answer(self, dir: &Path, output: Output) -> Exit {
        let goal = if self.print { Goal::Show } else { Goal::Write };
        let questions = Questions::to(output, self.print);
        let outcome = self
            .outcome(dir, &questions, output)
            .unwrap_or_else(|refusal| Outcome::Refused(refusal.to_string(), refusal.help()));
        outcome.end(dir, goal, output)
    }

    fn outcome(self, dir: &Path, questions: &Questions, output: Output) -> Result<Outcome, Refusal> {
        let Self { message, check, print: _, reason, allow, defaults, mut renamings, reorder, target_sqlite } = self;
        // It is about the declared schema, and not about the migration that is to be written.
        let (stale, allow): (Vec<Allowance>, Vec<Allowance>) =
            allow.into_iter().partition(|allowance| *allowance == Allowance::Lint(Lint::StaleDeclaration));
        let level = if stale.is_empty() { Level::Deny } else { Level::Allow };
        let levels = Levels::default().with(Lint::StaleDeclaration, level);
        let checked = read(dir, Judged::Unlocked, Trust::Taken, levels, output);
        let (head, declared) = match Sides::of(dir, &checked)? {
            Sides::Known { head, declared, hints } => {
                renamings.extend(hints);
                (head, declared)
            }
            Sides::Unusable(problems) => return Ok(Outcome::Unusable(problems)),
            Sides::Undeclared => {
                let refusal = format!("there is no {}/{}", shown(dir), listing::SCHEMA);
                let help = "declare the schema there, in CREATE statements: that is what the migrations are to make";
                return Ok(Outcome::Refused(refusal, help.to_owned()));
            }
        };
        let order = if reorder { Order::Declared } else { Order::Kept };
        let mut found = differences(declared.schema(), head.schema());
        found.retain(|difference| order == Order::Declared || !difference.is_order());
        if check {
            let found: Vec<String> = found.iter().map(Difference::to_string).collect();
            return Ok(if found.is_empty() { Outcome::Same } else { Outcome::Differs(found) });
        }
        let slug = message.as_deref().map_or_else(|| name(&found), slug_of);
        if slug.is_empty() {
            let help = "say what it does in letters: -m \"add priority to tasks\"";
            return Ok(Outcome::Refused("the message makes no name".to_owned(), help.to_owned()));
        }
        let defaults = defaults.into_iter().collect();
        let target = target_sqlite.unwrap_or_default();
        let mut wishes = Wishes { defaults, renamings, order, target, reason, allowed: allow };
        questions.ask(&head, &declared, &mut wishes)?;
        let generated = loop {
            match generate(&head, &declared, &wishes) {
                Err(refusal) if questions.settle(&refusal, &mut wishes) => {}
                generated => break generated?,
            }
        };
        let Some(Generated { up, down, losses: _, risks }) = generated else { return Ok(Outcome::Same) };
        let scripts = checked.sequence.as_ref().map_or(&[][..], |sequence| sequence.scripts());
        let draft = Draft::after(scripts.last().map(|script| script.number), slug, up, down)?;
        let tried = draft.tried(dir, levels, output);
        Ok(Outcome::Drafted(draft, tried.problems, risks.iter().map(Risk::to_string).collect()))
    }
}

/// What is compared.
enum Sides {
    /// What the migrations make, and what is declared, also of old names.
    Known { head: Objects, declared: Objects, hints: Vec<Renaming> },
    /// Nothing is declared.
    Undeclared,
    /// One of them does not work.
    Unusable(Vec<Problem>),
}

impl Sides {
    fn of(dir: &Path, checked: &Checked) -> rusqlite::Result<Self> {
        // What is to be mended, and that there is no migration yet, is no reason to stop.
        let is_expected = |rule| [&rule::NOT_AS_DECLARED, &rule::NO_MIGRATIONS].contains(&rule);
        let mut problems = checked.problems.clone();
        problems.retain(|problem| !is_expected(problem.rule));
        if problems.iter().any(Problem::is_error) {
            return Ok(Self::Unusable(problems));
        }
        let path = format!("{}/{}", shown(dir), listing::SCHEMA);
        let Some(file) = checked.beside.iter().find(|file| *file.path == *path) else { return Ok(Self::Undeclared) };
        let head = checked.sequence.as_ref().map(head).transpose()?.unwrap_or_default();
        let mut faults = Problems::new();
        let declared = declared(file, &mut faults);
        let hints = Renaming::hints(file, &mut faults);
        let faults = faults.finish();
        Ok(match declared? {
            Some(declared) if faults.is_empty() => Self::Known { head, declared, hints },
            _ => Self::Unusable(faults),
        })
    }
}

/// A name, where none is given.
fn name(differences: &[Difference]) -> String {
    let mut names: Vec<&str> = differences.iter().map(|difference| difference.facts().name).collect();
    names.dedup();
    let verb = match differences {
        [Difference::Missing { .. }] => "create",
        [Difference::Unexpected { .. }] => "drop",
        _ => "change",
    };
    match names.as_slice() {
        [name] if !slug_of(name).is_empty() => format!("{verb}_{}", slug_of(name)),
        _ => "change_schema".to_owned(),
    }
}
