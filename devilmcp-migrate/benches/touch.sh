#!/usr/bin/env bash
# What `cargo build` takes after a change to one migration: of a crate with `migrations!`, and of the same crate with
# `include_str!` of the same files. Medians, dev profile.
#
#     devilmcp-migrate/benches/touch.sh [how many migrations, 100] [how many times, 9]
set -euo pipefail
library=$(cd "$(dirname "$0")/.." && pwd)
size=${1:-100}
times=${2:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=$work/target CARGO_TERM_COLOR=never

crate() { # name, source of src/main.rs
    mkdir -p "$work/$1/src"
    cat > "$work/$1/Cargo.toml" <<TOML
[package]
name = "$1"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
devilmcp-migrate = { path = "$library", features = ["bundled"] }
TOML
    echo 'fn main() { println!("cargo::rerun-if-changed=migrations"); }' > "$work/$1/build.rs"
    echo "$2" > "$work/$1/src/main.rs"
    cargo bench --quiet --manifest-path "$library/Cargo.toml" --profile dev --features bundled --bench expand -- \
        write evolving "$size" "$work/$1/migrations"
}

included() {
    echo 'static MIGRATIONS: &[&str] = &['
    for ((number = 1; number <= size; number++)); do
        printf '    include_str!("../migrations/%04d_step.sql"),\n' "$number"
        printf '    include_str!("../migrations/%04d_step.down.sql"),\n' "$number"
    done
    echo '];'
    echo 'fn main() { assert!(devilmcp_migrate::rusqlite::Connection::open_in_memory().is_ok()); println!("{}", MIGRATIONS.len()); }'
}

seconds() { # crate: the median
    for ((at = 0; at < times; at++)); do
        echo "-- $at" >> "$work/$1/migrations/$(printf '%04d' $((size / 2)))_step.sql"
        local before=$EPOCHREALTIME
        cargo build --quiet --manifest-path "$work/$1/Cargo.toml"
        echo "$before $EPOCHREALTIME"
    done | awk '{ print $2 - $1 }' | sort -n | sed -n "$((times / 2 + 1))p"
}

crate with 'devilmcp_migrate::migrations!("migrations");
fn main() { println!("{}", MIGRATIONS.open_in_memory().is_ok()); }'
crate without "$(included)"
for name in with without; do
    cargo build --quiet --manifest-path "$work/$name/Cargo.toml"
    echo "$name the macro: $(seconds $name) s"
done
