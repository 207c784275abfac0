//! The server: one connection, the tools that share it, and the loop that answers the client.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use devilmcp_migrate::rusqlite::Connection;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::service::QuitReason;
use rmcp::transport::io::stdio;
use rmcp::{Json, ServerHandler, ServiceExt as _, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{StartError, ToolError};
use crate::schema::MIGRATIONS;

/// What answers the client.
///
/// The tools are plain functions that block. A server on standard input has one client and SQLite one writer, a
/// statement takes well under a millisecond, and requests that are answered in the order they came are easier to
/// reason about than a pool of threads. The mutex is for the SDK, which wants to share the server between threads
/// although this program gives it only one.
pub(crate) struct Server {
    connection: Mutex<Connection>,
    tools: ToolRouter<Self>,
}

/// Serves standard input and output until the client closes them.
pub(crate) fn serve(connection: Connection) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Runtime)?;
    let outcome = runtime.block_on(async {
        let running =
            Server::new(connection).serve(stdio()).await.map_err(|error| StartError::Handshake(Box::new(error)))?;
        match running.waiting().await {
            Ok(QuitReason::JoinError(error)) | Err(error) => Err(StartError::Connection(error)),
            Ok(_) => Ok(()),
        }
    });
    // A read of standard input cannot be cancelled; without a limit, the runtime would wait for the client's next line.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

impl Server {
    fn new(connection: Connection) -> Self {
        let tools = Self::version_tools()
            + Self::decision_tools()
            + Self::task_tools()
            + Self::memory_tools()
            + Self::search_tools();
        Self { connection: Mutex::new(connection), tools }
    }

    /// The connection. Every tool is one statement, so a panic under the lock cannot have left a half-done change.
    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tool_handler(
    router = self.tools,
    name = "devilmcp",
    instructions = "Long-term memory of this project. Before you start, use search_memories and list_decisions to \
                    learn what is known; record what you decide with record_decision, what you learn with remember, \
                    and what remains to be done with create_task."
)]
impl ServerHandler for Server {}

#[tool_router(router = version_tools)]
impl Server {
    /// Tells which version of the schema the project's database has, and whether it is the latest this server knows.
    #[tool(annotations(title = "Schema version", read_only_hint = true, open_world_hint = false))]
    fn schema_version(&self) -> Result<Json<SchemaVersion>, ToolError> {
        let status = MIGRATIONS.status(&self.connection())?;
        Ok(Json(SchemaVersion {
            version: status.current(),
            name: status.current_name().map(str::to_owned),
            latest: status.latest(),
            is_latest: status.current() == Some(status.latest()),
            pending: status.pending().len(),
        }))
    }
}

/// The version of the database's schema.
#[derive(Debug, Serialize, JsonSchema)]
struct SchemaVersion {
    /// Number of the last migration that was applied; null where none was
    version: Option<i64>,
    /// Name of that migration
    name: Option<String>,
    /// Number of the latest migration this server knows
    latest: i64,
    /// Whether the two are the same
    is_latest: bool,
    /// How many migrations are still to be applied
    pending: usize,
}
