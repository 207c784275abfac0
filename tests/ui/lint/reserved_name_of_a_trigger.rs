//! A trigger that has to stand in quotes to be dropped.

devilmcp_migrate::migrations!("fixtures/ui/reserved_name_of_a_trigger", lints(reserved_name = "deny"));

fn main() {}
