//! The program that is tried on databases is built from migrations beside it.

fn main() {
    devilmcp_migrate::build::watch("../fixtures/notes_v3");
}
