//! The paths of memories, relative to the project: only the server knows where that is, so no migration can fill them in.

use std::path::Path;

use devilmcp_migrate::{Hook, HookResult, Migrator};

use crate::schema::{MIGRATIONS, Version};

/// The migrations, and what this program does beside them for a project.
pub(crate) fn migrator(project: &Path) -> Migrator<'_, Version> {
    MIGRATIONS.migrator().after(Version::V0005MemoriesFilePathRelative, |sql| fill(sql, project))
}

fn fill(sql: &Hook<'_>, project: &Path) -> HookResult {
    // Whatever an older version has written there, a path that is no text stays without.
    let paths = sql.query("SELECT id, file_path FROM memories WHERE file_path IS NOT NULL", (), |row| {
        Ok((row.get::<_, i64>(0)?, row.get_ref(1)?.as_str().map(str::to_owned).unwrap_or_default()))
    })?;
    let mut update = sql.prepare("UPDATE memories SET file_path_relative = ?2 WHERE id = ?1")?;
    for (id, path) in paths {
        if let Ok(relative) = Path::new(&path).strip_prefix(project) {
            update.execute((id, relative.to_string_lossy()))?;
        }
    }
    Ok(())
}
