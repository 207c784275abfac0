//! What each migration does to the schema, as comments: a line for the migration, and one for each object.

use crate::prove::{Change, Effect};
use crate::schema::name::{Ident, quote};
use crate::schema::{Key, Kind};
use crate::script::Script;

const MIGRATION: &str = "-- ";
const CHANGE: &str = "--   ";
const VERBS: [(&str, Effect); 3] =
    [("creates", Effect::Creates), ("changes", Effect::Changes), ("drops", Effect::Drops)];

/// Ends with an empty line; none if a name does not fit on one.
pub(super) fn write(scripts: &[Script], changes: &[Vec<Change>]) -> Option<String> {
    let mut text = String::new();
    for (script, changes) in scripts.iter().zip(changes) {
        text = text + MIGRATION + &script.label() + "\n";
        for Change { key: Key { kind, name }, effect } in changes {
            let (verb, _) = VERBS.iter().find(|(_, known)| known == effect)?;
            let name = Some(name.as_str()).filter(|name| !name.contains(['\n', '\r']))?;
            text = text + CHANGE + verb + " " + kind.as_str() + " " + &quote(name) + "\n";
        }
    }
    Some(text + "\n")
}

/// What `write` has written, and what comes after it.
pub(super) fn read(body: &str) -> Option<(Vec<Vec<Change>>, &str)> {
    let (text, rest) = body.split_once("\n\n")?;
    let mut changes: Vec<Vec<Change>> = Vec::new();
    for line in text.lines() {
        if let Some(line) = line.strip_prefix(CHANGE) {
            changes.last_mut()?.push(change(line)?);
        } else {
            line.strip_prefix(MIGRATION)?;
            changes.push(Vec::new());
        }
    }
    Some((changes, rest))
}

fn change(line: &str) -> Option<Change> {
    let (verb, rest) = line.split_once(' ')?;
    let (kind, name) = rest.split_once(' ')?;
    let (_, effect) = VERBS.iter().find(|(known, _)| *known == verb)?;
    let name = name.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\"");
    Some(Change { key: Key { kind: Kind::from_type(kind)?, name: Ident::new(name) }, effect: *effect })
}
