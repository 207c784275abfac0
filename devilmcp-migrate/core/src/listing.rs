//! The names in a directory of migrations.

use std::path::Path;

/// The name of the file that says what was released.
pub const LOCK: &str = "migrations.lock";
/// The name of the file that holds the database as what was released makes it.
pub const CHECKPOINT: &str = "migrations.checkpoint";
/// The name of the file that declares the schema.
pub const SCHEMA: &str = "schema.sql";

/// A name in a directory.
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) is_directory: bool,
}

/// Whether [`names`] has the file of this name, if it is there.
pub fn is_listed(name: &str) -> bool {
    let is_known = [LOCK, CHECKPOINT, SCHEMA].contains(&name) || name.eq_ignore_ascii_case("README.md");
    !name.starts_with('.') && !is_known
}

/// The names of the migrations in `directory` and its folders, and of all that should not be there, sorted.
///
/// # Errors
/// The directory cannot be read.
pub fn names(directory: &Path) -> std::io::Result<Vec<String>> {
    let mut paths = Vec::new();
    walk(directory, "", DEEPEST, &mut paths)?;
    paths.sort_unstable();
    Ok(paths)
}

/// What is in one folder, sorted.
pub(crate) fn list(directory: &Path) -> std::io::Result<Vec<Listed>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_else(|name| name.to_string_lossy().into_owned());
        // What begins with a digit, as nearly all does, is none of these.
        let is_numbered = name.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if is_numbered || is_listed(&name) {
            // Most file systems say it with the name; where they do not, or it is a link, it is asked for.
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            names.push(Listed { name, is_directory: !is_file && entry.path().is_dir() });
        }
    }
    names.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(names)
}

/// Whether this is the program's own source, which lies beside the migrations of tools that can have some in code.
fn is_code(name: &str) -> bool {
    let has_number = |name: &str| name.trim_start_matches(['V', 'U']).starts_with(|first: char| first.is_ascii_digit());
    [".rs", ".go"].iter().any(|ending| name.strip_suffix(ending).is_some_and(|stem| !has_number(stem)))
}

/// Deeper than this there are no migrations: it is a link that leads back.
pub(crate) const DEEPEST: usize = 8;

fn walk(folder: &Path, prefix: &str, depth: usize, paths: &mut Vec<String>) -> std::io::Result<()> {
    for listed in list(folder)? {
        let path = format!("{prefix}{}", listed.name);
        if !listed.is_directory {
            if !is_code(&listed.name) {
                paths.push(path);
            }
        } else if depth > 0 {
            walk(&folder.join(&listed.name), &format!("{path}/"), depth - 1, paths)?;
        }
    }
    Ok(())
}
