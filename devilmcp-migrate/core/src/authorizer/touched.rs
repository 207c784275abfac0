//! What a script has touched.

use std::collections::BTreeSet;

use rusqlite::hooks::AuthAction;

/// Which entries of `sqlite_schema` a script has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Objects that were created.
    pub created: BTreeSet<String>,
    /// Tables that were altered.
    pub altered: BTreeSet<String>,
    /// Objects that were dropped; of a table, what belongs to it has gone with it.
    pub dropped: BTreeSet<String>,
    /// Tables whose rows were inserted, updated or deleted.
    pub written: BTreeSet<String>,
    /// Something was renamed: any view, trigger or foreign key may name it, and be written anew. Or everything was written
    /// anew, by `VACUUM`.
    pub renamed: bool,
}

impl Touched {
    pub(super) fn note(&mut self, action: &AuthAction<'_>) {
        match *action {
            AuthAction::CreateTable { table_name: name }
            | AuthAction::CreateVtable { table_name: name, .. }
            | AuthAction::CreateView { view_name: name }
            | AuthAction::CreateIndex { index_name: name, .. }
            | AuthAction::CreateTrigger { trigger_name: name, .. } => {
                self.created.insert(name.to_owned());
            }
            AuthAction::AlterTable { table_name: name, .. } => {
                self.altered.insert(name.to_owned());
            }
            AuthAction::DropTable { table_name: name }
            | AuthAction::DropVtable { table_name: name, .. }
            | AuthAction::DropView { view_name: name }
            | AuthAction::DropIndex { index_name: name, .. }
            | AuthAction::DropTrigger { trigger_name: name, .. } => {
                self.dropped.insert(name.to_owned());
            }
            AuthAction::Insert { table_name: name }
            | AuthAction::Delete { table_name: name }
            | AuthAction::Update { table_name: name, .. }
                if !name.starts_with("sqlite_") =>
            {
                self.written.insert(name.to_owned());
            }
            _ => {}
        }
    }
}
