//! What backups are called.

use std::ffi::{OsStr, OsString};

/// How the backups of one database begin and end.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// The name of the database's file.
    pub(super) database: OsString,
    /// What tells it from others with that name, where there may be others.
    pub(super) id: Option<String>,
}

/// What a file is by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A backup of this database. The time sorts as text.
    Backup { time: String },
    /// One that was not completed.
    Draft,
}

impl Name {
    /// The name of a backup that is made at this time.
    pub(super) fn of(&self, time: &str, version: i64) -> OsString {
        let mut name = self.database.clone();
        name.push(format!(".{time}.v{version:04}"));
        if let Some(id) = &self.id {
            name.push(format!(".{id}"));
        }
        name.push(".backup");
        name
    }

    /// What a file of this name is; nothing if it is none of ours, or another database's.
    pub(super) fn read(&self, file: &OsStr) -> Option<Kind> {
        let rest = file.as_encoded_bytes().strip_prefix(self.database.as_encoded_bytes())?;
        let rest = str::from_utf8(rest).ok()?.strip_prefix('.')?;
        let (rest, is_draft) = rest.strip_suffix(DRAFT).map_or((rest, false), |rest| (rest, true));
        let mut rest = rest.strip_suffix(".backup")?;
        if let Some(id) = &self.id {
            rest = rest.strip_suffix(id.as_str())?.strip_suffix('.')?;
        }
        let (time, version) = rest.rsplit_once(".v")?;
        let is_ours = is_time(time) && version.len() >= 4 && version.bytes().all(|byte| byte.is_ascii_digit());
        is_ours.then(|| if is_draft { Kind::Draft } else { Kind::Backup { time: time.to_owned() } })
    }
}

/// What follows the name of a backup as long as it is being made.
pub(super) const DRAFT: &str = ".partial";

/// The time as names have it, as an SQL expression.
pub(super) const NOW: &str = "strftime('%Y%m%dT%H%M%fZ', 'now')";

fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    shape == "00000000T000000.000Z"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "20261124T031500.123Z";

    fn name(id: Option<&str>) -> Name {
        Name { database: "notes.db".into(), id: id.map(str::to_owned) }
    }

    #[test]
    fn a_name_is_read_as_it_was_made() {
        for id in [None, Some("1f6b0c93d2aa")] {
            for version in [0, 7, 12_345, 20_260_102_030_405] {
                let mut file = name(id).of(TIME, version);
                assert_eq!(name(id).read(&file), Some(Kind::Backup { time: TIME.to_owned() }));
                file.push(DRAFT);
                assert_eq!(name(id).read(&file), Some(Kind::Draft));
            }
        }
        assert_eq!(name(None).of(TIME, 7), "notes.db.20261124T031500.123Z.v0007.backup");
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        let other = Name { database: "other.db".into(), id: None };
        assert_eq!(name(None).read(&other.of(TIME, 7)), None);
        assert_eq!(name(None).read(&name(Some("1f6b0c93d2aa")).of(TIME, 7)), None);
        assert_eq!(name(Some("1f6b0c93d2aa")).read(&name(None).of(TIME, 7)), None);
        assert_eq!(name(Some("1f6b0c93d2aa")).read(&name(Some("000000000000")).of(TIME, 7)), None);
        for file in [
            "notes.db",
            "notes.db-wal",
            "notes.db.backup",
            "notes.db.20261124T031500.123Z.v0007.backup.txt",
            "notes.db.20261124T031500Z.v0007.backup",
            "notes.db.20261124T031500.123Z.v007.backup",
            "notes.db.20261124T031500.123Z.vlast.backup",
            "notes.db.copy.20261124T031500.123Z.v0007.backup",
            "my-notes.db.20261124T031500.123Z.v0007.backup",
            "notes.dbx20261124T031500.123Z.v0007.backup",
        ] {
            assert_eq!(name(None).read(file.as_ref()), None, "{file}");
        }
    }
}
