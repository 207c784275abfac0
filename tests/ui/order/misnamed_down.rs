//! A down that is named otherwise than its migration.

devilmcp_migrate::migrations!("fixtures/ui/misnamed_down");

fn main() {}
