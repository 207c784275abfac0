//! What works outside of a transaction only.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/no_transaction");

fn main() {
    let conn = MIGRATIONS.open_in_memory().unwrap();
    assert_eq!(MIGRATIONS.version(&conn).unwrap(), Some(Version::V0002Compact));
}
