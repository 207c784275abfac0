//! Both directories that are embedded.

fn main() {
    println!("cargo::rerun-if-changed=newer");
    println!("cargo::rerun-if-changed=../../../devilmcp-migrate/examples/notes/migrations");
}
