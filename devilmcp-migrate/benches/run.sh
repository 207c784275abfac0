#!/usr/bin/env bash
# Measures what this costs, beside what it cannot cost less than and beside other tools, and writes results/ anew.
#
#     devilmcp-migrate/benches/run.sh             everything: an hour or two on two cores
#     devilmcp-migrate/benches/run.sh --quick     10 and 100 migrations, and only the tools that are built fast: five minutes
#     devilmcp-migrate/benches/run.sh --only noop,apply
#
# Needs Python 3.11 and a C compiler, and fetches crates on the first run. More in peers/bench.py.
set -euo pipefail
exec python3 "$(dirname "$0")/peers/bench.py" "$@"
