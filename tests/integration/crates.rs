//! Which crates a program gets with the library: those that the design says why.

use std::collections::BTreeSet;
use std::process::Command;

use crate::project::root;

#[test]
fn the_design_says_of_each_crate_what_it_is_for() {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "-p", "devilmcp-migrate", "--features", "bundled", "--edges", "normal,build", "--prefix", "none"]);
    // Not every system needs the same ones.
    tree.args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}", "--offline", "--locked"]).current_dir(root());
    let output = tree.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let tree = String::from_utf8(output.stdout).unwrap();
    let brought: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();

    let design = include_str!("../../devilmcp-migrate/DESIGN.md");
    let (_, part) = design.split_once("### Crates").unwrap();
    let (part, _) = part.split_once("\n## ").unwrap();
    let first = |row: &'static str| row.strip_prefix("| `").and_then(|row| row.split_once(" | ")).map(|(first, _)| first);
    let explained: BTreeSet<&str> = part.lines().filter_map(first).flat_map(|names| names.split("`, `")).collect();
    let explained = explained.into_iter().map(|name| name.trim_end_matches('`')).collect::<BTreeSet<_>>();
    assert_eq!(brought, explained);
}
