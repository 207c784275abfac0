//! What to do about a statement that rows are known to break, where that can be said better than the rule says it.

use crate::token::significant;

/// What to do, by what SQLite says of the statement.
pub(super) fn remedy(message: &str, statement: &str) -> Option<&'static str> {
    let is_new_column = significant(statement).nth(3).is_some_and(|token| token.is("ADD"));
    if message.contains("non-constant default") {
        Some(
            "add it without that DEFAULT, or with a constant one, and fill it with UPDATE; where new rows are to get the expression, declare it in schema.sql: `devilmcp-migrate diff` makes the table anew",
        )
    } else if message.contains("STORED column") {
        Some(
            "make it VIRTUAL; if it has to be STORED, declare it in schema.sql: `devilmcp-migrate diff` makes the table anew",
        )
    } else if message.contains("REFERENCES column") {
        Some("add it without the DEFAULT, so that it is NULL, and fill it with UPDATE")
    } else if message == "NOT NULL constraint failed" {
        // Only of a generated column SQLite does not say which one it is.
        Some(
            "let the expression never be NULL, as in `coalesce(c, 0)`, or leave out NOT NULL; if no such row can exist, `-- migrate: allow(not_null_violation) reason`",
        )
    } else if message == "CHECK constraint failed" && is_new_column {
        Some(
            "give the column a DEFAULT that its CHECK lets pass, or change first the rows that the CHECK looks at; if no such row can exist, `-- migrate: allow(check_violation) reason`",
        )
    } else {
        None
    }
}
