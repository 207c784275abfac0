//! A history that another tool has shipped: it begins, commits, and loses data.

#![deny(warnings)]

devilmcp_migrate::migrations!("fixtures/imported");

fn main() {}
