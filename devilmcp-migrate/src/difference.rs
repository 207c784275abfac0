//! In what a schema is not what it should be, for the caller.

use std::fmt::{self, Write as _};

use devilmcp_migrate_core::diff;

use crate::printable::Printable;

/// One thing in which the schema of a database is not what it should be. As text it is a sentence: ``table `tasks`: column `extra`
/// is not expected``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference(pub(crate) diff::Difference);

impl Difference {
    /// What kind of object it is about: `table`, `index`, `view` or `trigger`; what is inside a table is about the table.
    pub fn object(&self) -> &'static str {
        self.0.facts().object.as_str()
    }

    /// The name of that object.
    pub fn name(&self) -> &str {
        self.0.facts().name
    }

    /// The column of the table, if it is about one.
    pub fn column(&self) -> Option<&str> {
        self.0.facts().column
    }

    /// What should be there: of a column its type and constraints, of an index what it is on, of a view or a trigger its text; none if
    /// nothing should.
    pub fn expected(&self) -> Option<String> {
        self.0.facts().expected
    }

    /// What is there, in the same form; none if nothing is.
    pub fn found(&self) -> Option<String> {
        self.0.facts().found
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Printable(f), "{}", self.0)
    }
}
