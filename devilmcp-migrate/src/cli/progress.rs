//! What a person at a terminal sees of a run while it goes on.

use super::output::Terminal;
use super::verb::was;
use crate::event::Event;
use crate::printable::printable;

/// Shows an event: what is done is a line, and what goes on is a line that the next one takes the place of.
pub(super) fn show(event: &Event<'_>, terminal: &Terminal) {
    match event {
        Event::MigrationFinished { done } => {
            let time = done.duration().as_secs_f64() * 1000.0;
            let line = format!("{} {:04}_{}: {time:.1} ms", was(done.action()), done.number(), done.name());
            terminal.line(&printable(&line));
        }
        Event::Backup { .. }
        | Event::MigrationStarted { .. }
        | Event::Hook { .. }
        | Event::Progress { .. }
        | Event::Waiting { .. } => terminal.passing(&printable(&event.to_string())),
        Event::Started { .. }
        | Event::Statement { .. }
        | Event::Committed { .. }
        | Event::Finished { .. }
        | Event::Failed { .. } => {}
    }
}
