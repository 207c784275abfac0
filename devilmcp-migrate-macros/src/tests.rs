//! What the macro emits, pinned: it is reviewed like code that somebody wrote.

use std::path::PathBuf;

use devilmcp_migrate_core::check::{Judged, Trust, check};
use devilmcp_migrate_core::lint::Levels;

use crate::choices::Choices;
use crate::locate::{Directory, Watched};
use crate::{expand, fallback};

fn pretty(items: proc_macro2::TokenStream) -> String {
    // Which SQLite it is, the lock file of this repository decides.
    prettyplease::unparse(&syn::parse2(items).unwrap()).replace(devilmcp_migrate_core::sqlite_version(), "[sqlite]")
}

#[test]
fn a_directory_becomes_an_enum_and_a_static() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../devilmcp-migrate/examples/notes/migrations");
    let directory = Directory { path, shown: "migrations".to_owned(), in_manifest: true, watched: Watched::No };
    let checked = check(&directory.path, &directory.shown, Judged::Unlocked, Trust::Taken, Levels::default());
    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    let sequence = checked.sequence.unwrap();
    let (proof, choices) = (checked.proof.as_ref(), Choices::default());
    let items = expand::items(&sequence, proof, &checked.beside, &directory, choices).unwrap();
    insta::assert_snapshot!(pretty(items));
}

#[test]
fn what_cannot_be_read_becomes_hollow_items() {
    insta::assert_snapshot!(pretty(fallback::items()));
}
