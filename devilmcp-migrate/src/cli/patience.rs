//! What a person at a terminal sees of something that takes long and tells nothing.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::output::Output;

/// Does something; once it has taken a second, a line that passes says for how long.
pub(super) fn while_shown<T>(output: Output, what: &str, act: impl FnOnce() -> T) -> T {
    let Some(terminal) = output.terminal() else { return act() };
    let (end, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            let mut pause = Duration::from_secs(1);
            // The other end is dropped when it is done, however it is done.
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                terminal.passing(&format!("{what}, for {} s", begun.elapsed().as_secs()));
                pause = Duration::from_millis(500);
            }
            if begun.elapsed() >= Duration::from_secs(1) {
                terminal.clear();
            }
        });
        let end = end;
        let outcome = act();
        drop(end);
        outcome
    })
}
