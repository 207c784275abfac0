//! Which crates a program gets with the library: those that the design says why.

use std::collections::BTreeSet;
use std::process::Command;

use crate::project::root;

#[test]
fn the_design_says_of_each_crate_what_it_is_for() {
    let brought = tree("normal,build");
    let brought: BTreeSet<&str> = brought.iter().map(String::as_str).collect();
    let design = include_str!("../../devilmcp-migrate/DESIGN.md");
    let (_, part) = design.split_once("### Crates").unwrap();
    let (part, _) = part.split_once("\n## ").unwrap();
    let names = |row: &'static str| row.strip_prefix("| `")?.split_once("` | ").map(|(names, _)| names);
    let explained: BTreeSet<&str> = part.lines().filter_map(names).flat_map(|names| names.split("`, `")).collect();
    assert_eq!(brought, explained);
}

#[test]
fn what_only_a_build_needs_is_not_compiled_for_the_program() {
    let linked = tree("normal,no-proc-macro");
    assert!(linked.contains("devilmcp-migrate-core"), "{linked:?}");
    for only_for_the_build in ["annotate-snippets", "siphasher", "devilmcp-migrate-macros", "syn"] {
        assert!(!linked.contains(only_for_the_build), "{only_for_the_build} of {linked:?}");
    }
}

/// What comes with the library over these edges.
fn tree(edges: &str) -> BTreeSet<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--offline", "--locked", "-p", "devilmcp-migrate", "--features", "bundled"]);
    // Not every system needs the same ones.
    tree.args(["--target", "x86_64-unknown-linux-gnu", "--edges", edges, "--prefix", "none"]);
    let output = tree.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let tree = String::from_utf8(output.stdout).unwrap();
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}
