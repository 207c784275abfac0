//! Which statement of a script makes an object.

use std::ops::Range;

use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::script::Script;
use crate::source::SourceFile;
use crate::statement::statements;
use crate::token::{Token, significant};

/// The statement of `sql` that makes this object, or gives it its name; the last one, if there are several.
pub fn making(sql: &str, key: &Key) -> Option<Range<usize>> {
    statements(sql).into_iter().rev().find(|range| made(&sql[range.clone()]).as_ref() == Some(key))
}

/// The object that one statement makes: `CREATE …`, or `ALTER TABLE … RENAME TO …`.
pub fn made(statement: &str) -> Option<Key> {
    let mut tokens = significant(statement).peekable();
    let first = tokens.next()?;
    if first.is("ALTER") {
        let mut tokens = tokens.skip_while(|token| !token.is("RENAME")).skip(1);
        let name = tokens.next().filter(|token| token.is("TO")).and_then(|_| tokens.next())?;
        return Some(Key { kind: Kind::Table, name: Ident::from_token(&name)? });
    }
    first.is("CREATE").then_some(())?;
    while tokens.next_if(|token| token.is("UNIQUE") || token.is("VIRTUAL")).is_some() {}
    let kind = tokens.next()?;
    let kind = Kind::from_type(&kind.text.to_ascii_lowercase())?;
    if tokens.next_if(|token| token.is("IF")).is_some() {
        tokens.next().filter(|token| token.is("NOT"))?;
        tokens.next().filter(|token| token.is("EXISTS"))?;
    }
    let mut name = tokens.next()?;
    if tokens.next_if(|token| token.is_operator(".")).is_some() {
        name = tokens.next()?;
    }
    Some(Key { kind, name: Ident::from_token(&name)? })
}

/// Where in `range` of `sql` this name stands for the first time.
pub fn of_name(sql: &str, range: &Range<usize>, name: &Ident) -> Option<Range<usize>> {
    let is_it = |token: &Token<'_>| Ident::from_token(token).as_ref() == Some(name);
    let found = significant(&sql[range.clone()]).find(is_it)?.range();
    Some(range.start + found.start..range.start + found.end)
}

/// Where the first of `files` that does so, the latest, declares a column of a table; or makes the table, if the column is not
/// found.
pub(crate) fn declaration<'a>(
    files: impl Iterator<Item = &'a SourceFile>,
    table: &Ident,
    column: Option<&Ident>,
) -> Option<(&'a SourceFile, Range<usize>)> {
    let mut table = table.clone();
    for file in files {
        let sql = &*file.text;
        for range in statements(sql).into_iter().rev() {
            let words: Vec<Token<'_>> = significant(&sql[range.clone()]).collect();
            let names = |name: &Ident| words.iter().position(|word| Ident::from_token(word).as_ref() == Some(name));
            let at = |nth: usize| {
                let found = words[nth].range();
                range.start + found.start..range.start + found.end
            };
            let makes = made(&sql[range.clone()]).is_some_and(|key| key.kind == Kind::Table && key.name == table);
            let is_alter = words.first().is_some_and(|first| first.is("ALTER"));
            if makes && is_alter {
                // It had another name before.
                table = words.get(2).and_then(Ident::from_token)?;
            } else if makes {
                let opening = words.iter().position(|word| word.is_operator("(")).unwrap_or(0);
                let column = column.and_then(|column| {
                    (opening..words.len()).find(|nth| Ident::from_token(&words[*nth]).as_ref() == Some(column))
                });
                return Some((file, at(column.or_else(|| names(&table))?)));
            } else if is_alter
                && let (Some(_), Some(column)) = (names(&table), column)
                && let Some(nth) = names(column)
                && words.iter().any(|word| word.is("ADD"))
            {
                return Some((file, at(nth)));
            }
        }
    }
    None
}

/// The ways up of migrations, the latest first.
pub(crate) fn ups(scripts: &[Script]) -> impl Iterator<Item = &SourceFile> {
    scripts.iter().rev().map(|script| &script.up)
}

/// The last statement of `sql` that has all these names in it.
pub(crate) fn naming(sql: &str, names: &[&Ident]) -> Option<Range<usize>> {
    statements(sql).into_iter().rev().find(|range| names.iter().all(|name| of_name(sql, range, name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_an_object_is_found() {
        for (sql, made_here) in [
            ("CREATE TABLE IF NOT EXISTS main.\"T\"\"x\" (a)", "table `T\"x`"),
            ("create unique index [i] on t(a)", "index `i`"),
            ("CREATE VIRTUAL TABLE v USING fts5(a)", "table `v`"),
            ("ALTER TABLE a RENAME TO b", "table `b`"),
            ("CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END", "trigger `tr`"),
        ] {
            assert_eq!(made(sql).map(|key| key.to_string()).as_deref(), Some(made_here), "{sql}");
        }
        for sql in
            ["CREATE TEMP TABLE t (a)", "ALTER TABLE a RENAME COLUMN b TO c", "SELECT 1", "CREATE", "CREATE TABLE"]
        {
            assert_eq!(made(sql), None, "{sql}");
        }
    }

    #[test]
    fn the_last_one_counts() {
        let sql = "CREATE TABLE t (a); DROP TABLE t; CREATE TABLE t (b); SELECT 1";
        let key = Key { kind: Kind::Table, name: Ident::new("T") };
        assert_eq!(making(sql, &key).map(|range| &sql[range]), Some("CREATE TABLE t (b)"));
    }
}
