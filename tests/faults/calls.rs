//! Every call of SQLite's into the file system fails, once or from then on.

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

/// Lets each of these calls fail, until there is no such call any more.
fn each(scenario: &Scenario, calls: &'static [Call], what: What, tally: &mut Tally) {
    for at in points(2, 31) {
        let disk = Disk::new(&scenario.start);
        let fault = Fault { calls, at, what };
        let (has_struck, outcome) = scenario.survives(&disk, || disk.arm(fault), || disk.disarm());
        tally.note(format_args!("{}, {what:?} at {calls:?} {at}", scenario.name), outcome);
        if !has_struck {
            break;
        }
    }
}
