//! Generated code is a guest in someone's crate: it compiles without a word where nearly everything is denied, and takes no
//! name for granted. `cargo clippy --all-targets` visits this, the tests only use it.

/// What a strict crate would ask for, all at once. Public, as `main.rs` has this module, or `missing_docs` would not look.
pub mod strict {
    #![deny(warnings, missing_docs, let_underscore, nonstandard_style, rust_2018_idioms)]
    #![deny(unused, refining_impl_trait)]
    #![deny(
        missing_copy_implementations,
        missing_debug_implementations,
        single_use_lifetimes,
        trivial_casts,
        trivial_numeric_casts,
        unit_bindings,
        unnameable_types,
        unused_import_braces,
        unused_lifetimes,
        unused_qualifications,
        unused_results,
        variant_size_differences
    )]
    #![deny(clippy::all, clippy::pedantic, clippy::nursery)]
    #![deny(
        clippy::allow_attributes,
        clippy::allow_attributes_without_reason,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::partial_pub_fields,
        clippy::std_instead_of_core,
        clippy::str_to_string,
        clippy::unwrap_used,
        clippy::use_self,
        clippy::wildcard_enum_match_arm
    )]

    devilmcp_migrate::migrations!("../migrations");
}

/// Names that the generated code could have meant.
#[expect(dead_code, reason = "they are here to be in the way")]
mod crowded {
    #![no_implicit_prelude]

    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod devilmcp_migrate {}
    pub(super) enum Option {}
    pub(super) enum Result {}
    pub(super) struct Migrations;
    pub(super) struct Migration;
    pub(super) trait Versioned {}
    pub(super) trait From {}

    ::devilmcp_migrate::migrations!("../migrations");
}

#[test]
fn generated_code_is_silent_where_nearly_everything_is_denied() {
    let conn = strict::MIGRATIONS.open_in_memory().unwrap();
    assert_eq!(strict::MIGRATIONS.version(&conn).unwrap(), strict::Version::ALL.last().copied());
}

#[test]
fn generated_code_takes_no_name_for_granted() {
    let conn = crowded::MIGRATIONS.open_in_memory().unwrap();
    assert_eq!(crowded::MIGRATIONS.version(&conn).unwrap(), Some(crowded::Version::V0012FileHashes));
}
