#!/usr/bin/env bash
# Builds and runs a program with the oldest rusqlite that we take, and with the newest. Fetches both on the first run.
set -euo pipefail
neighbours=$(cd "$(dirname "$0")" && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$neighbours/../../target/neighbours}
package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
mkdir "$package/src"
cp -r "$neighbours/../../devilmcp-migrate/examples/notes/migrations" "$package"
cat >"$package/Cargo.toml" <<TOML
[package]
name = "range"
edition = "2024"

[dependencies]
devilmcp-migrate = { path = "$neighbours/../../devilmcp-migrate", features = ["bundled", "cli", "libsql", "tokio", "tracing"] }

[workspace]

[profile.dev]
debug = false
TOML
cat >"$package/build.rs" <<'RUST'
fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
RUST
cat >"$package/src/main.rs" <<'RUST'
use devilmcp_migrate::rusqlite::{Connection, version};

devilmcp_migrate::migrations!("migrations");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut conn = Connection::open_in_memory()?;
    assert_eq!(MIGRATIONS.upgrade(&mut conn)?.done().len(), 2);
    MIGRATIONS.downgrade_to(&mut conn, devilmcp_migrate::Target::Empty)?;
    assert_eq!(MIGRATIONS.version(&conn)?, None);
    println!("upgraded and taken back with SQLite {}", version());
    Ok(())
}
RUST
cd "$package"
for rusqlite in ${*:-0.38.0 0.43.0}; do
    cargo update --quiet -p rusqlite --precise "$rusqlite"
    echo "with rusqlite $rusqlite"
    cargo run --quiet
done
