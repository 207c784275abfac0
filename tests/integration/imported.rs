//! A history that another tool has shipped, with its own transactions and pragmas, and a migration of ours after it.

use devilmcp_migrate::{ErrorKind, Target};

use crate::programs::imported::{MIGRATIONS, Version};
use crate::support::{Database, column, integer, texts};

#[test]
fn a_locked_history_is_applied_without_its_own_transactions() {
    let database = Database::new();
    let mut conn = database.open();
    conn.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    MIGRATIONS.upgrade_to(&mut conn, Version::V0001Notes).unwrap();
    conn.execute_batch("INSERT INTO notes (user, body) VALUES (1, 'kept')").unwrap();
    let report = MIGRATIONS.upgrade(&mut conn).unwrap();
    assert_eq!((report.done().len(), report.drift()), (2, &[][..]));
    // Had the pragmas been obeyed, the rebuild of the parent would have taken the child with it.
    assert_eq!(column(&conn, "SELECT name || ' ' || body FROM users JOIN notes ON user = users.id"), ["root kept"]);
    assert_eq!(integer(&conn, "PRAGMA foreign_keys"), 1);
    assert!(MIGRATIONS.upgrade(&mut conn).unwrap().is_noop());
}

#[test]
fn a_run_over_a_locked_history_is_one_transaction() {
    // The third migration fails on this; a COMMIT in the first or second would have left something behind.
    let database = Database::from_sql("CREATE TABLE tags (a)");
    let mut conn = database.open();
    let before = texts(&conn);
    let error = MIGRATIONS.upgrade(&mut conn).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Apply, "{error}");
    assert!(error.to_string().contains("0003_tags"), "{error}");
    assert_eq!(texts(&conn), before);
    assert!(conn.is_autocommit());
}

#[test]
fn the_way_back_of_a_locked_migration_needs_nobody_to_know_that_it_is_locked() {
    let database = Database::new();
    let mut conn = database.open();
    MIGRATIONS.upgrade(&mut conn).unwrap();
    let stored = column(&conn, "SELECT down FROM _devilmcp_migrations WHERE version = 2");
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].trim_matches([' ', '\n', ';']), "ALTER TABLE notes ADD COLUMN secret TEXT");
    MIGRATIONS.downgrade_to(&mut conn, Version::V0001Notes).unwrap();
    assert_eq!(MIGRATIONS.version(&conn).unwrap(), Some(Version::V0001Notes));
    // It was shipped without one.
    let error = MIGRATIONS.downgrade_to(&mut conn, Target::Empty).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Irreversible, "{error}");
}
