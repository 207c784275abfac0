//! Memory and file descriptors do not grow with the fleet.

use std::env;
use std::fs;
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use devilmcp_migrate::fleet::{self, Event};

use super::{Tenants, counts};
use crate::programs::notes_v3;

#[cfg(target_os = "linux")]
#[test]
fn descriptors_go_by_the_jobs_and_memory_stays() {
    // In a process of its own: other tests open files, too.
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "fleet::bounded::one_fleet", "--nocapture"]).env(FLEET, "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What that process does: it is this program, told to run this test.
#[test]
fn one_fleet() {
    if env::var_os(FLEET).is_none() {
        return;
    }
    for jobs in [1, 4, 16] {
        let tenants = Tenants::new(1_000);
        let before = descriptors();
        let most = AtomicUsize::new(0);
        let (ended, memory) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let migrator = notes_v3::MIGRATIONS.migrator();
        let upgrade = fleet::upgrade(&migrator).jobs(NonZeroUsize::new(jobs).unwrap()).on_event(|event| {
            most.fetch_max(descriptors(), Ordering::Relaxed);
            if !matches!(event, Event::Begun { .. })
                && [200, 1_000].contains(&(ended.fetch_add(1, Ordering::Relaxed) + 1))
            {
                memory.lock().unwrap().push(peak());
            }
        });
        let report = upgrade.files((0..1_000).map(|number| tenants.file(number)));
        drop(upgrade);
        assert_eq!(report.all(), 1_000);
        assert_eq!(counts(&report)[2..], [0, 0]);
        // The database, its journal, and the folder while it is synced; and what asks is one itself.
        let most = most.into_inner();
        assert!(most <= before + 3 * jobs + 1, "{most} of {before} with {jobs} jobs");
        assert_eq!(descriptors(), before, "none is left open");
        let [early, late] = memory.into_inner().unwrap()[..] else { panic!("two were asked for") };
        assert!(late <= early + 1_024, "{early} KiB, {late} KiB with {jobs} jobs");
    }
}

fn descriptors() -> usize {
    // One of them is that by which they are counted.
    fs::read_dir("/proc/self/fd").unwrap().count() - 1
}

/// The most memory that the process has had, in KiB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

const FLEET: &str = "DEVILMCP_MIGRATE_TEST_FLEET";
