//! The room between two layers, in which lines run up and down.

use std::collections::BTreeMap;

use super::{MARGIN, STEP, length};

/// What shares a trunk in a channel: it comes from one place on the left, and leads to some on the right.
#[derive(Debug, Clone, Default)]
pub(super) struct Trunk {
    pub(super) from: i32,
    pub(super) to: Vec<i32>,
}

/// Lines closer than this look like one.
const NEAR: i32 = 4;

impl Trunk {
    fn span(&self) -> (i32, i32) {
        let ends = || self.to.iter().copied().chain([self.from]);
        (ends().min().unwrap_or(self.from), ends().max().unwrap_or(self.from))
    }

    fn is_straight(&self) -> bool {
        let (top, bottom) = self.span();
        top == bottom
    }

    /// What it costs if this one runs to the left of the other: crossings, and, much worse, pieces that lie on each other.
    fn cost(&self, other: &Self) -> i32 {
        let within = |y: i32, (top, bottom): (i32, i32)| top < y && y < bottom;
        let crossed =
            self.to.iter().filter(|y| within(**y, other.span())).count() + usize::from(within(other.from, self.span()));
        let hidden = self.to.iter().filter(|y| (**y - other.from).abs() < NEAR).count();
        length(crossed) + 100 * length(hidden)
    }

    /// Whether the two cannot run on one line.
    fn meets(&self, other: &Self) -> bool {
        let ((top, bottom), (other_top, other_bottom)) = (self.span(), other.span());
        top - STEP < other_bottom && other_top - STEP < bottom
            || self.to.iter().any(|y| (*y - other.from).abs() < NEAR)
            || other.to.iter().any(|y| (*y - self.from).abs() < NEAR)
    }
}

/// How wide a channel has to be, and how far from its left edge each trunk runs; loops take room there first.
pub(super) fn tracks(trunks: &BTreeMap<usize, Trunk>, loops: usize) -> (i32, BTreeMap<usize, i32>) {
    let start = MARGIN + STEP * length(loops);
    let mut order: Vec<(usize, &Trunk)> =
        trunks.iter().filter(|(_, trunk)| !trunk.is_straight()).map(|(net, trunk)| (*net, trunk)).collect();
    // What leads upwards from further up is out of the way on the left, and so is what leads downwards from further down.
    order.sort_by_key(|(net, trunk)| {
        let (top, bottom) = trunk.span();
        let is_up = trunk.from - top > bottom - trunk.from;
        (is_up, if is_up { trunk.from } else { -trunk.from }, *net)
    });
    loop {
        let mut is_better = false;
        for at in 1..order.len() {
            let (one, other) = (order[at - 1].1, order[at].1);
            if other.cost(one) < one.cost(other) {
                order.swap(at - 1, at);
                is_better = true;
            }
        }
        // Each exchange makes the sum smaller, so there is an end.
        if !is_better {
            break;
        }
    }
    let mut places: Vec<usize> = Vec::new();
    for (at, (_, trunk)) in order.iter().enumerate() {
        let left = (0..at).filter(|before| trunk.meets(order[*before].1)).map(|before| places[before] + 1).max();
        places.push(left.unwrap_or(0));
    }
    let count = places.iter().copied().max().map_or(0, |last| last + 1);
    let width = start + STEP * length(count.saturating_sub(1)) + MARGIN;
    let tracks = order.iter().zip(places).map(|((net, _), place)| (*net, start + STEP * length(place))).collect();
    (width, tracks)
}
