//! A view that has to stand in quotes wherever it is read.

devilmcp_migrate::migrations!("fixtures/ui/reserved_name_of_a_view", lints(reserved_name = "deny"));

fn main() {}
