//! A server on axum with a pool of deadpool's: `cargo run -- notes.db`, then `curl http://127.0.0.1:3000/notes`.

use std::error::Error;
use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use deadpool_sqlite::{Config, Pool, Runtime};
use tokio::net::TcpListener;

devilmcp_migrate::migrations!("../../../devilmcp-migrate/examples/notes/migrations");

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Fallible<()> {
    let path = std::env::args().nth(1).ok_or("usage: axum-deadpool FILE")?;
    let app = app(path.as_ref()).await?;
    Ok(axum::serve(TcpListener::bind("127.0.0.1:3000").await?, app).await?)
}

/// The database is upgraded before there is a pool, so no connection of it has seen the schema that was there before.
async fn app(path: &Path) -> Fallible<Router> {
    MIGRATIONS.upgrade_file(path).await?;
    let pool = Config::new(path).create_pool(Runtime::Tokio1)?;
    Ok(Router::new().route("/notes", get(notes).post(add)).with_state(pool))
}

/// The notes, a line each.
async fn notes(State(pool): State<Pool>) -> Result<String, (StatusCode, String)> {
    let conn = pool.get().await.map_err(failed)?;
    let bodies = conn.interact(|conn| {
        let mut bodies = conn.prepare("SELECT body FROM notes ORDER BY pinned DESC, id")?;
        bodies.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
    });
    Ok(bodies.await.map_err(failed)?.map_err(failed)?.join("\n"))
}

async fn add(State(pool): State<Pool>, body: String) -> Result<StatusCode, (StatusCode, String)> {
    let conn = pool.get().await.map_err(failed)?;
    let added = conn.interact(move |conn| conn.execute("INSERT INTO notes (body) VALUES (?1)", [body]));
    added.await.map_err(failed)?.map_err(failed)?;
    Ok(StatusCode::CREATED)
}

fn failed(error: impl Error) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

#[cfg(test)]
#[path = "../../served.rs"]
mod served;
