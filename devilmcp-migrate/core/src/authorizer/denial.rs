//! What is not allowed, and why.

use rusqlite::hooks::{AuthAction, AuthContext};

use super::pragma::{is_of_the_file, is_out_of_place};
use crate::mode::Mode;
use crate::schema::HISTORY_PREFIX;

/// Why a statement was not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT`, `RELEASE`.
    Transaction,
    /// The same in a script that is to be run in no transaction.
    OwnTransaction,
    /// `VACUUM`, which SQLite does not do in a transaction.
    Vacuum,
    /// `ATTACH`, `DETACH`, `VACUUM INTO`, `load_extension`, and whatever is in a database that was attached before.
    Outside,
    /// A pragma that does nothing in a transaction, or that is not a migration's to set.
    Pragma,
    /// The history table.
    History,
}

impl Denial {
    /// What the statement must not do.
    pub fn what(self) -> &'static str {
        match self {
            Self::Transaction | Self::OwnTransaction => "begin, end or nest a transaction",
            Self::Vacuum => "VACUUM in a transaction",
            Self::Outside => "reach outside its database",
            Self::Pragma => "set this pragma",
            Self::History => "touch the history table",
        }
    }
}

/// Whether this is about a database that the caller has attached. Names without a schema are looked up there, too.
pub(super) fn is_outside(context: &AuthContext<'_>) -> bool {
    // As nearly always; where a table is altered, it is the action that says in which database.
    if context.database_name == Some("main") && !matches!(context.action, AuthAction::AlterTable { .. }) {
        return false;
    }
    let database = match context.action {
        AuthAction::AlterTable { database_name, .. } => Some(database_name),
        _ => context.database_name,
    };
    database.is_some_and(|name| !["main", "temp"].iter().any(|inside| name.eq_ignore_ascii_case(inside)))
}

/// Whether this is what `VACUUM` does while it runs: it copies everything to a temporary file, which it attaches under a name
/// of this form. `VACUUM INTO` attaches a file that has a name.
pub(super) fn is_within_vacuum(context: &AuthContext<'_>) -> bool {
    match context.action {
        AuthAction::Attach { filename } => filename.is_empty(),
        _ => context.database_name.is_some_and(|name| name.starts_with("vacuum_")),
    }
}

pub(super) fn denial(action: &AuthAction<'_>, mode: Mode) -> Option<Denial> {
    match *action {
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } if mode.is_atomic() => Some(Denial::Transaction),
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => Some(Denial::OwnTransaction),
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => Some(Denial::Outside),
        AuthAction::Function { function_name } if function_name.eq_ignore_ascii_case("load_extension") => {
            Some(Denial::Outside)
        }
        AuthAction::Pragma { pragma_name, pragma_value: Some(value) }
            if is_out_of_place(pragma_name) && (mode.is_atomic() || !is_of_the_file(pragma_name, value)) =>
        {
            Some(Denial::Pragma)
        }
        AuthAction::CreateTable { table_name: name }
        | AuthAction::CreateVtable { table_name: name, .. }
        | AuthAction::CreateView { view_name: name }
        | AuthAction::CreateIndex { table_name: name, .. }
        | AuthAction::CreateTrigger { table_name: name, .. }
        | AuthAction::CreateTempTable { table_name: name }
        | AuthAction::CreateTempView { view_name: name }
        | AuthAction::CreateTempTrigger { table_name: name, .. }
        | AuthAction::AlterTable { table_name: name, .. }
        | AuthAction::DropTable { table_name: name }
        | AuthAction::DropTrigger { table_name: name, .. }
        | AuthAction::DropIndex { table_name: name, .. }
        | AuthAction::Insert { table_name: name }
        | AuthAction::Delete { table_name: name }
        | AuthAction::Update { table_name: name, .. }
            if is_history(name) =>
        {
            Some(Denial::History)
        }
        _ => None,
    }
}

/// Whether the table is one of this tool's.
pub(crate) fn is_history(table: &str) -> bool {
    table.get(..HISTORY_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(HISTORY_PREFIX))
}
