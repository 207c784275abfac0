//! DevilMCP: an MCP server that keeps an agent's decisions, tasks and memories in one SQLite file per project.
//!
//! It is here to show `devilmcp-migrate` at work in a program that people run. The one line in [`schema`] proves the
//! migrations when this file is compiled; [`database::open`] applies them when the server starts, with what [`relative`] adds; `devilmcp db` is
//! the library's command line, embedded in [`args`]. Everything else is an ordinary server on the official SDK.

mod args;
mod argument;
mod console;
mod database;
mod decisions;
mod document;
mod error;
mod memories;
mod relative;
mod search;
mod server;
mod storage;
mod tasks;

/// The migrations, checked by the compiler.
mod schema {
    devilmcp_migrate::migrations!("../migrations");
}

use std::process::ExitCode;

use clap::Parser as _;
use devilmcp_migrate::cli::{Db, Upgrade};

use crate::args::{Args, Command};
use crate::database::AutoMigrate;
use crate::error::StartError;
use crate::storage::Storage;

fn main() -> ExitCode {
    run(Args::parse()).unwrap_or_else(|error| {
        console::error(&error);
        ExitCode::FAILURE
    })
}

fn run(args: Args) -> Result<ExitCode, StartError> {
    let storage = Storage::locate(args.project.as_deref())?;
    match args.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let connection = database::open(&storage, AutoMigrate::from_environment()?)?;
            server::serve(connection)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Db(command) => {
            // Only an upgrade makes a database; asking for the version of none must not leave a folder behind, nor must an
            // upgrade to what is no version.
            if let Db::Upgrade(Upgrade { dry_run: false, version, .. }) = &command
                && version.as_deref().is_none_or(|version| version.parse::<schema::Version>().is_ok())
            {
                storage.create()?;
            }
            Ok(command.run_with(&relative::migrator(storage.project()), storage.database()))
        }
    }
}
