//! Files that hold both ways, between marks: goose's and dbmate's.

use std::ops::Range;

use crate::problem::Problem;
use crate::rule;
use crate::source::SourceFile;
use crate::statement::statements;
use crate::tool::Tool;

/// Both ways of one file; each stands on the lines on which it stands there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sections {
    pub(super) up: String,
    pub(super) down: Option<String>,
    /// It is to be run outside of a transaction.
    pub(super) alone: bool,
}

/// A line that is a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark<'a> {
    Up { alone: bool },
    Down,
    StatementBegin,
    StatementEnd,
    NoTransaction,
    Unknown(&'a str),
}

/// Cuts a file at its marks.
pub(super) fn cut(tool: Tool, file: &SourceFile) -> Result<Sections, Box<Problem>> {
    let text = &*file.text;
    let wrong = |at: Range<usize>, label: &str| Err(Box::new(Problem::at_text(&rule::MARKS, file, at, label)));
    let mut found = Marks::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (begin, at) = (start, start..start + line.trim_end().len());
        start += line.len();
        let Some(mark) = read(tool, line.trim_end()) else { continue };
        match mark {
            Mark::Up { alone } if found.up.is_none() => {
                if let Some(statement) = statements(&text[..begin]).first() {
                    return wrong(statement.clone(), "stands before the first mark");
                }
                found.up = Some(start..text.len());
                found.alone |= alone;
            }
            Mark::Up { .. } => return wrong(at, "a second way up: let it be a migration of its own"),
            Mark::Down if found.down.is_some() => return wrong(at, "a second way back: one file has one"),
            Mark::Down => {
                let Some(up) = &mut found.up else { return wrong(at, "comes before the way up") };
                up.end = begin;
                found.down = Some(start..text.len());
            }
            Mark::NoTransaction => found.alone = true,
            Mark::StatementBegin if found.open.is_none() && found.up.is_some() => found.open = Some(at),
            Mark::StatementEnd if found.open.is_some() => found.open = None,
            Mark::StatementBegin => return wrong(at, "begins where no statement can"),
            Mark::StatementEnd => return wrong(at, "ends what has not begun"),
            Mark::Unknown(word) => return wrong(at, &format!("`{word}` is not known here")),
        }
    }
    if let Some(open) = found.open {
        return wrong(open, "begins here, and does not end");
    }
    let missing = |mark: &str| Problem::at_path(&rule::MARKS, &*file.path).titled(format!("the file has no `{mark}`"));
    match (found.up, found.down) {
        (None, _) => Err(Box::new(missing(if tool == Tool::Goose { "-- +goose Up" } else { "-- migrate:up" }))),
        (Some(_), None) if tool == Tool::Dbmate => {
            let help =
                "write it, with nothing after it if there is no way back: dbmate does not take the file otherwise";
            Err(Box::new(missing("-- migrate:down").helped(help)))
        }
        (Some(up), down) => {
            let (up, down) = (in_place(text, up), down.map(|down| in_place(text, down)));
            Ok(Sections { up, down, alone: found.alone })
        }
    }
}

/// What the marks of a file have said so far.
#[derive(Default)]
struct Marks {
    up: Option<Range<usize>>,
    down: Option<Range<usize>>,
    alone: bool,
    /// A statement that has begun.
    open: Option<Range<usize>>,
}

/// A part of a text, on the lines on which it stands. What comes before it on its lines is nothing: marks are whole lines.
fn in_place(text: &str, part: Range<usize>) -> String {
    let lines = text[..part.start].matches('\n').count();
    "\n".repeat(lines) + &text[part]
}

fn read(tool: Tool, line: &str) -> Option<Mark<'_>> {
    let comment = line.strip_prefix("--")?.trim_start();
    if tool == Tool::Goose {
        return Some(match comment.strip_prefix("+goose")?.trim() {
            "Up" => Mark::Up { alone: false },
            "Down" => Mark::Down,
            "StatementBegin" => Mark::StatementBegin,
            "StatementEnd" => Mark::StatementEnd,
            "NO TRANSACTION" => Mark::NoTransaction,
            // What `ENVSUB` puts in is known where the tool runs, and nowhere else.
            word => Mark::Unknown(word),
        });
    }
    let word = comment.strip_prefix("migrate:")?;
    let (word, options) = word.split_once(char::is_whitespace).unwrap_or((word, ""));
    match word {
        "up" => Some(Mark::Up { alone: options.split_whitespace().any(|option| option == "transaction:false") }),
        "down" => Some(Mark::Down),
        // A directive of this tool's.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_text(tool: Tool, text: &str) -> Result<Sections, String> {
        let problem = |problem: Box<Problem>| match problem.place {
            crate::problem::Place::Text(label) => label.text,
            crate::problem::Place::Path(_) => problem.title,
        };
        cut(tool, &SourceFile::new("1_a.sql", text.to_owned())).map_err(problem)
    }

    #[test]
    fn both_ways_stand_where_they_stood() {
        let text = "-- why\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\nSELECT 2;\n";
        let Sections { up, down, alone } = cut_text(Tool::Goose, text).unwrap();
        assert_eq!(up, "\n\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n");
        assert_eq!(down.as_deref(), Some("\n\n\n\n\n\nSELECT 2;\n"));
        assert!(!alone);
        let text = "-- migrate:up transaction:false\n-- migrate: irreversible\nVACUUM;\n--migrate:down";
        let Sections { up, down, alone } = cut_text(Tool::Dbmate, text).unwrap();
        assert_eq!(
            (up.as_str(), down.as_deref(), alone),
            ("\n-- migrate: irreversible\nVACUUM;\n", Some("\n\n\n"), true)
        );
        assert!(cut_text(Tool::Goose, "-- +goose Up\nSELECT 1;").unwrap().down.is_none());
        assert!(cut_text(Tool::Goose, "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;").unwrap().alone);
    }

    #[test]
    fn marks_that_make_no_sections_are_told() {
        for (tool, text, told) in [
            (Tool::Goose, "SELECT 1;", "the file has no `-- +goose Up`"),
            (Tool::Goose, "-- +goose Down", "comes before the way up"),
            (Tool::Goose, "-- +goose Up\n-- +goose Up", "a second way up: let it be a migration of its own"),
            (Tool::Goose, "-- +goose Up\n-- +goose Down\n-- +goose Down", "a second way back: one file has one"),
            (Tool::Goose, "SELECT 1;\n-- +goose Up", "stands before the first mark"),
            (Tool::Goose, "-- +goose Up\n-- +goose ENVSUB ON", "`ENVSUB ON` is not known here"),
            (Tool::Goose, "-- +goose Up\n-- +goose StatementBegin", "begins here, and does not end"),
            (Tool::Goose, "-- +goose Up\n-- +goose StatementEnd", "ends what has not begun"),
            (Tool::Goose, "-- +goose StatementBegin", "begins where no statement can"),
            (Tool::Dbmate, "-- migrate:up\nSELECT 1;", "the file has no `-- migrate:down`"),
            (Tool::Dbmate, "", "the file has no `-- migrate:up`"),
        ] {
            assert_eq!(cut_text(tool, text), Err(told.to_owned()), "{text}");
        }
    }
}
