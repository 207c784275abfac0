//! A misspelt directive, which would have excused that there is no down.

devilmcp_migrate::migrations!("fixtures/ui/misspelt_irreversible_without_a_down");

fn main() {}
