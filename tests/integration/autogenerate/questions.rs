//! What `diff` asks a person at a terminal, which `script` of util-linux makes; and what it makes of the answers.

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use super::verb::Crate;
use crate::support;

/// What a terminal was given, and how the call has ended; `typed` is what the person there types, a line each.
fn at_a_terminal(made: &Crate, call: &str, typed: &str) -> (i32, String) {
    // Whoever waits for an answer that does not come is not waited for.
    let mut script = Command::new("timeout");
    script.args(["60", "script"]);
    let line = format!("{} {call}", support::author().display());
    script.args(["--quiet", "--return", "--echo", "never", "--command", &line, "/dev/null"]).current_dir(made.path());
    script.env("NO_COLOR", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = script.spawn().unwrap();
    match child.stdin.take().unwrap().write_all(typed.as_bytes()) {
        // Where nobody is asked, it may have ended before anything is typed.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.unwrap(),
    }
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

const NOTES: &str = "id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT";

#[test]
fn what_was_renamed_is_for_a_person_to_say() {
    let made = Crate::new();
    made.declare(&format!("CREATE TABLE entries ({NOTES}, label TEXT);\n"));
    let (code, seen) = at_a_terminal(&made, "diff -m labels", "y\nYES\n");
    let questions = [
        "table entries is new, and notes is gone. Is it the same, renamed? [y/N] ",
        "entries.label is new, and entries.tag is gone. Is it the same, renamed? [y/N] ",
    ];
    assert!(code == 0 && questions.iter().all(|question| seen.contains(question)), "{seen}");
    let up = "ALTER TABLE notes RENAME TO entries;\n\nALTER TABLE entries RENAME COLUMN tag TO label;\n";
    assert_eq!(made.read("0002_labels.sql"), up);
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
}

#[test]
fn what_goes_and_what_is_missing_is_asked_for() {
    let made = Crate::new();
    made.declare("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, label TEXT, rank INTEGER NOT NULL);\n");
    let (code, seen) = at_a_terminal(&made, "diff", "n\n'?'\ncoalesce(length(body), 0)\nnobody used tags\n");
    for question in [
        "notes.label is new, and notes.tag is gone.",
        "notes.body becomes NOT NULL. Its value where it is NULL (an SQL expression) [none]: ",
        "notes.rank must have a value. That of rows that are there",
        "the migration loses the values of `notes.tag`. Why is that right? [it is not] ",
    ] {
        assert!(code == 0 && seen.contains(question), "{question}: {seen}");
    }
    let up = made.read("0002_change_notes.sql");
    assert!(up.starts_with("-- migrate: allow(data_loss) nobody used tags\n\n"), "{up}");
    assert!(up.contains("coalesce(body, '?') AS body, (coalesce(length(body), 0)) AS rank"), "{up}");
    assert_eq!(made.run(&["check"]).done(), "2 migrations: they work\n");
    // What was said beforehand is not asked for.
    made.declare(&format!("CREATE TABLE notes ({NOTES} NOT NULL, label TEXT);\n"));
    let (code, seen) = at_a_terminal(&made, "diff --reason 'nobody ranks'", "");
    assert!(code == 0 && !seen.contains('['), "{seen}");
}

#[test]
fn who_says_nothing_gets_what_a_script_would() {
    let made = Crate::new();
    made.declare(&format!("CREATE TABLE notes ({NOTES}, label TEXT);\n"));
    let refused = made.run(&["diff"]).refused();
    for typed in ["", "\n\n", "n\n", "\n \n", "perhaps\n"] {
        let (code, seen) = at_a_terminal(&made, "diff", typed);
        assert!(code == 1 && seen.replace("\r\n", "\n").ends_with(&refused), "{typed:?}: {seen}");
        assert_eq!(made.files().len(), 3);
    }
    // Where the answer is not for a person, nobody is asked.
    for call in ["diff --json", "diff --check", "diff --print | cat"] {
        let (_, seen) = at_a_terminal(&made, call, "y\n");
        assert!(!seen.contains("Is it the same"), "{call}: {seen}");
    }
    assert!(at_a_terminal(&made, "diff --print", "y\n").1.contains("RENAME COLUMN tag TO label"));
    assert_eq!(made.files().len(), 3);
}
