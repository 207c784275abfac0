//! Foreign keys enforced, and rows that go with those they refer to, for a reason.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/allowed_cascade");

fn main() {
    let conn = MIGRATIONS.open_in_memory().unwrap();
    assert_eq!(MIGRATIONS.version(&conn).unwrap(), Some(Version::V0002Fewer));
}
