//! The reader of tables agrees with SQLite, which knows from its own reading what it shows in its pragmas.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::diff::differences;
use devilmcp_migrate_core::schema::name::Ident;
use devilmcp_migrate_core::schema::table;
use devilmcp_migrate_core::schema::{Key, Kind, Object, Schema};
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::seen::Seen;
use super::tables::{PARENTS, Table};
use super::text::NAMES;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_read_from_the_text_is_what_the_pragmas_say(mut choices in Choices::strategy(80), mut style in Choices::strategy(200)) {
        let name = choices.of(&NAMES);
        let sql = Table::generate(name, &mut choices).sql(&mut style);
        let conn = made(&sql);
        prop_assume!(conn.is_some());
        let conn = conn.unwrap();
        let found = Seen::by_pragmas(&conn, name);
        prop_assert_eq!(Seen::by_reading(&read(&conn, name), &found), found, "{}", sql);
    }

    #[test]
    fn a_table_is_the_same_in_every_spelling(
        mut choices in Choices::strategy(80), mut one in Choices::strategy(200), mut other in Choices::strategy(200),
    ) {
        let table = Table::generate(choices.of(&NAMES), &mut choices);
        let [one, other] = [table.sql(&mut one), table.sql(&mut other)];
        let conns = (made(&one), made(&other));
// In a STRICT table SQLite takes a comment before GENERATED for a part of the type.
        prop_assume!(conns.0.is_some() && conns.1.is_some());
        let [one_read, other_read] = [conns.0, conns.1].map(|conn| Schema::read(&conn.unwrap()).unwrap());
        let told: Vec<String> = differences(&one_read, &other_read).iter().map(ToString::to_string).collect();
        prop_assert!(told.is_empty() && one_read == other_read, "{one}\n{other}\n{told:?}");
    }

    #[test]
    fn a_table_that_was_changed_is_another(
        mut choices in Choices::strategy(80), mut one in Choices::strategy(200), mut other in Choices::strategy(200),
    ) {
        let table = Table::generate(choices.of(&NAMES), &mut choices);
        let changed = table.changed(&mut choices);
        prop_assume!(!changed.means(&table));
        let [one, other] = [table.sql(&mut one), changed.sql(&mut other)];
        let conns = (made(&one), made(&other));
        prop_assume!(conns.0.is_some() && conns.1.is_some());
        let [one_read, other_read] = [conns.0, conns.1].map(|conn| Schema::read(&conn.unwrap()).unwrap());
        prop_assert!(one_read != other_read && one_read.fingerprint() != other_read.fingerprint(), "{one}\n{other}");
        prop_assert!(!differences(&one_read, &other_read).is_empty(), "nothing to say:\n{one}\n{other}");
    }
}

/// A database with the table and what it refers to, if SQLite takes it.
fn made(sql: &str) -> Option<Connection> {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(PARENTS).unwrap();
    conn.execute_batch(sql).is_ok().then_some(conn)
}

fn read(conn: &Connection, name: &str) -> table::Table {
    let key = Key { kind: Kind::Table, name: Ident::new(name) };
    match Schema::read(conn).unwrap().0.remove(&key) {
        Some(Object::Table(table)) => table,
        other => panic!("not understood: {other:?}"),
    }
}
