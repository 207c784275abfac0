//! Where in a script something is declared.

use std::ops::Range;

use super::renaming;
use crate::place;
use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::statement::statements;
use crate::token::{significant, without_schema};

/// The name of a column where the script declares it: in the CREATE TABLE, though it may be of a table that is renamed
/// afterwards, or in the ALTER TABLE that adds it.
pub(super) fn of_column(sql: &str, table: &Ident, column: &Ident) -> Option<Range<usize>> {
    let mut table = table.clone();
    for range in statements(sql).into_iter().rev() {
        let statement = &sql[range.clone()];
        if adds_column(statement, &table, column) {
            // The table may be called like it.
            let add = significant(statement).find(|token| token.is("ADD"))?.range();
            return place::of_name(sql, &(range.start + add.end..range.end), column);
        }
        if place::made(statement).as_ref() != Some(&Key { kind: Kind::Table, name: table.clone() }) {
            continue;
        }
        match renaming::former_table(statement, &table) {
            Some(former) => table = former,
            None => return declared_name(sql, &range, column),
        }
    }
    None
}

/// The name of a table where the script makes it, though it may get this name afterwards.
pub(super) fn of_table(sql: &str, table: &Ident) -> Option<Range<usize>> {
    let key = |name: &Ident| Key { kind: Kind::Table, name: name.clone() };
    let making = place::making(sql, &key(table))?;
    let former = renaming::former_table(&sql[making.clone()], table);
    let earlier = former.and_then(|former| Some((place::making(&sql[..making.start], &key(&former))?, former)));
    let (making, name) = earlier.unwrap_or_else(|| (making, table.clone()));
    place::of_name(sql, &making, &name)
}

/// The name of an index where the script makes it.
pub(super) fn of_index(sql: &str, index: &Ident) -> Option<Range<usize>> {
    let making = place::making(sql, &Key { kind: Kind::Index, name: index.clone() })?;
    place::of_name(sql, &making, index)
}

/// `ALTER TABLE table ADD [COLUMN] column`
fn adds_column(statement: &str, table: &Ident, column: &Ident) -> bool {
    let tokens: Vec<_> = significant(statement).take(7).collect();
    let [alter, kind, rest @ ..] = &*tokens else { return false };
    let [name, add, rest @ ..] = without_schema(rest) else { return false };
    let is = |token, name: &Ident| Ident::from_token(token).as_ref() == Some(name);
    let added = match rest {
        [word, added, ..] if word.is("COLUMN") => added,
        [added, ..] => added,
        [] => return false,
    };
    alter.is("ALTER") && kind.is("TABLE") && is(name, table) && add.is("ADD") && is(added, column)
}

/// Where the list of columns begins with this name, or goes on with it after a comma.
fn declared_name(sql: &str, range: &Range<usize>, column: &Ident) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let mut begins = false;
    for token in significant(&sql[range.clone()]) {
        if depth == 1 && begins && Ident::from_token(&token).as_ref() == Some(column) {
            let found = token.range();
            return Some(range.start + found.start..range.start + found.end);
        }
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        }
        begins = token.is_operator("(") || token.is_operator(",");
    }
    None
}
