//! What scripts set by pragmas, of which not all is written down.

use super::dump::SETTINGS;
use super::unprovable::Unprovable;
use crate::run::kept;
use crate::script::Script;
use crate::token::{Token, significant, without_schema};

/// Finds a pragma that may leave the connection in a state that no checkpoint carries on.
pub(super) fn check(scripts: &[Script]) -> Result<(), Unprovable> {
    let sets = |script: &&Script| {
        let text = &script.up.text;
        kept(text, script.standing).any(|range| sets_pragma(&text[range]))
    };
    scripts.iter().find(sets).map_or(Ok(()), |script| Err(Unprovable::Pragma(script.label())))
}

/// Whether it may set one that no checkpoint carries on. Some are set when the statement is prepared: `EXPLAIN` is no help.
fn sets_pragma(statement: &str) -> bool {
    let mut tokens =
        significant(statement).skip_while(|token| ["EXPLAIN", "QUERY", "PLAN"].iter().any(|word| token.is(word)));
    if !tokens.next().is_some_and(|first| first.is("PRAGMA")) {
        return false;
    }
    let words: Vec<Token<'_>> = tokens.take(3).collect();
    !without_schema(&words).first().is_some_and(|name| SETTINGS.iter().chain(&READING).any(|known| name.is(known)))
}

/// Pragmas that set nothing.
const READING: [&str; 12] = [
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
    "user_version",
];
