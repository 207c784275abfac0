//! What stands at the end of the long help of each verb.

pub(super) const INIT: &str = "Examples:
  devilmcp-migrate init
  devilmcp-migrate init --from-database old.db    begin with a database that was there before";

pub(super) const CHECK: &str = "Examples:
  devilmcp-migrate check --deny unindexed_foreign_key
  devilmcp-migrate check --full                   in CI: what is locked is run, too
  devilmcp-migrate check --database notes.db --dir migrations";

pub(super) const LINT: &str = "Examples:
  devilmcp-migrate lint --warn hidden_drift
  devilmcp-migrate lint --json";

pub(super) const LOCK: &str = "Examples:
  devilmcp-migrate lock                           at a release; commit what it writes
  devilmcp-migrate lock --check                   in CI: exits with 3 while something is not locked
  devilmcp-migrate lock --shipped                 a history that another tool has applied";

pub(super) const DIFF: &str = "What cannot be known is asked for at a terminal, and refused anywhere else.

Examples:
  devilmcp-migrate diff -m \"add priority to tasks\" --default 'tasks.priority=0'
  devilmcp-migrate diff --rename 'tasks.title=name' --reason 'nobody has used notes'
  devilmcp-migrate diff --target-sqlite 3.53      all of its databases are run by that, or a newer one
  devilmcp-migrate diff --check                   in CI: exits with 3 if schema.sql was changed alone";

pub(super) const PULL: &str = "Examples:
  devilmcp-migrate pull
  devilmcp-migrate pull --database notes.db --print";

pub(super) const NEW: &str = "Examples:
  devilmcp-migrate new -m \"backfill tags\"";

pub(super) const REVISION: &str = "Examples:
  devilmcp-migrate revision --autogenerate -m \"add priority to tasks\"";

pub(super) const SQUASH: &str = "Examples:
  devilmcp-migrate squash --through 12 --dry-run
  devilmcp-migrate squash --through 0012_file_hashes -m \"everything until spring\"";

pub(super) const RENUMBER: &str = "Examples:
  devilmcp-migrate renumber                       what is not locked comes after what is
  devilmcp-migrate renumber 0007_add_tags --dry-run";

pub(super) const COMPLETIONS: &str = "Examples:
  devilmcp-migrate completions bash > ~/.local/share/bash-completion/completions/devilmcp-migrate
  devilmcp-migrate completions fish > ~/.config/fish/completions/devilmcp-migrate.fish";

pub(super) const MAN: &str = "Examples:
  devilmcp-migrate man | man -l -
  devilmcp-migrate man ~/.local/share/man/man1    the folder has to be there";

pub(super) const VERSION: &str = "Examples:
  devilmcp-migrate version --database notes.db";

pub(super) const STATUS: &str = "Examples:
  devilmcp-migrate status --database notes.db
  devilmcp-migrate status --database notes.db --dir migrations --json
  devilmcp-migrate status --url libsql://notes.example.com";

pub(super) const HISTORY: &str = "Examples:
  devilmcp-migrate history --database notes.db";

pub(super) const UPGRADE: &str = "Examples:
  devilmcp-migrate upgrade --database notes.db --dry-run
  devilmcp-migrate upgrade 7 --database notes.db --backup --keep 3
  devilmcp-migrate upgrade --url libsql://notes.example.com --namespace ada";

pub(super) const DOWNGRADE: &str = "Examples:
  devilmcp-migrate downgrade 0006_meta_table --database notes.db --backup
  devilmcp-migrate downgrade empty --database notes.db --dry-run";

pub(super) const RESOLVE: &str = "Examples:
  devilmcp-migrate resolve --not-applied --database notes.db";

pub(super) const RESTORE: &str = "Examples:
  devilmcp-migrate restore notes.db.20261124T031500.123Z.v0007.backup --database notes.db";

pub(super) const IMPORT: &str = "Examples:
  devilmcp-migrate import --from sqlx
  devilmcp-migrate import --from diesel old/migrations --into migrations";

pub(super) const EXPLAIN: &str = "Examples:
  devilmcp-migrate explain M202";

pub(super) const SCHEMA: &str = "Examples:
  devilmcp-migrate schema --format mermaid
  devilmcp-migrate schema --database notes.db";

/// What is said of it whoever embeds it.
const STAMPED: &str = "For a database that somebody has brought there by other means. What is recorded counts as adopted: it was there before, and to undo
it takes `downgrade --force`. What comes after that migration is forgotten, and what it has made has to be gone.";

pub(super) fn stamp() -> String {
    format!(
        "{STAMPED}\n\nExamples:
  devilmcp-migrate stamp 7 --database notes.db --dry-run
  devilmcp-migrate stamp empty --database notes.db    the history is forgotten"
    )
}

/// What is said of it whoever embeds it.
const WRITTEN: &str = "What the script has done the program recognises: it writes the history, too. It begins with a statement that fails on any database
that is somewhere else.";

pub(super) fn sql() -> String {
    format!(
        "{WRITTEN}\n\nExamples:
  devilmcp-migrate sql --from 3 7                 an upgrade, without a database
  devilmcp-migrate sql empty --from 3             a downgrade
  devilmcp-migrate sql --database notes.db | sqlite3 -bail notes.db"
    )
}

/// Of the verbs that a program embeds, which is called whatever it likes.
pub(super) mod embedded {
    use super::{STAMPED, WRITTEN};

    pub(in crate::cli) const VERSION: &str = "Examples:
  db version";

    pub(in crate::cli) const UPGRADE: &str = "Examples:
  db upgrade --dry-run
  db upgrade 7 --backup --keep 3";

    pub(in crate::cli) const DOWNGRADE: &str = "Examples:
  db downgrade 6 --backup
  db downgrade empty --dry-run";

    pub(in crate::cli) const RESOLVE: &str = "Examples:
  db resolve --not-applied";

    pub(in crate::cli) const RESTORE: &str = "Examples:
  db restore notes.db.20261124T031500.123Z.v0007.backup";

    pub(in crate::cli) const STATUS: &str = "Examples:
  db status --json";

    pub(in crate::cli) const HISTORY: &str = "Examples:
  db history";

    pub(in crate::cli) const CHECK: &str = "Examples:
  db check || echo 'see what is wrong before you go on'";

    pub(in crate::cli) const SCHEMA: &str = "Examples:
  db schema --format mermaid";

    pub(in crate::cli) fn stamp() -> String {
        format!("{STAMPED}\n\nExamples:\n  db stamp 7 --dry-run")
    }

    pub(in crate::cli) fn sql() -> String {
        format!("{WRITTEN}\n\nExamples:\n  db sql | sqlite3 -bail notes.db\n  db sql --from 3 7")
    }
}
