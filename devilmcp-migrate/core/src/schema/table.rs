//! Tables: columns and constraints, wherever in the text they were written.

use std::collections::BTreeSet;
use std::ops::Range;

use super::constraint::{autoincrement, conflict, defer, deferred, is_constraint, references, table_rule};
use super::cursor::{Cursor, split_at_commas};
use super::index::Term;
use super::name::Ident;
use super::sql::Sql;
use crate::token::{Kind, Token, significant};

pub use super::constraint::{Constraint, Rule};

/// An ordinary table. `a INTEGER UNIQUE` and `a INTEGER, UNIQUE (a)` are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Generated {
    /// From what.
    pub expression: Sql,
    /// Whether it is stored.
    pub stored: bool,
}

/// Where in the text of a table each of its columns is defined.
pub(crate) fn definitions(sql: &str) -> Vec<(Ident, Range<usize>)> {
    let tokens: Vec<Token<'_>> = significant(sql).collect();
    let definition = |item: &[Token<'_>]| {
        let (first, last) = (item.first()?, item.last()?);
        let name = if is_constraint(&Cursor::new(item)) { None } else { Ident::from_token(first) };
        Some((name?, first.start..last.range().end))
    };
    items(&tokens).into_iter().filter_map(definition).collect()
}

/// The definitions of columns and constraints in the text of a table.
pub(super) fn items<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let open = tokens.iter().position(|token| token.is_operator("(")).unwrap_or(tokens.len());
    Cursor::new(&tokens[open..]).parenthesized().map(split_at_commas).unwrap_or_default()
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
        // A CHECK may name columns that come after it; whether it does is asked only of what stands in quotes.
        let names: Vec<Ident> = if tokens.iter().any(|token| token.kind == Kind::Quoted) {
            items.iter().filter(|item| !is_constraint(item)).filter_map(|item| item.clone().ident()).collect()
        } else {
            Vec::new()
        };
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
                // SQLite says the name of a broken CHECK, and drops one by its name; those of others it reads and forgets.
                let name = name.filter(|_| matches!(rule, Rule::Check(_)));
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
