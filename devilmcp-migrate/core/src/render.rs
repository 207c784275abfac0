//! A problem and the text it is about -> a snippet with line, column and caret.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::position::boundary;
use crate::problem::{Label, Place, Problem};
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
    let mut group = Group::with_level(Level::ERROR);
    let mut windows: Vec<Window<'_>> = Vec::new();
    match &problem.place {
        Place::Path(path) => group = group.element(Origin::path(path.as_str())),
        Place::Text(label) => windows.push(Window::around(label, AnnotationKind::Primary)),
    }
    for label in &problem.beside {
        match windows.iter_mut().find(|window| *window.file == label.file) {
            Some(window) => window.add(label, AnnotationKind::Context),
            None => windows.push(Window::around(label, AnnotationKind::Context)),
        }
    }
    group = group.elements(windows.iter().map(Window::snippet));
    for note in &problem.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    group = group.element(Level::HELP.message(problem.help.as_deref().unwrap_or(problem.rule.help)));
    let body = renderer.render(&[group]);
    format!("{} [{}]\n{}", problem.title, problem.rule.code, body)
}

/// The few lines of a file that a problem is about: rendering must not cost more for a larger file.
struct Window<'a> {
    file: &'a SourceFile,
    /// From the start of its first line to the end of its last one.
    shown: Range<usize>,
    labels: Vec<(Range<usize>, AnnotationKind, &'a str)>,
}

impl<'a> Window<'a> {
    fn around(label: &'a Label, kind: AnnotationKind) -> Self {
        let at = boundary(&label.file.text, label.range.start);
        let mut window = Self { file: &label.file, shown: at..at, labels: Vec::new() };
        window.add(label, kind);
        window
    }

    fn add(&mut self, label: &'a Label, kind: AnnotationKind) {
        let text = &*self.file.text;
        let start = boundary(text, label.range.start);
        let mut end = boundary(text, label.range.end.max(start));
        if text[start..end].matches('\n').count() >= MOST_LINES {
            end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        }
        let from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
        self.shown = self.shown.start.min(from)..self.shown.end.max(to);
        self.labels.push((start..end, kind, &label.text));
    }

    /// The lines, without those between that no label is about.
    fn snippet(&self) -> Snippet<'a, Annotation<'a>> {
        let (text, from) = (&*self.file.text, self.shown.start);
        let line = text[..from].matches('\n').count() + 1;
        let labels = self.labels.iter().map(|(range, kind, words)| {
            let annotation = kind.span(range.start - from..range.end - from);
            if words.is_empty() { annotation } else { annotation.label(*words) }
        });
        Snippet::source(&text[self.shown.clone()]).line_start(line).path(&*self.file.path).annotations(labels)
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
    fn other_places_are_shown_beside_it() {
        let index = SourceFile::new("0002_b.sql", "-- more\nCREATE UNIQUE INDEX i ON t(a);\n".to_owned());
        let table = SourceFile::new("0001_a.sql", format!("CREATE TABLE t (\n  a{}\n);\n", ",\n  b".repeat(50)));
        let problem = Problem::at_text(&rule::FAILS, &index, 8..38, "fails").with(&table, 13..14, "made here").with(
            &table,
            19..20,
            "over this",
        );
        let shown = plain(&problem);
        for expected in ["--> 0002_b.sql:2:1", "^ fails", "::: 0001_a.sql:1:14", "- made here", "- over this"] {
            assert!(shown.contains(expected), "{shown}");
        }
        assert!(shown.lines().count() < 15, "{shown}");
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
