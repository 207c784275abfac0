#!/usr/bin/env bash
# How many instructions a start takes that has nothing to do, and its floor, as callgrind counts them: the same on a machine that others
# use, too. Fails if the start takes a tenth more than `instructions.txt` says, in multiples of the floor; so it does not matter which
# compiler has made SQLite. `--write` writes the file anew.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v valgrind >/dev/null; then
    echo "not counted: there is no valgrind here (apt-get install valgrind)"
    exit 0
fi
bench=(cargo bench --quiet -p devilmcp-migrate --features bundled --bench start --no-run --message-format json)
program=$("${bench[@]}" | sed -n 's/.*"executable":"\([^"]*\/start-[^"]*\)".*/\1/p' | tail -n 1)

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="start::counted_$1" "$program" --bench once 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
start=$(count start)
floor=$(count floor)
if [ "${start:-0}" -lt 10000 ] || [ "${floor:-0}" -lt 10000 ]; then
    echo "nothing was counted: start ${start:-?}, floor ${floor:-?}" >&2
    exit 1
fi
if [ "${1-}" = --write ]; then
    printf 'start %s\nfloor %s\n' "$start" "$floor" >instructions.txt
fi
was() { sed -n "s/^$1 //p" instructions.txt; }
echo "start: $start instructions, floor: $floor; it was $(was start) and $(was floor)"
if [ $((start * $(was floor) * 100)) -gt $((floor * $(was start) * 110)) ]; then
    echo "a start with nothing to do takes over a tenth more instructions than it did" >&2
    exit 1
fi
