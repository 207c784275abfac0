//! Answers as JSON.

use std::path::Path;

use devilmcp_migrate_core::lint::Lint;
use devilmcp_migrate_core::position::line_and_column;
use devilmcp_migrate_core::problem::{Label, Place, Problem};
use serde_json::{Value, json};

use super::failure::Failure;
use super::health::Health;
use super::outline::Outline;
use super::verb::was;
use crate::backup::Restored;
use crate::claim::Claim;
use crate::difference::Difference;
use crate::error::Error;
use crate::fleet;
use crate::foreign_keys::Violation;
use crate::plan::{Plan, Segment, Step};
use crate::report::Report;
use crate::status::{Applied, Status};

pub(super) fn version(status: &Status) -> Value {
    json!({ "version": status.current(), "name": status.current_name(), "latest": Some(status.latest()).filter(|latest| *latest > 0) })
}

pub(super) fn status(status: &Status) -> Value {
    json!({
        "version": status.current(),
        "name": status.current_name(),
        "latest": status.latest(),
        "is_latest": status.is_latest(),
        "applied": status.applied().iter().map(applied).collect::<Vec<_>>(),
        "pending": status.pending().iter().map(step).collect::<Vec<_>>(),
        "segments": status.segments().map(segment).collect::<Vec<_>>(),
        "drift": status.drift().iter().map(difference).collect::<Vec<_>>(),
        "claim": status.claim().map(claim),
        "refusal": status.refusal().map(refused),
        "other_histories": status.other_histories(),
    })
}

/// Where a database stands whose migrations are not here, and what stops the way back, if anything does.
pub(super) fn kept(status: &Status, barrier: Option<&Applied>, refusal: Option<&Error>) -> Value {
    json!({
        "version": status.current(),
        "name": status.current_name(),
        "applied": status.applied().iter().map(applied).collect::<Vec<_>>(),
        "back_to": barrier.map(Applied::number),
        "other_histories": status.other_histories(),
        "claim": status.claim().map(claim),
        "refusal": refusal.map(refused),
    })
}

pub(super) fn health(health: &Health) -> Value {
    json!({
        "in_order": health.is_in_order(),
        "version": health.status.current(),
        "name": health.status.current_name(),
        "history": health.refusal().map(refused),
        "schema": health.schema.as_str(),
        "drift": health.status.drift().iter().map(difference).collect::<Vec<_>>(),
        "violations": health.violations.iter().map(violation).collect::<Vec<_>>(),
        "mismatches": health.mismatches,
        "damage": health.damage,
    })
}

pub(super) fn applied(applied: &Applied) -> Value {
    json!({
        "version": applied.number(),
        "name": applied.name(),
        "applied_at": applied.applied_at(),
        "duration_us": applied.duration_us(),
        "app_version": applied.app_version(),
        "adopted": applied.is_adopted(),
        "reversible": applied.is_reversible(),
    })
}

fn violation(violation: &Violation) -> Value {
    json!({
        "table": violation.table(),
        "row": violation.row(),
        "parent": violation.parent(),
        "message": violation.to_string(),
    })
}

fn refused(refusal: &Error) -> Value {
    error(&format!("{:?}", refusal.kind()), Outline::of(refusal))
}

pub(super) fn plan(plan: &Plan) -> Value {
    json!({
        "from": plan.current(),
        "steps": plan.steps().iter().map(step).collect::<Vec<_>>(),
        "segments": plan.segments().map(segment).collect::<Vec<_>>(),
    })
}

pub(super) fn report(report: &Report) -> Value {
    let done = report.done().iter().map(|done| {
        json!({
            "version": done.number(),
            "name": done.name(),
            "action": was(done.action()),
            "duration_us": u64::try_from(done.duration().as_micros()).unwrap_or(u64::MAX),
        })
    });
    json!({
        "from": report.from(),
        "to": report.to(),
        "done": done.collect::<Vec<_>>(),
        "violations": report.violations().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "drift": report.drift().iter().map(difference).collect::<Vec<_>>(),
        "newer": report.is_newer(),
        "backup": report.backup().map(Path::to_string_lossy),
        "retention_failure": report.retention_failure(),
    })
}

/// Numbers, and what failed.
pub(super) fn fleet(report: &fleet::Report) -> Value {
    let failures = report
        .failures()
        .iter()
        .map(|failure| json!({ "path": failure.path().to_string_lossy(), "error": refused(failure.error()) }));
    let skipped = report.skipped().iter().filter(|skipped| !skipped.is_beside());
    json!({
        "all": report.all(),
        "upgraded": report.upgraded(),
        "unchanged": report.unchanged(),
        "failed": report.failures().len(),
        "left": report.left(),
        "failures": failures.collect::<Vec<_>>(),
        "skipped": skipped.map(|skipped| skipped.path().to_string_lossy()).collect::<Vec<_>>(),
    })
}

pub(super) fn restored(restored: &Restored) -> Value {
    json!({
        "version": restored.version(),
        "name": restored.name(),
        "saved": restored.saved().map(Path::to_string_lossy),
    })
}

pub(super) fn failure(failure: &Failure) -> Value {
    json!({ "error": error(&failure.kind(), failure.outline()) })
}

pub(super) fn problems(problems: &[Problem]) -> Value {
    problems.iter().map(problem).collect()
}

fn problem(problem: &Problem) -> Value {
    let Problem { rule, level: _, title, place, beside, help, notes } = problem;
    let place = match place {
        Place::Path(path) => json!({ "path": path, "line": null, "column": null, "label": null }),
        Place::Text(label) => labelled(label),
    };
    json!({
        "code": rule.code,
        "level": problem.level.name(),
        "lint": Lint::of(rule).map(Lint::name),
        "title": title,
        "path": place["path"],
        "line": place["line"],
        "column": place["column"],
        "label": place["label"],
        "beside": beside.iter().map(labelled).collect::<Vec<_>>(),
        "notes": notes,
        "help": help.as_deref().unwrap_or(rule.help),
    })
}

fn labelled(label: &Label) -> Value {
    let (line, column) = line_and_column(&label.file.text, label.range.start);
    json!({ "path": *label.file.path, "line": line, "column": column, "label": label.text })
}

fn step(step: &Step) -> Value {
    let action = format!("{:?}", step.action()).to_lowercase();
    json!({ "version": step.number(), "name": step.name(), "action": action, "hooks": step.has_hooks() })
}

pub(super) fn difference(difference: &Difference) -> Value {
    json!({
        "object": difference.object(),
        "name": difference.name(),
        "column": difference.column(),
        "expected": difference.expected(),
        "found": difference.found(),
        "message": difference.to_string(),
    })
}

fn claim(claim: &Claim) -> Value {
    json!({
        "version": claim.number(),
        "name": claim.name(),
        "action": format!("{:?}", claim.action()).to_lowercase(),
        "process": claim.process(),
        "since": claim.since(),
        "app_version": claim.app_version(),
    })
}

fn segment(segment: Segment<'_>) -> Value {
    let versions: Vec<i64> = segment.steps().iter().map(Step::number).collect();
    json!({
        "versions": versions,
        "atomic": segment.is_atomic(),
        "foreign_keys": segment.enforces_foreign_keys(),
    })
}

fn error(kind: &str, outline: Outline) -> Value {
    let Outline { message, details } = outline;
    json!({ "kind": kind, "message": message, "details": details })
}
