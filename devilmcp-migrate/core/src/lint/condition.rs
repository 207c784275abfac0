//! `hidden_drift` and `ignored_definition`: `IF NOT EXISTS` and `IF EXISTS`.

use std::ops::Range;

use super::course::Course;
use super::spot::Spot;
use crate::place;
use crate::schema::name::Ident;
use crate::schema::table::{Rule, Table};
use crate::schema::{Key, Kind, Object, Schema, object};
use crate::script::Script;
use crate::statement::statements;
use crate::token::{Token, significant, without_schema};

/// The statements that are run only if something is there, or is not.
pub(super) fn hidden(script: &Script) -> Vec<Spot> {
    let mut found = Vec::new();
    for condition in conditions(script) {
        let (title, label) = if condition.is_negated {
            (None, "whatever it is that has this name")
        } else {
            (Some("the statement does nothing where what it drops is not there"), "whatever the reason")
        };
        let (title, label) = (title.map(str::to_owned), label.to_owned());
        found.push(Spot { range: condition.range, title, label, namesake: None });
    }
    found
}

/// The statements that would make an object and do not, because there is another one of its name.
pub(super) fn ignored(script: &Script, at: usize, course: &Course, schema: &Schema) -> Vec<Spot> {
    let mut found = Vec::new();
    let sql = &*script.up.text;
    for condition in conditions(script).into_iter().filter(|condition| condition.is_negated) {
        let statement = &sql[condition.statement.clone()];
        let Some(key) = place::made(statement) else { continue };
        let [before, after] = [at, at + 1].map(|at| course.object(at, &key, schema));
        let (Some(before), Some(written)) = (before, written(statement, key.kind)) else { continue };
        let is_as_written = |found: &Object| without_parents(found) == without_parents(&written);
        let is_removed = removes(&sql[..condition.statement.start], &key);
        if !is_removed && !is_as_written(&before) && !after.as_ref().is_some_and(is_as_written) {
            found.push(Spot {
                range: condition.range,
                title: Some(format!("{key} is there already, and is not as it is defined here")),
                label: format!("`{}` exists, so nothing is made here", key.name),
                namesake: Some(key),
            });
        }
    }
    found
}

/// `IF [NOT] EXISTS` in a statement that makes or drops something.
struct Condition {
    statement: Range<usize>,
    range: Range<usize>,
    is_negated: bool,
}

fn conditions(script: &Script) -> Vec<Condition> {
    let sql = &*script.up.text;
    // Most scripts have none, which is seen sooner without tokens.
    if !sql.to_ascii_uppercase().contains("EXISTS") {
        return Vec::new();
    }
    statements(sql).into_iter().filter_map(|statement| condition(sql, statement)).collect()
}

fn condition(sql: &str, statement: Range<usize>) -> Option<Condition> {
    // CREATE UNIQUE INDEX IF NOT EXISTS
    let tokens: Vec<Token<'_>> = significant(&sql[statement.clone()]).take(6).collect();
    tokens.first().filter(|first| first.is("CREATE") || first.is("DROP"))?;
    let begin = tokens.iter().position(|token| token.is("IF"))?;
    let is_negated = tokens.get(begin + 1).is_some_and(|token| token.is("NOT"));
    let end = tokens.get(begin + 1 + usize::from(is_negated)).filter(|token| token.is("EXISTS"))?;
    let range = statement.start + tokens[begin].start..statement.start + end.range().end;
    let is_temporary = tokens.iter().any(|token| token.is("TEMP") || token.is("TEMPORARY"));
    (!is_temporary).then_some(Condition { statement, range, is_negated })
}

/// What the statement would make, as SQLite would keep it.
fn written(statement: &str, kind: Kind) -> Option<Object> {
    let tokens: Vec<Token<'_>> = significant(statement).take(10).collect();
    let condition = tokens.iter().position(|token| token.is("IF"))?;
    let words: Vec<&str> = tokens[..condition].iter().map(|token| token.text).collect();
    // IF NOT EXISTS
    let name = without_schema(tokens.get(condition + 3..)?).first()?;
    Some(object(kind, &format!("{} {}", words.join(" "), &statement[name.start..])))
}

/// Whether a script drops an object, or gives its name away.
fn removes(sql: &str, key: &Key) -> bool {
    let is_it = |token: &Token<'_>| Ident::from_token(token).as_ref() == Some(&key.name);
    statements(sql).into_iter().any(|range| {
        let tokens: Vec<Token<'_>> = significant(&sql[range]).collect();
        let begins = tokens.first().is_some_and(|first| first.is("DROP") || first.is("ALTER"));
        begins && tokens.iter().any(is_it)
    })
}

/// Without what a foreign key need not say.
fn without_parents(object: &Object) -> Object {
    let Object::Table(table) = object else { return object.clone() };
    let mut table = Table::clone(table);
    table.constraints = std::mem::take(&mut table.constraints)
        .into_iter()
        .map(|mut constraint| {
            if let Rule::ForeignKey { parent_columns, .. } = &mut constraint.rule {
                parent_columns.clear();
            }
            constraint
        })
        .collect();
    Object::Table(table)
}
