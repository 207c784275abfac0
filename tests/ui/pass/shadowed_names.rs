//! Names of the prelude that mean something else where the macro is called.

#![no_implicit_prelude]
#![allow(dead_code, unused_imports)]

mod core {}
mod std {}
mod devilmcp_migrate {}

use ::thiserror::Error as Debug;
use ::thiserror::Error as Clone;

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Migrations;
struct Digest;
trait Copy {}
trait TryFrom {}

::devilmcp_migrate::migrations!("fixtures/ui/clean_output");

fn main() {
    let _: &'static str = Version::LATEST.name();
}
