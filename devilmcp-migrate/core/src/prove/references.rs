//! Views, triggers and foreign keys that name what is not there. SQLite accepts them, and fails when they are used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::delta::Delta;
use super::flaw::{Flaw, flaws};
use super::quoted;
use super::trial::Trial;
use crate::hazard::Hazard;
use crate::place;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::schema::name::Ident;
use crate::schema::{Key, Kind};
use crate::script::Script;
use crate::statement::statements;
use crate::token::significant;

/// What is broken, and what is needed to look only at what a migration may have broken or repaired.
#[derive(Debug, Default)]
pub(super) struct References {
    /// The views and triggers that name something.
    mentions: BTreeMap<Ident, BTreeSet<Key>>,
    /// What is broken as things stand, with the problem it is if nobody repairs it; none if it is allowed, or has shipped.
    broken: BTreeMap<Key, Vec<(Flaw, Option<Problem>)>>,
}

impl References {
    /// Takes what is broken for granted, as what has shipped is not judged.
    pub(super) fn accept(&mut self, trial: &Trial) -> rusqlite::Result<()> {
        self.note_mentions(trial, trial.catalog.objects());
        for key in trial.catalog.objects() {
            let known: Vec<_> = flaws(trial, key)?.into_iter().map(|flaw| (flaw, None)).collect();
            if !known.is_empty() {
                self.broken.insert(key.clone(), known);
            }
        }
        trial.watch.take_touched();
        Ok(())
    }

    /// Looks at what the last of `scripts`, which has done this, may have broken or repaired.
    pub(super) fn check(
        &mut self,
        trial: &Trial,
        delta: &Delta,
        scripts: &[Script],
        problems: &mut Problems,
    ) -> rusqlite::Result<()> {
        let Some(script) = scripts.last() else { return Ok(()) };
        if trial.conn.is_autocommit() {
            // A trigger has undone everything: this is not what the migration leaves.
            return Ok(());
        }
        let is_allowed = script.directives.allow(Hazard::Reference);
        let changed: BTreeSet<&Key> = delta.objects().map(|(key, _)| key).collect();
        self.note_mentions(trial, changed.iter().copied());
        let mut found = Vec::new();
        for key in self.suspects(trial, delta) {
            let flaws = flaws(trial, &key)?;
            found.push((key, flaws));
        }
        let broken = found.iter().filter(|(_, flaws)| !flaws.is_empty()).map(|(key, _)| key);
        let views: BTreeSet<Ident> =
            broken.chain(self.broken.keys()).filter(|key| key.kind == Kind::View).map(|key| key.name.clone()).collect();
        // Of what is not there any more under its name: it may be there under another.
        let gone: Vec<Key> =
            changed.iter().filter(|key| trial.catalog.text(key).is_none()).map(|&key| key.clone()).collect();
        let mut gone: Vec<_> = gone.iter().filter_map(|key| self.broken.remove(key)).flatten().collect();
        for (key, flaws) in found {
            let mut before = self.broken.remove(&key).unwrap_or_default();
            let mut now = Vec::new();
            for flaw in flaws.into_iter().filter(|flaw| !is_caused_elsewhere(trial, &key, flaw, &views)) {
                let known = take(&mut before, &flaw).or_else(|| take(&mut gone, &flaw));
                now.push(known.unwrap_or_else(|| {
                    let problem = (!is_allowed).then(|| problem(trial, scripts, &key, &flaw, &changed));
                    (flaw, problem)
                }));
            }
            problems.extend(repaired(before, script));
            if now.is_empty() && changed.contains(&key) {
                problems.extend(quoted::string(trial, &key)?.map(|string| string.problem(trial, script, &key)));
            }
            if !now.is_empty() {
                self.broken.insert(key, now);
            }
        }
        problems.extend(repaired(gone, script));
        trial.watch.take_touched();
        Ok(())
    }

    /// Reports what is broken at the end.
    pub(super) fn finish(self, problems: &mut Problems) {
        problems.extend(self.broken.into_values().flatten().filter_map(|(_, problem)| problem));
    }

    fn note_mentions<'a>(&mut self, trial: &Trial, changed: impl Iterator<Item = &'a Key>) {
        for key in changed.filter(|key| matches!(key.kind, Kind::View | Kind::Trigger)) {
            let Some((_, sql)) = trial.catalog.text(key) else { continue };
            for name in significant(sql).filter_map(|token| Ident::from_token(&token)) {
                self.mentions.entry(name).or_default().insert(key.clone());
            }
        }
    }

    /// What was made or changed; views and triggers that name something that was made, changed or dropped, and those that
    /// name such views; and tables whose foreign keys point there.
    fn suspects(&self, trial: &Trial, delta: &Delta) -> BTreeSet<Key> {
        let mut suspects: BTreeSet<Key> = delta.objects().map(|(key, _)| key.clone()).collect();
        let mut names: Vec<Ident> = suspects.iter().map(|key| key.name.clone()).collect();
        while let Some(name) = names.pop() {
            for key in self.mentions.get(&name).into_iter().flatten() {
                if suspects.insert(key.clone()) && key.kind == Kind::View {
                    names.push(key.name.clone());
                }
            }
        }
        let tables = delta.objects().filter(|(key, _)| matches!(key.kind, Kind::Table | Kind::Index));
        let parents: BTreeSet<Ident> = tables.flat_map(|(key, table)| [key.name.clone(), table.clone()]).collect();
        let children = trial.catalog.family(&parents).into_iter().map(|name| Key { kind: Kind::Table, name });
        suspects.extend(children);
        suspects
    }
}

/// Whether the flaw is that of one of these views, which the object names.
fn is_caused_elsewhere(trial: &Trial, key: &Key, flaw: &Flaw, views: &BTreeSet<Ident>) -> bool {
    let (Flaw::Fails(message), Some((_, sql))) = (flaw, trial.catalog.text(key)) else { return false };
    let mut names = significant(sql).filter_map(|token| Ident::from_token(&token));
    !message.contains("circularly") && names.any(|name| name != key.name && views.contains(&name))
}

/// The flaw as a problem of the last of `scripts`, which brought it.
fn problem(trial: &Trial, scripts: &[Script], key: &Key, flaw: &Flaw, changed: &BTreeSet<&Key>) -> Problem {
    let Some((script, earlier)) = scripts.split_last() else { return Problem::at_path(flaw.rule(key), "") };
    let sql = &*script.up.text;
    let said = flaw.said();
    let mut problem = if let Some(range) = place::making(sql, key) {
        let meant = flaw.meant(&trial.conn, &sql[range.clone()]);
        let at = flaw.missing().and_then(|name| place::of_name(sql, &range, &name)).unwrap_or(range);
        let problem = Problem::at_text(flaw.rule(key), &script.up, at, said);
        match meant {
            Some(meant) => problem.helped(format!("did you mean `{meant}`? If not, {}", flaw.rule(key).help)),
            None => problem,
        }
    } else {
        let problem = match cause(trial, sql, key, flaw, changed) {
            Some(range) => Problem::at_text(flaw.rule(key), &script.up, range, format!("after this: {said}")),
            None => Problem::at_path(flaw.rule(key), &*script.up.path).noted(said),
        };
        let named = place::ups(earlier).find_map(|file| {
            let range = place::making(&file.text, key)?;
            let name = flaw.missing().and_then(|name| place::of_name(&file.text, &range, &name));
            Some((file, name.unwrap_or(range)))
        });
        match named {
            Some((file, range)) => problem.with(file, range, format!("{key} needs it here")),
            None => problem,
        }
    };
    problem.help = problem.help.or_else(|| flaw.help());
    problem.titled(flaw.title(key))
}

/// The last statement that drops or alters something which this object names.
fn cause(trial: &Trial, sql: &str, key: &Key, flaw: &Flaw, changed: &BTreeSet<&Key>) -> Option<Range<usize>> {
    let (_, text) = trial.catalog.text(key)?;
    let mentioned: BTreeSet<Ident> = significant(text).filter_map(|token| Ident::from_token(&token)).collect();
    let missing = flaw.missing();
    let changed = changed.iter().map(|key| &key.name).filter(|name| mentioned.contains(name));
    let names: BTreeSet<&Ident> = changed.chain(&missing).collect();
    statements(sql).into_iter().rev().find(|range| {
        let mut tokens = significant(&sql[range.clone()]);
        let first = tokens.next();
        first.is_some_and(|first| first.is("DROP") || first.is("ALTER"))
            && tokens.filter_map(|token| Ident::from_token(&token)).any(|name| names.contains(&name))
    })
}

/// What were problems until `script` came.
fn repaired(flaws: Vec<(Flaw, Option<Problem>)>, script: &Script) -> impl Iterator<Item = Problem> {
    flaws.into_iter().filter_map(|(_, problem)| problem).map(|problem| {
        let title = format!("{}, until {} repairs it", problem.title, script.label());
        problem.under(&rule::BROKEN_FOR_A_WHILE).titled(title)
    })
}

fn take(flaws: &mut Vec<(Flaw, Option<Problem>)>, flaw: &Flaw) -> Option<(Flaw, Option<Problem>)> {
    let at = flaws.iter().position(|(known, _)| known == flaw)?;
    Some(flaws.swap_remove(at))
}
