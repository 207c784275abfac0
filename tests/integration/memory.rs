//! Databases in memory, which are copies of one.

use std::thread;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate::{Error, Migrations, Target, Versioned};

use crate::programs::{alone, devilmcp, enforced, notes_v3};
use crate::support::{cells, column, integer, schema, tables, texts};

#[test]
fn a_copy_is_like_what_the_migrations_make() {
    like_new(&devilmcp::MIGRATIONS);
    like_new(&enforced::MIGRATIONS);
    like_new(&notes_v3::MIGRATIONS);
    like_new(&alone::MIGRATIONS);
}

fn like_new<V: Versioned>(migrations: &Migrations<V>) {
    for _ in 0..3 {
        let mut copy = migrations.open_in_memory().unwrap();
        let made = migrations.migrator().open_in_memory().unwrap();
        assert_eq!(texts(&copy), texts(&made));
        assert_eq!(schema(&copy), schema(&made));
        // Neither the history, which tells of times, nor what a virtual table keeps without rowids.
        let is_plain = |name: &str| !name.starts_with('_') && !name.contains("_fts_");
        let tables: Vec<_> = tables(&made).into_iter().filter(|(name, _)| is_plain(name)).collect();
        assert_eq!(cells(&copy, &tables), cells(&made, &tables));
        for setting in ["encoding", "page_size", "auto_vacuum", "foreign_keys", "application_id"] {
            let query = format!("PRAGMA {setting}");
            assert_eq!(ask(&copy, &query), ask(&made, &query), "{setting}");
        }
        assert_eq!(column(&copy, "PRAGMA integrity_check"), ["ok"]);
        assert!(migrations.upgrade(&mut copy).unwrap().is_noop());
        assert!(migrations.status(&copy).unwrap().drift().is_empty());
        migrations.downgrade_to(&mut copy, Target::Empty).unwrap();
        migrations.upgrade(&mut copy).unwrap();
        assert_eq!(schema(&copy), schema(&made));
    }
}

#[test]
fn what_is_done_to_one_is_not_done_to_another() {
    let first = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO notes (body) SELECT 'note ' || i FROM n";
    first.execute_batch(many).unwrap();
    let second = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    second.execute_batch("DROP TABLE labels").unwrap();
    let third = notes_v3::MIGRATIONS.open_in_memory().unwrap();
    assert_eq!(integer(&first, "SELECT count(*) FROM notes"), 10_000);
    assert_eq!(integer(&second, "SELECT count(*) FROM notes"), 0);
    assert_eq!(integer(&third, "SELECT count(*) FROM labels"), 0);
}

#[test]
fn threads_may_open_the_first_ones_at_once() {
    let open = || -> Result<Vec<String>, Error> { Ok(texts(&devilmcp::MIGRATIONS.open_in_memory()?)) };
    let expected = texts(&devilmcp::MIGRATIONS.migrator().open_in_memory().unwrap());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap().unwrap(), expected);
        }
    });
}

fn ask(conn: &Connection, query: &str) -> String {
    conn.query_row(query, [], |row| row.get::<_, devilmcp_migrate::rusqlite::types::Value>(0))
        .map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
}
