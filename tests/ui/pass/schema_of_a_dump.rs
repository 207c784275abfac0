//! A dump of a database declares its schema as well as a list of tables does.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/ui/schema_of_a_dump");

fn main() {}
