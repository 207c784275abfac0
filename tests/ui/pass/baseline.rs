//! A first migration that databases may have without knowing, under the name that Alembic gave it.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/baseline");

fn main() {}
