//! Other tools that migrate databases, as far as their histories can be taken over.

use crate::nearest::nearest;

/// A tool that may have made a database before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Alembic: the table `alembic_version`.
    Alembic,
    /// dbmate: the table `schema_migrations`.
    Dbmate,
    /// Diesel: the table `__diesel_schema_migrations`.
    Diesel,
    /// goose: the table `goose_db_version`.
    Goose,
    /// refinery: the table `refinery_schema_history`.
    Refinery,
    /// `rusqlite_migration`: the field `user_version` of the database's header.
    RusqliteMigration,
    /// `SeaORM`: the table `seaql_migrations`.
    SeaOrm,
    /// sqlx: the table `_sqlx_migrations`.
    Sqlx,
}

impl Tool {
    /// Every tool, by its name.
    pub const ALL: [Self; 8] = [
        Self::Alembic,
        Self::Dbmate,
        Self::Diesel,
        Self::Goose,
        Self::Refinery,
        Self::RusqliteMigration,
        Self::SeaOrm,
        Self::Sqlx,
    ];

    /// The word that a user writes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alembic => "alembic",
            Self::Dbmate => "dbmate",
            Self::Diesel => "diesel",
            Self::Goose => "goose",
            Self::Refinery => "refinery",
            Self::RusqliteMigration => "rusqlite_migration",
            Self::SeaOrm => "sea_orm",
            Self::Sqlx => "sqlx",
        }
    }

    /// What it calls itself.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Alembic => "Alembic",
            Self::Diesel => "Diesel",
            Self::SeaOrm => "SeaORM",
            Self::Dbmate | Self::Goose | Self::Refinery | Self::RusqliteMigration | Self::Sqlx => self.name(),
        }
    }

    /// The variant's own name, for generated code.
    pub const fn variant(self) -> &'static str {
        match self {
            Self::Alembic => "Alembic",
            Self::Dbmate => "Dbmate",
            Self::Diesel => "Diesel",
            Self::Goose => "Goose",
            Self::Refinery => "Refinery",
            Self::RusqliteMigration => "RusqliteMigration",
            Self::SeaOrm => "SeaOrm",
            Self::Sqlx => "Sqlx",
        }
    }

    /// The tool of this name.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == word)
    }

    /// What to do about a word that names none, as the end of a sentence.
    pub(crate) fn meant(word: &str, known: impl Iterator<Item = Self> + Clone) -> String {
        let names: Vec<&str> = known.map(Self::name).collect();
        match nearest(word, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("known are: {}", names.join(", ")),
        }
    }
}
