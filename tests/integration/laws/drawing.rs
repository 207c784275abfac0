//! Whatever the schema, its picture is one: nothing lies on anything else, and every foreign key leads from the one table to the
//! other.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use devilmcp_migrate::rusqlite::Connection;
use devilmcp_migrate_core::diagram::dot::dot;
use devilmcp_migrate_core::diagram::mermaid::mermaid;
use devilmcp_migrate_core::diagram::svg::svg;
use devilmcp_migrate_core::diagram::{Change, Diagram};
use devilmcp_migrate_core::generate::Objects;
use proptest::prelude::*;

use super::choices::Choices;
use super::config;
use super::text::NAMES;
use crate::drawing::picture::Picture;

/// Tables that refer to each other, to themselves and to what is not there.
fn schema(choices: &mut Choices) -> String {
    let count = 1 + choices.below(14);
    let name = |at: usize| format!("\"{}{at}\"", NAMES[at * 5 % NAMES.len()].replace('"', "\"\""));
    let mut text = String::new();
    for at in 0..count {
        let mut columns: Vec<String> =
            (0..=choices.below(6)).map(|column| format!("c{column} {}", choices.of(&TYPES))).collect();
        for _ in 0..choices.below(4) {
            let from = choices.below(columns.len());
            let (to, parent) = (choices.below(3), choices.below(count + 1));
            let target = match choices.below(4) {
                0 => String::new(),
                1 => format!(" (c0, c{to})"),
                _ => format!(" (c{to})"),
            };
            let own = if target.contains(',') { format!("c0, c{from}") } else { format!("c{from}") };
            columns.push(format!("FOREIGN KEY ({own}) REFERENCES {}{target}", name(parent)));
        }
        // Constraints come behind the columns.
        columns.sort_by_key(|column| column.starts_with("FOREIGN"));
        let _ = writeln!(text, "CREATE TABLE {} ({});", name(at), columns.join(", "));
    }
    if choices.flag() {
        text += "CREATE VIEW seen AS SELECT 1;\nCREATE VIRTUAL TABLE found USING fts5(a, b, tokenize = 'porter');\n";
    }
    text
}

const TYPES: [&str; 6] =
    ["", "INTEGER", "TEXT NOT NULL", "INTEGER PRIMARY KEY", "VARCHAR(300) UNIQUE", "A VERY LONG NAME FOR A TYPE"];

fn objects(sql: &str) -> Option<Objects> {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(sql).ok()?;
    Some(Objects::read(&conn).unwrap())
}

fn is_sound(diagram: &Diagram, sql: &str) -> Result<(), TestCaseError> {
    let text = svg(diagram, "a \"title\" & more");
    prop_assert_eq!(&svg(diagram, "a \"title\" & more"), &text, "not the same again");
    let picture = Picture::of(&text);
    prop_assert_eq!(picture.cards.len(), diagram.tables.len() + diagram.views.len());
    for (id, card) in &picture.cards {
        for (other_id, other) in picture.cards.iter().filter(|(other, _)| *other > id) {
            prop_assert!(!card.overlaps(*other), "{id} and {other_id} overlap\n{sql}");
        }
        prop_assert!(card.left >= 0 && card.top >= 0 && card.right < picture.size.0 && card.bottom < picture.size.1);
    }
    prop_assert_eq!(picture.lines.len(), diagram.references.len());
    for (line, reference) in picture.lines.iter().zip(&diagram.references) {
        prop_assert_eq!(&line.ends, &[format!("t{}", reference.child), format!("t{}", reference.parent)]);
        let (first, last) = (line.points[0], *line.points.last().unwrap());
        for (end, point) in line.ends.iter().zip([first, last]) {
            prop_assert!(picture.cards[end].has_at_edge(point), "{line:?} does not end at {end}\n{sql}");
        }
        for pair in line.points.windows(2) {
            for (id, card) in &picture.cards {
                prop_assert!(!card.is_crossed(pair[0], pair[1]), "{line:?} runs through {id}\n{sql}");
            }
        }
    }
    for table in &diagram.tables {
        let is_shown = |name: &str| picture.texts.iter().any(|text| text == name || text.ends_with('…'));
        prop_assert!(is_shown(&table.name) && table.columns.iter().all(|column| is_shown(&column.name)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_picture_is_one_whatever_it_is_of(mut choices in Choices::strategy(160), mut other in Choices::strategy(160)) {
        let sql = schema(&mut choices);
        let made = objects(&sql);
        prop_assume!(made.is_some());
        let made = made.unwrap();
        let diagram = Diagram::of(&made);
        is_sound(&diagram, &sql)?;
        let changes = |diagram: &Diagram| -> BTreeSet<Option<&str>> {
            let columns = diagram.tables.iter().flat_map(|table| table.columns.iter().map(|column| column.change));
            columns.chain(diagram.references.iter().map(|reference| reference.change)).map(Change::word).collect()
        };
        prop_assert!(changes(&diagram).iter().all(Option::is_none));
        prop_assert!(changes(&Diagram::between(&made, &made)).iter().all(Option::is_none));
        let sql = schema(&mut other);
        if let Some(other) = objects(&sql) {
            is_sound(&Diagram::between(&made, &other), &sql)?;
            is_sound(&Diagram::between(&Objects::default(), &other), &sql)?;
        }
        // Each line is one that mermaid knows, and every sign of dot's is closed.
        for line in mermaid(&diagram).lines().skip(1) {
            let line = line.trim();
            prop_assert!(line == "}" || line.matches('"').count() % 2 == 0 && !line.contains('%'), "{line}");
        }
        let graph = dot(&diagram);
        let [open, close] = ['<', '>'].map(|sign| graph.replace("->", "").matches(sign).count());
        prop_assert_eq!(open, close, "{}", graph);
    }
}
