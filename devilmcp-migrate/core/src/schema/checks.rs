//! The CHECKs of a table, where its text has them.

use std::ops::Range;

use super::constraint::{Constraint, Rule, conflict};
use super::cursor::Cursor;
use super::name::Ident;
use super::table::{definitions, items};
use crate::token::{Token, significant};

/// Each CHECK in the text of a table, and where it stands, with its name and its conflict clause.
pub(crate) fn checks(sql: &str) -> Vec<(Constraint, Range<usize>)> {
    let tokens: Vec<Token<'_>> = significant(sql).collect();
    let columns: Vec<Ident> = definitions(sql).into_iter().map(|(name, _)| name).collect();
    let mut found = Vec::new();
    for item in items(&tokens) {
        let places = (0..item.len()).filter(|at| item[*at].is("CHECK"));
        found.extend(places.filter_map(|at| check(item, at, &columns)));
    }
    found
}

/// The one whose word stands at this place.
fn check(item: &[Token<'_>], at: usize, columns: &[Ident]) -> Option<(Constraint, Range<usize>)> {
    let mut cursor = Cursor::new(&item[at + 1..]);
    let rule = Rule::Check(cursor.expression(columns)?);
    let conflict = conflict(&mut cursor)?;
    let end = item[..item.len() - cursor.remainder().len()].last()?.range().end;
    let (name, start) = match &item[at.saturating_sub(2)..at] {
        [word, name] if word.is("CONSTRAINT") => (Ident::from_token(name), word.start),
        _ => (None, item[at].start),
    };
    Some((Constraint { rule, name, conflict }, start..end))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::schema::{Object, Schema};

    #[test]
    fn each_check_is_where_its_text_is_and_what_the_table_has() {
        let sql = "CREATE TABLE \"check\" (a INT CONSTRAINT one CHECK (a > (0)) NOT NULL CHECK(a<9 /* ) */),
            \"check\" TEXT DEFAULT ('CHECK (') CONSTRAINT n NOT NULL CHECK (\"check\" <> \"x\"), -- CHECK (b)
            CONSTRAINT zero CONSTRAINT \"tw o\" CHECK (a IN (1, 2)), UNIQUE (a), CHECK (1) ON CONFLICT FAIL)";
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(sql).unwrap();
        let found = checks(sql);
        let texts: Vec<&str> = found.iter().map(|(_, range)| &sql[range.clone()]).collect();
        let expected = [
            "CONSTRAINT one CHECK (a > (0))",
            "CHECK(a<9 /* ) */)",
            "CHECK (\"check\" <> \"x\")",
            "CONSTRAINT \"tw o\" CHECK (a IN (1, 2))",
            "CHECK (1) ON CONFLICT FAIL",
        ];
        assert_eq!(texts, expected);
        let schema = Schema::read(&conn).unwrap();
        let Some(Object::Table(table)) = schema.0.values().next() else { panic!("{schema:?}") };
        let is_check = |constraint: &&Constraint| matches!(constraint.rule, Rule::Check(_));
        let mut found: Vec<Constraint> = found.into_iter().map(|(constraint, _)| constraint).collect();
        found.sort();
        assert_eq!(found, table.constraints.iter().filter(is_check).cloned().collect::<Vec<_>>());
    }
}
