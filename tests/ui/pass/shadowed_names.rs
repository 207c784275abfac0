//! Names of the prelude that mean something else where the macro is called.

#![no_implicit_prelude]
#![allow(dead_code, non_camel_case_types)]

mod core {}
mod std {}
mod devilmcp_migrate {}

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Migrations;
struct Digest;
trait Clone {}
trait Copy {}
trait Debug {}
trait TryFrom {}

::devilmcp_migrate::migrations!("fixtures/ui/clean_output");

fn main() {
    let _: &'static str = Version::LATEST.name();
}
