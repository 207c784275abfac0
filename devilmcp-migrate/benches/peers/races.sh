#!/usr/bin/env bash
# What becomes of programs that start at once on one fresh file with 20 pending migrations: ours, and those of other tools.
#
#     devilmcp-migrate/benches/peers/races.sh [ROUNDS, 50] [PROCESSES, 8]
#
# Builds go to $CARGO_TARGET_DIR, or beside this script, and are of the profile $PROFILE, or dev; the databases go to $TMPDIR, or /tmp.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-50}
processes=${2:-8}
peers=(devilmcp-migrate refinery rusqlite_migration sqlx)
profile=${PROFILE:-dev}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target} CARGO_TERM_COLOR=never

# The same statements under the name that each tool wants: CRATE, the printf format of a migration's file, and of its way back.
migrations() {
    rm -rf "$1/migrations"
    for ((number = 1; number <= 20; number++)); do
        local file down
        printf -v file "$1/migrations/$2" "$number"
        mkdir -p "$(dirname "$file")"
        echo "CREATE TABLE t_$number (id INTEGER PRIMARY KEY, name TEXT NOT NULL);" > "$file"
        echo "CREATE INDEX t_${number}_name ON t_$number (name);" >> "$file"
        if [ $# -eq 3 ]; then
            printf -v down "$1/migrations/$3" "$number"
            echo "DROP TABLE t_$number;" > "$down"
        fi
    done
}

migrations devilmcp-migrate %04d_step.sql %04d_step.down.sql
migrations refinery V%d__step.sql
migrations rusqlite_migration %d-step/up.sql
migrations sqlx %05d_step.sql

for crate in "${peers[@]}" race; do
    cargo build --quiet --profile "$profile" --manifest-path "$crate/Cargo.toml"
done

folder=$CARGO_TARGET_DIR/${profile/%dev/debug}
programs=()
for crate in "${peers[@]}"; do
    version=$(sed -n "/^name = \"$crate\"\$/{n;s/^version = \"\(.*\)\"\$/\1/p}" "$crate/Cargo.lock")
    programs+=("$crate $version" "$folder/peer-$crate")
done
"$folder/race" "$rounds" "$processes" "${programs[@]}"
