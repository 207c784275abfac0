#!/usr/bin/env bash
# Builds and runs programs that use the library beside other crates for SQLite, each with the features that it asks for itself. Needs Rust 1.95,
# as the newest deadpool-sqlite and rusqlite_migration do, and fetches crates on the first run.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/../../target/neighbours}

for package in beside-diesel beside-r2d2-sqlite beside-rusqlite-migration axum-deadpool axum-tokio-rusqlite; do
    cargo test --quiet --locked -p "$package"
done
cargo test --quiet --locked --manifest-path sqlx/Cargo.toml
