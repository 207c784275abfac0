//! The machine stops: what was not synced is gone, or has arrived in part, in whatever order.

use devilmcp_migrate_vfs::{Call, Disk, Fault, Survivors, What};

use crate::law::Tally;
use crate::scenario::Scenario;
use crate::size::{points, times};

#[test]
fn whenever_the_power_goes_nothing_is_lost() {
    let mut tally = Tally::default();
    for scenario in Scenario::all() {
        for at in points(2, 13) {
            let disk = Disk::new(&scenario.start);
            let fault = Fault { calls: &Call::CHANGING, at, what: What::PowerLoss };
            let mut conn = disk.open().unwrap();
            disk.arm(fault);
            let outcome = scenario.unless_it_panics(&mut conn);
            let has_struck = disk.disarm();
            let ends = [Survivors::None, Survivors::All, Survivors::First(at)].into_iter();
            let seeds = (0..seeds()).map(|seed| Survivors::Some(at << 32 | seed));
            let mut seen = Vec::new();
            for survivors in ends.chain(seeds) {
                let image = disk.remains(survivors);
                if seen.contains(&image) {
                    continue;
                }
                // That it is done may be said before the folder knows that the journal is gone; then it is as it was before.
                let holds = scenario.holds(&image, None);
                tally.note(format_args!("{}, {survivors:?} after call {at}", scenario.name), holds);
                seen.push(image);
            }
            tally.note(format_args!("{}, the power gone at call {at}", scenario.name), outcome.map(drop));
            if !has_struck {
                break;
            }
        }
    }
    tally.end("remains after the power was gone");
}

/// How many of all the ways in which the remains may look are tried at each point.
fn seeds() -> u64 {
    times().map_or(16, |times| if times > 1 { 8 } else { 2 })
}
