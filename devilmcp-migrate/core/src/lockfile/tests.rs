//! Lock files, and directories that are not what was locked.

use super::*;
use crate::lint::Levels;
use crate::name::Name;
use crate::sequence::Sequence;
use crate::source::Entry;

fn entries(files: &[(&str, &str)]) -> Vec<Entry> {
    let entry = |(name, text): &(&str, &str)| {
        let file = SourceFile::new(&format!("migrations/{name}"), (*text).to_owned());
        Entry { name: Name::parse(name).unwrap(), file }
    };
    files.iter().map(entry).collect()
}

fn sequence(files: &[(&str, &str)], lock: &Lock) -> (Option<Sequence>, Vec<String>) {
    let mut problems = Problems::new();
    let sequence = Sequence::locked(entries(files), lock, "migrations", Levels::default(), &mut problems);
    let found = problems.finish();
    (sequence, found.into_iter().map(|problem| format!("{} {}", problem.rule.code, problem.title)).collect())
}

fn read(text: &str) -> (Lock, Vec<Problem>) {
    let mut problems = Problems::new();
    let lock = Lock::read(&SourceFile::new("migrations.lock", text.to_owned()), &mut problems);
    (lock, problems.finish())
}

/// The same beside these files.
fn read_beside(text: &str, files: &[(&str, &str)]) -> (Lock, Vec<Problem>) {
    let mut problems = Problems::new();
    let file = SourceFile::new("migrations.lock", text.to_owned());
    let lock = Lock::read_beside(&file, &entries(files), &mut problems);
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
        for (_, problems) in [read(&wrong), read_beside(&wrong, &FILES)] {
            let codes: Vec<&str> = problems.iter().map(|problem| problem.rule.code).collect();
            assert_eq!(codes, [code], "{wrong}");
        }
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
        let (beside, problems) = read_beside(&text(), &files);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(sequence(&files, &beside).1, expected, "{names:?}");
    }
}

#[test]
fn a_lock_is_taken_at_its_word_only_about_the_files_it_was_written_for() {
    let [a, down, b, c] = FILES;
    let d = ("0004_d.sql", "-- migrate: irreversible\nCREATE TABLE d (b);");
    let given = ("0002_b.given.sql", "SELECT 1;");
    let text = text();
    for (files, text, is_intact) in [
        (vec![a, down, b, c], text.clone(), true),
        (vec![down, a, b, c, d, given], text.clone(), true),
        (vec![a, down, ("0002_b.sql", "CREATE TABLE b (b); --"), c], text.clone(), false),
        (vec![a, ("0001_a.down.sql", "DROP TABLE  a;"), b, c], text.clone(), false),
        (vec![a, b, c], text.clone(), false),
        (vec![a, down, b, c, ("0003_c.down.sql", "")], text.clone(), false),
        (vec![a, down, ("0002_d.sql", b.1), c], text.clone(), false),
        (vec![a, down, b, c], text.replace("0002 b ", "0002\tb  "), true),
        (vec![a, down, b, c], text.replace("# files 0003 ", "# files 0003 0"), false),
        (vec![a, down, b, c], text.replace("# files 0003", "# files 0002"), false),
        (
            vec![a, down, b, c],
            text.lines().filter(|line| !line.contains("files")).collect::<Vec<_>>().join("\n"),
            false,
        ),
    ] {
        let (lock, _) = read_beside(&text, &files);
        assert_eq!(lock.is_intact, is_intact, "{files:?} {text}");
        let (_, problems) = read(&text);
        assert!(problems.is_empty(), "whoever does not know the last line reads the others");
        let [taken, worked_out] = [lock, read(&text).0].map(|lock| sequence(&files, &lock));
        assert_eq!(taken.1, worked_out.1);
        let digests = |sequence: Option<Sequence>| -> Vec<_> {
            sequence.iter().flat_map(Sequence::scripts).map(|script| (script.digest, script.history)).collect()
        };
        assert_eq!(digests(taken.0), digests(worked_out.0));
    }
}

/// Nothing is hidden for good by whoever changes a migration and works out the last line anew: `check --full` and `lock` do not
/// take its word.
#[test]
fn a_last_line_that_was_forged_is_not_believed_where_everything_is_proved() {
    let changed = [FILES[0], FILES[1], ("0002_b.sql", "CREATE TABLE b (c);"), FILES[3]];
    let text = text();
    let (lines, _) = text.split_once("# files").unwrap();
    let changed_scripts = sequence(&changed, &Lock::default()).0.unwrap();
    let forged = lines.to_owned() + &files::seal(&read(lines).0, changed_scripts.scripts());
    assert!(sequence(&changed, &read_beside(&forged, &changed).0).1.is_empty());
    assert_eq!(sequence(&changed, &read(&forged).0).1, ["M023 `0002_b` is locked, and has changed"]);
}

#[test]
fn a_misspelt_word_is_told_the_right_one() {
    let line = text().replace("0003 c", "squahsed 0003 c");
    for (written, label) in [
        (line.as_str(), "did you mean `squashed`?"),
        ("squahsed 0003 c 00\n", "did you mean `squashed`?"),
        ("0003 c 00\n", "3 words, where a line has 5"),
    ] {
        let (lock, problems) = read(written);
        assert!(lock.covers_all);
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        let shown = crate::render::plain(problem);
        assert!(shown.contains(label), "{shown}");
    }
}
