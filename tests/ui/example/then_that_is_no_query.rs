//! What must hold is asked by a statement that changes rows.

devilmcp_migrate::migrations!("fixtures/ui/then_that_is_no_query");

fn main() {}
