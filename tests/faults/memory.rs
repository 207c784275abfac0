//! Every allocation of SQLite's fails, once or from then on.

use devilmcp_migrate_vfs::{Disk, Length, memory};

use crate::law::Tally;
use crate::scenario::Scenario;
use crate::size::points;

#[test]
fn whenever_memory_runs_out_nothing_is_lost() {
    let mut tally = Tally::default();
    for scenario in Scenario::all() {
        // A run over few migrations takes little, so more of it can be tried.
        let stride = if scenario.migrations() > 5 { 997 } else { 61 };
        for length in [Length::Once, Length::Ever] {
            for at in points(3, stride) {
                let disk = Disk::new(&scenario.start);
                let (has_struck, outcome) = scenario.survives(&disk, |_| memory::arm(at, length), memory::disarm);
                tally.note(format_args!("{}, {length:?} at allocation {at}", scenario.name), outcome);
                if !has_struck {
                    break;
                }
            }
        }
    }
    tally.end("allocations that failed");
}
