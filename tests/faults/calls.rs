//! Every call of SQLite's into the file system fails, once or from then on.

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_vfs::{Call, Disk, Fault, Length, What};

use crate::law::Tally;
use crate::scenario::Scenario;
use crate::size::points;

#[test]
fn whatever_call_fails_nothing_is_lost() {
    let mut tally = Tally::default();
    for scenario in Scenario::all() {
        for call in &Call::ALL {
            for length in [Length::Once, Length::Ever] {
                each(&scenario, std::slice::from_ref(call), What::Error(length), &mut tally);
            }
        }
    }
    tally.end("calls that failed");
}

#[test]
fn whenever_the_disk_is_full_nothing_is_lost() {
    let mut tally = Tally::default();
    for scenario in Scenario::all() {
        for length in [Length::Once, Length::Ever] {
            each(&scenario, &[Call::Write], What::Full(length), &mut tally);
        }
    }
    tally.end("writes for which there was no room");
}

#[test]
fn whenever_the_database_may_not_grow_nothing_is_lost() {
    let mut tally = Tally::default();
    for scenario in Scenario::all() {
        for pages in points(3, 2) {
            let disk = Disk::new(&scenario.start);
            // SQLite takes no less than there are.
            let limit = |conn: &Connection| {
                let there: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
                conn.execute_batch(&format!("PRAGMA max_page_count = {}", there + i64::try_from(pages).unwrap()))
                    .unwrap();
            };
            let (has_failed, outcome) = scenario.survives(&disk, limit, || false);
            tally.note(format_args!("{}, {pages} pages more", scenario.name), outcome);
            if !has_failed {
                break;
            }
        }
    }
    tally.end("databases that were not to grow");
}

/// Lets each of these calls fail, until there is no such call any more.
fn each(scenario: &Scenario, calls: &'static [Call], what: What, tally: &mut Tally) {
    for at in points(2, 31) {
        let disk = Disk::new(&scenario.start);
        let fault = Fault { calls, at, what };
        let (has_struck, outcome) = scenario.survives(&disk, |_| disk.arm(fault), || disk.disarm());
        tally.note(format_args!("{}, {what:?} at {calls:?} {at}", scenario.name), outcome);
        if !has_struck {
            break;
        }
    }
}
