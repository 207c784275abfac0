//! A foreign key as a line, with the signs for how many at its ends.

use std::fmt::Write as _;

use crate::diagram::layout::Point;
use crate::diagram::model::{Diagram, Reference};
use crate::diagram::text::xml;

/// How round a corner is.
const ROUND: i32 = 7;

/// The foot of a crow at the right end of a line to (28, -4), for the legend.
pub(super) const MANY: &str = "M16 -4L28 -10M16 -4L28 2";

/// `colour` is that of the table referred to; what has changed has its own.
pub(super) fn draw(text: &mut String, diagram: &Diagram, reference: &Reference, colour: usize, route: &[Point]) {
    let [from, after, ..] = route else { return };
    let [.., before, to] = route else { return };
    let (child, parent) = (reference.child, reference.parent);
    let state = reference.change.word().unwrap_or("kept");
    let _ = writeln!(
        text,
        "<g class=\"edge {state} w{colour}\" data-ends=\"t{child} t{parent}\"><title>{}</title><path class=\"hit\" d=\"{path}\"/><path class=\"line\" d=\"{path}\"/>{}{}</g>",
        xml(&diagram.sentence(reference)),
        child_end(*from, side(*from, *after), reference.is_unique),
        parent_end(*to, side(*to, *before), reference.is_optional),
        path = path(route),
    );
}

/// On which side of the card at `end` the line is: to the left or to the right.
fn side(end: Point, next: Point) -> i32 {
    if next.0 < end.0 { -1 } else { 1 }
}

/// None or many; or none or one.
fn child_end((x, y): Point, side: i32, is_unique: bool) -> String {
    if is_unique {
        let (bar, ring) = (x + 8 * side, x + 15 * side);
        return format!(
            "<path class=\"line\" d=\"M{bar} {}v10\"/><circle class=\"ring\" cx=\"{ring}\" cy=\"{y}\" r=\"4\"/>",
            y - 5
        );
    }
    let (tip, ring) = (x + 11 * side, x + 15 * side);
    format!(
        "<path class=\"line\" d=\"M{x} {}L{tip} {y}L{x} {}\"/><circle class=\"ring\" cx=\"{ring}\" cy=\"{y}\" r=\"4\"/>",
        y - 5,
        y + 5
    )
}

/// None or one; or one.
fn parent_end((x, y): Point, side: i32, is_optional: bool) -> String {
    let (first, second, top) = (x + 7 * side, x + 12 * side, y - 5);
    if is_optional {
        let ring = x + 15 * side;
        return format!(
            "<path class=\"line\" d=\"M{first} {top}v10\"/><circle class=\"ring\" cx=\"{ring}\" cy=\"{y}\" r=\"4\"/>"
        );
    }
    format!("<path class=\"line\" d=\"M{first} {top}v10M{second} {top}v10\"/>")
}

/// A path through the corners, each a little rounded.
fn path(route: &[Point]) -> String {
    let mut path = String::new();
    for (at, &(x, y)) in route.iter().enumerate() {
        let (Some(&before), Some(&after)) = (at.checked_sub(1).and_then(|at| route.get(at)), route.get(at + 1)) else {
            let _ = if at == 0 { write!(path, "M{x} {y}") } else { write!(path, "L{x} {y}") };
            continue;
        };
        let room = |other: Point| i32::midpoint((other.0 - x).abs(), (other.1 - y).abs());
        let round = ROUND.min(room(before)).min(room(after));
        let towards = |other: Point| (x + (other.0 - x).signum() * round, y + (other.1 - y).signum() * round);
        let ((ax, ay), (bx, by)) = (towards(before), towards(after));
        let _ = write!(path, "L{ax} {ay}Q{x} {y} {bx} {by}");
    }
    path
}
