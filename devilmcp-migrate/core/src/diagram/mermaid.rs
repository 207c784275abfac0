//! A diagram as [mermaid](https://mermaid.js.org/syntax/entityRelationshipDiagram.html) writes it, as pages of many kinds show it.

use std::fmt::Write as _;

use super::model::{Change, Column, Diagram, Reference, Role};
use super::text::visible;

/// The text of an `erDiagram`.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut text = "erDiagram\n".to_owned();
    for table in &diagram.tables {
        let class = table.change.word().map(|word| format!(":::{word}"));
        let name = quoted(&table.name) + &class.unwrap_or_default();
        if table.columns.is_empty() {
            let _ = writeln!(text, "    {name}");
            continue;
        }
        let _ = writeln!(text, "    {name} {{");
        for column in &table.columns {
            let _ = writeln!(text, "        {}", attribute(column));
        }
        text.push_str("    }\n");
    }
    for reference in &diagram.references {
        let _ = writeln!(text, "    {}", relation(diagram, reference));
    }
    for (change, style) in STYLES {
        if diagram.tables.iter().any(|table| table.change == change) {
            let _ = writeln!(text, "    classDef {} {style}", change.word().unwrap_or_default());
        }
    }
    text
}

/// Of what has changed.
const STYLES: [(Change, &str); 3] = [
    (Change::Added, "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
    (Change::Changed, "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
    (Change::Removed, "fill:#ffebe9,stroke:#cf222e,color:#1f2328"),
];

/// `VARCHAR name PK,FK "NOT NULL"`
fn attribute(column: &Column) -> String {
    let declared = if column.declared_type.is_empty() { "untyped" } else { &column.declared_type };
    let (kind, name) = (word(declared), word(&column.name));
    let keys = column.roles.iter().map(|role| match role {
        Role::Primary => "PK",
        Role::Foreign => "FK",
        Role::Unique => "UK",
    });
    let keys: Vec<&str> = keys.collect();
    let mut remarks = Vec::new();
    if name != column.name {
        remarks.push(column.name.clone());
    }
    if kind != declared {
        remarks.push(declared.to_owned());
    }
    remarks.extend(column.not_null.then(|| "NOT NULL".to_owned()));
    remarks.extend(column.change.word().map(str::to_owned));
    let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(",")) };
    let remarks = if remarks.is_empty() { String::new() } else { format!(" {}", quoted(&remarks.join(", "))) };
    format!("{kind} {name}{keys}{remarks}")
}

/// `"projects" ||--o{ "tasks" : "project_id"`
fn relation(diagram: &Diagram, reference: &Reference) -> String {
    let (child, parent) = (&diagram.tables[reference.child], &diagram.tables[reference.parent]);
    let one = if reference.is_optional { "|o" } else { "||" };
    let many = if reference.is_unique { "o|" } else { "o{" };
    let label = quoted(&child.names(&reference.columns));
    format!("{} {one}--{many} {} : {label}", quoted(&parent.name), quoted(&child.name))
}

/// A type or a column's name: letters, digits and a few signs, and not what mermaid takes for a key.
fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '[' | ']' | '(' | ')');
    let mut word: String = visible(text).chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let is_key = ["PK", "FK", "UK"].contains(&word.as_str());
    if is_key || !word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        word.insert(0, '_');
    }
    word
}

/// A text in quotes, in which mermaid takes `"`, `%` and `\` for nothing else, and HTML nothing for an element.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for letter in visible(text).chars() {
        match letter {
            '"' | '%' | '\\' | '#' | '<' | '>' | '&' | '`' | ';' => {
                let _ = write!(quoted, "#{};", u32::from(letter));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
