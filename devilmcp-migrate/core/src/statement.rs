//! One script -> its statements.

use std::ops::Range;

use crate::token::{Kind, Token, significant};

/// Where each statement of `sql` stands, from its first token to its last, without the `;` and without what surrounds it.
///
/// The rule is that of [`sqlite3_complete`](https://sqlite.org/c3ref/complete.html): a `;` ends a statement, but the body
/// of a `CREATE TRIGGER` ends only at `; END ;`. Empty statements are left out.
pub fn statements(sql: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut state = State::Start;
    let mut current = 0..0;
    for token in significant(sql) {
        let end = token.start + token.text.len();
        // Most tokens stand in the middle of a statement, and change nothing.
        if state == State::Normal && token.kind != Kind::Semicolon {
            current.end = end;
            continue;
        }
        let is_first = state == State::Start;
        state = state.after(&token);
        if state != State::Start {
            current = if is_first { token.start } else { current.start }..end;
        } else if !is_first {
            found.push(current.clone());
        }
    }
    if state != State::Start {
        found.push(current);
    }
    found
}

/// How far into a statement we are, as far as it matters for its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Normal,
    Explain,
    Create,
    Trigger,
    TriggerSemicolon,
    TriggerEnd,
}

impl State {
    fn after(self, token: &Token<'_>) -> Self {
        let semicolon = token.kind == Kind::Semicolon;
        match self {
            Self::Trigger | Self::TriggerSemicolon if semicolon => Self::TriggerSemicolon,
            Self::TriggerSemicolon if token.is("END") => Self::TriggerEnd,
            Self::Start | Self::Normal | Self::Explain | Self::Create | Self::TriggerEnd if semicolon => Self::Start,
            Self::Trigger | Self::TriggerSemicolon | Self::TriggerEnd => Self::Trigger,
            Self::Start if token.is("EXPLAIN") => Self::Explain,
            Self::Start | Self::Explain if token.is("CREATE") => Self::Create,
            Self::Explain => Self::Explain,
            Self::Create if token.is("TEMP") || token.is("TEMPORARY") => Self::Create,
            Self::Create if token.is("TRIGGER") => Self::Trigger,
            Self::Start | Self::Normal | Self::Create => Self::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::statements;

    fn cut(sql: &str) -> Vec<&str> {
        statements(sql).into_iter().map(|range| &sql[range]).collect()
    }

    #[test]
    fn a_semicolon_in_a_literal_or_a_comment_ends_nothing() {
        let sql = "-- a;\nSELECT ';', \"a;b\", [;], `;` /* ; */ ;\n SELECT 2";
        assert_eq!(cut(sql), ["SELECT ';', \"a;b\", [;], `;`", "SELECT 2"]);
    }

    #[test]
    fn a_trigger_is_one_statement() {
        let trigger = "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET b = CASE WHEN 1 THEN 2 END;\n  SELECT 1;\nEND";
        assert_eq!(cut(&format!("{trigger};\nSELECT 1;")), [trigger, "SELECT 1"]);
        assert_eq!(cut(trigger), [trigger]);
    }

    #[test]
    fn an_index_named_trigger_is_no_trigger() {
        assert_eq!(
            cut("CREATE INDEX trigger ON a(b); SELECT 1; END;"),
            ["CREATE INDEX trigger ON a(b)", "SELECT 1", "END"]
        );
    }

    #[test]
    fn nothing_but_comments_is_no_statement() {
        assert!(cut("").is_empty());
        assert!(cut("-- nothing\n;;/* here */;\u{feff}").is_empty());
    }
}
