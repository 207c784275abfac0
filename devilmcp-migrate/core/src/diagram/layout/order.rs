//! In which order the items of a layer stand, so that few lines cross.

use super::GAP;
use super::lanes::{Lanes, Segment};

/// The items of each layer, from top to bottom.
pub(super) type Order = Vec<Vec<usize>>;

/// How often all layers are gone through, from left to right and back.
const SWEEPS: usize = 24;

/// The best order that was found.
pub(super) fn order(lanes: &Lanes) -> Order {
    let mut order = begin(lanes);
    let mut best = order.clone();
    let mut fewest = crossings(lanes, &tops(lanes, &order));
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let depth = order.len();
        for step in 0..depth {
            let is_forward = sweep % 2 == 0;
            let layer = if is_forward { step } else { depth - 1 - step };
            sort(lanes, &mut order, layer, is_forward, sweep % 4 > 1);
        }
        swap_neighbours(lanes, &mut order);
        let now = crossings(lanes, &tops(lanes, &order));
        if now < fewest {
            (fewest, best) = (now, order.clone());
        }
    }
    best
}

/// Each card beside those that refer to it, as they are found.
fn begin(lanes: &Lanes) -> Order {
    let mut order = vec![Vec::new(); lanes.depth()];
    let mut is_seen = vec![false; lanes.items.len()];
    for start in 0..lanes.items.len() {
        let mut path = vec![start];
        while let Some(at) = path.pop() {
            if std::mem::replace(&mut is_seen[at], true) {
                continue;
            }
            order[lanes.items[at].layer].push(at);
            let ends = lanes.segments.iter().rev().filter_map(|segment| match segment {
                segment if segment.from == at => Some(segment.to),
                segment if segment.to == at => Some(segment.from),
                _ => None,
            });
            path.extend(ends);
        }
    }
    order
}

/// Where the top of each item is if they stand close.
pub(super) fn tops(lanes: &Lanes, order: &Order) -> Vec<i32> {
    let mut tops = vec![0; lanes.items.len()];
    for layer in order {
        let mut y = 0;
        for &at in layer {
            tops[at] = y;
            y += lanes.items[at].height + GAP;
        }
    }
    tops
}

/// Puts the items of a layer where their neighbours on one side are.
fn sort(lanes: &Lanes, order: &mut Order, layer: usize, is_forward: bool, later_first: bool) {
    let tops = tops(lanes, order);
    let wanted = |at: usize| {
        let mut wanted: Vec<i32> =
            lanes.segments.iter().filter_map(|segment| wish(segment, at, is_forward, &tops)).collect();
        wanted.sort_unstable();
        wanted.get(wanted.len() / 2).copied().unwrap_or(tops[at])
    };
    let mut keys: Vec<(i32, usize, usize)> =
        order[layer].iter().enumerate().map(|(index, &at)| (wanted(at), index, at)).collect();
    if later_first {
        for key in &mut keys {
            key.1 = usize::MAX - key.1;
        }
    }
    keys.sort_unstable();
    order[layer] = keys.into_iter().map(|(.., at)| at).collect();
}

/// Where the top of an item would have to be for this segment to be straight, if it leads to that side of it.
fn wish(segment: &Segment, at: usize, is_forward: bool, tops: &[i32]) -> Option<i32> {
    let &Segment { from, from_y, to, to_y, net: _ } = segment;
    if is_forward && to == at {
        Some(tops[from] + from_y - to_y)
    } else if !is_forward && from == at {
        Some(tops[to] + to_y - from_y)
    } else {
        None
    }
}

/// Exchanges neighbours where fewer lines cross then.
fn swap_neighbours(lanes: &Lanes, order: &mut Order) {
    for layer in 0..order.len() {
        for index in 1..order[layer].len() {
            let tops = tops(lanes, order);
            let before = around(lanes, &tops, layer);
            order[layer].swap(index - 1, index);
            if around(lanes, &self::tops(lanes, order), layer) >= before {
                order[layer].swap(index - 1, index);
            }
        }
    }
}

/// The lines that cross on both sides of a layer.
fn around(lanes: &Lanes, tops: &[i32], layer: usize) -> usize {
    let before = layer.checked_sub(1).map_or(0, |before| between(lanes, tops, before));
    before + between(lanes, tops, layer)
}

fn crossings(lanes: &Lanes, tops: &[i32]) -> usize {
    (0..lanes.depth()).map(|layer| between(lanes, tops, layer)).sum()
}

/// The lines that cross between a layer and the next.
fn between(lanes: &Lanes, tops: &[i32], layer: usize) -> usize {
    let mut ends: Vec<(i32, i32, usize)> = lanes
        .segments
        .iter()
        .filter(|segment| lanes.items[segment.from].layer == layer)
        .map(|segment| (tops[segment.from] + segment.from_y, tops[segment.to] + segment.to_y, segment.net))
        .collect();
    ends.sort_unstable();
    let mut count = 0;
    for (at, (left, right, net)) in ends.iter().enumerate() {
        count += ends[at + 1..].iter().filter(|(l, r, n)| n != net && l > left && r < right).count();
    }
    count
}
