//! What cannot be done on a server, said before anything is done.

use devilmcp_migrate_core::position::line_and_column;
use devilmcp_migrate_core::run;
use devilmcp_migrate_core::token::{Token, significant, without_schema};

use crate::error::{Error, Inner};
use crate::order::Options;
use crate::plan::{Plan, Step};

/// Refuses what a caller has chosen and a server cannot do.
pub(super) fn options(options: &Options<'_>) -> Result<(), Error> {
    if options.backup.is_some() {
        return Err(refused("a backup".to_owned(), "its files are the server's, which has backups of its own"));
    }
    Ok(())
}

/// Refuses what a server does not run in a transaction, or at all.
pub(super) fn plan(plan: &Plan) -> Result<(), Error> {
    plan.steps.iter().try_for_each(step)
}

fn step(step: &Step) -> Result<(), Error> {
    let subject = || format!("{} {}", step.direction(), step.label());
    if step.has_hooks {
        return Err(refused(
            format!("the hook of {}", step.label()),
            "it is code of this program's, and the rows are there",
        ));
    }
    if !step.mode.is_atomic() {
        return Err(refused(subject(), "it runs outside of a transaction"));
    }
    for range in run::kept(&step.sql, step.standing) {
        if let Some(reason) = reason(&step.sql[range.clone()]) {
            let (line, column) = line_and_column(&step.sql, range.start);
            return Err(refused(format!("{}, line {line}, column {column},", subject()), &reason));
        }
    }
    Ok(())
}

fn refused(subject: String, reason: &str) -> Error {
    Inner::NotOnServer { subject, reason: reason.to_owned() }.into()
}

/// Why a server does not run a statement; none if it does.
fn reason(statement: &str) -> Option<String> {
    let tokens: Vec<Token<'_>> = significant(statement).collect();
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
    let first = tokens.first()?.text.to_ascii_uppercase();
    if is(0, &["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"]) {
        return Some(format!("{first} would end or nest the transaction"));
    }
    if is(0, &["ANALYZE", "ATTACH", "DETACH", "VACUUM"]) {
        return Some(format!("it refuses {first}"));
    }
    if is(0, &["PRAGMA"]) {
        let name = without_schema(&tokens[1..]).first()?.text.to_ascii_lowercase();
        return (!PRAGMAS.contains(&name.as_str())).then(|| format!("it refuses PRAGMA {name}"));
    }
    let is_temporary = |pair: &[Token<'_>]| pair[0].is("TEMP") && pair[1].is_operator(".");
    if (is(0, &["CREATE"]) && is(1, &["TEMP", "TEMPORARY"])) || tokens.windows(2).any(is_temporary) {
        return Some(
            "it keeps no temporary tables, views and triggers: let it be one that is dropped again".to_owned(),
        );
    }
    None
}

/// Those that it takes, and that are a migration's to say.
const PRAGMAS: [&str; 10] = [
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_info",
    "table_xinfo",
];

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn what_a_server_does_not_run_is_known_by_its_words() {
        for statement in [
            "VACUUM",
            "analyze notes",
            "ATTACH 'a' AS b",
            "COMMIT",
            "savepoint a",
            "PRAGMA main.legacy_alter_table = ON",
            "PRAGMA optimize",
            "CREATE TEMP TABLE a (b)",
            "create temporary view a as select 1",
            "CREATE TABLE temp.a (b)",
        ] {
            assert!(reason(statement).is_some(), "{statement}");
        }
        for statement in [
            "PRAGMA defer_foreign_keys = ON",
            "PRAGMA main.foreign_key_check('a')",
            "CREATE TRIGGER a AFTER INSERT ON b BEGIN DELETE FROM c; END",
            "CREATE TABLE temp (vacuum)",
            "REINDEX",
        ] {
            assert_eq!(reason(statement), None, "{statement}");
        }
    }
}
