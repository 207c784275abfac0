//! For those who come from another tool: what to type, and what is called what.

/// For users of Alembic.
#[doc = include_str!("../coming_from/alembic.md")]
pub mod alembic {}

/// For users of dbmate.
#[doc = include_str!("../coming_from/dbmate.md")]
pub mod dbmate {}

/// For users of Diesel.
#[doc = include_str!("../coming_from/diesel.md")]
pub mod diesel {}

/// For users of goose.
#[doc = include_str!("../coming_from/goose.md")]
pub mod goose {}

/// For users of refinery.
#[doc = include_str!("../coming_from/refinery.md")]
pub mod refinery {}

/// For users of `rusqlite_migration`.
#[doc = include_str!("../coming_from/rusqlite_migration.md")]
pub mod rusqlite_migration {}

/// For users of SeaORM.
#[doc = include_str!("../coming_from/sea_orm.md")]
pub mod sea_orm {}

/// For users of sqlx.
#[doc = include_str!("../coming_from/sqlx.md")]
pub mod sqlx {}
