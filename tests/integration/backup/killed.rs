//! A restore whose process is killed.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::contents;
use crate::site::Site;

/// What is found afterwards is the old content or the new one, and the next restore succeeds.
#[test]
fn a_restore_that_is_killed_leaves_the_old_or_the_new() {
    for journal_mode in ["delete", "wal"] {
        let site = Site::new();
        site.db("upgrade 3").done();
        let setup = format!(
            "PRAGMA journal_mode = {journal_mode};
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO memories (category, content, created_at, updated_at)
                 SELECT 'fact', hex(randomblob(2000)), '2026-01-01', '2026-01-01' FROM n"
        );
        site.connect().execute_batch(&setup).unwrap();
        let before = contents(&site.connect());
        let report = site.db("upgrade --backup --json").json(0);
        let backup = PathBuf::from(report["backup"].as_str().unwrap());
        let started = Instant::now();
        restore(&site, &backup, None);
        let whole = started.elapsed();
        let mut seen = [0, 0];
        for round in 0..rounds() {
            site.db("upgrade").done();
            let after = contents(&site.connect());
            restore(&site, &backup, Some(whole * round / rounds()));
            let found = contents(&site.connect());
            assert!(found == before || found == after, "{journal_mode}, round {round}");
            seen[usize::from(found == before)] += 1;
            for entry in fs::read_dir(site.storage()).unwrap() {
                let path = entry.unwrap().path();
                if path != backup && path.to_str().unwrap().contains(".v0012.") {
                    fs::remove_file(path).unwrap();
                }
            }
        }
        assert!(seen[0] > 0, "{journal_mode}: never before the end, {seen:?}");
        restore(&site, &backup, None);
        assert!(contents(&site.connect()) == before);
    }
}

/// Puts the backup back, in a process that is killed after a while.
fn restore(site: &Site, backup: &PathBuf, killed: Option<Duration>) {
    let mut command = site.command("restore");
    let mut child = command.arg(backup).stdout(Stdio::null()).spawn().unwrap();
    if let Some(delay) = killed {
        thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
    } else {
        assert!(child.wait().unwrap().success());
    }
}

/// How many are killed in each journal mode.
fn rounds() -> u32 {
    std::env::var("DEVILMCP_MIGRATE_KILL_ROUNDS").map_or(8, |rounds| rounds.parse().unwrap())
}
