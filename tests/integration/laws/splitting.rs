//! A script is cut where SQLite would cut it.

use devilmcp_migrate::rusqlite::fallible_iterator::FallibleIterator as _;
use devilmcp_migrate::rusqlite::{Batch, Connection};
use devilmcp_migrate_core::statement::statements;
use devilmcp_migrate_core::token::{Kind, significant};
use proptest::collection::vec;
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::statements::{SCHEMA, statement};
use super::text::{filler, spell};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_was_joined_is_cut_where_it_was_joined(
        cases in vec((Choices::strategy(20), Choices::strategy(120)), 0..8), mut style in Choices::strategy(40),
    ) {
        let all: Vec<String> = cases.into_iter().map(|(mut choices, mut style)| spell(&statement(&mut choices), &mut style)).collect();
        let mut script = filler(&mut style);
        for (at, statement) in all.iter().enumerate() {
            script.push_str(statement);
            script.push_str(&filler(&mut style));
            let ends = if at + 1 == all.len() { style.of(&["", ";", ";;"]) } else { style.of(&[";", ";", "; ;"]) };
            script.push_str(ends);
            script.push_str(&filler(&mut style));
        }
        let cut: Vec<&str> = statements(&script).into_iter().map(|range| &script[range]).collect();
        prop_assert_eq!(&cut, &all, "{}", script);

        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(SCHEMA).unwrap();
        let by_sqlite = by_sqlite(&conn, &script);
        prop_assert_eq!(by_sqlite, cut.iter().map(|text| meaning(text)).collect::<Vec<_>>(), "{}", script);
        for text in cut {
            prop_assert_eq!(self::by_sqlite(&conn, text).len(), 1, "{}", text);
        }
    }
}

/// The statements that SQLite prepares, one after the other.
fn by_sqlite(conn: &Connection, script: &str) -> Vec<Vec<String>> {
    let mut batch = Batch::new(conn, script);
    let mut found = Vec::new();
    while let Some(statement) = batch.next().unwrap_or_else(|error| panic!("{script}\n{error}")) {
        found.push(meaning(&statement.expanded_sql().unwrap()));
    }
    found
}

/// The tokens of a statement without the `;` at its end.
fn meaning(sql: &str) -> Vec<String> {
    let mut tokens: Vec<_> = significant(sql).collect();
    while tokens.last().is_some_and(|last| last.kind == Kind::Semicolon) {
        tokens.pop();
    }
    while tokens.first().is_some_and(|first| first.kind == Kind::Semicolon) {
        tokens.remove(0);
    }
    tokens.into_iter().map(|token| token.text.to_owned()).collect()
}
