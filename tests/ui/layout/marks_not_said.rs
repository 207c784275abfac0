//! A file of dbmate, and nobody says so.

devilmcp_migrate::migrations!("fixtures/ui/layout_unsaid_marks");

fn main() {}
