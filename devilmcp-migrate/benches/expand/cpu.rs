//! The processor time of this thread, which other programs on the machine do not lengthen.

use std::fs;
use std::time::{Duration, Instant};

/// How long `act` took: on Linux the time on a processor, elsewhere the time that passed.
pub(crate) fn time<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let (started, before) = (Instant::now(), on_processor());
    let outcome = act();
    let passed = started.elapsed();
    let taken = before.zip(on_processor()).map(|(before, after)| after.saturating_sub(before));
    (outcome, taken.unwrap_or(passed))
}

/// <https://docs.kernel.org/scheduler/sched-stats.html>: the first field is in nanoseconds.
fn on_processor() -> Option<Duration> {
    // The kernel brings the count up to date when it schedules.
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// The most memory that this process has had, in bytes, where the system says so.
pub(crate) fn peak() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
