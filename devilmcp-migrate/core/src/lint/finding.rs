//! What a lint has found, before it is known whose it is.

use crate::schema::name::Ident;

/// Something that a lint has found about a table.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) subject: Subject,
    /// What is wrong, in one line.
    pub(super) title: String,
    /// A few words to stand beside the place.
    pub(super) label: String,
    /// What to do.
    pub(super) help: Option<String>,
}

/// What of a table it is about: by this it is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// All of it.
    Table,
    /// Some of its columns.
    Columns(Vec<Ident>),
    /// One of its indexes, perhaps because of another.
    Index(Ident, Option<Ident>),
}

impl Subject {
    /// Gives columns the names that they had before.
    pub(super) fn rename(&mut self, former: impl Fn(&Ident) -> Option<Ident>) {
        let Self::Columns(columns) = self else { return };
        for column in columns {
            if let Some(former) = former(column) {
                *column = former;
            }
        }
    }
}
