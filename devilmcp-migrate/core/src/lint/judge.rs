//! All lints over all that is judged: what each has found, and since which migration.

use super::course::Course;
use super::family::{Families, Family};
use super::finding::{Finding, Subject};
use super::levels::Levels;
use super::{Lint, condition, declared_type, foreign_key, index, name, primary_key, report, value};
use crate::problem::{Problem, Problems};
use crate::schema::{Key, Kind, Schema};
use crate::script::Script;
use crate::standing::Standing;

/// What a lint looks for in a table.
type OfTable = fn(&Family<'_>) -> Vec<Finding>;

const OF_TABLES: [(Lint, OfTable); 6] = [
    (Lint::UnindexedForeignKey, foreign_key::unindexed),
    (Lint::MissingPrimaryKey, primary_key::missing),
    (Lint::RedundantIndex, index::redundant),
    (Lint::PrefixIndex, index::prefixes),
    (Lint::UnenforcedType, declared_type::unenforced),
    (Lint::ReservedName, name::reserved),
];

/// Reports what the lints have to say about the migrations in `course`, which have led to `schema`.
pub(crate) fn judge(scripts: &[Script], course: &Course, schema: &Schema, levels: Levels, problems: &mut Problems) {
    if levels == Levels::SILENT {
        return;
    }
    let families = Families::of(schema);
    let mut found = Vec::new();
    for family in course.tables().filter_map(|name| families.get(name)) {
        for (lint, look) in OF_TABLES.into_iter().filter(|(lint, _)| !levels.allow(*lint)) {
            let holds =
                |family: &Family<'_>, subject: &Subject| look(family).iter().any(|finding| finding.subject == *subject);
            for finding in look(&family) {
                let since = course.since(scripts, &families, &family.name, finding.subject.clone(), holds);
                if let Some(since) = since.filter(|since| is_judged(&scripts[since.at], lint)) {
                    found.push((since.at, lint, report::of_finding(scripts, lint, &since, finding)));
                }
            }
        }
    }
    if !levels.allow(Lint::ReservedName) {
        found.extend(reserved_names(scripts, course, schema).map(|(at, problem)| (at, Lint::ReservedName, problem)));
    }
    for lint in [Lint::HiddenDrift, Lint::UnrepeatableValue, Lint::IgnoredDefinition] {
        if levels.allow(lint) {
            continue;
        }
        for (at, script) in scripts.iter().enumerate().filter(|(_, script)| is_judged(script, lint)) {
            let spots = match lint {
                Lint::HiddenDrift => condition::hidden(script),
                Lint::IgnoredDefinition => condition::ignored(script, at, course, schema),
                _ => value::unrepeatable(&script.up.text),
            };
            found.extend(report::of_spots(&scripts[..=at], lint, spots).map(|problem| (at, lint, problem)));
        }
    }
    // A reader goes through the migrations in order.
    found.sort_by_key(|(at, lint, _)| (*at, *lint));
    problems.extend(found.into_iter().filter_map(|(_, lint, problem)| levels.apply(lint, problem)));
}

/// Views and triggers whose names are words of SQL's, and the migrations that make them.
fn reserved_names(scripts: &[Script], course: &Course, schema: &Schema) -> impl Iterator<Item = (usize, Problem)> {
    let is_reserved = |key: &&Key| matches!(key.kind, Kind::View | Kind::Trigger) && name::is_word(&key.name);
    let keys = schema.0.keys().filter(is_reserved);
    let made = keys.filter_map(|key| Some((key, course.made(key)?)));
    made.filter(|&(_, at)| is_judged(&scripts[at], Lint::ReservedName)).filter_map(|(key, at)| {
        let spot = name::of_object(&scripts[at].up.text, key)?;
        Some((at, report::of_spots(&scripts[..=at], Lint::ReservedName, vec![spot])?))
    })
}

/// A baseline is not: it says what is there already.
fn is_judged(script: &Script, lint: Lint) -> bool {
    let Script { standing, directives, .. } = script;
    *standing == Standing::Draft && directives.baseline.is_none() && !directives.silence(lint)
}
