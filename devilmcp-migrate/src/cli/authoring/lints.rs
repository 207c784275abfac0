//! The levels of the lints, as arguments.

use devilmcp_migrate_core::lint::{Level, Levels, Lint};

use clap::builder::{PossibleValuesParser, TypedValueParser as _};

/// `--deny LINT`, `--warn LINT`, `--allow LINT`. A lint that is named more than once has the strictest level.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Lints")]
pub(super) struct Lints {
    /// Stop at what this lint finds; may be repeated, like the two others
    #[arg(long, value_name = "LINT", value_parser = lint(), hide_possible_values = true)]
    deny: Vec<Lint>,

    /// Only warn of what this lint finds
    #[arg(long, value_name = "LINT", value_parser = lint(), hide_possible_values = true)]
    warn: Vec<Lint>,

    /// Say nothing of what this lint finds
    #[arg(long, value_name = "LINT", value_parser = lint())]
    allow: Vec<Lint>,
}

impl Lints {
    /// The level of every lint.
    pub(super) fn levels(&self) -> Levels {
        let Self { deny, warn, allow } = self;
        let chosen = [(Level::Allow, allow), (Level::Warn, warn), (Level::Deny, deny)];
        let chosen = chosen.into_iter().flat_map(|(level, lints)| lints.iter().map(move |&lint| (level, lint)));
        chosen.fold(Levels::default(), |levels, (level, lint)| levels.with(lint, level))
    }
}

/// So that clap names the nearest one, and lists all of them.
fn lint() -> impl clap::builder::TypedValueParser<Value = Lint> {
    PossibleValuesParser::new(Lint::ALL.map(Lint::name)).try_map(|word| Lint::named(&word))
}
