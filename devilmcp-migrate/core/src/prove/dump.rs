//! A database as the SQL that makes it again, rows included.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::literal::literal;
use super::unprovable::Unprovable;
use crate::declare::closed;
use crate::generate::{content, has_rows, is_full_text};
use crate::schema::name::{Ident, quote};
use crate::schema::shadow_tables;
use crate::token::significant;

/// The SQL, and where in it the rows are.
pub(super) struct Dump {
    pub(super) sql: String,
    /// The tables that have rows, each with where these begin.
    filled: Vec<(usize, String)>,
    form: Form,
}

/// For what it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// To be the same to the byte, whatever it takes.
    Exact,
    /// To be run as a migration: modules write the inner tables of virtual ones themselves.
    Script,
}

/// A row of `sqlite_schema`, without the page that it lies on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    kind: String,
    pub(super) name: String,
    table: String,
    /// None of an index that belongs to a constraint, and of an inner table, whose module writes it.
    pub(super) sql: Option<String>,
}

impl Dump {
    /// Of the whole database. Objects come as they stand in the schema, so none before what it belongs to; and the rows of a
    /// table before there is a trigger on it.
    pub(super) fn of(conn: &Connection) -> Result<Self, Unprovable> {
        Self::written(conn, Form::Exact)
    }

    /// The same as a script for a new database.
    pub(super) fn script(conn: &Connection) -> Result<Self, Unprovable> {
        Self::written(conn, Form::Script)
    }

    fn written(conn: &Connection, form: Form) -> Result<Self, Unprovable> {
        // FTS keeps to itself what has been added, until a savepoint asks for it.
        conn.execute_batch("SAVEPOINT dump; RELEASE dump")?;
        if conn.prepare("SELECT 1 FROM temp.sqlite_master")?.exists([])? {
            return Err(Unprovable::Temporary);
        }
        let mut dump = Self { sql: String::new(), filled: Vec::new(), form };
        let mut sequence = Sequences::None;
        let mut has_counters = false;
        for entry in &entries(conn)? {
            match &entry.sql {
                _ if entry.name == SEQUENCE => {
                    if sequence == Sequences::None && form == Form::Exact {
                        dump.sql.push_str(MAKE_SEQUENCE);
                    }
                    sequence = Sequences::Kept;
                }
                _ if entry.name.starts_with("sqlite_stat") => return Err(Unprovable::Statistics),
                None if entry.kind == "table" && form == Form::Exact => {
                    dump.sql = dump.sql + "DELETE FROM " + &quote(&entry.name) + ";\n";
                    dump.rows(conn, &entry.name)?;
                }
                None => {}
                Some(sql) => {
                    dump.statement(sql);
                    if sql.starts_with(VIRTUAL) && form == Form::Script {
                        dump.virtual_rows(conn, &entry.name, sql)?;
                    }
                    if entry.kind == "table" && !sql.starts_with(VIRTUAL) {
                        let is_counted = significant(sql).any(|token| token.is("AUTOINCREMENT"));
                        if sequence == Sequences::None && is_counted {
                            sequence = Sequences::Made;
                        }
                        has_counters |= is_counted;
                        dump.rows(conn, &entry.name)?;
                    }
                }
            }
        }
        if sequence == Sequences::Kept && dump.has_sequences(conn, has_counters)? {
            dump.sql.push_str("DELETE FROM sqlite_sequence;\n");
            dump.rows(conn, SEQUENCE)?;
        }
        dump.settings(conn)?;
        Ok(dump)
    }

    /// The table whose rows are not those of `other`, which the same migrations have made; none if they are the same.
    pub(super) fn different_table(&self, other: &Self) -> Option<&str> {
        if self.sql == other.sql {
            return None;
        }
        let at = self.sql.bytes().zip(other.sql.bytes()).take_while(|(byte, other)| byte == other).count();
        let table = self.filled.iter().rfind(|(start, _)| *start <= at);
        Some(table.map_or("", |(_, table)| table))
    }

    /// Whether there is any row.
    pub(super) fn has_rows(&self) -> bool {
        !self.filled.is_empty()
    }

    fn statement(&mut self, sql: &str) {
        match self.form {
            Form::Exact => self.sql = std::mem::take(&mut self.sql) + sql + ";\n",
            Form::Script => {
                let space = if self.sql.is_empty() { "" } else { "\n" };
                self.sql = std::mem::take(&mut self.sql) + space + &closed(sql) + ";\n";
            }
        }
    }

    /// Adds the rows that a virtual table keeps itself, or a word that it is to read those that it is an index over. Whether
    /// that is all has to be seen.
    fn virtual_rows(&mut self, conn: &Connection, table: &str, sql: &str) -> Result<(), Unprovable> {
        match content(sql) {
            Some(content) if self.filled.iter().any(|(_, table)| content == Ident::new(table.as_str())) => {
                let name = quote(table);
                self.sql =
                    std::mem::take(&mut self.sql) + "INSERT INTO " + &name + " (" + &name + ") VALUES ('rebuild');\n";
                Ok(())
            }
            None if is_full_text(sql) && has_rows(sql) => self.rows(conn, table),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the largest keys that there were have to be written down: those of rows are there by themselves. Once the last
    /// table that counts is dropped, SQLite keeps a place for them that a script need not make.
    fn has_sequences(&self, conn: &Connection, has_counters: bool) -> rusqlite::Result<bool> {
        let is_needed = self.form == Form::Exact || has_counters && !self.filled.is_empty();
        Ok(is_needed || conn.prepare("SELECT 1 FROM main.sqlite_sequence")?.exists([])?)
    }

    /// Adds the rows of a table, if there are any.
    fn rows(&mut self, conn: &Connection, table: &str) -> Result<(), Unprovable> {
        let Columns { names, key } = Columns::of(conn, table)?;
        let list = names.join(", ");
        let mut statement =
            conn.prepare(&format!("SELECT {list} FROM main.{} ORDER BY {}", quote(table), key.join(", ")))?;
        let mut rows = statement.query([])?;
        let mut is_first = true;
        while let Some(row) = rows.next()? {
            if is_first {
                self.filled.push((self.sql.len(), table.to_owned()));
                self.sql = std::mem::take(&mut self.sql) + "INSERT INTO " + &quote(table) + " (" + &list + ") VALUES";
            }
            self.sql.push_str(if is_first { "\n  (" } else { ",\n  (" });
            is_first = false;
            for at in 0..names.len() {
                self.sql.push_str(if at == 0 { "" } else { ", " });
                self.sql.push_str(&literal(row.get_ref(at)?));
            }
            self.sql.push(')');
        }
        self.sql.push_str(if is_first { "" } else { ";\n" });
        Ok(())
    }

    /// Adds what scripts may set, where it is set.
    fn settings(&mut self, conn: &Connection) -> Result<(), Unprovable> {
        for name in SETTINGS {
            let value: i64 = conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?;
            if value != 0 {
                self.sql = std::mem::take(&mut self.sql) + "PRAGMA " + name + " = " + &value.to_string() + ";\n";
            }
        }
        Ok(())
    }
}

/// Whether there is `sqlite_sequence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequences {
    None,
    /// A table that has been made needs it.
    Made,
    /// It stands in the schema.
    Kept,
}

/// What has to be asked of a table, and by what its rows are ordered, in double quotes.
struct Columns {
    names: Vec<String>,
    key: Vec<String>,
}

impl Columns {
    fn of(conn: &Connection, table: &str) -> Result<Self, Unprovable> {
        let columns = "SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0 ORDER BY cid";
        let mut names = names(conn, columns, table)?;
        let is_column = |alias: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(&quote(alias)));
        let Some(alias) = ["rowid", "_rowid_", "oid"].into_iter().find(|alias| !is_column(alias)) else {
            return Err(Unprovable::Rowid(table.to_owned()));
        };
        let Ok(statement) = conn.prepare(&format!("SELECT {alias} FROM main.{}", quote(table))) else {
            let key = "SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0 ORDER BY pk";
            return Ok(Self { names, key: self::names(conn, key, table)? });
        };
        // SQLite calls it as the column that it is.
        if statement.column_name(0)? == alias {
            names.insert(0, alias.to_owned());
        }
        Ok(Self { names, key: vec![alias.to_owned()] })
    }
}

fn names(conn: &Connection, query: &str, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(query)?;
    let names = statement.query_map([table], |row| Ok(quote(&row.get::<_, String>(0)?)))?;
    names.collect()
}

/// The schema of a database, in its order.
pub(super) fn entries(conn: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut statement = conn.prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY rowid")?;
    let entry = |row: &rusqlite::Row<'_>| {
        Ok(Entry { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
    };
    let mut entries = statement.query_map([], entry)?.collect::<rusqlite::Result<Vec<Entry>>>()?;
    let shadows = entries.iter().filter_map(|entry| Some(shadow_tables(&entry.name, entry.sql.as_deref()?)));
    let shadows: BTreeSet<Ident> = shadows.flatten().collect();
    for entry in entries.iter_mut().filter(|entry| entry.kind == "table") {
        if shadows.contains(&Ident::new(entry.name.as_str())) {
            entry.sql = None;
        }
    }
    Ok(entries)
}

/// What migrations may set, and what stays set after them; all of it is 0 at first.
pub(super) const SETTINGS: [&str; 4] =
    ["application_id", "defer_foreign_keys", "legacy_alter_table", "recursive_triggers"];
/// How SQLite begins the text of a virtual table.
pub(super) const VIRTUAL: &str = "CREATE VIRTUAL TABLE ";
const SEQUENCE: &str = "sqlite_sequence";
/// It cannot be made but by a table that needs it.
const MAKE_SEQUENCE: &str = "CREATE TABLE \"migrations.checkpoint\" (id INTEGER PRIMARY KEY AUTOINCREMENT);\nDROP TABLE \"migrations.checkpoint\";\n";
