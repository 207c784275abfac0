//! Constraints: keys, CHECKs and foreign keys, of a column or of a table.

use std::collections::BTreeSet;
use std::fmt;

use super::cursor::Cursor;
use super::index::{Joined, Term};
use super::name::Ident;
use super::sql::Sql;

/// A constraint, with its name if that means anything to SQLite.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Constraint {
    /// What it demands.
    pub rule: Rule,
    /// `CONSTRAINT name`, of a CHECK.
    pub name: Option<Ident>,
    /// `ON CONFLICT …`
    pub conflict: Sql,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `PRIMARY KEY (…)`
    PrimaryKey {
        /// Over what.
        terms: Vec<Term>,
        /// `AUTOINCREMENT`
        autoincrement: bool,
    },
    /// `UNIQUE (…)`
    Unique(Vec<Term>),
    /// `CHECK (…)`
    Check(Sql),
    /// `FOREIGN KEY (…) REFERENCES …`
    ForeignKey {
        /// From these columns,
        columns: Vec<Ident>,
        /// to this table,
        parent: Ident,
        /// to these columns of it; its primary key if empty.
        parent_columns: Vec<Ident>,
        /// `ON DELETE …`, `ON UPDATE …`: what was written, sorted.
        actions: BTreeSet<Sql>,
        /// `DEFERRABLE INITIALLY DEFERRED`
        deferred: bool,
    },
}

pub(super) fn is_constraint(item: &Cursor<'_, '_>) -> bool {
    let Some(first) = item.peek() else { return false };
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| first.is(word))
}

pub(super) fn table_rule(item: &mut Cursor<'_, '_>, names: &[Ident]) -> Option<Rule> {
    if item.take(&["PRIMARY", "KEY"]) {
        let inner = item.parenthesized()?;
        let (inner, autoincrement) = match inner {
            [rest @ .., last] if last.is("AUTOINCREMENT") => (rest, true),
            all => (all, false),
        };
        Some(Rule::PrimaryKey { terms: Term::list(inner), autoincrement })
    } else if item.take(&["UNIQUE"]) {
        Some(Rule::Unique(Term::list(item.parenthesized()?)))
    } else if item.take(&["CHECK"]) {
        Some(Rule::Check(item.expression(names)?))
    } else if item.take(&["FOREIGN", "KEY"]) {
        let columns = item.names()?;
        references(item, columns)
    } else {
        None
    }
}

pub(super) fn references(item: &mut Cursor<'_, '_>, columns: Vec<Ident>) -> Option<Rule> {
    item.take(&["REFERENCES"]).then_some(())?;
    let parent = item.ident()?;
    let parent_columns = item.names().unwrap_or_default();
    let mut actions = BTreeSet::new();
    while item.sees(&["ON"]) || item.sees(&["MATCH"]) {
        let mut action = vec![item.next()?.clone(), item.next()?.clone()];
        if action[0].is("ON") {
            let two_words = item.sees(&["SET"]) || item.sees(&["NO"]);
            action.push(item.next()?.clone());
            if two_words {
                action.push(item.next()?.clone());
            }
        }
        let action = Sql::new(&action);
        // The default, written out; and MATCH is read, and has no effect: <https://sqlite.org/foreignkeys.html#unsupported>.
        if !action.as_str().ends_with("no action") && !action.as_str().starts_with("match") {
            actions.insert(action);
        }
    }
    Some(Rule::ForeignKey { columns, parent, parent_columns, actions, deferred: deferred(item) })
}

/// `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`: whether it is deferred.
pub(super) fn deferred(item: &mut Cursor<'_, '_>) -> bool {
    let not = item.take(&["NOT", "DEFERRABLE"]);
    let stated = not || item.take(&["DEFERRABLE"]);
    let initially = stated && item.take(&["INITIALLY", "DEFERRED"]);
    let _ = stated && item.take(&["INITIALLY", "IMMEDIATE"]);
    initially && !not
}

/// Makes the nearest foreign key deferred, or not.
pub(super) fn defer<'r>(mut rules: impl Iterator<Item = &'r mut Rule>, now: bool) -> Option<()> {
    rules.find_map(|rule| match rule {
        Rule::ForeignKey { deferred, .. } => {
            *deferred = now;
            Some(())
        }
        Rule::PrimaryKey { .. } | Rule::Unique(_) | Rule::Check(_) => None,
    })
}

/// `AUTOINCREMENT` of a column's key, which stands behind the conflict clause.
pub(super) fn autoincrement(rule: Rule, item: &mut Cursor<'_, '_>) -> Rule {
    match rule {
        Rule::PrimaryKey { terms, autoincrement } => {
            let autoincrement = item.take(&["AUTOINCREMENT"]) || autoincrement;
            Rule::PrimaryKey { terms, autoincrement }
        }
        other => other,
    }
}

/// `ON CONFLICT …`; empty where there is none, or only the default.
pub(super) fn conflict(item: &mut Cursor<'_, '_>) -> Option<Sql> {
    if !item.take(&["ON", "CONFLICT"]) {
        return Some(Sql::default());
    }
    let action = Sql::new(std::slice::from_ref(item.next()?));
    Some(if action.as_str() == "abort" { Sql::default() } else { action })
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, name, conflict } = self;
        name.iter().try_for_each(|name| write!(f, "CONSTRAINT {name} "))?;
        write!(f, "{rule}")?;
        if conflict == &Sql::default() { Ok(()) } else { write!(f, " ON CONFLICT {conflict}") }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrimaryKey { terms, autoincrement } => {
                write!(f, "PRIMARY KEY ({}){}", Joined(terms), if *autoincrement { " AUTOINCREMENT" } else { "" })
            }
            Self::Unique(terms) => write!(f, "UNIQUE ({})", Joined(terms)),
            Self::Check(expression) => write!(f, "CHECK ({expression})"),
            Self::ForeignKey { columns, parent, parent_columns, actions, deferred } => {
                write!(f, "FOREIGN KEY ({}) REFERENCES {parent}", Joined(columns))?;
                if !parent_columns.is_empty() {
                    write!(f, " ({})", Joined(parent_columns))?;
                }
                actions.iter().try_for_each(|action| write!(f, " {action}"))?;
                f.write_str(if *deferred { " DEFERRABLE INITIALLY DEFERRED" } else { "" })
            }
        }
    }
}
