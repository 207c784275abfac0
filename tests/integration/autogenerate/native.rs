//! What a newer SQLite adds to a table and drops from it as it is, if whoever asks says that it will be there.

use devilmcp_migrate::rusqlite::version;

use super::verb::Crate;

/// A directory whose only table is this one, and in which another one is declared.
fn of(from: &str, to: &str) -> Crate {
    let made = Crate::empty();
    made.write("0001_t.sql", &format!("CREATE TABLE t {from};\n"));
    made.write("0001_t.down.sql", "DROP TABLE t;\n");
    made.declare(&format!("CREATE TABLE t {to};\n"));
    made
}

const NEEDS: &str = "-- This needs SQLite 3.53 or newer.\n\n";

#[test]
fn a_newer_sqlite_alters_what_an_older_one_makes_anew() {
    let cases = [
        (
            "(a, b TEXT DEFAULT '')",
            "(a, b TEXT DEFAULT '' NOT NULL)",
            "-- Note: a row without a value in `t.b` stops it.\nALTER TABLE t ALTER COLUMN b SET NOT NULL;\n",
            Some("ALTER TABLE t ALTER COLUMN b DROP NOT NULL;\n"),
        ),
        (
            "(a NOT NULL, b)",
            "(a NOT NULL, b, CONSTRAINT \"more than\" CHECK (a > 0))",
            "-- Note: a row of `t` that breaks CONSTRAINT more than CHECK (a > 0) stops it.\n\
             ALTER TABLE t ADD CONSTRAINT \"more than\" CHECK (a > 0);\n",
            Some("ALTER TABLE t DROP CONSTRAINT \"more than\";\n"),
        ),
        // What has no name cannot be dropped.
        (
            "(a NOT NULL, b)",
            "(a NOT NULL CHECK (a <> ''), b)",
            "-- Note: a row of `t` that breaks CHECK (a <> '') stops it.\nALTER TABLE t ADD CHECK (a <> '');\n",
            None,
        ),
    ];
    for (from, to, up, down) in cases {
        let made = of(from, to);
        let plain = made.run(&["diff", "--print"]);
        assert!(plain.stdout.contains("-- t is made anew: ") && !plain.stdout.contains("3.53"), "{}", plain.stdout);
        let allow = ["--reason", "counted", "--allow", "not_null_violation", "--allow", "check_violation"];
        made.run(&[&["diff", "--target-sqlite", "3.53"][..], &allow].concat()).done();
        let allowed = "-- migrate: allow(check_violation) counted\n-- migrate: allow(not_null_violation) counted\n";
        assert_eq!(made.read("0002_change_t.sql"), format!("{allowed}{NEEDS}{up}"));
        let back = made.read("0002_change_t.down.sql");
        match down {
            Some(down) => assert_eq!(back, format!("{NEEDS}{down}")),
            None => assert!(back.starts_with("-- t is made anew: CHECK (a <> '') goes.\n"), "{back}"),
        }
        assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
    }
}

#[test]
fn a_value_is_put_in_where_there_is_none() {
    let made = of("(a UNIQUE ON CONFLICT IGNORE, b, c)", "(a UNIQUE ON CONFLICT IGNORE, b NOT NULL, c NOT NULL)");
    let values = ["--default", "t.b='x'", "--default", "t.c=coalesce(b, 'y')"];
    made.run(&[&["diff", "--target-sqlite", version()][..], &values].concat()).done();
    let up = "UPDATE OR ABORT t SET b = coalesce(b, 'x'), c = coalesce(c, coalesce(b, 'y')) WHERE b IS NULL OR c IS NULL;\n\n\
              ALTER TABLE t ALTER COLUMN b SET NOT NULL;\n\nALTER TABLE t ALTER COLUMN c SET NOT NULL;\n";
    assert_eq!(made.read("0002_change_t.sql"), format!("{NEEDS}{up}"));
    // A trigger would do something then, and does nothing where the table is made anew.
    let made = of("(a, b)", "(a, b NOT NULL)");
    let trigger = "CREATE TRIGGER g AFTER UPDATE ON t BEGIN DELETE FROM t; END;\n";
    made.write("0001_t.sql", &format!("CREATE TABLE t (a, b);\n{trigger}"));
    made.declare(&format!("CREATE TABLE t (a, b NOT NULL);\n{trigger}"));
    made.run(&["diff", "--target-sqlite", "3.53", "--default", "t.b=0"]).done();
    assert!(made.read("0002_change_t.sql").starts_with("-- t is made anew: "));
}

#[test]
fn a_check_that_may_be_null_is_added_only_where_that_is_no_reason_to_stop() {
    let made = of("(a, b)", "(a, b, CHECK (a > 0))");
    // 3.53 refuses rows for which it is NULL, which no CHECK does.
    let shown = made.run(&["diff", "--print", "--target-sqlite", "3.53"]).stdout;
    assert!(shown.contains("-- t is made anew: ") && !shown.contains("ADD CHECK"), "{shown}");
}

#[test]
fn an_older_sqlite_has_no_drop_column() {
    let made = of("(a, b)", "(a)");
    let shown = |version: &str| made.run(&["diff", "--print", "--reason", "unused", "--target-sqlite", version]).stdout;
    assert!(shown("3.34").contains("-- t is made anew: b goes."));
    assert!(shown("3.35.5").contains("ALTER TABLE t DROP COLUMN b;"));
}

#[test]
fn a_version_that_cannot_be_tried_is_refused() {
    let made = of("(a)", "(a NOT NULL)");
    for (version, words) in [
        ("3.999", "what is written is tried on the SQLite of this program"),
        ("3.8", "SQLite 3.34 is the oldest that migrations are run on"),
        ("newest", "write it as 3.53"),
    ] {
        for verb in [&["diff"][..], &["revision", "--autogenerate", "-m", "x"]] {
            let refused = made.run(&[verb, &["--target-sqlite", version]].concat());
            assert_eq!((refused.code, made.files().len()), (2, 3), "{version}");
            assert!(refused.stderr.contains(words), "{}", refused.stderr);
        }
    }
    assert_eq!(made.run(&["revision", "-m", "x", "--target-sqlite", "3.53"]).code, 2);
    made.run(&["revision", "--autogenerate", "-m", "x", "--target-sqlite", "3.53"]).refused();
}
