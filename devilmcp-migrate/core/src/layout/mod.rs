//! Directories that were written for other tools, read as they are.
//!
//! A layout only says which file is which migration's, and which way: numbers, names, texts, and what the tool's own account of a
//! database calls the migration. What is then done with them is the same as with any others.

mod checksum;
mod fault;
mod origin;
mod path;
mod read;
mod section;
mod version;

pub(crate) use read::read;

pub use origin::Origin;

use crate::tool::Tool;

/// How the files of a directory are named and cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `NNNN_name.sql` and `NNNN_name.down.sql`.
    #[default]
    Own,
    /// As this tool wants them.
    Of(Tool),
}

impl Layout {
    /// The tools that keep their migrations in files of SQL.
    pub const TOOLS: [Tool; 6] =
        [Tool::Dbmate, Tool::Diesel, Tool::Goose, Tool::Refinery, Tool::RusqliteMigration, Tool::Sqlx];

    /// The layout of this name.
    ///
    /// # Errors
    /// There is none; the text says which may have been meant.
    pub fn named(word: &str) -> Result<Self, String> {
        let known = Self::TOOLS.into_iter();
        known.clone().find(|tool| tool.name() == word).map(Self::Of).ok_or_else(|| match Tool::named(word) {
            Some(_) => format!("`{word}` keeps its migrations in code, not in files of SQL"),
            None => format!("there is no layout `{word}`: {}", Tool::meant(word, known)),
        })
    }

    /// The tool that it is of; none if it is this one's own.
    pub fn tool(self) -> Option<Tool> {
        match self {
            Self::Own => None,
            Self::Of(tool) => Some(tool),
        }
    }
}

/// The tool for which a file of this name was written, where only one has such names.
pub(crate) fn written_for(path: &str) -> Option<Tool> {
    let is_of =
        |tool: &Tool| path::parse(*tool, path).and_then(|said| version::Version::parse(*tool, said.version)).is_ok();
    [Tool::Refinery, Tool::Diesel, Tool::RusqliteMigration].into_iter().find(is_of)
}

/// What to do where a directory was written for another tool, and nobody has said so.
pub(crate) fn unsaid(tool: Tool) -> String {
    let name = tool.name();
    format!(
        "if the directory was written for {name}, say so: layout = \"{name}\" in the call, --layout {name} on the command line"
    )
}
