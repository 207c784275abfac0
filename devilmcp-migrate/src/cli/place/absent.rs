//! There are no servers.

use rusqlite::Connection;

use crate::cli::failure::Failure;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::order::Order;
use crate::plan::Plan;
use crate::report::Report;

/// None.
#[derive(Debug)]
pub(in crate::cli) enum Server {}

pub(in crate::cli) fn server(_: &str, _: Option<&str>) -> Result<Server, Failure> {
    let text = "this program was built without servers: cargo install devilmcp-migrate --features cli,bundled,libsql";
    Err(Failure::Place(text.to_owned()))
}

pub(in crate::cli) fn look(server: &Server, _: &Embedded) -> Result<Connection, Error> {
    match *server {}
}

pub(in crate::cli) fn planned(server: &Server, _: Order<'_>) -> Result<Plan, Error> {
    match *server {}
}

pub(in crate::cli) fn run(server: &Server, _: Order<'_>) -> Result<Report, Error> {
    match *server {}
}
