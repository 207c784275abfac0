//! `migrations.lock`: which migrations have been released, and that they are still what they were.

mod compare;
mod fault;
mod files;
mod interrupted;
mod released;
#[cfg(test)]
mod tests;

use std::ops::Range;

use fault::Fault;

use crate::digest::Digest;
use crate::name::Number;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::script::Script;
use crate::source::{Entry, SourceFile};
use crate::standing::Standing;

pub use interrupted::Interrupted;
pub use released::Released;

/// What has been released.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    /// None of a lock that no file has.
    file: Option<SourceFile>,
    /// What was released and is not there any more: the first of the others stands for it.
    squashed: Vec<Released>,
    lines: Vec<Released>,
    /// Everything is taken for locked: it is said to be, or the file is there and cannot be understood.
    covers_all: bool,
    /// The files are what they were when it was written.
    is_intact: bool,
}

impl Lock {
    /// Reads the file. Of one that cannot be understood nothing is used, so that one mistake stays one.
    pub fn read(file: &SourceFile, problems: &mut Problems) -> Self {
        let lock = Self::parse(file, problems);
        lock.proved(file, problems)
    }

    /// The same beside the files that it is of. If they are what they were when it was written, it is taken at its word: all
    /// that could be worked out from them was, then.
    pub fn read_beside(file: &SourceFile, entries: &[Entry], problems: &mut Problems) -> Self {
        let lock = Self::parse(file, problems);
        if files::fit(&file.text, &lock, entries) {
            return Self { is_intact: true, ..lock };
        }
        lock.proved(file, problems)
    }

    fn parse(file: &SourceFile, problems: &mut Problems) -> Self {
        let mut lock = Self { file: Some(file.clone()), ..Self::default() };
        for (at, (range, text)) in lines(&file.text).enumerate() {
            if text.trim().is_empty() || text.starts_with('#') {
                continue;
            }
            let read = match text.strip_prefix(SQUASHED) {
                Some(rest) => lock.squash(rest, at + 1),
                None => Released::parse(text, at + 1).map(|line| lock.lines.push(line)),
            };
            match read {
                Ok(()) => {}
                Err(fault) => {
                    problems.push(fault.problem(file, range));
                    return lock.not_understood();
                }
            }
        }
        lock
    }

    /// Takes all lines so far for those of migrations that one file stands for, which this line is about.
    fn squash(&mut self, text: &str, place: usize) -> Result<(), Fault> {
        let history = self.lines.last().filter(|_| self.squashed.is_empty()).ok_or(Fault::Squash)?.history;
        let line = Released::parse_squash(text, history, place)?;
        if self.lines.last().is_none_or(|last| last.number != line.number) {
            return Err(Fault::Squash);
        }
        self.squashed = std::mem::replace(&mut self.lines, vec![line]);
        Ok(())
    }

    /// This if each line follows from those above it.
    fn proved(self, file: &SourceFile, problems: &mut Problems) -> Self {
        let mut history = Digest::EMPTY;
        let mut before = None;
        // The line of the file that stands for others has the history of the last of them.
        let own = &self.lines[usize::from(!self.squashed.is_empty()).min(self.lines.len())..];
        for line in self.squashed.iter().chain(own) {
            history = history.then(line.number, &line.slug, line.up);
            if before >= Some(line.number) || history != line.history {
                let start = lines(&file.text).nth(line.place - 1).map_or(0, |(range, _)| range.start);
                let label = "does not follow from the lines above";
                let range = start..start + line.label().len();
                problems.push(Problem::at_text(&rule::LOCK_BROKEN, file, range, label));
                return self.not_understood();
            }
            before = Some(line.number);
        }
        self
    }

    fn not_understood(self) -> Self {
        Self { covers_all: true, squashed: Vec::new(), lines: Vec::new(), ..self }
    }

    /// With every migration taken for one that has shipped, whether the file has it or not.
    #[must_use]
    pub fn covering_all(mut self) -> Self {
        self.covers_all = true;
        self
    }

    /// The file that has all of these.
    pub fn write(scripts: &[Script]) -> String {
        let lock = Self::of(scripts);
        let mut text = HEAD.to_owned();
        for line in &lock.squashed {
            text = text + &line.to_string() + "\n";
        }
        for (at, line) in lock.lines.iter().enumerate() {
            let is_squash = at == 0 && !lock.squashed.is_empty();
            let line = if is_squash { line.as_squash() } else { line.to_string() };
            text = text + &line + "\n";
        }
        text + &files::seal(&lock, scripts)
    }

    /// A lock that has all of these.
    pub(crate) fn of(scripts: &[Script]) -> Self {
        let lines = scripts.iter().enumerate().map(|(at, script)| Released::of(script, at + 1));
        let squashed = scripts.first().map_or_else(Vec::new, |first| first.stands_for.clone());
        Self { squashed, lines: lines.collect(), ..Self::default() }
    }

    /// How many migrations are locked up to and with this one, and one value for all of them, their ways back too; none if
    /// this one is not locked.
    pub(crate) fn seal(&self, last: Number) -> Option<(usize, Digest)> {
        let end = self.lines.binary_search_by_key(&last, |line| line.number).ok()?;
        let mut sealed = self.lines[end].history.0.to_vec();
        if !self.squashed.is_empty() {
            // In the histories there is only what it stands for.
            sealed.extend_from_slice(&self.lines[0].up.0);
        }
        for line in &self.lines[..=end] {
            sealed.push(u8::from(line.down.is_some()));
            sealed.extend_from_slice(&line.down.unwrap_or(Digest::EMPTY).0);
        }
        Some((end + 1, Digest::of_bytes(&sealed)))
    }

    /// Whether the file has a migration.
    pub fn has(&self, number: Number) -> bool {
        self.line(number).is_some()
    }

    /// What was released that this migration stands for; nothing, unless others were squashed into it.
    pub fn squashed_into(&self, number: Number) -> &[Released] {
        let is_it = self.lines.first().is_some_and(|first| first.number == number);
        if is_it { &self.squashed } else { &[] }
    }

    /// Whether nothing is known of what was released, though there is a file that says it.
    pub(crate) fn is_unknown(&self) -> bool {
        self.covers_all && self.lines.is_empty()
    }

    pub(crate) fn standing(&self, number: Number) -> Standing {
        if self.covers_all || self.has(number) { Standing::Locked } else { Standing::Draft }
    }

    /// The digest of a migration, and that of the history up to it, where nothing has changed since they were written down.
    pub(crate) fn digests(&self, number: Number) -> Option<(Digest, Digest)> {
        self.line(number).filter(|_| self.is_intact).map(|line| (line.up, line.history))
    }

    /// What the migration with this number was called when it was released.
    pub fn name(&self, number: Number) -> Option<&str> {
        self.line(number).map(|line| line.slug.as_str())
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = i64> + '_ {
        self.squashed.iter().chain(&self.lines).map(|line| line.number.get())
    }

    fn line(&self, number: Number) -> Option<&Released> {
        let at = self.lines.binary_search_by_key(&number, |line| line.number).ok()?;
        self.lines.get(at)
    }
}

/// Each line with its place, without its end.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        (range, line)
    })
}

/// How the line begins that is of a file which stands for all that the lines above are of.
const SQUASHED: &str = "squashed ";
const HEAD: &str = "# The migrations that have been released, written by `devilmcp-migrate lock`. After a merge conflict, keep the side \
     that was released; renumber the other side's migrations after it, and lock them again.\n";
