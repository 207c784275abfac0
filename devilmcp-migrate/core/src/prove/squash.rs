//! One script that makes what many migrations make, and shown to make it.

use rusqlite::Connection;

use super::dump::{Dump, VIRTUAL, entries};
use super::literal::literal;
use super::trial::Trial;
use super::unprovable::Unprovable;
use super::{clock, pragmas};
use crate::generate::{content, has_rows, is_full_text};
use crate::run::run;
use crate::schema::Schema;
use crate::schema::name::quote;
use crate::script::Script;
use crate::source::SourceFile;
use crate::standing::Standing;

/// The text of a migration that stands for `scripts`, which have worked before.
///
/// They are run, and again as if it were another time; then the text is run, and what it makes is compared with what they have
/// made: every object, to the letter, and every row that they leave in a new database.
///
/// # Errors
/// It would not be certain that they are the same.
pub fn squash(scripts: &[Script]) -> Result<String, Unprovable> {
    pragmas::check(scripts)?;
    let made = applied(Trial::new()?, scripts)?;
    let exact = Dump::of(&made.conn)?;
    let then = Trial::new()?;
    clock::turn_back(&then.conn)?;
    if let Some(table) = exact.different_table(&Dump::of(&applied(then, scripts)?.conn)?) {
        return Err(Unprovable::Unsteady(table.to_owned()));
    }
    let script = Dump::script(&made.conn)?.sql;
    let again = Trial::new()?;
    // As it will be read, which changes line ends.
    let file = SourceFile::new("", script.clone());
    run(&again.conn, &again.watch, &file.text, Standing::Draft).map_err(|failure| failure.error)?;
    let is_same = Schema::read(&again.conn)? == Schema::read(&made.conn)? && Dump::script(&again.conn)?.sql == script;
    if !is_same {
        return Err(Unprovable::Different);
    }
    if Dump::of(&again.conn)?.sql != exact.sql {
        // Modules need not keep the same in the same way.
        let tables = entries(&made.conn)?.into_iter().filter_map(|entry| Some((entry.name, entry.sql?)));
        for (table, sql) in tables.filter(|(_, sql)| sql.starts_with(VIRTUAL)) {
            let shown = shown(&made.conn, &table, &sql)?;
            if shown.is_none() || shown != self::shown(&again.conn, &table, &sql)? {
                return Err(Unprovable::Virtual(table));
            }
        }
    }
    Ok(script)
}

fn applied(trial: Trial, scripts: &[Script]) -> Result<Trial, Unprovable> {
    scripts.iter().try_for_each(|script| trial.apply(script)).map_err(|failure| failure.error)?;
    Ok(trial)
}

/// What a virtual table shows of all that it keeps; none if nobody can tell whether that is all.
fn shown(conn: &Connection, table: &str, sql: &str) -> rusqlite::Result<Option<Vec<Vec<String>>>> {
    let name = quote(table);
    if is_full_text(sql) {
        // An index over rows that are the same is the same if it is whole.
        let check = format!("INSERT INTO {name} ({name}) VALUES ('integrity-check')");
        if conn.execute_batch(&check).is_err() {
            return Ok(None);
        }
    }
    let mut shown = rows(conn, &format!("SELECT rowid, * FROM main.{name} ORDER BY rowid"))?;
    let hides = !has_rows(sql) && content(sql).is_none();
    if hides && !shown.is_empty() {
        return Ok(None);
    }
    let settings = format!("SELECT * FROM main.{} ORDER BY 1", quote(&format!("{table}_config")));
    // Not every module has such a table.
    shown.extend(rows(conn, &settings).unwrap_or_default());
    Ok(Some(shown))
}

fn rows(conn: &Connection, query: &str) -> rusqlite::Result<Vec<Vec<String>>> {
    let mut statement = conn.prepare(query)?;
    let count = statement.column_count();
    let rows = statement.query_map([], |row| (0..count).map(|at| Ok(literal(row.get_ref(at)?))).collect())?;
    rows.collect()
}
