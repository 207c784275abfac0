//! `-- migrate: renamed_from(old)`, beside a table or a column of the declared schema.

use std::ops::Range;

use crate::directive::{Line, tokens_with_directives};
use crate::place::made;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::Kind;
use crate::schema::name::Ident;
use crate::schema::table::definitions;
use crate::source::SourceFile;
use crate::statement::statements;
use crate::token::{Token, significant, tokens};

/// What a table or a column was called before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// The table, as it is called now.
    pub table: Ident,
    /// The column as it is called now, if it is one.
    pub column: Option<Ident>,
    /// How it was called.
    pub old: Ident,
}

impl Renaming {
    /// Reads every hint in the declared schema. One that stands alone on its line is about what follows.
    pub fn hints(declared: &SourceFile, problems: &mut Problems) -> Vec<Self> {
        let lines = tokens_with_directives(declared).filter_map(|token| Line::of(&token));
        let hint = |line: Line<'_>| {
            let Some(old) = old(line.text) else {
                let problem = Problem::at_text(
                    &rule::MALFORMED_DIRECTIVE,
                    declared,
                    line.range,
                    "not of the form renamed_from(old)",
                );
                problems.push(problem.helped("write it as `-- migrate: renamed_from(old)`, with the name that it had"));
                return None;
            };
            let found = named(&declared.text, line.range.start);
            if found.is_none() {
                let problem =
                    Problem::at_text(&rule::MISPLACED_DIRECTIVE, declared, line.range, "beside no table and no column");
                problems
                    .push(problem.helped("put it on the line of the column, or of the CREATE TABLE, or above that"));
            }
            found.map(|(table, column)| Self { table, column, old })
        };
        lines.filter_map(hint).collect()
    }

    /// Reads `old=new`, of a table, or `table.old=new`, of a column.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<Token<'_>> = significant(text).collect();
        let name = |word: &Token<'_>| Ident::from_token(word);
        let read = match words.as_slice() {
            [old, equals, new] if equals.is_operator("=") => {
                name(new).zip(name(old)).map(|(table, old)| Self { table, column: None, old })
            }
            [table, dot, old, equals, new] if dot.is_operator(".") && equals.is_operator("=") => {
                name(table).zip(name(old)).map(|(table, old)| Self { table, column: name(new), old })
            }
            _ => None,
        };
        read.ok_or_else(|| "write it as OLD=NEW, or TABLE.OLD=NEW".to_owned())
    }
}

/// The text as it would be if there had never been a hint: a line that has nothing else is gone.
pub(super) fn without_hints(sql: &str) -> String {
    let mut text = String::new();
    let mut ends_line = false;
    for token in tokens(sql) {
        if Line::of(&token).is_some() {
            text.truncate(text.trim_end_matches([' ', '\t']).len());
            ends_line = text.ends_with('\n');
        } else {
            // Of a line with a hint alone, its end is left.
            let rest = if ends_line { token.text.strip_prefix('\n').unwrap_or(token.text) } else { token.text };
            text.push_str(rest);
            ends_line = false;
        }
    }
    text
}

/// `old`, of `renamed_from(old)`.
fn old(text: &str) -> Option<Ident> {
    match significant(text).collect::<Vec<_>>().as_slice() {
        [word, open, name, close] if word.is("renamed_from") && open.is_operator("(") && close.is_operator(")") => {
            Ident::from_token(name)
        }
        _ => None,
    }
}

/// The table, or the column of it, that a comment at this place is about.
fn named(text: &str, at: usize) -> Option<(Ident, Option<Ident>)> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_alone = text[line..at].trim().is_empty();
    let all = statements(text);
    let around = all.iter().find(|range| range.contains(&at));
    let beside =
        if is_alone { all.iter().find(|range| range.start > at) } else { all.iter().rfind(|range| range.end <= at) };
    let statement = around.or(beside)?;
    let sql = &text[statement.clone()];
    let table = made(sql).filter(|key| key.kind == Kind::Table)?.name;
    let inside = around.map(|range| at - range.start);
    let Some(inside) = inside.filter(|inside| sql[..*inside].contains('(')) else { return Some((table, None)) };
    let columns = definitions(sql);
    let is_before = |(_, range): &&(Ident, Range<usize>)| range.start < inside;
    let column =
        if is_alone { columns.iter().find(|column| !is_before(column)) } else { columns.iter().rfind(is_before) };
    match column {
        Some((name, _)) => Some((table, Some(name.clone()))),
        // Behind the parenthesis that opens the list.
        None if !is_alone => Some((table, None)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_leaves_no_trace() {
        for (sql, without) in [
            ("(a, -- migrate: renamed_from(b)\n c)", "(a,\n c)"),
            ("(a,\n    -- migrate: renamed_from(b)\n    c)", "(a,\n    c)"),
            ("(\n-- migrate: renamed_from(b)\n-- migrate: renamed_from(d)\nc -- why\n)", "(\nc -- why\n)"),
            ("'-- migrate: renamed_from(b)'", "'-- migrate: renamed_from(b)'"),
        ] {
            assert_eq!(without_hints(sql), without);
        }
    }
}
