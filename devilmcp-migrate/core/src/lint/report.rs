//! What a lint has found -> a problem of the migration that it is due to.

use super::course::Since;
use super::finding::{Finding, Subject};
use super::spot::Spot;
use super::{Lint, site};
use crate::place;
use crate::problem::{Label, Problem};
use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::script::Script;

/// What was found about a table. `since` says of which of `scripts` it is.
pub(super) fn of_finding(scripts: &[Script], lint: Lint, since: &Since, finding: Finding) -> Problem {
    let Finding { subject: _, title, label, help } = finding;
    let script = &scripts[since.at];
    let sql = &*script.up.text;
    let (place, beside) = match &since.subject {
        Subject::Table => (None, None),
        Subject::Columns(columns) => {
            (columns.first().and_then(|column| site::of_column(sql, &since.table, column)), None)
        }
        Subject::Index(index, None) => (site::of_index(sql, index), None),
        Subject::Index(index, Some(other)) => match site::of_index(sql, index) {
            Some(place) => (Some(place), Some(other)),
            None => (site::of_index(sql, other), Some(index)),
        },
    };
    let place = place.or_else(|| site::of_table(sql, &since.table));
    let problem = match place {
        Some(range) => Problem::at_text(lint.rule(), &script.up, range, label),
        None => Problem::at_path(lint.rule(), &*script.up.path),
    };
    let mut problem = problem.titled(title);
    let index = |name: &Ident| Key { kind: Kind::Index, name: name.clone() };
    problem.beside.extend(beside.and_then(|name| made(&scripts[..=since.at], &index(name))));
    problem.help = help;
    problem
}

/// What was found in the text of the last of `scripts`. Where it does the same again and again, the first place says it.
pub(super) fn of_spots(scripts: &[Script], lint: Lint, spots: Vec<Spot>) -> Option<Problem> {
    let (script, before) = scripts.split_last()?;
    let more = spots.len().saturating_sub(1);
    let Spot { range, title, label, namesake } = spots.into_iter().next()?;
    let mut problem = Problem::at_text(lint.rule(), &script.up, range, label);
    problem.notes.extend((more > 0).then(|| format!("and {more} more in this migration")));
    problem.beside.extend(namesake.and_then(|key| made(before, &key)));
    Some(match title {
        Some(title) => problem.titled(title),
        None => problem,
    })
}

/// Where the last of `scripts` that makes an object does so.
fn made(scripts: &[Script], key: &Key) -> Option<Label> {
    let name = key.name.as_str().to_ascii_uppercase();
    // Most scripts do not name it, which is seen sooner without tokens.
    let mut naming = scripts.iter().rev().filter(|script| script.up.text.to_ascii_uppercase().contains(&name));
    naming.find_map(|script| {
        let making = place::making(&script.up.text, key)?;
        let range = place::of_name(&script.up.text, &making, &key.name)?;
        Some(Label { file: script.up.clone(), range, text: format!("{key} is made here") })
    })
}
