//! A column that is dropped, and the room for it given back.

devilmcp_migrate::migrations!("fixtures/ui/lost_outside_of_transactions");

fn main() {}
