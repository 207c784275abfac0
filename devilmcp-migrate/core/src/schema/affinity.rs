//! What SQLite makes of a value that is stored in a column: <https://sqlite.org/datatype3.html#determination_of_column_affinity>

/// How SQLite treats what is stored in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// What looks like a number becomes one, whole if it can be.
    Integer,
    /// Numbers become text.
    Text,
    /// Everything stays as it is.
    Blob,
    /// What looks like a number becomes a floating point number.
    Real,
    /// As the first.
    Numeric,
}

impl Affinity {
    /// That of a declared type in capitals, in the order of SQLite's rules.
    pub(crate) fn of(declared: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        if has(&["INT"]) {
            Self::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if has(&["BLOB"]) || declared.is_empty() {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
            Self::Real => "REAL",
            Self::Numeric => "NUMERIC",
        }
    }
}
