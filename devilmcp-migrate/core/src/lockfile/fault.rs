//! Why a line of the lock file cannot be understood.

use std::ops::Range;

use super::SQUASHED;
use crate::nearest::nearest;
use crate::problem::Problem;
use crate::rule;
use crate::source::SourceFile;

/// What is wrong with a line.
pub(super) enum Fault {
    Conflict,
    Fields(usize),
    Number,
    Digest,
    /// It is said to be of a file that stands for others, and is not written so, or not behind the last of them.
    Squash,
}

impl Fault {
    pub(super) fn problem(&self, file: &SourceFile, range: Range<usize>) -> Problem {
        let label = match self {
            Self::Conflict => {
                let problem = Problem::at_text(&rule::LOCK_UNREADABLE, file, range, "begins here");
                return problem.titled("the lock file has a merge conflict").helped(ON_CONFLICT);
            }
            Self::Fields(found) => {
                // Only this word begins a line.
                let first = file.text[range.clone()].split_ascii_whitespace().next().unwrap_or_default();
                match nearest(first, [SQUASHED.trim_end()]) {
                    Some(meant) => {
                        let range = range.start..range.start + first.len();
                        let label = format!("did you mean `{meant}`?");
                        let help =
                            format!("write `{meant}`, or restore the file: it is written by `devilmcp-migrate lock`");
                        return Problem::at_text(&rule::LOCK_UNREADABLE, file, range, label).helped(help);
                    }
                    None => format!("{found} words, where a line has 5"),
                }
            }
            Self::Number => "does not begin with a migration's number".to_owned(),
            Self::Digest => "a digest is not 64 hexadecimal digits".to_owned(),
            Self::Squash => "not `squashed NUMBER NAME DIGEST`, once, behind the migration of that number".to_owned(),
        };
        Problem::at_text(&rule::LOCK_UNREADABLE, file, range, label)
    }
}

const ON_CONFLICT: &str = "keep the side that was released; renumber the other side's migrations after it, and run \
     `devilmcp-migrate lock`";
