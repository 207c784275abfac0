//! What the path of a file says, as each tool reads it.

use super::fault::Fault;
use crate::tool::Tool;

/// What a path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said<'a> {
    /// What the tool takes for the version, as it is written.
    pub(super) version: &'a str,
    /// What follows it.
    pub(super) words: &'a str,
    pub(super) part: Part,
}

/// What a file has of its migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Up,
    Down,
    /// Both ways, between marks.
    Both,
    /// What is to be known beside the SQL.
    Metadata,
}

/// Takes apart a path, which is relative to the directory.
pub(super) fn parse(tool: Tool, path: &str) -> Result<Said<'_>, Fault> {
    match tool {
        Tool::Sqlx => {
            let (version, rest) = flat(path)?.split_once('_').ok_or(Fault::Name)?;
            let ends = [(".up.sql", Part::Up), (".down.sql", Part::Down), (".sql", Part::Up)];
            let (words, part) = suffixed(rest, ends)?;
            Ok(Said { version, words, part })
        }
        Tool::Refinery => {
            let name = path.rsplit('/').next().unwrap_or(path);
            let rest = name.strip_prefix(['V', 'U']).ok_or(Fault::Name)?;
            let (version, rest) = rest.split_once("__").ok_or(Fault::Name)?;
            if rest.strip_suffix(".rs").is_some() {
                return Err(Fault::Code);
            }
            let (words, part) = suffixed(rest, [(".sql", Part::Up)])?;
            let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
            if words.is_empty() || !words.chars().all(is_word) {
                return Err(Fault::Name);
            }
            Ok(Said { version, words, part })
        }
        Tool::Diesel => {
            let (folder, part) = nested(path, true)?;
            let (version, words) = folder.split_once('_').unwrap_or((folder, ""));
            Ok(Said { version, words, part })
        }
        Tool::RusqliteMigration => {
            let (folder, part) = nested(path, false)?;
            let (version, words) = folder.split_once('-').ok_or(Fault::Name)?;
            Ok(Said { version, words, part })
        }
        Tool::Goose => {
            let name = flat(path)?;
            if name.strip_suffix(".go").is_some() {
                return Err(Fault::Code);
            }
            let (version, rest) = name.split_once('_').ok_or(Fault::Name)?;
            let (words, part) = suffixed(rest, [(".sql", Part::Both)])?;
            Ok(Said { version, words, part })
        }
        Tool::Dbmate => {
            let (stem, part) = suffixed(flat(path)?, [(".sql", Part::Both)])?;
            let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
            let (version, words) = stem.split_at(digits);
            Ok(Said { version, words, part })
        }
        Tool::Alembic | Tool::SeaOrm => Err(Fault::Code),
    }
    .and_then(|said| {
        if said.version.starts_with(|first: char| first.is_ascii_digit()) { Ok(said) } else { Err(Fault::Name) }
    })
}

/// A path without a folder in it.
fn flat(path: &str) -> Result<&str, Fault> {
    if path.contains('/') { Err(Fault::Folder) } else { Ok(path) }
}

/// The folder of a migration, and what the file in it is.
fn nested(path: &str, has_metadata: bool) -> Result<(&str, Part), Fault> {
    let (folder, file) = path.split_once('/').ok_or(Fault::NoFolder)?;
    let part = match file {
        "up.sql" => Part::Up,
        "down.sql" => Part::Down,
        "metadata.toml" if has_metadata => Part::Metadata,
        _ => return Err(Fault::Inside),
    };
    Ok((folder, part))
}

/// What stands before the first of these ends that fits.
fn suffixed<'a, const N: usize>(name: &'a str, ends: [(&str, Part); N]) -> Result<(&'a str, Part), Fault> {
    ends.into_iter().find_map(|(end, part)| Some((name.strip_suffix(end)?, part))).ok_or(Fault::Name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tool: Tool, path: &str) -> (&str, &str, Part) {
        let Said { version, words, part } = parse(tool, path).unwrap_or_else(|fault| panic!("{path}: {fault:?}"));
        (version, words, part)
    }

    #[test]
    fn each_tool_has_its_names() {
        assert_eq!(said(Tool::Sqlx, "1_a.sql"), ("1", "a", Part::Up));
        assert_eq!(said(Tool::Sqlx, "20250102030405_a_b.up.sql"), ("20250102030405", "a_b", Part::Up));
        assert_eq!(said(Tool::Sqlx, "2_a.down.sql"), ("2", "a", Part::Down));
        assert_eq!(said(Tool::Refinery, "V1__a.sql"), ("1", "a", Part::Up));
        assert_eq!(said(Tool::Refinery, "old/U12__a_B.sql"), ("12", "a_B", Part::Up));
        assert_eq!(said(Tool::Diesel, "2025-01-02-030405_a_b/up.sql"), ("2025-01-02-030405", "a_b", Part::Up));
        assert_eq!(said(Tool::Diesel, "1_a/metadata.toml"), ("1", "a", Part::Metadata));
        assert_eq!(said(Tool::RusqliteMigration, "01-a_b/down.sql"), ("01", "a_b", Part::Down));
        assert_eq!(said(Tool::Goose, "00001_a.sql"), ("00001", "a", Part::Both));
        assert_eq!(said(Tool::Dbmate, "20250102_a.sql"), ("20250102", "_a", Part::Both));
        assert_eq!(said(Tool::Dbmate, "1.sql"), ("1", "", Part::Both));
    }

    #[test]
    fn what_is_no_migrations_is_none() {
        for (tool, path, fault) in [
            (Tool::Sqlx, "V1__a.sql", Fault::Name),
            (Tool::Sqlx, "notes.txt", Fault::Name),
            (Tool::Sqlx, "1_a/up.sql", Fault::Folder),
            (Tool::Refinery, "V1_a.sql", Fault::Name),
            (Tool::Refinery, "V1__a b.sql", Fault::Name),
            (Tool::Refinery, "V1__a.rs", Fault::Code),
            (Tool::Diesel, "1_a.sql", Fault::NoFolder),
            (Tool::Diesel, "1_a/up.SQL", Fault::Inside),
            (Tool::Diesel, "a/up.sql", Fault::Name),
            (Tool::RusqliteMigration, "1_a/up.sql", Fault::Name),
            (Tool::RusqliteMigration, "1-a/metadata.toml", Fault::Inside),
            (Tool::Goose, "1_a.go", Fault::Code),
            (Tool::Dbmate, "a.sql", Fault::Name),
        ] {
            assert_eq!(parse(tool, path), Err(fault), "{path}");
        }
    }
}
