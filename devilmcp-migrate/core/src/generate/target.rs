//! The SQLite that is to run what is written.

use crate::feature::Version;

/// The oldest SQLite that is to run what is written. What it cannot do by itself is done by making the table anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target(Version);

impl Target {
    /// `DROP COLUMN`
    pub(super) const COLUMNS: Version = Version(35);
    /// `ALTER TABLE` that adds and drops NOT NULL and CHECK.
    pub(super) const CONSTRAINTS: Version = Version(53);
    /// `ADD CHECK` that takes rows for which it is NULL, as any CHECK does: 3.53 refuses them.
    pub(super) const CHECKS: Version = Version(54);

    /// Reads `3.53`, or `3.53.2`: within these, SQL does not change.
    ///
    /// # Errors
    /// It is something else, is newer than the SQLite that would have to try what is written, or older than any that the
    /// library runs on.
    pub fn parse(text: &str) -> Result<Self, String> {
        let version = Version::parse(text).ok_or("write it as 3.53")?;
        let linked = Version::linked();
        if version > linked {
            return Err(format!(
                "what is written is tried on the SQLite of this program, which is {}: say {linked} or less, or install it with a newer one",
                rusqlite::version()
            ));
        }
        if version < Version::OLDEST {
            return Err(format!("SQLite {} is the oldest that migrations are run on", Version::OLDEST));
        }
        Ok(Self(version))
    }

    /// Whether it has what came with this version.
    pub(super) fn has(self, since: Version) -> bool {
        self.0 >= since
    }
}

/// One that drops columns, as nearly every one does.
impl Default for Target {
    fn default() -> Self {
        Self(Self::COLUMNS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_one_that_can_be_tried_and_run() {
        assert_eq!(Target::parse("3.35"), Ok(Target::default()));
        assert_eq!(Target::parse("3.35.5"), Ok(Target::default()));
        assert_eq!(Target::parse(rusqlite::version()), Ok(Target(Version::linked())));
        for (text, words) in [
            ("", "write it as 3.53"),
            ("3", "write it as 3.53"),
            ("3.x", "write it as 3.53"),
            ("4.1", "write it as 3.53"),
            ("3.53.1.2", "write it as 3.53"),
            ("3.33", "SQLite 3.34 is the oldest that migrations are run on"),
        ] {
            assert_eq!(Target::parse(text), Err(words.to_owned()), "{text}");
        }
        let newer = Target::parse("3.999").unwrap_err();
        assert!(
            newer.contains(&format!("which is {}: say {} or less", rusqlite::version(), Version::linked())),
            "{newer}"
        );
    }
}
