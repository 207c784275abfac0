//! A problem and the text it is about -> a snippet with line, column and caret.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::problem::{Place, Problem};
use crate::source::SourceFile;

/// How many lines of a long statement are shown.
const MOST_LINES: usize = 6;

/// The problem as plain text: its title and code, where it is, what to do. The same on every machine and terminal.
pub fn plain(problem: &Problem) -> String {
    with(&Renderer::plain(), problem)
}

/// The same for a terminal, in colour.
pub fn coloured(problem: &Problem) -> String {
    with(&Renderer::styled(), problem)
}

fn with(renderer: &Renderer, problem: &Problem) -> String {
    let window;
    let group = Group::with_level(Level::ERROR);
    let mut group = match &problem.place {
        Place::Path(path) => group.element(Origin::path(path.as_str())),
        Place::Text { file, range, label } => {
            window = Window::around(file, range);
            let caret = AnnotationKind::Primary.span(window.range.clone()).label(label.as_str());
            let snippet = Snippet::source(window.text).line_start(window.line).path(&*file.path);
            group.element(snippet.annotation(caret))
        }
    };
    for note in &problem.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    group = group.element(Level::HELP.message(problem.help.as_deref().unwrap_or(problem.rule.help)));
    let body = renderer.render(&[group]);
    format!("{} [{}]\n{}", problem.title, problem.rule.code, body)
}

/// Line and column, both from 1, the column in characters, of a byte of `text`.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..boundary(text, at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The last place at or before `at` where a character of `text` begins, or its end.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The few lines of a file that a problem is about: rendering must not cost more for a larger file.
struct Window<'a> {
    text: &'a str,
    line: usize,
    range: Range<usize>,
}

impl<'a> Window<'a> {
    fn around(file: &'a SourceFile, range: &Range<usize>) -> Self {
        let text = &*file.text;
        let start = boundary(text, range.start);
        let mut end = boundary(text, range.end.max(start));
        if text[start..end].matches('\n').count() >= MOST_LINES {
            end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        }
        let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
        let line = text[..from].matches('\n').count() + 1;
        Self { text: &text[from..to], line, range: start - from..end - from }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn the_caret_stands_under_the_bytes() {
        let file = SourceFile::new("migrations/0001_a.sql", "-- é\nCREATE TABEL a(b);\n".to_owned());
        let at = file.text.find("TABEL").unwrap();
        let shown = plain(&Problem::at_text(&rule::FAILS, &file, at..at + 5, "near \"TABEL\": syntax error"));
        assert!(shown.contains("migrations/0001_a.sql:2:8"), "{shown}");
        assert!(shown.contains("       ^^^^^ near \"TABEL\": syntax error"), "{shown}");
    }

    #[test]
    fn no_range_is_too_odd_to_show() {
        let file = SourceFile::new("a.sql", "é\r\n".repeat(20));
        for start in 0..file.text.len() + 2 {
            for end in [start, start + 1, start + 40, usize::MAX] {
                plain(&Problem::at_text(&rule::FAILS, &file, start..end, "here"));
            }
        }
    }
}
