//! Why a file does not belong into a directory of some tool's.

use super::written_for;
use crate::problem::Problem;
use crate::rule;
use crate::tool::Tool;

/// Why a path is not that of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not in the form of the tool's.
    Name,
    /// It is in a folder, and the tool looks into none.
    Folder,
    /// It is in no folder, and the tool has one for each migration.
    NoFolder,
    /// It is in a folder of a migration, where only certain names are known.
    Inside,
    /// It is a migration in the tool's programming language.
    Code,
    /// What stands where the version stands is no number.
    NoNumber,
    /// The version is 0.
    Zero,
    /// The version does not fit 64 bits.
    TooLarge,
}

impl Fault {
    /// As it is said of the file at `path` of the directory that the user calls `shown`.
    pub(super) fn problem(self, tool: Tool, shown: &str, path: &str) -> Problem {
        let (name, at) = (tool.name(), format!("{shown}/{path}"));
        let (rule, title, help) = match self {
            Self::Name | Self::Folder | Self::NoFolder if written_for(path).is_some_and(|other| other != tool) => {
                let other = written_for(path).unwrap_or(tool).name();
                let title = format!("`{path}` is a migration of {other}, in a directory of {name}");
                let help = "a directory has one layout: move it elsewhere, or write it as its neighbours are written"
                    .to_owned();
                (&rule::UNKNOWN_FILE, title, help)
            }
            Self::Name | Self::NoFolder => {
                let help = format!("{name} names a migration {}: rename it, or move it elsewhere", form(tool));
                (&rule::UNKNOWN_FILE, format!("`{path}` is not a migration of {name}"), help)
            }
            Self::Folder => {
                let help = format!("{name} does not look into folders: move it up, or elsewhere");
                (&rule::UNKNOWN_FILE, format!("`{path}` is in a folder"), help)
            }
            Self::Inside => {
                let known =
                    if tool == Tool::Diesel { "up.sql, down.sql and metadata.toml" } else { "up.sql and down.sql" };
                let help = format!("of a migration, {name} knows {known}: rename it, or move it elsewhere");
                (&rule::UNKNOWN_FILE, format!("`{path}` is not of a migration"), help)
            }
            Self::Code => {
                let help = "write its SQL into a file, and let the program do the rest in a hook: migrator().after(..)"
                    .to_owned();
                (&rule::UNKNOWN_FILE, format!("`{path}` is code, and only SQL can be tried"), help)
            }
            Self::NoNumber => {
                let help = format!("{name} names a migration {}", form(tool));
                (&rule::BAD_NAME, format!("the version of `{path}` is not a number"), help)
            }
            Self::Zero => {
                let help = "give it the number 1, or one before that of the next: 0 stands for an empty database here"
                    .to_owned();
                (&rule::BAD_NAME, format!("the version of `{path}` is 0"), help)
            }
            Self::TooLarge => {
                let title =
                    format!("the version of `{path}` is larger than SQLite's largest integer, 9223372036854775807");
                (&rule::BAD_NAME, title, "give it a shorter one".to_owned())
            }
        };
        Problem::at_path(rule, at).titled(title).helped(help)
    }
}

/// How a tool names its migrations.
fn form(tool: Tool) -> &'static str {
    match tool {
        Tool::Sqlx => "N_name.sql, or N_name.up.sql and N_name.down.sql",
        Tool::Refinery => "VN__name.sql or UN__name.sql, with two `_`",
        Tool::Diesel => "N_name/up.sql, and N_name/down.sql",
        Tool::RusqliteMigration => "N-name/up.sql, and N-name/down.sql",
        Tool::Goose | Tool::Dbmate => "N_name.sql",
        Tool::Alembic | Tool::SeaOrm => "in code",
    }
}
