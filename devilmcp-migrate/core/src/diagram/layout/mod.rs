//! Where everything stands.
//!
//! Tables that foreign keys join are put into layers, a parent to the left of its children; within a layer they are ordered
//! so that few lines cross, and moved so that most are straight. Lines run in the channels between the layers and in lanes
//! through them, so none runs through a table. Lines to the same column share a trunk. All of it is integers, and the same on
//! every machine.

mod channel;
mod component;
mod lanes;
mod order;
mod pack;
mod place;
mod rank;
#[cfg(test)]
mod tests;

use component::Component;

pub use pack::Section;

/// How large a card is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// From left to right.
    pub width: i32,
    /// From top to bottom.
    pub height: i32,
}

/// A foreign key, as a line from a row of one card to a row of another one, or of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The card that refers.
    pub child: usize,
    /// How far below the top of that card its middle is.
    pub child_y: i32,
    /// The card that is referred to.
    pub parent: usize,
    /// How far below the top of that card its middle is.
    pub parent_y: i32,
}

/// A point; `y` grows downwards.
pub type Point = (i32, i32);

/// Where a card stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// As wide as its neighbours above and below, which may be wider than it needs.
    pub width: i32,
    /// As high as it needs.
    pub height: i32,
}

/// Where everything stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// Of each card.
    pub places: Vec<Place>,
    /// Of each line, its corners: from the edge of the child to the edge of the parent.
    pub routes: Vec<Vec<Point>>,
    /// The parts that have a title.
    pub sections: Vec<Section>,
    /// Of all of it.
    pub size: Size,
}

/// Room between two cards that stand one above the other.
const GAP: i32 = 28;
/// Room between a card and the first line beside it.
const MARGIN: i32 = 34;
/// Room between two lines that run beside each other.
const STEP: i32 = 10;
/// Room between parts that no line joins.
const APART: i32 = 48;

/// Lays out `sizes.len()` cards that `lines` join. `titles` are of the cards that stand apart, which no line joins: each is the
/// number of cards from which on it is theirs.
pub fn lay_out(sizes: &[Size], lines: &[Line], titles: &[(usize, &'static str)]) -> Layout {
    let mut layout = Layout {
        places: vec![Place::default(); sizes.len()],
        routes: vec![Vec::new(); lines.len()],
        ..Layout::default()
    };
    let groups = groups(sizes.len(), lines);
    let joined = |group: &&Vec<usize>| lines.iter().any(|line| group.contains(&line.child));
    let parts: Vec<Component> = groups.iter().filter(joined).map(|group| Component::of(group, sizes, lines)).collect();
    let alone: Vec<usize> = groups.iter().filter(|group| !joined(group)).flatten().copied().collect();
    pack::pack(&mut layout, sizes, parts, &alone, titles);
    layout
}

/// The cards that lines join, each group in order, by its first.
fn groups(count: usize, lines: &[Line]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..count).collect();
    let root = |group: &[usize], mut at: usize| {
        while group[at] != at {
            at = group[at];
        }
        at
    };
    for line in lines {
        let (one, other) = (root(&group, line.child), root(&group, line.parent));
        group[one.max(other)] = one.min(other);
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); count];
    for at in 0..count {
        groups[root(&group, at)].push(at);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// A count as a length.
pub(super) fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
