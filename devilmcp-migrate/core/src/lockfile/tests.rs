//! Lock files, and directories that are not what was locked.

use super::*;
use crate::name::Name;
use crate::sequence::Sequence;
use crate::source::Entry;

fn sequence(files: &[(&str, &str)], lock: &Lock) -> (Option<Sequence>, Vec<String>) {
    let mut problems = Problems::new();
    let entry = |(name, text): &(&str, &str)| {
        let file = SourceFile::new(name, (*text).to_owned());
        Entry { name: Name::parse(name).unwrap(), file }
    };
    let sequence = Sequence::locked(files.iter().map(entry).collect(), lock, "migrations", &mut problems);
    let found = problems.finish();
    (sequence, found.into_iter().map(|problem| format!("{} {}", problem.rule.code, problem.title)).collect())
}

fn read(text: &str) -> (Lock, Vec<Problem>) {
    let mut problems = Problems::new();
    let lock = Lock::read(&SourceFile::new("migrations.lock", text.to_owned()), &mut problems);
    (lock, problems.finish())
}

const FILES: [(&str, &str); 4] = [
    ("0001_a.sql", "CREATE TABLE a (b);"),
    ("0001_a.down.sql", "DROP TABLE a;"),
    ("0002_b.sql", "CREATE TABLE b (b);"),
    ("0003_c.sql", "-- migrate: irreversible\nCREATE TABLE c (b);"),
];

fn text() -> String {
    let (sequence, _) = sequence(&FILES, &Lock::default());
    Lock::write(sequence.unwrap().scripts())
}

#[test]
fn what_is_written_is_read() {
    let (lock, problems) = read(&text());
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(lock.lines.len(), 3);
    let (sequence, problems) = sequence(&FILES, &lock);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(Lock::write(sequence.unwrap().scripts()), text());
}

#[test]
fn what_was_written_by_hand_is_refused() {
    let text = text();
    let lines: Vec<&str> = text.lines().collect();
    for (wrong, code) in [
        (text.replace("0002 b", "2 b"), "M021"),
        (text.replace("0002 b", "0002"), "M021"),
        (text.replace(" - ", " + "), "M021"),
        (text.replace("0003 c", "<<<<<<< HEAD\n0003 c"), "M021"),
        (text.replace("0002 b", "0002 d"), "M022"),
        ([lines[1], lines[3]].join("\n"), "M022"),
        ([lines[1], lines[1]].join("\n"), "M022"),
    ] {
        let codes: Vec<&str> = read(&wrong).1.iter().map(|problem| problem.rule.code).collect();
        assert_eq!(codes, [code], "{wrong}");
    }
}

#[test]
fn every_change_to_what_is_locked_is_one_problem() {
    let (lock, _) = read(&text());
    let [a, down, b, c] = FILES;
    let d = ("0004_d.sql", "-- migrate: irreversible\nCREATE TABLE d (b);");
    let with = |name, text| (name, text);
    for (files, expected) in [
        (vec![a, down, b, c, d], vec![]),
        (vec![a, down, with(b.0, "CREATE TABLE b (c);"), c], vec!["M023 `0002_b` is locked, and has changed"]),
        (vec![a, with(down.0, "SELECT 1;"), b, c], vec!["M023 the way back of `0001_a` is locked, and has changed"]),
        (vec![a, b, c], vec!["M023 the way back of `0001_a` is locked, and is gone"]),
        (
            vec![a, down, b, with("0002_b.down.sql", "DROP TABLE b"), c],
            vec!["M023 `0002_b` was locked without a way back, and has one now"],
        ),
        (vec![a, down, with("0002_d.sql", b.1), c], vec!["M024 `0002_b` is locked, and is called `0002_d` now"]),
        (vec![a, down, b, with("0004_c.sql", c.1)], vec!["M024 `0003_c` is locked, and is called `0004_c` now"]),
        (vec![a, down, c], vec!["M025 `0002_b` is locked, and is not there"]),
        (vec![a, down, b], vec!["M025 `0003_c` is locked, and is not there"]),
        (
            vec![a, down, with("0002_d.sql", d.1), with("0003_b.sql", b.1), with("0004_c.sql", c.1)],
            vec!["M026 `0002_d` is new, and comes before `0003_c`, which is locked"],
        ),
        (vec![a, down, b, with("0002_a.sql", d.1), c], vec!["M006 `0002_b.sql` and `0002_a.sql` share number 0002"]),
    ] {
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!(sequence(&files, &lock).1, expected, "{names:?}");
    }
}
