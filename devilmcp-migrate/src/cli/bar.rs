//! How far a fleet has come, for a person at a terminal.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::output::Terminal;
use crate::fleet::Event;

/// One line that the next one takes the place of.
#[derive(Debug)]
pub(super) struct Bar {
    terminal: Terminal,
    all: usize,
    started: Instant,
    /// Whoever draws holds it, so that no two threads draw at once.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    done: usize,
    failed: usize,
    /// When it was drawn last: a person reads a few lines a second, and a terminal may be far away.
    drawn: Option<Instant>,
}

impl Bar {
    pub(super) fn new(terminal: Terminal, all: usize) -> Self {
        Self { terminal, all, started: Instant::now(), state: Mutex::default() }
    }

    /// Counts what has ended; what is to be said of it stays above the bar.
    pub(super) fn show(&self, event: &Event<'_>, complain: impl FnOnce()) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_failure = match event {
            Event::Begun { .. } => return,
            Event::Upgraded { .. } | Event::Unchanged { .. } => false,
            Event::Failed { .. } => true,
        };
        state.done += 1;
        if is_failure {
            state.failed += 1;
            self.terminal.clear();
            complain();
        }
        let is_due = state.drawn.is_none_or(|drawn| drawn.elapsed() >= PAUSE);
        if is_due || is_failure || state.done == self.all {
            state.drawn = Some(Instant::now());
            self.terminal.passing(&line(state.done, self.all, state.failed, self.started.elapsed()));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.terminal.clear();
    }
}

/// `[######--------] 30 of 70, 2 failed, 12 a second, 3 s left`
fn line(done: usize, all: usize, failed: usize, elapsed: Duration) -> String {
    let filled = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    let bar = format!("{}{}", "#".repeat(filled), "-".repeat(WIDTH - filled));
    let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
    let took = u32::try_from(done).ok().filter(|done| *done > 0).map(|done| elapsed / done).unwrap_or_default();
    let rate = Duration::from_secs(1).as_nanos().checked_div(took.as_nanos());
    let rate = rate.map_or_else(String::new, |rate| format!(", {rate} a second"));
    let left = took.saturating_mul(u32::try_from(all.saturating_sub(done)).unwrap_or(u32::MAX)).as_secs();
    let left = if left > 0 { format!(", {left} s left") } else { String::new() };
    format!("[{bar}] {done} of {all}{failed}{rate}{left}")
}

const WIDTH: usize = 16;
const PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is_how_fast_and_how_long_yet() {
        let second = Duration::from_secs(1);
        assert_eq!(line(0, 8, 0, second), "[----------------] 0 of 8");
        assert_eq!(line(2, 8, 1, second), "[####------------] 2 of 8, 1 failed, 2 a second, 3 s left");
        assert_eq!(line(8, 8, 0, 2 * second), "[################] 8 of 8, 4 a second");
        assert_eq!(line(0, 0, 0, Duration::ZERO), "[################] 0 of 0");
        let longest = line(123_456, 1_000_000, 12_345, 40 * second);
        assert!(longest.len() < 80 && longest.ends_with(", 3086 a second, 284 s left"), "{longest}");
    }
}
