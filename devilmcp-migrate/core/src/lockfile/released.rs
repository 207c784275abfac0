//! A line of the lock file: one migration as it was released.

use std::fmt;

use super::SQUASHED;
use super::fault::Fault;
use crate::digest::Digest;
use crate::name::Number;
use crate::script::Script;

/// One migration as it was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Its number.
    pub number: Number,
    /// Its name.
    pub slug: String,
    /// The digest of its script.
    pub up: Digest,
    /// The digest of its way back, if it has one.
    pub down: Option<Digest>,
    /// The digest of all migrations up to and with this one.
    pub history: Digest,
    /// Where it stands in the file, from 1.
    pub(super) place: usize,
}

impl Released {
    pub(crate) fn of(script: &Script, place: usize) -> Self {
        let Script { number, slug, digest: up, history, .. } = script;
        let down = script.down.as_ref().map(|down| Digest::of_script(&down.text));
        Self { number: *number, slug: slug.clone(), up: *up, down, history: *history, place }
    }

    pub(super) fn parse(text: &str, place: usize) -> Result<Self, Fault> {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark)) {
            return Err(Fault::Conflict);
        }
        // As it was written, or else as somebody may have laid it out.
        let mut fields: Vec<&str> = text.split(' ').collect();
        if fields.len() != 5 || fields.contains(&"") {
            fields = text.split_ascii_whitespace().collect();
        }
        let [number, slug, up, down, history] = *fields.as_slice() else { return Err(Fault::Fields(fields.len())) };
        Ok(Self {
            number: read_number(number)?,
            slug: slug.to_owned(),
            up: Digest::parse(up).ok_or(Fault::Digest)?,
            down: if down == "-" { None } else { Some(Digest::parse(down).ok_or(Fault::Digest)?) },
            history: Digest::parse(history).ok_or(Fault::Digest)?,
            place,
        })
    }

    /// Reads what stands behind `squashed`, of a file that stands for migrations up to this history.
    pub(super) fn parse_squash(text: &str, history: Digest, place: usize) -> Result<Self, Fault> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [number, slug, up] = *fields.as_slice() else { return Err(Fault::Squash) };
        let up = Digest::parse(up).ok_or(Fault::Digest)?;
        Ok(Self { number: read_number(number)?, slug: slug.to_owned(), up, down: None, history, place })
    }

    /// The line of a file that stands for others.
    pub(super) fn as_squash(&self) -> String {
        format!("{SQUASHED}{} {} {}", self.number, self.slug, self.up)
    }

    /// `0007_add_tags`, as messages name it.
    pub fn label(&self) -> String {
        format!("{}_{}", self.number, self.slug)
    }
}

fn read_number(text: &str) -> Result<Number, Fault> {
    let number = text.parse().ok().and_then(Number::new).filter(|read| read.to_string() == text);
    number.ok_or(Fault::Number)
}

impl fmt::Display for Released {
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
