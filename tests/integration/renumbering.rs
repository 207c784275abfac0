//! Two branches that both added a migration of the same number, settled.

use std::fs;

use serde_json::Value;

use crate::squashing::Crate;

const FIRST: [(&str, &str); 2] = [
    ("0001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n"),
    ("0001_notes.down.sql", "DROP TABLE notes;\n"),
];

/// What one branch has added: two migrations, of which the second needs the first.
const OURS: [(&str, &str); 4] = [
    ("0002_tags.sql", "CREATE TABLE tags (name TEXT PRIMARY KEY);\n"),
    ("0002_tags.down.sql", "DROP TABLE tags;\n"),
    ("0003_colors.sql", "ALTER TABLE tags ADD COLUMN color TEXT;\n"),
    ("0003_colors.down.sql", "ALTER TABLE tags DROP COLUMN color;\n"),
];

/// What another has added, with an example.
const THEIRS: [(&str, &str); 4] = [
    ("0002_titles.sql", "ALTER TABLE notes ADD COLUMN title TEXT;\nUPDATE notes SET title = body;\n"),
    ("0002_titles.down.sql", "ALTER TABLE notes DROP COLUMN title;\n"),
    ("0002_titles.given.sql", "INSERT INTO notes (body) VALUES ('a');\n"),
    ("0002_titles.then.sql", "SELECT * FROM notes WHERE title IS NOT body;\n"),
];

fn merged() -> Crate {
    Crate::with(&[&FIRST[..], &OURS, &THEIRS].concat())
}

fn names(made: &Crate) -> Vec<String> {
    made.all()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with('0') && !name.contains(".down."))
        .collect()
}

#[test]
fn what_is_not_locked_comes_after_what_is() {
    let made = Crate::with(&[&FIRST[..], &OURS].concat());
    assert_eq!(made.run("lock").code, 0);
    for (name, text) in THEIRS {
        fs::write(made.directory().join(name), text).unwrap();
    }
    let refused = made.run("check").refused();
    assert!(refused.contains("[M006]") && refused.contains("`devilmcp-migrate renumber`"), "{refused}");
    let before = made.all();
    let told = made.run("renumber --dry-run").done();
    assert!(told.contains("would be renamed: migrations/0002_titles.down.sql to 0004_titles.down.sql\n"), "{told}");
    assert_eq!(made.all(), before);
    let told = made.run("renumber").done();
    assert_eq!(told, told.replace("would be ", ""), "{told}");
    assert_eq!(told.lines().count(), 4, "{told}");
    let expected = [
        "0001_notes.sql",
        "0002_tags.sql",
        "0003_colors.sql",
        "0004_titles.given.sql",
        "0004_titles.sql",
        "0004_titles.then.sql",
    ];
    assert_eq!(names(&made), expected);
    assert_eq!(made.run("check").done(), "4 migrations: they work, 3 of them locked\n");
    assert!(made.run("renumber").done().starts_with("nothing to renumber"));
    // What is in the files is what it was.
    for (name, text) in THEIRS {
        assert!(made.all().contains(&(name.replace("0002", "0004"), text.to_owned())), "{name}");
    }
}

#[test]
fn where_none_is_locked_it_has_to_be_said() {
    let made = merged();
    let before = made.all();
    let refused = made.run("renumber").refused();
    assert!(refused.contains("neither 0002_tags nor 0002_titles is locked"), "{refused}");
    assert!(refused.contains("`devilmcp-migrate renumber 0002_titles`"), "{refused}");
    assert_eq!(made.all(), before);
    let told: Value = made.run("renumber migrations/0002_titles.sql --after 2 --json").json(0);
    assert_eq!((&told["done"], told["renamed"].as_array().unwrap().len()), (&Value::Bool(true), 6));
    let expected = [
        "0001_notes.sql",
        "0002_tags.sql",
        "0003_titles.given.sql",
        "0003_titles.sql",
        "0003_titles.then.sql",
        "0004_colors.sql",
    ];
    assert_eq!(names(&made), expected);
    assert_eq!(made.run("check").done(), "4 migrations: they work\n");
}

#[test]
fn what_would_not_work_is_not_renamed_unless_it_is_asked() {
    let made = merged();
    let before = made.all();
    // `colors` needs `tags`.
    let refused = made.run("renumber tags");
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(refused.stderr.contains("0003_colors.sql:1:") && refused.stderr.contains("[M101]"), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("nothing was renamed") && refused.stderr.contains("--unproved"),
        "{}",
        refused.stderr
    );
    assert_eq!(made.all(), before);
    assert_eq!(made.run("renumber tags --unproved").code, 0);
    let expected = [
        "0001_notes.sql",
        "0002_titles.given.sql",
        "0002_titles.sql",
        "0002_titles.then.sql",
        "0003_colors.sql",
        "0004_tags.sql",
    ];
    assert_eq!(names(&made), expected);
    // Several, in the order in which they are named.
    let made = merged();
    made.run("renumber tags colors").done();
    let expected = [
        "0001_notes.sql",
        "0002_titles.given.sql",
        "0002_titles.sql",
        "0002_titles.then.sql",
        "0003_tags.sql",
        "0004_colors.sql",
    ];
    assert_eq!(names(&made), expected);
}

#[test]
fn nothing_is_overwritten_and_nothing_that_is_locked_is_touched() {
    let made = Crate::with(&[&FIRST[..], &OURS].concat());
    assert_eq!(made.run("lock").code, 0);
    for (name, text) in THEIRS {
        fs::write(made.directory().join(name), text).unwrap();
    }
    let before = made.all();
    for (call, said) in [
        ("renumber tags", "0002_tags is locked, and keeps its number"),
        ("renumber titles --after 1", "cannot come after 0001, for later ones are locked"),
        ("renumber titles --after 9", "there is no migration 0009 that stays where it is"),
        ("renumber title", "there is no migration \"title\""),
    ] {
        let refused = made.run(call).refused();
        assert!(refused.contains(said), "{refused}");
        assert_eq!(made.all(), before);
    }
    assert_eq!(made.run("renumber --after 3").code, 2);
    fs::write(made.directory().join("migrations.lock"), "<<<<<<< ours\n").unwrap();
    assert!(made.run("renumber").refused().contains("the lock file has a merge conflict"));
    // A name that is taken, by what only looks like a file.
    fs::remove_file(made.directory().join("migrations.lock")).unwrap();
    let before = made.all();
    fs::create_dir(made.directory().join("0004_titles.sql")).unwrap();
    let refused = made.run("renumber titles").refused();
    assert!(refused.contains("nothing was renamed"), "{refused}");
    fs::remove_dir(made.directory().join("0004_titles.sql")).unwrap();
    assert_eq!(made.all(), before);
}
