//! A diagram as a page that needs nothing else: the picture, with everything that is in it as text below.
//!
//! It can be read without a script. With one, a table that is pointed at shows what refers to it, and a step what it has changed.

use std::fmt::Write as _;

use super::model::{Column, Diagram, Role, Sort, Table};
use super::svg::{self, Heading};
use super::text::xml;
use crate::alteration::Alteration;
use crate::schema::name::Ident;

/// What a migration has done.
#[derive(Debug, Clone)]
pub struct Step {
    /// `0007_add_tags`
    pub label: String,
    /// In order.
    pub alterations: Vec<Alteration>,
}

/// The text of the page. `title` says what it is of; `steps` are how it came to be, if that is known.
pub fn html(diagram: &Diagram, title: &str, steps: &[Step]) -> String {
    let (title, count) = (xml(title), svg::count(diagram));
    let picture = svg::picture(diagram, &title, Heading::Elsewhere);
    let names = |ids: &str, names: Vec<&String>| -> String {
        let name = |(at, name): (usize, &String)| {
            let name = xml(name);
            format!("<li><a href=\"#{ids}{at}\" data-card=\"{ids}{at}\" title=\"{name}\">{name}</a></li>\n")
        };
        names.into_iter().enumerate().map(name).collect::<Vec<_>>().concat()
    };
    let tables = names("t", diagram.tables.iter().map(|table| &table.name).collect());
    let mut side = format!("<h2>Tables</h2>\n<ul class=\"names\">\n{tables}</ul>\n");
    if !diagram.views.is_empty() {
        let views = names("v", diagram.views.iter().map(|view| &view.name).collect());
        let _ = write!(side, "<h2>Views</h2>\n<ul class=\"names\">\n{views}</ul>\n");
    }
    if !steps.is_empty() {
        let steps: Vec<String> = steps.iter().rev().map(|step| self::step(diagram, step)).collect();
        let _ = write!(side, "<h2>Migrations</h2>\n<ol class=\"steps\">\n{}</ol>\n", steps.concat());
    }
    let details: Vec<String> = (0..diagram.tables.len()).map(|at| article(diagram, at)).collect();
    let views: Vec<String> = (0..diagram.views.len()).map(|at| sight(diagram, at)).collect();
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">
<title>{title}</title>
<style>
{CSS}</style>
</head>
<body>
<header class=\"bar\"><h1>{title}</h1><span class=\"about\">{count}</span><span class=\"tools\" hidden><input id=\"find\" type=\"search\" placeholder=\"Find a table or column\" aria-label=\"Find a table or column\"><button data-zoom=\"-1\" title=\"Smaller\">−</button><button data-zoom=\"0\" title=\"All of it\">Fit</button><button data-zoom=\"1\" title=\"Larger\">+</button></span></header>
<div class=\"page\">
<nav class=\"side\">
{side}</nav>
<main>
<div class=\"sheet\">
{picture}</div>
<section class=\"details\">
<h2>Details</h2>
{}{}</section>
</main>
</div>
<script>
{JS}</script>
</body>
</html>
",
        details.concat(),
        views.concat(),
    )
}

const CSS: &str = include_str!("page.css");
const JS: &str = include_str!("page.js");

fn step(diagram: &Diagram, Step { label, alterations }: &Step) -> String {
    let is = |name: &str, other: &Ident| Ident::new(name) == *other;
    let tables = diagram.tables.iter().enumerate().map(|(at, table)| (format!("t{at}"), &table.name));
    let views = diagram.views.iter().enumerate().map(|(at, view)| (format!("v{at}"), &view.name));
    let is_touched = |name: &str| alterations.iter().any(|alteration| is(name, &alteration.owner));
    let cards: Vec<String> = tables.chain(views).filter(|(_, name)| is_touched(name)).map(|(id, _)| id).collect();
    let lines: Vec<String> = alterations
        .iter()
        .map(|alteration| format!("<li class=\"{}\">{}</li>", alteration.sign.word(), xml(&alteration.to_string())))
        .collect();
    format!("<li data-cards=\"{}\"><b>{}</b><ul>{}</ul></li>\n", cards.join(" "), xml(label), lines.concat())
}

/// A table as text.
fn article(diagram: &Diagram, at: usize) -> String {
    let table = &diagram.tables[at];
    let about = match &table.sort {
        Sort::Ordinary => table.options().collect::<Vec<_>>().join(", "),
        Sort::Virtual(module) => module.clone(),
        Sort::Missing => "a foreign key names it, and it is not there".to_owned(),
    };
    let change = table.change.word().map(|word| format!(" <small class=\"chg {word}\">{word}</small>"));
    let mut text = format!(
        "<article id=\"d{at}\" data-card=\"t{at}\">\n<button class=\"close\">Close</button><h3><a href=\"#t{at}\" data-card=\"t{at}\">{}</a> <small>{}</small>{}</h3>\n",
        xml(&table.name),
        if about.is_empty() { String::new() } else { xml(&about) },
        change.unwrap_or_default(),
    );
    if !table.columns.is_empty() {
        text.push_str("<table><thead><tr><th>Column</th><th>Type</th><th>Null</th><th>Default</th><th>Key</th></tr></thead><tbody>\n");
        for (column, about) in table.columns.iter().enumerate() {
            text.push_str(&row(diagram, at, column, about));
        }
        text.push_str("</tbody></table>\n");
    }
    let mut say = |what: &str, items: Vec<String>| {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| format!("<code>{}</code>", xml(item))).collect();
            let _ = writeln!(text, "<p>{what}: {}</p>", items.join(", "));
        }
    };
    say("Unique", table.unique.iter().filter(|key| key.len() > 1).map(|key| table.names(key)).collect());
    say("Check", table.checks.clone());
    let composite = diagram.references.iter().filter(|reference| reference.child == at && reference.columns.len() > 1);
    say("Foreign keys", composite.map(|reference| diagram.sentence(reference)).collect());
    let others = diagram.references.iter().filter(|reference| reference.parent == at && reference.child != at);
    say(
        "Referred to by",
        others.map(|reference| named(&diagram.tables[reference.child], &reference.columns)).collect(),
    );
    say("Indexes", table.indexes.iter().map(|(name, about)| format!("{name}: {about}")).collect());
    say("Triggers", table.triggers.clone());
    text + &statement(&table.sql) + "</article>\n"
}

fn row(diagram: &Diagram, table: usize, at: usize, column: &Column) -> String {
    let Column { name, declared_type, not_null, default, collation, generated, roles, change, was } = column;
    let mut keys: Vec<String> = Vec::new();
    if roles.contains(&Role::Primary) {
        keys.push("primary".to_owned());
    }
    if roles.contains(&Role::Unique) {
        keys.push("unique".to_owned());
    }
    let own = |reference: &&super::model::Reference| reference.child == table && reference.columns == [at];
    for reference in diagram.references.iter().filter(own) {
        let parent = &diagram.tables[reference.parent];
        let actions: Vec<&str> = reference.actions.iter().map(String::as_str).collect();
        let to = named(parent, &reference.parent_columns);
        keys.push(format!(
            "→ <a href=\"#d{0}\" data-card=\"t{0}\">{1}</a> {2}",
            reference.parent,
            xml(&to),
            xml_or_nothing(&actions.join(" ")),
        ));
    }
    let collation = collation.as_ref().map(|collation| format!(" COLLATE {collation}"));
    let declared = format!("{declared_type}{}", collation.unwrap_or_default());
    let value = default.clone().or_else(|| generated.as_ref().map(|generated| format!("AS {generated}")));
    let word = change.word().map(|word| format!(" <small class=\"chg {word}\">{word}</small>"));
    let was = was.as_ref().map(|was| format!(" <small class=\"chg changed\">was {}</small>", xml(was)));
    format!(
        "<tr class=\"{}\"><td class=\"mono\">{}</td><td class=\"mono\">{}</td><td>{}</td><td class=\"mono\">{}</td><td>{}{}{}</td></tr>\n",
        change.word().unwrap_or("kept"),
        xml(name),
        xml_or_nothing(&declared),
        if *not_null { "no" } else { "yes" },
        xml_or_nothing(&value.unwrap_or_default()),
        keys.join("<br>"),
        word.unwrap_or_default(),
        was.unwrap_or_default(),
    )
}

/// A view as text.
fn sight(diagram: &Diagram, at: usize) -> String {
    let view = &diagram.views[at];
    let reads: Vec<String> = view.reads.iter().map(|name| format!("<code>{}</code>", xml(name))).collect();
    let reads = if reads.is_empty() { String::new() } else { format!("<p>Reads: {}</p>\n", reads.join(", ")) };
    let name = xml(&view.name);
    format!(
        "<article id=\"w{at}\" data-card=\"v{at}\">\n<button class=\"close\">Close</button><h3><a href=\"#v{at}\" data-card=\"v{at}\">{name}</a> <small>view</small></h3>\n{reads}{}</article>\n",
        statement(&view.sql)
    )
}

fn statement(sql: &str) -> String {
    if sql.is_empty() {
        return String::new();
    }
    // Of what xml() makes visible, line ends are meant.
    let lines: Vec<String> = sql.lines().map(xml_or_nothing).collect();
    format!("<details><summary>SQL</summary><pre>{}</pre></details>\n", lines.join("\n"))
}

/// `books (author_id)`
fn named(table: &Table, columns: &[usize]) -> String {
    let columns = table.names(columns);
    if columns.is_empty() { table.name.clone() } else { format!("{} ({columns})", table.name) }
}

fn xml_or_nothing(text: &str) -> String {
    if text.is_empty() { String::new() } else { xml(text) }
}
