//! Rebuilds the examples and the tests when the migrations change.

fn main() {
    devilmcp_migrate::build::watch("../migrations");
    devilmcp_migrate::build::watch("../devilmcp-migrate/examples/notes/migrations");
    devilmcp_migrate::build::watch("fixtures/alembic");
    devilmcp_migrate::build::watch("fixtures/alembic_v1");
    devilmcp_migrate::build::watch("fixtures/alone");
    devilmcp_migrate::build::watch("fixtures/alone_first");
    devilmcp_migrate::build::watch("fixtures/alone_v1");
    devilmcp_migrate::build::watch("fixtures/branch_a");
    devilmcp_migrate::build::watch("fixtures/branch_b");
    devilmcp_migrate::build::watch("fixtures/careless");
    devilmcp_migrate::build::watch("fixtures/deferred");
    devilmcp_migrate::build::watch("fixtures/enforced");
    devilmcp_migrate::build::watch("fixtures/enforced_v2");
    devilmcp_migrate::build::watch("fixtures/imported");
    devilmcp_migrate::build::watch("fixtures/library");
    devilmcp_migrate::build::watch("fixtures/mismatch");
    devilmcp_migrate::build::watch("fixtures/nasty");
    devilmcp_migrate::build::watch("fixtures/notes_edited");
    devilmcp_migrate::build::watch("fixtures/notes_irreversible");
    devilmcp_migrate::build::watch("fixtures/notes_reformatted");
    devilmcp_migrate::build::watch("fixtures/notes_renamed");
    devilmcp_migrate::build::watch("fixtures/notes_squashed");
    devilmcp_migrate::build::watch("fixtures/notes_v1");
    devilmcp_migrate::build::watch("fixtures/notes_v2");
    devilmcp_migrate::build::watch("fixtures/notes_v3");
    devilmcp_migrate::build::watch("fixtures/orphans");
    devilmcp_migrate::build::watch("fixtures/orphans_made");
    devilmcp_migrate::build::watch("fixtures/orphans_mismatch");
    devilmcp_migrate::build::watch("fixtures/orphans_moved");
    devilmcp_migrate::build::watch("fixtures/stale");
    devilmcp_migrate::build::watch("fixtures/stopped");
    devilmcp_migrate::build::watch("fixtures/stopped_first");
}
