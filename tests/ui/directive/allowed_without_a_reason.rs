//! A loss that is allowed without a reason.

devilmcp_migrate::migrations!("fixtures/ui/allowed_without_a_reason");

fn main() {}
