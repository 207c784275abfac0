//! SQL as it is found in the field.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/real_life_sql");

fn main() -> Result<(), devilmcp_migrate::Error> {
    let mut conn = devilmcp_migrate::rusqlite::Connection::open_in_memory().unwrap();
    MIGRATIONS.upgrade(&mut conn)?;
    MIGRATIONS.downgrade_to(&mut conn, Version::V0001Tables)?;
    MIGRATIONS.upgrade(&mut conn)?;
    let found: String = conn.query_row(r#"SELECT "group" FROM order_fts('日本語')"#, [], |row| row.get(0)).unwrap();
    assert_eq!(found, "日本語 ☃");
    Ok(())
}
