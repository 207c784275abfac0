//! A date for a number, without the time.

devilmcp_migrate::migrations!("fixtures/ui/short_timestamp");

fn main() {}
