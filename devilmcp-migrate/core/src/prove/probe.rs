//! Rows that are only tried on migrations that may not like them: duplicates where uniqueness is new, values of another type
//! where types become strict.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;

use super::replay::Replay;
use crate::run::Failure;
use crate::schema::name::Ident;
use crate::schema::table::{Constraint, Rule, Table};
use crate::script::Script;
use crate::token::{Kind, significant};

/// A failure that only such rows provoke, and what they are like.
pub(super) struct Provoked {
    pub(super) failure: Failure,
    pub(super) rows: String,
}

/// Tries `script` with such rows, and leaves everything as it was.
pub(super) fn try_out(replay: &mut Replay, script: &Script) -> rusqlite::Result<Option<Provoked>> {
    let words: BTreeSet<Ident> = significant(&script.up.text).filter_map(|token| Ident::from_token(&token)).collect();
    let is_keyword = |word: &str| significant(&script.up.text).any(|token| token.kind == Kind::Word && token.is(word));
    let tables = replay.catalog.tables(words.iter());
    if is_keyword("UNIQUE")
        && let Some(provoked) = with_rows(replay, script, &tables, add_duplicate, "UNIQUE constraint failed")?
    {
        return Ok(Some(provoked));
    }
    if is_keyword("STRICT") {
        return with_rows(replay, script, &tables, add_misfit, "cannot store");
    }
    Ok(None)
}

/// Adds a row to a table and says what it is like.
type Add = fn(&mut Replay, &Ident, &Table) -> Option<String>;

fn with_rows(
    replay: &mut Replay,
    script: &Script,
    tables: &BTreeMap<Ident, Table>,
    add: Add,
    message: &str,
) -> rusqlite::Result<Option<Provoked>> {
    replay.conn.execute_batch("SAVEPOINT probe")?;
    let rows: Vec<String> = tables.iter().filter_map(|(name, table)| add(replay, name, table)).collect();
    let outcome = if rows.is_empty() { Ok(()) } else { replay.run(&script.up) };
    replay.conn.execute_batch("ROLLBACK TO probe; RELEASE probe")?;
    replay.watch.take_touched();
    let provoked = outcome.err().filter(|failure| failure.message().contains(message));
    Ok(provoked.map(|failure| Provoked { failure, rows: rows.join("; ") }))
}

/// Two rows that are alike in every column that may be so.
fn add_duplicate(replay: &mut Replay, name: &Ident, table: &Table) -> Option<String> {
    let unique = replay.catalog.unique_columns(name, table);
    let alike: Vec<Ident> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none() && !unique.contains(&column.name))
        .map(|column| column.name.clone())
        .collect();
    let added = !alike.is_empty() && replay.population.copy(&replay.conn, name, table, &alike);
    let names: Vec<String> = alike.iter().map(|column| format!("`{column}`")).collect();
    added.then(|| format!("two rows of `{name}` with the same {}", names.join(", ")))
}

/// A row with text where the type says number.
fn add_misfit(replay: &mut Replay, name: &Ident, table: &Table) -> Option<String> {
    if table.strict {
        return None;
    }
    let is_constrained = |column: &Ident| {
        table.constraints.iter().any(|Constraint { rule, .. }| match rule {
            Rule::PrimaryKey { terms, .. } | Rule::Unique(terms) => {
                terms.iter().any(|term| term.expression.as_str().eq_ignore_ascii_case(column.as_str()))
            }
            Rule::ForeignKey { columns, .. } => columns.contains(column),
            Rule::Check(_) => false,
        })
    };
    let column = table.columns.iter().find(|column| {
        let numeric = ["INT", "REAL", "FLOA", "DOUB"].iter().any(|word| column.declared_type.contains(word));
        numeric && column.generated.is_none() && !is_constrained(&column.name)
    })?;
    let fixed = [(column.name.clone(), Value::Text("a word".to_owned()))];
    let added = replay.population.add(&replay.conn, name, table, &fixed);
    added.then(|| format!("a row of `{name}` with text in `{}`", column.name))
}
