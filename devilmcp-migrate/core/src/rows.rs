//! What a hook may do: read and write rows, and nothing else.

use rusqlite::hooks::AuthAction;

use crate::authorizer::{Denial, is_history};

/// Whether this reads or writes rows, or reads about the schema: a list of what may be, because the schema is the migrations' to
/// make, and a hook is not tried while the crate compiles.
pub(crate) fn is_about_rows(action: &AuthAction<'_>) -> bool {
    const ABOUT_THE_SCHEMA: [&str; 8] = [
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "table_info",
        "table_list",
        "table_xinfo",
    ];
    match *action {
        AuthAction::Select | AuthAction::Recursive | AuthAction::Function { .. } => true,
        AuthAction::Read { table_name: table, .. } => !is_history(table),
        AuthAction::Insert { table_name: table }
        | AuthAction::Delete { table_name: table }
        | AuthAction::Update { table_name: table, .. } => !is_of_the_schema(table),
        AuthAction::Pragma { pragma_name, .. } => {
            ABOUT_THE_SCHEMA.iter().any(|known| pragma_name.eq_ignore_ascii_case(known))
        }
        _ => false,
    }
}

fn is_of_the_schema(table: &str) -> bool {
    ["sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"]
        .iter()
        .any(|known| table.eq_ignore_ascii_case(known))
}

/// Why a hook may not do what a script may; none if it is about the schema.
pub(crate) fn denial(action: &AuthAction<'_>) -> Option<Denial> {
    match action {
        AuthAction::Pragma { .. } => Some(Denial::Pragma),
        AuthAction::Read { .. } => Some(Denial::History),
        _ => None,
    }
}
