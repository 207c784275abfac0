//! What the history of another tool calls a migration: `-- migrate: revision(alembic, "001")`.

use std::fmt;

use crate::tool::Tool;

/// What the history of another tool calls a migration, or the state after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The tool.
    pub tool: Tool,
    /// Its name for it.
    pub id: String,
    /// What it may have entered to notice that the migration has changed; empty if it takes nothing for that, or nobody knows what.
    pub checksums: Vec<String>,
}

impl Revision {
    /// Reads `alembic, "001"`, or with checksums, `sqlx, "1", "0a…", "1b…"`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(',').map(str::trim);
        let tool = Tool::named(words.next()?)?;
        let quoted = |word: &str| {
            let inner = word.strip_prefix('"')?.strip_suffix('"')?;
            (!inner.is_empty() && !inner.contains('"')).then(|| inner.to_owned())
        };
        let id = quoted(words.next()?)?;
        let checksums = words.map(quoted).collect::<Option<Vec<String>>>()?;
        Some(Self { tool, id, checksums })
    }
}

/// As a directive says it.
impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revision({}, \"{}\"", self.tool.name(), self.id)?;
        self.checksums.iter().try_for_each(|checksum| write!(f, ", \"{checksum}\""))?;
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in ["alembic, \"001\"", "sqlx, \"20250102030405\", \"0a\", \"1b\"", "sea_orm, \"m2025_a b\""] {
            assert_eq!(Revision::parse(text).unwrap().to_string(), format!("revision({text})"));
        }
    }

    #[test]
    fn what_is_malformed_is_none() {
        for text in ["", "alembic", "alembic, 001", "alembic, \"\"", "flask, \"1\"", "sqlx, \"1\", 2", "sqlx, \"1\","] {
            assert_eq!(Revision::parse(text), None, "{text}");
        }
    }
}
