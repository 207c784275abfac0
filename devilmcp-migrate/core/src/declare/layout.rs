//! Statements one below the other.

use crate::token::{Kind, tokens};

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) sql: String,
    /// It is about something else than the one before it.
    pub(super) begins: bool,
}

/// All of them. What belongs together and takes a line each stands together; before anything else is a blank line.
pub(super) fn text(paragraphs: &[Paragraph]) -> String {
    let mut text = String::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let is_short = !paragraph.sql.contains('\n');
        let follows = at.checked_sub(1).map(|before| &paragraphs[before]);
        // Below a table its indexes may stand, but a trigger with a body of its own not.
        let is_close = follows
            .is_some_and(|before| !paragraph.begins && is_short && (before.begins || !before.sql.contains('\n')));
        text.push_str(if at == 0 || is_close { "" } else { "\n" });
        text.push_str(&closed(&paragraph.sql));
        text.push_str(";\n");
    }
    text
}

/// SQLite keeps a comment that a text ends with, and a `;` behind it would be a part of that.
pub(crate) fn closed(sql: &str) -> String {
    let ends_in_comment =
        tokens(sql).last().is_some_and(|last| last.kind == Kind::Comment && last.text.starts_with("--"));
    if ends_in_comment { format!("{sql}\n") } else { sql.to_owned() }
}
