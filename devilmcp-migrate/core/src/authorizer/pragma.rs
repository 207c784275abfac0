//! Which pragmas a migration may set.

/// Pragmas that a migration must not set: SQLite ignores them in a transaction, or they are the connection's and not the
/// database's, or this tool keeps its own account in them.
pub(super) fn is_out_of_place(pragma: &str) -> bool {
    const OUT_OF_PLACE: [&str; 24] = [
        "auto_vacuum",
        "busy_timeout",
        "cache_size",
        "data_store_directory",
        "encoding",
        "foreign_keys",
        "hard_heap_limit",
        "ignore_check_constraints",
        "incremental_vacuum",
        "journal_mode",
        "journal_size_limit",
        "locking_mode",
        "mmap_size",
        "page_size",
        "query_only",
        "schema_version",
        "soft_heap_limit",
        "synchronous",
        "temp_store",
        "temp_store_directory",
        "trusted_schema",
        "user_version",
        "wal_autocheckpoint",
        "wal_checkpoint",
    ];
    pragma.eq_ignore_ascii_case("writable_schema")
        || OUT_OF_PLACE.iter().any(|known| pragma.eq_ignore_ascii_case(known))
}

/// Pragmas that change how the file is made, and work outside of a transaction only. A journal that is not on disk is not for a
/// migration to choose: those after it could not be taken back.
pub(crate) fn is_of_the_file(pragma: &str, value: &str) -> bool {
    let is = |names: &[&str], word: &str| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    is(&["auto_vacuum", "incremental_vacuum", "page_size", "wal_checkpoint"], pragma)
        || (is(&["journal_mode"], pragma) && is(&["delete", "persist", "truncate", "wal"], value))
}
