//! The programs that are disturbed.

pub(crate) mod devilmcp {
    devilmcp_migrate::migrations!("../migrations");
}

/// A run of three transactions, with foreign keys off, on, and off.
pub(crate) mod enforced {
    devilmcp_migrate::migrations!("fixtures/enforced");
}

/// Four parts, two of them outside of transactions.
pub(crate) mod alone {
    devilmcp_migrate::migrations!("fixtures/alone");
}
