//! Rows whose foreign keys point at nothing: which were there before, and which a migration has made.

mod read;

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::hash::Hash;

use crate::error::{Error, Inner};
use crate::printable::Printable;

#[cfg(feature = "libsql")]
pub(crate) use read::{MAY_REFER, terms};

/// A row whose foreign key points at nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    table: String,
    parent: String,
    row: Option<i64>,
    reference: Option<Reference>,
}

/// What such a row refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Reference {
    /// `session_id = 'gone'`
    text: String,
    /// The values alone, in a form that another name or type of the column does not change.
    values: String,
}

impl Violation {
    /// The table the row is in.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The table it points into.
    pub fn parent(&self) -> &str {
        &self.parent
    }

    /// One of a table that refers to this, if that is known: as text, and the values alone.
    #[cfg(feature = "libsql")]
    pub(crate) fn new(table: &str, parent: &str, row: Option<i64>, reference: Option<[String; 2]>) -> Self {
        let reference = reference.map(|[text, values]| Reference { text, values });
        Self { table: table.to_owned(), parent: parent.to_owned(), row, reference }
    }

    /// Its rowid; none in a `WITHOUT ROWID` table.
    pub fn row(&self) -> Option<i64> {
        self.row
    }
}

/// All that is wrong with the foreign keys of a database.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) violations: Vec<Violation>,
    pub(crate) mismatches: Vec<Mismatch>,
}

/// A table with a foreign key that cannot be checked at all, because what it points at has no unique key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Mismatch {
    pub(crate) table: String,
    /// `foreign key mismatch - "letters" referencing "parents"`
    pub(crate) message: String,
}

impl State {
    /// All violations, if none is new, and no foreign key that could be checked `before` cannot be now.
    pub(crate) fn no_worse_than(self, before: &Self) -> Result<Vec<Violation>, Error> {
        let violations = self.new_since(before);
        if !violations.is_empty() {
            return Err(Inner::ForeignKeys { violations }.into());
        }
        match self.new_mismatch_since(before) {
            Some(message) => Err(Inner::ForeignKeyMismatch { message }.into()),
            None => Ok(self.violations),
        }
    }

    /// The violations that were not there `before`. A row is known by what it refers to, not by its rowid: rebuilding a
    /// table may renumber rows, and renaming one, or a column, moves them.
    fn new_since(&self, before: &Self) -> Vec<Violation> {
        let values = |violation: &Violation| violation.reference.as_ref().map(|reference| reference.values.clone());
        let place = |violation: &Violation| (violation.table.clone(), violation.parent.clone(), values(violation));
        let (new, gone) = unmatched(&self.violations, &before.violations, place);
        unmatched(&new, &gone, values).0
    }

    /// Why a foreign key cannot be checked, where that was not so `before`. Child or parent may have been renamed.
    fn new_mismatch_since(&self, before: &Self) -> Option<String> {
        let parent = |mismatch: &Mismatch| mismatch.message.split(" referencing ").last().map(str::to_owned);
        let (new, gone) = unmatched(&self.mismatches, &before.mismatches, Clone::clone);
        let (new, gone) = unmatched(&new, &gone, parent);
        let (new, _) = unmatched(&new, &gone, |mismatch| mismatch.table.clone());
        new.into_iter().next().map(|mismatch| mismatch.message)
    }
}

/// What is in only one of two multisets, by a key.
fn unmatched<T: Clone, K: Eq + Hash>(after: &[T], before: &[T], key: impl Fn(&T) -> K) -> (Vec<T>, Vec<T>) {
    let mut counts: HashMap<K, Vec<&T>> = HashMap::new();
    for item in before {
        counts.entry(key(item)).or_default().push(item);
    }
    let is_new = |item: &&T| counts.get_mut(&key(item)).and_then(Vec::pop).is_none();
    let new = after.iter().filter(is_new).cloned().collect();
    (new, counts.into_values().flatten().cloned().collect())
}

/// `thoughts: the row with session_id = 'gone' (rowid 99) has no parent in thought_sessions`
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, parent, row, reference } = self;
        let mut f = Printable(f);
        write!(f, "{table}: ")?;
        match (reference, row) {
            (Some(Reference { text, .. }), Some(row)) => write!(f, "the row with {text} (rowid {row})")?,
            (Some(Reference { text, .. }), None) => write!(f, "the row with {text}")?,
            (None, Some(row)) => write!(f, "the row with rowid {row}")?,
            (None, None) => f.write_str("a row")?,
        }
        write!(f, " has no parent in {parent}")
    }
}
