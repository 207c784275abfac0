//! A baseline that wants foreign keys enforced.

devilmcp_migrate::migrations!("fixtures/ui/enforced_baseline");

fn main() {}
