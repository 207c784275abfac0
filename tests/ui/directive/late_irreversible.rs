//! A directive after the first statement, which would have excused that there is no down.

devilmcp_migrate::migrations!("fixtures/ui/late_irreversible");

fn main() {}
