//! The text of a table, a line for each column and each constraint.
//!
//! `ALTER TABLE ADD COLUMN` puts a column behind the last one, on its line; other tools write whatever they like. What a person has
//! laid out stays as it is.

use crate::token::{Kind, Token, tokens};

/// The text with one column or constraint a line, unless it is laid out so, or fits one line; nothing but white space is another
/// one, and the place of a comma before a comment.
pub(super) fn laid_out(sql: &str) -> String {
    let sql = sql.trim_end();
    let all: Vec<Token<'_>> = tokens(sql).collect();
    let is_short = !sql.contains('\n') && sql.chars().count() <= WIDTH;
    match Table::of(sql, &all) {
        Some(table) if !is_short && !table.is_tidy() => table.text(),
        _ => sql.to_owned(),
    }
}

/// A text, taken apart.
struct Table<'a> {
    sql: &'a str,
    /// Up to the parenthesis.
    head: &'a str,
    items: Vec<Item<'a>>,
    /// Behind the other parenthesis.
    tail: &'a str,
    closes_on_own_line: bool,
}

/// A column or a constraint, and the comments around it.
struct Item<'a> {
    /// Behind the comma, or the parenthesis, that is before it.
    behind: Vec<&'a str>,
    /// On lines of their own, before it.
    before: Vec<&'a str>,
    body: &'a [Token<'a>],
    /// Behind it, before its comma.
    beside: Vec<&'a str>,
    /// On lines of their own, before its comma.
    after: Vec<&'a str>,
    begins_a_line: bool,
    /// A blank line is before it.
    is_apart: bool,
}

impl<'a> Table<'a> {
    /// None if the text is not that of an ordinary table, or has a comment before its columns, which is somebody's own way.
    fn of(sql: &'a str, all: &'a [Token<'a>]) -> Option<Self> {
        let open = all.iter().position(|token| token.is_operator("("))?;
        let mut words = all[..open].iter().filter(|token| token.kind != Kind::Space);
        let is_table = words.next()?.is("CREATE") && words.next()?.is("TABLE");
        (is_table && words.all(|token| token.kind != Kind::Comment)).then_some(())?;
        let mut depth = 0_usize;
        let mut chunks = Vec::new();
        let mut begun = open + 1;
        let mut close = None;
        for (at, token) in all.iter().enumerate().skip(open) {
            if token.is_operator("(") {
                depth += 1;
            } else if token.is_operator(")") {
                depth -= 1;
            }
            let ends = depth == 0;
            if ends || depth == 1 && token.is_operator(",") {
                chunks.push(&all[begun..at]);
                begun = at + 1;
            }
            if ends {
                close = Some(at);
                break;
            }
        }
        let close = close?;
        let closes_on_own_line = all[close - 1].kind == Kind::Space && all[close - 1].text.contains('\n');
        let items = chunks.into_iter().map(Item::of).collect::<Option<Vec<_>>>()?;
        let (head, tail) = (sql[..all[open].start].trim_end(), sql[all[close].range().end..].trim());
        Some(Self { sql, head, items, tail, closes_on_own_line })
    }

    fn is_tidy(&self) -> bool {
        let ends_clean = |line: &str| line.trim_end().len() == line.len();
        self.sql.lines().all(ends_clean) && self.closes_on_own_line && self.items.iter().all(|item| item.begins_a_line)
    }

    fn text(&self) -> String {
        let mut text = format!("{} (", self.head);
        let mut is_line_free = true;
        for (at, item) in self.items.iter().enumerate() {
            // Behind another comment, which may go on to the end of its line, there is no room.
            let gap = if is_line_free { " " } else { BREAK };
            text.extend(item.behind.iter().flat_map(|comment| [gap, comment]));
            text.push_str(if item.is_apart && at > 0 { "\n" } else { "" });
            text.extend(item.before.iter().flat_map(|comment| [BREAK, comment]));
            text.push_str(BREAK);
            text.push_str(&item.text(self.sql));
            text.push_str(if at + 1 == self.items.len() { "" } else { "," });
            text.extend(item.beside.iter().flat_map(|comment| [" ", comment]));
            text.extend(item.after.iter().flat_map(|comment| [BREAK, comment]));
            is_line_free = item.beside.is_empty() && item.after.is_empty();
        }
        let gap = if self.tail.is_empty() { "" } else { " " };
        format!("{text}\n){gap}{}", self.tail)
    }
}

impl<'a> Item<'a> {
    fn of(chunk: &'a [Token<'a>]) -> Option<Self> {
        let is_part = |token: &Token<'_>| !matches!(token.kind, Kind::Space | Kind::Comment);
        let (first, last) = (chunk.iter().position(is_part)?, chunk.iter().rposition(is_part)?);
        let (behind, before) = comments(&chunk[..first]);
        let (beside, after) = comments(&chunk[last + 1..]);
        let breaks =
            |tokens: &[Token<'_>]| tokens.iter().any(|token| token.kind == Kind::Space && token.text.contains('\n'));
        let is_blank = |token: &Token<'_>| token.kind == Kind::Space && token.text.matches('\n').count() > 1;
        Some(Self {
            behind,
            before,
            body: &chunk[first..=last],
            beside,
            after,
            begins_a_line: breaks(&chunk[..first]),
            is_apart: chunk[..first].iter().any(is_blank),
        })
    }

    /// Its own lines, the later ones as far to the right of the first as they were.
    fn text(&self, sql: &str) -> String {
        let base = self.body.first().map_or(0, |first| indentation(sql, first.start));
        let mut text = String::new();
        for token in self.body {
            match token.text.rsplit_once('\n').filter(|_| token.kind == Kind::Space) {
                Some((_, spaces)) => {
                    text.push('\n');
                    text.push_str(INDENT);
                    text.push_str(&" ".repeat(width(spaces).saturating_sub(base)));
                }
                None => text.push_str(token.text),
            }
        }
        text
    }
}

/// The comments before the first end of a line, and those after it.
fn comments<'a>(tokens: &'a [Token<'a>]) -> (Vec<&'a str>, Vec<&'a str>) {
    let is_end = |token: &Token<'_>| token.kind == Kind::Space && token.text.contains('\n');
    let end = tokens.iter().position(is_end).unwrap_or(tokens.len());
    let texts = |tokens: &'a [Token<'a>]| {
        tokens.iter().filter(|token| token.kind == Kind::Comment).map(|token| token.text.trim_end()).collect()
    };
    (texts(&tokens[..end]), texts(&tokens[end..]))
}

/// How far to the right the line begins that is around this place.
fn indentation(sql: &str, at: usize) -> usize {
    let line = sql[..at].rfind('\n').map_or(0, |end| end + 1);
    let spaces = sql[line..].len() - sql[line..].trim_start_matches([' ', '\t']).len();
    width(&sql[line..line + spaces])
}

fn width(spaces: &str) -> usize {
    spaces.chars().map(|space| if space == '\t' { INDENT.len() } else { 1 }).sum()
}

const WIDTH: usize = 100;
const INDENT: &str = "    ";
const BREAK: &str = "\n    ";

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn each_column_has_a_line() {
        for (sql, expected) in [
            (
                "CREATE TABLE notes (\n    id INTEGER PRIMARY KEY, -- the key\n    body TEXT -- what it says\n, pinned INTEGER NOT NULL DEFAULT 0, rank)",
                "CREATE TABLE notes (\n    id INTEGER PRIMARY KEY, -- the key\n    body TEXT, -- what it says\n    pinned INTEGER NOT NULL DEFAULT 0,\n    rank\n)",
            ),
            (
                "CREATE TABLE memories (\n\tid INTEGER NOT NULL, \n\tcategory VARCHAR, \n\tPRIMARY KEY (id, category)\n)",
                "CREATE TABLE memories (\n    id INTEGER NOT NULL,\n    category VARCHAR,\n    PRIMARY KEY (id, category)\n)",
            ),
            (
                "CREATE TABLE t ( -- all\n  -- of the\n  -- first\n  a TEXT CHECK (\n    a <> ',' /* ( */\n  ) ,\n\n  b\n  -- the end\n  , c) STRICT, WITHOUT ROWID",
                "CREATE TABLE t ( -- all\n    -- of the\n    -- first\n    a TEXT CHECK (\n      a <> ',' /* ( */\n    ),\n\n    b,\n    -- the end\n    c\n) STRICT, WITHOUT ROWID",
            ),
            (
                "CREATE TABLE t (a -- one\n  , /* two\n */ b\n  -- three\n , -- four\n c)",
                "CREATE TABLE t (\n    a, -- one\n    /* two\n */\n    b,\n    -- three\n    -- four\n    c\n)",
            ),
        ] {
            assert_eq!(laid_out(sql), expected);
            assert_eq!(laid_out(expected), expected);
        }
        let long = format!("CREATE TABLE t (a TEXT, {} INTEGER)", "b".repeat(100));
        assert_eq!(laid_out(&long), format!("CREATE TABLE t (\n    a TEXT,\n    {} INTEGER\n)", "b".repeat(100)));
    }

    #[test]
    fn what_is_laid_out_stays() {
        for sql in [
            "CREATE TABLE t (a, b)",
            "CREATE TABLE t (\n  a TEXT,   -- one\n  bb TEXT\n)",
            "CREATE TABLE t (\n\ta,\n\tb\n) STRICT",
            "CREATE VIRTUAL TABLE f USING fts5(\n  a, b)",
            "CREATE VIEW v AS SELECT a, \n b FROM t",
            "CREATE TABLE t /* why */ (\n a, b)",
        ] {
            assert_eq!(laid_out(sql), sql);
        }
    }
}
