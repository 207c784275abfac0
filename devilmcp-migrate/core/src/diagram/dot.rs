//! A diagram in the language of [Graphviz](https://graphviz.org/doc/info/shapes.html#html).

use std::fmt::Write as _;

use super::model::{Change, Column, Diagram, Reference, Role, Sort, Table, View};
use super::text::xml;

const HEAD: &str = "digraph schema {
    graph [rankdir=RL, nodesep=0.4, ranksep=1.0, bgcolor=\"transparent\", fontname=\"monospace\"]
    node [shape=plain, fontname=\"monospace\", fontsize=11]
    edge [color=\"#57606a\", arrowsize=0.8, dir=both]
";

/// The text of a graph: `dot -Tsvg`.
pub fn dot(diagram: &Diagram) -> String {
    let mut text = HEAD.to_owned();
    for (at, table) in diagram.tables.iter().enumerate() {
        let _ = writeln!(text, "    t{at} [label=<{}>]", card(table));
    }
    for (at, view) in diagram.views.iter().enumerate() {
        let _ = writeln!(text, "    v{at} [label=<{}>]", sight(view));
    }
    for reference in &diagram.references {
        let _ = writeln!(text, "    {}", edge(diagram, reference));
    }
    text.push_str("}\n");
    text
}

fn card(table: &Table) -> String {
    let about = match &table.sort {
        Sort::Ordinary => String::new(),
        Sort::Virtual(module) => format!(" <I>{}</I>", xml(module)),
        Sort::Missing => " <I>missing</I>".to_owned(),
    };
    let rows: String = table.columns.iter().enumerate().map(|(at, column)| row(at, column)).collect();
    format!(
        "{}<TR><TD PORT=\"head\" BGCOLOR=\"{}\" COLSPAN=\"3\"><B>{}</B>{about}</TD></TR>{rows}</TABLE>",
        TABLE,
        tint(table.change, "#eaeef2"),
        xml(&table.name)
    )
}

fn row(at: usize, column: &Column) -> String {
    let keys = column.roles.iter().map(|role| match role {
        Role::Primary => "PK",
        Role::Foreign => "FK",
        Role::Unique => "UQ",
    });
    let keys: Vec<&str> = keys.collect();
    let not_null = if column.not_null { " NOT NULL" } else { "" };
    let colour = tint(column.change, "#ffffff");
    format!(
        "<TR><TD PORT=\"w{at}\" BGCOLOR=\"{colour}\" ALIGN=\"LEFT\">{} </TD><TD BGCOLOR=\"{colour}\" ALIGN=\"LEFT\">{}</TD><TD PORT=\"e{at}\" BGCOLOR=\"{colour}\" ALIGN=\"LEFT\">{}{not_null} </TD></TR>",
        keys.join(" "),
        xml(&column.name),
        if column.declared_type.is_empty() { String::new() } else { xml(&column.declared_type) },
    )
}

fn sight(view: &View) -> String {
    let row = |name: &String| format!("<TR><TD ALIGN=\"LEFT\">{}</TD></TR>", xml(name));
    let rows = view.reads.iter().map(row).collect::<Vec<_>>().concat();
    format!(
        "{TABLE}<TR><TD BGCOLOR=\"{}\"><B>{}</B> <I>view</I></TD></TR>{rows}</TABLE>",
        tint(view.change, "#eaeef2"),
        xml(&view.name)
    )
}

const TABLE: &str = "<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"4\" COLOR=\"#8c959f\">";

fn edge(diagram: &Diagram, reference: &Reference) -> String {
    let port =
        |columns: &[usize], side: char| columns.first().map_or_else(|| "head".to_owned(), |at| format!("{side}{at}"));
    let tail = if reference.is_unique { "teeodot" } else { "crowodot" };
    let head = if reference.is_optional { "teeodot" } else { "teetee" };
    let style = match reference.change {
        Change::Kept | Change::Changed => "",
        Change::Added => ", color=\"#1a7f37\"",
        Change::Removed => ", color=\"#cf222e\", style=dashed",
    };
    format!(
        "t{}:{}:w -> t{}:{}:e [arrowtail={tail}, arrowhead={head}, tooltip=\"{}\"{style}]",
        reference.child,
        port(&reference.columns, 'w'),
        reference.parent,
        port(&reference.parent_columns, 'e'),
        escaped(&diagram.sentence(reference)),
    )
}

/// A string: a backslash would begin one of dot's own signs, and `&` an entity.
fn escaped(text: &str) -> String {
    xml(text).replace('\\', "\\\\")
}

fn tint(change: Change, plain: &'static str) -> &'static str {
    match change {
        Change::Kept => plain,
        Change::Added => "#dafbe1",
        Change::Removed => "#ffebe9",
        Change::Changed => "#fff8c5",
    }
}
