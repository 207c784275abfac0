//! Numbers that begin at zero.

devilmcp_migrate::migrations!("fixtures/ui/number_zero");

fn main() {}
