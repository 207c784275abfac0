#!/usr/bin/env bash
# Builds and runs a program that is linked to the SQLite of the system, such as Debian's 3.40. Where there is none to be linked to, nothing is
# tried, and that is said.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/../../target/neighbours}

if ! SYSTEM_SQLITE=$(pkg-config --modversion sqlite3 2>/dev/null); then
    echo "not tried: there is no SQLite of the system to be linked to (apt-get install libsqlite3-dev pkg-config)"
    exit 0
fi
echo "with the system's SQLite $SYSTEM_SQLITE"
export SYSTEM_SQLITE
cargo test --quiet --locked -p system-sqlite
