//! Commands that change a directory of migrations, killed in the middle: it is as before, or as after, or the next call ends it.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::squashing::Crate;
use crate::support;

/// How often each is killed.
fn rounds() -> u32 {
    std::env::var("DEVILMCP_MIGRATE_KILL_ROUNDS").map_or(12, |rounds| rounds.parse().unwrap())
}

/// Many files, so that there is a middle to be killed in.
fn released(count: usize) -> Crate {
    let files: Vec<(String, String)> = (1..=count).flat_map(table).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let made = Crate::with(&files);
    assert_eq!(made.run("lock").code, 0);
    made
}

fn table(number: usize) -> [(String, String); 2] {
    let up = format!("CREATE TABLE t{number} (a);\n");
    [(format!("{number:04}_t.sql"), up), (format!("{number:04}_t.down.sql"), format!("DROP TABLE t{number};\n"))]
}

/// The files without those that nobody takes for a migration.
fn files(made: &Crate) -> Vec<(String, String)> {
    made.all().into_iter().filter(|(name, _)| !name.starts_with('.')).collect()
}

/// Starts the command, and kills it a while after it has changed the first file.
fn kill(made: &Crate, call: &str, after: Duration) {
    let names =
        || -> BTreeSet<_> { fs::read_dir(made.directory()).unwrap().map(|entry| entry.unwrap().file_name()).collect() };
    let first = names();
    let mut child = Command::new(support::author())
        .args(call.split(' '))
        .current_dir(made.directory().parent().unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() && names() == first {}
    let started = Instant::now();
    while started.elapsed() < after {
        thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Kills it again and again, each time a little later, and ends what it has begun. Returns how often it was in the middle.
fn killed(made: impl Fn() -> Crate, call: &str, wanted: &[(String, String)]) -> u32 {
    let mut midway = 0;
    for round in 0..rounds() {
        let made = made();
        let before = files(&made);
        kill(&made, call, Duration::from_micros(u64::from(round) * 100));
        let found = files(&made);
        if found != before && found != wanted {
            midway += 1;
            let refused = made.run("check");
            assert!(refused.code == 1 && refused.stderr.contains("= help: "), "{}", refused.stderr);
        }
        if found != wanted {
            assert_eq!(made.run(call).code, 0, "{:#?}", files(&made));
        }
        assert!(files(&made) == wanted, "{:#?}", files(&made));
        assert_eq!(made.run("check").code, 0);
    }
    midway
}

#[test]
fn a_squash_that_was_killed_is_ended_by_the_next() {
    let old = released(60);
    let whole = Crate::copy_of(&old.directory());
    whole.run("squash --through 60").done();
    let midway = killed(|| Crate::copy_of(&old.directory()), "squash --through 60", &files(&whole));
    assert!(midway > 0, "none was killed in the middle");
}

#[test]
fn a_renumbering_that_was_killed_is_ended_by_the_next() {
    let old = released(2);
    for (name, text) in (2..=60).flat_map(table) {
        fs::write(old.directory().join(name.replace("_t.", "_u.")), text.replace(" t", " u")).unwrap();
    }
    let whole = Crate::copy_of(&old.directory());
    whole.run("renumber").done();
    let midway = killed(|| Crate::copy_of(&old.directory()), "renumber", &files(&whole));
    assert!(midway > 0, "none was killed in the middle");
}

#[test]
fn a_migration_of_which_only_the_way_back_was_written_is_named() {
    let made = released(2);
    fs::write(made.directory().join("schema.sql"), "CREATE TABLE t1 (a);\nCREATE TABLE t2 (a, b);\n").unwrap();
    // It is the first to be written.
    fs::write(made.directory().join("0003_change_t2.down.sql"), "ALTER TABLE t2 DROP COLUMN b;\n").unwrap();
    for call in ["check", "diff", "diff --json"] {
        let refused = made.run(call);
        let said = refused.stdout + &refused.stderr;
        assert!(refused.code == 1 && said.contains("write 0003_change_t2.sql, or delete its down"), "{said}");
    }
    fs::remove_file(made.directory().join("0003_change_t2.down.sql")).unwrap();
    made.run("diff").done();
}

/// Where a squash was killed is told by what is there: each moment once.
#[test]
fn each_moment_of_a_squash_is_ended() {
    let old = released(3);
    let whole = Crate::copy_of(&old.directory());
    whole.run("squash --through 3").done();
    let (before, wanted) = (files(&old), files(&whole));
    let [baseline, lock] = [&wanted[0], &wanted[1]];
    let gone: Vec<&String> = before.iter().map(|(name, _)| name).filter(|name| **name != lock.0).collect();
    for moment in 0..=gone.len() {
        let made = Crate::copy_of(&old.directory());
        fs::write(made.directory().join(&baseline.0), &baseline.1).unwrap();
        if moment > 0 {
            fs::write(made.directory().join(&lock.0), &lock.1).unwrap();
        }
        for name in gone.iter().take(moment.saturating_sub(1)) {
            fs::remove_file(made.directory().join(name)).unwrap();
        }
        let refused = made.run("check").refused();
        assert!(refused.contains("`devilmcp-migrate squash --through 0003` ends it"), "{moment}: {refused}");
        assert_eq!(refused.matches("error").count(), 1, "{moment}: {refused}");
        made.run("squash --through 3").done();
        assert!(files(&made) == wanted, "{moment}");
    }
    // What was changed since is nobody's to delete.
    let made = Crate::copy_of(&whole.directory());
    fs::write(made.directory().join("0002_t.sql"), "CREATE TABLE mine (a);\n").unwrap();
    assert!(made.run("squash --through 3").refused().contains("[M030]"));
    assert!(made.directory().join("0002_t.sql").exists());
}
