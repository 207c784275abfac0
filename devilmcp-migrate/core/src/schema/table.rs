//! Tables: columns and constraints, wherever in the text they were written.

use std::collections::BTreeSet;
use std::fmt;

use super::cursor::{Cursor, split_at_commas};
use super::index::{Joined, Term};
use super::name::Ident;
use super::sql::Sql;
use crate::token::Token;

/// An ordinary table. `a INTEGER UNIQUE` and `a INTEGER, UNIQUE (a)` are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its keys, CHECKs and foreign keys.
    pub constraints: BTreeSet<Constraint>,
    /// `WITHOUT ROWID`
    pub without_rowid: bool,
    /// `STRICT`
    pub strict: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its declared type in capitals; empty if it has none.
    pub declared_type: String,
    /// Whether it is `NOT NULL`, with its conflict clause.
    pub not_null: Option<Sql>,
    /// `DEFAULT …`
    pub default: Option<Sql>,
    /// `COLLATE …`
    pub collation: Option<Ident>,
    /// `GENERATED ALWAYS AS (…)`
    pub generated: Option<Generated>,
}

/// How a generated column is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// From what.
    pub expression: Sql,
    /// Whether it is stored.
    pub stored: bool,
}

/// A constraint, with its name if it has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Constraint {
    /// What it demands.
    pub rule: Rule,
    /// `CONSTRAINT name`
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
        /// `ON DELETE …`, `ON UPDATE …`, `MATCH …`: what was written, sorted.
        actions: BTreeSet<Sql>,
        /// `DEFERRABLE INITIALLY DEFERRED`
        deferred: bool,
    },
}

impl Table {
    /// Reads what stands in `sqlite_schema`: `CREATE TABLE name (…) options`.
    pub(super) fn parse(tokens: &[Token<'_>]) -> Option<Self> {
        let mut cursor = Cursor::new(tokens);
        cursor.take(&["CREATE", "TABLE"]).then_some(())?;
        cursor.ident()?;
        let mut table = Self { columns: Vec::new(), constraints: BTreeSet::new(), without_rowid: false, strict: false };
        let items: Vec<Cursor<'_, '_>> =
            split_at_commas(cursor.parenthesized()?).into_iter().map(Cursor::new).collect();
        // A CHECK may name columns that come after it.
        let names: Vec<Ident> =
            items.iter().filter(|item| !is_constraint(item)).filter_map(|item| item.clone().ident()).collect();
        for mut item in items {
            let is_constraint = is_constraint(&item);
            if !is_constraint {
                let name = item.ident()?;
                let declared_type = item.declared_type()?;
                let column =
                    Column { name, declared_type, not_null: None, default: None, collation: None, generated: None };
                table.columns.push(column);
            }
            table.constraints(&mut item, !is_constraint, &names)?;
        }
        for option in split_at_commas(cursor.remainder()) {
            let mut option = Cursor::new(option);
            table.without_rowid |= option.take(&["WITHOUT", "ROWID"]);
            table.strict |= option.take(&["STRICT"]);
            option.is_at_end().then_some(())?;
        }
        Some(table)
    }

    /// Reads constraints until the item ends: of the last column, or of the table.
    fn constraints(&mut self, item: &mut Cursor<'_, '_>, of_column: bool, names: &[Ident]) -> Option<()> {
        let mut name = None;
        let mut found: Vec<Constraint> = Vec::new();
        while !item.is_at_end() {
            if item.take(&["CONSTRAINT"]) {
                name = Some(item.ident()?);
                continue;
            }
            if of_column && (item.sees(&["DEFERRABLE"]) || item.sees(&["NOT", "DEFERRABLE"])) {
                // May stand apart from the foreign key that it belongs to.
                let rules = found.iter_mut().rev().map(|constraint| &mut constraint.rule);
                defer(rules, deferred(item))?;
                continue;
            }
            let rule = match self.columns.last_mut().filter(|_| of_column) {
                Some(column) => column.take(item, names)?,
                None => Some(table_rule(item, names)?),
            };
            let name = name.take();
            if let Some(rule) = rule {
                let is_key = !matches!(rule, Rule::ForeignKey { .. });
                let conflict = if is_key { conflict(item)? } else { Sql::default() };
                let rule = autoincrement(rule, item);
                found.push(Constraint { rule, name, conflict });
            }
        }
        self.constraints.extend(found);
        Some(())
    }
}

impl Column {
    /// Reads one constraint that belongs to the column alone, or returns the rule that belongs to the table.
    #[expect(clippy::option_option, reason = "outside: not understood; inside: nothing for the table")]
    fn take(&mut self, item: &mut Cursor<'_, '_>, names: &[Ident]) -> Option<Option<Rule>> {
        let own = |descending| vec![Term { expression: Sql::name(&self.name), descending }];
        let rule = if item.take(&["PRIMARY", "KEY"]) {
            let descending = item.take(&["DESC"]);
            item.take(&["ASC"]);
            Rule::PrimaryKey { terms: own(descending), autoincrement: false }
        } else if item.take(&["UNIQUE"]) {
            Rule::Unique(own(false))
        } else if item.take(&["CHECK"]) {
            Rule::Check(item.expression(names)?)
        } else if item.sees(&["REFERENCES"]) {
            references(item, vec![self.name.clone()])?
        } else {
            self.take_own(item, names)?;
            return Some(None);
        };
        Some(Some(rule))
    }

    fn take_own(&mut self, item: &mut Cursor<'_, '_>, names: &[Ident]) -> Option<()> {
        if item.take(&["NOT", "NULL"]) {
            self.not_null = Some(conflict(item)?);
        } else if item.take(&["NULL"]) {
            conflict(item)?;
        } else if item.take(&["DEFAULT"]) {
            self.default = Some(item.default_value()?);
        } else if item.take(&["COLLATE"]) {
            self.collation = Some(item.ident()?);
        } else if item.take(&["GENERATED", "ALWAYS", "AS"]) || item.take(&["AS"]) {
            let expression = item.expression(names)?;
            let stored = item.take(&["STORED"]);
            item.take(&["VIRTUAL"]);
            self.generated = Some(Generated { expression, stored });
        } else {
            return None;
        }
        Some(())
    }
}

fn is_constraint(item: &Cursor<'_, '_>) -> bool {
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| item.sees(&[word]))
}

fn table_rule(item: &mut Cursor<'_, '_>, names: &[Ident]) -> Option<Rule> {
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

fn references(item: &mut Cursor<'_, '_>, columns: Vec<Ident>) -> Option<Rule> {
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
        // The default, written out.
        if !action.as_str().ends_with("no action") {
            actions.insert(action);
        }
    }
    Some(Rule::ForeignKey { columns, parent, parent_columns, actions, deferred: deferred(item) })
}

/// `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`: whether it is deferred.
fn deferred(item: &mut Cursor<'_, '_>) -> bool {
    let not = item.take(&["NOT", "DEFERRABLE"]);
    let stated = not || item.take(&["DEFERRABLE"]);
    let initially = stated && item.take(&["INITIALLY", "DEFERRED"]);
    let _ = stated && item.take(&["INITIALLY", "IMMEDIATE"]);
    initially && !not
}

/// Makes the nearest foreign key deferred, or not.
fn defer<'r>(mut rules: impl Iterator<Item = &'r mut Rule>, now: bool) -> Option<()> {
    rules.find_map(|rule| match rule {
        Rule::ForeignKey { deferred, .. } => {
            *deferred = now;
            Some(())
        }
        Rule::PrimaryKey { .. } | Rule::Unique(_) | Rule::Check(_) => None,
    })
}

/// `AUTOINCREMENT` of a column's key, which stands behind the conflict clause.
fn autoincrement(rule: Rule, item: &mut Cursor<'_, '_>) -> Rule {
    match rule {
        Rule::PrimaryKey { terms, autoincrement } => {
            let autoincrement = item.take(&["AUTOINCREMENT"]) || autoincrement;
            Rule::PrimaryKey { terms, autoincrement }
        }
        other => other,
    }
}

/// `ON CONFLICT …`; empty where there is none, or only the default.
fn conflict(item: &mut Cursor<'_, '_>) -> Option<Sql> {
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
