//! How far down each item stands, so that lines are short and mostly straight.

use super::GAP;
use super::lanes::{Lanes, Segment};
use super::order::{Order, tops};

/// How often all layers are gone through.
const SWEEPS: usize = 16;

/// The top of each item.
pub(super) fn place(lanes: &Lanes, order: &Order) -> Vec<i32> {
    let mut tops = tops(lanes, order);
    for layer in order {
        let height = layer.last().map_or(0, |&last| tops[last] + lanes.items[last].height + GAP);
        // Around one line at first.
        for &at in layer {
            tops[at] -= height / 2;
        }
    }
    for sweep in 0..SWEEPS {
        for step in 0..order.len() {
            let layer = if sweep % 2 == 0 { step } else { order.len() - 1 - step };
            settle(lanes, &order[layer], &mut tops);
        }
    }
    let highest = tops.iter().copied().min().unwrap_or(0);
    for top in &mut tops {
        *top -= highest;
    }
    tops
}

/// Items that have come to stand close, one below the other.
struct Block {
    /// Where its first item should be, by each line of each of its items.
    wishes: Vec<i32>,
    items: Vec<usize>,
    height: i32,
}

impl Block {
    /// The place at which its lines are shortest in sum: the median.
    fn top(&self) -> i32 {
        self.wishes.get((self.wishes.len() - 1) / 2).copied().unwrap_or(0)
    }

    /// Puts another one below.
    fn join(&mut self, below: Self) {
        self.wishes.extend(below.wishes.iter().map(|wish| wish - self.height));
        self.wishes.sort_unstable();
        self.items.extend(below.items);
        self.height += below.height;
    }
}

/// Makes the lines at a layer as short as they can be while its neighbours stay, and no items overlap: each item goes where it
/// wants to, and those that are in each other's way go on together.
fn settle(lanes: &Lanes, layer: &[usize], tops: &mut [i32]) {
    let mut blocks: Vec<Block> = Vec::new();
    for &at in layer {
        let wishes = wishes(lanes, at, tops);
        let mut block = Block { wishes, items: vec![at], height: lanes.items[at].height + GAP };
        while let Some(above) = blocks.pop() {
            if above.top() + above.height <= block.top() {
                blocks.push(above);
                break;
            }
            let mut joined = above;
            joined.join(block);
            block = joined;
        }
        blocks.push(block);
    }
    for block in blocks {
        let mut y = block.top();
        for at in block.items {
            tops[at] = y;
            y += lanes.items[at].height + GAP;
        }
    }
}

/// Where the top of an item would have to be for each of its lines to be straight. A line that only runs through wants it most.
fn wishes(lanes: &Lanes, at: usize, tops: &[i32]) -> Vec<i32> {
    let mut wishes = Vec::new();
    for &Segment { from, from_y, to, to_y, net: _ } in &lanes.segments {
        let (wish, other) = match at {
            at if at == from => (tops[to] + to_y - from_y, to),
            at if at == to => (tops[from] + from_y - to_y, from),
            _ => continue,
        };
        let weight = if lanes.items[other].is_lane && lanes.items[at].is_lane { 4 } else { 1 };
        wishes.extend(std::iter::repeat_n(wish, weight));
    }
    if wishes.is_empty() {
        wishes.push(tops[at]);
    }
    wishes.sort_unstable();
    wishes
}
