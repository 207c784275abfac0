//! Cards that lines join, laid out by themselves.

use std::collections::BTreeMap;

use super::channel::{Trunk, tracks};
use super::lanes::Lanes;
use super::{Line, MARGIN, Place, Point, STEP, Size, length, order, place, rank};

/// Cards that lines join, from the upper left corner on.
#[derive(Debug)]
pub(super) struct Component {
    /// Each card, and where it stands.
    pub(super) places: Vec<(usize, Place)>,
    /// Each line, and its corners.
    pub(super) routes: Vec<(usize, Vec<Point>)>,
    pub(super) size: Size,
}

impl Component {
    /// Of the cards in `group`, which is sorted.
    pub(super) fn of(group: &[usize], all_sizes: &[Size], all_lines: &[Line]) -> Self {
        let sizes: Vec<Size> = group.iter().map(|at| all_sizes[*at]).collect();
        let local = |at: usize| group.binary_search(&at).ok();
        let (mut numbers, mut lines, mut loops) = (Vec::new(), Vec::new(), Vec::new());
        for (number, line) in all_lines.iter().enumerate() {
            let (Some(child), Some(parent)) = (local(line.child), local(line.parent)) else { continue };
            let line = Line { child, parent, ..*line };
            if child == parent {
                loops.push((number, line));
            } else {
                numbers.push(number);
                lines.push(line);
            }
        }
        let mut edges: Vec<(usize, usize)> = lines.iter().map(|line| (line.parent, line.child)).collect();
        let layers = rank::layers(&sizes, &mut edges);
        let ways = Lanes::of(&sizes, &lines, &layers);
        let order = order::order(&ways);
        let tops = place::place(&ways, &order);
        let columns = Columns::of(&sizes, &layers, &ways, &tops, &loops);
        let mut component =
            Self { places: Vec::new(), routes: Vec::new(), size: Size { width: columns.end, height: 0 } };
        for (at, (size, layer)) in sizes.iter().zip(&layers).enumerate() {
            let place =
                Place { x: columns.left[*layer], y: tops[at], width: columns.width[*layer], height: size.height };
            component.places.push((group[at], place));
        }
        for ((number, line), chain) in numbers.iter().zip(&lines).zip(&ways.chains) {
            let mut route: Vec<Point> = Vec::new();
            for &at in chain {
                route.extend(columns.corners(&ways, at, &tops));
            }
            if layers[line.parent] < layers[line.child] {
                route.reverse();
            }
            component.routes.push((*number, straight(route)));
        }
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, line) in loops {
            let count = seen.entry(line.child).or_default();
            let (edge, top) = (columns.right(layers[line.child]), tops[line.child]);
            let away = edge + MARGIN + STEP * length(*count) - STEP;
            let (from, to) = (top + line.child_y, top + line.parent_y);
            // A row that refers to itself is left and entered a little apart.
            let (from, to) = if from == to { (from - 5, to + 5) } else { (from, to) };
            component.routes.push((number, vec![(edge, from), (away, from), (away, to), (edge, to)]));
            *count += 1;
        }
        component.measure(&tops, &ways);
        component
    }

    fn measure(&mut self, tops: &[i32], lanes: &Lanes) {
        let bottoms = tops.iter().zip(&lanes.items).map(|(top, item)| top + item.height);
        self.size.height = bottoms.max().unwrap_or(0);
    }
}

/// Where each layer is, and the trunks to the right of it.
struct Columns {
    left: Vec<i32>,
    width: Vec<i32>,
    /// Of each layer, how far to the right each trunk runs.
    tracks: Vec<BTreeMap<usize, i32>>,
    end: i32,
}

impl Columns {
    fn of(sizes: &[Size], layers: &[usize], lanes: &Lanes, tops: &[i32], loops: &[(usize, Line)]) -> Self {
        let mut columns = Self { left: Vec::new(), width: Vec::new(), tracks: Vec::new(), end: 0 };
        for layer in 0..lanes.depth() {
            let cards = || (0..sizes.len()).filter(|at| layers[*at] == layer);
            let width = cards().map(|at| sizes[at].width).max().unwrap_or(0);
            let loops = cards().map(|at| loops.iter().filter(|(_, line)| line.child == at).count()).max().unwrap_or(0);
            let mut trunks: BTreeMap<usize, Trunk> = BTreeMap::new();
            for segment in lanes.segments.iter().filter(|segment| lanes.items[segment.from].layer == layer) {
                let trunk = trunks.entry(segment.net).or_default();
                trunk.from = tops[segment.from] + segment.from_y;
                trunk.to.push(tops[segment.to] + segment.to_y);
            }
            let (room, tracks) = tracks(&trunks, loops);
            let right = columns.end + width;
            columns.left.push(columns.end);
            columns.width.push(width);
            columns.tracks.push(tracks.into_iter().map(|(net, away)| (net, right + away)).collect());
            let is_last = layer + 1 == lanes.depth();
            columns.end = match loops {
                0 if is_last => right,
                _ if is_last => right + MARGIN + STEP * length(loops) - STEP,
                _ => right + room,
            };
        }
        columns
    }

    fn right(&self, layer: usize) -> i32 {
        self.left[layer] + self.width[layer]
    }

    /// From left to right.
    fn corners(&self, lanes: &Lanes, segment: usize, tops: &[i32]) -> Vec<Point> {
        let segment = lanes.segments[segment];
        let layer = lanes.items[segment.from].layer;
        let (start, end) = (self.right(layer), self.left[layer + 1]);
        let (from, to) = (tops[segment.from] + segment.from_y, tops[segment.to] + segment.to_y);
        match self.tracks[layer].get(&segment.net) {
            Some(track) => vec![(start, from), (*track, from), (*track, to), (end, to)],
            None => vec![(start, from), (end, to)],
        }
    }
}

/// Without corners that are none.
fn straight(route: Vec<Point>) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::new();
    for point in route {
        if corners.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = corners.as_slice()
            && (before.0 == last.0 && last.0 == point.0 || before.1 == last.1 && last.1 == point.1)
        {
            corners.pop();
        }
        corners.push(point);
    }
    corners
}
