//! A diagram as one picture that needs nothing else: no font, no script, no network; light or dark as whoever looks at it has chosen.

mod card;
mod edge;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::layout::{self, Layout, Line};
use super::model::{Diagram, Sort};
use super::text::{columns, xml};
use card::Card;

/// The text of the file. `title` says what it is of.
pub fn svg(diagram: &Diagram, title: &str) -> String {
    picture(diagram, &xml(title), Heading::Above)
}

/// Where it is said what a picture is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// In the picture.
    Above,
    /// On the page around it.
    Elsewhere,
}

/// The picture, where the title is XML.
pub(super) fn picture(diagram: &Diagram, title: &str, place: Heading) -> String {
    let cards: Vec<Card<'_>> = cards(diagram);
    let drawn = lay_out(diagram, &cards);
    let Layout { places, routes, sections, size } = &drawn;
    let count = count(diagram);
    let heading = [(title, 18), (&count, 12)].map(|(text, height)| wide(text, height));
    let legend = legend(diagram);
    let content = heading.into_iter().chain([size.width, legend.width]).max().unwrap_or(0);
    let top = if place == Heading::Above { EDGE + TOP } else { EDGE };
    let (width, height) = (content + 2 * EDGE, top + size.height + LEGEND + EDGE);
    let compared = if diagram.is_comparison { " cmp" } else { "" };
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"erd{compared}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<defs>{}</defs>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n",
        card::badges(),
    );
    if place == Heading::Above {
        let _ = writeln!(
            text,
            "<text class=\"ttl\" x=\"{EDGE}\" y=\"44\">{title}</text>\n<text class=\"sub\" x=\"{EDGE}\" y=\"66\">{count}</text>"
        );
    }
    let _ = writeln!(text, "<g transform=\"translate({EDGE} {top})\">");
    for section in sections {
        let (x, y) = section.at;
        let end = size.width;
        let start = x + wide(section.title, 11) + 12;
        let _ = writeln!(
            text,
            "<text class=\"sec\" x=\"{x}\" y=\"{}\">{}</text><path class=\"rule\" d=\"M{start} {y}H{end}\"/>",
            y + 4,
            section.title
        );
    }
    // One after the other, so that neighbours differ.
    let parents: BTreeSet<usize> = diagram.references.iter().map(|reference| reference.parent).collect();
    let colours: BTreeMap<usize, usize> =
        parents.into_iter().enumerate().map(|(at, parent)| (parent, at % COLOURS)).collect();
    for (reference, route) in diagram.references.iter().zip(routes) {
        let colour = colours.get(&reference.parent).copied().unwrap_or(0);
        edge::draw(&mut text, diagram, reference, colour, route);
    }
    for (card, place) in cards.iter().zip(places) {
        card.draw(&mut text, *place);
    }
    let _ =
        write!(text, "</g>\n<g transform=\"translate({EDGE} {})\">{}</g>\n</svg>\n", height - EDGE - 6, legend.text);
    text
}

/// Room around everything.
const EDGE: i32 = 32;
/// Room for the title.
const TOP: i32 = 56;
/// How many colours the style has for lines.
const COLOURS: usize = 8;
/// Room for the legend.
const LEGEND: i32 = 44;

/// Where everything stands, from the upper left corner of the first card on.
fn lay_out(diagram: &Diagram, cards: &[Card<'_>]) -> Layout {
    let sizes: Vec<layout::Size> = cards.iter().map(Card::size).collect();
    let lines: Vec<Line> = diagram
        .references
        .iter()
        .map(|reference| Line {
            child: reference.child,
            child_y: card::middle(reference.columns.first().copied()),
            parent: reference.parent,
            parent_y: card::middle(reference.parent_columns.first().copied()),
        })
        .collect();
    let titles = [(0, "WITHOUT FOREIGN KEYS"), (diagram.tables.len(), "VIEWS")];
    layout::lay_out(&sizes, &lines, &titles)
}

fn cards(diagram: &Diagram) -> Vec<Card<'_>> {
    let tables = diagram.tables.iter().enumerate().map(|(at, table)| Card::of_table(at, table, diagram.is_comparison));
    let views = diagram.views.iter().enumerate().map(|(at, view)| Card::of_view(at, view, diagram.is_comparison));
    tables.chain(views).collect()
}

/// `16 tables, 7 foreign keys, 1 view`
pub(super) fn count(diagram: &Diagram) -> String {
    let some = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let tables = diagram.tables.iter().filter(|table| table.sort != Sort::Missing).count();
    let mut words = vec![some(tables, "table", "tables")];
    words.push(some(diagram.references.len(), "foreign key", "foreign keys"));
    if !diagram.views.is_empty() {
        words.push(some(diagram.views.len(), "view", "views"));
    }
    words.join(" · ")
}

/// How wide a text is, roughly, in a font of this height.
fn wide(text: &str, height: i32) -> i32 {
    columns(text) * height * 5 / 8
}

/// What the signs mean.
struct Legend {
    text: String,
    width: i32,
}

fn legend(diagram: &Diagram) -> Legend {
    let mut legend = Legend { text: String::new(), width: 0 };
    for (badge, meaning) in [("pk", "primary key"), ("fk", "foreign key"), ("uq", "unique")] {
        legend.say(&format!("<use href=\"#{badge}\" y=\"-8\"/>"), 26, meaning);
    }
    legend.say("<use href=\"#nn\" x=\"4\" y=\"-4\"/>", 14, "not null");
    legend.say("<use href=\"#nu\" x=\"4\" y=\"-4\"/>", 14, "may be null");
    if !diagram.references.is_empty() {
        legend.say(&format!("<path class=\"line\" d=\"M0 -4H28{}\"/>", edge::MANY), 36, "many to one");
    }
    if diagram.is_comparison {
        for word in ["added", "removed", "changed"] {
            legend.say(&format!("<rect class=\"{word}\" y=\"-11\" width=\"14\" height=\"14\" rx=\"3\"/>"), 20, word);
        }
    }
    legend
}

impl Legend {
    fn say(&mut self, sign: &str, width: i32, meaning: &str) {
        let start = if self.width == 0 { 0 } else { self.width + 22 };
        let _ = write!(
            self.text,
            "<g transform=\"translate({start} 0)\">{sign}<text class=\"leg\" x=\"{width}\">{meaning}</text></g>"
        );
        self.width = start + width + wide(meaning, 11);
    }
}

const STYLE: &str = include_str!("style.css");
