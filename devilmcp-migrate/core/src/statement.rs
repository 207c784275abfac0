//! One script -> its statements.

use std::ops::Range;

use crate::token::{Kind, Token, is_word, significant};

/// Where each statement of `sql` stands, from its first token to its last, without the `;` and without what surrounds it.
///
/// The rule is that of [`sqlite3_complete`](https://sqlite.org/c3ref/complete.html): a `;` ends a statement, but the body
/// of a `CREATE TRIGGER` ends only at `; END ;`. Empty statements are left out.
pub fn statements(sql: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut state = State::Start;
    let mut current = 0..0;
    let mut tokens = significant(sql);
    while let Some(token) = tokens.next() {
        let is_first = state == State::Start;
        state = state.after(&token);
        if state != State::Start {
            current = if is_first { token.start } else { current.start }..token.range().end;
        } else if !is_first {
            found.push(current.clone());
        }
        // Most tokens stand in the middle of a statement, and change nothing.
        if state == State::Normal
            && let Some(end) = tokens.skip_to_semicolon()
        {
            current.end = end;
        }
    }
    if state != State::Start {
        found.push(current);
    }
    found
}

/// Whether this is the word that a statement, which begins with its first token, begins with.
pub(crate) fn begins_with(statement: &str, word: &str) -> bool {
    let (statement, word) = (statement.as_bytes(), word.as_bytes());
    // A plain comparison of one letter first: it is asked of every statement, unoptimised.
    if statement.is_empty() || !statement[0].eq_ignore_ascii_case(&word[0]) || statement.len() < word.len() {
        return false;
    }
    statement[..word.len()].eq_ignore_ascii_case(word) && !statement.get(word.len()).is_some_and(|next| is_word(*next))
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
    use super::{State, begins_with, statements};
    use crate::token::significant;

    /// The same, token by token.
    fn plainly(sql: &str) -> Vec<&str> {
        let (mut found, mut state, mut current) = (Vec::new(), State::Start, 0..0);
        for token in significant(sql) {
            let is_first = state == State::Start;
            state = state.after(&token);
            if state != State::Start {
                current = if is_first { token.start } else { current.start }..token.range().end;
            } else if !is_first {
                found.push(&sql[current.clone()]);
            }
        }
        found.extend((state != State::Start).then(|| &sql[current]));
        found
    }

    #[test]
    fn what_is_skipped_are_whole_tokens() {
        let pieces = [
            "SELECT",
            "CREATE TABLE a",
            "x",
            "é",
            " ",
            "\n",
            "\u{feff}",
            ";",
            "--;",
            "/*;",
            "*/",
            "'",
            "\"",
            "`",
            "[",
            "]",
            "-",
            "/",
            "1",
            "1.",
            ".5",
            "1e+5",
            "?1",
            "?",
            "@a",
            "$b",
            "$",
            ":",
            "->>",
            "(",
            ",",
            "x';'",
            "CREATE TRIGGER t BEGIN",
            "END",
        ];
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    let sql = format!("SELECT {one}{two}{three};{three}{one} {two}; b {two}{one}{three}");
                    assert_eq!(cut(&sql), plainly(&sql), "{sql}");
                }
            }
        }
    }

    #[test]
    fn a_statement_begins_with_a_whole_word() {
        for (statement, begins) in
            [("end", true), ("END;", true), ("ENDE", false), ("EN", false), ("", false), ("END\u{e9}", false)]
        {
            assert_eq!(begins_with(statement, "END"), begins, "{statement}");
        }
    }

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
