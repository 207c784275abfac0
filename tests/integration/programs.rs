//! Programs, each with its own idea of a history: `notes_v2` is what `notes_v1` became, and so on.

macro_rules! programs {
    ($($name:ident: $directory:literal $($option:ident = $choice:literal)?),* $(,)?) => {
        $(pub(crate) mod $name {
            devilmcp_migrate::migrations!($directory $(, $option = $choice)?);
        })*
    };
}

programs! {
    devilmcp: "../migrations",
    alembic: "fixtures/alembic",
    alembic_v1: "fixtures/alembic_v1",
    alone: "fixtures/alone",
    alone_first: "fixtures/alone_first",
    alone_v1: "fixtures/alone_v1",
    branch_a: "fixtures/branch_a",
    branch_b: "fixtures/branch_b",
    careless: "fixtures/careless",
    deferred: "fixtures/deferred",
    enforced: "fixtures/enforced",
    enforced_v2: "fixtures/enforced_v2",
    imported: "fixtures/imported",
    library: "fixtures/library",
    mismatch: "fixtures/mismatch",
    nasty: "fixtures/nasty",
    notes_edited: "fixtures/notes_edited",
    notes_irreversible: "fixtures/notes_irreversible",
    notes_own_version: "fixtures/notes_v3" user_version = "application",
    notes_reformatted: "fixtures/notes_reformatted",
    notes_renamed: "fixtures/notes_renamed",
    notes_squashed: "fixtures/notes_squashed",
    notes_v1: "fixtures/notes_v1",
    notes_v2: "fixtures/notes_v2",
    notes_v3: "fixtures/notes_v3",
    orphans: "fixtures/orphans",
    orphans_made: "fixtures/orphans_made",
    orphans_mismatch: "fixtures/orphans_mismatch",
    orphans_moved: "fixtures/orphans_moved",
    queue: "fixtures/queue" table = "_devilmcp_migrations_queue",
    queue_v1: "fixtures/queue_v1" table = "_devilmcp_migrations_queue",
    queue_of_another: "fixtures/notes_v1" table = "_devilmcp_migrations_queue",
    queue_alone: "fixtures/alone" table = "_devilmcp_migrations_alone",
    stale: "fixtures/stale",
    stopped: "fixtures/stopped",
    stopped_first: "fixtures/stopped_first",
    tool_alembic: "fixtures/tools/alembic/migrations",
    tool_dbmate: "fixtures/tools/dbmate/migrations" layout = "dbmate",
    tool_diesel: "fixtures/tools/diesel/migrations" layout = "diesel",
    tool_goose: "fixtures/tools/goose/migrations" layout = "goose",
    tool_refinery: "fixtures/tools/refinery/migrations" layout = "refinery",
    tool_rusqlite_migration: "fixtures/tools/rusqlite_migration/migrations" layout = "rusqlite_migration",
    tool_sea_orm: "fixtures/tools/sea_orm/migrations",
    tool_sqlx: "fixtures/tools/sqlx/migrations" layout = "sqlx",
    tool_sqlx_simple: "fixtures/tools/sqlx_simple/migrations" layout = "sqlx",
}
