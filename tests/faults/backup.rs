//! Every allocation of SQLite's fails while an upgrade keeps a backup.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use devilmcp_migrate::Backup;
use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_vfs::{Length, memory};
use tempfile::TempDir;

use crate::law::{Broken, Tally, shown};
use crate::programs::enforced;
use crate::scenario::{Kind, Scenario};
use crate::seen::Seen;
use crate::size::points;

#[test]
fn whenever_memory_runs_out_a_backup_is_whole_or_not_there() {
    let mut tally = Tally::default();
    // Text that is written anew wherever it is read takes the most memory.
    let scenario = Scenario::new(Kind::Wide, "delete", false);
    for length in [Length::Once, Length::Ever] {
        for at in points(3, 97) {
            let (has_struck, outcome) = upgrade(&scenario, at, length);
            tally.note(format_args!("{length:?} at allocation {at}"), outcome);
            if !has_struck {
                break;
            }
        }
    }
    tally.end("allocations that failed while a backup was kept");
}

fn upgrade(scenario: &Scenario, at: u64, length: Length) -> (bool, Result<(), Broken>) {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in &scenario.start {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut conn = Connection::open(folder.path().join("test.db")).unwrap();
    memory::arm(at, length);
    let run = || enforced::MIGRATIONS.migrator().backup(Backup::beside()).upgrade(&mut conn);
    let outcome = catch_unwind(AssertUnwindSafe(run));
    let has_struck = memory::disarm();
    let Ok(outcome) = outcome else { return (has_struck, Err("it panicked".to_owned())) };
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let (backups, files): (Vec<_>, Vec<_>) =
        files.partition(|path| path.extension().is_some_and(|end| end == "backup"));
    if outcome.as_ref().is_ok_and(|report| report.backup().is_none()) || backups.len() > 1 {
        return (has_struck, Err(format!("{backups:?} after {}", shown(&outcome))));
    }
    for backup in backups {
        let seen = Connection::open(backup).and_then(|copy| Seen::of(&copy));
        if !seen.is_ok_and(|seen| seen == scenario.stages[0]) {
            return (has_struck, Err(format!("the backup is not the database, after {}", shown(&outcome))));
        }
    }
    drop(conn);
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let image = files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect();
    (has_struck, scenario.holds(&image, Some(&outcome)))
}
