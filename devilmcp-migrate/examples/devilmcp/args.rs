//! What was typed.

use std::path::PathBuf;

/// An MCP server that remembers: decisions, tasks and memories in one SQLite file per project.
#[derive(Debug, clap::Parser)]
#[command(
    name = "devilmcp",
    version,
    after_help = "\
Environment:
  DEVILMCP_STORAGE_PATH  directory of devilmcp.db, instead of <project>/.devilmcp/storage
  DEVILMCP_AUTO_MIGRATE  false: do not upgrade an old database at start, refuse to start instead"
)]
pub(crate) struct Args {
    /// Directory of the project [default: the current directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,

    /// What to do; nothing means `serve`.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The verbs of the program.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Serve the Model Context Protocol on standard input and output (the default)
    Serve,

    /// Manage the database's schema
    #[command(subcommand)]
    Db(devilmcp_migrate::cli::Db),
}
