//! A foreign key of one column to a primary key of two.

devilmcp_migrate::migrations!("fixtures/ui/foreign_key_of_another_width");

fn main() {}
