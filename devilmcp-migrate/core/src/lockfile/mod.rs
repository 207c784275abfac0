//! `migrations.lock`: which migrations have been released, and that they are still what they were.

mod compare;
mod files;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::digest::Digest;
use crate::name::Number;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::script::Script;
use crate::source::{Entry, SourceFile};
use crate::standing::Standing;

/// What has been released.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    /// None of a lock that no file has.
    file: Option<SourceFile>,
    lines: Vec<Line>,
    /// Everything is taken for locked: it is said to be, or the file is there and cannot be understood.
    covers_all: bool,
    /// The files are what they were when it was written.
    is_intact: bool,
}

/// One migration as it was released.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    number: Number,
    slug: String,
    up: Digest,
    down: Option<Digest>,
    history: Digest,
    /// Where it stands, from 1.
    place: usize,
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
        if files::fit(&file.text, &lock.lines, entries) {
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
            match Line::parse(text, at + 1) {
                Ok(line) => lock.lines.push(line),
                Err(fault) => {
                    problems.push(fault.problem(file, range));
                    return lock.not_understood();
                }
            }
        }
        lock
    }

    /// This if each line follows from those above it.
    fn proved(self, file: &SourceFile, problems: &mut Problems) -> Self {
        let mut history = Digest::EMPTY;
        let mut before = None;
        for line in &self.lines {
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
        Self { covers_all: true, lines: Vec::new(), ..self }
    }

    /// With every migration taken for one that has shipped, whether the file has it or not.
    #[must_use]
    pub fn covering_all(mut self) -> Self {
        self.covers_all = true;
        self
    }

    /// The file that has all of these.
    pub fn write(scripts: &[Script]) -> String {
        let lines = Self::of(scripts).lines;
        let text = lines.iter().fold(HEAD.to_owned(), |text, line| text + &line.to_string() + "\n");
        text + &files::seal(&lines, scripts)
    }

    /// A lock that has all of these.
    pub(crate) fn of(scripts: &[Script]) -> Self {
        let lines = scripts.iter().enumerate().map(|(at, script)| Line::of(script, at + 1));
        Self { lines: lines.collect(), ..Self::default() }
    }

    /// How many migrations are locked up to and with this one, and one value for all of them, their ways back too; none if
    /// this one is not locked.
    pub(crate) fn seal(&self, last: Number) -> Option<(usize, Digest)> {
        let end = self.lines.binary_search_by_key(&last, |line| line.number).ok()?;
        let mut sealed = self.lines[end].history.0.to_vec();
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

    pub(crate) fn standing(&self, number: Number) -> Standing {
        if self.covers_all || self.has(number) { Standing::Locked } else { Standing::Draft }
    }

    /// The digest of a migration, and that of the history up to it, where nothing has changed since they were written down.
    pub(crate) fn digests(&self, number: Number) -> Option<(Digest, Digest)> {
        self.line(number).filter(|_| self.is_intact).map(|line| (line.up, line.history))
    }

    /// What the migration with this number was called when it was released.
    pub(crate) fn name(&self, number: Number) -> Option<&str> {
        self.line(number).map(|line| line.slug.as_str())
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = i64> + '_ {
        self.lines.iter().map(|line| line.number.get())
    }

    fn line(&self, number: Number) -> Option<&Line> {
        let at = self.lines.binary_search_by_key(&number, |line| line.number).ok()?;
        self.lines.get(at)
    }
}

impl Line {
    fn of(script: &Script, place: usize) -> Self {
        let Script { number, slug, digest: up, history, .. } = script;
        let down = script.down.as_ref().map(|down| Digest::of_script(&down.text));
        Self { number: *number, slug: slug.clone(), up: *up, down, history: *history, place }
    }

    fn parse(text: &str, place: usize) -> Result<Self, Fault> {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark)) {
            return Err(Fault::Conflict);
        }
        // As it was written, or else as somebody may have laid it out.
        let mut fields: Vec<&str> = text.split(' ').collect();
        if fields.len() != 5 || fields.contains(&"") {
            fields = text.split_ascii_whitespace().collect();
        }
        let [number, slug, up, down, history] = *fields.as_slice() else { return Err(Fault::Fields(fields.len())) };
        let number = number.parse().ok().and_then(Number::new).filter(|read| read.to_string() == number);
        Ok(Self {
            number: number.ok_or(Fault::Number)?,
            slug: slug.to_owned(),
            up: Digest::parse(up).ok_or(Fault::Digest)?,
            down: if down == "-" { None } else { Some(Digest::parse(down).ok_or(Fault::Digest)?) },
            history: Digest::parse(history).ok_or(Fault::Digest)?,
            place,
        })
    }

    /// `0007_add_tags`, as messages name it.
    fn label(&self) -> String {
        format!("{}_{}", self.number, self.slug)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, slug, up, down, history, place: _ } = self;
        write!(f, "{number} {slug} {up} {} {history}", Down(*down))
    }
}

/// The digest of a way back, or a dash.
struct Down(Option<Digest>);

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(digest) => digest.fmt(f),
            None => f.write_str("-"),
        }
    }
}

/// Why a line cannot be understood.
enum Fault {
    Conflict,
    Fields(usize),
    Number,
    Digest,
}

impl Fault {
    fn problem(&self, file: &SourceFile, range: Range<usize>) -> Problem {
        let label = match self {
            Self::Conflict => {
                let problem = Problem::at_text(&rule::LOCK_UNREADABLE, file, range, "begins here");
                return problem.titled("the lock file has a merge conflict").helped(ON_CONFLICT);
            }
            Self::Fields(found) => format!("{found} words, where a line has 5"),
            Self::Number => "does not begin with a migration's number".to_owned(),
            Self::Digest => "a digest is not 64 hexadecimal digits".to_owned(),
        };
        Problem::at_text(&rule::LOCK_UNREADABLE, file, range, label)
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

const HEAD: &str = "# The migrations that have been released, written by `devilmcp-migrate lock`. After a merge conflict, keep the side \
     that was released; renumber the other side's migrations after it, and lock them again.\n";
const ON_CONFLICT: &str = "keep the side that was released; renumber the other side's migrations after it, and run \
     `devilmcp-migrate lock`";
