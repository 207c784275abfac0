//! The verbs of both command lines: each is there, has a help worth reading, answers in JSON, and ends with a code that is documented.

use std::fs;
use std::path::Path;
use std::process::Command;

use devilmcp_migrate::cli::Exit;
use devilmcp_migrate::rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::authoring::run;
use crate::site::Site;
use crate::support;

const AUTHORING: [&str; 21] = [
    "init",
    "new",
    "diff",
    "pull",
    "lint",
    "lock",
    "squash",
    "renumber",
    "check",
    "import",
    "explain",
    "schema",
    "version",
    "status",
    "upgrade",
    "downgrade",
    "history",
    "stamp",
    "sql",
    "restore",
    "resolve",
];

const EMBEDDED: [&str; 11] =
    ["version", "status", "upgrade", "downgrade", "history", "check", "stamp", "sql", "schema", "restore", "resolve"];

/// A directory with a migration that is not locked, and a database without a history that is what it makes.
fn made() -> TempDir {
    let made = TempDir::new().unwrap();
    fs::create_dir(made.path().join("migrations")).unwrap();
    let write = |name: &str, text: &str| fs::write(made.path().join("migrations").join(name), text).unwrap();
    write("0001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n");
    write("0001_notes.down.sql", "DROP TABLE notes;\n");
    let conn = Connection::open(made.path().join("notes.db")).unwrap();
    conn.execute_batch("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)").unwrap();
    made
}

#[test]
fn each_verb_is_there_and_its_help_has_an_example() {
    let made = TempDir::new().unwrap();
    let all = run(made.path(), "--help").done();
    for verb in AUTHORING {
        assert!(all.contains(&format!("\n  {verb} ")), "{verb}: {all}");
        let help = run(made.path(), &format!("{verb} --help")).done();
        let example = format!("Examples:\n  devilmcp-migrate {verb}");
        assert!(help.contains(&example) && help.contains("      --json\n"), "{verb}: {help}");
        assert!(!run(made.path(), &format!("{verb} -h")).done().contains("Examples:"), "{verb}");
    }
    let site = Site::new();
    let all = site.db("--help").done();
    for verb in EMBEDDED {
        assert!(all.contains(&format!("\n  {verb} ")), "{verb}: {all}");
        let help = site.db(&format!("{verb} --help")).done();
        assert!(help.contains(&format!("Examples:\n  db {verb}")) && help.contains("      --json\n"), "{verb}: {help}");
    }
}

#[test]
fn each_verb_answers_in_json_and_ends_with_a_code_that_is_documented() {
    let calls = [
        ("init --dir other", Exit::Done),
        ("init --from-database nowhere.db --dir other", Exit::Failed),
        ("pull", Exit::Done),
        ("diff", Exit::Done),
        ("diff --check", Exit::Done),
        ("new -m more", Exit::Done),
        ("new -m ?", Exit::Failed),
        ("lint", Exit::Done),
        ("lint --dir nowhere", Exit::Failed),
        ("check", Exit::Done),
        ("check --dir nowhere", Exit::Failed),
        ("check --database notes.db", Exit::Done),
        ("lock --check", Exit::Pending),
        ("lock", Exit::Done),
        ("lock --check", Exit::Done),
        ("version --database notes.db", Exit::Done),
        ("status --database notes.db --dir migrations", Exit::Pending),
        ("upgrade --database notes.db", Exit::Failed),
        ("stamp 2 --database notes.db --dry-run", Exit::Pending),
        ("stamp 2 --database notes.db", Exit::Done),
        ("stamp empty --database notes.db", Exit::Failed),
        ("stamp nothing --database notes.db", Exit::Usage),
        ("status --database notes.db --dir migrations", Exit::Done),
        ("upgrade --database notes.db --dry-run", Exit::Done),
        ("history --database notes.db", Exit::Done),
        ("sql --database notes.db", Exit::Done),
        ("sql 1 --from nothing", Exit::Usage),
        ("downgrade 1 --database notes.db --dry-run --force", Exit::Pending),
        ("resolve --applied --database notes.db", Exit::Failed),
        ("restore nowhere.db --database notes.db", Exit::Failed),
        ("schema --database notes.db", Exit::Done),
        ("explain M202", Exit::Done),
    ];
    let made = made();
    for (call, exit) in calls {
        let answer = run(made.path(), &format!("{call} --json"));
        assert_eq!(answer.code, exit as i32, "{call}: {}{}", answer.stdout, answer.stderr);
        let json: Result<Value, _> = serde_json::from_str(&answer.stdout);
        assert!(json.is_ok_and(|json| json.is_object() || json.is_array()), "{call}: {}", answer.stdout);
    }
    assert_eq!(run(made.path(), "upgrade --nothing").code, Exit::Usage as i32);
}

#[test]
fn a_shell_and_a_reader_are_told_of_every_verb() {
    let made = TempDir::new().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(made.path(), &format!("completions {shell}")).done();
        assert!(AUTHORING.iter().all(|verb| script.contains(verb)), "{shell}: {script}");
    }
    assert_eq!(run(made.path(), "completions basic").code, 2);
    let script = made.path().join("completions.bash");
    fs::write(&script, run(made.path(), "completions bash").done()).unwrap();
    let typed = "COMP_WORDS=(devilmcp-migrate loc); COMP_CWORD=1; _devilmcp__migrate devilmcp-migrate loc devilmcp-migrate; echo ${COMPREPLY[@]}";
    let completed = format!("source {}; {typed}", script.display());
    let shell = Command::new("bash").args(["-c", &completed]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&shell.stdout), "lock\n", "{}", String::from_utf8_lossy(&shell.stderr));

    let page = run(made.path(), "man").done();
    assert!(page.contains(".TH devilmcp-migrate 1") && page.contains("devilmcp\\-migrate\\-stamp(1)"), "{page}");
    assert!(run(made.path(), "man nowhere").refused().contains("the manual cannot be written"));
    fs::create_dir(made.path().join("pages")).unwrap();
    run(made.path(), "man pages").done();
    for verb in AUTHORING {
        let page = fs::read_to_string(made.path().join(format!("pages/devilmcp-migrate-{verb}.1"))).unwrap();
        assert!(page.contains("Examples:"), "{verb}: {page}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_takes_longer_than_a_second_says_so_at_a_terminal() {
    let made = TempDir::new().unwrap();
    fs::create_dir(made.path().join("migrations")).unwrap();
    // Rows are counted one by one, four times in a check.
    let slow = "CREATE TABLE t AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000000) SELECT max(i) AS i FROM n;\n";
    fs::write(made.path().join("migrations/0001_t.sql"), slow).unwrap();
    fs::write(made.path().join("migrations/0001_t.down.sql"), "DROP TABLE t;\n").unwrap();
    let seen = at_a_terminal(made.path(), "check");
    assert!(seen.contains("\r\u{1b}[Ktrying the migrations, for "), "{seen:?}");
    assert!(seen.ends_with("\r\u{1b}[K1 migration: they work\r\n"), "{seen:?}");
    assert!(!at_a_terminal(made.path(), "check --json").contains('\u{1b}'));
    assert_eq!(run(made.path(), "check").done(), "1 migration: they work\n");
}

#[cfg(target_os = "linux")]
fn at_a_terminal(directory: &Path, call: &str) -> String {
    let line = format!("{} {call}", support::author().display());
    let mut script = Command::new("script");
    script
        .args(["--quiet", "--command", &line, "/dev/null"])
        .current_dir(directory)
        .env("NO_COLOR", "1")
        .env("TERM", "xterm");
    let output = script.stdin(std::process::Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
