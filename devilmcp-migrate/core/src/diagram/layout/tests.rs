use super::*;

fn sizes(count: usize) -> Vec<Size> {
    vec![Size { width: 200, height: 100 }; count]
}

fn line(child: usize, parent: usize) -> Line {
    Line { child, child_y: 60, parent, parent_y: 40 }
}

#[test]
fn parents_stand_to_the_left() {
    let layout = lay_out(&sizes(3), &[line(0, 2), line(1, 0), line(1, 2)], &[]);
    let [child, grandchild, parent] = layout.places.as_slice() else { panic!("{layout:?}") };
    assert!(parent.x < child.x && child.x < grandchild.x);
    assert_eq!(layout.routes[1].first(), Some(&(grandchild.x, grandchild.y + 55)), "a little apart from the other");
    assert_eq!(layout.routes[0].last(), Some(&(parent.x + parent.width, parent.y + 40)));
}

#[test]
fn a_line_that_can_be_straight_is() {
    let layout = lay_out(&sizes(2), &[line(1, 0)], &[]);
    assert_eq!(layout.routes[0].len(), 2);
    assert_eq!(layout.routes[0][0].1, layout.routes[0][1].1);
}

#[test]
fn lines_to_one_column_share_a_trunk() {
    let lines: Vec<Line> = (1..30).map(|child| line(child, 0)).collect();
    let layout = lay_out(&sizes(30), &lines, &[]);
    let columns: std::collections::BTreeSet<i32> = layout.places.iter().map(|place| place.x).collect();
    assert!(columns.len() > 3, "it would be too high: {columns:?}");
    let ends: std::collections::BTreeSet<Option<&Point>> = layout.routes.iter().map(|route| route.last()).collect();
    assert_eq!(ends.len(), 1);
}

#[test]
fn circles_are_opened() {
    for lines in [vec![line(0, 1), line(1, 0)], vec![line(0, 1), line(1, 2), line(2, 0), line(2, 2)]] {
        let layout = lay_out(&sizes(3), &lines, &[(0, "ALONE")]);
        assert!(layout.routes.iter().all(|route| route.len() > 1), "{layout:?}");
    }
}

#[test]
fn nothing_is_laid_out_where_there_is_nothing() {
    assert_eq!(lay_out(&[], &[], &[(0, "ALONE")]), Layout::default());
}
