//! Cards in layers, with a lane wherever a line runs through a layer.

use std::collections::BTreeMap;

use super::{Line, STEP, Size};

/// What stands in a layer: a card, or the lane of a line.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) height: i32,
    pub(super) layer: usize,
    pub(super) is_lane: bool,
}

/// A piece of a line, from the right of an item to the left of one in the next layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) from: usize,
    /// Below the top of the item.
    pub(super) from_y: i32,
    pub(super) to: usize,
    pub(super) to_y: i32,
    /// What shares a trunk with it.
    pub(super) net: usize,
}

/// All of a component. The first items are its cards.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes {
    pub(super) items: Vec<Item>,
    pub(super) segments: Vec<Segment>,
    /// Of each line, its segments from left to right.
    pub(super) chains: Vec<Vec<usize>>,
}

const LANE: i32 = 2 * STEP;

impl Lanes {
    /// `layers` is that of each card. No line leads from a card to itself.
    pub(super) fn of(sizes: &[Size], lines: &[Line], layers: &[usize]) -> Self {
        let card = |(size, layer): (&Size, &usize)| Item { height: size.height, layer: *layer, is_lane: false };
        let mut made = Self { items: sizes.iter().zip(layers).map(card).collect(), ..Self::default() };
        let ports = Ports::of(lines, layers);
        let mut nets: BTreeMap<Net, usize> = BTreeMap::new();
        let mut trunks: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate() {
            let ends = Ends::of(at, line, layers);
            let count = nets.len();
            let net = *nets.entry(ends.net).or_insert(count);
            let mut chain = Vec::new();
            let (mut from, mut from_y) = (ends.left, ports.right(&ends));
            for layer in layers[ends.left] + 1..layers[ends.right] {
                let lane = *trunks.entry((net, layer)).or_insert_with(|| {
                    made.items.push(Item { height: LANE, layer, is_lane: true });
                    made.items.len() - 1
                });
                chain.push(made.segment(Segment { from, from_y, to: lane, to_y: LANE / 2, net }));
                (from, from_y) = (lane, LANE / 2);
            }
            let to_y = ports.left(at, &ends);
            chain.push(made.segment(Segment { from, from_y, to: ends.right, to_y, net }));
            made.chains.push(chain);
        }
        made
    }

    /// The segment, which may be there already.
    fn segment(&mut self, segment: Segment) -> usize {
        let known = self.segments.iter().position(|known| *known == segment);
        known.unwrap_or_else(|| {
            self.segments.push(segment);
            self.segments.len() - 1
        })
    }

    pub(super) fn depth(&self) -> usize {
        self.items.iter().map(|item| item.layer + 1).max().unwrap_or(0)
    }
}

/// What shares a trunk: lines to one row of a card, or, where the card that refers is on the left, one line alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Net {
    To(usize, i32),
    Alone(usize),
}

/// A line as it lies.
struct Ends {
    left: usize,
    left_y: i32,
    right: usize,
    right_y: i32,
    net: Net,
}

impl Ends {
    fn of(at: usize, line: &Line, layers: &[usize]) -> Self {
        let &Line { child, child_y, parent, parent_y } = line;
        if layers[parent] < layers[child] {
            let net = Net::To(parent, parent_y);
            Self { left: parent, left_y: parent_y, right: child, right_y: child_y, net }
        } else {
            Self { left: child, left_y: child_y, right: parent, right_y: parent_y, net: Net::Alone(at) }
        }
    }
}

/// Where lines end at a row of a card, if several do on one side.
struct Ports {
    right: BTreeMap<(usize, i32), Vec<Net>>,
    left: BTreeMap<(usize, i32), Vec<usize>>,
}

impl Ports {
    fn of(lines: &[Line], layers: &[usize]) -> Self {
        let mut ports = Self { right: BTreeMap::new(), left: BTreeMap::new() };
        for (at, line) in lines.iter().enumerate() {
            let ends = Ends::of(at, line, layers);
            let nets = ports.right.entry((ends.left, ends.left_y)).or_default();
            if !nets.contains(&ends.net) {
                nets.push(ends.net);
            }
            ports.left.entry((ends.right, ends.right_y)).or_default().push(at);
        }
        ports
    }

    fn right(&self, ends: &Ends) -> i32 {
        let nets = self.right.get(&(ends.left, ends.left_y)).map_or(&[][..], Vec::as_slice);
        ends.left_y + spread(nets.iter().position(|net| *net == ends.net), nets.len())
    }

    fn left(&self, at: usize, ends: &Ends) -> i32 {
        let lines = self.left.get(&(ends.right, ends.right_y)).map_or(&[][..], Vec::as_slice);
        ends.right_y + spread(lines.iter().position(|line| *line == at), lines.len())
    }
}

/// How far from the middle of a row one of several ends is, within the row.
fn spread(at: Option<usize>, count: usize) -> i32 {
    const ROOM: i32 = 16;
    let [at, last] = [at.unwrap_or(0), count.saturating_sub(1)].map(super::length);
    if last == 0 { 0 } else { (2 * at - last) * (ROOM / last).min(STEP) / 2 }
}
