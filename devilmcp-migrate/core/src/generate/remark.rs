//! Comments about what a statement makes: SQLite keeps only those that stand inside of it.

use std::ops::Range;

use crate::directive::Line;
use crate::token::{Kind, Token, tokens};

/// The comments on the lines directly above the statement that begins at this place, each with the end of its line; but no
/// hints.
pub(super) fn above(text: &str, at: usize) -> String {
    let before: Vec<Token<'_>> = tokens(&text[..at]).collect();
    let mut rest = before.as_slice();
    let mut found = Vec::new();
    // One line ends between each of them and what is below it.
    while let [above @ .., comment, space] = rest
        && comment.kind == Kind::Comment
        && space.text.matches('\n').count() == 1
        && above.last().is_none_or(|last| last.kind == Kind::Space && (last.text.contains('\n') || above.len() == 1))
    {
        if Line::of(comment).is_none() {
            found.push(format!("{}\n", comment.text.trim_end()));
        }
        rest = &rest[..rest.len() - 2];
    }
    found.into_iter().rev().collect()
}

/// A definition of a column in the text of its table, with the comments about it behind its name: of what SQLite adds to a table, it keeps
/// only those that stand inside.
pub(super) fn explained(sql: &str, definition: &Range<usize>) -> String {
    let text = &sql[definition.clone()];
    let comments = about(sql, definition);
    let mut words = tokens(text).filter(is_significant);
    match (words.next(), words.next()) {
        (Some(name), Some(_)) if !comments.is_empty() => {
            let (name, rest) = text.split_at(name.range().end);
            let comments: Vec<String> = comments.iter().map(|comment| format!("/* {comment} */")).collect();
            format!("{name} {}{rest}", comments.join(" "))
        }
        _ => text.to_owned(),
    }
}

/// What is said of a column in the text of its table: on the lines above its definition, as one, and behind it up to the end of the line.
fn about(sql: &str, definition: &Range<usize>) -> Vec<String> {
    let before: Vec<Token<'_>> = tokens(&sql[..definition.start]).collect();
    let gap = before.rsplit(|token| is_significant(token)).next().unwrap_or_default();
    // What stands on the line of what comes before is about that.
    let line = gap.iter().position(ends_line).unwrap_or(0);
    let above: Vec<String> = gap[line..].iter().filter_map(said).collect();
    let mut found = vec![above.join(" ")];

    let after: Vec<Token<'_>> = tokens(&sql[definition.end..]).collect();
    let end = after.iter().position(is_significant).unwrap_or(after.len());
    let (inside, rest) = after.split_at(end);
    found.extend(inside.iter().filter_map(said));
    if let Some((comma, rest)) = rest.split_first()
        && comma.is_operator(",")
    {
        let end = rest.iter().position(|token| is_significant(token) || ends_line(token)).unwrap_or(rest.len());
        let is_last = rest.get(end).is_some_and(ends_line);
        found.extend(rest[..end].iter().filter(|_| is_last).filter_map(said));
    }
    found.retain(|comment| !comment.is_empty());
    found
}

fn is_significant(token: &Token<'_>) -> bool {
    !matches!(token.kind, Kind::Space | Kind::Comment)
}

fn ends_line(token: &Token<'_>) -> bool {
    token.kind == Kind::Space && token.text.contains('\n')
}

/// What a comment says that is no hint, in one line that may stand in another one.
fn said(token: &Token<'_>) -> Option<String> {
    let comment = Some(token.text).filter(|_| token.kind == Kind::Comment && Line::of(token).is_none())?;
    let block = comment.strip_prefix("/*").map(|text| text.strip_suffix("*/").unwrap_or(text));
    let text = block.or(comment.strip_prefix("--")).unwrap_or(comment);
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(words.join(" ").replace("*/", "* /"))
}

#[cfg(test)]
mod tests {
    use super::{above, explained};
    use crate::schema::table::definitions;

    #[test]
    fn what_is_said_of_a_column_is_told_from_what_is_said_of_others() {
        let sql = "CREATE TABLE t ( -- the table\n  a INT, -- of a\n  -- of b\n  /* too */\n  b TEXT DEFAULT ', -- no', -- of b, too */\n\
            c INT, /* of d */ d INT /* in d */, e INT -- of e\n  -- of e\n, f -- of f\n)";
        let found: Vec<String> = definitions(sql).iter().map(|(_, range)| explained(sql, range)).collect();
        let expected = [
            "a /* of a */ INT",
            "b /* of b too */ /* of b, too * / */ TEXT DEFAULT ', -- no'",
            "c INT",
            "d /* of d */ /* in d */ INT",
            "e /* of e */ /* of e */ INT",
            "f",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_directly_above_is_about_it() {
        for (before, remark) in [
            ("-- one\n-- two\n", "-- one\n-- two\n"),
            ("-- the file\n\n/* one\n two */  \n    ", "/* one\n two */\n"),
            ("CREATE TABLE a (b); -- a\n", ""),
            ("CREATE TABLE a (b);\n  -- c \n", "-- c\n"),
            ("CREATE TABLE a (b); -- a\n-- c\n", "-- c\n"),
            ("-- one\n-- migrate: renamed_from(b)\n", "-- one\n"),
            ("-- one\n\n", ""),
            ("\u{feff}-- one\n", "-- one\n"),
            ("/* one */ ", ""),
            ("", ""),
        ] {
            assert_eq!(above(&format!("{before}CREATE TABLE c (d)"), before.len()), remark, "{before:?}");
        }
    }
}
