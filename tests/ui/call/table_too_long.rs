//! More letters than a name has.

devilmcp_migrate::migrations!("fixtures/ui/path_only", table = "_devilmcp_migrations_the_history_of_the_library_that_keeps_a_queue");

fn main() {}
