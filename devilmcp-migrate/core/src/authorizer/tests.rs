//! What is denied.

use rusqlite::Connection;

use super::{Watch, may_be_denied};

#[test]
fn what_is_denied_has_a_word_that_says_so() {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("CREATE TABLE _devilmcp_migrations (a)").unwrap();
    let watch = Watch::install(&mut conn).unwrap();
    for statement in [
        "begin",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE a",
        "EXPLAIN COMMIT",
        "ATTACH ':memory:' AS a",
        "DETACH a",
        "SELECT \"Load_Extension\"('a')",
        "PRAGMA user_version = 1",
        "UPDATE _devilmcp_migrations SET a = 1",
        "DROP TABLE [_DevilMCP_migrations]",
        "CREATE TABLE _devilmcp_migrations_too (a)",
    ] {
        assert!(may_be_denied(statement), "{statement}");
        let _ = watch.preparing(|| conn.prepare(statement).err());
        assert!(watch.take_denial().is_some(), "{statement}");
    }
    assert!(!may_be_denied("DROP INDEX a; DELETE FROM b WHERE c = 'd'; ALTER TABLE b DROP COLUMN c"));
}
