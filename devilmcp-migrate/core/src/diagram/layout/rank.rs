//! Which layer each card stands in.

use super::{GAP, MARGIN, Size};

/// Roughly as wide as this many times its height.
const WIDER: u64 = 2;
/// What is no higher than this need not be made wider.
const LOW: i32 = 900;

/// Which layer each of the cards stands in, from left to right, given who refers to whom: `(parent, child)`. Edges along which no
/// order can be kept, because they lead round in a circle, are turned around first, in `edges` itself.
pub(super) fn layers(sizes: &[Size], edges: &mut [(usize, usize)]) -> Vec<usize> {
    unwind(sizes.len(), edges);
    let limit = limit(sizes);
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    for &mut (parent, child) in edges {
        parents[child].push(parent);
        children[parent].push(child);
    }
    let mut layer = vec![0; sizes.len()];
    let mut used: Vec<i32> = Vec::new();
    let mut waiting: Vec<usize> = parents.iter().map(Vec::len).collect();
    let mut is_placed = vec![false; sizes.len()];
    for _ in 0..sizes.len() {
        let earliest = |at: &usize| parents[*at].iter().map(|parent| layer[*parent] + 1).max().unwrap_or(0);
        let ready = (0..sizes.len()).filter(|at| !is_placed[*at] && waiting[*at] == 0);
        // Those that most depend on come first, so that they stand near.
        let Some(next) = ready.min_by_key(|at| (earliest(at), usize::MAX - children[*at].len(), *at)) else { break };
        let height = sizes[next].height + GAP;
        let mut at = earliest(&next);
        while used.get(at).is_some_and(|used| used + height > limit) {
            at += 1;
        }
        used.resize(used.len().max(at + 1), 0);
        used[at] += height;
        layer[next] = at;
        is_placed[next] = true;
        for child in &children[next] {
            waiting[*child] -= 1;
        }
    }
    pull(&parents, &children, &mut layer);
    layer
}

/// Cards that nothing holds on their left go as near to their children as they can.
fn pull(parents: &[Vec<usize>], children: &[Vec<usize>], layer: &mut [usize]) {
    for at in (0..layer.len()).filter(|at| parents[*at].is_empty()) {
        if let Some(nearest) = children[at].iter().map(|child| layer[*child]).min() {
            layer[at] = nearest.saturating_sub(1).max(layer[at]);
        }
    }
    let first = layer.iter().copied().min().unwrap_or(0);
    for layer in layer {
        *layer -= first;
    }
}

/// How high a layer may be.
fn limit(sizes: &[Size]) -> i32 {
    let area = |size: &Size| {
        let [width, height] = [size.width + 3 * MARGIN, size.height + GAP].map(|side| u64::try_from(side).unwrap_or(0));
        width * height
    };
    let height = (sizes.iter().map(area).sum::<u64>() / WIDER).isqrt();
    let tallest = sizes.iter().map(|size| size.height + GAP).max().unwrap_or(0);
    i32::try_from(height).unwrap_or(i32::MAX).max(tallest).max(LOW)
}

/// Turns edges around until none leads in a circle.
fn unwind(count: usize, edges: &mut [(usize, usize)]) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Unseen,
        Open,
        Done,
    }
    let mut marks = vec![Mark::Unseen; count];
    let mut turned = vec![false; edges.len()];
    // Those that refer to nothing are the best places to begin at.
    let is_child = |at: &usize, edges: &[(usize, usize)]| edges.iter().any(|(_, child)| child == at);
    let mut starts: Vec<usize> = (0..count).collect();
    starts.sort_by_key(|at| is_child(at, edges));
    for start in starts {
        let mut path = vec![(start, 0)];
        while let Some((at, from)) = path.pop() {
            marks[at] = if from == 0 && marks[at] != Mark::Unseen { continue } else { Mark::Open };
            let next = (from..edges.len()).find(|edge| edges[*edge].0 == at);
            let Some(edge) = next else {
                marks[at] = Mark::Done;
                continue;
            };
            path.push((at, edge + 1));
            match marks[edges[edge].1] {
                Mark::Unseen => path.push((edges[edge].1, 0)),
                Mark::Open => turned[edge] = true,
                Mark::Done => {}
            }
        }
    }
    for (edge, _) in edges.iter_mut().zip(turned).filter(|(_, turned)| *turned) {
        *edge = (edge.1, edge.0);
    }
}
