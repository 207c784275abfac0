//! What a caller wants done about a database that is not as a program expects it.

/// What an upgrade does with a database that a newer program has migrated, as after a deployment that was rolled back.
///
/// Whatever is chosen, the history has to agree with this program as far as it knows: one that was
/// [edited](crate::ErrorKind::Edited) or is [of another branch](crate::ErrorKind::Missing) is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Newer {
    /// It fails, with an error of the kind [`Newer`](crate::ErrorKind::Newer) that names both versions.
    #[default]
    Refuse,
    /// It does nothing, and [the report says so](crate::Report::is_newer). The program promises that it can work with a schema that it does
    /// not know: for programs whose migrations only ever add. Each start reads the history, and drift is not looked for.
    Accept,
    /// It undoes what this program does not know, with the ways back that the database keeps, newest first. What a newer column held is
    /// gone then; a migration that is [irreversible](crate::ErrorKind::Irreversible) is in the way. While the newer program still runs
    /// somewhere, it would be upgraded and taken back in turns.
    Downgrade,
}

/// What a run does about a schema that is not what the applied migrations make.
///
/// It is looked for where SQLite's [schema cookie](https://sqlite.org/fileformat2.html#schema_cookie) has moved since the last run, by
/// comparing structures; and at the end of a run that has done something, unless that is known to come to what was proved: the schema was
/// right before, nothing was done but to apply migrations, and this is the SQLite that has run them while the program was compiled. Where it is [refused](Self::Refuse), a run that has something
/// to do compares before, too, whatever the cookie says: so it runs no trigger that somebody has put on a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Drift {
    /// The [report](crate::Report::drift) names it, and the run goes on: an index that somebody has added by hand stops no server.
    #[default]
    Report,
    /// The run fails, with an error of the kind [`Drift`](crate::ErrorKind::Drift) that lists [every difference](crate::Error::differences),
    /// and has changed nothing. Only after a migration that runs outside of a transaction is it too late: that one is recorded,
    /// and the next run refuses.
    Refuse,
    /// It is not looked for.
    Ignore,
}

impl Drift {
    /// What is done about it where what was done cannot be taken back.
    pub(crate) fn too_late(self) -> Self {
        if self == Self::Refuse { Self::Report } else { self }
    }
}
