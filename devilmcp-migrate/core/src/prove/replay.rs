//! Every migration up, down and up again, on a real SQLite in memory, with rows in the tables.

use std::collections::BTreeSet;

use super::culprit;
use super::delta::{Change, Delta};
use super::entry::Rows;
use super::explain::explain;
use super::failure::{self, Verdict};
use super::loss;
use super::proof::Proof;
use super::references::References;
use super::trial::{Trial, latest};
use super::{breaking, example, probe, reversal};
use crate::authorizer::may_be_denied;
use crate::hazard::Hazard;
use crate::lint::{self, Course, Levels};
use crate::place;
use crate::problem::{Problem, Problems};
use crate::rule;
use crate::run::{Failure, message};
use crate::schema::name::Ident;
use crate::script::Script;
use crate::sequence::Sequence;
use crate::standing::Standing;

/// Runs every migration of `sequence` as the server will, and each way back; none if something does not work.
pub fn replay(sequence: &Sequence, problems: &mut Problems) -> Option<Proof> {
    judge(sequence, Levels::SILENT, problems)
}

/// The same, and lets the lints say what they have to say of migrations that work.
pub fn judge(sequence: &Sequence, levels: Levels, problems: &mut Problems) -> Option<Proof> {
    let scripts = sequence.scripts();
    let start = start(scripts);
    if let (Err(error), Some((_, checkpoint))) = (&start, latest(scripts)) {
        problems.push(checkpoint.unused(&format!("SQLite does not make it: {}", message(error))));
        let mut whole = sequence.clone();
        whole.start_from(None);
        return judge(&whole, levels, problems);
    }
    match start.and_then(|(trial, changes)| trial.all(scripts, changes, levels, problems)) {
        Ok(proof) => proof,
        Err(error) => {
            // Not a statement of theirs but one of ours: SQLite itself does not work here.
            let title = format!("SQLite cannot be used to try the migrations: {}", message(&error));
            let path = sequence.scripts().first().map_or("", |script| &*script.up.path);
            problems.push(Problem::at_path(&rule::FAILS, path).titled(title).helped("report this as a defect"));
            None
        }
    }
}

/// The database before the first migration that has to be run, and how those before it change the schema.
fn start(scripts: &[Script]) -> rusqlite::Result<(Trial, Vec<Vec<Change>>)> {
    let Some((at, checkpoint)) = latest(scripts) else { return Ok((Trial::new()?, Vec::new())) };
    let trial = if at + 1 < scripts.len() {
        Trial::after(&scripts[..=at])?
    } else {
        // Nobody will ask for more than what is there in the end.
        let trial = Trial::new()?;
        trial.resume(checkpoint)?;
        trial
    };
    Ok((trial, Vec::clone(checkpoint.changes())))
}

/// The database after all of `scripts`, which have worked before, and how they change the schema: all of it as SQLite says,
/// and nothing as it was foretold.
pub(super) fn asked(scripts: &[Script]) -> rusqlite::Result<(Trial, Vec<Vec<Change>>)> {
    let (mut trial, mut changes) = start(scripts)?;
    trial.catalog.ask();
    let left = &scripts[changes.len()..];
    changes.extend(trial.steps(left)?);
    Ok((trial, changes))
}

/// How trying one migration ended.
enum Outcome {
    /// It works, and this is what it does.
    Applied(Vec<Change>, Delta),
    /// It fails, and nothing after it can be tried.
    Broken(Failure),
    /// It fails with the rows that are there.
    FailsWithRows(Failure),
}

impl Trial {
    /// Runs those of `scripts` that have not been run, and of which it is not known how they change the schema.
    fn all(
        mut self,
        scripts: &[Script],
        mut changes: Vec<Vec<Change>>,
        levels: Levels,
        problems: &mut Problems,
    ) -> rusqlite::Result<Option<Proof>> {
        let mut references = References::default();
        let mut course = Course::default();
        let mut summary = None;
        let drafts = scripts.iter().position(|script| script.standing == Standing::Draft).unwrap_or(scripts.len());
        for (at, script) in scripts[..drafts].iter().enumerate().skip(changes.len()) {
            match self.shipped(script, problems)? {
                Ok(what) => changes.push(what),
                Err(failure) => return Ok(self.give_up(&scripts[at..], &failure, problems)),
            }
        }
        if drafts > 0 && drafts < scripts.len() {
            if !self.catalog.agrees(&Rows::all().read(&self.conn)?) {
                (self, changes) = asked(&scripts[..drafts])?;
            }
            summary = self.summary(&scripts[..drafts]);
            references.accept(&self)?;
            self.fill_all();
            self.recover(&scripts[..drafts])?;
        }
        for (at, script) in scripts.iter().enumerate().skip(drafts) {
            let mut outcome = self.one(&scripts[..=at], &mut references, problems)?;
            if let Outcome::FailsWithRows(failure) = outcome {
                let verdict = failure::judge(&scripts[..=at], failure)?;
                let like = match &verdict {
                    Verdict::Hazard(failure, ..) => breaking::row(&self.conn, &script.up, failure),
                    Verdict::Broken(_) | Verdict::Undecided => None,
                };
                // Whoever is to blame, the migration is tried without rows, and the next one with new ones.
                let is_off = self.population.is_off;
                self = Self::after(&scripts[..at])?;
                self.population.is_off = true;
                if let Verdict::Hazard(failure, rule, hazard, rows) = &verdict {
                    problems.extend(failure::problem(rule, *hazard, &scripts[..=at], failure, rows, like));
                }
                outcome = match verdict {
                    Verdict::Broken(failure) => Outcome::Broken(failure),
                    Verdict::Undecided | Verdict::Hazard(..) => self.one(&scripts[..=at], &mut references, problems)?,
                };
                self.population.is_off = is_off;
                self.fill_all();
                self.recover(&scripts[..=at])?;
            }
            match outcome {
                Outcome::Applied(what, delta) => {
                    example::check(&scripts[..=at], problems)?;
                    changes.push(what);
                    delta.note(at, &mut course);
                }
                Outcome::Broken(failure) | Outcome::FailsWithRows(failure) => {
                    return Ok(self.give_up(&scripts[at..], &failure, problems));
                }
            }
        }
        references.finish(problems);
        if problems.has_errors() {
            return Ok(None);
        }
        let rows = Rows::all().read(&self.conn)?;
        if drafts == scripts.len() && !self.catalog.agrees(&rows) {
            (self, changes) = asked(scripts)?;
        }
        if drafts == scripts.len() {
            summary = self.summary(scripts);
        }
        let schema = self.catalog.schema(&rows);
        lint::judge(scripts, &course, &schema, levels, problems);
        Ok(Some(Proof { changes: changes.into(), fingerprint: schema.fingerprint(), schema: Some(schema), summary }))
    }

    /// Runs a migration that has shipped, and no more than that: it is not judged. Of its way back it is only seen to that it
    /// could be run at all.
    fn shipped(&mut self, script: &Script, problems: &mut Problems) -> rusqlite::Result<Result<Vec<Change>, Failure>> {
        let changes = match self.step(script)? {
            Ok(changes) => changes,
            Err(failure) => return Ok(Err(failure)),
        };
        if let Some(down) = script.down.as_ref().filter(|down| may_be_denied(&down.text)) {
            let faults = self.faults(script, down);
            let denied = faults.iter().filter(|fault| fault.denial.is_some());
            problems.extend(denied.map(|fault| explain(&self.conn, &rule::DOWN_FAILS, down, fault)));
        }
        self.watch.take_touched();
        Ok(Ok(changes))
    }

    /// Reports the failure of the first of `scripts`, and what can be told of the others.
    fn give_up(&self, scripts: &[Script], failure: &Failure, problems: &mut Problems) -> Option<Proof> {
        if let Some(script) = scripts.first() {
            problems.push(explain(&self.conn, &rule::FAILS, &script.up, failure));
            self.check_the_rest(scripts, failure, problems);
        }
        None
    }

    /// Tries the last of `scripts`, and its way back. Afterwards it is applied, and tables have new rows.
    fn one(
        &mut self,
        scripts: &[Script],
        references: &mut References,
        problems: &mut Problems,
    ) -> rusqlite::Result<Outcome> {
        let Some(script) = scripts.last() else { return Ok(Outcome::Applied(Vec::new(), Delta::default())) };
        let provoked = probe::try_out(self, scripts)?;
        if let Err(failure) = self.run(&script.up, script.mode()) {
            let is_empty = self.contents.is_empty();
            return Ok(if is_empty { Outcome::Broken(failure) } else { Outcome::FailsWithRows(failure) });
        }
        if let Some(provoked) = provoked
            && let Some((rule, hazard)) = failure::hazard(&provoked.failure, &script.up)
        {
            problems.extend(failure::problem(rule, hazard, scripts, &provoked.failure, &provoked.rows, provoked.like));
        }
        let effect = self.follow()?;
        let changes = effect.delta.changes(&self.catalog);
        let losses = loss::losses(&effect.before, &self.contents, &effect.touched);
        loss::report(scripts, &losses, problems)?;
        let has_orphans = self.report_dangling(scripts, &effect.touched, problems)?;
        references.check(self, &effect.delta, scripts, problems)?;
        if script.directives.baseline.is_some() && !self.is_idempotent(script, &effect.touched, problems)? {
            self.renew(scripts)?;
            return Ok(Outcome::Applied(changes, effect.delta));
        }
        let mut touched = effect.touched.clone();
        match &script.down {
            // VACUUM may give rows other numbers than those they are known by.
            None if !script.mode().is_atomic() => self.renew(scripts)?,
            None => self.refill(&touched),
            Some(down) => match reversal::check(self, scripts, down, &effect, &losses, problems)? {
                reversal::Outcome::Restored(more) if script.mode().is_atomic() => {
                    touched.extend(more);
                    self.refill(&touched);
                }
                // The schema may not be what the migrations made, so the next one is tried on one that is.
                reversal::Outcome::Restored(_) | reversal::Outcome::Spoiled => self.renew(scripts)?,
            },
        }
        if has_orphans {
            // What the next one does to rows that should not be there is not its fault.
            self.renew(scripts)?;
        }
        self.recover(scripts)?;
        Ok(Outcome::Applied(changes, effect.delta))
    }

    /// Whether there are more rows whose foreign keys point at nothing than before.
    fn report_dangling(
        &mut self,
        scripts: &[Script],
        touched: &BTreeSet<Ident>,
        problems: &mut Problems,
    ) -> rusqlite::Result<bool> {
        let Some(script) = scripts.last().filter(|_| !self.contents.is_empty()) else { return Ok(false) };
        // Altogether: a table that was renamed has the rows that the old one had.
        let family = self.catalog.family(touched);
        let before: usize = family.iter().filter_map(|name| self.dangling.get(name)).sum();
        let after: Vec<(&Ident, usize)> =
            family.iter().map(|name| (name, failure::dangling(&self.conn, name.as_str()))).collect();
        let has_more = after.iter().map(|(_, count)| count).sum::<usize>() > before;
        if has_more && !script.directives.allow(Hazard::ForeignKey) {
            let mut problem = match culprit::statement_that_orphans(scripts)? {
                Some(range) => {
                    Problem::at_text(&rule::DANGLING_ROWS, &script.up, range, "after this, rows point at nothing")
                }
                None => Problem::at_path(&rule::DANGLING_ROWS, &*script.up.path),
            };
            let more: Vec<_> = after
                .into_iter()
                .filter(|(name, count)| *count > self.dangling.get(name).copied().unwrap_or(0))
                .collect();
            for (name, _) in more.iter().take(2) {
                let columns = failure::dangling_columns(&self.conn, name.as_str());
                if let Some((file, range)) = place::declaration(place::ups(scripts), name, columns.first()) {
                    problem = problem.with(file, range, "by this foreign key");
                }
            }
            let more = more.into_iter();
            problem.notes.extend(more.map(|(name, count)| {
                let parents = failure::missed_parents(&self.conn, name.as_str());
                format!("table `{name}`: {count} of the rows that were tried point at no row of {}", parents.join(", "))
            }));
            problems.push(problem);
        }
        self.watch.take_touched();
        Ok(has_more)
    }

    /// Runs a baseline over what it has made, with rows in it, as it is run over a database that existed before.
    fn is_idempotent(
        &mut self,
        script: &Script,
        touched: &BTreeSet<Ident>,
        problems: &mut Problems,
    ) -> rusqlite::Result<bool> {
        self.refill(touched);
        if let Err(failure) = self.run(&script.up, script.mode()) {
            let is_to_blame = failure::hazard(&failure, &script.up).is_some();
            if is_to_blame || Self::after(std::slice::from_ref(script))?.run(&script.up, script.mode()).is_err() {
                problems.push(explain(&self.conn, &rule::BASELINE_NOT_IDEMPOTENT, &script.up, &failure));
            }
            return Ok(false);
        }
        let again = self.follow()?;
        let changes = again.delta.changes(&self.catalog);
        let losses = loss::losses(&again.before, &self.contents, &again.touched);
        let altered = changes.iter().map(|change| format!("run again, it changes {}", change.key));
        let lost = losses.iter().map(|loss| format!("run again over rows, {loss}"));
        let notes: Vec<String> = altered.chain(lost).collect();
        if notes.is_empty() {
            return Ok(true);
        }
        let rule = &rule::BASELINE_NOT_IDEMPOTENT;
        let mut problem = match culprit::statement_that_changes(script)? {
            Some(range) => Problem::at_text(rule, &script.up, range, "run again, this changes what is there"),
            None => Problem::at_path(rule, &*script.up.path),
        };
        problem.notes = notes;
        problems.push(problem);
        Ok(false)
    }

    /// After a failure only what is wrong in itself is reported, so that one mistake stays one.
    fn check_the_rest(&self, scripts: &[Script], failure: &Failure, problems: &mut Problems) {
        for (at, script) in scripts.iter().enumerate() {
            for file in std::iter::once(&script.up).chain(&script.down) {
                let known = |other: &Failure| at == 0 && *file == script.up && other.range.start <= failure.range.start;
                for fault in self.faults(script, file).iter().filter(|fault| !known(fault)) {
                    let rule = if *file == script.up { &rule::FAILS } else { &rule::DOWN_FAILS };
                    problems.push(explain(&self.conn, rule, file, fault));
                }
            }
        }
    }
}
