//! What a script has renamed.

use crate::schema::name::Ident;
use crate::statement::statements;
use crate::token::{Token, significant, without_schema};

/// What the table was called before the script.
pub(super) fn former_table(sql: &str, name: &Ident) -> Option<Ident> {
    let mut former = None;
    for renaming in renamings(sql) {
        if let Renaming { table, column: None, to } = renaming
            && to == *former.as_ref().unwrap_or(name)
        {
            former = Some(table);
        }
    }
    former
}

/// What a column of `table`, as it is called after the script, was called before.
pub(super) fn former_column(sql: &str, table: &Ident, name: &Ident) -> Option<Ident> {
    let mut table = table.clone();
    let mut former = None;
    for Renaming { table: renamed, column, to } in renamings(sql) {
        match column {
            None if to == table => table = renamed,
            Some(column) if renamed == table && to == *former.as_ref().unwrap_or(name) => former = Some(column),
            None | Some(_) => {}
        }
    }
    former
}

/// What one statement gives a table for a name.
pub(super) fn later_table(statement: &str, name: &Ident) -> Option<Ident> {
    renaming(statement)
        .filter(|renaming| renaming.column.is_none() && renaming.table == *name)
        .map(|renaming| renaming.to)
}

/// What one statement gives a column of a table for a name.
pub(super) fn later_column(statement: &str, table: &Ident, name: &Ident) -> Option<Ident> {
    let renaming = renaming(statement)?;
    (renaming.table == *table && renaming.column.as_ref() == Some(name)).then_some(renaming.to)
}

/// `ALTER TABLE table RENAME [column] TO to`
pub(crate) struct Renaming {
    pub(crate) table: Ident,
    pub(crate) column: Option<Ident>,
    pub(crate) to: Ident,
}

impl Renaming {
    /// What takes it back.
    pub(crate) fn reversed(self) -> Self {
        let Self { table, column, to } = self;
        match column {
            Some(column) => Self { table, column: Some(to), to: column },
            None => Self { table: to, column: None, to: table },
        }
    }
}

/// The last one first.
pub(crate) fn renamings(sql: &str) -> impl Iterator<Item = Renaming> {
    // Most scripts have none, which is seen sooner without tokens.
    let script = if sql.to_ascii_uppercase().contains("RENAME") { sql } else { "" };
    statements(script).into_iter().rev().filter_map(|range| renaming(&script[range]))
}

fn renaming(statement: &str) -> Option<Renaming> {
    let tokens: Vec<Token<'_>> = significant(statement).take(9).collect();
    let [alter, table, rest @ ..] = &*tokens else { return None };
    (alter.is("ALTER") && table.is("TABLE")).then_some(())?;
    let [table, rename, rest @ ..] = without_schema(rest) else { return None };
    rename.is("RENAME").then_some(())?;
    let (column, to) = match rest {
        [to, name] if to.is("TO") => (None, name),
        [column, to, name] if to.is("TO") => (Some(column), name),
        [_, column, to, name] if to.is("TO") => (Some(column), name),
        _ => return None,
    };
    let column = match column {
        Some(column) => Some(Ident::from_token(column)?),
        None => None,
    };
    Some(Renaming { table: Ident::from_token(table)?, column, to: Ident::from_token(to)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_followed_back() {
        let sql = "ALTER TABLE main.a RENAME TO b; alter table b rename column x to y; ALTER TABLE b RENAME [y] TO \"z\"; ALTER TABLE b RENAME TO c";
        let ident = Ident::new;
        assert_eq!(former_table(sql, &ident("C")), Some(ident("a")));
        assert_eq!(former_column(sql, &ident("c"), &ident("z")), Some(ident("x")));
        assert_eq!((former_table(sql, &ident("a")), former_column(sql, &ident("c"), &ident("x"))), (None, None));
        assert_eq!(former_column(sql, &ident("d"), &ident("z")), None);
    }
}
