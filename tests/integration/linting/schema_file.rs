//! `stale_declaration`: what `schema.sql` declares, and a migration has taken away.

use std::fs;
use std::path::Path;

use devilmcp_migrate_core::check::{Checked, Judged, Trust, check};
use devilmcp_migrate_core::lint::{Level, Levels, Lint};
use tempfile::TempDir;

const T: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);\nCREATE INDEX i ON t (a);\n";

fn checked(up: &str, schema: &str, levels: Levels) -> Checked {
    let directory = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("0001_t.sql", &format!("-- migrate: irreversible\n{T}"));
    write("0002_m.sql", &format!("-- migrate: irreversible\n-- migrate: allow(data_loss) a test\n{up}"));
    write("schema.sql", schema);
    let path: &Path = directory.path();
    check(path, "migrations", Judged::Unlocked, Trust::Taken, levels)
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.problems.iter().map(|problem| problem.rule.code).collect()
}

#[test]
fn one_mistake_is_said_once_and_with_its_cause() {
    for (up, title) in [
        ("ALTER TABLE t RENAME TO u;", "table `t`, which 0002_m renamed to `u`"),
        ("ALTER TABLE t RENAME TO u; ALTER TABLE u ADD COLUMN c TEXT;", "table `t`, which 0002_m renamed to `u`"),
        ("DROP TABLE IF EXISTS main.t;", "table `t`, which 0002_m dropped"),
        ("DROP INDEX i;", "index `i`, which 0002_m dropped"),
        ("ALTER TABLE t DROP COLUMN b;", "column `t.b`, which 0002_m dropped"),
        ("ALTER TABLE t RENAME a TO d;", "column `t.a`, which 0002_m renamed to `d`"),
    ] {
        let checked = checked(up, T, Levels::default());
        assert_eq!(checked.problems[0].title, format!("schema.sql still declares {title}"), "{up}");
        assert!(checked.proof.is_none());
        // What else the migration does is a difference like others.
        let others = if up.contains("ADD COLUMN") { &["M308", "M132"][..] } else { &["M308"] };
        assert_eq!(codes(&checked), others, "{up}");
    }
}

#[test]
fn what_was_never_there_or_is_there_again_is_another_difference() {
    let more = format!("{T}CREATE TABLE other (a PRIMARY KEY);");
    assert_eq!(codes(&checked("SELECT 1;", &more, Levels::default())), ["M132"]);
    let again = "DROP INDEX i; CREATE INDEX i ON t (b);";
    assert_eq!(codes(&checked(again, T, Levels::default())), ["M132"]);
    assert_eq!(codes(&checked("ALTER TABLE t RENAME TO u; DROP TABLE u;", T, Levels::default())), ["M132"]);
}

#[test]
fn its_level_is_that_of_the_lint() {
    let up = "DROP INDEX i;";
    let at = |level| checked(up, T, Levels::default().with(Lint::StaleDeclaration, level));
    let warned = at(Level::Warn);
    assert!(warned.proof.is_some() && codes(&warned) == ["M308"] && !warned.problems[0].is_error());
    assert!(at(Level::Allow).problems.is_empty());
    let allowed = checked(
        &format!("-- migrate: allow(stale_declaration) the next migration makes it again\n{up}"),
        T,
        Levels::default(),
    );
    assert!(allowed.proof.is_some() && allowed.problems.is_empty());
}
