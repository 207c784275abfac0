//! What is in a picture, read back from its text.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

/// A card, by its corners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) right: i32,
    pub(crate) bottom: i32,
}

/// A line, from the child to the parent.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) ends: [String; 2],
    pub(crate) points: Vec<(i32, i32)>,
}

/// The cards and lines of a picture.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) cards: BTreeMap<String, Card>,
    pub(crate) lines: Vec<Line>,
    /// Every text that is shown.
    pub(crate) texts: Vec<String>,
    pub(crate) size: (i32, i32),
}

impl Picture {
    /// Panics where it is no well-formed XML, or not built as expected.
    pub(crate) fn of(svg: &str) -> Self {
        let document = Document::parse(svg).unwrap();
        let has = |node: &Node<'_, '_>, class: &str| {
            node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
        };
        let groups = || document.descendants().filter(|node| node.has_tag_name("g"));
        let cards = groups().filter(|node| has(node, "table")).map(|node| {
            let numbers = numbers(node.attribute("transform").unwrap());
            let frame = node.children().find(|child| has(child, "box")).unwrap();
            let [width, height] =
                ["width", "height"].map(|side| frame.attribute(side).unwrap().parse::<i32>().unwrap());
            let (left, top) = (numbers[0], numbers[1]);
            (node.attribute("id").unwrap().to_owned(), Card { left, top, right: left + width, bottom: top + height })
        });
        let lines = groups().filter(|node| has(node, "edge")).map(|node| {
            let ends: Vec<String> = node.attribute("data-ends").unwrap().split(' ').map(str::to_owned).collect();
            let path = node.children().find(|child| has(child, "line")).unwrap().attribute("d").unwrap();
            let points = numbers(path).chunks(2).map(|pair| (pair[0], pair[1])).collect();
            Line { ends: ends.try_into().unwrap(), points }
        });
        let root = document.root_element();
        let [width, height] = ["width", "height"].map(|side| root.attribute(side).unwrap().parse().unwrap());
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        let texts = texts.filter_map(|node| node.text().map(str::to_owned)).collect();
        Self { cards: cards.collect(), lines: lines.collect(), texts, size: (width, height) }
    }
}

impl Card {
    /// Whether the two have a place in common.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether a line may end there: at its left or its right edge.
    pub(crate) fn has_at_edge(self, (x, y): (i32, i32)) -> bool {
        (x == self.left || x == self.right) && self.top < y && y < self.bottom
    }

    /// Whether a piece of a line, which is upright or level but for rounded corners, is inside.
    pub(crate) fn is_crossed(self, (ax, ay): (i32, i32), (bx, by): (i32, i32)) -> bool {
        ax.min(bx) < self.right
            && self.left < ax.max(bx).max(ax.min(bx) + 1)
            && ay.min(by) < self.bottom
            && self.top < ay.max(by).max(ay.min(by) + 1)
    }
}

fn numbers(text: &str) -> Vec<i32> {
    let parts = text.split(|letter: char| !letter.is_ascii_digit() && letter != '-');
    parts.filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
}
