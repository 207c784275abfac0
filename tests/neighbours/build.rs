//! Of each package here: these are the directories that one or another of them embeds.

fn main() {
    devilmcp_migrate::build::watch("../../../devilmcp-migrate/examples/notes/migrations");
    devilmcp_migrate::build::watch("../../fixtures/tools/rusqlite_migration/migrations");
}
