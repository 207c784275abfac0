//! Nor is it dead code where nothing of it is used but the migrations.

#![deny(warnings)]

mod schema {
    devilmcp_migrate::migrations!("fixtures/ui/clean_output");
}

fn main() {
    let _ = &schema::MIGRATIONS;
}
