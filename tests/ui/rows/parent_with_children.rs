//! Rows that go, and may not as long as others refer to them.

devilmcp_migrate::migrations!("fixtures/ui/parent_with_children");

fn main() {}
