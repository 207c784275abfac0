//! A directive that asks for what is so anyway, in words that it does not have.

devilmcp_migrate::migrations!("fixtures/ui/foreign_keys_off");

fn main() {}
