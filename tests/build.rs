//! Rebuilds the examples and the tests when the migrations change.

fn main() {
    devilmcp_migrate::build::watch("../migrations");
    devilmcp_migrate::build::watch("../devilmcp-migrate/examples/notes/migrations");
}
