//! `sqlite_schema` -> [`Schema`].

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::index::Index;
use super::name::Ident;
use super::sql::Sql;
use super::table::{Rule, Table};
use super::{Key, Kind, Object, Schema};
use crate::text;
use crate::token::{Token, significant};

/// What the names of our own tables begin with.
pub const HISTORY_PREFIX: &str = "_devilmcp_migrations";

impl Schema {
    /// Reads the structure of the main database.
    ///
    /// # Errors
    /// SQLite's, if it cannot read the schema.
    pub fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let columns = ["type", "name", "sql"].map(text::column).join(", ");
        let mut statement = conn.prepare(&format!("SELECT {columns} FROM main.sqlite_master WHERE sql IS NOT NULL"))?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((text::read(row, 0)?, text::read(row, 1)?, text::read(row, 2)?));
        }
        Ok(Self::from_rows(found.iter().map(|(kind, name, sql)| (kind.as_str(), name.as_str(), sql.as_str()))))
    }

    /// Whether every name and text in the main database's schema is text: SQLite takes any bytes that are not zero.
    ///
    /// # Errors
    /// SQLite's, if it cannot read the schema.
    pub fn is_text(conn: &Connection) -> rusqlite::Result<bool> {
        let columns = ["name", "tbl_name", "sql"].map(text::column).join(", ");
        let mut statement = conn.prepare(&format!("SELECT {columns} FROM main.sqlite_master"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for at in 0..3 {
                if text::read(row, at).is_err_and(|error| text::is_not_utf8(&error)) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Takes in rows of `sqlite_schema`: type, name, text.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        Self::from_objects(rows.into_iter().filter_map(|(kind, name, sql)| {
            let kind = Kind::from_type(kind)?;
            Some((Key { kind, name: Ident::new(name) }, sql, object(kind, sql)))
        }))
    }

    /// Takes in objects, each with its text.
    pub(crate) fn from_objects<'a>(objects: impl Iterator<Item = (Key, &'a str, Object)>) -> Self {
        let mut schema = Self::default();
        let mut shadows = Vec::new();
        for (key, sql, object) in objects.filter(|(key, ..)| !is_internal(key.name.as_str())) {
            shadows.extend(shadow_tables(key.name.as_str(), sql));
            schema.0.insert(key, object);
        }
        for name in shadows {
            schema.0.remove(&Key { kind: Kind::Table, name });
        }
        schema.resolve_parents(|_| None);
        schema
    }

    /// `REFERENCES t` means the primary key of `t`; this writes it out. Where `t` is not in this schema, `elsewhere` may know
    /// its key.
    pub(crate) fn resolve_parents(&mut self, elsewhere: impl Fn(&Ident) -> Option<Vec<Ident>>) {
        if !self.tables().any(|(_, table)| table.leaves_keys_unsaid()) {
            return;
        }
        let keys: BTreeMap<Ident, Option<Vec<Ident>>> =
            self.tables().map(|(name, table)| (name.clone(), table.key())).collect();
        let key = |parent: &Ident| match keys.get(parent) {
            Some(key) => key.clone(),
            None => elsewhere(parent),
        };
        for object in self.0.values_mut() {
            let Object::Table(table) = object else { continue };
            table.resolve_parents(key);
        }
    }

    /// The ordinary tables.
    pub fn tables(&self) -> impl Iterator<Item = (&Ident, &Table)> {
        self.0.iter().filter_map(|(key, object)| match object {
            Object::Table(table) => Some((&key.name, table)),
            Object::Index(_) | Object::Other(_) => None,
        })
    }
}

impl Table {
    /// `REFERENCES t` means the primary key of `t`; this writes it out.
    pub(crate) fn resolve_parents(&mut self, key: impl Fn(&Ident) -> Option<Vec<Ident>>) {
        self.constraints = std::mem::take(&mut self.constraints)
            .into_iter()
            .map(|mut constraint| {
                if let Rule::ForeignKey { parent, parent_columns, .. } = &mut constraint.rule
                    && parent_columns.is_empty()
                {
                    *parent_columns = key(parent).unwrap_or_default();
                }
                constraint
            })
            .collect();
    }

    /// The tables that its foreign keys point at.
    pub(crate) fn parents(&self) -> impl Iterator<Item = &Ident> {
        self.constraints.iter().filter_map(|constraint| match &constraint.rule {
            Rule::ForeignKey { parent, .. } => Some(parent),
            Rule::PrimaryKey { .. } | Rule::Unique(_) | Rule::Check(_) => None,
        })
    }

    /// Whether a foreign key does not say to which columns it points.
    pub(crate) fn leaves_keys_unsaid(&self) -> bool {
        self.constraints.iter().any(
            |constraint| matches!(&constraint.rule, Rule::ForeignKey { parent_columns, .. } if parent_columns.is_empty()),
        )
    }

    /// The columns of the primary key.
    pub fn key(&self) -> Option<Vec<Ident>> {
        self.constraints.iter().find_map(|constraint| match &constraint.rule {
            Rule::PrimaryKey { terms, .. } => terms.iter().map(|term| term.expression.column()).collect(),
            Rule::Unique(_) | Rule::Check(_) | Rule::ForeignKey { .. } => None,
        })
    }
}

/// One object of a database, from its text.
pub fn object(kind: Kind, sql: &str) -> Object {
    // Every object is read so, by a macro that is compiled without optimisation: see `token`.
    let mut tokens: Vec<Token<'_>> = Vec::with_capacity(sql.len() / 4);
    for token in significant(sql) {
        tokens.push(token);
    }
    let understood = match kind {
        Kind::Table => Table::parse(&tokens).map(Object::Table),
        Kind::Index => Index::parse(&tokens).map(Object::Index),
        Kind::View | Kind::Trigger => None,
    };
    understood.unwrap_or_else(|| Object::Other(Sql::new(&tokens)))
}

/// SQLite's own tables, ours, and those that Litestream makes in every database that it replicates.
pub(crate) fn is_internal(name: &str) -> bool {
    let begins = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    begins("sqlite_") || begins(HISTORY_PREFIX) || begins("_litestream_")
}

/// The tables in which a virtual table keeps its data. Their columns are the module's affair.
pub(crate) fn shadow_tables(name: &str, sql: &str) -> Vec<Ident> {
    // As SQLite begins the text of any other table.
    if sql.as_bytes().starts_with(b"CREATE TABLE ") {
        return Vec::new();
    }
    let mut tokens = significant(sql);
    let mut keywords = ["CREATE", "VIRTUAL", "TABLE"].iter();
    if !keywords.all(|keyword| tokens.next().is_some_and(|token| token.is(keyword))) {
        return Vec::new();
    }
    let module = tokens.skip_while(|token| !token.is("USING")).nth(1).and_then(|token| Ident::from_token(&token));
    let module = module.map(|module| module.as_str().to_ascii_lowercase());
    let suffixes: &[&str] = match module.as_deref() {
        Some("fts5") => &["data", "idx", "content", "docsize", "config"],
        Some("fts3" | "fts4") => &["content", "segments", "segdir", "docsize", "stat"],
        Some("rtree" | "rtree_i32" | "geopoly") => &["node", "rowid", "parent"],
        _ => &[],
    };
    suffixes.iter().map(|suffix| Ident::new(format!("{name}_{suffix}"))).collect()
}
