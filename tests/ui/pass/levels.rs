//! Levels of lints: what is allowed is not said, by the call or by the migration.

#![deny(warnings)]

devilmcp_migrate::migrations!(
    "fixtures/ui/levels",
    lints(missing_down = "allow", unindexed_foreign_key = "deny", redundant_index = "warn",),
);

fn main() {
    assert_eq!(Version::LATEST, Version::V0002Posts);
}
