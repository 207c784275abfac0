//! Statements as a person would write them down.

use std::collections::BTreeSet;

use super::loss::Loss;
use super::wishes::Wishes;
use crate::allowance::Allowance;
use crate::declare::closed;
use crate::feature::Version;
use crate::hazard::Hazard;
use crate::schema::name::bare;

/// One statement, with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) comment: Vec<String>,
    pub(super) sql: String,
}

/// All of them, a blank line between two.
fn text(paragraphs: &[Paragraph]) -> String {
    let paragraphs: Vec<String> = paragraphs.iter().map(paragraph).collect();
    paragraphs.join("\n")
}

fn paragraph(Paragraph { comment, sql }: &Paragraph) -> String {
    let comment: String = comment.iter().map(|line| remark(line)).collect();
    format!("{comment}{};\n", closed(sql))
}

/// A line of comment, whatever names are in it.
fn remark(line: &str) -> String {
    let line: String = line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    format!("-- {line}\n")
}

/// What stands at the top of the way up.
pub(super) fn directives(wishes: &Wishes, loses: bool) -> Vec<String> {
    let Some(reason) = &wishes.reason else { return Vec::new() };
    let meant = loses.then_some(Allowance::Hazard(Hazard::DataLoss));
    let allowed: BTreeSet<&str> = meant.iter().chain(&wishes.allowed).map(|allowance| allowance.word()).collect();
    allowed.iter().map(|word| format!("migrate: allow({word}) {reason}")).collect()
}

/// What stands at the top of the way back.
pub(super) fn losses(losses: &[Loss]) -> Vec<String> {
    losses.iter().map(|loss| format!("This does not bring back {loss}.")).collect()
}

/// These lines, with what the statements need, above all of them.
pub(super) fn script(mut lines: Vec<String>, needs: Option<Version>, paragraphs: &[Paragraph]) -> String {
    lines.extend(needs.map(|since| format!("This needs SQLite {since} or newer.")));
    let head: String = lines.iter().map(|line| remark(line)).collect();
    let space = if head.is_empty() { "" } else { "\n" };
    format!("{head}{space}{}", text(paragraphs))
}

/// `INSERT INTO notes (id, body)`, or on several lines.
pub(super) fn list(before: &str, names: &[String], after: &str) -> String {
    let plain = format!("{before}{}{after}", names.join(", "));
    if plain.chars().count() <= WIDTH {
        return plain;
    }
    let mut lines = vec![String::new()];
    for (at, name) in names.iter().enumerate() {
        let name = if at + 1 < names.len() { format!("{name},") } else { name.clone() };
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = name,
            Some(line) if line.chars().count() + name.chars().count() + INDENT.len() < WIDTH => {
                line.push(' ');
                line.push_str(&name);
            }
            _ => lines.push(name),
        }
    }
    format!("{}\n{INDENT}{}\n{}", before.trim_end(), lines.join(&format!("\n{INDENT}")), after.trim_start())
}

/// Names, in quotes only where they need them.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(bare).collect()
}

const WIDTH: usize = 100;
const INDENT: &str = "    ";
