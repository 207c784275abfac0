//! What is wrong with one view, trigger or table, as SQLite itself will find when it is used.

use rusqlite::Connection;

use super::trial::Trial;
use super::{foreign_keys, meant};
use crate::rule::{self, Rule};
use crate::run::message;
use crate::schema::name::{Ident, bare, quote};
use crate::schema::{Key, Kind, is_internal};
use crate::token::{Token, significant};

/// Why an object cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A view or trigger: what SQLite says of it.
    Fails(String),
    /// A foreign key to a table that does not exist.
    NoParent(Ident),
    /// A foreign key to a view.
    ParentIsView(Ident),
    /// A foreign key to these columns, which are no key of the table; all of it if there are none.
    NoKey(Ident, Vec<Ident>),
    /// A foreign key of so many columns to a table whose primary key has these.
    OtherWidth(usize, Ident, Vec<Ident>),
}

impl Flaw {
    pub(super) fn rule(&self, key: &Key) -> &'static Rule {
        match self {
            Self::Fails(_) if key.kind == Kind::View => &rule::BROKEN_VIEW,
            Self::Fails(_) => &rule::BROKEN_TRIGGER,
            Self::NoParent(_) | Self::ParentIsView(_) => &rule::MISSING_PARENT,
            Self::NoKey(..) | Self::OtherWidth(..) => &rule::NOT_A_KEY,
        }
    }

    pub(super) fn title(&self, key: &Key) -> String {
        match self {
            Self::Fails(_) if key.kind == Kind::View => format!("{key} cannot be read"),
            Self::Fails(_) => format!("{key} fails whenever it fires"),
            Self::NoParent(_) => format!("a foreign key of {key} points at a table that does not exist"),
            Self::ParentIsView(_) => format!("a foreign key of {key} points at a view"),
            Self::NoKey(..) => format!("a foreign key of {key} points at what is no key"),
            Self::OtherWidth(..) => format!("a foreign key of {key} is not as wide as the key that it points at"),
        }
    }

    /// A few words to stand beside the place.
    pub(super) fn said(&self) -> String {
        match self {
            Self::Fails(message) => message.clone(),
            Self::NoParent(parent) => format!("there is no table `{parent}`"),
            Self::ParentIsView(parent) => format!("`{parent}` is a view, and has no key"),
            Self::NoKey(parent, columns) if columns.is_empty() => format!("table `{parent}` has no primary key"),
            Self::NoKey(parent, columns) => {
                format!("({}) is neither the primary key of `{parent}` nor UNIQUE there", listed(columns))
            }
            Self::OtherWidth(width, parent, key) => {
                let width = if *width == 1 { "one column".to_owned() } else { format!("{width} columns") };
                format!("{width} for the primary key ({}) of `{parent}`", listed(key))
            }
        }
    }

    /// What to do about it, where that is not what the rule says.
    pub(super) fn help(&self) -> Option<String> {
        let Self::OtherWidth(_, parent, key) = self else { return None };
        let columns: Vec<String> = key.iter().map(|column| bare(&format!("{parent}_{column}"))).collect();
        let key: Vec<String> = key.iter().map(|column| bare(column.as_str())).collect();
        Some(format!(
            "let it have a column for each of the key, as in `FOREIGN KEY ({}) REFERENCES {} ({})`, or point at a column that is UNIQUE by itself: where foreign keys are enforced, writing to either table fails; if it is meant, `-- migrate: allow(broken_reference) reason`",
            columns.join(", "),
            bare(parent.as_str()),
            key.join(", "),
        ))
    }

    /// What the name that stands for nothing in `sql`, which makes the object, was probably to be.
    pub(super) fn meant(&self, conn: &Connection, sql: &str) -> Option<String> {
        let missing = self.missing()?;
        match self {
            Self::Fails(message) if message.starts_with("no such table: ") => meant::table(conn, &missing),
            Self::Fails(message) if message.starts_with("no such column: ") => meant::column(conn, sql, &missing),
            Self::NoParent(_) => meant::table(conn, &missing),
            Self::Fails(_) | Self::ParentIsView(_) | Self::NoKey(..) | Self::OtherWidth(..) => None,
        }
    }

    /// The name that stands for nothing.
    pub(super) fn missing(&self) -> Option<Ident> {
        match self {
            Self::Fails(message) => {
                let (_, name) = message.strip_prefix("no such ")?.split_once(": ")?;
                name.rsplit('.').next().map(Ident::new)
            }
            Self::NoParent(parent)
            | Self::ParentIsView(parent)
            | Self::NoKey(parent, _)
            | Self::OtherWidth(_, parent, _) => Some(parent.clone()),
        }
    }
}

/// What is wrong with an object; nothing if it is not there.
pub(super) fn flaws(trial: &Trial, key: &Key) -> rusqlite::Result<Vec<Flaw>> {
    let Some((table, sql)) = trial.catalog.text(key) else { return Ok(Vec::new()) };
    Ok(match key.kind {
        Kind::Index => Vec::new(),
        Kind::Table => foreign_keys::flaws(trial, &key.name),
        Kind::View => of_its_own(sql, fails(&trial.conn, &reading(&key.name))),
        Kind::Trigger => {
            let Some(firing) = firing(&trial.conn, table, sql)? else { return Ok(Vec::new()) };
            match fails(&trial.conn, &firing) {
                Some(_) => of_its_own(sql, alone(trial, &key.name, &firing)?),
                None => Vec::new(),
            }
        }
    })
}

/// What an object fails with, if it is about a name in its own text that nobody but a migration could give a meaning: the
/// application may bring virtual tables that are there without being made, and SQLite makes its own tables when it needs them.
fn of_its_own(sql: &str, message: Option<String>) -> Vec<Flaw> {
    let Some(flaw) = message.map(Flaw::Fails) else { return Vec::new() };
    let Some(missing) = flaw.missing() else { return vec![flaw] };
    let tokens: Vec<Token<'_>> = significant(sql).collect();
    let places = || (0..tokens.len()).filter(|at| Ident::from_token(&tokens[*at]).as_ref() == Some(&missing));
    let is_table_function = |at: usize| {
        let is_called = tokens.get(at + 1).is_some_and(|next| next.is_operator("("));
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        is_called && before.is_some_and(|before| before.is("FROM") || before.is("JOIN") || before.is_operator(","))
    };
    let is_brought =
        is_internal(missing.as_str()) || missing == Ident::new("dbstat") || places().any(is_table_function);
    if is_brought || places().next().is_none() { Vec::new() } else { vec![flaw] }
}

fn listed(columns: &[Ident]) -> String {
    let columns: Vec<&str> = columns.iter().map(Ident::as_str).collect();
    columns.join(", ")
}

/// A statement that reads a view.
pub(super) fn reading(view: &Ident) -> String {
    format!("SELECT * FROM main.{} LIMIT 0", quote(view.as_str()))
}

/// A statement that shows what SQLite would do when a trigger fires; none if that cannot be told.
pub(super) fn firing(conn: &Connection, table: &Ident, sql: &str) -> rusqlite::Result<Option<String>> {
    let name = quote(table.as_str());
    // CREATE TRIGGER name: the name may be a word like the event's.
    let event = significant(sql).skip(3).find(|token| is_event(token));
    Ok(match event.map(|token| token.text.to_ascii_uppercase()).as_deref() {
        Some("INSERT") => Some(format!("EXPLAIN INSERT INTO main.{name} DEFAULT VALUES")),
        Some("DELETE") => Some(format!("EXPLAIN DELETE FROM main.{name}")),
        Some("UPDATE") => {
            let Ok(mut columns) = conn.prepare("SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0")
            else {
                return Ok(None);
            };
            let columns = columns.query_map([table.as_str()], |row| row.get::<_, String>(0))?;
            // Of a view that is broken itself, the columns cannot be told.
            let Ok(columns) = columns.collect::<rusqlite::Result<Vec<String>>>() else { return Ok(None) };
            let all: Vec<String> = columns.into_iter().map(|column| format!("{0} = {0}", quote(&column))).collect();
            (!all.is_empty()).then(|| format!("EXPLAIN UPDATE main.{name} SET {}", all.join(", ")))
        }
        _ => None,
    })
}

fn is_event(token: &Token<'_>) -> bool {
    ["INSERT", "UPDATE", "DELETE"].iter().any(|event| token.is(event))
}

/// What a statement fails with when no other trigger than this can fire: SQLite does not say which of them it is about.
fn alone(trial: &Trial, trigger: &Ident, firing: &str) -> rusqlite::Result<Option<String>> {
    let conn = &trial.conn;
    conn.execute_batch("SAVEPOINT alone")?;
    let others = trial.catalog.triggers().filter(|other| *other != trigger);
    let mut dropped = others.map(|other| format!("DROP TRIGGER main.{};", quote(other.as_str())));
    let found = dropped.try_for_each(|sql| conn.execute_batch(&sql)).map(|()| fails(conn, firing));
    conn.execute_batch("ROLLBACK TO alone; RELEASE alone")?;
    Ok(found.ok().flatten())
}

/// What preparing a statement fails with, if that is about a name. It is not for us to judge where an application brings
/// functions, collations or modules of its own.
fn fails(conn: &Connection, sql: &str) -> Option<String> {
    const ABOUT_NAMES: [&str; 8] = [
        "no such table: ",
        "no such column: ",
        "no such index: ",
        "ambiguous column name: ",
        "has no column named ",
        "is circularly defined",
        "do not have the same number of result columns",
        "values were supplied",
    ];
    // Never cached: after a change of the schema, that of an EXPLAIN would be stale.
    let message = message(&conn.prepare(sql).err()?);
    let is_about_names = ABOUT_NAMES.iter().any(|words| message.contains(words))
        || (message.starts_with("expected ") && message.contains(" columns for "));
    is_about_names.then(|| message.replace(": main.", ": "))
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Ident};

    #[test]
    fn a_proposed_foreign_key_can_be_typed() {
        let key = ["group", "no"].map(Ident::new).to_vec();
        let help = Flaw::OtherWidth(1, Ident::new("order"), key).help().unwrap();
        assert!(
            help.contains("`FOREIGN KEY (order_group, order_no) REFERENCES \"order\" (\"group\", \"no\")`"),
            "{help}"
        );
    }
}
