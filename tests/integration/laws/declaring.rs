//! What is written down of a database makes the same one again.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::declare::{baseline, declaration};
use devilmcp_migrate_core::diff::differences;
use devilmcp_migrate_core::generate::Objects;
use devilmcp_migrate_core::token::{Kind, Token, tokens};
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::generating::Made;
use super::tables::Table;
use super::text::NAMES;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_declared_is_what_there_is(mut choices in Choices::strategy(80), mut style in Choices::strategy(200)) {
        let table = Table::generate(choices.of(&NAMES), &mut choices);
        let made = Made::with(Some(&table), &mut style);
        let conn = made.database();
        prop_assume!(conn.is_some());
        let conn = conn.unwrap();
        // Where the columns stand on one line, and comments anywhere, one more comes behind the last.
        let _ = conn.execute_batch("ALTER TABLE c1 ADD COLUMN later INTEGER DEFAULT 7 -- later\n");
        let objects = Objects::read(&conn).unwrap();
        let text = declaration(&objects);
        let again = of(&text);
        let told: Vec<String> = differences(objects.schema(), again.schema()).iter().map(ToString::to_string).collect();
        prop_assert!(told.is_empty() && objects.schema() == again.schema(), "{text}\n{told:?}");
        prop_assert_eq!(&declaration(&again), &text);
        for entry in objects.iter() {
            let written = again.iter().find(|other| other.key == entry.key).unwrap();
            prop_assert_eq!(words(&written.sql), words(&entry.sql));
        }
        let twice = of(&format!("{0}{0}", baseline(&objects)));
        prop_assert!(objects.schema() == twice.schema(), "{}", baseline(&objects));
    }
}

fn of(text: &str) -> Objects {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    conn.execute_batch(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    Objects::read(&conn).unwrap()
}

/// The tokens in order, and the comments in theirs.
fn words(sql: &str) -> [Vec<&str>; 2] {
    let of = |is_meant: fn(&Token<'_>) -> bool| {
        tokens(sql).filter(is_meant).map(|token| token.text.trim_end()).collect::<Vec<_>>()
    };
    [of(|token| !matches!(token.kind, Kind::Space | Kind::Comment)), of(|token| token.kind == Kind::Comment)]
}
