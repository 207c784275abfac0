//! A server on axum with one connection of tokio-rusqlite's: `cargo run -- notes.db`, then `curl http://127.0.0.1:3000/notes`.

use std::error::Error;
use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_rusqlite::Connection;

devilmcp_migrate::migrations!("../../../devilmcp-migrate/examples/notes/migrations");

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Fallible<()> {
    let path = std::env::args().nth(1).ok_or("usage: axum-tokio-rusqlite FILE")?;
    let app = app(path.as_ref()).await?;
    Ok(axum::serve(TcpListener::bind("127.0.0.1:3000").await?, app).await?)
}

/// The run is a call like any other on the connection's own thread, so it also serves a database in memory. To end it with its future, take
/// `MIGRATIONS.upgrade_file(path)` of the feature `tokio` instead.
async fn app(path: &Path) -> Fallible<Router> {
    let conn = Connection::open(path).await?;
    conn.call(|conn| MIGRATIONS.upgrade(conn)).await?;
    Ok(Router::new().route("/notes", get(notes).post(add)).with_state(conn))
}

/// The notes, a line each.
async fn notes(State(conn): State<Connection>) -> Result<String, (StatusCode, String)> {
    let bodies = conn.call(|conn| {
        let mut bodies = conn.prepare("SELECT body FROM notes ORDER BY pinned DESC, id")?;
        bodies.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
    });
    Ok(bodies.await.map_err(failed)?.join("\n"))
}

async fn add(State(conn): State<Connection>, body: String) -> Result<StatusCode, (StatusCode, String)> {
    let added = conn.call(move |conn| conn.execute("INSERT INTO notes (body) VALUES (?1)", [body]));
    added.await.map_err(failed)?;
    Ok(StatusCode::CREATED)
}

fn failed(error: impl Error) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

#[cfg(test)]
#[path = "../../served.rs"]
mod served;
