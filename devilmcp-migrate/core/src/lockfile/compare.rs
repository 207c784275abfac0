//! A directory compared with what was released.

use std::ops::Range;

use super::{Lock, Released, SQUASHED};
use crate::digest::Digest;
use crate::problem::{Problem, Problems};
use crate::rule::{self, Rule};
use crate::script::Script;
use crate::source::SourceFile;

impl Lock {
    /// Reports every migration that is not any more what was released, and every new one among those that were.
    pub(crate) fn compare(&self, scripts: &[Script], problems: &mut Problems) {
        let Some(last) = self.lines.last().filter(|_| !self.is_intact) else { return };
        // A file that could not be read may be what is missing here.
        let is_complete = !problems.has(&[&rule::UNKNOWN_FILE, &rule::BAD_NAME, &rule::UNREADABLE]);
        let has = |number| Some(&scripts[scripts.binary_search_by_key(&number, |script| script.number).ok()?]);
        let is_released = |script: &Script| {
            let in_place = self.line(script.number).is_some_and(|line| line.is(script));
            in_place || self.lines.iter().any(|line| line.is(script))
        };
        // Where migrations were renumbered to make room for a new one, that has the number of a locked one.
        let moved = |line: &Released| scripts.iter().find(|script| line.is(script) && script.number != line.number);
        let is_intruder = |script: &&Script| {
            script.number <= last.number
                && !is_released(script)
                && self.line(script.number).is_none_or(|line| moved(line).is_some())
        };
        let is_squashed = |script: &&Script| {
            let first = self.lines.first().filter(|_| !self.squashed.is_empty());
            first.is_some_and(|first| script.number < first.number)
        };
        for script in scripts.iter().filter(is_squashed) {
            problems.push(self.present(&script.label(), &script.up.path, &self.lines[0]));
        }
        let is_intruder = |script: &&Script| is_intruder(script) && !is_squashed(script);
        let intruders: Vec<&Script> = scripts.iter().filter(is_intruder).collect();
        for script in &intruders {
            let title = format!("`{}` is new, and comes before `{}`, which is locked", script.label(), last.label());
            problems.push(self.problem(&rule::LOCKED_PRECEDED, &script.up.path, last).titled(title));
        }
        for line in &self.lines {
            match has(line.number) {
                Some(script) if script.slug == line.slug => self.compare_contents(line, script, problems),
                Some(script) if script.digest == line.up => problems.push(self.renamed(line, script)),
                _ => match moved(line) {
                    Some(_) if !intruders.is_empty() => {}
                    Some(script) => problems.push(self.renamed(line, script)),
                    None if is_complete => problems.push(self.missing(line)),
                    None => {}
                },
            }
        }
    }

    fn compare_contents(&self, line: &Released, script: &Script, problems: &mut Problems) {
        let label = line.label();
        if script.digest != line.up {
            let title = format!("`{label}` is locked, and has changed");
            problems.push(self.problem(&rule::LOCKED_CHANGED, &script.up.path, line).titled(title));
        }
        let down = script.down.as_ref();
        let digest = down.map(|down| Digest::of_script(&down.text));
        if digest == line.down {
            return;
        }
        let (title, help) = match (line.down, digest) {
            (Some(_), None) => (
                format!("the way back of `{label}` is locked, and is gone"),
                "put it back as it was released: databases may have to go that way",
            ),
            (None, Some(_)) => (
                format!("`{label}` was locked without a way back, and has one now"),
                "delete it: databases that have this migration were told that there is none",
            ),
            _ => (
                format!("the way back of `{label}` is locked, and has changed"),
                "put it back as it was released: databases that have this migration keep that way back",
            ),
        };
        let path = down.map_or(&script.up.path, |down| &down.path);
        problems.push(self.problem(&rule::LOCKED_CHANGED, path, line).titled(title).helped(help));
    }

    fn renamed(&self, line: &Released, script: &Script) -> Problem {
        let title = format!("`{}` is locked, and is called `{}` now", line.label(), script.label());
        let help = format!("rename it to {}.sql, and its down likewise: databases know it by that name", line.label());
        self.problem(&rule::LOCKED_RENAMED, &script.up.path, line).titled(title).helped(help)
    }

    fn missing(&self, line: &Released) -> Problem {
        let problem = match self.at(line) {
            Some((file, range)) => Problem::at_text(&rule::LOCKED_MISSING, file, range, "its files are not there"),
            None => Problem::at_path(&rule::LOCKED_MISSING, line.label()),
        };
        problem.titled(format!("`{}` is locked, and is not there", line.label()))
    }

    /// A migration is there that `first` stands for.
    pub(super) fn present(&self, label: &str, path: &str, first: &Released) -> Problem {
        let problem = self.problem(&rule::SQUASHED_PRESENT, path, first);
        problem.titled(format!("`{label}` is there, and `{}` stands for it", first.label()))
    }

    fn problem(&self, rule: &'static Rule, path: &str, line: &Released) -> Problem {
        let problem = Problem::at_path(rule, path);
        match self.at(line) {
            Some((file, range)) => problem.with(file, range, format!("`{}` is locked here", line.label())),
            None => problem,
        }
    }

    /// Where the file has a line: its number and its name.
    fn at(&self, line: &Released) -> Option<(&SourceFile, Range<usize>)> {
        let file = self.file.as_ref()?;
        let start: usize = file.text.split_inclusive('\n').take(line.place - 1).map(str::len).sum();
        let start = start + if file.text[start..].starts_with(SQUASHED) { SQUASHED.len() } else { 0 };
        Some((file, start..start + line.label().len()))
    }
}

impl Released {
    /// Whether this is the migration that was released, under whatever number.
    fn is(&self, script: &Script) -> bool {
        self.slug == script.slug && self.up == script.digest
    }
}
