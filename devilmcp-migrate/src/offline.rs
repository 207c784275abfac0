//! A plan as one script, for whoever may not or will not run the program: the statements that it would run, and those by which it
//! recognises what was done.

use std::fmt::Write as _;

use devilmcp_migrate_core::digest::Digest;
use devilmcp_migrate_core::token::{Kind, tokens};

use crate::embedded::Embedded;
use crate::error::Error;
use crate::header::{UNPROVED, tag};
use crate::ledger::{self, Record};
use crate::plan::{Action, Plan, Step};
use crate::printable::printable;
use crate::recording;

/// Writes down a plan for a database with this history; `owns_tag` if what is in its header is known to be ours.
pub(crate) fn script(embedded: &Embedded, history: &[Record], plan: &Plan, owns_tag: bool) -> Result<String, Error> {
    let mut history = history.to_vec();
    let mut is_made = !history.is_empty();
    let mut sql = HEAD.to_owned();
    let count = plan.segments().count();
    for (at, segment) in plan.segments().enumerate() {
        let switch = if segment.enforces_foreign_keys() { "ON" } else { "OFF" };
        let _ = writeln!(sql, "\nPRAGMA foreign_keys = {switch};");
        if segment.is_atomic() {
            sql.push_str("BEGIN IMMEDIATE;\n");
        }
        match history.last() {
            Some(last) => guard(&mut sql, embedded.table, last),
            // If it is there, this fails.
            None if segment.is_atomic() => ledger(&mut sql, embedded.table, &mut is_made),
            None => {}
        }
        for step in segment.steps() {
            heading(&mut sql, step);
            sql.push_str(&terminated(&step.standing.kept(&step.sql)));
            if !segment.is_atomic() {
                sql.push_str("BEGIN IMMEDIATE;\n");
                ledger(&mut sql, embedded.table, &mut is_made);
            }
            record(&mut sql, embedded, &mut history, step)?;
        }
        if at + 1 == count {
            end(&mut sql, embedded.table, history.last(), owns_tag);
        }
        sql.push_str("COMMIT;\n");
    }
    Ok(sql)
}

fn ledger(sql: &mut String, table: &str, is_made: &mut bool) {
    if !std::mem::replace(is_made, true) {
        let _ = writeln!(sql, "{};", ledger::making(table));
    }
}

/// Fails unless the database is where the script begins.
fn guard(sql: &mut String, table: &str, last: &Record) {
    let (at, history) = (last.number, blob(last.history));
    let _ = writeln!(
        sql,
        "CREATE TEMP TABLE stands (at_{at:04} CHECK (at_{at:04} = 1));\n\
         INSERT INTO stands SELECT count(*) FROM {table} WHERE version = {at} AND history = {history}\n\
         \x20   AND version = (SELECT max(version) FROM {table});\n\
         DROP TABLE stands;",
    );
}

fn heading(sql: &mut String, step: &Step) {
    let what = match step.action {
        Action::Apply => "apply",
        Action::Adopt => "adopt",
        Action::Revert => "undo",
    };
    let _ = writeln!(sql, "\n-- {what} {}", printable(&step.label()));
    if step.has_hooks {
        sql.push_str("-- Here the program runs code of its own, which is not in this script.\n");
    }
}

fn record(sql: &mut String, embedded: &Embedded, history: &mut Vec<Record>, step: &Step) -> Result<(), Error> {
    if step.action == Action::Revert {
        history.pop();
        let _ = writeln!(sql, "\nDELETE FROM {} WHERE version = {};", embedded.table, step.number);
        return Ok(());
    }
    for record in recording::records(embedded, history, step.number)? {
        let Record { number, name, digest, history: of, down, app_version, .. } = &record;
        let optional = |value: &Option<String>| value.as_deref().map_or_else(|| "NULL".to_owned(), text);
        let (down, app_version) = (optional(down), optional(app_version));
        let is_adopted = i32::from(step.action == Action::Adopt);
        let _ = writeln!(
            sql,
            "\nINSERT INTO {} VALUES ({number}, {}, {}, {}, {down},\n\
             \x20   strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 0, {app_version}, {UNPROVED}, {is_adopted});",
            embedded.table,
            text(name),
            blob(*digest),
            blob(*of),
        );
        history.push(record);
    }
    Ok(())
}

/// Where everything is undone, there is no history. The next start compares, and notes what it has found.
fn end(sql: &mut String, table: &str, last: Option<&Record>, owns_tag: bool) {
    if last.is_none() {
        let _ = writeln!(sql, "DROP TABLE {table};");
    }
    if owns_tag {
        let tag = last.map_or(0, |last| tag(last.history, UNPROVED));
        let _ = writeln!(sql, "PRAGMA user_version = {tag};");
    }
}

/// A script to which another can be added.
fn terminated(script: &str) -> String {
    let script = script.trim_end();
    let last = tokens(script).filter(|token| token.kind != Kind::Space).last();
    let is_ended = tokens(script)
        .filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment))
        .last()
        .is_none_or(|token| token.kind == Kind::Semicolon);
    let gap = if last.is_some_and(|last| last.kind == Kind::Comment) { "\n" } else { "" };
    format!("{script}{}\n", if is_ended { String::new() } else { format!("{gap};") })
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn blob(digest: Digest) -> String {
    digest.0.iter().fold("x'".to_owned(), |blob, byte| format!("{blob}{byte:02x}")) + "'"
}

const HEAD: &str =
    "-- Run it with `sqlite3 -bail FILE`, which ends at the first error, and undoes what is not committed.
-- Foreign keys are not checked by it: `PRAGMA foreign_key_check` does that.
";
