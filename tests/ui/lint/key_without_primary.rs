//! KEY by itself is a primary key in another database, and a word of the type here.

devilmcp_migrate::migrations!("fixtures/ui/key_without_primary", lints(unenforced_type = "deny"));

fn main() {}
