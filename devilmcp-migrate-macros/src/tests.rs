//! What the macro emits, pinned: it is reviewed like code that somebody wrote.

use std::fs;
use std::path::PathBuf;

use devilmcp_migrate_core::check::{Judged, Trust, check};
use devilmcp_migrate_core::lint::Levels;
use devilmcp_migrate_core::lockfile::Lock;

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
    let items = expand::items(&sequence, proof, &checked.beside, &directory, &choices).unwrap();
    insta::assert_snapshot!(pretty(items));
}

/// A directory with so many migrations that were released and come to so little.
#[test]
fn what_released_migrations_make_stands_beside_them() {
    let path = std::env::temp_dir().join(format!("devilmcp-migrate-summary-{}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    for number in 1..=200 {
        let up = if number % 2 == 1 { "CREATE TABLE turned (a);" } else { "DROP TABLE turned;" };
        let up = if number == 200 { "CREATE INDEX turned_a ON turned (a);" } else { up };
        fs::write(path.join(format!("{number:04}_turn.sql")), up).unwrap();
    }
    let read = |judged| check(&path, "migrations", judged, Trust::Taken, Levels::default());
    let lock = Lock::write(read(Judged::Nothing).sequence.unwrap().scripts());
    fs::write(path.join("migrations.lock"), lock).unwrap();
    let checked = read(Judged::Unlocked);
    fs::remove_dir_all(&path).unwrap();
    let directory = Directory { path, shown: "migrations".to_owned(), in_manifest: true, watched: Watched::Yes };
    let sequence = checked.sequence.unwrap();
    let items = expand::items(&sequence, checked.proof.as_ref(), &checked.beside, &directory, &Choices::default());
    let text = pretty(items.unwrap());
    let lines: Vec<&str> =
        text.lines().map(str::trim).skip_while(|line| !line.starts_with("summary:")).take(4).collect();
    assert_eq!(
        lines.join(" "),
        "summary: ::core::option::Option::Some(::devilmcp_migrate::__private::v0::Summary { last: 200, \
         sql: \"CREATE TABLE turned (a);\\nCREATE INDEX turned_a ON turned (a);\\n\", }),"
    );
}

#[test]
fn what_cannot_be_read_becomes_hollow_items() {
    insta::assert_snapshot!(pretty(fallback::items()));
}
