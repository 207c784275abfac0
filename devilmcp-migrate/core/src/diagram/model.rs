//! What a diagram shows.

use std::collections::BTreeSet;

/// Tables, what refers to what, and views.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// In the order of their names; behind them, what foreign keys name and is not there.
    pub tables: Vec<Table>,
    /// The foreign keys, in the order of the tables that have them.
    pub references: Vec<Reference>,
    /// In the order of their names.
    pub views: Vec<View>,
    /// Whether it is one of what has changed.
    pub is_comparison: bool,
}

/// What has become of something since the schema that this one is compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Change {
    /// Nothing; or nothing is compared.
    #[default]
    Kept,
    /// It is new.
    Added,
    /// It is gone, and only shown.
    Removed,
    /// It is another.
    Changed,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name, as it was written.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// In order; those that are gone stand where they stood.
    pub columns: Vec<Column>,
    /// Of the primary key, the columns in its order.
    pub primary_key: Vec<usize>,
    /// `AUTOINCREMENT`
    pub autoincrement: bool,
    /// Other keys, by constraint or by index: what each is over. Those that hold for a part of the rows are not among them.
    pub unique: Vec<Vec<usize>>,
    /// The conditions.
    pub checks: Vec<String>,
    /// `STRICT`
    pub strict: bool,
    /// `WITHOUT ROWID`
    pub without_rowid: bool,
    /// Names and descriptions: `ix_tasks_status`, `INDEX ON tasks (status)`.
    pub indexes: Vec<(String, String)>,
    /// Names.
    pub triggers: Vec<String>,
    /// Its text, as SQLite keeps it; empty if it is missing.
    pub sql: String,
    /// What has become of it.
    pub change: Change,
}

/// The sorts of table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// An ordinary one.
    Ordinary,
    /// One of this module.
    Virtual(String),
    /// A foreign key names it, and there is none.
    Missing,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name, as it was written.
    pub name: String,
    /// Its declared type; empty if it has none.
    pub declared_type: String,
    /// Whether it cannot be NULL: it says so, or is a key by which SQLite finds rows.
    pub not_null: bool,
    /// The default, as SQL.
    pub default: Option<String>,
    /// How it is compared.
    pub collation: Option<String>,
    /// What it is computed from.
    pub generated: Option<String>,
    /// The keys that it belongs to.
    pub roles: BTreeSet<Role>,
    /// What has become of it.
    pub change: Change,
    /// What it was before, if it has changed.
    pub was: Option<String>,
}

/// What a column is for the keys of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It belongs to the primary key.
    Primary,
    /// It belongs to a foreign key.
    Foreign,
    /// No two rows have the same in it.
    Unique,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table that has it.
    pub child: usize,
    /// Its columns.
    pub columns: Vec<usize>,
    /// The table that it refers to.
    pub parent: usize,
    /// The columns there; empty if nobody knows which.
    pub parent_columns: Vec<usize>,
    /// `ON DELETE CASCADE` and the like, in the order of their letters.
    pub actions: Vec<String>,
    /// `DEFERRABLE INITIALLY DEFERRED`
    pub deferred: bool,
    /// Whether a row may refer to nothing.
    pub is_optional: bool,
    /// Whether no two rows refer to the same.
    pub is_unique: bool,
    /// What has become of it.
    pub change: Change,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name, as it was written.
    pub name: String,
    /// The tables and views that its text names, in the order of their names.
    pub reads: Vec<String>,
    /// Its text, as SQLite keeps it.
    pub sql: String,
    /// What has become of it.
    pub change: Change,
}

impl Change {
    /// A word for it, if there is anything to say.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Kept => None,
            Self::Added => Some("added"),
            Self::Removed => Some("removed"),
            Self::Changed => Some("changed"),
        }
    }
}

impl Table {
    /// The names of some of its columns, with commas.
    pub fn names(&self, columns: &[usize]) -> String {
        let names: Vec<&str> =
            columns.iter().filter_map(|at| self.columns.get(*at)).map(|column| column.name.as_str()).collect();
        names.join(", ")
    }

    /// The words behind its columns.
    pub fn options(&self) -> impl Iterator<Item = &'static str> {
        [(self.strict, "STRICT"), (self.without_rowid, "WITHOUT ROWID")]
            .into_iter()
            .filter_map(|(is_so, word)| is_so.then_some(word))
    }
}

impl Diagram {
    /// `tasks (project_id) -> projects (id) ON DELETE CASCADE`
    pub fn sentence(&self, reference: &Reference) -> String {
        let side = |table: usize, columns: &[usize]| {
            let Some(table) = self.tables.get(table) else { return String::new() };
            let columns = table.names(columns);
            if columns.is_empty() { table.name.clone() } else { format!("{} ({columns})", table.name) }
        };
        let (child, parent) =
            (side(reference.child, &reference.columns), side(reference.parent, &reference.parent_columns));
        let deferred = reference.deferred.then_some("DEFERRED");
        let words = reference.actions.iter().map(String::as_str).chain(deferred);
        words.fold(format!("{child} → {parent}"), |text, word| text + " " + word)
    }
}
