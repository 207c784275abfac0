//! The comment above a statement: SQLite keeps only what stands inside of one.

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

#[cfg(test)]
mod tests {
    use super::above;

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
