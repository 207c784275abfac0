//! Rows that are only tried on migrations that may not like them: duplicates where uniqueness is new, values of another type
//! where types become strict.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rusqlite::types::Value;

use super::breaking::{self, Breaking};
use super::trial::Trial;
use crate::run::Failure;
use crate::schema::name::Ident;
use crate::schema::table::{Constraint, Rule, Table};
use crate::script::Script;
use crate::token::{Kind, significant};

/// A failure that only such rows provoke, and what they are like.
pub(super) struct Provoked {
    pub(super) failure: Failure,
    pub(super) rows: String,
    /// One of them.
    pub(super) like: Option<Breaking>,
}

/// Tries the last of `scripts` with such rows, and leaves everything as it was.
pub(super) fn try_out(trial: &mut Trial, scripts: &[Script]) -> rusqlite::Result<Option<Provoked>> {
    // What is run outside of a transaction cannot be taken back.
    let Some((script, earlier)) = scripts.split_last().filter(|(script, _)| script.mode().is_atomic()) else {
        return Ok(None);
    };
    let text = script.up.text.to_ascii_uppercase();
    if !text.contains("UNIQUE") && !text.contains("STRICT") {
        return Ok(None);
    }
    let is_keyword = |word: &str| significant(&script.up.text).any(|token| token.kind == Kind::Word && token.is(word));
    let words: BTreeSet<Ident> = significant(&script.up.text).filter_map(|token| Ident::from_token(&token)).collect();
    let tables = trial.catalog.tables(words.iter());
    if is_keyword("UNIQUE")
        && let Some(provoked) = with_rows(trial, script, earlier, &tables, add_duplicate, "UNIQUE constraint failed")?
    {
        return Ok(Some(provoked));
    }
    if is_keyword("STRICT") {
        return with_rows(trial, script, earlier, &tables, add_misfit, "cannot store");
    }
    Ok(None)
}

/// Adds a row to a table and says what it is like.
type Add = fn(&mut Trial, &Ident, &Table) -> Option<String>;

fn with_rows(
    trial: &mut Trial,
    script: &Script,
    earlier: &[Script],
    tables: &BTreeMap<Ident, Rc<Table>>,
    add: Add,
    message: &str,
) -> rusqlite::Result<Option<Provoked>> {
    trial.enter(script.mode())?;
    trial.conn.execute_batch("SAVEPOINT probe")?;
    let rows: Vec<String> = tables.iter().filter_map(|(name, table)| add(trial, name, table)).collect();
    let outcome = if rows.is_empty() { Ok(()) } else { trial.execute(&script.up) };
    let like = outcome.as_ref().err().and_then(|failure| breaking::row(&trial.conn, &script.up, failure));
    if trial.conn.is_autocommit() {
        // A constraint that rolls back on a conflict has ended the transaction, and all that was tried with it.
        trial.renew(earlier)?;
    } else {
        trial.conn.execute_batch("ROLLBACK TO probe; RELEASE probe")?;
        trial.leave(script.mode())?;
    }
    trial.watch.take_touched();
    let provoked = outcome.err().filter(|failure| failure.message().contains(message));
    Ok(provoked.map(|failure| {
        let rows = alike(&failure).unwrap_or_else(|| rows.join("; "));
        Provoked { failure, rows, like }
    }))
}

/// The duplicates that SQLite speaks of: `UNIQUE constraint failed: users.email`, or `index 'users_lower_email'`.
fn alike(failure: &Failure) -> Option<String> {
    let message = failure.message();
    let columns = message.strip_prefix("UNIQUE constraint failed: ")?;
    if let Some(index) = columns.strip_prefix("index '").and_then(|name| name.strip_suffix('\'')) {
        return Some(format!("two rows that are alike in all that `{index}` is over"));
    }
    Some(format!("two rows that have the same `{}`", columns.replace(", ", "` and `")))
}

/// Two rows that are alike in every column that may be so.
fn add_duplicate(trial: &mut Trial, name: &Ident, table: &Table) -> Option<String> {
    let unique = trial.catalog.unique_columns(name, table);
    let alike: Vec<Ident> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none() && !unique.contains(&column.name))
        .map(|column| column.name.clone())
        .collect();
    let added = !alike.is_empty() && trial.population.copy(&trial.conn, name, table, &alike);
    added.then(|| format!("two rows of `{name}` that are as like as they may be"))
}

/// A row with text where the type says number.
fn add_misfit(trial: &mut Trial, name: &Ident, table: &Table) -> Option<String> {
    if table.strict {
        return None;
    }
    let is_constrained = |column: &Ident| {
        table.constraints.iter().any(|Constraint { rule, .. }| match rule {
            Rule::PrimaryKey { terms, .. } | Rule::Unique(terms) => {
                terms.iter().any(|term| term.expression.column().as_ref() == Some(column))
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
    let added = trial.population.add(&trial.conn, name, table, &fixed);
    added.then(|| format!("a row of `{name}` with text in `{}`", column.name))
}
