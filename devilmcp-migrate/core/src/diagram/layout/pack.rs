//! What no line joins, side by side on one sheet.

use super::component::Component;
use super::{APART, GAP, Layout, Place, Point, STEP, Size};

/// A part of the picture that has a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// What it says.
    pub title: &'static str,
    /// Where it stands: the left end of its line.
    pub at: Point,
}

/// Roughly as wide as this many times its height.
const WIDER: u64 = 2;
/// As wide as a screen: nothing need be broken before.
const SCREEN: i32 = 1200;
/// Room for the line of a title.
const TITLE: i32 = 28;

/// Puts the components in rows, and what is alone in columns below.
pub(super) fn pack(
    layout: &mut Layout,
    sizes: &[Size],
    mut parts: Vec<Component>,
    alone: &[usize],
    titles: &[(usize, &'static str)],
) {
    let width = width(sizes, &parts, alone);
    parts.sort_by_key(|part| (-part.size.height, part.places.first().map(|(card, _)| *card)));
    let mut sky = Sky { width, steps: vec![(0, width, 0)] };
    let mut y = 0;
    for part in parts {
        let (x, top) = sky.take(part.size);
        for (card, place) in part.places {
            layout.places[card] = Place { x: place.x + x, y: place.y + top, ..place };
        }
        for (line, route) in part.routes {
            layout.routes[line] = route.into_iter().map(|(across, down)| (across + x, down + top)).collect();
        }
        layout.size.width = layout.size.width.max(x + part.size.width);
        y = y.max(top + part.size.height);
    }
    for (at, (first, title)) in titles.iter().enumerate() {
        let end = titles.get(at + 1).map_or(usize::MAX, |(next, _)| *next);
        let cards: Vec<usize> = alone.iter().copied().filter(|card| (*first..end).contains(card)).collect();
        if cards.is_empty() {
            continue;
        }
        if y > 0 {
            y += APART;
            layout.sections.push(Section { title, at: (0, y + TITLE / 2) });
            y += TITLE + STEP;
        }
        y = columns(layout, sizes, &cards, width, y);
    }
    layout.size.height = y;
}

/// How far down each part of the sheet is taken: from where on, how wide, and down to where. All of it is covered.
struct Sky {
    width: i32,
    steps: Vec<(i32, i32, i32)>,
}

impl Sky {
    /// The highest place with room for this, and of those the leftmost; it is taken, with some room around.
    fn take(&mut self, size: Size) -> Point {
        let (width, height) = (size.width, size.height);
        let starts = self.steps.iter().map(|(x, ..)| *x).filter(|x| *x == 0 || x + width <= self.width);
        let (y, x) = starts.map(|x| (self.below(x, width + APART), x)).min().unwrap_or((0, 0));
        self.cover(x, width + APART, y + height + APART);
        (x, y)
    }

    /// How far down it is taken there.
    fn below(&self, x: i32, width: i32) -> i32 {
        let steps = self.steps.iter().filter(|(start, wide, _)| *start < x + width && x < start + wide);
        steps.map(|(.., y)| *y).max().unwrap_or(0)
    }

    fn cover(&mut self, x: i32, width: i32, y: i32) {
        let mut steps = Vec::new();
        for &(start, wide, down) in &self.steps {
            let (end, covered) = (start + wide, x + width);
            steps.extend((start < x).then(|| (start, wide.min(x - start), down)));
            steps.extend((end > covered).then(|| (start.max(covered), end - start.max(covered), down)));
        }
        steps.push((x, width, y));
        steps.sort_unstable();
        self.steps = steps;
    }
}

/// Each card in the column that is the shortest so far; returns where the longest ends.
fn columns(layout: &mut Layout, sizes: &[Size], cards: &[usize], width: i32, top: i32) -> i32 {
    let widest = cards.iter().map(|card| sizes[*card].width).max().unwrap_or(1);
    let count = usize::try_from((width + GAP) / (widest + GAP)).unwrap_or(1).clamp(1, cards.len());
    let mut ends = vec![top; count];
    for &card in cards {
        let shortest = (0..count).min_by_key(|at| (ends[*at], *at)).unwrap_or(0);
        let x = super::length(shortest) * (widest + GAP);
        let height = sizes[card].height;
        layout.places[card] = Place { x, y: ends[shortest], width: widest, height };
        layout.size.width = layout.size.width.max(x + widest);
        ends[shortest] += height + GAP;
    }
    ends.into_iter().max().unwrap_or(top) - GAP
}

/// How wide the sheet may become.
fn width(sizes: &[Size], parts: &[Component], alone: &[usize]) -> i32 {
    let room = |side: i32| u64::try_from(side).unwrap_or(0);
    let area = |size: &Size| room(size.width + APART) * room(size.height + APART);
    let all = parts.iter().map(|part| area(&part.size)).sum::<u64>()
        + alone.iter().map(|card| area(&sizes[*card])).sum::<u64>();
    let widest = parts.iter().map(|part| part.size.width).max().unwrap_or(0);
    i32::try_from((all * WIDER).isqrt()).unwrap_or(i32::MAX).max(widest).max(SCREEN)
}
