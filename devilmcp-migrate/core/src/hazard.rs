//! What can go wrong with rows, and may be allowed.

/// What a migration may do to rows only if it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hazard {
    /// Values that were there are nowhere after it.
    DataLoss,
    /// It fails where rows have NULL, or no value for a new column.
    NotNull,
    /// It fails where rows break a new CHECK.
    Check,
    /// It fails where rows are alike.
    Unique,
    /// It fails where rows have values of another type.
    Type,
    /// It leaves rows whose foreign keys point at nothing.
    ForeignKey,
    /// Its way back gives up values that it kept itself.
    ReversalLoss,
    /// It leaves a view, a trigger or a foreign key that names what is not there.
    Reference,
}

impl Hazard {
    pub(crate) const ALL: [Self; 8] = [
        Self::DataLoss,
        Self::NotNull,
        Self::Check,
        Self::Unique,
        Self::Type,
        Self::ForeignKey,
        Self::ReversalLoss,
        Self::Reference,
    ];

    /// The word in `allow(…)`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataLoss => "data_loss",
            Self::NotNull => "not_null_violation",
            Self::Check => "check_violation",
            Self::Unique => "unique_violation",
            Self::Type => "type_violation",
            Self::ForeignKey => "foreign_key_violation",
            Self::ReversalLoss => "reversal_loss",
            Self::Reference => "broken_reference",
        }
    }
}
